"""Hands: a palm with a ball of the thumb, and five fingers whose three joints bend smoothly."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Bones, Mesh, Ring, by, smooth
from avatar.character.skeleton import FINGERS, NUMBER, Finger, place, unit

SIDES = (("left", 1.0), ("right", -1.0))


def build(mesh: Mesh) -> None:
    """Add both hands."""
    for side, x in SIDES:
        _palm(mesh, side, x)
        for finger in FINGERS:
            _finger(mesh, side, x, finger)


def _palm(mesh: Mesh, side: str, x: float) -> None:
    wrist = place(f"{side}Hand")
    hand, arm = NUMBER[f"{side}Hand"], NUMBER[f"{side}LowerArm"]

    def ring(d: float, wide: float, thick: float, z: float = 0.0, y: float = 0.0) -> Ring:
        share = smooth((d + 0.022) / 0.034)
        bones: Bones = [(arm, 1 - share), (hand, share)]
        return Ring(by(wrist, x * d, y, z), (0, thick, 0), (0, 0, wide), palette.FACE, bones, 2.5)

    mesh.tube(
        [
            ring(-0.040, 0.0205, 0.0195), ring(-0.016, 0.0210, 0.0185), ring(0.002, 0.0240, 0.0172), ring(0.020, 0.0325, 0.017, 0.002),
            ring(0.045, 0.0385, 0.0160, 0.001), ring(0.068, 0.0395, 0.0140), ring(0.082, 0.0375, 0.0118), ring(0.089, 0.033, 0.0085),
            ring(0.092, 0.022, 0.004), ring(0.0925, 0.0005, 0.0005),
        ],
        12,
    )  # fmt: skip
    thumb = FINGERS[0]
    base = wrist + np.array(thumb.start) * [x, 1, 1]
    along = unit(np.array(thumb.direction) * [x, 1, 1])
    mesh.ball(base - along * 0.001 + [0, 0.001, -0.004], (0.0200, 0.0140, 0.0150), palette.FACE, [(hand, 1)], 9, 5)


def _finger(mesh: Mesh, side: str, x: float, finger: Finger) -> None:
    along = unit(np.array(finger.direction) * [x, 1, 1])
    start = place(f"{side}{finger.name}{finger.joints[0]}")
    numbers = [NUMBER[f"{side}Hand"], *(NUMBER[f"{side}{finger.name}{joint}"] for joint in finger.joints)]
    ends = np.cumsum([0.0, *finger.lengths])
    up = unit(np.cross(along, [0, 0, 1]) if finger.name != "Thumb" else [-along[2] * 0.2, 1, 0])
    across = unit(np.cross(along, up))
    up = np.cross(across, along)

    def bones_at(d: float) -> Bones:
        pairs = [(numbers[1], 1.0)]
        for k in (0, 1, 2):
            share = smooth((d - ends[k] + 0.006) / 0.012)
            if share > 0:
                pairs = [(numbers[k + 1], 1.0)] if share >= 1 else [(numbers[k], 1 - share), (numbers[k + 1], share)]
        return pairs if d > -0.006 else [(numbers[0], 1.0)]

    total = float(ends[3])
    r = finger.radius
    profile = [(-0.010, 0.78), (0.0, 0.99), (ends[1] * 0.5, 0.99)]
    for k in (1, 2):
        profile += [(ends[k] - 0.005, 1.0), (ends[k] + 0.005, 1.0)]
    profile += [(total - 1.25 * r, 0.94), (total - 0.6 * r, 0.80), (total - 0.18 * r, 0.48), (total, 0.02)]
    taper: Array = np.interp([d for d, _ in profile], [0, total], [1.06, 0.88])
    rings = [
        Ring(start + along * d, across * r * wide * t, up * r * wide * t * 0.96, palette.FACE, bones_at(d))
        for (d, wide), t in zip(profile, taper, strict=True)
    ]
    mesh.tube(rings, 7)
