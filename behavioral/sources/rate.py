"""Other rates than a device's own: a sound card that offers only 44.1 or 48 kHz, a voice of 24 kHz on a loudspeaker opened at 22.05.

Streams of int16 little-endian mono through soxr; state belongs to one direction of one device and is used by one thread at a time. What
a resampler holds back (15 ms) comes with the next piece.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import soxr
from numpy.typing import NDArray

QUALITY = "MQ"


class RateConverter:
    """Pieces of changing rates in, one rate out."""

    def __init__(self, rate_hz: int) -> None:
        """Name the rate that comes out."""
        self._rate_hz = rate_hz
        self._from_hz = rate_hz
        self._stream: soxr.ResampleStream | None = None

    def convert(self, pcm: bytes, rate_hz: int) -> bytes:
        """Return the next piece at the other rate; of equal rates the same bytes."""
        before = b""
        if rate_hz != self._from_hz:
            if self._stream is not None:
                before = self._stream.resample_chunk(np.zeros(0, np.int16), last=True).astype("<i2").tobytes()
            self._from_hz = rate_hz
            self._stream = (
                None
                if rate_hz == self._rate_hz
                else soxr.ResampleStream(rate_hz, self._rate_hz, 1, dtype="int16", quality=QUALITY)
            )
        if self._stream is None:
            return before + pcm
        samples = np.frombuffer(pcm[: len(pcm) & ~1], "<i2")
        converted: NDArray[np.int16] = self._stream.resample_chunk(samples)
        return before + converted.astype("<i2", copy=False).tobytes()


Callback = Callable[[bytes, int], bytes | None]
"""Given the bytes heard (input) and the number of frames, returns the bytes to play (output); runs in PortAudio's thread."""


def heard_at(device_hz: int, rate_hz: int, frames: int, callback: Callback) -> Callback:
    """Return a callback for an input at `device_hz` that calls `callback` with whole pieces of `frames` at `rate_hz`."""
    converter, waiting = RateConverter(rate_hz), bytearray()

    def heard(data: bytes, _frames: int) -> None:
        waiting.extend(converter.convert(data, device_hz))
        while len(waiting) >= 2 * frames:
            piece = bytes(waiting[: 2 * frames])
            del waiting[: 2 * frames]
            callback(piece, frames)

    return heard


def wanted_at(device_hz: int, rate_hz: int, frames: int, callback: Callback) -> Callback:
    """Return a callback for an output at `device_hz` that asks `callback` for pieces of `frames` at `rate_hz`."""
    converter, waiting = RateConverter(device_hz), bytearray()

    def wanted(_data: bytes, device_frames: int) -> bytes:
        while len(waiting) < 2 * device_frames:
            waiting.extend(converter.convert(callback(b"", frames) or bytes(2 * frames), rate_hz))
        piece = bytes(waiting[: 2 * device_frames])
        del waiting[: 2 * device_frames]
        return piece

    return wanted


def frames_at(frames: int, rate_hz: int, device_hz: int) -> int:
    """Return how many frames of a device last as long as `frames` at `rate_hz`."""
    return round(frames * device_hz / rate_hz)
