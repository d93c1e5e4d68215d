"""The fixed order of numbers in one motion token.

A token is a control point of the body's curve: 6-D rotations of the 14 joints from hips to hands, the hips' translation, both hand shapes.
Legs are not in it: feet stay planted and legs follow from the hips (`motion.tokens.legs`). Checkpoints depend on this order. No state.
"""

from __future__ import annotations

from typing import Final

from motion.clip import HAND_SIZE
from runtime.vocabulary import BODY_JOINTS

FRAMES_PER_TOKEN: Final = 2
FPS: Final = 30
TOKEN_HZ: Final = FPS / FRAMES_PER_TOKEN

JOINTS: Final[tuple[str, ...]] = BODY_JOINTS[:14]
"""Hips, trunk, neck, head and both arms: the first rows of a pose."""
ROTATION_SIZE: Final = 6 * len(JOINTS)
ROTATIONS: Final = slice(0, ROTATION_SIZE)
HIPS: Final = slice(ROTATION_SIZE, ROTATION_SIZE + 3)
"""Translation of the hips from rest, metres."""
HANDS: Final = slice(ROTATION_SIZE + 3, ROTATION_SIZE + 3 + 2 * HAND_SIZE)
TOKEN_SIZE: Final = HANDS.stop
TOKEN_BOUND: Final = 8.0
"""On the network's scale tokens lie within so many deviations; real motion stays within 6."""
