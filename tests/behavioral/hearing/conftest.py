"""Real speech for the tests of hearing, from the folder that ATTUNE_DATA names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def speech(attune_data: Path) -> Callable[[str], NDArray[np.int16]]:
    """Load a recording by its path under ATTUNE_DATA as int16 mono at 16 kHz."""
    soundfile = pytest.importorskip("soundfile")
    soxr = pytest.importorskip("soxr")

    def load(name: str) -> NDArray[np.int16]:
        samples, rate = soundfile.read(attune_data / name, dtype="float32", always_2d=True)
        mono = samples.mean(axis=1)
        if rate != 16_000:
            mono = soxr.resample(mono, rate, 16_000)
        return np.clip(mono * 32_768, -32_768, 32_767).astype(np.int16)

    return load


@pytest.fixture
def voice() -> Callable[..., NDArray[np.float32]]:
    """Make a voice-like tone: harmonics of a pitch that may glide, float32 at 16 kHz."""

    def make(
        start_hz: float, end_hz: float | None = None, seconds: float = 1.0, gain: float = 0.1
    ) -> NDArray[np.float32]:
        pitch = np.linspace(start_hz, start_hz if end_hz is None else end_hz, round(seconds * 16_000))
        phase = 2 * np.pi * np.cumsum(pitch) / 16_000
        return (gain * sum(np.sin(k * phase + k) / k for k in range(1, 8))).astype(np.float32)

    return make
