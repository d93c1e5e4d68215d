"""The animator's controls: one float64 vector of 44 numbers that every layer shapes before inverse kinematics.

Why not joint rotations: hands move on straight or gently curved paths in space, feet stay planted whatever the hips do, and adding or
blending controls cannot break a joint. Angles are radians: pitch forward, yaw to the left, roll to the right. Each arm has
`ARM_SIZE` numbers in a frame where x is outwards for both arms; positions are shares of the arm's length from the shoulder joint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.kinematics import ELBOW_POLE, clamp_reach, two_bone
from motion.skeleton import ARM_M, FOREARM_M, UPPER_ARM_M

Vector = NDArray[np.float64]

HIPS_M: Final = slice(0, 3)
HIPS: Final = slice(3, 6)
SPINE: Final = slice(6, 9)
HEAD: Final = slice(9, 12)
SHOULDERS: Final = slice(12, 16)
"""Left elevation, left protraction, right elevation, right protraction."""
ARM_SIZE: Final = 14
LEFT: Final = slice(16, 16 + ARM_SIZE)
RIGHT: Final = slice(16 + ARM_SIZE, 16 + 2 * ARM_SIZE)
ARMS: Final = slice(16, 16 + 2 * ARM_SIZE)
SIZE: Final = 16 + 2 * ARM_SIZE

# Within one arm:
WRIST: Final = slice(0, 3)
SWIVEL: Final = 3
FOLLOW: Final = 4
"""0: the hand keeps its place in the room when the chest turns; 1: it goes along with the chest."""
TWIST: Final = 5
FLEX: Final = 6
DEVIATION: Final = 7
FINGERS: Final = slice(8, 14)
LATE: Final = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
"""How much each arm control trails behind the wrist: hand and fingers follow through."""

MAX_TWIST_RAD: Final = float(np.radians(85))
MAX_FLEX_RAD: Final = float(np.radians(70))
MAX_DEVIATION_RAD: Final = float(np.radians(28))

HAND_SHAPES: Final[dict[str, tuple[float, float, float, float, float, float]]] = {
    # thumb, index, middle, ring, little, spread
    "relaxed": (0.22, 0.22, 0.30, 0.36, 0.40, 0.20),
    "soft": (0.15, 0.12, 0.18, 0.22, 0.24, 0.30),
    "open": (0.05, 0.03, 0.05, 0.07, 0.08, 0.55),
    "flat": (0.12, 0.02, 0.02, 0.03, 0.05, 0.10),
    "cup": (0.25, 0.30, 0.34, 0.36, 0.38, 0.15),
    "fist": (0.75, 1.0, 1.0, 1.0, 1.0, 0.0),
    "loose_fist": (0.5, 0.68, 0.74, 0.78, 0.80, 0.05),
    "point": (0.65, 0.02, 0.90, 0.95, 0.95, 0.05),
    "two": (0.70, 0.02, 0.02, 0.95, 0.95, 0.45),
    "three": (0.70, 0.02, 0.02, 0.04, 0.95, 0.40),
    "four": (0.90, 0.02, 0.02, 0.03, 0.05, 0.55),
    "five": (0.0, 0.0, 0.0, 0.0, 0.0, 0.95),
    "pinch": (0.45, 0.52, 0.36, 0.32, 0.30, 0.15),
    "thumb": (0.0, 0.95, 0.98, 1.0, 1.0, 0.1),
}


@dataclass(frozen=True, slots=True)
class ArmShape:
    """Where an arm is and how its hand is held, as an animator would say it.

    Attributes:
        wrist: outwards, up, forward of the shoulder joint in shares of the arm's length.
        palm: direction that the palm faces (outwards, up, forward); the forearm twists as far as it can towards it.
        fingers: direction of the fingers, or None for a straight wrist.
        swivel_deg: raises the elbow outwards.
        hand: name in `HAND_SHAPES`.
        follow: see `FOLLOW`.
        flex_deg: wrist flexion (towards the palm) where `fingers` is None.
    """

    wrist: tuple[float, float, float]
    palm: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    fingers: tuple[float, float, float] | None = None
    swivel_deg: float = 0.0
    hand: str = "relaxed"
    follow: float = 0.6
    flex_deg: float = 0.0
    curls: tuple[float, ...] | None = field(default=None)

    def controls(self) -> Vector:
        """Resolve to arm controls [14].

        Raises:
            KeyError: the hand shape has no such name.
        """
        out = np.zeros(ARM_SIZE)
        out[WRIST] = clamp_reach(np.array(self.wrist), 1.0)
        out[SWIVEL] = np.radians(self.swivel_deg)
        out[FOLLOW] = self.follow
        frame = forearm_frame(out[WRIST], float(out[SWIVEL]))
        palm = frame.T @ np.array(self.palm)
        twist = float(np.arctan2(-palm[2], -palm[1]))
        out[TWIST] = np.clip(twist, -MAX_TWIST_RAD, MAX_TWIST_RAD)
        out[FLEX] = np.radians(self.flex_deg)
        if self.fingers is not None:
            turn = rot.exp(np.array([-out[TWIST], 0.0, 0.0]))
            along = rot.rotate(turn, frame.T @ rot.normalise(np.array(self.fingers)))
            out[FLEX] = np.clip(np.arcsin(np.clip(-along[1], -1.0, 1.0)), -MAX_FLEX_RAD, MAX_FLEX_RAD)
            out[DEVIATION] = np.clip(np.arctan2(along[2], along[0]), -MAX_DEVIATION_RAD, MAX_DEVIATION_RAD)
        out[FINGERS] = self.curls if self.curls is not None else HAND_SHAPES[self.hand]
        return out


def forearm_frame(wrist: Vector, swivel_rad: float) -> Vector:
    """Axes of an untwisted forearm [3, 3] as columns: along it, normal of the elbow's plane, thumb side."""
    upper, lower = np.array(UPPER_ARM_M / ARM_M), np.array(FOREARM_M / ARM_M)
    _, f, n = two_bone(np.asarray(wrist, dtype=np.float64), ELBOW_POLE, np.array(swivel_rad), upper, lower)
    return np.stack([f, n, rot.cross(f, n)], axis=-1)


