"""The limiter lets no impossible joint and no jump through, whatever comes in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import limits
from motion import rotations as rot
from motion.clip import Pose, rest_rotations
from motion.procedural import controls, solver
from motion.skeleton import INDEX


def random_pose(seed: int) -> Pose:
    rng = np.random.default_rng(seed)
    q = rng.normal(size=(22, 4)).astype(np.float32) * 3
    return Pose(q, rng.normal(size=3).astype(np.float32), rng.normal(size=(2, 6)).astype(np.float32))


def test_rest_and_standing_pass_unchanged() -> None:
    for pose in (Pose(), solver.solve(controls.neutral())):
        out = limits.JointLimiter().apply(pose, 0.02)
        assert np.max(rot.angle_between(out.rotations.astype(float), pose.rotations.astype(float))) < 1e-3


@given(st.lists(st.tuples(st.integers(0, 1000), st.floats(0.0, 0.1)), min_size=2, max_size=12))
@settings(max_examples=30, deadline=None)
def test_any_stream_comes_out_unit_finite_in_range_and_within_speed(steps: list[tuple[int, float]]) -> None:
    limiter = limits.JointLimiter()
    last = None
    for seed, dt_s in steps:
        out = limiter.apply(random_pose(seed), dt_s)
        q = out.rotations.astype(np.float64)
        assert np.isfinite(q).all() and np.allclose(np.linalg.norm(q, axis=-1), 1.0, atol=1e-5)
        assert np.all(np.abs(out.hips_m) <= limits.HIPS_RANGE_M + 1e-6)
        assert np.all((out.hands >= 0) & (out.hands <= 1))
        if last is not None:
            assert np.all(rot.angle_between(last, q) <= limits.SPEED_RAD_S * dt_s + 2e-3)
        assert np.max(limits.excess_rad(q)) < 2e-3
        last = q


def test_a_long_stream_of_random_poses_stays_in_range_at_every_frame() -> None:
    limiter = limits.JointLimiter()
    worst = max(
        np.max(limits.excess_rad(limiter.apply(random_pose(seed), 1 / 30).rotations.astype(np.float64)))
        for seed in range(3000)
    )
    assert worst < 2e-3
    assert limiter.slowed > 2900


def test_a_slowed_joint_goes_on_to_where_it_is_wanted() -> None:
    limiter = limits.JointLimiter()
    limiter.apply(Pose(rotations=rest_rotations()), 1 / 30)
    q = rest_rotations()
    q[INDEX["leftUpperArm"]] = rot.exp(np.array([0.0, -1.2, 0.8]))
    ways = [limiter.apply(Pose(rotations=q), 1 / 30).rotations[INDEX["leftUpperArm"]] for _ in range(6)]
    left = [float(rot.angle_between(way.astype(float), q[INDEX["leftUpperArm"]].astype(float))) for way in ways]
    assert left[0] > left[1] > 0.01
    assert left[-1] < 1e-3


def test_a_first_pose_out_of_range_is_brought_into_range() -> None:
    for seed in range(50):
        out = limits.JointLimiter().apply(random_pose(seed), 0.02)
        assert np.max(limits.excess_rad(out.rotations.astype(np.float64))) < 1e-3


def test_an_elbow_does_not_bend_backwards_on_either_side() -> None:
    for name, sign in (("leftLowerArm", 1.0), ("rightLowerArm", -1.0)):
        q = rest_rotations()
        q[INDEX[name]] = rot.exp(np.array([0.0, sign * 1.0, 0.0]))
        out = limits.JointLimiter().apply(Pose(rotations=q), 0.02)
        assert rot.log(out.rotations[INDEX[name]].astype(float))[1] * sign == pytest.approx(np.radians(5), abs=1e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_repeats_the_last_good_pose(bad: float) -> None:
    limiter = limits.JointLimiter()
    good = limiter.apply(solver.solve(controls.neutral()), 0.02)
    q = good.rotations.copy()
    q[5, 2] = bad
    out = limiter.apply(Pose(q, good.hips_m, good.hands), 0.02)
    assert np.array_equal(out.rotations, good.rotations)
    assert limiter.repaired == 1
    assert np.isfinite(limits.JointLimiter().apply(Pose(q, good.hips_m, good.hands), 0.02).rotations).all()
