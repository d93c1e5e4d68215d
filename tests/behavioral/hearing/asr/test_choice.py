"""Which recogniser a profile gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.asr.pocketsphinx import MAX_PHRASES, expected_phrases
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import HearingSettings


def chosen(**settings: str) -> str:
    return open_recogniser(HearingSettings(**settings), lambda _name: InlineOffload()).name


def test_auto_is_pocketsphinx_for_english_and_none_for_other_languages() -> None:
    assert chosen() == "pocketsphinx"
    assert chosen(language="de") == "none"
    assert chosen(asr="none") == "none"


def test_auto_with_a_model_folder_is_whisper_and_a_wrong_folder_is_an_error(random_whisper: Path) -> None:
    assert chosen(asr_model=str(random_whisper)) == "faster-whisper"
    with pytest.raises(AttuneError, match="not a folder"):
        chosen(asr_model="/nowhere")


def test_what_is_asked_for_by_name_and_cannot_run_is_an_error() -> None:
    with pytest.raises(AttuneError, match="asr_model is empty"):
        chosen(asr="faster-whisper")
    with pytest.raises(AttuneError, match="model is English"):
        chosen(asr="pocketsphinx", language="fr")


def test_expected_phrases_are_plain_unique_and_bounded() -> None:
    assert expected_phrases(["Hello, robot!", "hello robot", "What\u2019s up?", "", "42", "a " * 13]) == [
        "hello robot",
        "what's up",
    ]
    assert expected_phrases(["x; public <y> = z"]) == ["x public y z"]  # nothing of a grammar's syntax gets through
    assert len(expected_phrases(["ab" + "a" * i for i in range(1_000)])) == MAX_PHRASES
