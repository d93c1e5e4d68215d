"""The body: jacket, trousers, arms with a ball in each shoulder and elbow, boots. One mesh, skinned to the skeleton."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Bones, Mesh, Ring, smooth
from avatar.character.skeleton import NUMBER, place, unit

SIDES = (("left", 1.0), ("right", -1.0))


def build(mesh: Mesh) -> None:
    """Add all but hands and head."""
    _torso(mesh)
    _neck(mesh)
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


def _torso(mesh: Mesh) -> None:
    h = place("hips")[1]

    def ring(y: float, a: float, b: float, color: int, z: float = 0.0, square: float = 2.3) -> Ring:
        return Ring((0, y, z), (a, 0, 0), (0, 0, b), color, _spine_at(y), square)

    trousers, jacket, dark, trim = palette.TROUSERS, palette.JACKET, palette.JACKET_DARK, palette.TRIM
    mesh.tube(
        [
            ring(h - 0.105, 0.001, 0.001, trousers), ring(h - 0.1, 0.05, 0.045, trousers), ring(h - 0.08, 0.1, 0.08, trousers),
            ring(h - 0.04, 0.141, 0.103, trousers), ring(h, 0.151, 0.11, trousers), ring(h + 0.05, 0.145, 0.105, trousers),
        ],
        24,
    )  # fmt: skip
    mesh.tube(
        [
            ring(h + 0.03, 0.14, 0.1, dark), ring(h - 0.03, 0.165, 0.122, dark), ring(h - 0.04, 0.172, 0.128, dark),
            ring(h - 0.036, 0.176, 0.131, trim), ring(h - 0.012, 0.173, 0.129, trim), ring(h - 0.012, 0.173, 0.129, jacket),
            ring(h + 0.06, 0.152, 0.116, jacket), ring(h + 0.13, 0.138, 0.107, jacket), ring(h + 0.2, 0.14, 0.108, jacket),
            ring(h + 0.28, 0.155, 0.113, jacket), ring(h + 0.35, 0.168, 0.114, jacket, -0.002), ring(h + 0.405, 0.172, 0.106, jacket, -0.005),
            ring(h + 0.442, 0.162, 0.095, jacket, -0.007), ring(h + 0.468, 0.135, 0.083, jacket, -0.007), ring(h + 0.484, 0.1, 0.074, jacket, -0.006),
            ring(h + 0.494, 0.075, 0.067, jacket, -0.004), ring(h + 0.5, 0.066, 0.064, trim, -0.002), ring(h + 0.516, 0.062, 0.062, trim, 0.0),
            ring(h + 0.52, 0.056, 0.056, trim), ring(h + 0.505, 0.05, 0.05, trim),
        ],
        28,
    )  # fmt: skip


def _neck(mesh: Mesh) -> None:
    n = place("neck")[1]
    chest, neck, head = NUMBER["upperChest"], NUMBER["neck"], NUMBER["head"]

    def ring(y: float, r: float, bones: Bones, z: float = 0.0) -> Ring:
        return Ring((0, y, z), (r, 0, 0), (0, 0, r), palette.JOINT, bones)

    mesh.tube(
        [
            ring(n - 0.03, 0.045, [(chest, 1)]), ring(n, 0.043, [(chest, 0.5), (neck, 0.5)]), ring(n + 0.025, 0.042, [(neck, 1)], 0.003),
            ring(n + 0.05, 0.042, [(neck, 0.6), (head, 0.4)], 0.006), ring(n + 0.085, 0.046, [(head, 1)], 0.01),
        ],
        16,
    )  # fmt: skip


def capsule(mesh: Mesh, p: Array, q: Array, rp: float, rq: float, color: int, bone: int, segments: int = 16) -> None:
    """Add a rod with round ends."""
    axis = unit(q - p)
    side = unit(np.cross([0, 1, 0] if abs(axis[1]) < 0.9 else [0, 0, 1], axis))
    other = np.cross(axis, side)
    rings = []
    for end, r, angles in ((p, rp, np.linspace(-1, 0, 5)), (q, rq, np.linspace(0, 1, 5))):
        for a in angles:
            wide = max(r * float(np.cos(a * np.pi / 2)), 1e-4)
            rings.append(Ring(end + axis * r * np.sin(a * np.pi / 2), side * wide, other * wide, color, [(bone, 1)]))
    mesh.tube(rings, segments)


def _arm(mesh: Mesh, side: str, x: float) -> None:
    shoulder, elbow, wrist = (place(side + name) for name in ("UpperArm", "LowerArm", "Hand"))
    upper, lower = NUMBER[f"{side}UpperArm"], NUMBER[f"{side}LowerArm"]
    mesh.ball(shoulder - [x * 0.006, 0.004, 0], (0.058, 0.058, 0.058), palette.JACKET, [(upper, 0.7), (NUMBER[f"{side}Shoulder"], 0.3)], 18, 10)
    capsule(mesh, shoulder + [x * 0.02, 0, 0], elbow, 0.052, 0.041, palette.JACKET, upper)
    capsule(mesh, elbow, wrist - [x * 0.045, 0, 0], 0.0405, 0.034, palette.JACKET, lower)
    capsule(mesh, wrist - [x * 0.05, 0, 0], wrist - [x * 0.03, 0, 0], 0.0365, 0.0365, palette.TRIM, lower)


def _leg(mesh: Mesh, side: str) -> None:
    hip, knee, ankle = (place(side + name) for name in ("UpperLeg", "LowerLeg", "Foot"))
    foot, toes = NUMBER[f"{side}Foot"], NUMBER[f"{side}Toes"]
    capsule(mesh, hip, knee, 0.08, 0.056, palette.TROUSERS, NUMBER[f"{side}UpperLeg"])
    capsule(mesh, knee, ankle + [0, 0.05, 0], 0.0555, 0.047, palette.TROUSERS, NUMBER[f"{side}LowerLeg"])

    def sole(z: float, wide: float, top: float) -> Ring:
        share = smooth((z - 0.1) / 0.06)
        bones: Bones = [(foot, 1 - share), (toes, share)]
        return Ring((ankle[0], top / 2, ankle[2] + z), (wide, 0, 0), (0, top / 2, 0), palette.SHELL, bones, 2.6)

    mesh.tube(
        [
            sole(-0.085, 0.001, 0.02), sole(-0.082, 0.025, 0.06), sole(-0.06, 0.042, 0.1), sole(-0.02, 0.048, 0.115), sole(0.02, 0.048, 0.11),
            sole(0.06, 0.05, 0.09), sole(0.1, 0.053, 0.075), sole(0.14, 0.053, 0.066), sole(0.175, 0.045, 0.054), sole(0.195, 0.028, 0.04),
            sole(0.2, 0.001, 0.02),
        ],
        16,
    )  # fmt: skip
