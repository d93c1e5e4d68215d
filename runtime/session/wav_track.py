"""One voice on the session's time axis: a 16-bit mono WAV file in which every sample stands where it was heard.

Sample 0 is media time zero. Pieces are written at their place, in whatever order they come; where none came the file
holds silence (a hole on file systems that have them). A running voice whose clock drifts from the session's is kept in
place by pieces that are a sample longer or shorter, so that nothing of it is overwritten and no click is heard. The
header is rewritten with every `sync`, so that the file is a valid WAV file whenever the process dies. Pieces of another
rate than the first are resampled linearly; the first piece's rate is the file's. All calls block; they belong to one
thread. Every call may raise OSError (disk full).
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runtime.clock import NS_PER_MS, NS_PER_S

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
HEADER_BYTES = 44
SNAP_NS = 5 * NS_PER_MS
"""A piece that follows its predecessor without a gap in its own count is joined to it when its time stamp is off by
less than this: capture time stamps jitter, and a misplaced sample is audible as a click."""
SLEW_NS = 3 * NS_PER_MS
"""A running voice that has come away from its times by this much has drifted: more than jitter, less than is torn."""
MAX_SAMPLES = (0xFFFFFFFF - HEADER_BYTES) // 2
"""What a RIFF header can count."""


class WavTrack:
    """A WAV file being written by time."""

    def __init__(self, path: Path) -> None:
        """Go on with the file of an earlier recorder if there is a valid one; else it is made with the first piece."""
        self.path = path
        self.rate_hz = 0
        self.samples = 0
        self._fd = -1
        self._next_sample = -1
        if path.exists():
            self._reopen()

    def place(
        self, at_ns: int, pcm: bytes, rate_hz: int, *, follows: bool = False, until_ns: int | None = None
    ) -> tuple[int, int]:
        """Write a piece; return the first and last+1 sample that it covers, equal when none of it lies in the session.

        Args:
            at_ns: time of its first sample after media time zero; may be negative, what lies before zero is left out.
            pcm: int16 little-endian mono.
            rate_hz: its sample rate.
            follows: whether it is known to be the continuation of the piece placed before.
            until_ns: nothing is written from this time on.
        """
        if self._fd < 0:
            self._create(rate_hz)
        samples: NDArray[np.int16] = np.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2")
        if rate_hz != self.rate_hz:
            samples = resample_linear(samples, rate_hz, self.rate_hz)
        start = round(at_ns * self.rate_hz / NS_PER_S)
        off = start - self._next_sample
        if follows and abs(off) * NS_PER_S < SNAP_NS * self.rate_hz:
            start = self._next_sample
            if abs(off) * NS_PER_S >= SLEW_NS * self.rate_hz:
                samples = stretched(samples, len(samples) + (1 if off > 0 else -1))
        self._next_sample = start + len(samples)
        limit = MAX_SAMPLES if until_ns is None else self.sample_at(until_ns)
        first, last = max(0, start), min(limit, start + len(samples))
        if last <= first:
            return max(0, first), max(0, first)
        self._write(first, samples[first - start : last - start].tobytes())
        return first, last

    def silence(self, first: int, last: int) -> None:
        """Overwrite samples `first` to `last` (exclusive) with silence."""
        last = min(last, self.samples)
        if last > first:
            self._write(first, bytes(2 * (last - first)))

    def sample_at(self, at_ns: int) -> int:
        """Return the sample of a time after media time zero."""
        return min(MAX_SAMPLES, max(0, round(at_ns * self.rate_hz / NS_PER_S)))

    def sync(self, now_ns: int) -> None:
        """Fill up with silence to a time after media time zero and make the header say so."""
        if self._fd < 0:
            return
        self._grow(max(self.samples, self.sample_at(now_ns)))
        self._write_header()

    def close(self, end_ns: int, default_rate_hz: int = 16_000) -> None:
        """Make the file exactly as long as the session and close it; a silent one if no piece ever came."""
        if self._fd < 0:
            self._create(default_rate_hz)
        self._grow(self.sample_at(end_ns))
        self._write_header()
        os.close(self._fd)
        self._fd = -1

    def abandon(self) -> None:
        """Close without another write, after one has failed; the header of the last `sync` stays valid."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _create(self, rate_hz: int) -> None:
        self._fd = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600)
        self.rate_hz = rate_hz
        self.samples = 0
        self._write_header()

    def _reopen(self) -> None:
        with self.path.open("rb") as file:
            header = file.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            return
        riff, _, wave, fmt, _, code, channels, rate_hz, _, _, bits, data, _ = HEADER.unpack(header)
        if (riff, wave, fmt, code, channels, bits, data) != (
            b"RIFF",
            b"WAVE",
            b"fmt ",
            1,
            1,
            16,
            b"data",
        ) or rate_hz <= 0:
            return
        self._fd = os.open(self.path, os.O_RDWR)
        self.rate_hz = rate_hz
        self.samples = (os.fstat(self._fd).st_size - HEADER_BYTES) // 2

    def _grow(self, samples: int) -> None:
        os.ftruncate(self._fd, HEADER_BYTES + 2 * samples)
        self.samples = samples

    def _write(self, first: int, data: bytes) -> None:
        offset = HEADER_BYTES + 2 * first
        view = memoryview(data)
        while view:
            written = os.pwrite(self._fd, view, offset)
            offset += written
            view = view[written:]
        self.samples = max(self.samples, first + len(data) // 2)

    def _write_header(self) -> None:
        size = 2 * self.samples
        header = HEADER.pack(
            b"RIFF",
            size + HEADER_BYTES - 8,
            b"WAVE",
            b"fmt ",
            16,
            1,
            1,
            self.rate_hz,
            2 * self.rate_hz,
            2,
            16,
            b"data",
            size,
        )
        os.pwrite(self._fd, header, 0)


def stretched(samples: NDArray[np.int16], count: int) -> NDArray[np.int16]:
    """Return int16 samples as `count` samples, by linear interpolation between the same first and last one."""
    if len(samples) < 2 or count < 2:
        return samples
    places = np.linspace(0.0, len(samples) - 1, count)
    moved: NDArray[np.int16] = np.round(np.interp(places, np.arange(len(samples)), samples)).astype("<i2")
    return moved


def resample_linear(samples: NDArray[np.int16], rate_hz: int, new_rate_hz: int) -> NDArray[np.int16]:
    """Return int16 samples at another rate by linear interpolation; keeps the duration to half a sample."""
    count = round(len(samples) * new_rate_hz / rate_hz)
    if count == 0 or len(samples) == 0:
        return np.zeros(0, dtype="<i2")
    places = np.arange(count) * (rate_hz / new_rate_hz)
    resampled: NDArray[np.int16] = np.round(np.interp(places, np.arange(len(samples)), samples)).astype("<i2")
    return resampled
