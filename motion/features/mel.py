"""Log power in mel bands, and the level.

27 triangular bands from 60 to 7600 Hz, equally spaced on the mel scale of O'Shaughnessy (1987), 2595 log10(1 + f / 700), over a Hann
window of 512 samples. Band power is the weighted sum of the power spectrum, scaled so that a full-scale sine well inside a band reads
about 0 dB. Pure functions in float64; a row's result doesn't depend on its neighbours, which is what makes streaming equal offline.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.features.frames import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from motion.features.layout import MEL_BANDS

Float64 = NDArray[np.float64]

FLOOR_DB: Final = -80.0
"""Digital silence and a very quiet room read the same: below it nothing drives a gesture."""
_FLOOR_POWER: Final = 10.0 ** (FLOOR_DB / 10.0)
LOW_HZ: Final = 60.0
HIGH_HZ: Final = 7_600.0


def _hann() -> Float64:
    # Periodic form: its transform has exactly three lines.
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW_SAMPLES) / WINDOW_SAMPLES)


def band_edges_hz() -> Float64:
    """Return the corner frequencies [29]: band b rises from edge b to b + 1 and falls to b + 2."""
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (LOW_HZ, HIGH_HZ))
    return np.asarray(700.0 * (10.0 ** (np.linspace(low, high, MEL_BANDS + 2) / 2595.0) - 1.0), dtype=np.float64)


def _filters() -> Float64:
    edges = band_edges_hz()
    # Triangles are integrated over each bin's width, so that the narrow low bands, between whose corners no bin may lie, are not empty.
    fine = 16
    spacing = SAMPLE_RATE_HZ / WINDOW_SAMPLES
    bins = WINDOW_SAMPLES // 2 + 1
    grid = (np.arange(bins * fine) + 0.5) / fine * spacing - 0.5 * spacing
    rise = (grid[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[None, 2:] - grid[:, None]) / (edges[2:] - edges[1:-1])
    triangles = np.clip(np.minimum(rise, fall), 0.0, None)
    filters: Float64 = triangles.reshape(bins, fine, MEL_BANDS).mean(axis=1)
    return filters


_WINDOW: Final = _hann()
_FILTERS: Final = _filters()
# |X|^2 of a full-scale sine peaks at (sum of the window / 2)^2; its three lines together hold 1.5 times that.
_SCALE: Final = 1.0 / (1.5 * (_WINDOW.sum() / 2.0) ** 2)


def band_power_db(windows: NDArray[Any]) -> Float64:
    """Return the power of the bands.

    Args:
        windows: finite float [n, 512] in -1 to 1.

    Returns:
        float64 [n, 27], dB relative to a full-scale sine, at least -80.
    """
    spectrum = np.fft.rfft(windows.astype(np.float64) * _WINDOW, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    # One vector-matrix product per row: a single matrix product would round differently for different numbers of rows.
    bands = np.matmul(power[:, None, :], _FILTERS)[:, 0, :] * _SCALE
    return np.asarray(10.0 * np.log10(np.maximum(bands, _FLOOR_POWER)), dtype=np.float64)


def level_dbfs(mean_square: NDArray[Any]) -> Float64:
    """Return the level of mean squares, at least -80 dBFS."""
    return np.asarray(10.0 * np.log10(np.maximum(mean_square, _FLOOR_POWER)), dtype=np.float64)
