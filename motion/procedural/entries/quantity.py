"""Numbers and sizes: count one to five, big, small, up, down. Data only; see `motion.procedural.definition`."""

from __future__ import annotations

from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition

A = c.ArmShape
_COUNT_READY = A((0.16, -0.46, 0.44), palm=(-0.3, 0.2, 1.0), hand="loose_fist", follow=0.3)
_COUNT_PEAK = (0.17, -0.20, 0.48)


def _count(number: int, hand: str, word: str, ordinal: str) -> Definition:
    peak = A(_COUNT_PEAK, palm=(-0.25, 0.1, 1.0), fingers=(-0.05, 1.0, 0.1), hand=hand, follow=0.3)
    aliases = (word, ordinal, f"{ordinal}ly" if number > 1 else "firstly", f"number_{word}")
    return Definition(
        f"count_{number}", aliases, "one", _COUNT_READY, peak, hold_s=0.75,
        trunk=c.body(head_deg=(3, -3, 1), spine_deg=(1, 0, 0), shoulders_deg=(0, 0, 2, 0)),
    )  # fmt: skip


# The times of one gesture stand in one line.
# fmt: off
QUANTITY: Final[tuple[Definition, ...]] = (
    _count(1, "point", "one", "first"),
    _count(2, "two", "two", "second"),
    _count(3, "three", "three", "third"),
    _count(4, "four", "four", "fourth"),
    _count(5, "five", "five", "fifth"),
    # Palms draw apart at the height of the shoulders.
    Definition(
        "big",
        ("large", "huge", "wide", "this_big", "enormous"),
        "both",
        A((-0.20, -0.26, 0.52), palm=(-1.0, 0.0, 0.1), hand="cup", follow=0.5, swivel_deg=14),
        A((0.56, -0.06, 0.60), palm=(-1.0, 0.0, 0.1), fingers=(0.05, 0.5, 0.9), hand="open", follow=0.5, swivel_deg=8),
        other=A((0.52, -0.10, 0.62), palm=(-1.0, 0.0, 0.1), fingers=(0.05, 0.5, 0.9), hand="open", follow=0.5,
                swivel_deg=8),
        stroke_s=0.40, hold_s=0.6,
        trunk=c.body(head_deg=(-4, 0, 0), spine_deg=(-5, 0, 0), shoulders_deg=(4, -2, 4, -2)),
    ),
    # Thumb and index almost meet before the face, which comes down to look.
    Definition(
        "small",
        ("little", "tiny", "a_bit", "a_little"),
        "one",
        A((0.02, -0.34, 0.50), palm=(-0.9, -0.1, 0.2), hand="soft", follow=0.4),
        A((-0.02, -0.10, 0.48), palm=(-0.9, -0.2, 0.3), fingers=(-0.2, 0.7, 0.7), hand="pinch", follow=0.4),
        hold_s=0.7,
        trunk=c.body(head_deg=(8, -3, 5), spine_deg=(5, 0, 0), shoulders_deg=(4, 4, 4, 4)),
    ),
    Definition(
        "up",
        ("higher", "above", "rise", "raise", "increase"),
        "one",
        A((0.16, -0.56, 0.48), palm=(-0.2, 1.0, 0.0), hand="soft", follow=0.3),
        A((0.26, 0.26, 0.62), palm=(-0.4, 1.0, -0.1), fingers=(0.1, 0.45, 1.0), hand="flat", follow=0.3),
        stroke_s=0.50, hold_s=0.5,
        trunk=c.body(head_deg=(-12, -4, 0), spine_deg=(-3, 0, -2), shoulders_deg=(0, 0, 5, 0)),
    ),
    Definition(
        "down",
        ("lower", "below", "decrease"),
        "one",
        A((0.22, 0.02, 0.56), palm=(-0.1, -1.0, 0.2), hand="soft", follow=0.3, swivel_deg=10),
        A((0.24, -0.66, 0.50), palm=(-0.1, -1.0, 0.1), fingers=(0, 0.2, 1), hand="flat", follow=0.3, swivel_deg=8),
        prepare_s=0.46, stroke_s=0.46, hold_s=0.45,
        trunk=c.body(head_deg=(11, -3, 0), spine_deg=(5, 0, 0)),
    ),
)
# fmt: on
