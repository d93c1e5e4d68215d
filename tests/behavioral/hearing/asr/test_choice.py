"""Which recogniser a profile gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from behavioral.hearing.asr import choice
from behavioral.hearing.asr.choice import open_recogniser
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.settings import AsrServerSettings, HearingSettings


def chosen(**settings: Any) -> str:
    return open_recogniser(HearingSettings(**settings), lambda _name: InlineOffload()).name


def test_auto_is_moonshine_for_english_where_its_model_is_else_pocketsphinx_and_none_for_other_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip(
        "moonshine_voice", reason="Moonshine's model is not installed: pip install 'attune[asr-moonshine]'"
    )
    assert chosen() == "moonshine"
    monkeypatch.setattr(choice, "packaged_model", lambda: None)
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
    with pytest.raises(AttuneError, match="model is English"):
        chosen(asr="moonshine", language="de")


def test_auto_with_a_server_is_openai_unless_there_is_a_model_folder(random_whisper: Path) -> None:
    server = AsrServerSettings(base_url="http://127.0.0.1:8000/v1")
    assert chosen(asr_server=server) == "openai"
    assert chosen(asr_server=server, language="fr") == "openai"
    assert chosen(asr_server=server, asr="pocketsphinx") == "pocketsphinx"
    assert chosen(asr_server=server, asr_model=str(random_whisper)) == "faster-whisper"
    with pytest.raises(AttuneError, match=r"hearing\.asr_server\.base_url"):
        chosen(asr="openai")
