"""The mirror image of a clip: left becomes right. Exact, and its own inverse; vectorised, no state, no failure modes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.skeleton import MIRROR

_ROWS: Final = np.array(MIRROR)
_TURNED: Final = np.array([1.0, -1.0, -1.0, 1.0], dtype=np.float32)
_MOVED: Final = np.array([-1.0, 1.0, 1.0], dtype=np.float32)


def mirrored(clip: Clip) -> Clip:
    """Return the clip in a mirror: joints and hands change sides, a rotation (x, y, z, w) becomes (x, -y, -z, w)."""
    return replace(
        clip,
        rotations=clip.rotations[:, _ROWS] * _TURNED,
        hips_m=clip.hips_m * _MOVED,
        hands=clip.hands[:, ::-1].copy(),
    )
