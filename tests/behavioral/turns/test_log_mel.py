"""Whisper's log-mel spectrogram."""

import numpy as np
import pytest

from behavioral.turns.log_mel import BANDS, log_mel


def tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(16_000 * seconds)) / 16_000).astype(np.float32)


def test_a_second_has_a_hundred_frames_of_eighty_bands() -> None:
    assert log_mel(tone(440.0)).shape == (BANDS, 100)


@pytest.mark.parametrize("hz", [200.0, 500.0, 1_000.0, 3_000.0, 6_000.0])
def test_a_tone_is_loudest_in_the_band_around_it(hz: float) -> None:
    """Slaney's scale: 15 mel at 1 kHz, linear below, a factor of 6.4 in 27 mel above."""
    mel = hz * 3 / 200 if hz < 1_000 else 15 + 27 * np.log(hz / 1_000) / np.log(6.4)
    top = 15 + 27 * np.log(8) / np.log(6.4)
    band = mel / top * (BANDS + 1) - 1
    assert abs(int(np.argmax(log_mel(tone(hz))[:, 50])) - band) <= 1


def test_the_range_is_that_of_eight_decades_under_the_loudest() -> None:
    features = log_mel(np.concatenate((tone(440.0), np.zeros(16_000, np.float32))))
    assert features.max() - features.min() == pytest.approx(2.0, abs=1e-5)


def test_ten_times_the_sound_is_half_a_unit_more() -> None:
    assert np.allclose(log_mel(10 * tone(440.0))[:, 20:80].max() - log_mel(tone(440.0))[:, 20:80].max(), 0.5, atol=1e-3)


@pytest.mark.parametrize("samples", [np.zeros(200, np.float32), np.zeros((2, 16_000), np.float32)])
def test_too_little_or_many_channels_is_an_error(samples: np.ndarray) -> None:
    with pytest.raises(ValueError, match="dimension"):
        log_mel(samples)
