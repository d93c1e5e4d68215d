"""The eyes' way to a target: one saccade over a distance, smooth pursuit of what moves little.

A saccade lasts 21 ms and 2.2 ms a degree (Carpenter 1988), within bounds that the settings give, and moves like a
minimum-jerk reach; a target that jumps on its way starts another. Radians and session seconds; one caller.
"""

from __future__ import annotations

import math
from typing import Final

Direction = tuple[float, float]

PURSUIT_RAD: Final = math.radians(2.0)
"""Smaller differences are followed smoothly."""
_PURSUIT_TIME_S: Final = 0.035
_BASE_S: Final = 0.021
_PER_DEGREE_S: Final = 0.0022


class Saccade:
    """Both eyes, in the agent's frame."""

    def __init__(self, bounds_s: tuple[float, float]) -> None:
        """Look straight ahead; `bounds_s` is the least and most time of a saccade."""
        self._bounds_s = bounds_s
        self._at: Direction = (0.0, 0.0)
        self._from: Direction = (0.0, 0.0)
        self._to: Direction = (0.0, 0.0)
        self._landed: Direction = (0.0, 0.0)
        self._start_s = self._length_s = 0.0
        self._flying = False

    def tick(self, t_s: float, step_s: float, target: Direction) -> tuple[Direction, Direction]:
        """Advance by `step_s` to `t_s`; return where the eyes look, and the last target that they reached."""
        aimed = self._to if self._flying else self._at
        if math.dist(aimed, target) > PURSUIT_RAD:
            # It began within the step that showed the new target.
            least, most = self._bounds_s
            length = _BASE_S + _PER_DEGREE_S * math.degrees(math.dist(self._at, target))
            self._from, self._to, self._start_s = self._at, target, t_s - step_s
            self._length_s, self._flying = min(max(length, least), most), True
        if self._flying:
            x = min(1.0, (t_s - self._start_s) / self._length_s)
            share = x * x * x * (10.0 - 15.0 * x + 6.0 * x * x)
            self._at = _between(self._from, self._to, share)
            self._flying = x < 1.0
        else:
            self._at = _between(self._at, target, 1.0 - math.exp(-step_s / _PURSUIT_TIME_S))
        if not self._flying:
            self._landed = target
        return self._at, self._landed


def _between(a: Direction, b: Direction, share: float) -> Direction:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
