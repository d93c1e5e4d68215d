"""The headset that says this person is a machine: a pod on each ear, a band over the hair, one small antenna."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Mesh, Ring, by, smooth
from avatar.character.skeleton import NUMBER, place, unit
from avatar.character.surface import CENTRE, RADII

POD = np.array([0.1265, 0.082, -0.008])
"""Middle of the left pod from the head joint."""


def build(mesh: Mesh) -> None:
    """Add pods, band and antenna."""
    for x in (1.0, -1.0):
        _pod(mesh, x)
    _band(mesh)
    _antenna(mesh)


def _pod(mesh: Mesh, x: float) -> None:
    middle = place("head") + POD * [x, 1, 1]

    def ring(out: float, r: float, color: int) -> Ring:
        return Ring(by(middle, x * out), (0, r * 1.1, 0), (0, 0, r), color, [(NUMBER["head"], 1.0)])

    white, accent, joint = palette.SHELL, palette.ACCENT, palette.JOINT
    mesh.tube([ring(-0.03, 0.031, joint), ring(0.003, 0.0335, joint), ring(0.0065, 0.028, joint)], 14)
    mesh.tube(
        [
            ring(0.002, 0.029, white), ring(0.012, 0.0285, white), ring(0.0170, 0.0245, white), ring(0.0172, 0.0185, white),
            ring(0.0172, 0.0185, accent), ring(0.0194, 0.0120, accent), ring(0.0202, 0.0003, accent),
        ],
        14,
    )  # fmt: skip


def _band(mesh: Mesh) -> None:
    head = [(NUMBER["head"], 1.0)]
    rings = []
    for k in range(15):
        angle = -1.56 + 3.12 * k / 14  # from the right pod over the crown to the left one
        r = np.array([RADII[0] + 0.0105, RADII[1] + 0.0245])
        box = (abs(np.sin(angle)) ** 2.3 + abs(np.cos(angle)) ** 2.3) ** (-1 / 2.3)
        top = smooth(float(np.cos(angle)))
        across, high = r * [np.sin(angle), np.cos(angle)] * box
        centre = by(place("head"), across, CENTRE[1] + high, POD[2] + 0.004 * top)
        out = unit([np.sin(angle) / r[0], np.cos(angle) / r[1], 0])
        rings.append(Ring(centre, (0, 0, 0.0115 + 0.0025 * top), out * 0.0046, palette.SHELL, head, 2.8))
    mesh.tube(rings, 6)


def _antenna(mesh: Mesh) -> None:
    head = [(NUMBER["head"], 1.0)]
    foot = place("head") + POD + [0.0125, 0.016, -0.006]
    tip = foot + np.array([0.016, 0.066, -0.022])

    def ring(s: float, r: float, color: int) -> Ring:
        bend = np.array([0.006, 0, 0]) * 4 * s * (1 - s)
        return Ring(foot + (tip - foot) * s + bend, (r, 0, 0), (0, 0, r), color, head)

    white, joint = palette.SHELL, palette.JOINT
    mesh.tube(
        [
            ring(0, 0.0065, white),
            ring(0.22, 0.0055, white),
            ring(0.25, 0.0034, joint),
            ring(0.6, 0.0028, joint),
            ring(1.0, 0.0026, joint),
        ],
        6,
    )
    mesh.ball(tip, (0.0090, 0.0090, 0.0090), palette.ACCENT, head, 8, 6)
