"""Lids and expression."""

import random

import numpy as np
import pytest

from behavioral.body.face import Face
from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS


def blinks_per_minute(speaking: bool, seed: int) -> tuple[int, float]:
    face = Face(ListenerSettings(), random.Random(seed))
    face.set_speaking(speaking)
    lids = np.array([face.tick(i * 0.02)[0][0] for i in range(20 * 60 * 50 // 10)])
    closed = lids > 0.02
    starts = int(np.sum(closed[1:] & ~closed[:-1]))
    longest_s = 0.0
    run = 0
    for value in closed:
        run = run + 1 if value else 0
        longest_s = max(longest_s, run * 0.02)
    return starts // 2, longest_s


def test_people_blink_more_while_they_speak() -> None:
    speaking = [blinks_per_minute(True, seed)[0] for seed in range(4)]
    silent = [blinks_per_minute(False, seed)[0] for seed in range(4)]
    assert 20 <= np.mean(speaking) <= 32
    assert 12 <= np.mean(silent) <= 22


def test_no_blink_lasts_longer_than_the_bound() -> None:
    assert blinks_per_minute(True, 3)[1] <= ListenerSettings().blink_max_s + 0.02


def test_an_expression_comes_smoothly_and_goes_by_itself() -> None:
    face = Face(ListenerSettings(), random.Random(1))
    happy = EXPRESSIONS.index("happy")
    face.express("happy", 1.0, 2.0)
    weights = [float(face.tick(i * 0.02)[1][happy]) for i in range(300)]
    assert max(np.abs(np.diff(weights))) < 0.1
    assert max(weights) > 0.9
    assert weights[-1] < 0.2


def test_an_unknown_expression_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="relaxed"):
        Face(ListenerSettings(), random.Random(1)).express("smug", 1.0, 1.0)
