"""The humanoid skeleton: VRM 1.0 bones, parents, rest offsets and the neutral standing pose.

The rest pose is VRM's T-pose: every rotation is the identity, arms along +x (left) and -x (right), palms down, facing +z. Offsets are in
metres for a 1.7 m adult with slightly friendly proportions (Drillis and Contini's segment shares, rounded). Joint order is
`runtime.vocabulary.BODY_JOINTS`; every parent comes before its children, so one pass from the front is forward kinematics.
No state, no failure modes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from runtime.vocabulary import BODY_JOINTS

JOINT_COUNT: Final = len(BODY_JOINTS)
INDEX: Final[dict[str, int]] = {name: index for index, name in enumerate(BODY_JOINTS)}
"""Joint name to its row."""

_PARENT_NAMES: Final[dict[str, str]] = {
    "spine": "hips",
    "chest": "spine",
    "upperChest": "chest",
    "neck": "upperChest",
    "head": "neck",
    "leftShoulder": "upperChest",
    "leftUpperArm": "leftShoulder",
    "leftLowerArm": "leftUpperArm",
    "leftHand": "leftLowerArm",
    "rightShoulder": "upperChest",
    "rightUpperArm": "rightShoulder",
    "rightLowerArm": "rightUpperArm",
    "rightHand": "rightLowerArm",
    "leftUpperLeg": "hips",
    "leftLowerLeg": "leftUpperLeg",
    "leftFoot": "leftLowerLeg",
    "leftToes": "leftFoot",
    "rightUpperLeg": "hips",
    "rightLowerLeg": "rightUpperLeg",
    "rightFoot": "rightLowerLeg",
    "rightToes": "rightFoot",
}
PARENTS: Final[tuple[int, ...]] = tuple(
    INDEX[_PARENT_NAMES[name]] if name in _PARENT_NAMES else -1 for name in BODY_JOINTS
)
"""Row of each joint's parent; -1 for the hips."""

_LEFT_OFFSETS: Final[dict[str, tuple[float, float, float]]] = {
    "hips": (0.0, 0.93, 0.0),
    "spine": (0.0, 0.08, -0.005),
    "chest": (0.0, 0.12, -0.005),
    "upperChest": (0.0, 0.13, 0.0),
    "neck": (0.0, 0.16, -0.005),
    "head": (0.0, 0.085, 0.015),
    "leftShoulder": (0.03, 0.115, -0.005),
    "leftUpperArm": (0.14, 0.0, 0.0),
    "leftLowerArm": (0.27, 0.0, 0.0),
    "leftHand": (0.245, 0.0, 0.0),
    "leftUpperLeg": (0.09, -0.03, 0.0),
    "leftLowerLeg": (0.0, -0.42, 0.0),
    "leftFoot": (0.0, -0.40, 0.0),
    "leftToes": (0.0, -0.055, 0.13),
}


def _rest_offsets() -> NDArray[np.float64]:
    offsets = np.zeros((JOINT_COUNT, 3))
    for name, index in INDEX.items():
        if name.startswith("right"):
            x, y, z = _LEFT_OFFSETS["left" + name.removeprefix("right")]
            offsets[index] = (-x, y, z)
        else:
            offsets[index] = _LEFT_OFFSETS[name]
    offsets.flags.writeable = False
    return offsets


REST_OFFSETS_M: Final = _rest_offsets()
"""float64 [22, 3]: each joint's position in its parent's frame at rest; the first row is the hips above the floor."""

HIPS_HEIGHT_M: Final = float(REST_OFFSETS_M[0, 1])
UPPER_ARM_M: Final = float(REST_OFFSETS_M[INDEX["leftLowerArm"], 0])
FOREARM_M: Final = float(REST_OFFSETS_M[INDEX["leftHand"], 0])
ARM_M: Final = UPPER_ARM_M + FOREARM_M
"""Shoulder to wrist, arm straight."""
HAND_M: Final = 0.17
"""Wrist to fingertip; the hand has no child joint in this skeleton."""
HEAD_TOP_M: Final = 0.195
"""Head joint to the top of the head."""
THIGH_M: Final = float(-REST_OFFSETS_M[INDEX["leftLowerLeg"], 1])
SHIN_M: Final = float(-REST_OFFSETS_M[INDEX["leftFoot"], 1])

END_OFFSETS_M: Final[dict[str, tuple[float, float, float]]] = {
    "head": (0.0, HEAD_TOP_M, 0.0),
    "leftHand": (HAND_M, 0.0, 0.0),
    "rightHand": (-HAND_M, 0.0, 0.0),
    "leftToes": (0.0, 0.0, 0.07),
    "rightToes": (0.0, 0.0, 0.07),
}
"""Where the chain of a last joint ends, in that joint's frame; for drawing and for BVH end sites."""


def mirror_joint(name: str) -> str:
    """Return the joint's counterpart on the other side; a middle joint is its own."""
    if name.startswith("left"):
        return "right" + name.removeprefix("left")
    if name.startswith("right"):
        return "left" + name.removeprefix("right")
    return name


MIRROR: Final[tuple[int, ...]] = tuple(INDEX[mirror_joint(name)] for name in BODY_JOINTS)
"""Row of each joint's counterpart on the other side."""

NEUTRAL_HIPS_M: Final = (0.0000, -0.0050, 0.0000)
"""Translation of the hips in the neutral standing pose: knees are never locked."""

_NEUTRAL: Final[dict[str, tuple[float, float, float, float]]] = {
    "spine": (0.00290, 0.0, 0.0, 1.00000),
    "chest": (0.00290, 0.0, 0.0, 1.00000),
    "upperChest": (0.00225, 0.0, 0.0, 1.00000),
    "leftShoulder": (0.0, 0.00360, 0.0, 0.99999),
    "leftUpperArm": (0.22513, -0.10679, -0.60300, 0.75782),
    "leftLowerArm": (-0.02015, -0.24913, -0.00518, 0.96825),
    "leftHand": (-0.02080, 0.0, 0.0, 0.99978),
    "leftUpperLeg": (-0.03221, 0.06906, 0.01393, 0.99699),
    "leftLowerLeg": (0.10243, 0.0, 0.0, 0.99474),
    "leftFoot": (-0.06933, 0.00816, -0.01226, 0.99749),
}


def _neutral_rotations() -> NDArray[np.float32]:
    out = np.zeros((JOINT_COUNT, 4), dtype=np.float32)
    out[:, 3] = 1.0
    for name, (x, y, z, w) in _NEUTRAL.items():
        out[INDEX[name]] = (x, y, z, w)
        if name.startswith("left"):
            out[INDEX["right" + name.removeprefix("left")]] = (x, -y, -z, w)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    out.flags.writeable = False
    return out


NEUTRAL_ROTATIONS: Final = _neutral_rotations()
"""float32 [22, 4]: standing at ease, arms hanging, elbows a little bent; the procedural body's own neutral (a test keeps them equal)."""
