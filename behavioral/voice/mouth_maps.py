"""From the 15 Oculus visemes to other faces: VRM's five mouth presets and ARKit's blend shapes, as tables.

Rows in the order of `runtime.vocabulary.VISEMES`. The values are this project's, set by the phonetic opening, spreading,
rounding and closing of each shape; a face that has the 15 shapes itself should use them directly.

No room calls this: the page and the built-in faces have the 15 shapes. It is here for adapters to VRM and ARKit faces.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VRM_MOUTH: tuple[str, ...] = ("aa", "ih", "ou", "ee", "oh")
"""VRM 1.0 lip-sync presets."""

_TO_VRM: dict[str, tuple[float, ...]] = {
    #       aa    ih    ou    ee    oh
    "sil": (0.00, 0.00, 0.00, 0.00, 0.00),
    "PP": (0.00, 0.00, 0.00, 0.00, 0.00),
    "FF": (0.00, 0.15, 0.00, 0.00, 0.00),
    "TH": (0.10, 0.20, 0.00, 0.00, 0.00),
    "DD": (0.05, 0.30, 0.00, 0.00, 0.00),
    "kk": (0.15, 0.20, 0.00, 0.00, 0.00),
    "CH": (0.00, 0.10, 0.45, 0.00, 0.00),
    "SS": (0.00, 0.25, 0.00, 0.20, 0.00),
    "nn": (0.10, 0.25, 0.00, 0.00, 0.00),
    "RR": (0.05, 0.00, 0.30, 0.00, 0.15),
    "aa": (1.00, 0.00, 0.00, 0.00, 0.00),
    "E": (0.30, 0.00, 0.00, 0.50, 0.00),
    "ih": (0.00, 0.60, 0.00, 0.30, 0.00),
    "oh": (0.10, 0.00, 0.00, 0.00, 0.90),
    "ou": (0.00, 0.00, 1.00, 0.00, 0.00),
}

ARKIT_MOUTH: tuple[str, ...] = (
    "jawOpen",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "tongueOut",
)
"""ARKit blend shapes that these tables drive; a left and a right one always move together."""

_TO_ARKIT: dict[str, dict[str, float]] = {
    "sil": {},
    "PP": {"mouthPress": 0.45, "mouthRollLower": 0.35, "mouthRollUpper": 0.30},
    "FF": {"jawOpen": 0.05, "mouthRollLower": 0.60, "mouthUpperUp": 0.20},
    "TH": {"jawOpen": 0.15, "mouthLowerDown": 0.15, "tongueOut": 0.25},
    "DD": {"jawOpen": 0.13, "mouthLowerDown": 0.20, "mouthStretch": 0.10},
    "kk": {"jawOpen": 0.18, "mouthLowerDown": 0.10},
    "CH": {"jawOpen": 0.12, "mouthFunnel": 0.55, "mouthPucker": 0.20},
    "SS": {"jawOpen": 0.06, "mouthStretch": 0.25, "mouthLowerDown": 0.20},
    "nn": {"jawOpen": 0.15, "mouthLowerDown": 0.15},
    "RR": {"jawOpen": 0.14, "mouthFunnel": 0.30, "mouthPucker": 0.20},
    "aa": {"jawOpen": 0.60, "mouthLowerDown": 0.20, "mouthUpperUp": 0.10},
    "E": {"jawOpen": 0.32, "mouthStretch": 0.25, "mouthSmile": 0.10},
    "ih": {"jawOpen": 0.18, "mouthStretch": 0.30, "mouthSmile": 0.25},
    "oh": {"jawOpen": 0.40, "mouthFunnel": 0.50, "mouthPucker": 0.15},
    "ou": {"jawOpen": 0.15, "mouthFunnel": 0.25, "mouthPucker": 0.75},
}


def _arkit_row(shapes: dict[str, float]) -> list[float]:
    return [shapes.get(name.removesuffix("Left").removesuffix("Right"), 0.0) for name in ARKIT_MOUTH]


VISEMES_TO_VRM: NDArray[np.float32] = np.array(list(_TO_VRM.values()), dtype=np.float32)
"""float32 [15, 5]."""
VISEMES_TO_ARKIT: NDArray[np.float32] = np.array([_arkit_row(row) for row in _TO_ARKIT.values()], dtype=np.float32)
"""float32 [15, 17]."""

ARKIT: tuple[str, ...] = tuple(
    """
    browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff cheekSquintLeft cheekSquintRight
    eyeBlinkLeft eyeBlinkRight eyeLookDownLeft eyeLookDownRight eyeLookInLeft eyeLookInRight eyeLookOutLeft
    eyeLookOutRight eyeLookUpLeft eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight jawForward
    jawLeft jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight mouthFunnel
    mouthLeft mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker mouthRight
    mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight mouthStretchLeft
    mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight tongueOut
    """.split()
)
"""All 52 of ARKit's blend shapes, by name; speech moves those of `ARKIT_MOUTH` and leaves the others to the face."""
_ARKIT_PLACES = [ARKIT.index(name) for name in ARKIT_MOUTH]


def to_arkit_face(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 [52] in the order of `ARKIT` from float32 [15]; what speech does not move is 0."""
    face = np.zeros(len(ARKIT), dtype=np.float32)
    face[_ARKIT_PLACES] = to_arkit(weights)
    return face


def to_vrm(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 [5] in the order of `VRM_MOUTH` from float32 [15]."""
    mixed: NDArray[np.float32] = np.minimum(weights @ VISEMES_TO_VRM, np.float32(1.0))
    return mixed


def to_arkit(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 [17] in the order of `ARKIT_MOUTH` from float32 [15]."""
    mixed: NDArray[np.float32] = np.minimum(weights @ VISEMES_TO_ARKIT, np.float32(1.0))
    return mixed
