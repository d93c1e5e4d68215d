"""Pointing and giving: point, this, that, you, me, both, offer. Data only; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition, Shake
from motion.procedural.head import Swing

A = c.ArmShape

# The times of one gesture stand in one line.
# fmt: off
POINTING: Final[tuple[Definition, ...]] = (
    # The arm almost straight, index finger out, held still; the blade and the spine go along.
    Definition(
        "point",
        ("point_at", "point_to", "there", "indicate"),
        "one",
        A((0.12, -0.30, 0.42), palm=(-0.8, -0.6, 0.0), hand="loose_fist", follow=0.0),
        A((0.30, 0.0, 0.90), palm=(-0.5, -0.9, 0.0), hand="point", follow=0.0),
        prepare_s=0.36, stroke_s=0.30, hold_s=0.85, retract_s=0.7,
        directed=True, aims=True,
        trunk=c.body(head_deg=(0, -4, 0), spine_deg=(2, 2, 0), shoulders_deg=(0, 0, 2, 6)),
    ),
    # Near and low: elbow bent, the finger taps down at it, and the head looks there.
    Definition(
        "this",
        ("here", "this_one", "look_here", "this_here"),
        "one",
        A((0.10, -0.34, 0.44), palm=(-0.3, -0.9, 0.2), hand="point", follow=0.3, swivel_deg=14),
        A((0.12, -0.58, 0.54), palm=(-0.3, -1.0, -0.1), fingers=(-0.05, -0.75, 0.7), hand="point", follow=0.3,
          swivel_deg=14),
        stroke_s=0.24, hold_s=0.75,
        directed=True,
        shake=Shake({1: 0.075, c.FLEX: -0.14}, 2.0),
        trunk=c.body(head_deg=(13, -5, 2), spine_deg=(5, 0, 0)),
    ),
    # Far away: the open hand, thumb up, swings out and up to it and bounces there twice.
    Definition(
        "that",
        ("over_there", "that_one"),
        "one",
        A((-0.06, -0.24, 0.48), palm=(-1.0, 0.0, -0.2), hand="soft", follow=0.1),
        A((0.60, 0.10, 0.56), palm=(-0.75, 0.1, 0.55), fingers=(0.7, 0.25, 0.65), hand="flat", follow=0.1),
        prepare_s=0.36, stroke_s=0.36, hold_s=0.85, retract_s=0.7,
        directed=True,
        shake=Shake({0: 0.05, 1: 0.06, 2: 0.05, c.FLEX: -0.16}, 1.6),
        arc=(0.02, 0.04, 0.12),
        trunk=c.body(head_deg=(-4, -11, 3), spine_deg=(-1, -4, -1), shoulders_deg=(0, 0, 4, -2)),
    ),
    # The palm turned up and put forward to the other, arm long; quick, with a nod of the head.
    Definition(
        "you",
        ("your_turn", "to_you", "up_to_you"),
        "one",
        A((0.02, -0.40, 0.40), palm=(-0.5, 0.6, -0.5), hand="relaxed", follow=0.2),
        A((0.02, -0.27, 0.80), palm=(-0.30, 1.0, 0.0), fingers=(-0.05, -0.05, 1.0), hand="flat", follow=0.2),
        prepare_s=0.36, stroke_s=0.28, hold_s=0.45, retract_s=0.7,
        directed=True,
        arc=(0.03, 0.0, -0.04),
        trunk=c.body(head_deg=(5, 0, -2), spine_deg=(4, 3, 0), shoulders_deg=(0, 0, 0, 5)),
    ),
    # Fingers bunched on the breastbone, elbow up; taps twice. Chin up, not bowed as with `hand_on_heart`.
    Definition(
        "me",
        ("myself", "i", "self", "my", "about_me"),
        "one",
        A((-0.12, -0.24, 0.56), palm=(-0.3, -0.2, -1.0), hand="point", swivel_deg=26, follow=0.9),
        A((-0.20, -0.16, 0.36), palm=(-0.2, -0.5, -0.9), fingers=(-0.8, -0.15, -0.6), hand="point", swivel_deg=30,
          follow=1.0),
        prepare_s=0.34, stroke_s=0.22, hold_s=0.65, retract_s=0.6,
        arc=(0.05, 0.0, 0.14),
        shake=Shake({2: 0.075, c.FLEX: -0.16}, 2.2),
        trunk=c.body(head_deg=(-4, 1, -3), spine_deg=(-4, 1, 0), shoulders_deg=(0, -2, 4, 2)),
    ),
    # Index fingers of both hands mark one place each.
    Definition(
        "both",
        ("two_sides", "on_both_sides", "either", "both_of_them"),
        "both",
        A((-0.06, -0.30, 0.52), palm=(-0.6, -0.6, 0.2), hand="point", follow=0.4, swivel_deg=8),
        A((0.40, -0.40, 0.60), palm=(-0.4, -0.9, 0.0), fingers=(0.55, -0.2, 0.8), hand="point", follow=0.4,
          swivel_deg=8),
        other=A((0.36, -0.36, 0.62), palm=(-0.4, -0.9, 0.0), fingers=(0.5, -0.2, 0.8), hand="point", follow=0.4,
                swivel_deg=8),
        prepare_s=0.38, stroke_s=0.28, hold_s=0.75,
        shake=Shake({1: 0.07, c.FLEX: -0.12}, 1.9),
        trunk=c.body(head_deg=(3, 0, 0), spine_deg=(2, 0, 0), shoulders_deg=(3, 0, 3, 0)),
        swing=Swing(1, 7.0, 0.9),
    ),
    # From the belt outwards, low, palm up as a tray; the trunk bends a little to serve.
    Definition(
        "offer",
        ("present", "give", "here_you_are", "palm_up", "go_ahead", "after_you"),
        "one",
        A((-0.16, -0.48, 0.42), palm=(-0.4, 0.9, -0.3), hand="cup", follow=0.6),
        A((0.44, -0.48, 0.54), palm=(0.1, 1.0, 0.1), fingers=(0.45, -0.1, 0.9), hand="open", follow=0.5),
        prepare_s=0.42, stroke_s=0.44, hold_s=0.9, retract_s=0.75,
        directed=True,
        arc=(0.02, -0.05, 0.10),
        trunk=c.body(head_deg=(7, -4, -7), spine_deg=(7, -3, 0), hips_deg=(3, 0, 0)),
    ),
)
# fmt: on
