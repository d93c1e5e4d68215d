"""The shape of the head: where the face's skin is over each point of its front view.

The head is a rounded box of radii `RADII` around `CENTRE`, narrower at the chin; nose, chin and eye sockets are reliefs on it. Two ways in:
`depth(x, y)` for a point of the front view, and `shell(directions)` for any direction from the centre. Metres, from the head joint.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatar.character.mesh import Array, ease, normalised

CENTRE = np.array([0.0, 0.110, 0.006])
RADII = np.array([0.128, 0.147, 0.128])
POWER = 2.3
"""Above 2 the head is boxier than an ellipsoid: a flatter face, fuller cheeks."""

EYE_R_M = 0.044
BALL = np.array([0.0450, 0.0885, 0.0785])
"""Centre of the left eye's ball."""
OPENING = np.array([0.0465, 0.0885])
"""Middle of the left eye's opening in the front view."""
OPENING_W_M = 0.0292
OPENING_H_M = 0.0286
MOUTH_Y_M = 0.0225


def taper(v: npt.ArrayLike) -> Array:
    """Return the width at a height, as a share: fuller at the cheeks, narrower to the chin and a little to the crown."""
    height = np.asarray(v, dtype=np.float64)
    return (
        1 - np.where(height < 0, 0.215 * height**2, 0.06 * height**2) + 0.035 * np.exp(-(((height + 0.28) / 0.26) ** 2))
    )


def _bump(x: Array, y: Array, at: tuple[float, float], size: tuple[float, float]) -> Array:
    bump: Array = np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2)
    return bump


def ball_depth(x: Array, y: Array) -> Array:
    """Return where the eye ball's front is, to the side of its edge continued as a slope."""
    d2 = (np.abs(x) - BALL[0]) ** 2 + (y - BALL[1]) ** 2
    front: Array = BALL[2] + np.sqrt(np.maximum(EYE_R_M**2 - d2, (0.55 * EYE_R_M) ** 2))
    return front


def _relief(x: Array, y: Array, z: Array, socket: float = 0.5) -> Array:
    side = np.abs(x)
    rho = np.hypot((side - OPENING[0]) / OPENING_W_M, (y - OPENING[1]) / OPENING_H_M)
    share = ease((1.75 - rho) / 0.9)
    z = z + socket * share * (ball_depth(x, y) + 0.0065 - z)
    z = z + 0.0105 * _bump(x, y, (0, 0.0535), (0.0120, 0.0104)) + 0.0035 * _bump(x, y, (0, 0.074), (0.0095, 0.018))
    return (
        z + 0.0030 * _bump(x, y, (0, MOUTH_Y_M), (0.034, 0.017)) + 0.0165 * _bump(x, y, (0, -0.0165), (0.038, 0.0235))
    )


def depth(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Return z of the skin at points of the front view."""
    ax, ay = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    v = (ay - CENTRE[1]) / RADII[1]
    u = ax / (RADII[0] * taper(np.clip(v, -1, 1)))
    rest = np.maximum(1 - np.abs(u) ** POWER - np.abs(v) ** POWER, 0.02)
    return _relief(ax, ay, CENTRE[2] + RADII[2] * rest ** (1 / POWER))


def sphere(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Return the directions from the centre of points of the front view."""
    v = (np.asarray(y, dtype=np.float64) - CENTRE[1]) / RADII[1]
    u = np.asarray(x, dtype=np.float64) / (RADII[0] * taper(np.clip(v, -1, 1)))
    w = np.maximum(1 - np.abs(u) ** POWER - np.abs(v) ** POWER, 0.0) ** (1 / POWER)
    return normalised(np.stack([u, v, w], axis=-1))


def shell(directions: Array, grow: npt.ArrayLike = 0.0, *, relief: bool = True, socket: float = 0.5) -> Array:
    """Return points of the head in these directions, `grow` metres outside of it."""
    q = normalised(directions)
    r = (np.abs(q) ** POWER).sum(axis=-1) ** (-1 / POWER)
    unit_box = q * r[..., None]
    points: Array = unit_box * RADII
    points[..., 0] *= taper(unit_box[..., 1])
    points = points + q * np.asarray(grow, dtype=np.float64)[..., None] + CENTRE
    if relief:
        front = np.clip(unit_box[..., 2] / 0.3, 0, 1)
        points[..., 2] += front * (_relief(points[..., 0], points[..., 1], points[..., 2], socket) - points[..., 2])
    return points


def normals(directions: Array) -> Array:
    """Return the normals of the head in these directions; the sockets are shaded flatter than they are, which looks younger."""
    q = normalised(directions)
    aside = np.cross(np.where(np.abs(q[..., 1:2]) < 0.9, [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]), q)
    aside = normalised(aside)
    step = 0.02
    across, along = (
        shell(q + step * t, socket=0.12) - shell(q - step * t, socket=0.12) for t in (aside, np.cross(q, aside))
    )
    return normalised(np.cross(across, along))


def flatten(directions: Array) -> Array:
    """Return a flat map of directions: distance from the middle is the angle from straight ahead."""
    q = normalised(directions)
    flat = np.hypot(q[..., 0], q[..., 1])
    angle = np.arctan2(flat, q[..., 2])
    mapped: Array = q[..., :2] * (angle / np.maximum(flat, 1e-12))[..., None]
    return mapped


def unflatten(points: Array) -> Array:
    """Return the directions of points of the flat map."""
    angle = np.hypot(points[..., 0], points[..., 1])
    share = np.sin(angle) / np.maximum(angle, 1e-12)
    return np.concatenate([points * share[..., None], np.cos(angle)[..., None]], axis=-1)
