"""Sound between its samples: band-limited interpolation, and a stream that is stretched by parts per million as it passes.

For lines whose two ends run on different clocks. The kernel is a sinc of `TAPS` samples under a squared cosine, in a table of `PHASES`
steps of a sample: up to 6 kHz what it adds lies 40 dB under the sound, and 7 kHz lose half a decibel. Samples are float32; 0.04 ms per
512 of them.
Pure and synchronous; a `Stretch` belongs to one thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAPS = 16
PHASES = 512
BEFORE, AFTER = TAPS // 2 - 1, TAPS // 2
"""Samples that the kernel needs on either side of the whole part of a position."""
FOLLOW_SAMPLES = 9_600.0
"""A line that lies off by so much less than `AT_ONCE` is brought back with a time constant of this many samples: 0.6 s of hearing."""
STILL_SAMPLES = 1.0
"""What rounding to whole samples makes; nothing is stretched for it, so that undisturbed sound is passed on bit by bit."""
STRETCH_MAX = 5e-4


def _table() -> NDArray[np.float32]:
    phases = np.arange(PHASES + 1)[:, None] / PHASES
    distance = phases - np.arange(-BEFORE, AFTER + 1)
    kernel = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 2)) ** 2
    kernel /= kernel.sum(axis=1, keepdims=True)
    table: NDArray[np.float32] = kernel.astype(np.float32)
    return table


_KERNEL = _table()


def between(samples: NDArray[np.float32], first: float, step: float, count: int) -> NDArray[np.float32]:
    """Return float32 [count], the sound at positions `first`, `first + step`, ... of `samples`.

    Args:
        samples: float32; from `BEFORE` samples before the first position to `AFTER` after the last.
        first: position of the first wanted sample, in samples.
        step: distance of two, about 1.
        count: how many.
    """
    positions = first + step * np.arange(count)
    whole = np.floor(positions).astype(np.intp)
    phase = np.rint((positions - whole) * PHASES).astype(np.intp)
    windows = np.lib.stride_tricks.sliding_window_view(samples, TAPS)
    out: NDArray[np.float32] = np.einsum("ij,ij->i", windows[whole - BEFORE], _KERNEL[phase])
    return out


def stretch_for(off_samples: float) -> float:
    """Return by what factor a line that lies `off_samples` behind its place is to be stretched until it is looked at again."""
    beyond = off_samples - min(STILL_SAMPLES, max(-STILL_SAMPLES, off_samples))
    return 1.0 + min(STRETCH_MAX, max(-STRETCH_MAX, beyond / FOLLOW_SAMPLES))


class Stretch:
    """A stream that comes out a little longer or shorter than it goes in, and `AFTER` samples later."""

    def __init__(self) -> None:
        """Begin after silence."""
        self._held: NDArray[np.float32] = np.zeros(BEFORE, np.float32)
        self._at = float(BEFORE)  # of the next sample that comes out, in `_held`

    def push(self, samples: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
        """Return what comes out for the next samples, float32 in both; a factor over 1 makes it longer."""
        held = np.concatenate((self._held, samples))
        step = 1.0 / factor
        count = max(0, int((held.size - AFTER - self._at) / step))
        if step == 1.0 and self._at.is_integer():
            out = held[int(self._at) : int(self._at) + count]
        else:
            out = between(held, self._at, step, count) if count else held[:0]
        at = self._at + count * step
        gone = int(at) - BEFORE
        self._held, self._at = held[gone:], at - gone
        return out

    def flush(self) -> NDArray[np.float32]:
        """Return the rest; begin anew afterwards."""
        return self.push(np.zeros(AFTER, np.float32), 1.0)
