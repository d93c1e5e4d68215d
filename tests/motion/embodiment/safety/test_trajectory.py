"""Whatever is asked for, what is commanded keeps every limit of every joint; and what can be followed is followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motion.embodiment.description import BodyDescription, Joint

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment.safety.trajectory import Trajectory

JOINTS = (
    Joint("neck", -0.7, 0.5, 3.0, 20.0, 400.0),
    Joint("shoulder", -1.0, 1.0, 5.0, 40.0, 800.0),
    Joint("elbow", 0.0, 2.2, 6.0, 50.0, 1_000.0, rest_rad=0.4),
    Joint("wrist", -0.05, 0.05, 8.0, 90.0, 2_000.0),  # a range shorter than a stop from full speed
)
BODY = BodyDescription("test", JOINTS, rate_hz=50.0, parts=frozenset({"head", "arms"}))
LOW, HIGH = BODY.vector("low_rad"), BODY.vector("high_rad")


def held(positions: np.ndarray, velocities: np.ndarray, accelerations: np.ndarray) -> None:
    assert (positions >= LOW - 1e-9).all() and (positions <= HIGH + 1e-9).all()
    assert (abs(velocities) <= BODY.vector("velocity_rad_s") + 1e-6).all()
    assert (abs(accelerations) <= BODY.vector("acceleration_rad_s2") + 1e-6).all()
    # What a motor sees is the positions: their differences are means of velocity and acceleration.
    steps = np.diff(positions, axis=0) * BODY.rate_hz
    assert (abs(steps) <= BODY.vector("velocity_rad_s") + 1e-6).all()
    assert (abs(np.diff(steps, axis=0) * BODY.rate_hz) <= BODY.vector("acceleration_rad_s2") * (1 + 1e-6)).all()
    jerks = np.diff(accelerations, axis=0) * BODY.rate_hz
    assert (abs(jerks) <= BODY.vector("jerk_rad_s3") * (1 + 1e-6)).all()


def driven(targets, speeds, paces=None):
    way = Trajectory(BODY, BODY.vector("rest_rad"))
    rows = []
    for number, (target, speed) in enumerate(zip(targets, speeds, strict=True)):
        way.step(target, speed, 1.0 if paces is None else paces[number])
        rows.append((way.position_rad, way.velocity_rad_s, way.acceleration_rad_s2))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_adversarial_targets_break_no_limit(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 2_000
    targets = random.uniform(-4, 4, (count, 4)) * random.choice([0.1, 1.0, 10.0], (count, 1))
    hold = random.random(count) < 0.5
    for row in np.flatnonzero(hold)[1:]:
        targets[row] = targets[row - 1]
    speeds = random.uniform(-20, 20, (count, 4))
    held(*driven(targets, speeds))


def test_a_pace_that_falls_and_rises_breaks_no_limit_either_and_is_kept_once_slowed_down() -> None:
    random = np.random.default_rng(5)
    targets = np.repeat(random.uniform(LOW, HIGH, (100, 4)), 10, axis=0)
    paces = np.repeat(random.choice([0.0, 0.2, 1.0], 50), 20)
    positions, velocities, accelerations = driven(targets, np.zeros_like(targets), paces)
    held(positions, velocities, accelerations)
    slow = np.flatnonzero((paces == 0.2) & np.concatenate([[False] * 15, paces[:-15] == 0.2]))
    assert len(slow) > 20
    assert (abs(velocities[slow]) <= 0.2 * BODY.vector("velocity_rad_s") + 1e-6).all()


def test_a_target_that_moves_as_people_do_is_followed_within_a_degree_in_the_same_tick() -> None:
    t_s = np.arange(500) / BODY.rate_hz
    middle, size = (LOW + HIGH) / 2, (HIGH - LOW) / 2 * 0.6
    phase = 2 * np.pi * 0.5 * t_s[:, None]
    positions, *_ = driven(middle + size * np.sin(phase), size * np.pi * np.cos(phase))
    error = positions[100:] - (middle + size * np.sin(phase))[100:]
    assert np.degrees(abs(error)).mean() < 1.0


def test_a_plan_that_cannot_be_computed_is_a_step_of_braking_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    import ruckig

    way = Trajectory(BODY, BODY.vector("rest_rad"))
    rows = []
    for _ in range(12):
        way.step(HIGH, np.zeros(len(JOINTS)))
    assert (abs(way.velocity_rad_s[:3]) > 1.0).all()
    speed = abs(way.velocity_rad_s).sum()

    class Broken:
        def calculate(self, *_: object) -> None:
            raise ruckig.RuckigError("no digits left")

    monkeypatch.setattr(way, "_generator", Broken())
    for _ in range(60):
        way.step(HIGH, np.zeros(len(JOINTS)))
        rows.append((way.position_rad, way.velocity_rad_s, way.acceleration_rad_s2))
    assert way.unplanned == 119, "each step and each braking but the first, which was known from the step before"
    held(*(np.array(column) for column in zip(*rows, strict=True)))
    assert abs(way.velocity_rad_s).sum() < 0.02 * speed


def test_a_brake_right_after_a_look_at_the_way_to_a_standstill_is_one_step_of_it() -> None:
    way, other = Trajectory(BODY, BODY.vector("rest_rad")), Trajectory(BODY, BODY.vector("rest_rad"))
    for one in (way, other):
        for _ in range(10):
            one.step(HIGH, np.zeros(len(JOINTS)))
    assert len(list(way.stopping_path())) > 1
    assert way.brake() == pytest.approx(other.brake(), abs=1e-12)


def test_a_body_that_is_outside_of_its_range_is_led_back_without_a_jump() -> None:
    outside = np.where(np.arange(len(JOINTS)) % 2, HIGH + 0.3, LOW - 0.3)
    way = Trajectory(BODY, outside)
    positions, velocities = [way.position_rad], [way.velocity_rad_s]
    for _ in range(150):
        way.step((LOW + HIGH) / 2, np.zeros(len(JOINTS)))
        positions.append(way.position_rad)
        velocities.append(way.velocity_rad_s)
    steps = np.diff(positions, axis=0) / BODY.period_s
    assert positions[0] == pytest.approx(outside)
    assert (abs(steps) <= 1.001 * BODY.vector("velocity_rad_s")).all()
    change = abs(np.diff(velocities, axis=0)) / BODY.period_s
    assert (change <= 1.001 * BODY.vector("acceleration_rad_s2")).all()
    assert positions[-1] == pytest.approx((LOW + HIGH) / 2, abs=1e-3)


@pytest.mark.parametrize("together", [False, True])
def test_a_joint_whose_range_is_all_on_one_side_of_zero_gets_where_it_should(together: bool) -> None:
    knees = (
        Joint("left_knee", 0.2, 1.8, 5.0, 40.0, 800.0, rest_rad=1.0),
        Joint("right_knee", -1.8, -0.2, 5.0, 40.0, 800.0, rest_rad=-1.0),
    )
    bent = replace(BODY, joints=knees)
    way = Trajectory(bent, np.array([1.2, -1.0]))
    for _ in range(100):
        way.step(np.array([0.3, -1.7]), np.zeros(2), 0.25, together=together)
    assert way.stands and way.position_rad == pytest.approx([0.3, -1.7], abs=1e-6)


def test_joints_do_not_wait_for_each_other() -> None:
    random = np.random.default_rng(3)
    targets, speeds = random.uniform(1.2 * LOW, 1.2 * HIGH, (1_000, 4)), random.uniform(-9, 9, (1_000, 4))
    paces = np.repeat(random.choice([0.3, 1.0], 50), 20)
    together, _, _ = driven(targets, speeds, paces)
    for joint in range(len(JOINTS)):
        way = Trajectory(replace(BODY, joints=JOINTS[joint : joint + 1]), BODY.vector("rest_rad")[[joint]])
        alone = [way.step(targets[row, [joint]], speeds[row, [joint]], paces[row])[0] for row in range(len(targets))]
        assert together[:, joint].tolist() == alone


@pytest.mark.parametrize("start", [[np.nan] * 4, [0.0] * 3])
def test_it_does_not_begin_where_nobody_knows_where_the_body_is(start: list) -> None:
    with pytest.raises(ValueError, match="4 measured positions must be finite numbers"):
        Trajectory(BODY, np.array(start))
