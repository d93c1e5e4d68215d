"""A place is led to nought in a straight line, within its speed and acceleration, and stands where it must not move."""

from __future__ import annotations

import numpy as np
import pytest

from motion.embodiment.bodies.lead_in import LeadIn

PLACE, SPEED, ACCELERATION, PERIOD_S = (-0.021, 0.001, -0.044), 0.04, 0.4, 0.02


def led(paces: list[float]) -> tuple[LeadIn, np.ndarray]:
    lead = LeadIn(PLACE, SPEED, ACCELERATION, PERIOD_S)
    return lead, np.array([PLACE, *(lead.step(pace) for pace in paces)])


def test_it_begins_where_it_is_and_arrives_within_its_limits() -> None:
    lead, way = led([1.0] * 100)
    assert lead.arrived and way[-1] == pytest.approx((0.0, 0.0, 0.0), abs=0.0)
    speeds = np.linalg.norm(np.diff(way, axis=0), axis=1) / PERIOD_S
    assert speeds.max() <= SPEED * (1 + 1e-9) and speeds.max() > 0.9 * SPEED
    assert abs(np.diff(speeds, prepend=0.0)).max() <= ACCELERATION * PERIOD_S * (1 + 1e-6)
    assert np.linalg.norm(np.cross(way, PLACE), axis=1).max() < 1e-12, "in a straight line"


def test_at_no_pace_it_slows_down_and_stands() -> None:
    lead, way = led([1.0] * 20 + [0.0] * 30)
    speeds = np.linalg.norm(np.diff(way, axis=0), axis=1) / PERIOD_S
    assert not lead.arrived and speeds[19] > 0.5 * SPEED and speeds[-20:].max() == 0.0
    assert abs(np.diff(speeds)).max() <= ACCELERATION * PERIOD_S * (1 + 1e-6)


def test_a_place_that_is_right_has_arrived() -> None:
    assert LeadIn((0.0, 0.0, 0.0), SPEED, ACCELERATION, PERIOD_S).arrived
