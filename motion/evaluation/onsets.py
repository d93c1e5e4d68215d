"""Audio onsets, offline, by librosa's documented definition, so that beat scores can be compared with published ones.

`onset_strength`: mel spectrogram (128 Slaney bands, window of 2,048, hop of 512, centred) in decibels, first difference in time, half-wave
rectified, mean over bands, shifted by half a window. `onsets`: peaks of it after scaling to 0..1 by the rule of Boeck et al. 2012 with
librosa's defaults. NumPy only; librosa is not needed. Pure functions; audio is mono float at 16 kHz unless another rate is given.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import Float64, finite

WINDOW: Final = 2048
HOP: Final = 512
BANDS: Final = 128
_FLOOR_POWER: Final = 1e-10
_RANGE_DB: Final = 80.0
_PRE_MAX_S: Final = 0.03
_AVERAGE_S: Final = 0.10
_WAIT_S: Final = 0.03
_DELTA: Final = 0.07


def _mel(hz: Float64) -> Float64:
    """Slaney's mel scale: linear below 1 kHz, logarithmic above."""
    step = np.log(6.4) / 27.0
    out: Float64 = np.where(hz < 1000.0, hz * 3.0 / 200.0, 15.0 + np.log(np.maximum(hz, 1e-9) / 1000.0) / step)
    return out


def _hz(mel: Float64) -> Float64:
    step = np.log(6.4) / 27.0
    out: Float64 = np.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * np.exp(step * (mel - 15.0)))
    return out


@lru_cache(maxsize=4)
def mel_filters(sample_rate_hz: int) -> Float64:
    """Triangular filters [128, 1025] of equal area, from 0 to half the sample rate."""
    bins = np.linspace(0.0, sample_rate_hz / 2.0, WINDOW // 2 + 1)
    top = _mel(np.array([sample_rate_hz / 2.0]))[0]
    edges = _hz(np.linspace(0.0, top, BANDS + 2))
    ramps = edges[:, None] - bins[None, :]
    widths = np.diff(edges)
    rising, falling = -ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]
    filters: Float64 = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    filters.flags.writeable = False
    return filters


def onset_strength(samples: ArrayLike, sample_rate_hz: int = 16_000) -> Float64:
    """Onset envelope, one value for each hop of 512 samples, the first at time 0.

    Raises:
        ValueError: samples are not one axis or not finite, or the rate is not positive.
    """
    if sample_rate_hz <= 0:
        raise ValueError(f"sample_rate_hz is {sample_rate_hz}; it must be positive")
    y = finite(samples, "samples", (None,))
    padded = np.pad(y, WINDOW // 2)
    frames = 1 + (len(padded) - WINDOW) // HOP
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
    filters = mel_filters(sample_rate_hz)
    power = np.empty((frames, BANDS))
    for begin in range(0, frames, 256):  # bounded memory for long recordings
        rows = np.arange(begin, min(begin + 256, frames))
        blocks = padded[rows[:, None] * HOP + np.arange(WINDOW)] * hann
        power[rows] = np.square(np.abs(np.fft.rfft(blocks, axis=1))) @ filters.T
    db = 10.0 * np.log10(np.maximum(power, _FLOOR_POWER))
    db = np.maximum(db, db.max() - _RANGE_DB)
    rise = np.maximum(0.0, np.diff(db, axis=0)).mean(axis=1)
    shift = 1 + WINDOW // (2 * HOP)
    return np.concatenate([np.zeros(shift), rise])[:frames]


def pick_peaks(strength: ArrayLike, sample_rate_hz: int = 16_000) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Frames of onsets: the maximum of the last 30 ms, 0.07 above the mean of 100 ms to both sides, 30 ms apart (librosa's defaults).

    Raises:
        ValueError: not one axis, or not finite.
    """
    raw = finite(strength, "strength", (None,))
    span = float(np.ptp(raw)) if raw.size else 0.0
    if not span > 0.0:
        return np.empty(0, dtype=np.intp)
    x = (raw - raw.min()) / span
    per_second = sample_rate_hz / HOP
    pre_max, wait = int(_PRE_MAX_S * per_second), int(_WAIT_S * per_second)
    pre_average, post_average = int(_AVERAGE_S * per_second), int(_AVERAGE_S * per_second) + 1
    post_max = int(0.0 * per_second) + 1
    found: list[int] = []
    for n in range(len(x)):
        if x[n] < x[max(0, n - pre_max) : n + post_max].max():
            continue
        if x[n] < x[max(0, n - pre_average) : n + post_average].mean() + _DELTA:
            continue
        if not found or n > found[-1] + wait:
            found.append(n)
    return np.array(found, dtype=np.intp)


def onsets(samples: ArrayLike, sample_rate_hz: int = 16_000) -> Float64:
    """Times of onsets in seconds; empty where the audio is silent.

    Raises:
        ValueError: see `onset_strength`.
    """
    frames = pick_peaks(onset_strength(samples, sample_rate_hz), sample_rate_hz)
    return frames.astype(np.float64) * (HOP / sample_rate_hz)
