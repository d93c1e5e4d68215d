"""The breath before an answer."""

import numpy as np
import pytest

from behavioral.voice.breath import LENGTH_MS, LEVEL_DBFS, breath_in


def test_a_breath_is_soft_noise_that_comes_and_goes() -> None:
    clause = breath_in()
    sound = clause.pcm / 32_768.0
    assert clause.duration_ms == pytest.approx(LENGTH_MS, abs=0.1)
    assert 20 * np.log10(np.sqrt(np.mean(sound**2))) == pytest.approx(LEVEL_DBFS, abs=0.5)
    assert np.abs(clause.pcm[[0, -1]]).max() <= 2, "no click"
    thirds = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(sound, 3)]
    assert thirds[1] > 1.3 * thirds[0] and thirds[1] > 1.3 * thirds[2]


def test_most_of_it_lies_where_an_open_mouth_resonates() -> None:
    power = np.abs(np.fft.rfft(breath_in().pcm.astype(float))) ** 2
    hz = np.fft.rfftfreq(len(breath_in().pcm), 1 / breath_in().sample_rate_hz)
    assert power[(hz > 300) & (hz < 5_000)].sum() > 0.85 * power.sum()


def test_nobody_says_it_and_the_mouth_stays_as_it_is() -> None:
    assert breath_in().words == () and [p.symbol for p in breath_in().phonemes] == ["_"]
