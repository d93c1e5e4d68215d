"""Turns that the body's layers lay over a pose: gaze, lean and tilt, and what is left to the eyes.

Local rotations [22, 4] float32 as quaternions x, y, z, w in the order of `BODY_JOINTS`, changed in place. Yaw to the
agent's left, pitch up, lean forwards, tilt to its right are positive, radians; the agent faces +z, its left is +x.
Pure; some tens of microseconds.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.rotations import conjugate, multiply, rotate
from runtime.vocabulary import BODY_JOINTS

Rotations = NDArray[np.float32]

NECK: Final = BODY_JOINTS.index("neck")
HEAD: Final = BODY_JOINTS.index("head")
TRUNK: Final = [BODY_JOINTS.index(name) for name in ("spine", "chest", "upperChest")]
CHAIN: Final = [BODY_JOINTS.index("hips"), *TRUNK, NECK, HEAD]
NECK_SHARE: Final = 0.4
"""Share of a head turn that the neck makes."""
LEVEL_SHARE: Final = 0.6
"""Share of a lean that neck and head take back, so that the face stays towards the person."""


def look_with_head(rotations: Rotations, yaw_rad: float, pitch_rad: float) -> None:
    """Turn neck and head by a look."""
    for joint, share in ((NECK, NECK_SHARE), (HEAD, 1.0 - NECK_SHARE)):
        rotations[joint] = multiply(_turn(share * yaw_rad, share * pitch_rad), rotations[joint])


def lean_and_tilt(rotations: Rotations, lean_rad: float, tilt_rad: float) -> None:
    """Lean the trunk, with the head kept nearly level, and tilt the head."""
    if abs(lean_rad) > 1e-5:
        rotations[TRUNK] = multiply(_turn(0.0, -lean_rad / len(TRUNK)), rotations[TRUNK])
    for joint, share in ((NECK, NECK_SHARE), (HEAD, 1.0 - NECK_SHARE)):
        pitch, half = share * LEVEL_SHARE * lean_rad, 0.5 * share * tilt_rad
        roll = np.array((0.0, 0.0, math.sin(half), math.cos(half)), dtype=np.float32)
        rotations[joint] = multiply(multiply(_turn(0.0, pitch), roll), rotations[joint])


def head_orientation(rotations: Rotations) -> Rotations:
    """Orientation [4] of the head in the agent's frame."""
    turned: Rotations = rotations[CHAIN[0]]
    for joint in CHAIN[1:]:
        turned = multiply(turned, rotations[joint])
    return turned


def eyes_in_head(rotations: Rotations, look_rad: tuple[float, float], limit_rad: float) -> tuple[float, float]:
    """Yaw and pitch of the eyes relative to the head so that they look in a direction of the agent's frame, as far as they reach."""
    yaw, pitch = look_rad
    ahead = np.array((math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)))
    x, y, z = (float(value) for value in rotate(conjugate(head_orientation(rotations)), ahead))
    eyes = (math.atan2(x, z), math.asin(max(-1.0, min(1.0, y))))
    return max(-limit_rad, min(limit_rad, eyes[0])), max(-limit_rad, min(limit_rad, eyes[1]))


def _turn(yaw_rad: float, pitch_rad: float) -> Rotations:
    """Quaternion of a look: yaw about +y (left positive), then pitch about the turned x axis (up positive)."""
    cy, sy = math.cos(yaw_rad / 2), math.sin(yaw_rad / 2)
    cp, sp = math.cos(-pitch_rad / 2), math.sin(-pitch_rad / 2)
    return np.array((cy * sp, sy * cp, -sy * sp, cy * cp), dtype=np.float32)
