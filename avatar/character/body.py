"""The body: a teal jacket under a white yoke, dark trousers, shoulder caps, forearm shells with a coral band, boots.

One smooth tube for the trunk, and rigid rounded pieces on the limbs that meet in balls at the joints: nothing can fold or tear, however far
an arm is raised.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Bones, Mesh, Ring, grid, smooth
from avatar.character.skeleton import NUMBER, place, unit

SIDES = (("left", 1.0), ("right", -1.0))


def build(mesh: Mesh) -> None:
    """Add all but hands and head."""
    _trunk(mesh)
    _zip(mesh)
    _neck(mesh)
    _badge(mesh)
    for side, x in SIDES:
        _arm(mesh, side, x)
        _leg(mesh, side)


def _spine_at(y: float) -> Bones:
    names = ("hips", "spine", "chest", "upperChest")
    pairs = [(NUMBER[names[0]], 1.0)]
    for below, above in zip(names, names[1:], strict=False):
        share = smooth((y - place(above)[1] + 0.055) / 0.11)
        if share > 0:
            pairs = [(NUMBER[above], 1.0)] if share >= 1 else [(NUMBER[below], 1 - share), (NUMBER[above], share)]
    return pairs


Profile = Sequence[tuple[float, float, float, float, int]]
"""Height above the hips, half a width, half a depth, how far forward, colour."""

_HIPS: Profile = (
    (-0.088, 0.001, 0.001, 0.0, palette.TROUSERS), (-0.082, 0.025, 0.030, 0.0, palette.TROUSERS), (-0.055, 0.060, 0.055, 0.0, palette.TROUSERS),
    (-0.01, 0.120, 0.078, 0.0, palette.TROUSERS), (0.05, 0.134, 0.1, 0.0, palette.TROUSERS),
)  # fmt: skip
_JACKET: Profile = (
    (0.040, 0.138, 0.103, 0.0, palette.JACKET_DARK), (-0.008, 0.158, 0.118, 0.0, palette.TRIM), (-0.014, 0.1640, 0.123, 0.0, palette.TRIM),
    (-0.009, 0.1670, 0.1255, 0.0, palette.TRIM), (0.009, 0.1640, 0.1235, 0.0, palette.TRIM), (0.009, 0.1640, 0.1235, 0.0, palette.JACKET),
    (0.05, 0.1480, 0.1125, 0.0, palette.JACKET), (0.10, 0.130, 0.0985, -0.001, palette.JACKET), (0.155, 0.122, 0.0965, -0.002, palette.JACKET),
    (0.21, 0.127, 0.099, -0.002, palette.JACKET), (0.27, 0.139, 0.106, -0.002, palette.JACKET), (0.33, 0.1510, 0.1095, -0.003, palette.JACKET),
    (0.363, 0.1550, 0.1090, -0.004, palette.JACKET),
)  # fmt: skip
_YOKE: Profile = (
    (0.361, 0.1530, 0.1070, -0.004, palette.ACCENT), (0.361, 0.1570, 0.1110, -0.004, palette.ACCENT), (0.370, 0.1580, 0.1112, -0.0045, palette.ACCENT),
    (0.370, 0.1592, 0.1124, -0.0045, palette.SHELL), (0.376, 0.1604, 0.1122, -0.005, palette.SHELL), (0.400, 0.1605, 0.1080, -0.006, palette.SHELL),
    (0.430, 0.1590, 0.1010, -0.007, palette.SHELL), (0.458, 0.1480, 0.0910, -0.008, palette.SHELL), (0.474, 0.1240, 0.0820, -0.007, palette.SHELL),
    (0.485, 0.0950, 0.0740, -0.006, palette.SHELL), (0.490, 0.0740, 0.0680, -0.004, palette.SHELL), (0.497, 0.0640, 0.0640, -0.003, palette.SHELL),
    (0.497, 0.0640, 0.0640, -0.003, palette.JACKET), (0.520, 0.0590, 0.0600, 0.0, palette.JACKET), (0.524, 0.0560, 0.0570, 0.0, palette.JACKET),
    (0.520, 0.0520, 0.0530, 0.0, palette.JACKET_DARK), (0.500, 0.0500, 0.0500, 0.0, palette.JACKET_DARK),
)  # fmt: skip


def _trunk(mesh: Mesh) -> None:
    h = place("hips")[1]
    for profile, segments in ((_HIPS, 14), (_JACKET, 20), (_YOKE, 20)):
        mesh.tube(
            [Ring((0, h + y, z), (a, 0, 0), (0, 0, b), color, _spine_at(h + y), 2.35) for y, a, b, z, color in profile],
            segments,
        )


def _zip(mesh: Mesh) -> None:
    """A closure down the middle of the jacket."""
    h = place("hips")[1]
    rows = [(y, b, z) for y, _, b, z, color in _JACKET[5:] if color == palette.JACKET]
    points, bones = [], []
    for y, b, z in rows:
        for x, out in ((-0.0052, -0.0010), (-0.0030, 0.0016), (0.0030, 0.0016), (0.0052, -0.0010)):
            points.append((x, h + y, z + b + out))
            bones.append(_spine_at(h + y))
    shades = [palette.JACKET_DARK] * len(points)
    mesh.add(np.array(points), grid(len(rows), 4, closed=False), shades, bones)


def _neck(mesh: Mesh) -> None:
    n = place("neck")[1]
    chest, neck, head = NUMBER["upperChest"], NUMBER["neck"], NUMBER["head"]

    def ring(y: float, r: float, bones: Bones, z: float = 0.0) -> Ring:
        return Ring((0, y, z), (r, 0, 0), (0, 0, r), palette.JOINT, bones)

    mesh.tube(
        [
            ring(n - 0.02, 0.044, [(chest, 1)]), ring(n + 0.012, 0.0425, [(chest, 0.4), (neck, 0.6)]), ring(n + 0.03, 0.042, [(neck, 1)], 0.004),
            ring(n + 0.05, 0.0425, [(neck, 0.6), (head, 0.4)], 0.007), ring(n + 0.09, 0.048, [(head, 1)], 0.010),
        ],
        14,
    )  # fmt: skip


def _badge(mesh: Mesh) -> None:
    """A small lamp on the chest."""
    y = place("hips")[1] + 0.295
    bones = _spine_at(y)
    out = unit([0.36, 0.05, 0.93])
    across = unit(np.cross([0, 1, 0], out))
    up = np.cross(out, across)
    middle = np.array([0.066, y, 0.0955])

    def ring(forward: float, r: float, color: int) -> Ring:
        return Ring(middle + out * forward, across * r, up * r, color, bones)

    mesh.tube(
        [
            ring(-0.004, 0.0165, palette.SHELL), ring(0.0025, 0.0160, palette.SHELL), ring(0.0040, 0.0135, palette.SHELL), ring(0.0036, 0.0112, palette.SHELL),
            ring(0.0036, 0.0112, palette.ACCENT), ring(0.0052, 0.0070, palette.ACCENT), ring(0.0056, 0.0003, palette.ACCENT),
        ],
        14,
    )  # fmt: skip


def rod(mesh: Mesh, start: Array, end: Array, profile: Sequence[tuple[float, float, int]], bone: int, segments: int) -> None:
    """Add a round piece between two points; the profile is (share of the way, radius, colour)."""
    axis = unit(end - start)
    side = unit(np.cross([0, 1, 0] if abs(axis[1]) < 0.9 else [0, 0, 1], axis))
    other = np.cross(axis, side)
    rings = [Ring(start + (end - start) * s, side * r, other * r, color, [(bone, 1.0)]) for s, r, color in profile]
    mesh.tube(rings, segments)


def _arm(mesh: Mesh, side: str, x: float) -> None:
    upper, lower = (NUMBER[side + name] for name in ("UpperArm", "LowerArm"))
    shoulder, elbow, wrist = (place(side + name) for name in ("UpperArm", "LowerArm", "Hand"))
    jacket, white, accent, joint = palette.JACKET, palette.SHELL, palette.ACCENT, palette.JOINT
    # The cap is a ball about the joint: however the arm turns, it meets the yoke in the same way.
    mesh.tube(
        [
            Ring(shoulder + [x * d, 0, 0], (0, r, 0), (0, 0, r * 1.02), color, [(upper, 1.0)])
            for d, r, color in (
                (-0.056, 0.0005, white), (-0.051, 0.0220, white), (-0.038, 0.0390, white), (-0.016, 0.0500, white),
                (0.008, 0.0525, white), (0.034, 0.0515, white), (0.050, 0.0495, white), (0.054, 0.0480, white), (0.052, 0.0430, white),
            )
        ],
        16,
    )  # fmt: skip
    rod(
        mesh, shoulder, elbow,
        ((0.06, 0.040, jacket), (0.14, 0.0452, jacket), (0.30, 0.0445, jacket), (0.60, 0.0405, jacket), (0.84, 0.0378, jacket), (0.905, 0.0374, jacket), (0.915, 0.030, joint)),
        upper, 13,
    )  # fmt: skip
    mesh.ball(elbow, (0.0345, 0.0345, 0.0345), joint, [(upper, 1.0)], 12, 7)
    rod(
        mesh, elbow, wrist,
        (
            (0.08, 0.028, joint), (0.09, 0.0375, white), (0.20, 0.0425, white), (0.40, 0.0420, white), (0.62, 0.0365, white), (0.74, 0.0345, white),
            (0.74, 0.0358, accent), (0.80, 0.0350, accent), (0.80, 0.0336, white), (0.885, 0.0325, white),
            (0.905, 0.0312, white), (0.900, 0.0270, white), (0.890, 0.0255, joint), (0.87, 0.0130, joint),
        ),
        lower, 13,
    )  # fmt: skip


def _leg(mesh: Mesh, side: str) -> None:
    hip, knee, ankle = (place(side + name) for name in ("UpperLeg", "LowerLeg", "Foot"))
    thigh, shin, foot, toes = (NUMBER[side + name] for name in ("UpperLeg", "LowerLeg", "Foot", "Toes"))
    cloth, white, accent, sole = palette.TROUSERS, palette.SHELL, palette.ACCENT, palette.JOINT
    rod(
        mesh, hip, knee,
        ((-0.17, 0.001, cloth), (-0.16, 0.030, cloth), (-0.12, 0.056, cloth), (-0.05, 0.073, cloth), (0.02, 0.0775, cloth), (0.3, 0.0750, cloth), (0.7, 0.0650, cloth), (1.0, 0.0575, cloth), (1.08, 0.045, cloth), (1.13, 0.001, cloth)),
        thigh, 12,
    )  # fmt: skip
    rod(
        mesh, knee, ankle,
        (
            (-0.13, 0.001, cloth), (-0.09, 0.042, cloth), (0.0, 0.0570, cloth), (0.25, 0.0560, cloth), (0.56, 0.0500, cloth),
            (0.57, 0.0520, accent), (0.575, 0.0560, accent), (0.62, 0.0565, accent), (0.62, 0.0565, white), (0.80, 0.0520, white), (0.93, 0.0500, white), (1.02, 0.047, white),
        ),
        shin, 12,
    )  # fmt: skip

    def slice_at(z: float, wide: float, top: float, low: float, color: int) -> Ring:
        share = smooth((z - 0.1) / 0.06)
        bones: Bones = [(foot, 1 - share), (toes, share)]
        return Ring((ankle[0], (top + low) / 2, ankle[2] + z), (wide, 0, 0), (0, (top - low) / 2, 0), color, bones, 2.7)

    outline = ((-0.083, 0.004, 0.045), (-0.080, 0.026, 0.075), (-0.062, 0.044, 0.108), (-0.02, 0.051, 0.125), (0.025, 0.052, 0.116), (0.07, 0.054, 0.094),
               (0.11, 0.057, 0.080), (0.15, 0.055, 0.070), (0.18, 0.045, 0.060), (0.198, 0.027, 0.047), (0.203, 0.004, 0.035))  # fmt: skip
    mesh.tube([slice_at(z, wide, top, 0.012, white) for z, wide, top in outline], 12, caps=True)
    mesh.tube([slice_at(z * 1.05, wide + 0.003, 0.020, 0.0, sole) for z, wide, _ in outline[1:-1]], 10, caps=True)
