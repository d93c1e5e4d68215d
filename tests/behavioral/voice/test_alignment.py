"""Times for sound that comes without: found by laying the embedded voice along it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from behavioral.voice.tts.alignment import Pace, aligned_times
from behavioral.voice.tts.contract import SpokenClause
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.silent import estimated_clause
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings

TEXTS = (
    "Hello there, nice to meet you.",
    "Maybe Peter bought five big thick yellow shoes, by the river.",
    "Let me show you what I can do for you today in this museum,",
    "Please call Stella and ask her to bring these things with her from the store.",
)
VOICES = (("en-us+m3", 165), ("en-gb+f2", 200), ("en-us+m7", 130), ("en-gb-scotland", 165))
LEAD_MS = 120.0


def say(voice: EspeakVoice, text: str) -> SpokenClause:
    return asyncio.run(voice.synthesise(text))


@pytest.fixture(params=VOICES, ids=lambda voice: f"{voice[0]} at {voice[1]}")
def other(request: pytest.FixtureRequest, espeak: EspeakVoice) -> Iterator[EspeakVoice]:
    name, rate_wpm = request.param
    voice = EspeakVoice(VoiceSettings(voice=name, rate_wpm=rate_wpm), InlineOffload())
    yield voice
    voice.worker.kill()


def recorded(clause: SpokenClause) -> NDArray[np.int16]:
    """The clause as an engine might give it: silence before, noise below."""
    lead = np.zeros(round(LEAD_MS * clause.sample_rate_hz / 1e3), dtype=np.int16)
    noise = np.random.default_rng(0).normal(0.0, 30.0, len(lead) + len(clause.pcm))
    return (np.concatenate([lead, clause.pcm]) + noise).astype(np.int16)


def test_words_of_another_voice_at_another_rate_are_found(espeak: EspeakVoice, other: EspeakVoice) -> None:
    off: list[float] = []
    for text in TEXTS:
        clause, reference = say(other, text), say(espeak, text)
        phonemes, words = aligned_times(reference, recorded(clause), clause.sample_rate_hz, complete=True)
        assert [word.text for word in words] == text.split()
        assert phonemes[0].start_ms == 0.0
        assert phonemes[-1].end_ms == pytest.approx(LEAD_MS + clause.duration_ms, abs=1.0)
        off += [found.start_ms - LEAD_MS - true.start_ms for found, true in zip(words, clause.words, strict=True)]
    assert np.percentile(np.abs(off), 95) < 30
    assert np.abs(off).max() < 60


def test_what_is_there_is_found_before_the_rest_has_come(espeak: EspeakVoice, other: EspeakVoice) -> None:
    off: list[float] = []
    for text in TEXTS:
        clause, reference = say(other, text), say(espeak, text)
        sound = recorded(clause)
        part = sound[: round(0.6 * len(sound))]
        there_ms = 1e3 * len(part) / clause.sample_rate_hz
        rate = 1.15 * clause.duration_ms / reference.duration_ms  # the pace is not known exactly
        _, words = aligned_times(reference, part, clause.sample_rate_hz, complete=False, rate=rate)
        assert [word.text for word in words] == text.split(), "those to come are estimates"
        off += [
            found.start_ms - LEAD_MS - true.start_ms
            for found, true in zip(words, clause.words, strict=True)
            if LEAD_MS + true.start_ms < there_ms - 60
        ]
    assert np.percentile(np.abs(off), 95) < 40


def test_a_silent_reference_is_laid_between_the_first_and_the_last_sound() -> None:
    reference = estimated_clause("one two three", 165)
    sound = np.zeros(24_000, dtype=np.int16)
    sound[4_800:19_200] = 5_000
    _, words = aligned_times(reference, sound, 24_000, complete=True)
    assert words[0].start_ms == pytest.approx(200, abs=11)
    assert words[-1].end_ms == pytest.approx(800, abs=11)


@pytest.mark.parametrize("samples", [0, 1, 100, 24_000])
def test_silence_is_no_error(espeak: EspeakVoice, samples: int) -> None:
    reference = say(espeak, TEXTS[0])
    for complete in (True, False):
        _, words = aligned_times(reference, np.zeros(samples, dtype=np.int16), 24_000, complete)
        assert [word.text for word in words] == TEXTS[0].split()


def test_the_pace_is_learned_within_reason() -> None:
    pace = Pace()
    for _ in range(20):
        pace.learn(2_000.0, 1_000.0)
    assert pace.slowness == pytest.approx(2.0, abs=0.01)
    pace.learn(1e9, 1_000.0)
    assert pace.slowness < 3.0
    before = pace.slowness
    pace.learn(9e9, 10.0)
    assert pace.slowness == before


def test_words_of_a_real_reader_are_found(espeak: EspeakVoice, attune_data: Path) -> None:
    """Against PocketSphinx's alignment of five sentences of a LibriVox reader, which itself counts in hundredths and is approximate."""
    folder = attune_data / "librivox-austen-aligned"
    if not folder.is_dir():
        pytest.skip("librivox-austen-aligned is not in ATTUNE_DATA: attune data pull")
    off: list[float] = []
    even: list[float] = []
    for path in sorted(folder.glob("*.wav")):
        text = path.with_suffix(".txt").read_text().strip()
        true = [w for w in json.loads(path.with_suffix(".json").read_text())["w"] if w["t"][0] not in "<["]
        sound, rate_hz = soundfile.read(path, dtype="int16")
        reference = say(espeak, text)
        assert len(true) == len(reference.words)
        stretch = 1e3 * len(sound) / rate_hz / reference.duration_ms
        _, words = aligned_times(reference, sound, rate_hz, complete=True, rate=stretch)
        off += [found.start_ms - 1e3 * word["b"] for found, word in zip(words, true, strict=True)]
        even += [stretch * word.start_ms - 1e3 * at["b"] for word, at in zip(reference.words, true, strict=True)]
    assert len(off) > 50
    assert np.median(np.abs(off)) < 40
    assert np.percentile(np.abs(off), 80) < 80
    assert np.median(np.abs(off)) < 0.4 * np.median(np.abs(even)), "better than stretching evenly"
