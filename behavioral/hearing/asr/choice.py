"""Which recogniser a run uses."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence

from behavioral.hearing.asr.contract import StreamingRecogniser
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.asr.whisper import open_whisper
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.settings import HearingSettings


def open_recogniser(
    settings: HearingSettings, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
) -> StreamingRecogniser:
    """Return the recogniser that the profile asks for; nothing is loaded before `prepare` or the first utterance.

    `auto` is faster-whisper where `asr_model` is set (a wrong folder is an error, never a silent fallback), else PocketSphinx for
    English, else none.

    Args:
        settings: the profile's hearing section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).
        phrases: what the scenario expects people to say.

    Raises:
        AttuneError: what was asked for by name cannot run here.
    """
    if settings.asr == "none":
        return NoRecogniser()
    if settings.asr == "faster-whisper" or (settings.asr == "auto" and settings.asr_model):
        return open_whisper(settings.asr_model, settings.language, new_offload, phrases)
    if not settings.language.lower().startswith("en"):
        if settings.asr == "auto":
            return NoRecogniser()
        raise AttuneError(
            f"hearing.language is {settings.language}, and PocketSphinx's model is English",
            "set hearing.asr to faster-whisper with a model, or hearing.language to en",
        )
    if settings.asr == "auto" and importlib.util.find_spec("pocketsphinx") is None:
        return NoRecogniser()
    return PocketSphinxRecogniser(new_offload, phrases)
