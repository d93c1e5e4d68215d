"""Sculpted hair: a cap, and locks that sweep over it from a parting to the forehead, the temples and the nape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from avatar.character import palette
from avatar.character.mesh import Array, Mesh, Ring, grid
from avatar.character.skeleton import NUMBER, place, unit
from avatar.character.surface import shell

ROWS, COLUMNS = 11, 28
TILT_RAD = 0.42
"""The crown's whorl is this far behind the top of the head."""

LOCKS: tuple[tuple[tuple[tuple[float, float], ...], float, float], ...] = (
    # Path as (direction, distance from the whorl) in radians, half a width and a thickness in metres. Direction 0 is ahead, pi/2 left.
    (((-0.62, 0.55), (-0.25, 1.02), (0.45, 1.36), (1.08, 1.62)), 0.030, 0.016),
    (((-0.60, 0.62), (-0.30, 1.12), (0.22, 1.46), (0.72, 1.66)), 0.025, 0.014),
    (((-0.60, 0.70), (-0.42, 1.16), (-0.10, 1.46), (0.24, 1.64)), 0.022, 0.013),
    (((-0.66, 0.66), (-0.72, 1.10), (-0.72, 1.42), (-0.50, 1.63)), 0.020, 0.012),
    (((-0.70, 0.60), (-0.95, 1.05), (-1.06, 1.42), (-1.05, 1.70)), 0.023, 0.013),
    (((1.00, 1.05), (1.22, 1.45), (1.33, 1.76), (1.30, 2.02)), 0.016, 0.009),
    (((-1.00, 1.05), (-1.22, 1.45), (-1.33, 1.76), (-1.30, 2.02)), 0.016, 0.009),
    (((2.25, 1.25), (2.25, 1.60), (2.20, 1.92), (2.10, 2.16)), 0.030, 0.011),
    (((-2.25, 1.25), (-2.25, 1.60), (-2.20, 1.92), (-2.10, 2.16)), 0.030, 0.011),
    (((2.80, 1.25), (2.80, 1.60), (2.76, 1.95), (2.66, 2.22)), 0.030, 0.012),
    (((-2.80, 1.25), (-2.80, 1.60), (-2.82, 1.95), (-2.94, 2.24)), 0.032, 0.012),
)


def build(mesh: Mesh) -> None:
    """Add the hair."""
    _cap(mesh)
    for path, half_m, thick_m in LOCKS:
        _lock(mesh, path, half_m, thick_m)


def direction(phi: npt.ArrayLike, theta: npt.ArrayLike) -> Array:
    """Return directions from the head's centre at angles around and away from the whorl."""
    up = np.array([0, np.cos(TILT_RAD), -np.sin(TILT_RAD)])
    ahead = np.array([0, np.sin(TILT_RAD), np.cos(TILT_RAD)])
    a, b = np.asarray(phi, float)[..., None], np.asarray(theta, float)[..., None]
    where: Array = np.cos(b) * up + np.sin(b) * (np.cos(a) * ahead + np.sin(a) * np.array([1.0, 0, 0]))
    return where


def from_whorl(directions: Array) -> Array:
    """Return how far directions are from the whorl, in radians."""
    return np.arccos(np.clip(directions @ direction(0.0, 0.0), -1, 1))


def _cap(mesh: Mesh) -> None:
    phi = 2 * np.pi * np.arange(COLUMNS) / COLUMNS
    signed = np.where(phi > np.pi, phi - 2 * np.pi, phi)
    reach = 1.60 - 0.26 * np.exp(-((signed / 0.95) ** 2)) + 0.42 * np.exp(-(((np.abs(signed) - np.pi) / 1.15) ** 4))
    rows, shades = [], []
    steps = [(i / (ROWS - 3), 1.0) for i in range(ROWS - 2)] + [(1.01, 0.5), (1.0, -0.2)]
    for share, thick in steps:
        where = direction(phi, share * reach)
        volume = 0.0095 + 0.006 * np.exp(-(((share - 0.35) / 0.4) ** 2))
        rows.append(shell(where, np.full(COLUMNS, volume * thick), relief=False))
        shade = 0.5 + 0.5 * np.cos(6 * signed + 3 * share)
        shades += [
            palette.blend(palette.HAIR, palette.HAIR_LIGHT, round(float(s) * 6) / 12)
            for s in shade * np.sin(np.pi * min(share, 1.0))
        ]
    points = np.concatenate(rows) + place("head")
    mesh.add(points, grid(len(rows), COLUMNS, closed=True)[:, ::-1], shades, [[(NUMBER["head"], 1.0)]] * len(points))


def _lock(mesh: Mesh, path: Sequence[tuple[float, float]], half_m: float, thick_m: float) -> None:
    """Add one lock: a flat tube that lies on the head and ends in a soft point."""
    s = np.array([0, 0.14, 0.3, 0.46, 0.62, 0.78, 0.91, 1.0])
    points = np.array(path)
    b = np.stack([(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s**2 * (1 - s), s**3], axis=1)
    curve = b @ points
    where = direction(curve[:, 0], curve[:, 1])
    wide = half_m * np.interp(s, [0, 0.12, 0.45, 0.75, 0.92, 1], [0.25, 0.72, 1.0, 0.78, 0.36, 0.02])
    thick = thick_m * np.interp(s, [0, 0.15, 0.5, 0.85, 1], [0.45, 0.85, 1.0, 0.75, 0.05])
    centre = shell(where, 0.006 + 0.30 * thick, relief=False) + place("head")
    along = np.gradient(centre, axis=0)
    rings = []
    for k in range(len(s)):
        out = unit(where[k])
        across = unit(np.cross(out, along[k]))
        color = palette.blend(
            palette.HAIR_LIGHT, palette.HAIR, round(abs(2 * float(s[k]) - 0.8) * 6) / 6 if s[k] < 0.9 else 1.0
        )
        rings.append(Ring(centre[k], across * wide[k], out * thick[k], color, [(NUMBER["head"], 1.0)]))
    mesh.tube(rings, 6)
