"""What must hold whatever arrives: watchdog, emergency stop, a person near, targets that are none, clocks that jump."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment.safety.filter import (
    APART_M,
    APART_MOVING_S,
    FRESH_S,
    SLOW_FROM_M,
    STILL_AT_M,
    SafetyFilter,
    at_limit,
)
from tests.motion.embodiment.safety.test_trajectory import BODY, HIGH, LOW, held

TICK_S = BODY.period_s


class Driven:
    """A filter that is stepped at the body's rate; what it sent is kept."""

    def __init__(self, clearance_m: Callable[[np.ndarray], float] | None = None) -> None:
        self.filter = SafetyFilter(BODY, BODY.vector("rest_rad"), clearance_m)
        self.now_s = 0.0
        self.sent: list = []
        self.rows: list = []

    def run(self, seconds: float, target=None) -> Driven:
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            if target is not None:
                self.filter.target(target(self.now_s) if callable(target) else target, self.now_s)
            self.sent.append(self.filter.step(self.now_s))
            way = self.filter._way
            self.rows.append((way.position_rad, way.velocity_rad_s, way.acceleration_rad_s2))
        return self

    def within_limits(self) -> None:
        held(*(np.array(column) for column in zip(*self.rows, strict=True)))


def waving(now_s: float) -> np.ndarray:
    return (LOW + HIGH) / 2 + (HIGH - LOW) / 2 * 0.8 * np.sin(2 * np.pi * 0.8 * now_s)


@pytest.fixture
def driven() -> Driven:
    return Driven()


def test_it_starts_slowly_and_then_follows(driven: Driven) -> None:
    driven.run(0.1, waving)
    assert (abs(driven.sent[-1].velocity_rad_s) <= 0.35 * BODY.vector("velocity_rad_s")).all()
    driven.run(3.0, lambda now_s: waving(0.4 * now_s))
    assert driven.sent[-1].state == "follows"
    assert np.degrees(abs(driven.sent[-1].position_rad - waving(0.4 * driven.now_s))).mean() < 2.0
    driven.within_limits()


def test_a_target_that_comes_right_after_a_stop_is_gone_to_as_slowly_as_at_the_start(driven: Driven) -> None:
    driven.run(3.0, LOW)
    driven.filter.forget_target()
    driven.run(0.1, HIGH)
    assert (abs(driven.sent[-1].velocity_rad_s) <= 0.35 * BODY.vector("velocity_rad_s")).all()
    driven.within_limits()


def test_without_fresh_targets_it_stands_soon_and_then_goes_to_rest(driven: Driven) -> None:
    driven.run(2.0, waving).run(FRESH_S + 0.05)
    assert driven.sent[-1].state == "stops", "within 250 ms of the last target"
    driven.run(6.0)
    assert driven.sent[-1].state == "rests"
    assert driven.sent[-1].position_rad == pytest.approx(BODY.vector("rest_rad"), abs=1e-3)
    driven.within_limits()


def test_an_emergency_stop_brakes_with_the_next_tick_holds_and_resumes_nothing(driven: Driven) -> None:
    driven.run(2.0, waving)
    before = driven.sent[-1]
    driven.filter.emergency_stop()
    assert not driven.filter.release(), "not while it moves"
    driven.run(TICK_S, waving)
    assert driven.sent[-1].state == "stopped"
    fast = abs(before.velocity_rad_s) > 0.5
    driven.run(1.0, waving)
    assert fast.any() and (abs(driven.sent[-1].velocity_rad_s) < 1e-3).all()
    at = driven.sent[-1].position_rad
    driven.run(2.0, waving)
    assert driven.sent[-1].position_rad == pytest.approx(at)
    assert driven.filter.release()
    driven.run(TICK_S)
    assert driven.sent[-1].state == "rests", "what was wanted before the stop is not resumed"
    driven.run(1.0, waving)
    assert driven.sent[-1].state == "follows"
    driven.within_limits()


def test_near_a_person_it_is_slower_and_at_last_it_stands(driven: Driven) -> None:
    driven.run(2.0, waving)
    driven.filter.person_at((SLOW_FROM_M + STILL_AT_M) / 2)
    driven.run(0.5, waving).run(1.0, waving)
    assert driven.sent[-1].state == "slowed"
    recent = np.array([abs(one.velocity_rad_s) for one in driven.sent[-40:]])
    assert (recent <= 0.5 * BODY.vector("velocity_rad_s") + 1e-6).all()
    driven.filter.person_at(float("nan"))
    driven.run(1.0, waving)
    assert (abs(driven.sent[-1].velocity_rad_s) < 1e-3).all(), "no number counts as touching"
    driven.filter.person_at(float("inf"))
    driven.run(2.0, waving)
    assert driven.sent[-1].state == "follows"
    driven.within_limits()


@pytest.mark.parametrize(
    "bad", [[np.nan] * 4, [np.inf, 0, 0, 0], [0.0] * 3, [[0.0] * 4]], ids=["nan", "inf", "few", "shape"]
)
def test_a_target_that_is_none_is_refused_and_counted(driven: Driven, bad: list) -> None:
    driven.run(1.0, waving)
    assert not driven.filter.target(np.array(bad), driven.now_s)
    driven.run(TICK_S)
    assert driven.sent[-1].refused == 1
    driven.within_limits()


def test_a_clock_that_jumps_is_no_command_to_jump(driven: Driven) -> None:
    driven.run(1.0, waving)
    driven.now_s -= 100.0
    driven.run(0.5)
    assert driven.sent[-1].state in ("stops", "rests"), "a target from the future is not fresh"
    driven.now_s += 1e6
    driven.run(2.0, waving)
    assert driven.sent[-1].state == "follows"
    driven.within_limits()


def test_which_joints_are_at_a_limit_is_said(driven: Driven) -> None:
    driven.run(3.0, HIGH + 1.0)
    assert at_limit(BODY, driven.sent[-1]).all()


def test_before_something_in_its_way_it_stops_apart_from_it_and_goes_on_when_the_way_is_free() -> None:
    wall_rad = 0.3  # as if each radian of the neck were a metre on the way to a wall
    driven = Driven(lambda pose: wall_rad - float(pose[0]))
    driven.run(3.0, HIGH)
    least = min(wall_rad - one.position_rad[0] for one in driven.sent)
    assert APART_M <= least < APART_M + 0.03, "not nearer, and not from afar"
    assert driven.filter.touches_avoided > 0
    driven.run(2.0, LOW)
    assert driven.sent[-1].position_rad == pytest.approx(LOW, abs=1e-3)
    driven.within_limits()


def test_after_fast_motion_it_keeps_the_distance_of_its_speed_for_a_moment_since_motors_lag() -> None:
    wall_rad = 0.3
    driven = Driven(lambda pose: wall_rad - float(pose[0]))

    def swinging(now_s: float) -> np.ndarray:
        return np.array([0.2 + 0.05 * now_s, 0.0, 1.1 + 0.35 * np.sin(2 * np.pi * 2.5 * now_s), 0.0])

    driven.run(4.0, swinging)
    apart = np.array([wall_rad - one.position_rad[0] for one in driven.sent])
    fastest = np.array([abs(one.velocity_rad_s).max() for one in driven.sent])
    assert fastest.max() > 4.0 and driven.filter.touches_avoided
    assert (apart[5:] >= APART_M + 0.6 * APART_MOVING_S * fastest[:-5]).all(), "still so a tenth of a second later"
    driven.within_limits()
