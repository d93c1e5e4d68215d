"""Meeting and parting: greet, wave, farewell, beckon, welcome, bow, salute and others. Data only; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition, Shake
from motion.procedural.head import Swing

A = c.ArmShape

# The times of one gesture stand in one line.
# fmt: off
GREETING: Final[tuple[Definition, ...]] = (
    # One hand up beside the head and kept still, the head dips: a "hi" in passing. The one that moves is `wave`.
    Definition(
        "greet",
        ("hi", "hello", "salutation", "raise_hand", "good_morning", "say_hello"),
        "one",
        A((0.30, -0.34, 0.36), palm=(-0.2, 0.0, 1.0), fingers=(0.1, 1, 0.2), hand="soft", follow=0.4),
        A((0.34, 0.14, 0.24), palm=(-0.1, 0.05, 1.0), fingers=(0.16, 1, 0.02), hand="open", follow=0.4, swivel_deg=8),
        prepare_s=0.30, stroke_s=0.30, hold_s=0.55, retract_s=0.65,
        trunk=c.body(head_deg=(5, -1, 2), spine_deg=(4, -2, -1), shoulders_deg=(0, 0, 3, 0)),
        swing=Swing(0, -5.0, 0.85),
    ),
    # Forearm swings from the elbow, the hand trails.
    Definition(
        "wave",
        ("wave_hand", "hand_wave", "waving"),
        "one",
        A((0.24, -0.16, 0.46), palm=(-0.1, 0.1, 1.0), fingers=(0.1, 1, 0.1), hand="open", follow=0.2),
        A((0.28, 0.00, 0.48), palm=(-0.1, 0.0, 1.0), fingers=(0.12, 1, 0.1), hand="open", follow=0.2),
        prepare_s=0.46, stroke_s=0.20, hold_s=1.15, retract_s=0.7,
        shake=Shake({0: 0.10, 1: -0.014, c.DEVIATION: -0.30, c.SWIVEL: 0.08}, 2.3),
        trunk=c.body(head_deg=(-1.5, -2, 4), spine_deg=(0, 0, -2)),
    ),
    # High above the shoulder, hand and fingers flap down and up: "bye-bye" over the distance.
    Definition(
        "farewell",
        ("bye", "goodbye", "good_bye", "wave_goodbye", "see_you", "bye_bye", "so_long"),
        "one",
        A((0.36, -0.06, 0.52), palm=(-0.1, -0.2, 1.0), fingers=(0.05, 1, 0.3), hand="open", follow=0.2),
        A((0.42, 0.30, 0.52), palm=(-0.1, -0.3, 1.0), fingers=(0.05, 1, 0.45), hand="open", follow=0.2, swivel_deg=6),
        prepare_s=0.50, stroke_s=0.28, hold_s=1.5, retract_s=0.8,
        shake=Shake({1: -0.025, c.FLEX: 0.50, 9: 0.22, 10: 0.24, 11: 0.26, 12: 0.28}, 1.7),
        trunk=c.body(head_deg=(1, -3, 7), spine_deg=(-2, 0, -3), shoulders_deg=(0, 0, 5, 0)),
    ),
    Definition(
        "beckon",
        ("come", "come_here", "come_closer", "over_here"),
        "one",
        A((0.16, -0.34, 0.66), palm=(-0.1, 1.0, -0.3), hand="soft", follow=0.3),
        A((0.10, -0.26, 0.52), palm=(-0.2, 1.0, -0.6), fingers=(-0.1, 0.7, 0.6), hand="cup", follow=0.3),
        hold_s=1.1,
        shake=Shake({1: 0.03, 2: -0.09, c.FLEX: 0.40, 9: 0.28, 10: 0.28, 11: 0.28, 12: 0.28}, 1.6),
        trunk=c.body(head_deg=(-4, -2, 4), spine_deg=(-1, 0, 0)),
        swing=Swing(0, -2.5, 1.6),
    ),
    Definition(
        "welcome",
        ("open_arms", "welcoming", "come_in", "embrace"),
        "both",
        A((0.02, -0.50, 0.52), palm=(-0.6, 0.8, 0.0), hand="soft", follow=0.4),
        A((0.66, -0.28, 0.50), palm=(-0.45, 0.6, 0.7), fingers=(0.8, 0.15, 0.6), hand="open", follow=0.4),
        other=A((0.60, -0.36, 0.52), palm=(-0.4, 0.7, 0.6), fingers=(0.7, 0.05, 0.7), hand="open", follow=0.4),
        stroke_s=0.46, hold_s=0.75, retract_s=0.8,
        lag_s=0.06,
        trunk=c.body(head_deg=(3, 0, 4), spine_deg=(3, 0, 0), hips_m=(0, 0, 0.015), shoulders_deg=(2, -5, 2, -5)),
    ),
    Definition(
        "bow",
        ("bow_down", "curtsy", "greet_formally", "take_a_bow"),
        "none",
        prepare_s=0.14, stroke_s=0.72, hold_s=0.35, retract_s=0.85,
        trunk=c.body(head_deg=(12, 0, 0), spine_deg=(20, 0, 0), hips_deg=(16, 0, 0), hips_m=(0, -0.01, -0.06)),
    ),
    # Flat hand at the brow, elbow out, trunk drawn up; the hand leaves with a snap.
    Definition(
        "salute",
        ("military_salute", "aye_aye", "yes_sir"),
        "one",
        A((0.22, -0.20, 0.46), palm=(-0.5, -0.6, 0.3), hand="flat", follow=0.9),
        A((0.06, 0.33, 0.26), palm=(0.2, -0.75, 0.6), fingers=(-0.90, 0.38, -0.05), hand="flat", follow=1.0,
          swivel_deg=30),
        prepare_s=0.34, stroke_s=0.26, hold_s=0.65, retract_s=0.6,
        arc=(0.14, 0.0, 0.08),
        trunk=c.body(head_deg=(-2, 0, 0), spine_deg=(-4, 0, 0), shoulders_deg=(0, -4, 5, -2)),
    ),
    # The palm laid on the heart, head bowed, and left there. The pointing hand with the raised elbow is `me`.
    Definition(
        "hand_on_heart",
        ("heart", "thank_you", "thanks", "sincerely", "grateful"),
        "one",
        A((-0.10, -0.36, 0.46), palm=(-0.3, -0.2, -1.0), hand="soft", follow=0.9),
        A((-0.33, -0.20, 0.30), palm=(0.0, 0.1, -1.0), fingers=(-1, 0.5, 0.0), hand="flat", swivel_deg=4, follow=1.0),
        prepare_s=0.46, stroke_s=0.34, hold_s=1.1, retract_s=0.75,
        arc=(0.0, 0.0, 0.12),
        trunk=c.body(head_deg=(10, 2, 4), spine_deg=(6, 1, 0), shoulders_deg=(2, 3, 2, 3)),
    ),
)
# fmt: on
