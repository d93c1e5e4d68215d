"""What the loudspeaker plays, on the session's time axis at the rate of hearing: the reference of everything against echo.

Pieces come in any rate and any length, each with the session time of its first sample, from any thread (PortAudio's asks in one of
its own); they wait in a bounded queue until hearing reads. A piece that follows its predecessor within `JOIN_NS` is joined to it
sample by sample, since time stamps jitter and a slip of one sample costs a canceller its convergence; one that lies further off begins
anew at its own time. A stream that comes away from its times, since its device's clock is not the session's, is stretched by parts per
million to stay with them, and it can be read at a microphone's pace likewise. What is not known reads as silence: a late or lost piece
lets echo through, and breaks nothing.

Samples are float32 in -1 to 1, 16 kHz mono. `KEPT_S` of the past is kept and as much of the future is taken.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import soxr
from numpy.typing import NDArray

from behavioral.hearing.blocks import SAMPLE_RATE_HZ, samples_of
from behavioral.hearing.fractional import AFTER, BEFORE, Stretch, between, stretch_for
from runtime.clock import NS_PER_MS, NS_PER_S

KEPT_S = 4.0
JOIN_NS = 8 * NS_PER_MS
_SIZE = 1 << (round(KEPT_S * SAMPLE_RATE_HZ * 2) - 1).bit_length()
_WAITING = 512  # pieces; ten seconds of PortAudio's
_RATES_HZ = (4_000, 192_000)


class FarLine:
    """A line of far-end samples that is written ahead of or at its time and read by time."""

    def __init__(self) -> None:
        """Begin silent."""
        self.lost = 0
        """Pieces that came with an impossible rate, or so early or late that they have no place."""
        self._waiting: deque[tuple[bytes, int, int]] = deque(maxlen=_WAITING)
        self._ring: NDArray[np.float32] = np.zeros(_SIZE, np.float32)
        self._end = 0  # first sample that is not written
        self._next = 0  # where the running stream goes on
        self._rate_hz = 0
        self._stream: soxr.ResampleStream | None = None
        self._stretch = Stretch()
        self._next_ns = 0

    def push(self, pcm: bytes, rate_hz: int, t_ns: int) -> None:
        """Take what is played from `t_ns` on: int16 little-endian mono. From any thread; never blocks, never raises."""
        self._waiting.append((pcm, rate_hz, t_ns))

    def read(self, first: float, count: int, step: float = 1.0) -> NDArray[np.float32]:
        """Return float32 [count] at samples `first`, `first + step`, ... of the session (`sample_at`); silence where nothing is known."""
        while self._waiting:
            self._lay(*self._waiting.popleft(), reading=int(first))
        if step == 1.0 and float(first).is_integer():
            return self._written(int(first), count)
        low, high = int(first) - BEFORE, int(first + step * (count - 1)) + AFTER + 1
        written = self._written(low, high - low)
        return between(written, first - low, step, count) if written.any() else written[:count]

    def _written(self, first: int, count: int) -> NDArray[np.float32]:
        out: NDArray[np.float32] = np.zeros(count, np.float32)
        low, high = max(first, self._end - _SIZE, 0), min(first + count, self._end)
        if low < high:
            start, stop = low % _SIZE, (high - 1) % _SIZE + 1
            if start < stop:
                out[low - first : high - first] = self._ring[start:stop]
            else:
                out[low - first : high - first] = np.concatenate((self._ring[start:], self._ring[:stop]))
        return out

    def _lay(self, pcm: bytes, rate_hz: int, t_ns: int, reading: int) -> None:
        samples = samples_of(pcm[: len(pcm) & ~1])
        at = sample_at(t_ns)
        near_enough = abs(at - reading) < KEPT_S * SAMPLE_RATE_HZ
        if not (near_enough and _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]):
            self.lost += 1
            return
        if rate_hz != self._rate_hz or abs(t_ns - self._next_ns) > JOIN_NS:
            self._begin(rate_hz, at, t_ns)
        factor = stretch_for((t_ns - self._next_ns) * SAMPLE_RATE_HZ / NS_PER_S)
        self._next_ns += round(samples.size * NS_PER_S / rate_hz * factor)
        if self._stream is not None:
            samples = self._stream.resample_chunk(samples)
        self._write(self._stretch.push(samples, factor))

    def _begin(self, rate_hz: int, at: int, t_ns: int) -> None:
        if self._stream is not None:
            rest = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
            self._write(self._stretch.push(rest, 1.0))
        self._write(self._stretch.flush())
        self._stretch = Stretch()
        # LQ: it holds back 6 ms at most, and a reference needs no more than its 60 dB.
        self._stream = (
            None
            if rate_hz == SAMPLE_RATE_HZ
            else soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="LQ")
        )
        self._rate_hz, self._next, self._next_ns = rate_hz, at, t_ns

    def _write(self, samples: NDArray[np.float32]) -> None:
        first, last = self._next, self._next + samples.size
        self._next = last
        if first > self._end:  # nothing was played in between
            gap = min(first - self._end, _SIZE)
            self._put(first - gap, np.zeros(gap, np.float32))
        self._end = max(self._end, last)
        self._put(first, samples)

    def _put(self, first: int, samples: NDArray[np.float32]) -> None:
        start = first % _SIZE
        head = min(samples.size, _SIZE - start)
        self._ring[start : start + head] = samples[:head]
        self._ring[: samples.size - head] = samples[head:]


def sample_at(t_ns: int) -> int:
    """Return the number of the sample of hearing that sounds at a session time."""
    return (t_ns * SAMPLE_RATE_HZ + NS_PER_S // 2) // NS_PER_S
