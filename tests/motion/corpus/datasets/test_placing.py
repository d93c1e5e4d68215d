"""Names and moments of labelled gestures."""

from __future__ import annotations

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.datasets.placing import named, placed
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS


def arms(**peaks: float) -> Clip:
    """Three seconds in which arms go up to a number of degrees at 2 s and down again."""
    turns = np.tile(NEUTRAL_ROTATIONS, (90, 1, 1)).astype(np.float64)
    bump = np.maximum(0.0, 1.0 - np.abs(np.arange(90) / 30.0 - 2.0))
    for joint, degrees in peaks.items():
        z = np.array([0.0, 0.0, 1.0 if joint.startswith("left") else -1.0])
        lift = rot.from_axis_angle(np.broadcast_to(z, (90, 3)), np.radians(degrees) * bump)
        turns[:, INDEX[joint]] = rot.multiply(lift, turns[:, INDEX[joint]])
    return Clip(30.0, turns.astype(np.float32), np.zeros((90, 3), np.float32), np.zeros((90, 2, 6), np.float32))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("HAND_WAVE", "wave"),
        ("shrug", "shrug"),
        ("HEAD_SHAKE", "no"),
        ("EYE_'TELESCOPE'", "eye telescope"),
        ("ARM_FLEX", "arm flex"),
        ("--", ""),
    ],
)
def test_names_become_the_lexicons_or_stay_text(text: str, label: str) -> None:
    assert named(text) == label


def test_the_stroke_ends_at_the_apex_and_one_hand_is_told() -> None:
    left = placed("wave", arms(leftUpperArm=90.0), 0.5, 2.9)
    assert (left.label, left.side) == ("wave", 1.0)
    assert (left.start_s, left.stroke_s, left.end_s) == pytest.approx((0.5, 2.0, 2.9), abs=0.02)
    assert placed("wave", arms(rightUpperArm=90.0), 0.0, 3.0).side == -1.0
    assert placed("wave", arms(leftUpperArm=60.0, rightUpperArm=60.0), 0.0, 3.0).side == 0.0


def test_what_hands_take_no_part_in_has_its_stroke_in_the_middle() -> None:
    nod = placed("nod", arms(), 1.0, 2.0)
    assert (nod.label, nod.stroke_s, nod.side) == ("yes", pytest.approx(1.5, abs=0.02), 0.0)


@pytest.mark.parametrize(("text", "start_s"), [("", 0.0), ("wave", 3.0)])
def test_no_name_or_no_motion_is_a_fault(text: str, start_s: float) -> None:
    with pytest.raises(ValueError, match="no name, or no motion"):
        placed(text, arms(), start_s, 5.0)
