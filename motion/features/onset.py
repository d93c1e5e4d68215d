"""Onset strength: the rise of the mel spectrum, insensitive to vibrato and gliding formants.

SuperFlux (Boeck and Widmer 2013, DAFx): the half-wave rectified difference between a window's log spectrum and the earlier one's
maximum over neighbouring bands. The windows are 32 ms long and 16.7 ms apart, so the reference is two windows back, the latest one that
does not share samples. Pure function in float64, row by row.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
LAG_WINDOWS: Final = 2


def flux_db(bands_db: Float64) -> Float64:
    """Return the flux of each window but the first two.

    Args:
        bands_db: float64 [2 + n, bands], consecutive windows.

    Returns:
        float64 [n], the mean rise per band in dB, 0 or more.
    """
    earlier = bands_db[:-LAG_WINDOWS]
    widest = earlier.copy()
    np.maximum(widest[:, 1:], earlier[:, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], earlier[:, 1:], out=widest[:, :-1])
    rise = np.maximum(bands_db[LAG_WINDOWS:] - widest, 0.0)
    return np.asarray(rise.sum(axis=1) / bands_db.shape[1], dtype=np.float64)
