"""Steering the talk: stop, calm down, reject, wait, go on, and the shapes of arguments. Data only; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition, Shake
from motion.procedural.head import Swing

A = c.ArmShape

# The times of one gesture stand in one line.
# fmt: off
TALK: Final[tuple[Definition, ...]] = (
    # The palm pushed at arm's length, nothing moves after.
    Definition(
        "stop",
        ("halt", "freeze"),
        "one",
        A((0.10, -0.28, 0.42), palm=(-0.2, -0.4, 1.0), hand="soft", follow=0.2),
        A((0.06, -0.07, 0.77), palm=(0.0, 0.0, 1.0), fingers=(0, 1, 0.05), hand="flat", follow=0.2),
        prepare_s=0.36, stroke_s=0.24, hold_s=0.85, retract_s=0.68,
        trunk=c.body(head_deg=(2, 0, 0), spine_deg=(-3, 4, 0), shoulders_deg=(0, 0, 2, 7)),
    ),
    Definition(
        "calm_down",
        ("calm", "slow_down", "easy", "relax", "quiet"),
        "both",
        A((0.06, -0.28, 0.56), palm=(0.0, -1.0, 0.4), hand="soft", follow=0.4, swivel_deg=10),
        A((0.08, -0.48, 0.56), palm=(0.0, -1.0, 0.25), fingers=(-0.1, 0.3, 1), hand="flat", follow=0.4, swivel_deg=10),
        stroke_s=0.42, hold_s=1.2,
        shake=Shake({1: 0.075, c.FLEX: -0.16}, 0.95),
        trunk=c.body(head_deg=(4, 0, 2), spine_deg=(2.5, 0, 0)),
    ),
    # Both palms swept apart from crossed wrists, with a shake of the head.
    Definition(
        "reject",
        ("refuse", "no_way", "push_away", "decline", "dismiss"),
        "both",
        A((-0.26, -0.34, 0.50), palm=(-0.2, -0.7, 0.8), hand="soft", follow=0.4, swivel_deg=10),
        A((0.36, -0.38, 0.56), palm=(0.1, -0.55, 1.0), fingers=(0.2, 0.7, 0.8), hand="flat", follow=0.4, swivel_deg=10),
        stroke_s=0.26, hold_s=0.45,
        trunk=c.body(head_deg=(1, 6, 0), spine_deg=(-5, 2, 0), hips_m=(0, 0, -0.015)),
        swing=Swing(1, 10.0, 1.8),
    ),
    # The raised index finger beside the face, tilted a little to and fro; the trunk draws back. Low and still is `count_1`.
    Definition(
        "one_moment",
        ("wait", "hold_on", "wait_finger", "just_a_moment", "just_a_second", "hang_on"),
        "one",
        A((0.20, -0.28, 0.42), palm=(-0.7, 0.0, 0.6), hand="loose_fist", follow=0.3),
        A((0.20, 0.16, 0.42), palm=(-0.65, 0.0, 0.75), fingers=(0.0, 1.0, 0.0), hand="point", follow=0.3),
        prepare_s=0.30, stroke_s=0.26, hold_s=1.0, retract_s=0.6,
        shake=Shake({2: 0.055, c.FLEX: 0.20}, 1.5),
        trunk=c.body(head_deg=(7, -3, -6), spine_deg=(-4, -2, 0), shoulders_deg=(0, 0, 5, 0)),
    ),
    # Elbows at the sides, palms turned up and shown: "that is all there is".
    Definition(
        "open_palms",
        ("palms_up", "show_palms", "openly", "honestly"),
        "both",
        A((-0.02, -0.56, 0.46), palm=(-0.6, 0.6, -0.4), hand="relaxed", follow=0.5),
        A((0.18, -0.44, 0.70), palm=(-0.1, 1.0, 0.3), fingers=(0.15, -0.15, 1.0), hand="open", follow=0.5),
        other=A((0.14, -0.50, 0.66), palm=(-0.1, 1.0, 0.3), fingers=(0.2, -0.15, 1.0), hand="open", follow=0.5),
        prepare_s=0.36, stroke_s=0.34, hold_s=0.7,
        lag_s=0.05,
        trunk=c.body(head_deg=(3, 0, -2), spine_deg=(5, 0, 0), shoulders_deg=(-1, 3, -1, 3)),
    ),
    # The edge of the hand comes down on each word.
    Definition(
        "emphasise_chop",
        ("chop", "emphasise", "emphasize", "stress", "underline"),
        "one",
        A((0.06, -0.06, 0.46), palm=(-1.0, 0.0, 0.0), fingers=(0, 0.9, 0.6), hand="flat", follow=0.4),
        A((0.04, -0.38, 0.62), palm=(-1.0, 0.0, 0.0), fingers=(0, 0.15, 1.0), hand="flat", follow=0.4),
        prepare_s=0.36, stroke_s=0.18, hold_s=1.0, retract_s=0.6,
        shake=Shake({1: 0.13, 2: -0.03, c.DEVIATION: 0.22}, 2.2),
        trunk=c.body(head_deg=(4, 0, 0), spine_deg=(5, 0, 0), shoulders_deg=(0, 0, 2, 2)),
        swing=Swing(0, 3.0, 2.2),
    ),
    # The forearm circles forwards: "go on", "and so forth".
    Definition(
        "roll_on",
        ("continue", "go_on", "keep_going", "and_so_on", "carry_on", "etcetera"),
        "one",
        A((0.14, -0.40, 0.50), palm=(-0.9, 0.0, -0.3), hand="soft", follow=0.3),
        A((0.16, -0.26, 0.58), palm=(-0.9, 0.1, -0.2), fingers=(-0.3, 0.3, 0.9), hand="relaxed", follow=0.3),
        prepare_s=0.40, stroke_s=0.24, hold_s=1.5, retract_s=0.65,
        shake=Shake({1: 0.12, 2: 0.11, c.FLEX: 0.22}, 1.25, quarter_later=frozenset({2})),
        trunk=c.body(head_deg=(2, -2, 4), spine_deg=(2, 0, 0)),
    ),
    # Both hands hold the idea as if it were a ball, and weigh it once.
    Definition(
        "explain_container",
        ("container", "idea", "concept", "explain"),
        "both",
        A((0.00, -0.58, 0.48), palm=(-0.8, 0.6, 0.0), hand="soft", follow=0.7),
        A((-0.10, -0.30, 0.56), palm=(-1.0, 0.25, -0.1), fingers=(0.0, 0.35, 1.0), hand="cup", follow=0.7,
          swivel_deg=12),
        other=A((-0.10, -0.35, 0.55), palm=(-1.0, 0.35, -0.1), fingers=(0.0, 0.25, 1.0), hand="cup", follow=0.7,
                swivel_deg=6),
        prepare_s=0.40, stroke_s=0.34, hold_s=1.1, retract_s=0.65,
        shake=Shake({1: 0.045, 2: 0.02}, 0.9),
        trunk=c.body(head_deg=(6, 0, 2), spine_deg=(3, 0, 0), shoulders_deg=(2, 2, 2, 2)),
    ),
    # First one hand, then the other, then both weigh against each other.
    Definition(
        "compare_sides",
        ("compare", "on_the_one_hand", "weigh", "versus", "contrast"),
        "both",
        A((0.08, -0.62, 0.44), palm=(-0.4, 0.9, -0.1), hand="relaxed", follow=0.5),
        A((0.34, -0.36, 0.60), palm=(0.0, 1.0, 0.0), fingers=(0.25, 0.0, 1.0), hand="cup", follow=0.5),
        prepare_s=0.36, stroke_s=0.32, hold_s=1.9, retract_s=0.65,
        lag_s=0.62,
        shake=Shake({1: 0.11, c.FLEX: 0.10}, 0.75, both_in_phase=False),
        trunk=c.body(head_deg=(4, -6, 3), spine_deg=(2, -2, 0)),
        swing=Swing(2, 5.0, 0.75),
    ),
)
# fmt: on
