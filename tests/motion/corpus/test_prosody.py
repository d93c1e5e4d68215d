"""Accents are found where they are spoken, and nowhere else."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from behavioral.voice.tts.espeak import EspeakVoice
from motion.corpus.prosody import accents, agreement, nuclei
from motion.corpus.words import TimedWord

Float32 = NDArray[np.float32]
VOWELS = set("aeiouæɑɒɔəɚɛɜɪʊʌɐᵻɨ")


def syllables(times_s: list[float], strong: set[int], seconds: float = 3.0) -> Float32:
    """Vowel-like bursts of 160 ms; the strong ones louder, longer and higher."""
    out = np.zeros(round(16_000 * seconds), np.float32)
    for index, at_s in enumerate(times_s):
        length, gain, hz = (0.24, 0.3, 160.0) if index in strong else (0.16, 0.12, 120.0)
        t = np.arange(round(16_000 * length)) / 16_000
        buzz = sum(np.sin(2 * np.pi * n * hz * t) / n for n in range(1, 20))
        start = round(16_000 * (at_s - length / 2))
        out[start : start + t.size] += (gain * np.hanning(t.size) * buzz).astype(np.float32)
    return out


TIMES = [0.4, 0.7, 1.0, 1.3, 1.6, 1.9, 2.2, 2.5]
SPEECH = syllables(TIMES, {2, 5})


def test_every_syllable_is_a_nucleus_at_its_middle() -> None:
    assert [n.t_s for n in nuclei(SPEECH)] == pytest.approx(TIMES, abs=0.03)


def test_the_strong_syllables_are_the_accents() -> None:
    assert [n.t_s for n in accents(SPEECH, floor=0.6)] == pytest.approx([TIMES[2], TIMES[5]], abs=0.03)
    prominence = [n.prominence for n in nuclei(SPEECH)]
    assert all(0.0 <= p <= 1.0 for p in prominence)


def test_loudness_of_the_recording_does_not_matter() -> None:
    quiet = nuclei(0.05 * SPEECH)
    assert [n.t_s for n in quiet] == pytest.approx([n.t_s for n in nuclei(SPEECH)], abs=0.011)


def test_a_word_has_one_accent_and_function_words_hardly_any() -> None:
    texts = ["good", "people", "of", "the", "wonderful"]
    bounds = [0.25, 0.55, 1.15, 1.45, 1.75, 2.7]
    words = [TimedWord(t, a, b) for t, a, b in zip(texts, bounds[:-1], bounds[1:], strict=True)]
    found = {n.word: n for n in accents(SPEECH, words, floor=0.0)}
    assert list(found) == texts
    assert found["people"].t_s == pytest.approx(TIMES[2], abs=0.03)
    assert found["wonderful"].t_s == pytest.approx(TIMES[5], abs=0.03)
    assert max(found["of"].prominence, found["the"].prominence) < 0.45


def test_silence_noise_and_next_to_nothing_hold_no_accents() -> None:
    rng = np.random.default_rng(0)
    assert nuclei(np.zeros(32_000, np.float32)) == []
    assert nuclei(np.zeros(10, np.float32)) == [] and nuclei(np.zeros(0, np.float32)) == []
    assert len(nuclei(0.1 * rng.normal(size=64_000))) <= 2
    assert nuclei(1e-5 * SPEECH) == []
    assert np.isfinite([n.prominence for n in nuclei(np.where(np.arange(SPEECH.size) % 997, SPEECH, np.nan))]).all()


def test_agreement_matches_one_to_one() -> None:
    score = agreement([1.0, 1.05, 3.0], [1.02, 2.0, 3.05], 0.08)
    assert score == pytest.approx((2 / 3, 2 / 3))
    assert score.f1 == pytest.approx(2 / 3)
    assert agreement([], [1.0]) == (0.0, 0.0)


def test_accents_meet_the_stress_that_the_synthetic_voice_spoke(espeak: EspeakVoice) -> None:
    import soxr

    found, worded, wanted, at_s = [], [], [], 0.0
    for text in (
        "The beautiful museum opens every morning, except on Mondays.",
        "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
        "He explained the problem slowly, and then he showed us a possible solution.",
    ):
        clause = asyncio.run(espeak.synthesise(text))
        assert espeak.note == ""
        audio = soxr.resample(clause.pcm.astype(np.float32) / 32_768, clause.sample_rate_hz, 16_000)
        words = [TimedWord(w.text, w.start_ms / 1e3, w.end_ms / 1e3) for w in clause.words]
        found += [at_s + n.t_s for n in accents(audio)]
        worded += [at_s + n.t_s for n in accents(audio, words)]
        wanted += [
            at_s + (p.start_ms + p.end_ms) / 2e3 for p in clause.phonemes if "ˈ" in p.symbol and VOWELS & set(p.symbol)
        ]
        at_s += clause.duration_ms / 1e3 + 1.0
    assert len(wanted) > 15
    alone, with_words = agreement(found, wanted), agreement(worded, wanted)
    assert alone.precision > 0.55 and alone.recall > 0.75
    assert with_words.precision > 0.8 and with_words.recall > 0.7
    evenly = agreement(np.linspace(0.2, at_s, len(wanted)).tolist(), wanted)
    assert alone.f1 > evenly.f1 + 0.2


def test_a_real_reader_speaks_four_syllables_a_second_and_some_are_accents(attune_data: Path) -> None:
    rates, shares = [], []
    for path in sorted((attune_data / "librivox-austen-aligned").glob("*.wav")):
        samples, rate = soundfile.read(path, dtype="int16")
        assert rate == 16_000
        found = nuclei(samples)
        rates.append(len(found) / (len(samples) / rate))
        shares.append(len(accents(samples)) / len(found))
    assert 3.0 <= np.mean(rates) <= 6.0
    assert 0.3 <= np.mean(shares) <= 0.75
