"""Quaternions x, y, z, w as tuples of plain floats, since numpy costs more than it saves for one at a time; see `motion.rotations`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Quaternion = tuple[float, float, float, float]
Vector = tuple[float, float, float]
IDENTITY: Quaternion = (0.0, 0.0, 0.0, 1.0)


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """Return the rotation b followed by a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def product(rotations: Iterable[Quaternion]) -> Quaternion:
    """Return the product of rotations, the first one outermost."""
    whole = IDENTITY
    for rotation in rotations:
        whole = multiply(whole, rotation)
    return whole


def inverse(q: Quaternion) -> Quaternion:
    """Return the rotation back."""
    return (-q[0], -q[1], -q[2], q[3])


def turned(q: Quaternion, v: Vector) -> Vector:
    """Return a vector turned by a rotation."""
    qx, qy, qz, qw = q
    x, y, z = v
    tx, ty, tz = 2.0 * (qy * z - qz * y), 2.0 * (qz * x - qx * z), 2.0 * (qx * y - qy * x)
    return (
        x + qw * tx + qy * tz - qz * ty,
        y + qw * ty + qz * tx - qx * tz,
        z + qw * tz + qx * ty - qy * tx,
    )


def rotation_vector(q: Quaternion) -> Vector:
    """Return the axis times the angle, at most half a turn, of a rotation."""
    x, y, z, w = q if q[3] >= 0.0 else (-q[0], -q[1], -q[2], -q[3])
    size = math.sqrt(x * x + y * y + z * z)
    scale = 2.0 * math.atan2(size, w) / size if size > 1e-12 else 2.0
    return (scale * x, scale * y, scale * z)


def from_vector(v: Vector) -> Quaternion:
    """Return the rotation by an axis times an angle."""
    angle = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    scale = math.sin(0.5 * angle) / angle if angle > 1e-12 else 0.5
    return (scale * v[0], scale * v[1], scale * v[2], math.cos(0.5 * angle))


def from_columns(u: Sequence[float], v: Sequence[float], w: Sequence[float]) -> Quaternion:
    """Return the rotation whose matrix has these columns (Shepperd 1978)."""
    trace = u[0] + v[1] + w[2]
    if trace > 0.0:
        s = 2.0 * math.sqrt(1.0 + trace)
        return ((v[2] - w[1]) / s, (w[0] - u[2]) / s, (u[1] - v[0]) / s, 0.25 * s)
    if u[0] >= v[1] and u[0] >= w[2]:
        s = 2.0 * math.sqrt(max(1.0 + u[0] - v[1] - w[2], 1e-12))
        return (0.25 * s, (v[0] + u[1]) / s, (w[0] + u[2]) / s, (v[2] - w[1]) / s)
    if v[1] >= w[2]:
        s = 2.0 * math.sqrt(max(1.0 + v[1] - u[0] - w[2], 1e-12))
        return ((v[0] + u[1]) / s, 0.25 * s, (w[1] + v[2]) / s, (w[0] - u[2]) / s)
    s = 2.0 * math.sqrt(max(1.0 + w[2] - u[0] - v[1], 1e-12))
    return ((w[0] + u[2]) / s, (w[1] + v[2]) / s, 0.25 * s, (u[1] - v[0]) / s)
