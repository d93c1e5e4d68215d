"""Hints: where the lexicon's own performance would bring the body, and the innovations that lead there from wherever it is."""

from __future__ import annotations

import numpy as np
import pytest

from motion.corpus.scene import PlacedIntent
from motion.skeleton import INDEX
from motion.streaming import aims
from motion.tokens import codec
from motion.tokens.forecast import HISTORY, Forecast
from motion.tokens.layout import JOINTS, TOKEN_SIZE

WAVE = PlacedIntent("wave", 2.0, 2.7, 4.5, side=-1.0)
NOD = PlacedIntent("yes", 2.0, 2.4, 3.4)
FORECAST = Forecast(
    np.tile(np.array([2.0, -1.0, 0.0], np.float32), (6, 1))
    + np.arange(6, dtype=np.float32)[:, None] * [1.0, -1.0, 0.0],
    np.eye(6, dtype=np.float32) + 0.3 * np.tri(6, k=-1, dtype=np.float32),
    np.full(TOKEN_SIZE, 0.2, np.float32),
)
REST = codec.neutral()


def numbers(joint: str) -> slice:
    row = JOINTS.index(joint)
    return slice(6 * row, 6 * row + 6)


def test_a_wave_holds_its_arm_and_leaves_the_other_alone() -> None:
    found = aims.aim(WAVE)
    middle = round(3.2 * 15) + 1 - found.first
    assert found.first in (28, 29, 30)
    assert (found.hold[middle, numbers("rightUpperArm")] == 1.0).all()
    assert np.abs(found.away[middle, numbers("rightUpperArm")]).max() > 0.3
    assert (found.hold[:, numbers("leftUpperArm")] == 0.0).all() and (found.hold[:, numbers("head")] == 0.0).all()
    assert np.abs(found.away[:, numbers("leftLowerArm")]).max() < 0.02
    assert found.hold[0].max() == 0.0 and found.hold[-1].max() == 0.0
    assert INDEX["rightHand"] < len(found.away)


def test_a_nod_is_a_movement_of_head_and_neck_that_is_added() -> None:
    found = aims.aim(NOD)
    assert (found.hold == 0.0).all()
    assert np.abs(found.away[:, numbers("head")]).max() > 0.03
    assert aims.ADDED[numbers("head")].all() and not aims.ADDED[numbers("rightHand")].any()


def test_who_follows_the_hint_is_where_the_gesture_is() -> None:
    found = aims.aim(WAVE)
    first = found.first + 18
    away, hold = aims.around(found, first, 6)
    history = np.tile(REST, (HISTORY, 1)) + np.random.default_rng(0).normal(0.0, 0.02, (HISTORY, TOKEN_SIZE))
    pull = aims.pull(FORECAST, REST, away, hold, FORECAST.expected(history))
    reached = FORECAST.tokens(pull, history)
    arm = numbers("rightUpperArm")
    assert (np.abs(pull) < aims.PULL_BOUND).all()
    assert np.allclose(reached[:, arm], (REST + away[HISTORY:])[:, arm], atol=1e-4)


def test_a_nod_that_is_followed_from_its_beginning_is_the_nod_on_top_of_any_head() -> None:
    found = aims.aim(NOD)
    head = numbers("head")
    turned = REST.copy()
    turned[head] += 0.1
    tokens = np.tile(turned, (HISTORY, 1))
    for first in range(found.first, found.first + 18, 2):
        away, hold = aims.around(found, first, 6)
        expected = FORECAST.expected(tokens[-HISTORY:])
        block = FORECAST.tokens(aims.pull(FORECAST, REST, away, hold, expected), tokens[-HISTORY:])
        tokens = np.concatenate([tokens, block[:2]])
    want = turned[head] + found.away[:18, head]
    assert np.allclose(tokens[HISTORY:, head], want, atol=2e-3)


def test_the_gesture_that_counts_is_the_one_that_began_last_and_of_those_the_last_asked_for() -> None:
    other = PlacedIntent("bow", 2.5, 3.2, 5.0)
    same = PlacedIntent("shrug", 2.5, 3.0, 4.0)
    at = 2 * round(2.6 * 15 / 2)
    assert aims.current([WAVE], 10, 6) is None
    assert aims.current([WAVE, other], at, 6) is other
    assert aims.current([WAVE, other, same], at, 6) is same
    assert aims.current([WAVE], round(4.6 * 15) + 1, 6) is WAVE
    assert aims.current([WAVE], round(5.2 * 15), 6) is None


def test_outside_of_a_gesture_nothing_is_asked() -> None:
    for found, first in ((None, 10), (aims.aim(WAVE), 5), (aims.aim(WAVE), 500)):
        away, hold = aims.around(found, first, 6)
        assert away.shape == (HISTORY + 6, TOKEN_SIZE) and hold.shape == (6, TOKEN_SIZE)
        assert not away.any() and not hold.any()


@pytest.mark.parametrize(
    "odd",
    [
        PlacedIntent("wave", 1.0, 1.0, 1.0),
        PlacedIntent("point", 0.0, 0.5, 2.0, 5.0, -8.0, (9.0, -9.0)),
        PlacedIntent("big", 3.0, 3.4, 3.5, amplitude=40.0),
        PlacedIntent("count_3", 0.0, 9.0, 30.0),
    ],
)
def test_odd_requests_give_finite_hints(odd: PlacedIntent) -> None:
    found = aims.aim(odd)
    away, hold = aims.around(found, found.first + 3, 6)
    pull = aims.pull(FORECAST, REST, away, hold, np.full((6, TOKEN_SIZE), 8.0))
    assert np.isfinite(pull).all() and np.abs(pull).max() <= aims.PULL_BOUND
    assert np.isfinite(found.away).all()
