"""Speech that the commands' tests move a body to."""

from pathlib import Path

import numpy as np
import pytest
import soundfile


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """A folder with two recordings of syllables at different times, 6 s each."""
    folder = tmp_path / "speech"
    folder.mkdir()
    t = np.arange(6 * 16_000) / 16_000
    for seed in range(2):
        rng = np.random.default_rng(seed)
        y = 1e-4 * rng.normal(size=len(t))
        for at in np.cumsum(rng.uniform(0.2, 0.5, 14)):
            y += np.clip(1 - np.abs(t - at - 0.07) / 0.07, 0, 1) * np.sin(2 * np.pi * 220 * t) * rng.uniform(0.1, 0.5)
        soundfile.write(folder / f"{seed}.wav", y, 16_000)
    return folder
