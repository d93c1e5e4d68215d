"""Whether an arm of the figure points at something, and where.

A frame of motion does not say what is pointed at, so it is read off the pose: an arm almost straight, the index finger out and the others
closed, and the finger in line with the arm. The direction is that from the shoulder to the fingertip, which is how the figure's solver
aims (`motion.procedural.gestures.aim`): parallel to the direction that was asked for. So a target that is far away is met exactly; a near
one is missed by the distance between shoulder and eyes over its own, as the figure misses it. Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from motion.quaternions import Vector
from motion.skeleton import ARM_M, FOREARM_M, HAND_M, UPPER_ARM_M

STRAIGHT = (0.90, 0.96)
"""Distance of the wrist over the arm's length, from an arm that does not point to one that does."""
CURLS_APART = (0.35, 0.65)
"""By how much the other fingers are more closed than the index finger."""
IN_LINE_RAD = (math.radians(30.0), math.radians(15.0))
"""Angle between the finger and the arm."""


def aimed(upper: Vector, fore: Vector, hand: Vector, fingers: Sequence[float]) -> tuple[Vector, float]:
    """Return the direction from shoulder to fingertip, and how much the arm points, 0 to 1; without that, any direction.

    Args:
        upper: direction of the upper arm.
        fore: of the forearm.
        hand: of the fingers.
        fingers: shape code of the hand, in the order of `FINGERS`.
    """
    apart = sum(fingers[2:5]) / 3.0 - fingers[1]
    if apart <= CURLS_APART[0]:
        return upper, 0.0
    wrist = [UPPER_ARM_M * u + FOREARM_M * f for u, f in zip(upper, fore, strict=True)]
    tip = [w + HAND_M * h for w, h in zip(wrist, hand, strict=True)]
    length = math.sqrt(sum(t * t for t in tip))
    if length < 1e-6:
        return (0.0, 0.0, -1.0), 0.0
    way = (tip[0] / length, tip[1] / length, tip[2] / length)
    angle = math.acos(min(1.0, max(-1.0, sum(w * h for w, h in zip(way, hand, strict=True)))))
    straight = math.sqrt(sum(w * w for w in wrist)) / ARM_M
    return way, _share(straight, STRAIGHT) * _share(apart, CURLS_APART) * _share(angle, IN_LINE_RAD)


def _share(value: float, ends: tuple[float, float]) -> float:
    """Return 0 before the first end, 1 after the second, and a smooth way between."""
    t = min(1.0, max(0.0, (value - ends[0]) / (ends[1] - ends[0])))
    return t * t * (3.0 - 2.0 * t)
