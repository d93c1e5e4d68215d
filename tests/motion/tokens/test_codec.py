"""Clips to tokens and back, and legs that stand."""

from __future__ import annotations

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.kinematics import positions
from motion.procedural.generator import ProceduralGenerator
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from motion.tokens import codec, layout
from motion.tokens.legs import planted
from runtime.settings import ListenerSettings, MotionSettings


@pytest.fixture(scope="module")
def waving() -> Clip:
    body = ProceduralGenerator(3, ListenerSettings(), MotionSettings())
    body.gesture("a", 0.5, "wave")
    return Clip.from_poses([body.sample(frame / 30.0) for frame in range(120)], 30.0)


def test_a_clip_comes_back_from_its_tokens(waving: Clip) -> None:
    back = codec.decode(codec.fit(waving), 0, len(waving))
    apart = rot.angle_between(back.rotations.astype(np.float64), waving.rotations.astype(np.float64))
    assert np.degrees(apart.max()) < 1.0
    assert np.abs(back.hips_m - waving.hips_m).max() < 1e-3
    assert np.abs(back.hands - waving.hands).max() < 0.05


def test_frames_made_a_few_at_a_time_are_those_made_at_once(waving: Clip) -> None:
    tokens = codec.fit(waving)
    whole = codec.decode(tokens)
    part = codec.decode(tokens[10:20], 1, 4)
    assert np.allclose(np.abs(part.rotations), np.abs(whole.rotations[21:25]), atol=1e-6)


def test_a_repeated_token_stands_still(waving: Clip) -> None:
    pose = waving.pose(60)
    still = codec.decode(np.tile(codec.of_pose(pose), (6, 1)))
    apart = rot.angle_between(still.rotations.astype(np.float64), pose.rotations.astype(np.float64)[None])
    assert np.degrees(apart.max()) < 0.1


def test_the_neutral_token_is_the_neutral_pose() -> None:
    clip = codec.decode(np.tile(codec.neutral(), (5, 1)))
    apart = rot.angle_between(clip.rotations[0].astype(np.float64), NEUTRAL_ROTATIONS.astype(np.float64))
    assert np.degrees(apart.max()) < 0.5


def test_legs_are_those_of_the_procedural_body(waving: Clip) -> None:
    stood = planted(waving.rotations, waving.hips_m)
    assert np.degrees(rot.angle_between(stood, waving.rotations.astype(np.float64)).max()) < 0.01


def test_feet_stay_where_they_are_whatever_the_hips_do() -> None:
    rng = np.random.default_rng(0)
    turns = np.tile(rot.IDENTITY, (50, 22, 1))
    turns[:, 0] = rot.exp(rng.normal(scale=0.05, size=(50, 3)))
    hips = rng.normal(scale=0.015, size=(50, 3)) - np.array([0.0, 0.09, 0.0])
    where = positions(planted(turns, hips), hips)
    for foot in ("leftFoot", "rightFoot"):
        assert np.ptp(where[:, INDEX[foot]], axis=0).max() < 1e-6


def test_rotations_are_of_unit_length_whatever_the_tokens_hold() -> None:
    rng = np.random.default_rng(0)
    clip = codec.decode(rng.normal(scale=5.0, size=(30, layout.TOKEN_SIZE)))
    assert np.abs(np.linalg.norm(clip.rotations, axis=-1) - 1.0).max() < 1e-5


def test_another_frame_rate_is_refused(waving: Clip) -> None:
    with pytest.raises(ValueError, match="60 frames per second"):
        codec.fit(Clip(60.0, waving.rotations, waving.hips_m, waving.hands))
