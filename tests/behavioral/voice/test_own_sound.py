"""Sound that comes with a reply, cut into clauses at its pauses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.own_sound import OwnSound, SpeechPiece, timed_clause
from behavioral.voice.tts.contract import SpokenClause
from tests.behavioral.dialogue.realtime_server import speech

RATE_HZ = 24_000


def cut(pcm: np.ndarray, text: str, piece_samples: int = 2_400) -> tuple[list[SpokenClause], OwnSound]:
    sound = OwnSound()
    clauses = sound.push(SpeechPiece(pcm[:0], RATE_HZ, text))
    for at in range(0, len(pcm), piece_samples):
        clauses += sound.push(SpeechPiece(pcm[at : at + piece_samples], RATE_HZ))
    last, text_only = sound.flush()
    assert text_only == ""
    return clauses + last, sound


def test_clauses_end_in_pauses_and_hold_the_words_of_their_length() -> None:
    text = "Good morning everybody. It is very nice to see all of you here. Shall we begin?"
    clauses, _sound = cut(speech(1_300, 2_500, 900), text)
    assert [clause.text for clause in clauses] == [
        "Good morning everybody.",
        "It is very nice to see all of you here.",
        "Shall we begin?",
    ]


def test_the_playbacks_pause_takes_the_place_of_the_speakers() -> None:
    clauses, _sound = cut(speech(1_000, 1_000, pause_ms=400), "Good morning to all. Shall we begin now?")
    first, second = clauses
    opening_ms = 1_000 * int(np.nonzero(second.pcm)[0][0]) / RATE_HZ
    assert first.text == "Good morning to all."
    assert first.duration_ms + pause_after_ms(first.text) + opening_ms == pytest.approx(1_400, abs=5)


def test_the_first_clause_does_not_wait_for_a_pause_for_ever() -> None:
    sound = OwnSound()
    given_ms, clauses = 0, []
    loud = speech(100)
    while not clauses and given_ms < 10_000:
        given_ms += 100
        clauses = sound.push(SpeechPiece(loud, RATE_HZ, "word "))
    assert given_ms <= 1_500


def test_text_without_sound_is_handed_back() -> None:
    sound = OwnSound()
    assert sound.push(SpeechPiece(np.zeros(0, np.int16), RATE_HZ, "Hello.")) == []
    assert sound.flush() == ([], "Hello.")


def test_sound_without_text_moves_the_mouth_a_little() -> None:
    clause = timed_clause("", speech(500), RATE_HZ)
    assert [(p.symbol, p.start_ms, p.end_ms) for p in clause.phonemes] == [("\u0259", 0.0, 500.0)]
    assert timed_clause("", np.zeros(2_400, np.int16), RATE_HZ).phonemes[0].symbol == "_"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(100, 2_500), min_size=1, max_size=4),
    st.integers(0, 600),
    st.text("abc de.,?", max_size=120),
    st.integers(240, 30_000),
)
def test_no_sound_and_no_word_is_lost_however_it_comes(
    lengths: list[int], pause_ms: int, text: str, piece_samples: int
) -> None:
    pcm = speech(*lengths, pause_ms=pause_ms)
    clauses, sound = cut(pcm, text, piece_samples)
    assert " ".join(" ".join(clause.text for clause in clauses).split()) == " ".join(text.split())
    played = np.concatenate([clause.pcm for clause in clauses])
    loud = [part[np.abs(part.astype(int)) > 200] for part in (played, pcm)]
    assert np.array_equal(loud[0], loud[1]), "only silence is trimmed"
    played_ms = sum(clause.duration_ms for clause in clauses)
    assert sound.source_ms(played_ms) == pytest.approx(1_000 * len(pcm) / RATE_HZ, abs=10.1)
    assert sound.source_ms(0.0) == 0.0
    for clause in clauses:
        assert all(p.start_ms <= p.end_ms for p in clause.phonemes)
        if clause.phonemes:
            assert clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)
