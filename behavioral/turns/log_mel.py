"""Log-mel spectrogram of Whisper (Radford et al. 2022), the input of end-of-turn models that are built on its encoder.

16 kHz mono; windows of 25 ms (Hann) every 10 ms, centred, 80 bands on Slaney's mel scale (linear to 1 kHz, logarithmic above, unit area
each) up to 8 kHz; log10, at most 8 below the loudest, then (x + 4) / 4. numpy only, about 10 ms for 8 s. Pure.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

RATE_HZ: Final = 16_000
BANDS: Final = 80
_FFT: Final = 400
_HOP: Final = 160
_LINEAR_HZ: Final = 1_000.0
_HZ_PER_MEL: Final = 200.0 / 3.0
_LOG_STEP: Final = float(np.log(6.4) / 27.0)

Float32 = NDArray[np.float32]


def _mel(hz: float) -> float:
    if hz < _LINEAR_HZ:
        return hz / _HZ_PER_MEL
    return _LINEAR_HZ / _HZ_PER_MEL + float(np.log(hz / _LINEAR_HZ)) / _LOG_STEP


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = _LINEAR_HZ / _HZ_PER_MEL
    return np.where(mel < knee, mel * _HZ_PER_MEL, _LINEAR_HZ * np.exp(_LOG_STEP * (mel - knee)))


def _filters() -> Float32:
    """Return the triangular filters [80, 201]."""
    edges = _hz(np.linspace(0.0, _mel(RATE_HZ / 2), BANDS + 2))
    bins = np.linspace(0.0, RATE_HZ / 2, _FFT // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    area = (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return (np.clip(np.minimum(rising, falling), 0.0, None) * area).astype(np.float32)


_FILTERS: Final = _filters()
_WINDOW: Final = np.hanning(_FFT + 1)[:-1].astype(np.float32)


def log_mel(samples: Float32) -> Float32:
    """Return the features [80, n // 160] of float32 samples [n].

    Raises:
        ValueError: there are fewer than 201 samples, or not one dimension of them.
    """
    if samples.ndim != 1 or len(samples) <= _FFT // 2:
        raise ValueError(f"samples of shape {samples.shape}; one dimension of more than {_FFT // 2} is wanted")
    padded = np.pad(samples.astype(np.float32), _FFT // 2, mode="reflect")
    windows = sliding_window_view(padded, _FFT)[::_HOP][: len(samples) // _HOP]
    spectrum = np.fft.rfft(windows * _WINDOW)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    bands = np.log10(np.maximum(_FILTERS @ power.T, 1e-10))
    features: Float32 = ((np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0).astype(np.float32)
    return features
