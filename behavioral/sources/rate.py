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


Callback = Callable[[bytes, int, float], bytes | None]
"""Given the bytes heard (input), the number of frames, and how many seconds lie between the device's samples of this call and these;
returns the bytes to play (output). Runs in PortAudio's thread.

Converted pieces do not end where the device's do, and where by turns they come sooner and later, times guessed from calls alone would slide
by as much: an input was heard so many seconds before the device's newest sample, an output follows the device's next one by as many."""


def heard_at(device_hz: int, rate_hz: int, frames: int, callback: Callback) -> Callback:
    """Return a callback for an input at `device_hz` that calls `callback` with whole pieces of `frames` at `rate_hz`."""
    converter, waiting = RateConverter(rate_hz), bytearray()
    taken = passed_on = 0

    def heard(data: bytes, _frames: int, _seconds: float) -> None:
        nonlocal taken, passed_on
        waiting.extend(converter.convert(data, device_hz))
        taken += len(data) // 2
        while len(waiting) >= 2 * frames:
            piece = bytes(waiting[: 2 * frames])
            del waiting[: 2 * frames]
            passed_on += frames
            callback(piece, frames, taken / device_hz - passed_on / rate_hz)

    return heard


def wanted_at(device_hz: int, rate_hz: int, frames: int, callback: Callback) -> Callback:
    """Return a callback for an output at `device_hz` that asks `callback` for pieces of `frames` at `rate_hz`."""
    converter, waiting = RateConverter(device_hz), bytearray()
    asked = given = 0

    def wanted(_data: bytes, device_frames: int, _seconds: float) -> bytes:
        nonlocal asked, given
        while len(waiting) < 2 * device_frames:
            piece = callback(b"", frames, asked / rate_hz - given / device_hz) or bytes(2 * frames)
            asked += frames
            waiting.extend(converter.convert(piece, rate_hz))
        piece = bytes(waiting[: 2 * device_frames])
        del waiting[: 2 * device_frames]
        given += device_frames
        return piece

    return wanted


def frames_at(frames: int, rate_hz: int, device_hz: int) -> int:
    """Return how many frames of a device last as long as `frames` at `rate_hz`."""
    return round(frames * device_hz / rate_hz)
