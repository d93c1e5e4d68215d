"""Smooth scalar and arm curves over continuous time: minimum-jerk steps, keyframe tracks, and offsets that fade.

Everything here is a pure function of time, so the generator may look a moment back or ahead to match velocities when plans change.
Times are session seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from motion.procedural.controls import LATE, Vector

FOLLOW_THROUGH_S: Final = 0.06
"""Hand and fingers trail the wrist by this much."""
HELD_DRIFT: Final = 0.35
"""Share of the idle noise that stays in a gesturing arm."""


def ease(x: float) -> float:
    """Minimum-jerk step from 0 to 1 (Flash and Hogan 1985), flat outside."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return x * x * x * (10.0 + x * (6.0 * x - 15.0))


def hump(x: float) -> float:
    """Bump 0-1-0 on 0..1 with zero velocity and acceleration at both ends."""
    if x <= 0.0 or x >= 1.0:
        return 0.0
    y = 4.0 * x * (1.0 - x)
    return y * y * y


def envelope(t_s: float, rise_s: float, full_s: float, fall_s: float, end_s: float) -> float:
    """Rise from 0 at `rise_s` to 1 at `full_s`, stay, fall from `fall_s` to 0 at `end_s`."""
    if t_s <= rise_s or t_s >= end_s:
        return 0.0
    if t_s < full_s:
        return ease((t_s - rise_s) / (full_s - rise_s))
    if t_s > fall_s:
        return 1.0 - ease((t_s - fall_s) / (end_s - fall_s))
    return 1.0


@dataclass(frozen=True, slots=True)
class Key:
    """One keyframe of an arm.

    Attributes:
        t_s: when the arm is there, at rest for an instant.
        arm: arm controls [14].
        weight: 1 the arm is here, 0 the arm is left to the layers below.
        arc: sideways bulge [3] of the wrist's path from the key before, in arm lengths: hands move on arcs.
    """

    t_s: float
    arm: Vector
    weight: float
    arc: tuple[float, float, float] = (0.0, 0.0, 0.0)


class ArmTrack:
    """Keyframes of one arm, minimum jerk between them."""

    __slots__ = ("_keys", "_times")

    def __init__(self, keys: Sequence[Key]) -> None:
        """Take keys in order of time; before the first and after the last the track holds them."""
        self._keys = list(keys)
        self._times = [key.t_s for key in self._keys]

    @property
    def start_s(self) -> float:
        """Time of the first key; infinity where there is none."""
        return self._times[0] if self._times else float("inf")

    @property
    def end_s(self) -> float:
        """Time of the last key with its follow-through; minus infinity where there is none."""
        return self._times[-1] + FOLLOW_THROUGH_S if self._times else float("-inf")

    def _at(self, t_s: float) -> tuple[Vector, float]:
        index = bisect_right(self._times, t_s)
        if index == 0:
            return self._keys[0].arm, self._keys[0].weight
        if index == len(self._keys):
            return self._keys[-1].arm, self._keys[-1].weight
        a, b = self._keys[index - 1], self._keys[index]
        share = (t_s - a.t_s) / (b.t_s - a.t_s)
        s = ease(share)
        arm = a.arm + s * (b.arm - a.arm)
        if b.arc != (0.0, 0.0, 0.0):
            arm[:3] += hump(share) * np.array(b.arc)
        return arm, a.weight + s * (b.weight - a.weight)

    def blend(self, base: Vector, t_s: float, drift: Vector) -> Vector:
        """Return `base` [14] with the track laid over it; the wrist on time, hand and fingers trailing.

        `drift` [14] is the idle noise that `base` already has: a share of it stays under the track, so that holds breathe.
        """
        if not self._keys or t_s <= self._times[0] or t_s >= self.end_s:
            return base
        kept = HELD_DRIFT * drift
        arm, weight = self._at(t_s)
        late_arm, late_weight = self._at(t_s - FOLLOW_THROUGH_S)
        now = base + weight * (arm + kept - base)
        late = base + late_weight * (late_arm + kept - base)
        return now + LATE * (late - now)


class Offset:
    """A difference that fades to nothing by a quintic with given start value and velocity ("inertialisation", Bollo 2018).

    When the plan changes, the difference between old and new plan is carried on and fades: position and velocity stay continuous
    whatever the change.
    """

    __slots__ = ("_coefficients", "_duration_s", "_start_s")

    def __init__(
        self, start_s: float, duration_s: float, value: Vector, velocity: Vector, acceleration: Vector
    ) -> None:
        """Fade `value` [N] with `velocity` and `acceleration` [N] (per second, per second squared) to zero."""
        d = duration_s
        x, v, a = value, velocity * d, acceleration * d * d
        self._start_s, self._duration_s = start_s, duration_s
        self._coefficients = np.stack(
            [
                x,
                v,
                0.5 * a,
                -10.0 * x - 6.0 * v - 1.5 * a,
                15.0 * x + 8.0 * v + 1.5 * a,
                -6.0 * x - 3.0 * v - 0.5 * a,
            ]
        )

    @property
    def end_s(self) -> float:
        """When nothing is left of it."""
        return self._start_s + self._duration_s

    def at(self, t_s: float) -> Vector:
        """Value [N] at a time not before the start."""
        s = min(max((t_s - self._start_s) / self._duration_s, 0.0), 1.0)
        s2 = s * s
        return np.array((1.0, s, s2, s2 * s, s2 * s2, s2 * s2 * s)) @ self._coefficients
