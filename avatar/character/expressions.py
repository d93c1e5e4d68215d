"""The character's expressions: which morph targets each one drives, and by how much.

Morph targets are the ARKit 52 and the wire's visemes (but silence); VRM's presets are mixtures of those. Weights are 0 to 1 at full
expression.
"""

from __future__ import annotations

from runtime.vocabulary import VISEMES

VISEME_MORPHS = tuple(f"viseme_{name}" for name in VISEMES if name != "sil")

ARKIT = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""Apple's 52 blend shapes, in the order of the alphabet."""

MORPHS = (*ARKIT, *VISEME_MORPHS)


def _both(**weights: float) -> dict[str, float]:
    return {name + side: weight for name, weight in weights.items() for side in ("Left", "Right")}


PRESETS: dict[str, dict[str, float]] = {
    "neutral": {},
    "happy": {
        **_both(mouthSmile=0.9, cheekSquint=0.75, eyeSquint=0.35, browOuterUp=0.3, mouthUpperUp=0.3),
        "jawOpen": 0.16,
        "browInnerUp": 0.1,
    },
    "sad": {**_both(mouthFrown=0.85, eyeBlink=0.16, mouthStretch=0.15), "browInnerUp": 0.9, "mouthShrugLower": 0.4},
    "angry": {**_both(browDown=1.0, eyeSquint=0.6, mouthFrown=0.45, mouthPress=0.5, noseSneer=0.5), "jawForward": 0.3},
    "surprised": {**_both(browOuterUp=0.9, eyeWide=0.9), "browInnerUp": 0.85, "jawOpen": 0.32, "mouthFunnel": 0.75},
    "relaxed": {**_both(mouthSmile=0.38, eyeBlink=0.2, cheekSquint=0.2, browOuterUp=0.12), "browInnerUp": 0.12},
    "blink": _both(eyeBlink=1.0),
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
    "lookUp": _both(eyeLookUp=1.0),
    "lookDown": _both(eyeLookDown=1.0),
    "lookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "lookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
    "aa": {"viseme_aa": 1.0},
    "ih": {"viseme_ih": 1.0},
    "ou": {"viseme_ou": 1.0},
    "ee": {"viseme_E": 1.0},
    "oh": {"viseme_oh": 1.0},
}
"""All of VRM 1.0's presets."""

CUSTOM: dict[str, dict[str, float]] = {
    **{name: {name: 1.0} for name in ARKIT},
    "viseme_sil": {},
    **{name: {name: 1.0} for name in VISEME_MORPHS},
}
"""Expressions under the names of ARKit and of the wire's visemes."""
