"""Single turns about axes, and the angles of three joints that follow each other and make a turn; plain floats (see `quaternions`)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from motion.quaternions import IDENTITY, Quaternion, Vector

Angles = tuple[float, float, float]

_TURN = 2.0 * math.pi
_OUTSIDE_COSTS = 100.0
"""How much more it costs to leave a range than to move by the same angle."""


def normalise(q: Quaternion) -> Quaternion:
    """Return it at unit length; nothing is no turn."""
    x, y, z, w = q
    length = math.sqrt(x * x + y * y + z * z + w * w)
    return (x / length, y / length, z / length, w / length) if length > 1e-9 else IDENTITY


def roll(angle_rad: float) -> Quaternion:
    """Return a turn about x."""
    return math.sin(angle_rad / 2.0), 0.0, 0.0, math.cos(angle_rad / 2.0)


def pitch(angle_rad: float) -> Quaternion:
    """Return a turn about y."""
    return 0.0, math.sin(angle_rad / 2.0), 0.0, math.cos(angle_rad / 2.0)


def yaw(angle_rad: float) -> Quaternion:
    """Return a turn about z."""
    return 0.0, 0.0, math.sin(angle_rad / 2.0), math.cos(angle_rad / 2.0)


def matrix(q: Quaternion) -> tuple[Vector, Vector, Vector]:
    """Return the rows of the rotation matrix."""
    x, y, z, w = q
    return (
        (1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)),
        (2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)),
        (2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)),
    )


def euler(q: Quaternion, order: str) -> Angles:
    """Return the angles of three joints that follow each other, axes in the order of the letters; a permutation of XYZ."""
    i, j, k = ("XYZ".index(letter) for letter in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = matrix(q)
    middle = min(1.0, max(-1.0, sign * m[i][k]))
    b = math.atan2(middle, math.hypot(m[i][i], m[i][j]))
    if abs(middle) > 1.0 - 1e-12:
        return math.atan2(sign * m[k][j], m[j][j]), b, 0.0
    return math.atan2(-sign * m[j][k], m[k][k]), b, math.atan2(-sign * m[i][j], m[i][i])


def three(q: Quaternion, order: str, ranges: Sequence[tuple[float, float]], last: Sequence[float]) -> Angles:
    """Return the angles of three joints as they can have them: of both solutions what is least outside, of equals what is nearest.

    Args:
        q: the turn that they make together.
        order: their axes, a permutation of XYZ, the first joint's first.
        ranges: of each joint; what is returned lies within.
        last: angles of the frame before.
    """
    a, b, c = euler(q, order)
    best: Angles = (a, b, c)
    least = math.inf
    for solution in ((a, b, c), (a + math.pi, math.pi - b, c + math.pi)):
        price, kept = 0.0, []
        for angle, (low, high), before in zip(solution, ranges, last, strict=True):
            cost, inside = min(
                (_OUTSIDE_COSTS * abs(turned - held) + abs(held - before), held)
                for turned in (angle, angle - _TURN, angle + _TURN)
                for held in (min(high, max(low, turned)),)
            )
            price += cost
            kept.append(inside)
        if price < least:
            best, least = (kept[0], kept[1], kept[2]), price
    return best
