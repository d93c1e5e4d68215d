"""The trunk: a teal jacket under a light yoke, hips, neck, a lamp on the chest. Smooth tubes that bend with the spine."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from avatar.character.mesh import Bones, Mesh, Ring, by, grid, smooth
from avatar.character.palette import ACCENT, JACKET, JACKET_DARK, JOINT, SHELL, TRIM, TROUSERS
from avatar.character.skeleton import NUMBER, place, unit

Profile = Sequence[tuple[float, float, float, float, int]]
"""Height above the hips, half a width, half a depth, how far forward, colour."""

_HIPS: Profile = (
    (-0.088, 0.0010, 0.0010, 0.0, TROUSERS), (-0.082, 0.0250, 0.0300, 0.0, TROUSERS), (-0.055, 0.0600, 0.0550, 0.0, TROUSERS),
    (-0.010, 0.1200, 0.0780, 0.0, TROUSERS), (0.050, 0.1340, 0.1000, 0.0, TROUSERS),
)  # fmt: skip
_JACKET: Profile = (
    (0.040, 0.1380, 0.1030, 0.0, JACKET_DARK), (-0.008, 0.1580, 0.1180, 0.0, TRIM), (-0.014, 0.1640, 0.1230, 0.0, TRIM),
    (-0.009, 0.1670, 0.1255, 0.0, TRIM), (0.009, 0.1640, 0.1235, 0.0, TRIM), (0.009, 0.1640, 0.1235, 0.0, JACKET),
    (0.050, 0.1470, 0.1120, 0.0, JACKET), (0.100, 0.1300, 0.1000, -0.001, JACKET), (0.155, 0.1220, 0.0965, -0.002, JACKET),
    (0.210, 0.1270, 0.0990, -0.002, JACKET), (0.270, 0.1390, 0.1060, -0.002, JACKET), (0.330, 0.1510, 0.1095, -0.003, JACKET),
    (0.363, 0.1550, 0.1090, -0.004, JACKET),
)  # fmt: skip
_YOKE: Profile = (
    (0.361, 0.1530, 0.1070, -0.0040, ACCENT), (0.361, 0.1570, 0.1110, -0.0040, ACCENT), (0.370, 0.1580, 0.1112, -0.0045, ACCENT),
    (0.370, 0.1592, 0.1124, -0.0045, SHELL), (0.376, 0.1604, 0.1122, -0.0050, SHELL), (0.400, 0.1605, 0.1080, -0.0060, SHELL),
    (0.430, 0.1600, 0.1020, -0.0070, SHELL), (0.458, 0.1560, 0.0930, -0.0080, SHELL), (0.474, 0.1470, 0.0850, -0.0080, SHELL),
    (0.486, 0.1280, 0.0770, -0.0070, SHELL), (0.493, 0.0980, 0.0700, -0.0050, SHELL), (0.498, 0.0640, 0.0640, -0.0030, SHELL),
    (0.498, 0.0640, 0.0640, -0.0030, JACKET), (0.520, 0.0590, 0.0600, 0.0, JACKET), (0.524, 0.0560, 0.0570, 0.0, JACKET),
    (0.520, 0.0520, 0.0530, 0.0, JACKET_DARK), (0.500, 0.0500, 0.0500, 0.0, JACKET_DARK),
)  # fmt: skip


def build(mesh: Mesh) -> None:
    """Add the trunk and the neck."""
    h = place("hips")[1]
    for profile, segments in ((_HIPS, 14), (_JACKET, 20), (_YOKE, 20)):
        rings = [
            Ring((0, h + y, z), (a, 0, 0), (0, 0, b), color, _spine_at(h + y), 2.35) for y, a, b, z, color in profile
        ]
        mesh.tube(rings, segments)
    _closure(mesh, h)
    _lamp(mesh, h + 0.295)
    _neck(mesh)


def _spine_at(y: float) -> Bones:
    """Return the bones that move a height of the trunk: one, or two where they meet."""
    names = ("hips", "spine", "chest", "upperChest")
    pairs = [(NUMBER[names[0]], 1.0)]
    for below, above in itertools.pairwise(names):
        share = smooth((y - place(above)[1] + 0.055) / 0.11)
        if share > 0:
            pairs = [(NUMBER[above], 1.0)] if share >= 1 else [(NUMBER[below], 1 - share), (NUMBER[above], share)]
    return pairs


def _closure(mesh: Mesh, h: float) -> None:
    """A dark strip down the middle of the jacket."""
    rows = [(h + y, b + z) for y, _, b, z, color in _JACKET if color == JACKET]
    strip = ((-0.0052, -0.0010), (-0.0030, 0.0016), (0.0030, 0.0016), (0.0052, -0.0010))
    points = np.array([(x, y, front + out) for y, front in rows for x, out in strip])
    bones = [_spine_at(y) for y, _ in rows for _ in strip]
    mesh.add(points, grid(len(rows), len(strip), closed=False), [JACKET_DARK] * len(points), bones)


def _lamp(mesh: Mesh, y: float) -> None:
    """A small lamp on the chest."""
    bones = _spine_at(y)
    out = unit([0.36, 0.05, 0.93])
    across = unit(np.cross([0, 1, 0], out))
    up = np.cross(out, across)
    middle = np.array([0.066, y, 0.0955])
    profile = (
        (-0.0040, 0.0165, SHELL), (0.0025, 0.0160, SHELL), (0.0040, 0.0135, SHELL), (0.0036, 0.0112, SHELL),
        (0.0036, 0.0112, ACCENT), (0.0052, 0.0070, ACCENT), (0.0056, 0.0003, ACCENT),
    )  # fmt: skip
    mesh.tube([Ring(middle + out * forward, across * r, up * r, color, bones) for forward, r, color in profile], 14)


def _neck(mesh: Mesh) -> None:
    neck = place("neck")
    chest, middle, head = NUMBER["upperChest"], NUMBER["neck"], NUMBER["head"]
    profile: Sequence[tuple[float, float, float, Bones]] = (
        (-0.020, 0.0440, 0.014, [(chest, 1.0)]), (0.012, 0.0425, 0.015, [(chest, 0.4), (middle, 0.6)]),
        (0.030, 0.0420, 0.019, [(middle, 1.0)]), (0.050, 0.0425, 0.022, [(middle, 0.6), (head, 0.4)]),
        (0.090, 0.0480, 0.025, [(head, 1.0)]),
    )  # fmt: skip
    mesh.tube([Ring(by(neck, y=y, z=z), (r, 0, 0), (0, 0, r), JOINT, bones) for y, r, z, bones in profile], 14)
