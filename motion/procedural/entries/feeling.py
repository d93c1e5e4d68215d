"""Thought and feeling: shrug, think, confused, surprised, applaud, comfort and others. Data; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition, Shake
from motion.procedural.head import Swing

A = c.ArmShape

# The times of one gesture stand in one line.
# fmt: off
FEELING: Final[tuple[Definition, ...]] = (
    Definition(
        "shrug",
        ("dont_know", "i_dont_know", "no_idea", "who_knows", "dunno"),
        "both",
        A((0.14, -0.66, 0.36), palm=(-0.4, 0.7, 0.3), hand="relaxed", follow=0.6),
        A((0.40, -0.50, 0.40), palm=(0.2, 1.0, 0.25), fingers=(0.7, -0.05, 0.7), hand="open", follow=0.6,
          swivel_deg=-8),
        other=A((0.34, -0.56, 0.38), palm=(0.2, 1.0, 0.25), fingers=(0.7, -0.05, 0.7), hand="open", follow=0.6,
                swivel_deg=-8),
        prepare_s=0.34, stroke_s=0.26, hold_s=0.5,
        trunk=c.body(head_deg=(2, -3, 9), spine_deg=(-2, 0, 1), shoulders_deg=(22, 0, 25, 0)),
    ),
    # The hand at the chin, the other arm under its elbow, eyes away.
    Definition(
        "think",
        ("thinking", "ponder", "hmm", "let_me_think", "consider"),
        "one",
        A((-0.10, -0.20, 0.44), palm=(-0.7, 0.0, -0.8), hand="loose_fist", follow=1.0),
        A((-0.22, 0.03, 0.38), palm=(-0.55, 0.1, -0.85), fingers=(-0.55, 0.9, -0.15),
          curls=(0.25, 0.35, 0.75, 0.8, 0.85, 0.0), follow=1.0),
        prepare_s=0.46, stroke_s=0.34, hold_s=1.3, retract_s=0.8,
        arc=(0.04, 0.0, 0.08),
        other=A((-0.30, -0.60, 0.30), palm=(-0.1, 0.6, -1.0), hand="relaxed", follow=1.0),
        trunk=c.body(head_deg=(3, -9, 5), spine_deg=(2, 0, 0)),
    ),
    # Scratching the side of the head, which leans towards the hand.
    Definition(
        "confused",
        ("puzzled", "unclear", "scratch_head", "baffled"),
        "one",
        A((0.26, -0.08, 0.36), palm=(-0.9, 0.0, 0.3), hand="relaxed", follow=0.9, swivel_deg=6),
        A((0.12, 0.24, 0.12), palm=(-0.9, 0.0, 0.3), fingers=(-0.6, 0.8, -0.15), hand="cup", follow=1.0, swivel_deg=10),
        prepare_s=0.50, stroke_s=0.36, hold_s=1.2, retract_s=0.85,
        shake=Shake({1: 0.035, c.FLEX: 0.16, 9: 0.16, 10: 0.16, 11: 0.16}, 2.8),
        arc=(0.14, 0.0, 0.08),
        trunk=c.body(head_deg=(6, 6, 11), spine_deg=(3, 2, 2), shoulders_deg=(0, 0, 6, 0)),
    ),
    # A start backwards, hands fly up open before the shoulders.
    Definition(
        "surprised",
        ("surprise", "wow", "amazed", "oh", "astonished"),
        "both",
        A((0.10, -0.46, 0.44), palm=(-0.4, 0.1, 0.8), hand="soft", follow=0.8),
        A((0.28, -0.10, 0.40), palm=(-0.35, 0.0, 1.0), fingers=(0.2, 1, 0.1), hand="five", follow=0.8, swivel_deg=4),
        other=A((0.24, -0.16, 0.42), palm=(-0.35, 0.0, 1.0), fingers=(0.2, 1, 0.1), hand="five", follow=0.8),
        prepare_s=0.22, stroke_s=0.18, hold_s=0.6,
        trunk=c.body(head_deg=(-8, 0, 0), spine_deg=(-9, 0, 0), hips_m=(0, 0, -0.03), shoulders_deg=(11, -2, 11, -2)),
    ),
    Definition(
        "applaud",
        ("clap", "bravo", "applause", "well_done"),
        "both",
        A((-0.16, -0.34, 0.52), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 0.7, 0.8), hand="flat", follow=0.9, swivel_deg=6),
        A((-0.24, -0.34, 0.52), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 0.7, 0.8), hand="flat", follow=0.9, swivel_deg=6),
        stroke_s=0.16, hold_s=1.4,
        lag_s=0.0,
        shake=Shake({0: 0.085}, 3.0),
        trunk=c.body(head_deg=(1, 0, 3), spine_deg=(-2, 0, 0)),
    ),
    # As a hand on the other's shoulder: one palm out, patting softly, head to the side, the trunk towards them.
    Definition(
        "comfort",
        ("console", "there_there", "reassure", "soothe"),
        "one",
        A((0.10, -0.30, 0.52), palm=(-0.2, -0.9, 0.3), hand="soft", follow=0.4),
        A((0.12, -0.14, 0.80), palm=(-0.15, -1.0, 0.15), fingers=(-0.1, 0.1, 1.0), hand="soft", follow=0.4,
          swivel_deg=12),
        prepare_s=0.52, stroke_s=0.46, hold_s=1.5, retract_s=0.9,
        shake=Shake({1: 0.045, c.FLEX: 0.16}, 1.1),
        trunk=c.body(head_deg=(0, -3, 11), spine_deg=(11, 3, 0), hips_deg=(4, 0, 0), shoulders_deg=(0, 2, 0, 6)),
    ),
    # Fists overhead, pumping.
    Definition(
        "celebrate",
        ("hooray", "victory", "yay", "cheer"),
        "both",
        A((0.30, -0.20, 0.44), palm=(-0.6, 0.0, 0.6), hand="loose_fist", follow=0.4),
        A((0.44, 0.54, 0.34), palm=(-0.5, 0.0, 0.8), hand="fist", follow=0.4, swivel_deg=10),
        other=A((0.40, 0.57, 0.33), palm=(-0.5, 0.0, 0.8), hand="fist", follow=0.4, swivel_deg=6),
        stroke_s=0.34, hold_s=1.0, retract_s=0.95,
        shake=Shake({1: 0.08}, 2.3),
        trunk=c.body(head_deg=(-9, 0, 0), spine_deg=(-6, 0, 0), shoulders_deg=(2, 0, 1, 0)),
    ),
    # Palms pressed together before the chest, head and trunk bent over them.
    Definition(
        "apologise",
        ("sorry", "apologize", "apology", "my_mistake", "forgive_me", "im_sorry", "i_am_sorry"),
        "both",
        A((-0.10, -0.42, 0.48), palm=(-0.9, 0.2, -0.3), hand="soft", follow=0.9),
        A((-0.27, -0.28, 0.44), palm=(-1.0, 0.0, 0.0), fingers=(-0.1, 1.0, 0.3), hand="flat", follow=1.0),
        prepare_s=0.42, stroke_s=0.36, hold_s=1.0, retract_s=0.8,
        lag_s=0.0,
        trunk=c.body(head_deg=(14, 0, 4), spine_deg=(12, 0, 0), hips_deg=(3, 0, 0), shoulders_deg=(4, 5, 4, 5)),
    ),
    Definition(
        "thumbs_up",
        ("thumb_up", "like", "good_job", "great_job", "all_good"),
        "one",
        A((0.12, -0.50, 0.42), palm=(-0.9, 0.0, -0.2), hand="loose_fist", follow=0.4),
        A((0.14, -0.22, 0.60), palm=(-1.0, 0.0, 0.05), fingers=(-0.25, -0.05, 1.0), hand="thumb", follow=0.4),
        prepare_s=0.36, stroke_s=0.24, hold_s=0.8, retract_s=0.6,
        trunk=c.body(head_deg=(1, -2, 5), spine_deg=(2, 2, 0)),
        swing=Swing(0, 3.5, 1.3),
    ),
)
# fmt: on
