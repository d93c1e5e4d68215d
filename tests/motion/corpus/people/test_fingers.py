"""Hands guessed from arms: where the arm tells the hand they follow it, and everywhere they live without jitter."""

from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.fingers import arm_features, cross_validated, fill_hands, fit_fingers, predict
from motion.corpus.people.mirror import mirrored
from motion.corpus.people.pieces import finger_clips, read_pieces
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS


def raising(seconds: float, hz: float, phase: float = 0.0) -> Clip:
    """Both forearms go up and down; a raised hand is open, a low one half closed."""
    t = np.arange(round(30 * seconds)) / 30.0
    up = 0.5 - 0.5 * np.cos(2 * np.pi * hz * t + phase)
    turns = np.tile(NEUTRAL_ROTATIONS.astype(np.float64), (len(t), 1, 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        axis = np.broadcast_to([0.0, -sign, 0.0], (len(t), 3))
        row = INDEX[f"{side}LowerArm"]
        turns[:, row] = rot.multiply(turns[:, row], rot.from_axis_angle(axis, 1.5 * up))
    hands = np.repeat((0.6 - 0.5 * up)[:, None], 12, axis=1).reshape(-1, 2, 6)
    return Clip(30.0, turns.astype(np.float32), np.zeros((len(t), 3), dtype=np.float32), hands.astype(np.float32))


CLIPS = [raising(6.0, hz, phase) for hz, phase in ((0.2, 0.0), (0.25, 1.0), (0.3, 2.0), (0.15, 3.0))]


def test_a_hand_that_follows_its_arm_is_found_again_on_clips_not_seen() -> None:
    errors = cross_validated(CLIPS, folds=4)
    assert errors.model < 0.3 * errors.mean_hand


def test_left_and_right_are_treated_alike() -> None:
    clip = CLIPS[0]
    assert np.allclose(arm_features(clip)[:, 0], arm_features(mirrored(clip))[:, 1], atol=1e-6)
    model = fit_fingers(CLIPS)
    assert np.allclose(predict(model, clip)[:, 0], predict(model, mirrored(clip))[:, 1], atol=1e-5)


def test_an_arm_unlike_all_recorded_ones_gets_the_mean_hand() -> None:
    model = fit_fingers(CLIPS)
    strange = Clip(30.0, CLIPS[0].rotations.copy(), CLIPS[0].hips_m, CLIPS[0].hands)
    strange.rotations[:, [INDEX["leftUpperArm"], INDEX["rightUpperArm"]]] = (0.0, 0.0, 0.0, 1.0)
    assert np.allclose(predict(model, strange), model.mean, atol=0.05)


@pytest.fixture(scope="module")
def real(attune_data: Path) -> list[Clip]:
    return finger_clips(read_pieces(attune_data, sources=["rocketbox-gestures"]))


def test_on_real_hands_the_guess_is_better_than_the_mean_hand(real: list[Clip]) -> None:
    errors = cross_validated(real, folds=3)
    assert errors.model < 0.93 * errors.mean_hand
    assert errors.mean_hand < 0.15


def test_filled_hands_are_seeded_and_neither_still_nor_jittery(real: list[Clip]) -> None:
    model = fit_fingers(real)
    quiet = Clip(
        30.0, np.tile(NEUTRAL_ROTATIONS, (300, 1, 1)), np.zeros((300, 3), np.float32), np.zeros((300, 2, 6), np.float32)
    )
    hands = fill_hands(quiet, model, np.random.default_rng(5)).hands
    assert np.array_equal(hands, fill_hands(quiet, model, np.random.default_rng(5)).hands)
    assert not np.array_equal(hands, fill_hands(quiet, model, np.random.default_rng(6)).hands)
    assert hands.min() >= 0.0
    assert hands.max() <= 1.0
    assert (hands[:, :, 1:5].std(axis=0) > 0.005).all()
    assert (
        np.abs(np.diff(hands, axis=0)).max() * 30 < 2.0
    )  # a hand closes in about 0.1 s, 10 a second, when it means to
    curvature = np.abs(np.diff(hands, n=2, axis=0)).max()
    assert curvature < 0.02


def test_without_clips_there_is_no_model() -> None:
    with pytest.raises(ValueError, match="no clip with recorded fingers"):
        fit_fingers([])
    with pytest.raises(ValueError, match="folds"):
        cross_validated(CLIPS, folds=9)
