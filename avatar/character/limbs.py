"""Arms and legs: rigid rounded pieces that meet in balls at the joints, so that nothing can fold or tear, however far an arm is raised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avatar.character.mesh import Array, Bones, Mesh, Ring, by, smooth
from avatar.character.palette import ACCENT, JACKET, JOINT, SHELL, TROUSERS
from avatar.character.skeleton import NUMBER, place, unit

Profile = Sequence[tuple[float, float, int]]
"""Place along the piece (a share of its length, or metres where said), radius, colour."""

_CAP: Profile = (
    (-0.047, 0.0005, SHELL), (-0.042, 0.0220, SHELL), (-0.030, 0.0370, SHELL), (-0.010, 0.0475, SHELL), (0.010, 0.0505, SHELL),
    (0.034, 0.0505, SHELL), (0.047, 0.0495, SHELL), (0.047, 0.0495, ACCENT), (0.055, 0.0485, ACCENT), (0.054, 0.0430, ACCENT),
)  # fmt: skip
"""Metres from the shoulder outwards. A ball about the joint: however the arm turns, it meets the yoke in the same way."""
_UPPER_ARM: Profile = (
    (0.06, 0.0400, JACKET), (0.14, 0.0452, JACKET), (0.30, 0.0445, JACKET), (0.60, 0.0405, JACKET), (0.84, 0.0378, JACKET),
    (0.905, 0.0374, JACKET), (0.915, 0.0245, JOINT),
)  # fmt: skip
_FOREARM: Profile = (
    (0.08, 0.0280, JOINT), (0.09, 0.0375, SHELL), (0.20, 0.0425, SHELL), (0.40, 0.0420, SHELL), (0.62, 0.0365, SHELL),
    (0.74, 0.0345, SHELL), (0.74, 0.0358, ACCENT), (0.80, 0.0350, ACCENT), (0.80, 0.0336, SHELL), (0.885, 0.0325, SHELL),
    (0.905, 0.0312, SHELL),
    (0.900, 0.0270, SHELL), (0.890, 0.0255, JOINT), (0.870, 0.0130, JOINT),
)  # fmt: skip
_THIGH: Profile = (
    (-0.17, 0.0010, TROUSERS), (-0.16, 0.0300, TROUSERS), (-0.12, 0.0560, TROUSERS), (-0.05, 0.0730, TROUSERS), (0.02, 0.0775, TROUSERS),
    (0.30, 0.0750, TROUSERS), (0.70, 0.0650, TROUSERS), (1.00, 0.0575, TROUSERS), (1.08, 0.0450, TROUSERS), (1.13, 0.0010, TROUSERS),
)  # fmt: skip
_SHIN: Profile = (
    (-0.13, 0.0010, TROUSERS), (-0.09, 0.0420, TROUSERS), (0.00, 0.0570, TROUSERS), (0.25, 0.0560, TROUSERS), (0.56, 0.0500, TROUSERS),
    (0.57, 0.0520, ACCENT), (0.575, 0.0560, ACCENT), (0.62, 0.0565, ACCENT), (0.62, 0.0565, SHELL),
    (0.80, 0.0520, SHELL), (1.02, 0.0480, SHELL),
)  # fmt: skip
_BOOT = (
    (-0.083, 0.004, 0.045), (-0.080, 0.026, 0.075), (-0.062, 0.044, 0.108), (-0.020, 0.051, 0.125), (0.025, 0.052, 0.116),
    (0.070, 0.054, 0.094), (0.110, 0.057, 0.080), (0.150, 0.055, 0.070), (0.180, 0.045, 0.060),
    (0.198, 0.027, 0.047), (0.203, 0.004, 0.035),
)  # fmt: skip
"""How far in front of the ankle, half a width, height."""


def build(mesh: Mesh) -> None:
    """Add arms and legs, without hands."""
    for side, x in (("left", 1.0), ("right", -1.0)):
        _arm(mesh, side, x)
        _leg(mesh, side)


def _rod(mesh: Mesh, start: Array, end: Array, profile: Profile, bone: int, segments: int) -> None:
    """Add a round piece between two points."""
    axis = unit(end - start)
    side = unit(np.cross([0, 1, 0] if abs(axis[1]) < 0.9 else [0, 0, 1], axis))
    other = np.cross(axis, side)
    rings = [Ring(start + (end - start) * s, side * r, other * r, color, [(bone, 1.0)]) for s, r, color in profile]
    mesh.tube(rings, segments)


def _arm(mesh: Mesh, side: str, x: float) -> None:
    upper, lower = NUMBER[f"{side}UpperArm"], NUMBER[f"{side}LowerArm"]
    shoulder, elbow, wrist = (place(side + name) for name in ("UpperArm", "LowerArm", "Hand"))
    mesh.tube([Ring(by(shoulder, x * d), (0, r, 0), (0, 0, r), color, [(upper, 1.0)]) for d, r, color in _CAP], 16)
    _rod(mesh, shoulder, elbow, _UPPER_ARM, upper, 13)
    mesh.ball(elbow, (0.0345, 0.0345, 0.0345), JOINT, [(upper, 1.0)], 12, 7)
    _rod(mesh, elbow, wrist, _FOREARM, lower, 13)


def _leg(mesh: Mesh, side: str) -> None:
    hip, knee, ankle = (place(side + name) for name in ("UpperLeg", "LowerLeg", "Foot"))
    foot, toes = NUMBER[f"{side}Foot"], NUMBER[f"{side}Toes"]
    _rod(mesh, hip, knee, _THIGH, NUMBER[f"{side}UpperLeg"], 12)
    _rod(mesh, knee, ankle, _SHIN, NUMBER[f"{side}LowerLeg"], 12)

    def across(z: float, wide: float, top: float, low: float, color: int) -> Ring:
        share = smooth((z - 0.1) / 0.06)
        bones: Bones = [(foot, 1 - share), (toes, share)]
        return Ring((ankle[0], (top + low) / 2, ankle[2] + z), (wide, 0, 0), (0, (top - low) / 2, 0), color, bones, 2.7)

    mesh.tube([across(z, wide, top, 0.012, SHELL) for z, wide, top in _BOOT], 12, caps=True)
    mesh.tube([across(1.05 * z, wide + 0.003, 0.020, 0.0, JOINT) for z, wide, _ in _BOOT[1:-1]], 10, caps=True)
