"""Finger joints and hand shape codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motion.clip import Clip, rest_rotations
from motion.formats import gltf, vrma
from motion.retarget.hands import RELAXED, finger_rotations, has_fingers, shape_codes
from motion.retarget.tables import DIGITS, MVN, VRM

CODES = np.array(
    [
        [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.8]],
        [[1.0, 1.0, 1.0, 1.0, 1.0, 0.0], [0.3, 0.4, 0.5, 0.6, 0.7, 0.0]],
        [[0.7, 0.0, 0.9, 0.95, 0.95, 0.0], [0.2, 0.1, 0.1, 0.1, 0.1, 0.5]],
    ],
    dtype=np.float32,
)


def clip_with(codes: np.ndarray) -> Clip:
    frames = len(codes)
    return Clip(30.0, np.repeat(rest_rotations()[None], frames, axis=0), np.zeros((frames, 3), np.float32), codes)


def test_codes_survive_the_way_through_finger_bones(tmp_path: Path) -> None:
    path = tmp_path / "hands.vrma"
    vrma.write(path, clip_with(CODES))
    (source,) = list(gltf.read(path))
    assert has_fingers(VRM, source.joints)
    positions, world = source.forward()
    got = shape_codes(positions, world, VRM, source.joints)
    assert np.abs(got[..., :5] - CODES[..., :5]).max() < 0.03  # the thumb does not bend square to its axis
    open_hands = CODES[..., 1:5].max(axis=-1) < 0.2
    assert np.abs(got[..., 5] - CODES[..., 5])[open_hands].max() < 0.1


def test_a_fist_bends_towards_the_palm_on_both_hands() -> None:
    turns = finger_rotations(CODES[1:2].astype(float))
    # On the left the fingers point to +x and go down about -z; the right is its mirror image.
    assert turns["leftIndexProximal"][0, 2] < -0.5 and turns["rightIndexProximal"][0, 2] > 0.2
    assert set(turns) == {joint for side in ("left", "right") for digit in DIGITS for joint in VRM.fingers[side, digit]}


def test_a_skeleton_without_fingers_gets_relaxed_hands() -> None:
    joints = tuple(MVN.bones.values())
    code = shape_codes(np.zeros((2, len(joints), 3)), np.zeros((2, len(joints), 4)), MVN, joints)
    assert np.allclose(code, RELAXED)
