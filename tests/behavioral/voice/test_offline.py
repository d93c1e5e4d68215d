"""The agent's voices as a function: sound with timed words, the same each time, and never silence for speech."""

import importlib.metadata
from itertools import pairwise

import numpy as np
import pytest

from behavioral.voice import offline
from behavioral.voice.tts.open import espeak_installed
from runtime.errors import AttuneError

needs_espeak = pytest.mark.skipif(not espeak_installed(), reason="no libespeak-ng: pip install espeakng-loader")


@needs_espeak
def test_a_text_is_spoken_at_16_khz_with_its_words() -> None:
    with offline.speaking() as speak:
        samples, words = speak("Good morning, dear friends.", "en-us")
        again, _ = speak("Good morning, dear friends.", "en-us")
        other, _ = speak("Good morning, dear friends.", "en-gb+m3")
    assert [word.text for word in words] == ["Good", "morning,", "dear", "friends."]
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(words))
    assert 1.0 < len(samples) / offline.RATE_HZ < 3.0 and words[-1].end_s <= len(samples) / offline.RATE_HZ + 0.01
    assert samples.dtype == np.float32 and 0.05 < np.abs(samples).max() <= 1.0
    assert np.array_equal(samples, again) and not np.array_equal(samples[: len(other)], other[: len(samples)])


@needs_espeak
def test_a_voice_that_is_not_there_is_named() -> None:
    with offline.speaking() as speak, pytest.raises(AttuneError, match="voice zz could not say 'Hello'"):
        speak("Hello", "zz")


def test_without_espeak_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "espeak_installed", lambda: False)
    with pytest.raises(AttuneError, match=r"attune\[voice\]"), offline.speaking():
        pass


def test_the_installation_offers_it() -> None:
    points = {point.name: point.value for point in importlib.metadata.entry_points(group="attune.voices")}
    assert points["espeak"] == "behavioral.voice.offline:speaking"
