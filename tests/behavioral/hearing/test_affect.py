"""Affect from words and voice, always with its cues."""

from __future__ import annotations

import pytest

from behavioral.hearing.affect import AffectEstimator
from behavioral.hearing.affect_lexicon import VALENCE
from behavioral.hearing.events import ProsodySnapshot


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I am so happy today", 1),
        ("that was a wonderful lovely evening", 1),
        ("I feel really sad and lonely", -1),
        ("I am not happy", -1),
        ("I wasn't very happy with it", -1),
        ("this is not bad", 1),
        ("what time is it", 0),
        ("", 0),
    ],
)
def test_the_words_decide_the_valence(text: str, sign: int) -> None:
    affect = AffectEstimator().estimate(text)
    assert (affect.valence > 0) - (affect.valence < 0) == sign
    assert (affect.confidence > 0) == (sign != 0)


def test_intensifiers_strengthen_and_cues_name_the_words() -> None:
    estimator = AffectEstimator()
    plain, strong = estimator.estimate("I am sad"), estimator.estimate("I am very sad")
    assert strong.valence < plain.valence
    assert estimator.estimate("not happy but safe").cues == ("word:not happy", "word:not safe")
    assert estimator.estimate("I can't complain, it is a great day").cues == ("word:great",)


def calm(**changes: float) -> ProsodySnapshot:
    values = {"level_dbfs": -30.0, "f0_hz": 120.0, "f0_range_st": 4.0} | changes
    return ProsodySnapshot(**values)


def test_a_louder_higher_livelier_voice_than_usual_is_arousal() -> None:
    estimator = AffectEstimator()
    usual = [estimator.estimate("well", calm()) for _ in range(6)]
    assert all(abs(affect.arousal) < 0.1 for affect in usual)
    excited = estimator.estimate("well", calm(level_dbfs=-20.0, f0_hz=170.0, f0_range_st=9.0))
    assert excited.arousal > 0.5
    assert set(excited.cues) == {"voice:level+", "voice:pitch+", "voice:pitch_range+"}
    assert estimator.estimate("well", calm(level_dbfs=-42.0, f0_hz=100.0, f0_range_st=1.0)).arousal < -0.2


def test_a_strangers_first_words_say_nothing_about_arousal() -> None:
    affect = AffectEstimator().estimate("well", calm(level_dbfs=-5.0))
    assert (affect.arousal, affect.confidence, affect.cues) == (0.0, 0.0, ())


def test_everything_stays_in_range() -> None:
    estimator = AffectEstimator()
    affect = estimator.estimate("very " + "really wonderful! " * 60)
    assert affect.valence <= 1
    assert affect.arousal <= 1
    assert affect.confidence <= 0.8
    assert len(affect.cues) == 16


def test_the_lexicon_is_balanced_and_bounded() -> None:
    assert len(VALENCE) >= 140
    assert all(0 < abs(weight) <= 1 for weight in VALENCE.values())
    positive = sum(weight > 0 for weight in VALENCE.values())
    assert 0.4 < positive / len(VALENCE) < 0.6
