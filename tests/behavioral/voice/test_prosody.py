"""Prosody tags change the voice and are never spoken."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from behavioral.dialogue.tags import split_tags
from behavioral.voice.prosody import PAUSE_MAX_MS, PLAIN, PROSODY_TAGS, Phrase, Prosody, ProsodyReader, with_gain
from behavioral.voice.tts.contract import SpokenClause
from behavioral.voice.tts.espeak import EspeakVoice

SOFT, SLOW, HIGH = Prosody(gain_db=-8.0), Prosody(rate=0.75), Prosody(pitch_st=3.0)


def read(*clauses: str) -> list[Phrase]:
    reader = ProsodyReader()
    return [phrase for clause in clauses for phrase in reader.phrases(clause)]


def said(*clauses: str) -> list[tuple[str, Prosody, float]]:
    return [(split_tags(p.text).text, p.prosody, p.pause_ms) for p in read(*clauses)]


def test_a_clause_without_tags_is_one_plain_phrase() -> None:
    assert said("Hello there, my friend.") == [("Hello there, my friend.", PLAIN, 0.0)]


def test_a_tag_holds_to_the_end_of_its_sentence_over_clauses() -> None:
    assert said("[soft] I am so sorry,", "it is gone.", "Well then.") == [
        ("I am so sorry,", SOFT, 0.0),
        ("it is gone.", SOFT, 0.0),
        ("Well then.", PLAIN, 0.0),
    ]


def test_tags_of_different_kinds_add_up_and_plain_takes_them_back() -> None:
    assert said("[slow][soft] now [fast] then [plain] always") == [
        ("now", Prosody(rate=0.75, gain_db=-8.0), 0.0),
        ("then", Prosody(rate=1.3, gain_db=-8.0), 0.0),
        ("always", PLAIN, 0.0),
    ]


@pytest.mark.parametrize(
    ("tag", "pause_ms"),
    [
        ("[pause]", 400.0),
        ("[pause 250ms]", 250.0),
        ("[pause 250]", 250.0),
        ("[pause: 1.5 s]", 1_500.0),
        ("[PAUSE 2s]", 2_000.0),
        ("[pause 99999ms]", PAUSE_MAX_MS),
    ],
)
def test_a_pause_is_silence_at_its_place(tag: str, pause_ms: float) -> None:
    assert said(f"Ready? {tag} Go!") == [("Ready?", PLAIN, 0.0), ("Go!", PLAIN, pause_ms)]


def test_behaviour_tags_go_with_the_next_word_also_across_clauses() -> None:
    phrases = read("[wave] [slow] Hello [nod]", "there.")
    assert [(p.text.split(), p.prosody) for p in phrases] == [
        (["[wave]", "Hello", "[nod]"], SLOW),
        (["there."], SLOW),
    ]
    assert [p.text.split() for p in read("[smile]", "Fine.")] == [["[smile]", "Fine."]]


def test_unknown_tags_are_left_to_the_body_and_odd_ones_are_not_spoken() -> None:
    assert said("[slowly] go [pause a while] on") == [("go pause a while on", PLAIN, 0.0)]


def test_punctuation_alone_is_no_phrase() -> None:
    assert said("Yes [loud]. [high] No!") == [("Yes.", PLAIN, 0.0), ("No!", Prosody(pitch_st=3.0, gain_db=5.0), 0.0)]


def say(voice: EspeakVoice, prosody: Prosody = PLAIN) -> SpokenClause:
    clause = asyncio.run(voice.synthesise("My name is Marvin, and I am always around.", prosody))
    assert voice.note == ""
    return clause


def pitch_hz(clause: SpokenClause) -> float:
    """Median of the pitch by autocorrelation, over frames of 40 ms that are periodic."""
    size, found = round(0.04 * clause.sample_rate_hz), []
    for start in range(0, len(clause.pcm) - size, size):
        frame = clause.pcm[start : start + size].astype(float)
        if np.abs(frame).max() < 2_000:
            continue
        wave = np.correlate(frame, frame, "full")[size - 1 :] / (frame @ frame)
        low, high = clause.sample_rate_hz // 400, clause.sample_rate_hz // 80
        lag = low + int(wave[low:high].argmax())
        if wave[lag] > 0.5:
            found.append(clause.sample_rate_hz / lag)
    return float(np.median(found))


def test_espeak_really_speaks_so(espeak: EspeakVoice) -> None:
    plain = say(espeak)
    assert say(espeak, SLOW).duration_ms == pytest.approx(plain.duration_ms / 0.75, rel=0.12)
    assert say(espeak, Prosody(rate=1.3)).duration_ms == pytest.approx(plain.duration_ms / 1.3, rel=0.12)
    rms = [float(np.sqrt(np.mean(c.pcm.astype(float) ** 2))) for c in (say(espeak, SOFT), plain)]
    assert 20 * np.log10(rms[0] / rms[1]) == pytest.approx(-8.0, abs=0.2)
    rise_st = 12 * np.log2(pitch_hz(say(espeak, HIGH)) / pitch_hz(plain))
    assert rise_st == pytest.approx(3.0, abs=1.2)


def test_loud_speech_does_not_clip() -> None:
    pcm = (30_000 * np.sin(np.arange(4_000) / 20)).astype(np.int16)
    loud = with_gain(pcm, 5.0).astype(int)
    assert np.abs(loud).max() <= 32_000
    assert np.count_nonzero(np.abs(loud) == np.abs(loud).max()) < 200, "peaks are bent, not cut flat"
    assert np.sqrt(np.mean(loud**2.0)) > np.sqrt(np.mean(pcm.astype(float) ** 2))


def test_the_documented_tags_are_those_that_are_known() -> None:
    for tag in PROSODY_TAGS:
        assert [text for text, _, _ in said(f"[{tag}] word")] == ["word"]
