"""Head and trunk alone: nods, shakes, tilt, looking away, leaning in and back. Data only; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition
from motion.procedural.head import Swing

# The times of one gesture stand in one line.
# fmt: off
HEAD_AND_TRUNK: Final[tuple[Definition, ...]] = (
    Definition(
        "yes",
        ("nod", "agree", "affirm", "ok", "okay", "head_nod"),
        "none",
        prepare_s=0.12, stroke_s=0.22, hold_s=0.75, retract_s=0.35,
        swing=Swing(0, 7.5, 1.75),
        trunk=c.body(head_deg=(2.5, 0, 0)),
    ),
    # One long dip, down and slowly up: "I see".
    Definition(
        "nod_slow",
        ("slow_nod", "understand", "understood", "i_see", "i_understand"),
        "none",
        prepare_s=0.20, stroke_s=0.40, hold_s=0.80, retract_s=0.70,
        swing=Swing(0, 11.0, 0.62),
        trunk=c.body(head_deg=(3, 0, -2), spine_deg=(3, 0, 0)),
    ),
    # Big and quick, and the trunk goes with it.
    Definition(
        "nod_emphatic",
        ("emphatic_nod", "absolutely", "definitely", "exactly", "of_course"),
        "none",
        prepare_s=0.12, stroke_s=0.20, hold_s=1.0, retract_s=0.45,
        swing=Swing(0, 14.5, 2.1),
        trunk=c.body(head_deg=(5, 0, 0), spine_deg=(8, 0, 0), hips_deg=(3, 0, 0), shoulders_deg=(2, 0, 2, 0)),
    ),
    Definition(
        "no",
        ("shake_head", "disagree", "deny", "head_shake"),
        "none",
        prepare_s=0.14, stroke_s=0.22, hold_s=0.9, retract_s=0.4,
        swing=Swing(1, 12.0, 1.7),
        trunk=c.body(head_deg=(2.5, 0, 0)),
    ),
    # Head low and to the side, wide and tired: "what a pity", "I can't believe it".
    Definition(
        "shake_slow",
        ("slow_shake", "disbelief", "what_a_pity", "too_bad", "unbelievable"),
        "none",
        prepare_s=0.24, stroke_s=0.44, hold_s=1.2, retract_s=0.75,
        swing=Swing(1, 17.0, 0.72),
        trunk=c.body(head_deg=(11, 0, 4), spine_deg=(5, 0, 0), shoulders_deg=(-2, 3, -2, 3)),
    ),
    Definition(
        "tilt",
        ("head_tilt", "tilt_head", "curious"),
        "none",
        prepare_s=0.18, stroke_s=0.34, hold_s=0.8, retract_s=0.55,
        lateral=True,
        trunk=c.body(head_deg=(1, -2, 14), spine_deg=(0, 0, 2)),
    ),
    Definition(
        "look_away",
        ("turn_away", "avert_gaze", "look_aside", "glance_away"),
        "none",
        prepare_s=0.14, stroke_s=0.40, hold_s=1.0, retract_s=0.65,
        lateral=True,
        trunk=c.body(head_deg=(4, -38, -3), spine_deg=(-1, -9, 1), shoulders_deg=(0, 0, 0, -3)),
    ),
    Definition(
        "listen_in",
        ("lean_in", "listening", "tell_me_more", "lean_forward"),
        "none",
        prepare_s=0.16, stroke_s=0.55, hold_s=1.2, retract_s=0.8,
        lateral=True,
        trunk=c.body(head_deg=(-10, -12, 9), spine_deg=(15, -4, 0), hips_deg=(6, 0, 0), hips_m=(0, -0.005, 0.02)),
    ),
    Definition(
        "lean_back",
        ("step_back", "withdraw", "recoil"),
        "none",
        prepare_s=0.14, stroke_s=0.5, hold_s=0.9, retract_s=0.8,
        trunk=c.body(head_deg=(7, 0, 0), spine_deg=(-12, 0, 0), hips_deg=(-4, 0, 0), hips_m=(0, -0.004, -0.04)),
    ),
)
# fmt: on
