"""Choosing the voice that a profile names."""

from __future__ import annotations

import ctypes.util
import importlib.util
from collections.abc import Callable
from pathlib import Path

from behavioral.voice.tts.contract import TextToSpeech
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.silent import SilentVoice
from runtime.errors import AttuneError
from runtime.extras import install_line
from runtime.offload import Offload
from runtime.settings import VoiceSettings


def espeak_installed() -> bool:
    """Say whether libespeak-ng can be found, without loading it."""
    return importlib.util.find_spec("espeakng_loader") is not None or ctypes.util.find_library("espeak-ng") is not None


def open_tts(
    settings: VoiceSettings,
    new_offload: Callable[[str], Offload],
    mishap: Callable[[str], None] = lambda _detail: None,
    *,
    virtual: bool = False,
) -> TextToSpeech:
    """Return the engine of a profile's `voice.tts`; what it needs is read here, and nothing is started yet.

    `auto` takes espeak-ng where it is installed, else silence with captions.

    Args:
        settings: the profile's voice section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).
        mishap: told what went wrong once and cost no clause, for health.
        virtual: whether time is virtual; a server's answers are neither reproducible nor virtual, so the embedded voice speaks.

    Raises:
        AttuneError: what was asked for by name is not here; it names the file or the package.
    """
    here = espeak_installed()
    if settings.tts == "silent" or (settings.tts == "auto" and not here):
        return SilentVoice(settings)
    if settings.tts == "openai":
        return _remote(settings, new_offload, mishap, virtual=virtual)
    if not here:
        needs = "" if settings.tts in ("auto", "espeak") else ", which pronounces for it"
        raise AttuneError(f"voice.tts is {settings.tts}, but espeak-ng{needs} is not installed", install_line("voice"))
    if settings.tts == "piper":
        return _piper(settings, new_offload, mishap)
    if settings.tts == "kokoro":
        return _kokoro(settings, new_offload, mishap)
    return EspeakVoice(settings, new_offload("voice"), mishap)


def _embedded(
    settings: VoiceSettings, new_offload: Callable[[str], Offload], mishap: Callable[[str], None]
) -> EspeakVoice | SilentVoice:
    return EspeakVoice(settings, new_offload("voice"), mishap) if espeak_installed() else SilentVoice(settings)


def _remote(
    settings: VoiceSettings, new_offload: Callable[[str], Offload], mishap: Callable[[str], None], *, virtual: bool
) -> TextToSpeech:
    from behavioral.voice.tts.remote import RemoteVoice

    if not settings.server.base_url:
        raise AttuneError(
            "voice.tts is openai, but voice.server.base_url is empty", "for example https://api.openai.com/v1"
        )
    embedded = _embedded(settings, new_offload, mishap)
    return embedded if virtual else RemoteVoice(settings, embedded, new_offload("voice times"))


def _model_path(settings: VoiceSettings) -> Path:
    if not settings.model:
        raise AttuneError(
            f"voice.tts is {settings.tts}, but voice.model is empty", "give the path of a model; none is downloaded"
        )
    return Path(settings.model).expanduser()


def _piper(
    settings: VoiceSettings, new_offload: Callable[[str], Offload], mishap: Callable[[str], None]
) -> TextToSpeech:
    import msgspec

    from behavioral.voice.tts.onnx_voice import OnnxVoice
    from behavioral.voice.tts.piper import PiperModel

    model = PiperModel(_model_path(settings), settings.speaker)
    # Words are spelled as the network was trained, in its own language.
    spelled = msgspec.structs.replace(settings, voice=model.language)
    espeak = EspeakVoice(spelled, new_offload("voice"), mishap)
    return OnnxVoice(
        model, espeak, new_offload("voice model"), new_offload("voice times"), rate_wpm=settings.rate_wpm, mishap=mishap
    )


def _kokoro(
    settings: VoiceSettings, new_offload: Callable[[str], Offload], mishap: Callable[[str], None]
) -> TextToSpeech:
    from behavioral.voice.tts.kokoro import KokoroModel
    from behavioral.voice.tts.onnx_voice import OnnxVoice

    model = KokoroModel(_model_path(settings), settings.speaker, settings.voice)
    espeak = EspeakVoice(settings, new_offload("voice"), mishap)
    return OnnxVoice(
        model, espeak, new_offload("voice model"), new_offload("voice times"), rate_wpm=settings.rate_wpm, mishap=mishap
    )
