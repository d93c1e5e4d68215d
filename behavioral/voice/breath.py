"""An audible breath: people draw one before they speak, and who hears it knows that an answer is coming.

Made of noise, with no recording and no engine: the broad resonance of an open mouth, rising quickly and ending a little more
slowly, much softer than the voice. Computed once; pure and always the same.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from behavioral.voice.tts.contract import PAUSE, PhonemeTime, SpokenClause

BREATH = "(breath)"
"""Stands for a breath among the texts of small sounds."""
LENGTH_MS = 450
RATE_HZ = 22_050
"""That of the embedded voice, so that the player's rate does not change."""
LEVEL_DBFS = -38.0
CENTRE_HZ, WIDTH_OCTAVES = 1_300.0, 1.2
RISE_SHARE, FALL_SHARE = 0.35, 0.45


@lru_cache(maxsize=1)
def breath_in() -> SpokenClause:
    """Return an inhalation of half a second."""
    size = LENGTH_MS * RATE_HZ // 1_000
    spectrum = np.fft.rfft(np.random.default_rng(7).normal(size=size))
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1.0 / RATE_HZ), 1.0) / CENTRE_HZ)
    noise = np.fft.irfft(spectrum * np.exp(-0.5 * (octaves / WIDTH_OCTAVES) ** 2), size)
    at = np.linspace(0.0, 1.0, size)
    ramp = np.clip(np.minimum(at / RISE_SHARE, (1.0 - at) / FALL_SHARE), 0.0, 1.0)
    sound = noise * np.sin(0.5 * np.pi * ramp) ** 2
    sound *= 10.0 ** (LEVEL_DBFS / 20.0) * 32_768.0 / np.sqrt(np.mean(sound * sound))
    return SpokenClause("", np.rint(sound).astype(np.int16), RATE_HZ, (PhonemeTime(PAUSE, 0.0, float(LENGTH_MS)),), ())
