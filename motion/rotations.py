"""Quaternion algebra on arrays: plain numpy, vectorised over leading axes.

Quaternions are x, y, z, w with shape [..., 4], taken to be of unit length; vectors are [..., 3]; angles are radians. Functions keep
the floating dtype of their inputs, allocate their results and never raise on finite input. q and -q are the same rotation.
Conventions follow scipy's `Rotation`: `multiply(a, b)` applies b first.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Any floating dtype."""

IDENTITY: Final = np.array([0.0, 0.0, 0.0, 1.0])
IDENTITY.flags.writeable = False
_TINY: Final = 1e-12


def _structure(table: list[tuple[int, int, int, float]], size: int) -> Array:
    out = np.zeros((size, size, size))
    for i, j, k, sign in table:
        out[i, j, k] = sign
    return out


_CROSS: Final = _structure([(0, 1, 2, 1), (0, 2, 1, -1), (1, 2, 0, 1), (1, 0, 2, -1), (2, 0, 1, 1), (2, 1, 0, -1)], 3)
# fmt: off
_HAMILTON: Final = _structure(
    [
        (0, 3, 0, 1), (0, 0, 3, 1), (0, 1, 2, 1), (0, 2, 1, -1),
        (1, 3, 1, 1), (1, 0, 2, -1), (1, 1, 3, 1), (1, 2, 0, 1),
        (2, 3, 2, 1), (2, 0, 1, 1), (2, 1, 0, -1), (2, 2, 3, 1),
        (3, 3, 3, 1), (3, 0, 0, -1), (3, 1, 1, -1), (3, 2, 2, -1),
    ],
    4,
)
# fmt: on
_SMALL: Final = 400
"""Arrays up to this size go through one call of einsum: more arithmetic, but a third of the overhead."""


def cross(a: Array, b: Array) -> Array:
    """Cross product [..., 3]; several times faster than `numpy.cross` on small arrays."""
    if a.size <= _SMALL and b.size <= _SMALL:
        small: Array = np.einsum("ijk,...j,...k->...i", _CROSS, a, b)
        return small
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), dtype=np.result_type(a, b))
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    b0, b1, b2 = b[..., 0], b[..., 1], b[..., 2]
    out[..., 0] = a1 * b2 - a2 * b1
    out[..., 1] = a2 * b0 - a0 * b2
    out[..., 2] = a0 * b1 - a1 * b0
    return out


def normalise(v: Array) -> Array:
    """Scale vectors or quaternions along the last axis to unit length; a zero vector stays zero."""
    out: Array = v / np.maximum(np.sqrt(np.einsum("...i,...i->...", v, v)), _TINY)[..., None]
    return out


def multiply(a: Array, b: Array) -> Array:
    """Hamilton product [..., 4]: the rotation b followed by a."""
    if a.size <= _SMALL and b.size <= _SMALL:
        small: Array = np.einsum("ijk,...j,...k->...i", _HAMILTON, a, b)
        return small
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), dtype=np.result_type(a, b))
    ax, ay, az, aw = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bx, by, bz, bw = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    out[..., 0] = aw * bx + ax * bw + ay * bz - az * by
    out[..., 1] = aw * by - ax * bz + ay * bw + az * bx
    out[..., 2] = aw * bz + ax * by - ay * bx + az * bw
    out[..., 3] = aw * bw - ax * bx - ay * by - az * bz
    return out


def conjugate(q: Array) -> Array:
    """Inverse of unit quaternions."""
    out = -q
    out[..., 3] = q[..., 3]
    return out


def rotate(q: Array, v: Array) -> Array:
    """Rotate vectors [..., 3] by quaternions [..., 4]."""
    u = q[..., :3]
    t = 2.0 * cross(u, v)
    return v + q[..., 3:4] * t + cross(u, t)


def from_axis_angle(axis: Array, angle_rad: Array | float) -> Array:
    """Quaternions from unit axes [..., 3] and angles [...]."""
    half = 0.5 * np.asarray(angle_rad)
    axis = np.asarray(axis)
    s = np.sin(half)[..., None]
    xyz = axis * s
    w = np.broadcast_to(np.cos(half)[..., None], (*xyz.shape[:-1], 1))
    return np.concatenate([xyz, w], axis=-1)


