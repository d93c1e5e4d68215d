"""Eyelids and their lashes: patches that slide over the socket in front of the ball, so that no closing cuts into the eye.

A lid has columns from the inner to the outer corner and rows from the socket's rim to its edge. `Lids` places all of them for a closure
from 0 (open) to 1 (closed), below 0 wide open. Metres, from the head joint; the right eye is the left one's mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Mesh, grid, normalised
from avatar.character.surface import OPENING, OPENING_H_M, OPENING_W_M, depth, normals, sphere

COLUMNS = 15
SKIN_ROWS = 5
TILT = 0.07
"""Rise of the outer corner, as a slope."""


@dataclass(frozen=True)
class Lids:
    """How far the lids of one eye are: closures, and how much the upper edge slants down to the nose (positive) or away from it."""

    upper: float = 0.0
    lower: float = 0.0
    slant: float = 0.0


def _arc(u: Array, power: float) -> Array:
    return np.maximum(1 - np.abs(u) ** power, 0.0) ** (1 / power)


def _columns() -> Array:
    return -np.cos(np.pi * np.arange(COLUMNS) / (COLUMNS - 1))


def _xy(u: Array, y: Array) -> tuple[Array, Array]:
    return OPENING[0] + OPENING_W_M * u, OPENING[1] + y + TILT * OPENING_W_M * u


def rim(up: bool) -> Array:
    """Return the socket's rim in the front view, from the inner to the outer corner."""
    u = _columns()
    y = OPENING_H_M * (1.04 if up else -1.02) * _arc(u, 2.15)
    return np.stack(_xy(u, y), axis=1)


def _edge(lids: Lids, up: bool) -> Array:
    u = _columns()
    closed = -0.52 * OPENING_H_M * _arc(u, 2.0)
    if up:
        rest = 0.73 * OPENING_H_M * _arc(u, 2.3)
        slanted = rest - OPENING_H_M * _arc(u, 2.0) * lids.slant * (0.30 - 0.42 * u)
        return slanted + lids.upper * (closed - rest)
    rest = -0.83 * OPENING_H_M * _arc(u, 2.2)
    return rest + lids.lower * (closed - rest)


def patch(lids: Lids, up: bool) -> Array:
    """Return the left eye's upper or lower lid, row by row from the rim to the edge and around it."""
    u = _columns()
    x, y_rim = rim(up)[:, 0], rim(up)[:, 1]
    _, y_edge = _xy(u, _edge(lids, up))
    rows = []
    for k in range(SKIN_ROWS):
        share = k / (SKIN_ROWS - 1)
        y = y_rim + share * (y_edge - y_rim)
        # The upper lid stands a little further out: where both are half closed by feeling and close, it covers the lower one.
        lift = 0.0006 * np.sin(np.pi * share) + (0.0021 if up else 0.0004) * share
        rows.append(np.stack([x, y, depth(x, y) + lift * _arc(u, 2.0)], axis=1))
    sign = 1.0 if up else -1.0
    thick = _arc(u, 2.0) * (0.0042 + 0.0016 * u if up else 0.0012 + 0.0 * u)
    front = rows[-1] + np.stack([0.0 * u, sign * 0.35 * thick, 0.0012 * _arc(u, 2.0)], axis=1)
    if up:  # the lash leaves the corner outwards
        front[-2:, 0] += (0.0010, 0.0036)
        front[-2:, 1] += (0.0006, 0.0022)
        front[-1, 2] += 0.0016
    below = front - np.stack([0.0 * u, sign * thick, 0.0004 * _arc(u, 2.0)], axis=1)
    if up:
        below[-1, 1] -= 0.0026
    back = rows[-1] - np.stack([0.0 * u, sign * 0.4 * thick, 0.0065 * _arc(u, 2.0)], axis=1)
    return np.concatenate([*rows, front, below, back])


def add(mesh: Mesh, at: Array, head: int, part: int) -> dict[tuple[str, bool], slice]:
    """Add the lids of both eyes; return their vertices by side and whether it is the upper one."""
    added = {}
    for side, x in (("Left", 1.0), ("Right", -1.0)):
        for up in (True, False):
            points = patch(Lids(), up) * [x, 1, 1] + at
            rows = len(points) // COLUMNS
            edge = palette.LASH if up else palette.blend(palette.LID, palette.LIP_LINE, 0.55)
            shades = [palette.blend(palette.FACE, palette.LID, k / (SKIN_ROWS - 1)) for k in range(SKIN_ROWS)]
            colors = [c for c in [*shades, *[edge] * (rows - SKIN_ROWS)] for _ in range(COLUMNS)]
            triangles = grid(rows, COLUMNS, closed=False)
            if (x > 0) == up:
                triangles = triangles[:, ::-1]
            skin = (triangles < SKIN_ROWS * COLUMNS).all(axis=1)
            lash = (triangles >= SKIN_ROWS * COLUMNS).all(axis=1)
            bones = [[(head, 1.0)]] * len(points)
            added[side, up] = mesh.add(
                points, triangles[skin | lash], colors, bones, part, normals=_normals(up, len(points)) * [x, 1, 1]
            )
    return added


def _normals(up: bool, count: int) -> Array:
    """Return the skin's normals: those of the socket at the rim, forward at the edge, as suits a lid that comes down."""
    at = normals(sphere(*rim(up).T))
    forward = np.array([0.16, 0.20 if up else -0.06, 0.97])
    rows = [at + (forward - at) * min(1.0, 1.2 * k / (SKIN_ROWS - 1)) for k in range(SKIN_ROWS)]
    known = normalised(np.concatenate(rows))
    return np.concatenate([known, np.full((count - len(known), 3), np.nan)])


def moved(lids: Lids, side: str, up: bool) -> Array:
    """Return how a lid's vertices move from rest."""
    return (patch(lids, up) - patch(Lids(), up)) * [1.0 if side == "Left" else -1.0, 1, 1]
