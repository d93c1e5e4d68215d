"""Streaming fundamental frequency: YIN with its difference function by FFT (de Cheveigne and Kawahara 2002, JASA 111).

Two frames per block of 512 samples (16 ms hop), each over the last 1024 samples (64 ms): the integration window is 757 samples, the lags
32 to 267 (500 down to 60 Hz). A frame describes the middle of its window, so its pitch is 32 ms old when it comes. Also here: the speaker's
running pitch distribution. numpy only, about 0.1 ms per block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import BLOCK_SAMPLES, SAMPLE_RATE_HZ, level_dbfs

HOP_SAMPLES = 256
HOP_NS = HOP_SAMPLES * 1_000_000_000 // SAMPLE_RATE_HZ
WINDOW_SAMPLES = 1024
F0_MIN_HZ = 60.0
F0_MAX_HZ = 500.0
_LAG_MIN = int(SAMPLE_RATE_HZ / F0_MAX_HZ)
_LAG_MAX = int(np.ceil(SAMPLE_RATE_HZ / F0_MIN_HZ))
_INTEGRATION = WINDOW_SAMPLES - _LAG_MAX
_LAGS: NDArray[np.float64] = np.arange(_LAG_MAX + 1, dtype=np.float64)
_THRESHOLD = 0.15  # first dip under this is the period
_VOICED = 0.30  # the deepest dip must at least reach this
_FLOOR_DBFS = -55.0  # quieter frames are not analysed

BINS_PER_SEMITONE = 4
_BINS = int(np.ceil(12 * np.log2(F0_MAX_HZ / F0_MIN_HZ) * BINS_PER_SEMITONE)) + 1


@dataclass(frozen=True, slots=True)
class PitchFrame:
    """One analysis frame; `t_ns` is the middle of its window, `f0_hz` is 0 where unvoiced."""

    t_ns: int
    f0_hz: float
    level_dbfs: float


class PitchTracker:
    """Pitch frames from blocks."""

    def __init__(self) -> None:
        """Begin with silence."""
        self._window: NDArray[np.float32] = np.zeros(WINDOW_SAMPLES + HOP_SAMPLES, np.float32)

    def reset(self) -> None:
        """Forget the past: the next block does not follow the last one."""
        self._window[:] = 0

    def push(self, block: NDArray[np.float32], t_ns: int) -> tuple[PitchFrame, PitchFrame]:
        """Return the two frames that the block beginning at `t_ns` completes.

        Args:
            block: float32 [512] in -1 to 1.
            t_ns: session time of its first sample.
        """
        window = self._window
        window[:-BLOCK_SAMPLES] = window[BLOCK_SAMPLES:]
        window[-BLOCK_SAMPLES:] = block
        middle_ns = t_ns + (HOP_SAMPLES - WINDOW_SAMPLES // 2) * 1_000_000_000 // SAMPLE_RATE_HZ
        windows = np.stack((window[:WINDOW_SAMPLES], window[HOP_SAMPLES:]))
        levels = (level_dbfs(windows[0]), level_dbfs(windows[1]))
        pitch = yin_hz(windows) if max(levels) > _FLOOR_DBFS else (0.0, 0.0)
        first, second = (f0_hz if level > _FLOOR_DBFS else 0.0 for f0_hz, level in zip(pitch, levels, strict=True))
        return PitchFrame(middle_ns, first, levels[0]), PitchFrame(middle_ns + HOP_NS, second, levels[1])


def yin_hz(windows: NDArray[np.float32]) -> tuple[float, ...]:
    """Return the fundamental frequency of each window in hertz, 0 where it is not voiced.

    Args:
        windows: float32 [n, 1024], 16 kHz.
    """
    x = windows - windows.mean(axis=1, keepdims=True)
    size = 2048  # >= 1024 + 757 - 1, so that the correlation does not wrap
    spectra = np.fft.rfft(x, size) * np.conj(np.fft.rfft(x[:, :_INTEGRATION], size))
    correlation = np.fft.irfft(spectra, size)[:, : _LAG_MAX + 1]
    energy = np.zeros((len(x), WINDOW_SAMPLES + 1))
    np.cumsum(x * x, axis=1, dtype=np.float64, out=energy[:, 1:])
    shifted = energy[:, _INTEGRATION : _INTEGRATION + _LAG_MAX + 1] - energy[:, : _LAG_MAX + 1]
    difference = energy[:, _INTEGRATION, None] + shifted - 2 * correlation
    difference[:, 0] = 0.0
    total = np.cumsum(difference, axis=1)
    normalised = difference * _LAGS / np.maximum(total, 1e-20)
    lags = (_period(row) if sums[-1] > 0 else 0.0 for row, sums in zip(normalised, total, strict=True))
    return tuple(SAMPLE_RATE_HZ / lag if lag else 0.0 for lag in lags)


def _period(normalised: NDArray[np.float64]) -> float:
    search = normalised[_LAG_MIN:]
    under = np.flatnonzero(search < _THRESHOLD)
    if under.size:
        lag = _LAG_MIN + int(under[0])
        while lag < _LAG_MAX and normalised[lag + 1] < normalised[lag]:
            lag += 1
    else:
        lag = _LAG_MIN + int(np.argmin(search))
        if normalised[lag] > _VOICED:
            return 0.0
    if lag <= _LAG_MIN or lag >= _LAG_MAX:
        return 0.0
    before, here, after = (float(value) for value in normalised[lag - 1 : lag + 2])
    curvature = before - 2 * here + after
    return lag + (0.5 * (before - after) / curvature if curvature > 0 else 0.0)


class SpeakerPitch:
    """Running distribution of a speaker's pitch: a histogram over quarter semitones that slowly forgets."""

    def __init__(self, *, half_life_s: float = 60.0, ready_after_s: float = 0.6) -> None:
        """Begin without knowledge.

        Args:
            half_life_s: voiced time after which a frame counts half.
            ready_after_s: voiced time before any percentile is given.
        """
        self._weights: NDArray[np.float64] = np.zeros(_BINS)
        self._forget = 0.5 ** (HOP_NS / 1e9 / half_life_s)
        self._ready_weight = ready_after_s * 1e9 / HOP_NS

    @property
    def ready(self) -> bool:
        """Whether enough voiced speech was heard."""
        return bool(self._weights.sum() >= self._ready_weight)

    def push(self, f0_hz: float) -> None:
        """Count one voiced frame."""
        self._weights *= self._forget
        self._weights[int(np.clip(round(_bin(f0_hz)), 0, _BINS - 1))] += 1.0

    def percentile_hz(self, percentile: float) -> float:
        """Return the pitch under which that share (0 to 100) of the speaker's voiced frames lies, or 0 before it is known."""
        if not self.ready:
            return 0.0
        total = np.cumsum(self._weights)
        index = int(np.searchsorted(total, total[-1] * percentile / 100))
        return float(F0_MIN_HZ * 2 ** (min(index, _BINS - 1) / BINS_PER_SEMITONE / 12))


def _bin(f0_hz: float) -> float:
    return 12 * float(np.log2(f0_hz / F0_MIN_HZ)) * BINS_PER_SEMITONE
