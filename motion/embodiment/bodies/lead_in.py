"""A place that a body was found at, led to where it belongs: in a straight line, with bounded speed and acceleration.

For what a robot's joints leave open and its commands must name all the same, such as the height of a head on six legs. One step per
command; metres. Pure computation, no clock.
"""

from __future__ import annotations

import math

Place = tuple[float, float, float]
ARRIVED_M = 1e-5


class LeadIn:
    """A place on its way to nought."""

    def __init__(self, place_m: Place, speed_m_s: float, acceleration_m_s2: float, period_s: float) -> None:
        """Begin there, at rest.

        Args:
            place_m: how far off it is, x, y, z.
            speed_m_s: most at full pace.
            acceleration_m_s2: most, speeding up and slowing down.
            period_s: of one step.
        """
        self._whole_m = self._left_m = math.dist(place_m, (0.0, 0.0, 0.0))
        self._place_m, self._speed_m_s = place_m, 0.0
        self._most_m_s, self._acceleration_m_s2, self._period_s = speed_m_s, acceleration_m_s2, period_s

    @property
    def arrived(self) -> bool:
        """Whether it is where it belongs."""
        return self._left_m == 0.0

    @property
    def place_m(self) -> Place:
        """How far off it is now."""
        share = self._left_m / self._whole_m if self._whole_m else 0.0
        x, y, z = self._place_m
        return share * x, share * y, share * z

    def step(self, pace: float) -> Place:
        """Take a step at a share of its speed, 0 to slow down to a standstill; return the place then."""
        change_m_s = self._acceleration_m_s2 * self._period_s
        # From this speed it can still stop there after one more step of it.
        ahead_s = math.sqrt(self._period_s**2 + 2.0 * self._left_m / self._acceleration_m_s2)
        aim_m_s = min(pace * self._most_m_s, self._acceleration_m_s2 * (ahead_s - self._period_s))
        self._speed_m_s = max(self._speed_m_s - change_m_s, min(self._speed_m_s + change_m_s, aim_m_s))
        self._left_m -= self._speed_m_s * self._period_s
        if self._left_m < ARRIVED_M:
            self._left_m = 0.0
        return self.place_m