HANGING: Final = ArmShape((0.13, -0.955, 0.085), palm=(-0.9, 0.0, -0.45), follow=0.3)
"""A relaxed arm at the side, elbow slightly bent."""
WAIST: Final = ArmShape((-0.08, -0.64, 0.44), palm=(-0.75, 0.1, -0.65), hand="relaxed", follow=0.8, swivel_deg=-10)
"""Hands in front of the waist: where speakers rest them between beats."""

KNEE_BEND_M: Final = 0.005
"""The hips hang this far below straight legs, so that knees are never locked."""


def neutral() -> Vector:
    """Controls [44] of the neutral standing pose."""
    out = np.zeros(SIZE)
    out[HIPS_M] = (0.0, -KNEE_BEND_M, 0.0)
    out[SPINE] = np.radians((1.0, 0.0, 0.0))
    out[LEFT] = HANGING.controls()
    out[RIGHT] = out[LEFT]
    return out


def mirrored(controls: Vector) -> Vector:
    """Return the controls of the mirror image."""
    out = controls.copy()
    out[0] = -out[0]
    for group in (HIPS, SPINE, HEAD):
        out[group.start + 1 : group.stop] *= -1.0
    out[12:14], out[14:16] = controls[14:16], controls[12:14]
    out[LEFT], out[RIGHT] = controls[RIGHT], controls[LEFT]
    return out


def body(
    head_deg: Sequence[float] = (0.0, 0.0, 0.0),
    spine_deg: Sequence[float] = (0.0, 0.0, 0.0),
    hips_deg: Sequence[float] = (0.0, 0.0, 0.0),
    hips_m: Sequence[float] = (0.0, 0.0, 0.0),
    shoulders_deg: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
) -> Vector:
    """An addition [44] to the trunk's controls; arms stay 0. Degrees in, radians out."""
    out = np.zeros(SIZE)
    out[HIPS_M] = hips_m
    out[HIPS] = np.radians(hips_deg)
    out[SPINE] = np.radians(spine_deg)
    out[HEAD] = np.radians(head_deg)
    out[SHOULDERS] = np.radians(shoulders_deg)
    return out
