"""Bones of the character: the wire's 22 joints with the same offsets, two eyes, and three bones a finger.

Names are VRM 1.0 humanoid bones. Offsets are metres from the parent in the T-pose, where every bone's axes are the world's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

HAND_M = 0.17
"""Wrist to fingertip."""
EYE_AT = (0.0450, 0.0885, 0.0785)
"""The left eye's centre of rotation from the head joint."""

_SPINE: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("hips", "", (0.0, 0.93, 0.0)),
    ("spine", "hips", (0.0, 0.08, -0.005)),
    ("chest", "spine", (0.0, 0.12, -0.005)),
    ("upperChest", "chest", (0.0, 0.13, 0.0)),
    ("neck", "upperChest", (0.0, 0.16, -0.005)),
    ("head", "neck", (0.0, 0.085, 0.015)),
)
_SIDE: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("Shoulder", "upperChest", (0.03, 0.115, -0.005)),
    ("UpperArm", "Shoulder", (0.14, 0.0, 0.0)),
    ("LowerArm", "UpperArm", (0.27, 0.0, 0.0)),
    ("Hand", "LowerArm", (0.245, 0.0, 0.0)),
    ("UpperLeg", "hips", (0.09, -0.03, 0.0)),
    ("LowerLeg", "UpperLeg", (0.0, -0.42, 0.0)),
    ("Foot", "LowerLeg", (0.0, -0.4, 0.0)),
    ("Toes", "Foot", (0.0, -0.055, 0.13)),
    ("Eye", "head", EYE_AT),
)


@dataclass(frozen=True, slots=True)
class Finger:
    """A left finger: where it begins from the wrist, its direction, the lengths of its three parts, its radius (metres)."""

    name: str
    start: tuple[float, float, float]
    direction: tuple[float, float, float]
    lengths: tuple[float, float, float]
    radius: float
    joints: tuple[str, str, str] = ("Proximal", "Intermediate", "Distal")


FINGERS: tuple[Finger, ...] = (
    Finger("Thumb", (0.020, -0.008, 0.024), (0.70, -0.18, 0.69), (0.040, 0.031, 0.028), 0.0120,
           ("Metacarpal", "Proximal", "Distal")),
    Finger("Index", (0.084, 0.0, 0.0275), (0.995, 0.0, 0.10), (0.036, 0.024, 0.020), 0.0103),
    Finger("Middle", (0.087, 0.001, 0.0092), (1.0, 0.0, 0.02), (0.039, 0.026, 0.021), 0.0106),
    Finger("Ring", (0.085, 0.0, -0.0092), (0.998, 0.0, -0.06), (0.036, 0.024, 0.020), 0.0101),
    Finger("Little", (0.080, -0.002, -0.0265), (0.990, 0.0, -0.14), (0.029, 0.019, 0.017), 0.0089),
)  # fmt: skip


def unit(vector: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the vector with length 1."""
    array = np.asarray(vector, dtype=np.float64)
    scaled: npt.NDArray[np.float64] = array / np.sqrt((array * array).sum())
    return scaled


@dataclass(frozen=True, slots=True)
class Bone:
    """One bone: its VRM name, its parent's number (-1 for the hips), its offset from there and its place in the T-pose."""

    name: str
    parent: int
    offset: tuple[float, float, float]
    place: tuple[float, float, float]


def _make() -> tuple[Bone, ...]:
    bones: list[Bone] = []
    number: dict[str, int] = {}

    def add(name: str, parent: str, offset: npt.ArrayLike) -> None:
        exact = np.round(np.asarray(offset, dtype=np.float64), 6)
        at = number.get(parent, -1)
        place = exact + (np.array(bones[at].place) if at >= 0 else 0.0)
        number[name] = len(bones)
        bones.append(Bone(name, at, tuple(exact.tolist()), tuple(np.round(place, 6).tolist())))

    for name, parent, offset in _SPINE:
        add(name, parent, offset)
    for side, x in (("left", 1.0), ("right", -1.0)):
        mirror = np.array([x, 1.0, 1.0])
        for name, parent, offset in _SIDE:
            add(side + name, parent if parent in number else side + parent, mirror * np.array(offset))
        for finger in FINGERS:
            step = np.array(finger.start)
            parent = side + "Hand"
            for joint, length in zip(finger.joints, finger.lengths, strict=True):
                name = f"{side}{finger.name}{joint}"
                add(name, parent, mirror * step)
                parent, step = name, unit(finger.direction) * length
    return tuple(bones)


BONES = _make()
NUMBER = {bone.name: index for index, bone in enumerate(BONES)}


def place(name: str) -> npt.NDArray[np.float64]:
    """Return where a bone's joint is in the T-pose."""
    return np.array(BONES[NUMBER[name]].place)
