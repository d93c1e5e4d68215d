"""The agent's voices as a plain function, for making corpora of speech: the entry point `espeak` of the group `attune.voices`.

Blocking; each voice has a worker process of its own, which ends with the context. Times are seconds, sound is 16 kHz mono, -1..1. Unlike
in a conversation a clause that cannot be spoken is an `AttuneError`: silence must not pass for speech.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.open import espeak_installed
from motion.corpus.words import TimedWord
from runtime.errors import AttuneError
from runtime.extras import install_line
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings

RATE_HZ: Final = 16_000


@contextmanager
def speaking() -> Iterator[Callable[[str, str], tuple[NDArray[np.float32], list[TimedWord]]]]:
    """Give a function that speaks a text with a named voice; equal text and voice give equal samples.

    Raises:
        AttuneError: espeak-ng is not installed, or (while speaking) does not know the voice or fails.
    """
    import soxr

    if not espeak_installed():
        raise AttuneError("espeak-ng, the agent's voice, is not installed", install_line("voice"))
    voices: dict[str, EspeakVoice] = {}
    loop = asyncio.new_event_loop()

    def speak(text: str, name: str) -> tuple[NDArray[np.float32], list[TimedWord]]:
        voice = voices.setdefault(name, EspeakVoice(VoiceSettings(voice=name), InlineOffload()))
        clause = loop.run_until_complete(voice.synthesise(text))
        if voice.note:
            raise AttuneError(f"voice {name} could not say {text[:40]!r}: {voice.note}")
        samples = soxr.resample(clause.pcm.astype(np.float32) / 32_768.0, clause.sample_rate_hz, RATE_HZ)
        words = [TimedWord(word.text, word.start_ms / 1_000.0, word.end_ms / 1_000.0) for word in clause.words]
        return np.asarray(samples, dtype=np.float32), words

    try:
        yield speak
    finally:
        for voice in voices.values():
            loop.run_until_complete(voice.aclose())
        loop.close()
