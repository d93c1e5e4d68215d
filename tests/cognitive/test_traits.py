"""What the Big Five change: stated shifts, and nothing at the middle."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cognitive.motivation.thresholds import CONFUSION, EMOTION, PROMISE, THRESHOLDS
from cognitive.persona import Traits, load_persona
from cognitive.traits import with_traits
from runtime.settings import CognitiveSettings

DEFAULT = load_persona("default")


def shifted(**traits):
    return with_traits(replace(DEFAULT, traits=Traits(**traits)), CognitiveSettings())


def test_the_middle_changes_nothing():
    persona, settings = shifted()
    assert settings == CognitiveSettings() and persona == DEFAULT


def test_extraverts_are_livelier_and_speak_up_sooner():
    (low, quiet), (high, lively) = shifted(extraversion=0.0), shifted(extraversion=1.0)
    assert low.style.expressiveness == pytest.approx(0.7 * 0.8) and high.style.expressiveness == 1.0
    assert quiet.long_silence_s == pytest.approx(1.4 * 12.0) and lively.long_silence_s == pytest.approx(0.6 * 12.0)


def test_the_agreeable_comfort_sooner_and_correct_later():
    _, settings = shifted(agreeableness=1.0)
    assert settings.thresholds[EMOTION] == pytest.approx(THRESHOLDS[EMOTION] - 0.05)
    assert settings.thresholds[CONFUSION] == pytest.approx(THRESHOLDS[CONFUSION] + 0.05)


def test_the_conscientious_keep_promises_and_the_neurotic_hold_back():
    assert shifted(conscientiousness=1.0)[1].thresholds[PROMISE] == pytest.approx(THRESHOLDS[PROMISE] - 0.05)
    careful = shifted(neuroticism=1.0)[1]
    assert careful.cooldown_s == pytest.approx(25.0) and careful.min_quiet_s == pytest.approx(2.5)


def test_openness_is_breadth_of_topics():
    assert [len(shifted(openness=o)[0].topics) for o in (0.0, 0.25, 0.5, 1.0)] == [2, 4, 6, 6]


def test_a_users_own_threshold_is_shifted_and_kept_within_bounds():
    persona = replace(DEFAULT, traits=Traits(agreeableness=0.0))
    _, settings = with_traits(persona, CognitiveSettings(thresholds={EMOTION: 0.97}))
    assert settings.thresholds[EMOTION] == pytest.approx(0.98)
