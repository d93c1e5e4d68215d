"""A seated person stands up without changing what chest, head and arms do."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.formats.npz_sources import read_mvn
from motion.kinematics import forward
from motion.limits import excess_rad
from motion.retarget import retarget
from motion.retarget.stand import LEGS, stood_up
from motion.skeleton import INDEX, JOINT_COUNT, NEUTRAL_ROTATIONS


def seated(pelvis_deg: float, spine_deg: float) -> Clip:
    random = np.random.default_rng(2)
    turns = rot.exp(random.normal(scale=0.1, size=(8, JOINT_COUNT, 3)))
    turns[:, INDEX["hips"]] = rot.exp(np.radians(np.array([pelvis_deg, 0.0, 0.0])))
    turns[:, INDEX["spine"]] = rot.exp(np.radians(np.array([spine_deg, 0.0, 0.0])))
    turns[:, INDEX["leftUpperLeg"]] = rot.exp(np.radians(np.array([-90.0, 0.0, 0.0])))
    hips = np.tile(np.array([0.0, -0.4, 0.1], dtype=np.float32), (8, 1))
    return Clip(30.0, turns.astype(np.float32), hips, np.zeros((8, 2, 6), np.float32))


def test_chest_head_and_hands_keep_their_orientation() -> None:
    clip = seated(-32.0, 30.0)
    up = stood_up(clip, lean_rad=0.0)
    _, before = forward(clip.rotations, clip.hips_m)
    _, after = forward(up.rotations, up.hips_m)
    rows = [INDEX[name] for name in ("upperChest", "head", "leftHand", "rightHand")]
    assert np.degrees(rot.angle_between(before[:, rows], after[:, rows])).max() < 0.05
    legs = [INDEX[name] for name in LEGS]
    assert len(legs) == 8 and np.allclose(np.abs(up.rotations[:, legs]), np.abs(NEUTRAL_ROTATIONS[legs]), atol=1e-6)
    places, _ = forward(up.rotations, up.hips_m)
    assert np.allclose(places[:, INDEX["leftFoot"]], places[0, INDEX["leftFoot"]])


def test_the_pelvis_keeps_only_its_turn() -> None:
    clip = seated(0.0, 0.0)
    turns = clip.rotations.copy()
    turns[:, 0] = rot.multiply(
        rot.exp(np.radians(np.array([0.0, 25.0, 0.0]))), rot.exp(np.radians(np.array([-30.0, 0.0, 0.0])))
    )
    up = stood_up(Clip(30.0, turns, clip.hips_m, clip.hands))
    vector = np.degrees(rot.log(up.rotations[0, 0].astype(float)))
    assert np.abs(vector[[0, 2]]).max() < 1e-3 and vector[1] == pytest.approx(25.0, abs=0.1)


def test_a_lean_is_taken_off_by_default() -> None:
    clip = seated(-20.0, 0.0)
    for asked, left in ((None, 0.0), (0.0, None)):
        up = stood_up(clip, asked)
        _, world = forward(up.rotations, up.hips_m)
        chest = rot.rotate(world[:, INDEX["upperChest"]], np.array([0.0, 1.0, 0.0]))
        lean = float(np.degrees(np.median(np.arctan2(chest[:, 2], chest[:, 1]))))
        if left is not None:
            assert lean == pytest.approx(left, abs=1.5)
        else:
            assert lean < -10.0


def test_real_narrators_stand_within_human_range() -> None:
    path = Path(os.environ.get("ATTUNE_DATA", "/nonexistent")) / "mpi-ebedb" / "mpi_ebedb_30fps.npz"
    if not path.is_file():
        pytest.skip("ATTUNE_DATA is not set to a folder with mpi-ebedb")
    for source in islice(read_mvn(path), 0, None, 150):
        up = stood_up(retarget(source, face_forward=True))
        over = np.degrees(excess_rad(up.rotations.astype(float)))
        assert np.percentile(over.max(axis=1), 50) < 5.0, source.name
