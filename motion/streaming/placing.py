"""When a gesture that is asked for begins, strikes and ends. Seconds of the generator's time; pure."""

from __future__ import annotations

import math
from typing import Final

from motion.corpus.scene import PlacedIntent
from motion.procedural import lexicon

_FASTEST: Final = 0.6
"""A gesture asked for late is hurried to this share of its natural length before the stroke, and no further."""
_SLOWEST: Final = 1.25
"""One asked for early waits, and takes at most this share of it."""
_LEAST_HOLD_S: Final = 0.08
_LONGEST_S: Final = 20.0
"""What is longer takes too long to lay out."""


def place(
    label: str,
    now_s: float,
    *,
    asked_s: float | None = None,
    side: float = 0.0,
    amplitude: float = 1.0,
    direction_rad: tuple[float, float] | None = None,
    duration_s: float | None = None,
    stroke_at_s: float | None = None,
) -> PlacedIntent:
    """Lay out a gesture that may begin now.

    Args:
        label: label or alias.
        now_s: when it can begin at the earliest.
        asked_s: when it was asked for, by default then; the wait since is made up on the way to the stroke.
        side: +1 left, -1 right, 0 free.
        amplitude: 1 is ordinary.
        direction_rad: yaw and pitch to point at; left out for gestures that don't point.
        duration_s: whole length, at most 20; the hold gives way.
        stroke_at_s: time at which the stroke is to arrive.

    Raises:
        ValueError: the lexicon does not know the gesture, or a number is not finite.
    """
    entry = lexicon.find(label)
    numbers = (now_s, side, amplitude, *(direction_rad or ()), *(x for x in (duration_s, stroke_at_s) if x is not None))
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError(f"gesture {entry.label}: every number must be finite")
    start_s, lead_s = now_s, entry.prepare_s + entry.stroke_s
    if stroke_at_s is None:
        stroke_at_s = min(start_s if asked_s is None else asked_s, start_s) + lead_s
    stroke_s = max(stroke_at_s, start_s + _FASTEST * lead_s)
    start_s = max(start_s, stroke_s - _SLOWEST * lead_s)
    hold_s = entry.hold_s
    if duration_s is not None:
        hold_s = max(_LEAST_HOLD_S, min(duration_s, _LONGEST_S) - lead_s - entry.retract_s)
    aimed = direction_rad if entry.directed else None
    return PlacedIntent(entry.label, start_s, stroke_s, stroke_s + hold_s + entry.retract_s, side, amplitude, aimed)
