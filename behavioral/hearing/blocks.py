"""The unit of hearing: a block of 512 samples at 16 kHz, 32 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
BLOCK_SAMPLES = 512
BLOCK_BYTES = 2 * BLOCK_SAMPLES
BLOCK_NS = BLOCK_SAMPLES * 1_000_000_000 // SAMPLE_RATE_HZ
SILENCE_DBFS = -120.0


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """Return int16 little-endian PCM as float32 in -1 to 1."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) * np.float32(1 / 32_768)


def level_dbfs(samples: NDArray[np.float32]) -> float:
    """Return the RMS level in dB relative to full scale, at least -120."""
    power = float(np.dot(samples, samples)) / max(1, samples.size)
    return max(SILENCE_DBFS, 10 * float(np.log10(power + 1e-30)))
