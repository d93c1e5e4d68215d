"""Turning points of a signal that swings: what nods, head shakes and a speaking mouth have in common.

Pure. A turning point counts where the signal has come back by at least `least`; what is smaller is noise. The last swing is the one under
way, up to its extreme so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_STILL_SHARE = 0.25
"""Rest is no part of a swing: the first one begins where the signal was last within this share of the swing from its start, the last
one ends where it first came as near to its extreme."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A stretch between two turning points; `change` is signed."""

    start_s: float
    end_s: float
    change: float

    @property
    def length_s(self) -> float:
        """Its duration."""
        return self.end_s - self.start_s


def swings_of(samples: Sequence[tuple[float, float]], least: float) -> list[Swing]:
    """Return the swings of a signal, oldest first.

    Args:
        samples: time in seconds and value, in order.
        least: smallest change that is a swing, in the value's unit.
    """
    if len(samples) < 2:
        return []
    turns = [0]
    low = high = 0
    rising: bool | None = None
    for index, (_, value) in enumerate(samples):
        if value >= samples[high][1]:
            high = index
        if value <= samples[low][1]:
            low = index
        if rising is not False and samples[high][1] - value >= least:
            _turn(turns, high, fresh=rising is None)
            rising, low = False, index
            high = index
        elif rising is not True and value - samples[low][1] >= least:
            _turn(turns, low, fresh=rising is None)
            rising, high = True, index
            low = index
    if rising is None:
        return []
    turns.append(high if rising else low)
    swings = []
    for start, end in pairwise(turns):
        change = samples[end][1] - samples[start][1]
        near = _STILL_SHARE * abs(change)
        begin, done = start, end
        if start == turns[0]:
            while begin + 1 < end and abs(samples[begin + 1][1] - samples[start][1]) <= near:
                begin += 1
        if end == turns[-1]:
            while done - 1 > begin and abs(samples[done - 1][1] - samples[end][1]) <= near:
                done -= 1
        swings.append(Swing(samples[begin][0], samples[done][0], change))
    return swings


def _turn(turns: list[int], index: int, *, fresh: bool) -> None:
    """Take a turning point; before the first one the signal has only drifted, and the swing begins there."""
    if fresh:
        turns[0] = index
    else:
        turns.append(index)
