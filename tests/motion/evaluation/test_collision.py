"""Capsule distances against a search over both segments, and poses that collide or only touch."""

import numpy as np
import pytest
from scipy.optimize import minimize

from motion import rotations as rot
from motion.clip import rest_rotations
from motion.evaluation.collision import CAPSULES, PAIRS, clearances, segment_distance, self_collision_rate
from motion.skeleton import INDEX, MIRROR, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS

NAMES = [capsule.name for capsule in CAPSULES]


def searched(p0: np.ndarray, p1: np.ndarray, q0: np.ndarray, q1: np.ndarray) -> float:
    def gap(x: np.ndarray) -> float:
        return float(np.sum((p0 + x[0] * (p1 - p0) - q0 - x[1] * (q1 - q0)) ** 2))

    starts = ((0.5, 0.5), (0, 0), (1, 1), (0, 1), (1, 0))
    return min(minimize(gap, start, bounds=((0, 1), (0, 1)), tol=1e-14).fun for start in starts) ** 0.5


def test_distances_agree_with_a_search_in_every_configuration() -> None:
    rng = np.random.default_rng(0)
    ends = rng.normal(size=(60, 4, 3))
    ends[10:20, 3] = ends[10:20, 2] + (ends[10:20, 1] - ends[10:20, 0]) * 0.7  # parallel
    ends[20:25, 1] = ends[20:25, 0]  # a point
    ends[25:30, 3] = ends[25:30, 2]
    ends[30:32, 1], ends[30:32, 3] = ends[30:32, 0], ends[30:32, 2]
    got = segment_distance(*np.moveaxis(ends, 1, 0))
    assert got.shape == (60,)
    for row in range(60):
        assert got[row] == pytest.approx(searched(*ends[row]), abs=2e-5)


def test_crossing_and_collinear_segments_by_hand() -> None:
    x, y, z = np.eye(3)
    assert segment_distance(-x, x, -y, y) == pytest.approx(0.0)
    assert segment_distance(-x, x, -y + 2 * z, y + 2 * z) == pytest.approx(2.0)
    assert segment_distance(0 * x, x, 3 * x, 5 * x) == pytest.approx(2.0)
    assert segment_distance(0 * x, 2 * x, 1.5 * x, 5 * x) == pytest.approx(0.0)


def test_t_pose_and_standing_at_ease_are_free() -> None:
    poses = np.stack([rest_rotations(), NEUTRAL_ROTATIONS])
    gaps = clearances(poses, np.array([[0.0, 0.0, 0.0], NEUTRAL_HIPS_M]))
    assert gaps.shape == (2, len(PAIRS)) and gaps.min() > 0.0
    assert self_collision_rate(poses, np.zeros((2, 3))) == 0.0


def bent_left_arm(shoulder_yaw: float, elbow: float) -> np.ndarray:
    q = rest_rotations()
    q[INDEX["leftUpperArm"]] = rot.multiply(
        rot.exp(np.array([0.0, shoulder_yaw, 0.0])), rot.exp(np.array([0.0, 0.0, -1.2]))
    )
    q[INDEX["leftLowerArm"]] = rot.exp(np.array([0.0, -elbow, 0.0]))
    return q


def test_a_hand_in_the_chest_collides_and_one_before_it_does_not() -> None:
    through = rest_rotations()
    # The upper arm hangs and the forearm lies across, through the trunk.
    through[INDEX["leftUpperArm"]] = rot.exp(np.array([0.0, 0.0, -1.45]))
    through[INDEX["leftLowerArm"]] = rot.exp(np.array([0.0, 0.0, -1.6]))
    before = through.copy()
    before[INDEX["leftUpperArm"]] = rot.multiply(rot.exp(np.array([-0.9, 0.0, 0.0])), through[INDEX["leftUpperArm"]])
    gaps = clearances(np.stack([through, before]), np.zeros((2, 3)))
    worst = PAIRS[int(gaps[0].argmin())]
    assert gaps[0].min() < -0.05 and {NAMES[row] for row in worst} & {"leftHand", "leftForearm"}
    assert gaps[1].min() > 0.0
    assert self_collision_rate(np.stack([through, before]), np.zeros((2, 3))) == 0.5
    assert self_collision_rate(through[None], np.zeros((1, 3)), tolerance_m=0.5) == 0.0


def test_crossed_legs_collide() -> None:
    q = rest_rotations()
    q[INDEX["leftUpperLeg"]] = rot.exp(np.array([0.0, 0.0, -0.35]))
    assert self_collision_rate(q[None], np.zeros((1, 3))) == 1.0


def test_a_mirrored_pose_has_the_same_clearance() -> None:
    rng = np.random.default_rng(1)
    q = rot.exp(rng.normal(0, 0.5, (20, 22, 3)))
    mirrored = q[:, list(MIRROR)] * np.array([1.0, -1.0, -1.0, 1.0])
    a, b = clearances(q, np.zeros((20, 3))), clearances(mirrored, np.zeros((20, 3)))
    assert np.allclose(a.min(axis=1), b.min(axis=1))


def test_parts_that_share_a_joint_are_never_compared() -> None:
    pairs = {frozenset((NAMES[i], NAMES[j])) for i, j in PAIRS}
    assert frozenset(("leftForearm", "leftHand")) not in pairs
    assert frozenset(("leftUpperArm", "leftTorso")) not in pairs
    assert {
        frozenset(("leftHand", "rightHand")),
        frozenset(("leftHand", "head")),
        frozenset(("leftShin", "rightShin")),
    } <= pairs


def test_bad_input_is_refused() -> None:
    q = np.repeat(rest_rotations()[None], 3, axis=0)
    q[1, 0, 0] = np.nan
    with pytest.raises(ValueError, match="rotations is not finite in 1 of 3 rows"):
        clearances(q, np.zeros((3, 3)))
    with pytest.raises(ValueError, match="hips_m has shape"):
        clearances(rest_rotations()[None], np.zeros((2, 3)))
