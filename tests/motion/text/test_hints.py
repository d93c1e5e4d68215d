"""Hints: which hand, which way, how fast and how big a text says."""

from __future__ import annotations

import pytest

from motion.text.hints import FAST_TEMPO, LARGE_AMPLITUDE, MODEST_AMPLITUDE, NO_HINTS, SLOW_TEMPO, hints_of
from motion.text.matcher import hints_for


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("wave with your left hand", 1.0),
        ("wave with the left", 0.0),
        ("raise your right arm", -1.0),
        ("left-handed wave", 1.0),
        ("use your right open palm", -1.0),
        ("the left hand and the right hand", 0.0),
        ("point to the left", 0.0),
        ("wave", 0.0),
        ("you are right", 0.0),
    ],
)
def test_which_hand(text: str, side: float) -> None:
    assert hints_of(text).side == side


@pytest.mark.parametrize(
    ("text", "yaw_sign"),
    [("point to your right", -1), ("point to the left", 1), ("point leftwards", 1), ("on the right side", -1)],
)
def test_which_way(text: str, yaw_sign: int) -> None:
    direction = hints_of(text).direction_rad
    assert direction is not None and direction[0] * yaw_sign > 0.5
    assert direction[1] == 0.0


def test_up_ahead_and_no_way_at_all() -> None:
    assert hints_of("point straight ahead").direction_rad == (0.0, 0.0)
    above = hints_of("point at the ceiling").direction_rad
    assert above is not None and above[1] > 0.3
    below = hints_of("point to the left at the floor").direction_rad
    assert below is not None and below[0] > 0.5 and below[1] < -0.3
    assert hints_of("point with your left hand").direction_rad is None, "a hand is no direction"
    assert hints_of("wave with your left hand to the right").direction_rad is not None


def test_both_hands_speed_and_size() -> None:
    assert hints_of("wave with both hands").both_hands and hints_of("use both your arms").both_hands
    assert not hints_of("point to both sides").both_hands
    assert hints_of("nod slowly").tempo == SLOW_TEMPO and hints_of("quickly nod").tempo == FAST_TEMPO
    assert hints_of("a big wave").amplitude == LARGE_AMPLITUDE
    assert hints_of("bow slightly").amplitude == MODEST_AMPLITUDE
    assert hints_of("the weather is fine") == hints_of("") == NO_HINTS


def test_the_size_of_a_thing_is_not_the_size_of_the_gesture() -> None:
    assert hints_for("big", "show how large it is").amplitude == 1.0
    assert hints_for("wave", "a large wave").amplitude == LARGE_AMPLITUDE


def test_a_slow_nod_is_not_slowed_twice() -> None:
    assert hints_for("nod_slow", "nod slowly").tempo == 1.0
    assert hints_for("wave", "wave slowly").tempo == SLOW_TEMPO
