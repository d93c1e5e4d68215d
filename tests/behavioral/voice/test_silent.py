"""No voice at all: captions and mouth must still have times."""

import asyncio

import pytest

from behavioral.voice.tts import open as open_module
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.open import open_tts
from behavioral.voice.tts.silent import SilentVoice, estimated_clause
from behavioral.voice.visemes import viseme_track
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings


def offload(_name: str) -> InlineOffload:
    return InlineOffload()


def test_estimated_times_follow_the_rate() -> None:
    text = "A standard sentence of ordinary English words without any pause"
    slow, fast = estimated_clause(text, 100).duration_ms, estimated_clause(text, 200).duration_ms
    assert slow == pytest.approx(2 * fast, rel=0.02)
    assert slow / len(text.split()) == pytest.approx(600, rel=0.3)


def test_silence_has_words_and_moves_the_mouth() -> None:
    clause = asyncio.run(SilentVoice(VoiceSettings()).synthesise("Maybe, we shall see."))
    assert not clause.pcm.any()
    assert [word.text for word in clause.words] == ["Maybe,", "we", "shall", "see."]
    assert {"PP", "CH", "SS", "sil"} <= {item.text for item in viseme_track(clause.phonemes)}


def test_auto_takes_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_module, "espeak_installed", lambda: False)
    assert isinstance(open_tts(VoiceSettings(), offload), SilentVoice)
    with pytest.raises(AttuneError, match=r"attune\[voice\]"):
        open_tts(VoiceSettings(tts="espeak"), offload)
    monkeypatch.setattr(open_module, "espeak_installed", lambda: True)
    assert isinstance(open_tts(VoiceSettings(), offload), EspeakVoice)
    assert isinstance(open_tts(VoiceSettings(tts="silent"), offload), SilentVoice)
