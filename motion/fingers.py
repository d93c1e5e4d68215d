"""Where the thirty finger bones sit in our T-pose hand: names, parents and rest offsets in metres.

The skeleton itself ends at the wrist and a hand is six numbers (`motion.retarget.hands`); formats with finger bones and pictures need
places for them. The middle finger lies straight along the hand: that is how a reader tells the hand's direction. Constant data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from motion.retarget.tables import DIGITS, SIDES, VRM
from motion.skeleton import HAND_M

_KNUCKLES: Final[dict[str, tuple[float, float, float]]] = {
    # Outwards, up, forward from the wrist, as shares of the hand's length.
    "thumb": (0.18, -0.10, 0.18),
    "index": (0.53, 0.0, 0.12),
    "middle": (0.55, 0.0, 0.0),
    "ring": (0.52, 0.0, -0.11),
    "little": (0.47, 0.0, -0.21),
}
_BONE_SHARES: Final[dict[str, tuple[float, float]]] = {
    "thumb": (0.24, 0.18),
    "index": (0.23, 0.13),
    "middle": (0.25, 0.15),
    "ring": (0.23, 0.14),
    "little": (0.18, 0.10),
}
"""Lengths of the first two bones of a digit as shares of the hand."""
_THUMB: Final = (0.66, -0.2, 0.72)
"""The thumb leaves the hand between outwards and forwards; the fingers go straight out."""


class FingerBone(NamedTuple):
    """A finger bone: VRM name, parent bone and rest offset in the parent's frame, metres."""

    name: str
    parent: str
    offset_m: tuple[float, float, float]


def direction(side: str, digit: str) -> tuple[float, float, float]:
    """Unit vector along a straight digit in the frame of its bones."""
    x, y, z = _THUMB if digit == "thumb" else (1.0, 0.0, 0.0)
    length = (x * x + y * y + z * z) ** 0.5
    return (1.0 if side == "left" else -1.0) * x / length, y / length, z / length


def _bones() -> Iterator[FingerBone]:
    for side in SIDES:
        sign = 1.0 if side == "left" else -1.0
        for digit in DIGITS:
            x, y, z = _KNUCKLES[digit]
            along = direction(side, digit)
            shares = [(sign * x, y, z), *(tuple(share * v for v in along) for share in _BONE_SHARES[digit])]
            parent = f"{side}Hand"
            for name, (a, b, c) in zip(VRM.fingers[side, digit], shares, strict=True):
                yield FingerBone(name, parent, (round(a * HAND_M, 6), round(b * HAND_M, 6), round(c * HAND_M, 6)))
                parent = name


FINGER_BONES: Final[tuple[FingerBone, ...]] = tuple(_bones())
"""Left hand, then right; thumb to little; every parent before its children."""
