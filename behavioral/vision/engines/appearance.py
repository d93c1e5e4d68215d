"""What tells one person from another in the same scene for some minutes: the colours of the face and of the clothes under it.

Not an identity: no face is recognised, nothing is kept. A histogram of chroma (Cr, Cb) over the box of the face and one over the chest,
square roots smoothed into one distribution of 72 numbers; comparing two by the Bhattacharyya coefficient is for the tracker.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from behavioral.vision.engines.contract import PixelBox, Pixels

_BINS = 6
_LOW, _HIGH = 96, 168
"""Skin and most cloth lie in this band of both chroma channels; what lies outside counts at its edge."""
_PATCH = 24
_MIN_CHEST_SHARE = 0.3
"""Less of the chest in the picture than this share of the face's height tells nothing of the clothes."""


def appearance_of(cv2: Any, bgr: Pixels, box: PixelBox) -> tuple[float, ...] | None:
    """Return the distribution of colours of a face and its chest; None where the box holds no picture."""
    x, y, width, height = box
    face = _cut(bgr, x + 0.15 * width, y + 0.15 * height, 0.7 * width, 0.8 * height)
    chest = _cut(bgr, x - 0.2 * width, y + 1.4 * height, 1.4 * width, 1.0 * height)
    if face is None:
        return None
    parts = [_chroma(cv2, face)]
    if chest is not None and chest.shape[0] >= _MIN_CHEST_SHARE * height:
        parts.append(_chroma(cv2, chest))
    else:
        parts.append(np.full(_BINS * _BINS, 1.0 / _BINS**2, dtype=np.float32))
    return tuple(round(float(v), 4) for v in np.concatenate(parts) / 2.0)


def _cut(bgr: Pixels, x: float, y: float, width: float, height: float) -> Pixels | None:
    part = bgr[max(0, round(y)) : max(0, round(y + height)), max(0, round(x)) : max(0, round(x + width))]
    return part if part.shape[0] >= 2 and part.shape[1] >= 2 else None


def _chroma(cv2: Any, part: Pixels) -> Any:
    small = cv2.resize(part, (_PATCH, _PATCH), interpolation=cv2.INTER_AREA)
    chroma = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb)[..., 1:].reshape(-1, 2).astype(np.float32)
    at = np.clip((chroma - _LOW) * (_BINS / (_HIGH - _LOW)), 0.0, _BINS - 1e-3).astype(np.int32)
    counts = np.bincount(at[:, 0] * _BINS + at[:, 1], minlength=_BINS * _BINS).astype(np.float32)
    return counts / counts.sum()
