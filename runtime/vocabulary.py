"""The names and orders that arrays on the wire follow: joints, fingers, visemes, expressions.

Plain tuples, the same for every room, page and robot; Python 3.10 is enough.
"""

from __future__ import annotations

BODY_JOINTS: tuple[str, ...] = (
    "hips",
    "spine",
    "chest",
    "upperChest",
    "neck",
    "head",
    "leftShoulder",
    "leftUpperArm",
    "leftLowerArm",
    "leftHand",
    "rightShoulder",
    "rightUpperArm",
    "rightLowerArm",
    "rightHand",
    "leftUpperLeg",
    "leftLowerLeg",
    "leftFoot",
    "leftToes",
    "rightUpperLeg",
    "rightLowerLeg",
    "rightFoot",
    "rightToes",
)
"""Order of the joints in `MotionFrame.rotations`; VRM 1.0 humanoid bone names."""

FINGERS: tuple[str, ...] = ("thumb", "index", "middle", "ring", "little", "spread")
"""Order of one hand's shape code in `MotionFrame.hands`: curl 0 (straight) to 1 (closed) for each finger, then spread."""

VISEMES: tuple[str, ...] = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou")
"""Order of the weights in `MotionFrame.visemes`: the 15 Oculus visemes."""

EXPRESSIONS: tuple[str, ...] = ("happy", "sad", "angry", "surprised", "relaxed")
"""Order of the weights in `MotionFrame.expression`: VRM 1.0 emotion presets."""
