"""A simulated way from the loudspeaker to the microphone: delay, room, level, a loudspeaker that distorts, and clocks that differ.

Written apart from what it tests: it keeps what is played on its own time line at the rate of the voice, convolves it with a room
response in that rate, and reads it at the microphone's own moments by band-limited interpolation. Deterministic under its seed.
Levels are of the echo's RMS relative to what is played, in dB. Mono throughout; samples are float64 in -1 to 1 inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runtime.clock import NS_PER_S

Signal = NDArray[np.float64]
_TAPS = 16  # of the interpolation, on either side
_DIRECT = 1.0  # amplitude of the direct sound against 0.25 of the reverberation's first samples
_REVERBERATION = 0.25


@dataclass(frozen=True, slots=True)
class EchoPath:
    """One condition.

    Attributes:
        delay_ms: from the moment that playing was said to begin at, to the direct sound at the microphone.
        level_db: echo relative to what is played.
        rt60_s: time in which the room's response falls by 60 dB; 0 for the direct sound alone.
        drift_ppm: how much faster the microphone's clock runs than the loudspeaker's.
        host_drift_ppm: how much faster the loudspeaker's clock runs than the session's; `behavioral.bench.echo` alone heeds it.
        drive: how hard the loudspeaker is driven into its soft limit; 0 for a linear one, 3 for a small one turned up.
        noise_dbfs: RMS of white noise at the microphone.
        seed: of room and noise.
    """

    delay_ms: float = 120.0
    level_db: float = -10.0
    rt60_s: float = 0.3
    drift_ppm: float = 0.0
    host_drift_ppm: float = 0.0
    drive: float = 0.0
    noise_dbfs: float = -65.0
    seed: int = 0

    def response(self, rate_hz: int) -> Signal:
        """Return the impulse response without the delay, of unit energy times the level: a direct sound and a decaying tail."""
        rng = np.random.default_rng(self.seed)
        count = max(1, round(self.rt60_s * rate_hz))
        time_s = np.arange(count) / rate_hz
        tail = rng.standard_normal(count) * 10 ** (-3 * time_s / max(self.rt60_s, 1e-9))
        tail *= _REVERBERATION
        tail[0] = _DIRECT
        level: Signal = tail * 10 ** (self.level_db / 20) / np.sqrt(np.sum(tail**2))
        return level

    def distorted(self, samples: Signal) -> Signal:
        """Return what the loudspeaker makes of samples: a soft limit that keeps the level of quiet ones."""
        return samples if self.drive <= 0 else np.tanh(self.drive * samples) / self.drive


class EchoLine:
    """What of the played sound arrives at the microphone, asked for block by block as session time goes on."""

    def __init__(self, path: EchoPath, far_rate_hz: int, near_rate_hz: int) -> None:
        """Begin with silence."""
        self._path = path
        self._far_hz, self._near_hz = far_rate_hz, near_rate_hz
        self._response = path.response(far_rate_hz)
        self._size = 1 << (len(self._response) + far_rate_hz // 4).bit_length()
        self._spectrum = np.fft.rfft(self._response, self._size)
        self._noise = np.random.default_rng(path.seed + 1)
        self._far: Signal = np.zeros(0)
        self._first = 0  # far sample number of `_far[0]`

    def play(self, pcm: bytes, t_ns: int) -> None:
        """Put int16 samples on the line from a session time on."""
        samples = self._path.distorted(np.frombuffer(pcm, "<i2") / 32_768.0)
        start = round(t_ns * self._far_hz / NS_PER_S) - self._first
        end = start + samples.size
        if end > self._far.size:
            self._far = np.concatenate((self._far, np.zeros(end - self._far.size)))
        keep = max(0, -start)
        self._far[start + keep : end] = samples[keep:]

    def halt(self, t_ns: int) -> None:
        """Put silence on the line from a session time on, until the next samples."""
        self._far[max(0, round(t_ns * self._far_hz / NS_PER_S) - self._first) :] = 0.0

    def heard(self, index: int, count: int) -> Signal:
        """Return `count` samples of the microphone from its sample `index` on, noise included; ask in order."""
        moments: Signal = np.asarray(index + np.arange(count), np.float64) * (
            (1 - self._path.drift_ppm * 1e-6) / self._near_hz
        )
        at: Signal = np.asarray((moments - self._path.delay_ms / 1e3) * self._far_hz, np.float64)
        low, high = int(at[0]) - _TAPS, int(at[-1]) + _TAPS + 2
        wet = self._convolved(low, high)
        echo = _interpolated(wet, np.asarray(at - low, np.float64)) if wet.any() else np.zeros(count)
        return echo + self._noise.standard_normal(count) * 10 ** (self._path.noise_dbfs / 20)

    def _convolved(self, low: int, high: int) -> Signal:
        """Far samples `low` to `high`, as the room returns them."""
        length = high - low
        before = low - (len(self._response) - 1)
        dry = self._piece(before, high)
        self._forget(before)
        if not dry.any():
            return np.zeros(length)
        wet = np.fft.irfft(np.fft.rfft(dry, self._size) * self._spectrum, self._size)
        piece: Signal = wet[len(self._response) - 1 : len(self._response) - 1 + length]
        return piece

    def _piece(self, low: int, high: int) -> Signal:
        out = np.zeros(high - low)
        first, last = max(low, self._first), min(high, self._first + self._far.size)
        if last > first:
            out[first - low : last - low] = self._far[first - self._first : last - self._first]
        return out

    def _forget(self, before: int) -> None:
        gone = min(before - self._first - self._far_hz, self._far.size)
        if gone > self._far_hz:
            self._far = self._far[gone:].copy()
            self._first += gone


def _interpolated(samples: Signal, at: Signal) -> Signal:
    """Windowed-sinc interpolation; `at` are positions in `samples`, all at least `_TAPS` from its ends."""
    whole = np.floor(at).astype(int)
    offsets = np.arange(1 - _TAPS, _TAPS + 1)
    distance = (at - whole)[:, None] - offsets
    kernel = np.sinc(distance) * np.cos(np.pi * distance / (2 * _TAPS + 2)) ** 2
    out: Signal = np.einsum("ij,ij->i", samples[whole[:, None] + offsets], kernel)
    return out
