"""Level, slopes and rate of the last seconds of speech."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.events import ProsodySnapshot
from behavioral.hearing.prosody import Prosody

Voice = Callable[..., NDArray[np.float32]]


def heard(samples: NDArray[np.float32]) -> Prosody:
    prosody = Prosody()
    prosody.begin_speech()
    for index in range(len(samples) // 512):
        prosody.push(samples[512 * index : 512 * index + 512], index * 32_000_000, speaking=True)
    return prosody


def test_nothing_heard_says_nothing() -> None:
    assert Prosody().snapshot() == ProsodySnapshot()


@pytest.mark.parametrize(("end_hz", "sign"), [(100.0, -1), (220.0, 1)])
def test_the_final_slope_tells_a_fall_from_a_rise(voice: Voice, end_hz: float, sign: int) -> None:
    flat, glide = voice(150, seconds=1.0), voice(150, end_hz, seconds=0.32)
    slope = heard(np.concatenate((flat, glide))).snapshot().f0_slope_st_s
    expected = 12 * np.log2(end_hz / 150) / 0.32
    assert slope * sign > 0
    assert slope == pytest.approx(expected, rel=0.3)


def test_a_level_tone_has_no_slope_and_the_level_of_its_samples(voice: Voice) -> None:
    tone = voice(150)
    snapshot = heard(tone).snapshot()
    assert snapshot.f0_slope_st_s == pytest.approx(0, abs=0.5)
    assert snapshot.level_dbfs == pytest.approx(10 * np.log10(np.mean(tone**2)), abs=0.5)
    assert snapshot.f0_hz == pytest.approx(150, rel=0.01)


def test_an_octave_error_does_not_make_a_slope(voice: Voice) -> None:
    samples = np.concatenate((voice(150, seconds=1.0), voice(300, seconds=0.064)))
    assert abs(heard(samples).snapshot().f0_slope_st_s) < 10  # the doubled frames alone would give over 40


def test_the_rate_counts_syllable_like_peaks(voice: Voice) -> None:
    t = np.arange(32_000) / 16_000
    swell = (0.55 - 0.45 * np.cos(2 * np.pi * 4 * t)).astype(np.float32)
    rate = heard(voice(130, seconds=2.0) * swell).snapshot().rate_per_s
    assert rate == pytest.approx(4, abs=0.6)
    assert heard(voice(130, seconds=2.0)).snapshot().rate_per_s < 1


def test_silence_after_the_offset_is_left_out(voice: Voice) -> None:
    prosody = heard(np.concatenate((voice(150), np.zeros(8_192, np.float32))))
    assert prosody.snapshot(until_ns=1_000_000_000).level_dbfs > prosody.snapshot().level_dbfs + 2


def test_real_speech_has_a_plausible_voice(speech: Callable[[str], NDArray[np.int16]]) -> None:
    samples = (
        speech("librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-0870.wav").astype(np.float32) / 32_768
    )
    snapshot = heard(samples[: int(6.7 * 16_000)]).snapshot()
    assert 75 < snapshot.speaker_f0_hz < 140  # a male reader
    assert 2 < snapshot.f0_range_st < 18
    assert 2 < snapshot.rate_per_s < 7
