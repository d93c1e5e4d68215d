"""Speech fixtures: the real espeak-ng worker where its library is installed."""

from collections.abc import Iterator

import pytest

from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.open import espeak_installed
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakVoice]:
    if not espeak_installed():
        pytest.skip("libespeak-ng is not installed; mend: pip install espeakng-loader")
    voice = EspeakVoice(VoiceSettings(), InlineOffload())
    yield voice
    voice.worker.kill()
