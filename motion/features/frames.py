"""Which samples of 16 kHz audio belong to which frame of 30 fps motion.

A frame is 533 1/3 samples, so frames end at integer samples rounded **down**: frame k ends before sample
`end_sample(k) = floor((k + 1) * 16000 / 30)` = floor((k + 1) * 1600 / 3), computed in integers so that it never drifts; frames are
533, 533, 534, 533, ... samples long and every third ends exactly on a multiple of 0.1 s. Frame k describes audio up to
(k + 1) / 30 s and no sample after it. Each frame has two analysis windows, ending at `half_end_sample(2k)` and at its own end.
Pure functions of integers, exact for any length; they also take integer arrays.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 16_000
FPS: Final = 30
WINDOW_SAMPLES: Final = 512
"""Spectral windows: 32 ms."""
PITCH_SAMPLES: Final = 1_024
"""Pitch windows: 64 ms, so the pitch of a frame is that of about 32 ms before its end."""

Index = TypeVar("Index", int, NDArray[np.int64])


def end_sample(frame: Index) -> Index:
    """Return the first sample after frame k (0 is the first frame)."""
    return (frame + 1) * 1_600 // 3


def half_end_sample(half: Index) -> Index:
    """Return the first sample after half frame j: frame k has the halves 2k and 2k + 1."""
    return (half + 1) * 800 // 3


def frame_count(samples: int) -> int:
    """Return how many frames are complete after that many samples.

    Raises:
        ValueError: the number is negative.
    """
    if samples < 0:
        raise ValueError(f"samples is {samples}; it must not be negative")
    # The largest n with floor(1600 n / 3) <= samples.
    return (3 * samples + 2) // 1_600


def frame_time_s(frame: int) -> float:
    """Return the time that frame k describes audio up to, (k + 1) / 30 s."""
    return (frame + 1) / FPS
