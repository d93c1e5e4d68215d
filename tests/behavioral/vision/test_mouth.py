"""Mouths that speak, mouths that do not, and eyes that blink."""

import math
import random
from collections.abc import Callable

import pytest

from behavioral.vision.mouth import Blinks, MouthMotion

FPS = 15.0


def watch(openness: Callable[[float], float], seconds: float = 3.0, noise: float = 0.01) -> list[float]:
    mouth, rng = MouthMotion(), random.Random(5)
    told = [
        mouth.update(max(0.0, openness(i / FPS) + rng.gauss(0, noise)), i / FPS) for i in range(round(seconds * FPS))
    ]
    return [p for p in told if p is not None]


@pytest.mark.parametrize("hz", [2.0, 3.0, 4.5, 6.0])
def test_syllables_are_speech(hz: float) -> None:
    assert min(watch(lambda t_s: 0.15 * (1 + math.sin(2 * math.pi * hz * t_s)))[8:]) >= 0.5


@pytest.mark.parametrize(
    "openness",
    [
        lambda t_s: 0.02,
        lambda t_s: 0.4,  # a smile
        lambda t_s: 0.9 * max(0.0, math.sin(2 * math.pi * 0.25 * t_s)),  # a yawn
        lambda t_s: 0.5 if t_s > 1.0 else 0.0,  # a mouth that falls open
    ],
)
def test_mouths_that_rest_open_or_yawn_do_not_speak(openness: Callable[[float], float]) -> None:
    assert max(watch(openness)) < 0.5


def test_speech_is_seen_soon_and_its_end_within_a_second() -> None:
    told = watch(lambda t_s: 0.15 * (1 + math.sin(2 * math.pi * 4 * t_s)) if 2.0 <= t_s < 4.0 else 0.0, seconds=7.0)
    times = [(i + FPS / 2) / FPS for i in range(len(told))]
    speaks = [t_s for t_s, p in zip(times, told, strict=True) if p >= 0.5]
    assert 2.0 < speaks[0] < 2.7
    assert 4.0 <= speaks[-1] < 5.0


def test_nothing_is_said_before_enough_was_seen_and_after_a_gap() -> None:
    mouth = MouthMotion()
    assert [mouth.update(0.2 * (i % 2), i / FPS) for i in range(7)] == [None] * 7
    assert mouth.update(0.2, 2.0) is None


def eyes(lids: list[float]) -> tuple[list[float], Blinks]:
    blinks, lengths = Blinks(), []
    for index, value in enumerate(lids):
        length_s = blinks.update(value, index / FPS)
        if length_s is not None:
            lengths.append(length_s)
    return lengths, blinks


def test_short_closures_are_blinks_and_their_length_is_told() -> None:
    lengths, blinks = eyes([0.3] * 30 + [0.1] + [0.3] * 30 + [0.12, 0.08, 0.1] + [0.3] * 10)
    assert lengths == [pytest.approx(1 / FPS), pytest.approx(3 / FPS)]
    assert blinks.openness(0.3) > 0.9
    assert blinks.openness(0.1) < 0.1


def test_eyes_that_stay_shut_narrow_or_unseen_do_not_blink() -> None:
    assert eyes([0.3] * 30 + [0.1] * 30 + [0.3] * 5)[0] == []
    assert eyes([0.3] * 30 + [0.22] * 3 + [0.3] * 30)[0] == []
    blinks = Blinks()
    assert [blinks.update(v, t_s) for t_s, v in [(0.0, 0.3), (0.1, 0.1), (2.0, 0.3)]] == [None] * 3


def test_each_person_has_their_own_usual_eyes() -> None:
    lengths, blinks = eyes([0.22] * 60 + [0.11] * 2 + [0.22] * 5)
    assert len(lengths) == 1
    assert blinks.openness(0.22) > 0.9
