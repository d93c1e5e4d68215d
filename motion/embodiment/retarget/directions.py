"""Arms of robots like NAO, whose two shoulder joints and two elbow joints point a limb but cannot turn it: by directions, in closed form.

Upper arm and forearm point where the person's do, as far as the joints go; what a clipped shoulder cannot do the elbow makes up for
with the forearm. The wrist turns the thumb to where the person's points. Robot's frame (REP-103), arms ahead at zero: shoulder pitch about
y (down is positive), roll about z (to the left), elbow yaw about the upper arm, elbow roll about z (the left one bends to negative),
wrist yaw about the forearm. Stateful by the last angles, for poses in which a joint does not matter; one thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from motion.embodiment.retarget.euler import pitch, roll, yaw
from motion.embodiment.retarget.parts import Arm
from motion.quaternions import Vector, inverse, multiply, product, turned

_DOWN: Vector = (0.0, 0.0, -1.0)
_THUMB: Vector = (1.0, 0.0, 0.0)
"""Of a hanging arm the thumb points ahead."""
SINGULAR = 0.08
"""Where a direction lies nearer than this to a joint's axis, the joint stays as it was."""


class PointingArm:
    """One arm: shoulder pitch and roll, elbow yaw and roll, wrist yaw."""

    def __init__(self, side: str, ranges: Sequence[tuple[float, float]], rest: Sequence[float]) -> None:
        """Begin at rest; `ranges` and `rest` of the five joints in that order."""
        self._sign = 1.0 if side == "left" else -1.0
        self._ranges, self._last = list(ranges), list(rest)

    def joints(self, arm: Arm) -> list[float]:
        """Return the five angles for an arm, within their ranges."""
        upper = turned(arm.upper, _DOWN)
        bent = multiply(arm.upper, pitch(-arm.elbow_rad))
        x, y, z = upper
        if math.hypot(x, z) > SINGULAR:
            self._set(0, math.atan2(-z, x))
        self._set(1, math.asin(min(1.0, max(-1.0, y))))
        shoulder = multiply(pitch(self._last[0]), yaw(self._last[1]))
        x, y, z = turned(
            inverse(shoulder), turned(bent, _DOWN)
        )  # where the forearm is to point, seen from the upper arm
        if math.hypot(y, z) > SINGULAR:
            self._set(2, math.atan2(-self._sign * z, -self._sign * y))
        elbow_yaw = roll(self._last[2])
        x, y, _ = turned(inverse(elbow_yaw), (x, y, z))
        self._set(3, math.atan2(y, x))
        forearm = product((shoulder, elbow_yaw, yaw(self._last[3])))
        _, y, z = turned(inverse(forearm), turned(multiply(bent, arm.hand), _THUMB))
        if math.hypot(y, z) > SINGULAR:
            self._set(4, math.atan2(-self._sign * z, -self._sign * y))
        return list(self._last)

    def _set(self, joint: int, angle: float) -> None:
        low, high = self._ranges[joint]
        last = self._last[joint]
        # An angle beyond the range may be nearer to its other end: the end that is nearer, and of equals to where the joint is.
        options = ((abs(turned - held) * 100.0 + abs(held - last), held) for turned, held in (
            (turned, min(high, max(low, turned))) for turned in (angle, angle - 2.0 * math.pi, angle + 2.0 * math.pi)
        ))  # fmt: skip
        self._last[joint] = min(options)[1]
