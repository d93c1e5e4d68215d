"""A gesture that a data set labels but does not time: its name in our lexicon, when its stroke ends, and which hand does it.

Heuristics by kinematics, on our skeleton; seconds. Pure functions.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from motion import kinematics
from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.procedural import lexicon
from motion.skeleton import INDEX

MAX_LABEL: Final = 120
ONE_SIDED: Final = 2.5
"""A hand whose path is this many times the other's does the gesture alone."""
_MOVED_M: Final = 0.15


def named(text: str) -> str:
    """The lexicon's label for a name in either order of words (`HAND_WAVE` is `wave_hand`), else the name as free text."""
    words = re.findall(r"[^\W_]+", text.lower().replace("'", ""))[:16]
    for order in (words, words[::-1]):
        try:
            return lexicon.find(" ".join(order)).label
        except ValueError:
            continue
    return " ".join(words)[:MAX_LABEL]


def placed(text: str, clip: Clip, start_s: float, end_s: float) -> PlacedIntent:
    """Place a gesture that lasts from one time to another.

    Its stroke ends when either hand is farthest from where both were at the start, which is the apex of most gestures; for what hands take
    no part in, in the middle.

    Raises:
        ValueError: the name has no word, or no motion lies there.
    """
    label = named(text)
    first, last = max(0, round(start_s * clip.fps)), min(len(clip), round(end_s * clip.fps))
    if not label or last - first < 2:
        raise ValueError(f"gesture {text[:40]!r} from {start_s} to {end_s} s: it has no name, or no motion lies there")
    positions, _ = kinematics.forward(clip.rotations[first:last], clip.hips_m[first:last])
    hands = positions[:, [INDEX["leftHand"], INDEX["rightHand"]]]
    reach = np.linalg.norm(hands - hands[0], axis=-1)
    path = np.linalg.norm(np.diff(hands, axis=0), axis=-1).sum(axis=0)
    apex = int(np.argmax(reach.max(axis=1))) if reach.max() > _MOVED_M else (last - first) // 2
    side = 0.0
    if path.max() > _MOVED_M and path.max() > ONE_SIDED * path.min():
        side = 1.0 if path[0] > path[1] else -1.0
    return PlacedIntent(label, first / clip.fps, (first + apex) / clip.fps, last / clip.fps, side=side)
