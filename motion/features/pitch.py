"""Fundamental frequency and periodicity by YIN (de Cheveigne and Kawahara 2002, JASA 111), and the speaker's running mean.

Windows of 1024 samples at 16 kHz; lags 32 to 267 samples (500 down to 60 Hz), integration over 757, the difference function by FFT, the
first dip under 0.15 and else the deepest, refined by a parabola. Pure functions in float64, row by row; `RunningMean` is a small value
that is replaced, never changed. The hearing of the fast room has a tracker of its own for blocks of 512 samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.features.frames import PITCH_SAMPLES, SAMPLE_RATE_HZ

Float64 = NDArray[np.float64]

F0_MIN_HZ: Final = 60.0
F0_MAX_HZ: Final = 500.0
REFERENCE_HZ: Final = 100.0
_LAG_MIN: Final = int(SAMPLE_RATE_HZ / F0_MAX_HZ)
_LAG_MAX: Final = int(np.ceil(SAMPLE_RATE_HZ / F0_MIN_HZ))
_INTEGRATION: Final = PITCH_SAMPLES - _LAG_MAX
_FFT: Final = 1_024  # the lags -756 to 1023 wrap, but onto none of 0 to 267
_LAGS: Final[Float64] = np.arange(_LAG_MAX + 1, dtype=np.float64)
_THRESHOLD: Final = 0.15
_VOICED: Final = 0.30
"""A frame whose deepest dip stays above this is unvoiced."""
QUIET_MEAN_SQUARE: Final = 10.0**-5.5
"""Windows under -55 dBFS are not analysed: hum in a quiet room is periodic too."""


def yin(windows: NDArray[Any]) -> tuple[Float64, Float64]:
    """Find the pitch of windows.

    Args:
        windows: finite float [n, 1024] in -1 to 1.

    Returns:
        Hertz [n], 0 where unvoiced, and periodicity [n] in 0 to 1 (one minus the depth of the chosen dip).
    """
    x = windows.astype(np.float64)
    x = x - x.mean(axis=1, keepdims=True)
    squares = x * x
    loud = squares.mean(axis=1) > QUIET_MEAN_SQUARE
    f0_hz, periodicity = np.zeros(len(x)), np.zeros(len(x))
    if loud.any():
        rows = np.flatnonzero(loud)
        normalised = _normalised_difference(x[rows], squares[rows])
        for row, dips in zip(rows, normalised, strict=True):
            lag, depth = _period(dips)
            periodicity[row] = min(1.0, max(0.0, 1.0 - depth))
            f0_hz[row] = SAMPLE_RATE_HZ / lag if lag > 0.0 else 0.0
    return f0_hz, periodicity


def _normalised_difference(x: Float64, squares: Float64) -> Float64:
    spectra = np.fft.rfft(x, _FFT) * np.conj(np.fft.rfft(x[:, :_INTEGRATION], _FFT))
    correlation = np.fft.irfft(spectra, _FFT)[:, : _LAG_MAX + 1]
    energy = np.zeros((len(x), PITCH_SAMPLES + 1))
    np.cumsum(squares, axis=1, out=energy[:, 1:])
    shifted = energy[:, _INTEGRATION : _INTEGRATION + _LAG_MAX + 1] - energy[:, : _LAG_MAX + 1]
    difference = np.maximum(energy[:, _INTEGRATION, None] + shifted - 2.0 * correlation, 0.0)
    difference[:, 0] = 0.0
    total = np.cumsum(difference, axis=1)
    return np.asarray(difference * _LAGS / np.maximum(total, 1e-12), dtype=np.float64)


def _period(dips: Float64) -> tuple[float, float]:
    """Return the lag in samples, 0 where unvoiced, and the depth of its dip."""
    under = np.flatnonzero(dips[_LAG_MIN:] < _THRESHOLD)
    if under.size:
        lag = _LAG_MIN + int(under[0])
        while lag < _LAG_MAX and dips[lag + 1] < dips[lag]:
            lag += 1
    else:
        lag = _LAG_MIN + int(np.argmin(dips[_LAG_MIN:]))
    depth = float(dips[lag])
    if depth > _VOICED or lag <= _LAG_MIN or lag >= _LAG_MAX:
        return 0.0, max(depth, _VOICED)
    before, after = float(dips[lag - 1]), float(dips[lag + 1])
    curvature = before - 2.0 * depth + after
    return lag + (0.5 * (before - after) / curvature if curvature > 0.0 else 0.0), depth


def semitones(f0_hz: float) -> float:
    """Return semitones over 100 Hz."""
    return 12.0 * float(np.log2(f0_hz / REFERENCE_HZ))


@dataclass(frozen=True, slots=True)
class RunningMean:
    """The speaker's mean pitch in semitones over 100 Hz: the mean of what was heard, which fades with a half-life of 20 s of voice.

    It begins at 165 Hz, between the means of men and women, with the weight of half a second.
    """

    mean_st: float = 8.67
    weight: float = 15.0

    def after(self, f0_st: float) -> RunningMean:
        """Return the mean with one more voiced frame."""
        weight = self.weight * _FADE + 1.0
        return RunningMean(self.mean_st + (f0_st - self.mean_st) / weight, weight)


_FADE: Final = 0.5 ** (1.0 / (20.0 * 30.0))
