"""An arm points when it is straight, its index finger is out, and the finger is in line with it."""

from __future__ import annotations

import math

import pytest

from motion.embodiment.retarget.pointing import aimed
from motion.procedural.controls import HAND_SHAPES

FORWARD = (1.0, 0.0, 0.0)


def towards(degrees: float) -> tuple[float, float, float]:
    return (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)), 0.0)


def test_a_straight_arm_with_its_index_finger_out_points_along_itself() -> None:
    way, points = aimed(FORWARD, FORWARD, FORWARD, HAND_SHAPES["point"])
    assert points == 1.0 and way == pytest.approx(FORWARD)


@pytest.mark.parametrize("shape", ["relaxed", "flat", "fist", "five", "thumb"])
def test_no_other_hand_points(shape: str) -> None:
    assert aimed(FORWARD, FORWARD, FORWARD, HAND_SHAPES[shape])[1] == 0.0


def test_a_bent_arm_or_a_finger_across_points_at_nothing() -> None:
    assert aimed(towards(-45), towards(45), FORWARD, HAND_SHAPES["point"])[1] == 0.0
    assert aimed(FORWARD, FORWARD, towards(40), HAND_SHAPES["point"])[1] == 0.0
    assert 0.0 < aimed(FORWARD, FORWARD, towards(28), HAND_SHAPES["point"])[1] < 1.0


def test_the_direction_leads_from_the_shoulder_to_the_fingertip() -> None:
    way, _ = aimed(towards(-10), towards(14), towards(0), HAND_SHAPES["point"])
    assert math.degrees(math.atan2(way[1], way[0])) == pytest.approx(1.0, abs=1.5)
    folded, points = aimed(FORWARD, (-1.0, 0.0, 0.0), (0.0, 0.0, 1.0), HAND_SHAPES["point"])
    assert points == 0.0 and math.hypot(*folded) == pytest.approx(1.0)