def exp(rotation_vector: Array) -> Array:
    """Quaternions from rotation vectors [..., 3] (axis times angle)."""
    half = 0.5 * np.sqrt(np.einsum("...i,...i->...", rotation_vector, rotation_vector))
    # sin(half) / angle; under 1e-7 rad it is 1/2 to the last digit
    scale = np.where(half > 5e-8, 0.5 * np.sin(half) / np.maximum(half, 5e-8), 0.5)
    out = np.empty((*rotation_vector.shape[:-1], 4), dtype=np.result_type(rotation_vector, np.float32))
    out[..., :3] = rotation_vector * scale[..., None]
    out[..., 3] = np.cos(half)
    return out


def log(q: Array) -> Array:
    """Rotation vectors [..., 3] of at most pi length from quaternions [..., 4]."""
    sign = np.where(q[..., 3:4] < 0.0, -1.0, 1.0)
    xyz = q[..., :3] * sign
    s = np.sqrt(np.einsum("...i,...i->...", xyz, xyz))[..., None]
    angle = 2.0 * np.arctan2(s, q[..., 3:4] * sign)
    return xyz * np.where(s > 1e-9, angle / np.maximum(s, 1e-9), 2.0)


def angle(q: Array) -> Array:
    """Angle [...] of each rotation, 0 to pi."""
    xyz = q[..., :3]
    out: Array = 2.0 * np.arctan2(np.sqrt(np.einsum("...i,...i->...", xyz, xyz)), np.abs(q[..., 3]))
    return out


def angle_between(a: Array, b: Array) -> Array:
    """Angle [...] of the rotation that leads from a to b."""
    return angle(multiply(conjugate(a), b))


def slerp(a: Array, b: Array, share: Array | float) -> Array:
    """Spherical interpolation on the shorter arc; share [...] is 0 at a and 1 at b."""
    amount = np.asarray(share)[..., None]
    dot = np.einsum("...i,...i->...", a, b)[..., None]
    near = np.where(dot < 0.0, -b, b)
    theta = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    s = np.sin(theta)
    small = s < 1e-6
    safe = np.where(small, 1.0, s)
    wa = np.where(small, 1.0 - amount, np.sin((1.0 - amount) * theta) / safe)
    wb = np.where(small, amount, np.sin(amount * theta) / safe)
    return normalise(wa * a + wb * near)


