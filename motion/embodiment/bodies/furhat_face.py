"""What a frame shows in Furhat's face: its animation parameters (FurhatOS' BasicParams), each 0 to 1.

The mouth comes from the weights of our visemes, so that it fits the voice that we play; brows and smile from the expression; lids from the
blink; the eyes' direction from the command's eyes. Only what has changed by more than `CHANGED` is sent. Pure, but for `Changes`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from motion.embodiment.retarget.puppet import Face
from runtime.vocabulary import EXPRESSIONS, VISEMES

MOUTHS: dict[str, str] = {
    "PP": "PHONE_B_M_P", "FF": "PHONE_F_V", "TH": "PHONE_TH", "DD": "PHONE_D_S_T", "kk": "PHONE_K", "CH": "PHONE_CH_J_SH",
    "SS": "PHONE_D_S_T", "nn": "PHONE_N", "RR": "PHONE_R", "aa": "PHONE_BIGAAH", "E": "PHONE_EH", "ih": "PHONE_I", "oh": "PHONE_OH",
    "ou": "PHONE_OOH_Q",
}  # fmt: skip
FELT: dict[str, tuple[tuple[str, float], ...]] = {
    "happy": (("SMILE_OPEN", 0.5), ("SMILE_CLOSED", 0.5), ("BROW_UP_LEFT", 0.2), ("BROW_UP_RIGHT", 0.2)),
    "sad": (("EXPR_SAD", 1.0), ("BROW_IN_LEFT", 0.4), ("BROW_IN_RIGHT", 0.4)),
    "angry": (("EXPR_ANGER", 1.0), ("BROW_DOWN_LEFT", 0.6), ("BROW_DOWN_RIGHT", 0.6)),
    "surprised": (("SURPRISE", 1.0), ("BROW_UP_LEFT", 0.6), ("BROW_UP_RIGHT", 0.6)),
    "relaxed": (("SMILE_CLOSED", 0.3), ("EYE_SQUINT_LEFT", 0.1), ("EYE_SQUINT_RIGHT", 0.1)),
}
LOOKS_RAD = math.radians(30.0)
"""Turn of the eyes that its LOOK parameters show at 1; an assumption, its documentation names no angle."""
CHANGED = 0.01


def parameters(face: Face, eyes_rad: tuple[float, float]) -> dict[str, float]:
    """Return the whole face; `eyes_rad` are yaw (left positive) and pitch (down positive)."""
    out = dict.fromkeys((*MOUTHS.values(), *(name for felt in FELT.values() for name, _ in felt)), 0.0)

    def add(name: str, weight: float) -> None:
        out[name] = min(1.0, out.get(name, 0.0) + weight)

    for viseme, weight in zip(VISEMES, face.visemes, strict=True):
        if viseme in MOUTHS:
            add(MOUTHS[viseme], weight)
    for emotion, weight in zip(EXPRESSIONS, face.expression, strict=True):
        for name, share in FELT[emotion]:
            add(name, share * weight)
    out["BLINK_LEFT"], out["BLINK_RIGHT"] = face.blink
    to_left, down = (max(-1.0, min(1.0, angle / LOOKS_RAD)) for angle in eyes_rad)
    out |= {"LOOK_LEFT": max(0.0, to_left), "LOOK_RIGHT": max(0.0, -to_left)}
    return out | {"LOOK_DOWN": max(0.0, down), "LOOK_UP": max(0.0, -down)}


class Changes:
    """What the robot has been told, so that only news goes out."""

    def __init__(self) -> None:
        """Begin with a robot that knows nothing."""
        self._told: dict[str, float] = {}

    def of(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return what differs, rounded; all of it the first time."""
        news = {
            name: round(value, 3)
            for name, value in values.items()
            if name not in self._told
            or abs(value - self._told[name]) > CHANGED
            or (value in (0.0, 1.0) and self._told[name] != value)
        }
        self._told |= news
        return news
