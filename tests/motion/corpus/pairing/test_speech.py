"""Utterances: cut at pauses, level, with their accents, words and places for feedback in place."""

import numpy as np
import pytest

from motion.corpus.pairing.search import Spoken
from motion.corpus.pairing.speech import CLAUSE_MAX_S, LEVEL_DB, low_pitch, sound_track, sounding, utterances
from motion.corpus.words import TimedWord

from .conftest import make_clause


def voice(seconds: float, hz: float = 140.0, gain: float = 0.2) -> np.ndarray:
    """A buzz with four syllables a second."""
    t = np.arange(round(16_000 * seconds)) / 16_000
    buzz = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 16))
    return (gain * buzz * (0.15 + np.sin(np.pi * 4 * t) ** 2)).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(16_000 * seconds), np.float32)


def test_speech_is_cut_at_its_pauses_and_silence_around_it_goes() -> None:
    audio = np.concatenate([silence(0.7), voice(2.0), silence(0.4), voice(2.5), silence(1.0)])
    found = list(utterances("a", "test", "me", "train", audio))
    assert [u.name for u in found] == ["a.0", "a.1"]
    assert [u.duration_s for u in found] == pytest.approx([2.0, 2.5], abs=0.15)
    assert all(u.accents and 0 <= u.accents[0].t_s < u.duration_s for u in found)


def test_short_stretches_stay_together_and_no_clause_is_needlessly_long() -> None:
    audio = np.concatenate([x for _ in range(8) for x in (voice(0.75), silence(0.2))])
    found = list(utterances("a", "test", "me", "train", audio))
    assert 3 <= len(found) <= 4 and max(u.duration_s for u in found) <= CLAUSE_MAX_S + 0.1


@pytest.mark.parametrize("gain", [0.01, 0.3])
def test_every_recording_comes_to_one_level(gain: float) -> None:
    (found,) = utterances("a", "test", "me", "train", np.concatenate([voice(2.0, gain=gain), silence(1.0)]))
    assert 20 * np.log10(np.sqrt(np.mean(found.samples**2))) == pytest.approx(LEVEL_DB, abs=1.0)


def test_words_go_with_their_clause() -> None:
    audio = np.concatenate([silence(0.5), voice(2.0), silence(0.6), voice(2.0)])
    words = [TimedWord("one", 0.6, 1.0), TimedWord("two", 3.3, 3.8)]
    first, second = utterances("a", "test", "me", "train", audio, words)
    assert [w.text for w in first.words] == ["one"] and [w.text for w in second.words] == ["two"]
    assert second.words[0].start_s == pytest.approx(3.3 - 3.1, abs=0.1)


def test_a_listener_may_react_where_pitch_was_low() -> None:
    audio = np.concatenate([voice(1.5, hz=180.0), voice(0.5, hz=110.0), voice(1.0, hz=180.0)])
    cues = low_pitch(audio)
    assert cues and all(1.55 <= cue <= 2.1 for cue in cues)


def test_silence_is_no_speech() -> None:
    assert sounding(silence(2.0)) == [] and list(utterances("a", "test", "me", "train", silence(2.0))) == []


def test_a_track_holds_each_clause_at_its_place() -> None:
    clause = make_clause("a", 1, seconds=1.0)
    track = sound_track([Spoken(clause, 0.5), Spoken(clause, 2.6)], 16_000 * 3, 6.0206)
    assert not track[:8000].any() and not track[24_000:41_600].any()
    assert np.allclose(track[8000:24_000], 2 * clause.samples, atol=1e-4)
    assert np.allclose(track[41_600:], 2 * clause.samples[: 48_000 - 41_600], atol=1e-4), "cut at the end"
