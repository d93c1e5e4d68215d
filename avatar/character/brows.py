"""Brows: soft bars that slide over the forehead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Mesh, grid
from avatar.character.surface import depth

STEPS = 11
SIDES = 6


@dataclass(frozen=True)
class Brow:
    """How far a brow's inner end, arch and outer end are raised, and how far it is drawn to the nose (metres)."""

    inner_m: float = 0.0
    arch_m: float = 0.0
    outer_m: float = 0.0
    knit_m: float = 0.0


def place(brow: Brow) -> Array:
    """Return the left brow's vertices."""
    s = np.arange(STEPS) / (STEPS - 1)
    x = 0.0195 + 0.0530 * s - brow.knit_m * (1 - s)
    y = 0.1285 + 0.0085 * np.sin(np.pi * (0.12 + 0.68 * s)) - 0.0030 * s * s
    y = y + brow.inner_m * (1 - s) ** 2 + brow.arch_m * 2 * s * (1 - s) * 1.4 + brow.outer_m * s**2
    half = 0.0056 * np.minimum(1.0, (0.30 + 3.2 * s)) * (1.0 - 0.62 * s**1.6) * np.where((s == 0) | (s == 1), 0.25, 1.0)
    slope = np.gradient(y, x)
    nx, ny = -slope / np.hypot(1, slope), 1 / np.hypot(1, slope)
    rows = []
    for k in range(SIDES):
        angle = 2 * np.pi * (k + 0.5) / SIDES
        off = half * np.cos(angle)
        px, py = x + nx * off, y + ny * off
        rows.append(np.stack([px, py, depth(px, py) + 0.0006 + 0.55 * half * np.sin(angle)], axis=1))
    return np.stack(rows, axis=1).reshape(-1, 3)


def add(mesh: Mesh, at: Array, head: int) -> dict[str, slice]:
    """Add both brows; return their vertices by side."""
    added = {}
    for side, x in (("Left", 1.0), ("Right", -1.0)):
        points = place(Brow()) * [x, 1, 1]
        triangles = grid(STEPS, SIDES, closed=True)
        ends = [[0, k + 1, k] for k in range(1, SIDES - 1)] + [
            [(STEPS - 1) * SIDES, (STEPS - 1) * SIDES + k, (STEPS - 1) * SIDES + k + 1] for k in range(1, SIDES - 1)
        ]
        triangles = np.concatenate([triangles, np.array(ends)])
        if x < 0:
            triangles = triangles[:, ::-1]
        count = len(points)
        added[side] = mesh.add(points + at, triangles, [palette.BROW] * count, [[(head, 1.0)]] * count)
    return added


def moved(brow: Brow, side: str) -> Array:
    """Return how a brow's vertices move from rest."""
    return (place(brow) - place(Brow())) * [1.0 if side == "Left" else -1.0, 1, 1]
