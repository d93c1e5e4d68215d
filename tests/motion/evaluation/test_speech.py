"""Syllables of made and of real speech, clauses, and files that are no sound."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from motion.evaluation.speech import clauses, read_speech, spoken_words

RATE = 16_000


def syllables(begins_s: list[float], loud: int | None = None) -> np.ndarray:
    """Bursts of 140 ms; one of them louder."""
    rng = np.random.default_rng(0)
    t = np.arange(int((begins_s[-1] + 1.0) * RATE)) / RATE
    y = 1e-4 * rng.normal(size=len(t))
    for index, at in enumerate(begins_s):
        shape = np.clip(1 - np.abs(t - at - 0.07) / 0.07, 0, 1)
        y += shape * np.sin(2 * np.pi * 220 * t) * (0.5 if index == loud else 0.15)
    return y


def test_every_burst_is_a_unit_and_the_loud_one_is_accented() -> None:
    begins = [0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5]
    words = spoken_words(syllables(begins, loud=3))
    assert len(words) == len(begins)
    assert max(abs(word.start_s - at) for word, at in zip(words, begins, strict=True)) < 0.08
    assert max(words, key=lambda word: word.accent) is words[3] and words[3].accent > 0.8
    assert all(0.0 <= word.accent <= 1.0 and word.end_s > word.start_s for word in words)


def test_pauses_part_clauses() -> None:
    words = spoken_words(syllables([0.3, 0.5, 0.7, 1.8, 2.0]))
    assert [len(group) for group in clauses(words)] == [3, 2]


def test_silence_holds_no_word() -> None:
    assert spoken_words(np.zeros(RATE)) == []
    assert clauses([]) == []


def test_real_syllables_are_counted_about_right(attune_data: Path) -> None:
    folder = attune_data / "librivox-austen-aligned"
    if not folder.is_dir():
        pytest.skip("librivox-austen-aligned is not in ATTUNE_DATA: attune data pull")
    found = len(spoken_words(read_speech(folder / "sense_and_sensibility_01_austen_64kb-0870.wav")))
    assert 26 <= found <= 35, "the sentence has 30 syllables"


def test_files_are_read_as_mono_at_16_khz(tmp_path: Path) -> None:
    where = tmp_path / "two.wav"
    t = np.arange(44_100) / 44_100
    soundfile.write(where, np.stack([0.5 * np.sin(2 * np.pi * 200 * t), np.zeros_like(t)], axis=1), 44_100)
    samples = read_speech(where)
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.25, abs=0.02)


def test_what_is_no_sound_is_refused_by_name(tmp_path: Path) -> None:
    where = tmp_path / "x.wav"
    with pytest.raises(ValueError, match=r"x\.wav cannot be read"):
        read_speech(where)
    where.write_text("not a sound")
    with pytest.raises(ValueError, match=r"x\.wav cannot be read"):
        read_speech(where)
    soundfile.write(where, np.zeros(0), RATE)
    with pytest.raises(ValueError, match="holds no samples"):
        read_speech(where)
    with pytest.raises(ValueError, match="samples is not finite"):
        spoken_words(np.array([0.0, np.nan]))