def shortest_arc(a: Array, b: Array) -> Array:
    """Quaternions [..., 4] of least angle that turn unit vectors a into b; opposite vectors turn about an arbitrary normal."""
    dot = np.einsum("...i,...i->...", a, b)[..., None]
    q = np.concatenate([cross(a, b), 1.0 + dot], axis=-1)
    opposite = dot < -1.0 + 1e-9
    if np.any(opposite):
        helper = np.where(np.abs(a[..., 0:1]) < 0.9, np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
        normal = np.concatenate([cross(a, helper), np.zeros_like(dot)], axis=-1)
        q = np.where(opposite, normal, q)
    return normalise(q)


def to_matrix(q: Array) -> Array:
    """Rotation matrices [..., 3, 3]."""
    x, y, z, w = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    out = np.empty((*q.shape[:-1], 3, 3), dtype=q.dtype)
    out[..., 0, 0] = 1.0 - 2.0 * (y * y + z * z)
    out[..., 0, 1] = 2.0 * (x * y - z * w)
    out[..., 0, 2] = 2.0 * (x * z + y * w)
    out[..., 1, 0] = 2.0 * (x * y + z * w)
    out[..., 1, 1] = 1.0 - 2.0 * (x * x + z * z)
    out[..., 1, 2] = 2.0 * (y * z - x * w)
    out[..., 2, 0] = 2.0 * (x * z - y * w)
    out[..., 2, 1] = 2.0 * (y * z + x * w)
    out[..., 2, 2] = 1.0 - 2.0 * (x * x + y * y)
    return out


def from_matrix(m: Array) -> Array:
    """Quaternions from rotation matrices [..., 3, 3] by the largest of four candidates (Shepperd 1978)."""
    m00, m11, m22 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = np.stack(
        [1.0 + m00 - m11 - m22, 1.0 - m00 + m11 - m22, 1.0 - m00 - m11 + m22, 1.0 + m00 + m11 + m22], axis=-1
    )
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    xw, yw, zw = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    rows = np.stack(
        [
            np.stack([squares[..., 0], xy, xz, xw], axis=-1),
            np.stack([xy, squares[..., 1], yz, yw], axis=-1),
            np.stack([xz, yz, squares[..., 2], zw], axis=-1),
            np.stack([xw, yw, zw, squares[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    best = np.argmax(squares, axis=-1)[..., None, None]
    return normalise(np.take_along_axis(rows, best, axis=-2)[..., 0, :])


_AXES: Final = {"X": 0, "Y": 1, "Z": 2}


def _order(order: str) -> tuple[int, int, int, float]:
    if sorted(order.upper()) != ["X", "Y", "Z"]:
        raise ValueError(f"Euler order {order!r} is not a permutation of 'XYZ', for example 'ZXY'")
    i, j, k = (_AXES[letter] for letter in order.upper())
    return i, j, k, 1.0 if (j - i) % 3 == 1 else -1.0


def from_euler(angles_rad: Array, order: str) -> Array:
    """Quaternions from intrinsic Tait-Bryan angles [..., 3] given in the order of the letters, e.g. 'ZXY' as in BVH files.

    Raises:
        ValueError: the order is not a permutation of XYZ.
    """
    i, j, k, sign = _order(order)
    half = 0.5 * np.asarray(angles_rad)
    s, c = np.sin(half), np.cos(half)
    s1, s2, s3 = s[..., 0], s[..., 1], s[..., 2]
    c1, c2, c3 = c[..., 0], c[..., 1], c[..., 2]
    out = np.empty((*half.shape[:-1], 4), dtype=half.dtype)
    out[..., i] = s1 * c2 * c3 + sign * c1 * s2 * s3
    out[..., j] = c1 * s2 * c3 - sign * s1 * c2 * s3
    out[..., k] = c1 * c2 * s3 + sign * s1 * s2 * c3
    out[..., 3] = c1 * c2 * c3 - sign * s1 * s2 * s3
    return out


def to_euler(q: Array, order: str) -> Array:
    """Intrinsic Tait-Bryan angles [..., 3] in the order of the letters; at gimbal lock the third angle is 0.

    Raises:
        ValueError: the order is not a permutation of XYZ.
    """
    i, j, k, sign = _order(order)
    m = to_matrix(np.asarray(q, dtype=np.float64))
    middle = sign * m[..., i, k]
    locked = np.abs(middle) > 1.0 - 1e-12
    # hypot keeps precision near +-90 degrees, where asin loses half of the digits
    b = np.arctan2(middle, np.hypot(m[..., i, i], m[..., i, j]))
    a = np.where(locked, np.arctan2(sign * m[..., k, j], m[..., j, j]), np.arctan2(-sign * m[..., j, k], m[..., k, k]))
    c = np.where(locked, 0.0, np.arctan2(-sign * m[..., i, j], m[..., i, i]))
    return np.stack([a, b, c], axis=-1)


def to_6d(q: Array) -> Array:
    """First two columns of the rotation matrix [..., 6] (Zhou et al. 2019): continuous, for learning."""
    m = to_matrix(q)
    return np.concatenate([m[..., :, 0], m[..., :, 1]], axis=-1)


def from_6d(d: Array) -> Array:
    """Quaternions from 6-D rotations [..., 6] by Gram-Schmidt; the input need not be orthonormal."""
    x = normalise(d[..., :3])
    y = d[..., 3:] - np.einsum("...i,...i->...", x, d[..., 3:])[..., None] * x
    y = normalise(y)
    return from_matrix(np.stack([x, y, cross(x, y)], axis=-1))


def swing_twist(q: Array, axis: Array) -> tuple[Array, Array]:
    """Split q = swing * twist with twist about the unit axis [..., 3] and swing about a normal of it.

    At a swing of exactly pi the twist is not defined; it is then the identity.
    """
    along = np.einsum("...i,...i->...", q[..., :3], axis)[..., None]
    twist = np.concatenate([axis * along, q[..., 3:4]], axis=-1)
    length = np.sqrt(np.einsum("...i,...i->...", twist, twist))[..., None]
    twist = np.where(length > 1e-9, twist / np.maximum(length, 1e-9), IDENTITY)
    return multiply(q, conjugate(twist)), twist


def continuous(q: Array) -> Array:
    """Flip signs along axis 0 of [T, ..., 4] so that successive quaternions lie in one hemisphere."""
    if q.shape[0] < 2:
        return q.copy()
    dots = np.einsum("...i,...i->...", q[1:], q[:-1])
    signs = np.cumprod(np.where(dots < 0.0, -1.0, 1.0), axis=0)
    out = q.copy()
    out[1:] *= signs[..., None]
    return out
