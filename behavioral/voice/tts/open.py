"""Choosing the voice that a profile names."""

from __future__ import annotations

import ctypes.util
import importlib.util
from collections.abc import Callable

from behavioral.voice.tts.contract import TextToSpeech
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.silent import SilentVoice
from runtime.offload import Offload
from runtime.settings import VoiceSettings


def espeak_installed() -> bool:
    """Say whether libespeak-ng can be found, without loading it."""
    return importlib.util.find_spec("espeakng_loader") is not None or ctypes.util.find_library("espeak-ng") is not None


def open_tts(settings: VoiceSettings, new_offload: Callable[[str], Offload]) -> TextToSpeech:
    """Return the engine of a profile's `voice.tts`.

    `auto` takes espeak-ng where it is installed, else silence with captions.

    Args:
        settings: the profile's voice section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).

    Raises:
        RuntimeError: `espeak` is asked for by name and not installed.
    """
    if settings.tts == "silent" or (settings.tts == "auto" and not espeak_installed()):
        return SilentVoice(settings)
    if not espeak_installed():
        raise RuntimeError("voice.tts is espeak, but libespeak-ng is not installed; mend: pip install espeakng-loader")
    return EspeakVoice(settings, new_offload("voice"))
