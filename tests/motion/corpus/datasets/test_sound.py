"""Sound files of any rate as 16 kHz."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets import sound


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_a_click_stays_in_its_place(tmp_path: Path, write_wav: Callable[..., None], rate_hz: int) -> None:
    write_wav(tmp_path / "a.wav", 2.0, 1.25, rate_hz=rate_hz)
    samples = sound.mono(tmp_path / "a.wav")
    assert samples.dtype == np.float32 and abs(len(samples) - 32_000) <= 1 and np.abs(samples).max() <= 1.0
    assert np.argmax(np.abs(samples)) / 16_000 == pytest.approx(1.25, abs=0.001)


def test_two_people_keep_their_channels(tmp_path: Path, write_wav: Callable[..., None]) -> None:
    write_wav(tmp_path / "a.wav", 1.0, 0.2, 0.7, rate_hz=48_000)
    for subject, expected in ((0, (0.2, 0.7)), (1, (0.7, 0.2))):
        found = [np.argmax(np.abs(one)) / 16_000 for one in sound.two_people(tmp_path / "a.wav", subject)]
        assert found == pytest.approx(expected, abs=0.001)


def test_faults_name_the_file(tmp_path: Path, write_wav: Callable[..., None]) -> None:
    write_wav(tmp_path / "one.wav", 1.0, 0.2)
    with pytest.raises(ValueError, match=r"one\.wav has 1 channels; one for each"):
        sound.two_people(tmp_path / "one.wav")
    (tmp_path / "lfs.wav").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(ValueError, match=r"lfs\.wav cannot be read as sound .* Git LFS"):
        sound.mono(tmp_path / "lfs.wav")
    write_wav(tmp_path / "none.wav", 0.0)
    with pytest.raises(ValueError, match=r"none\.wav holds no samples"):
        sound.mono(tmp_path / "none.wav")
