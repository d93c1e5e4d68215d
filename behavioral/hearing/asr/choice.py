"""Which recogniser a run uses."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from behavioral.hearing.asr.contract import StreamingRecogniser
from behavioral.hearing.asr.grammar import ExpectedSpeech, plain_phrases
from behavioral.hearing.asr.moonshine import is_moonshine_folder, open_moonshine, packaged_model
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.asr.remote import open_remote
from behavioral.hearing.asr.sherpa import is_sherpa_folder, open_sherpa
from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.asr.whisper import open_whisper
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.settings import HearingSettings

_NOTHING = ExpectedSpeech()


def open_recogniser(
    settings: HearingSettings, new_offload: Callable[[str], Offload], expected: ExpectedSpeech = _NOTHING
) -> StreamingRecogniser:
    """Return the recogniser that the profile asks for; nothing is loaded before `prepare` or the first utterance.

    `auto` takes what is configured: the engine of the folder in `asr_model` (Moonshine where it holds a `tokenizer.bin` and an encoder,
    sherpa-onnx where it holds a `tokens.txt`, else faster-whisper; a wrong folder is an error, never a silent fallback), else the server
    of `asr_server.base_url`, else for English the packaged Moonshine, else PocketSphinx, else none.

    Args:
        settings: the profile's hearing section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).
        expected: what the scenario expects people to say (`Scenario.expected_speech`).

    Raises:
        AttuneError: what was asked for by name cannot run here.
    """
    engine = settings.asr if settings.asr != "auto" else _configured(settings)
    phrases = plain_phrases(expected)
    match engine:
        case "none":
            return NoRecogniser()
        case "sherpa":
            return open_sherpa(settings.asr_model, new_offload, phrases)
        case "faster-whisper":
            return open_whisper(settings.asr_model, settings.language, new_offload, phrases)
        case "moonshine":
            if not settings.asr_model and not _is_english(settings):
                raise AttuneError(
                    f"hearing.language is {settings.language}, and the packaged Moonshine model is English",
                    "set hearing.asr_model to the folder of a Moonshine model of that language, or hearing.language to en",
                )
            return open_moonshine(settings.asr_model, new_offload, phrases)
        case "openai":
            return open_remote(settings.asr_server, settings.language, new_offload, phrases)
    if not _is_english(settings):
        raise AttuneError(
            f"hearing.language is {settings.language}, and PocketSphinx's model is English",
            "set hearing.asr to an engine with a model of yours (sherpa, faster-whisper, openai), or hearing.language to en",
        )
    return PocketSphinxRecogniser(new_offload, expected)


def _configured(settings: HearingSettings) -> str:
    """Return what `auto` stands for."""
    if settings.asr_model:
        if is_moonshine_folder(settings.asr_model):
            return "moonshine"
        return "sherpa" if is_sherpa_folder(settings.asr_model) else "faster-whisper"
    if settings.asr_server.base_url:
        return "openai"
    if _is_english(settings) and packaged_model() is not None:
        return "moonshine"
    if _is_english(settings) and importlib.util.find_spec("pocketsphinx") is not None:
        return "pocketsphinx"
    return "none"


def _is_english(settings: HearingSettings) -> bool:
    return settings.language.lower().startswith("en")
