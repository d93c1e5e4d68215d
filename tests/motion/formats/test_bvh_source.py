"""BVH of any skeleton: every joint with its own order and channels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.formats import bvh, bvh_source
from motion.retarget import retarget
from motion.skeleton import NEUTRAL_ROTATIONS

ODD = """HIERARCHY
ROOT Base
{
  OFFSET 0 0 0
  CHANNELS 6 Zposition Xposition Yposition Yrotation Zrotation Xrotation
  JOINT Tip
  {
    OFFSET 0 50 0
    CHANNELS 3 Xrotation Yrotation Zrotation
    End Site
    {
      OFFSET 0 10 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.01
3 1 2 90 0 0 0 0 0
3 1 2 0 0 0 0 0 90
"""


def test_orders_and_channels_are_each_joints_own() -> None:
    clip = bvh_source.read(io.BytesIO(ODD.encode()), name="odd")
    assert clip.joints == ("Base", "Tip") and clip.parents == (-1, 0) and clip.fps == pytest.approx(100.0)
    assert np.allclose(clip.translations_m[0], np.array([[0.01, 0.02, 0.03], [0.0, 0.5, 0.0]]))
    assert np.allclose(clip.rotations[0, 0], rot.from_euler(np.radians([90.0, 0, 0]), "YZX"))
    assert np.allclose(clip.rotations[1, 1], rot.from_euler(np.radians([0, 0, 90.0]), "XYZ"))
    assert np.allclose(clip.rest.positions_m, np.array([[0.0, 0.0, 0.0], [0.0, 0.5, 0.0]]))


def test_our_own_files_come_back_through_retargeting(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    wiggle = rot.exp(random.normal(scale=0.1, size=(6, 22, 3)))
    turns = rot.multiply(np.broadcast_to(NEUTRAL_ROTATIONS.astype(float), wiggle.shape), wiggle).astype(np.float32)
    clip = Clip(30.0, turns, np.zeros((6, 3), np.float32), np.zeros((6, 2, 6), np.float32))
    bvh.write(tmp_path / "a.bvh", clip)
    back = retarget(bvh_source.read(tmp_path / "a.bvh"), anchor="file")
    spine = slice(0, 7)
    off = rot.angle_between(clip.rotations[:, spine].astype(float), back.rotations[:, spine].astype(float))
    assert np.degrees(off.max()) < 0.05
    assert np.abs(back.hips_m).max() < 1e-3


def test_units_are_the_callers() -> None:
    assert bvh_source.read(io.BytesIO(ODD.encode()), units_per_m=1.0).translations_m[0, 1, 1] == 50.0
    with pytest.raises(ValueError, match="units_per_m"):
        bvh_source.read(io.BytesIO(ODD.encode()), units_per_m=0.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3 Xrotation Yrotation Zrotation", "2 Xrotation Yrotation", "joint Tip needs three rotation channels"),
        ("Frames: 2", "Frames: 3", "only 2 are there"),
        ("3 1 2 90 0 0 0 0 0", "3 1 2 90 0", "line 19"),
    ],
)
def test_faults_name_their_place(old: str, new: str, words: str) -> None:
    text = ODD.replace(old, new)
    if "needs" in words:
        text = text.replace("90 0 0 0 0 0", "90 0 0 0 0").replace("0 0 0 0 0 90", "0 0 0 0 90")
    with pytest.raises(bvh.BvhError, match=words):
        bvh_source.read(io.BytesIO(text.encode()))


def test_resampling_keeps_the_arc_and_the_ends() -> None:
    clip = bvh_source.read(io.BytesIO(ODD.replace("0.01\n", "0.1\n").encode()))
    dense = clip.resampled(40.0)
    assert len(dense) == 5 and dense.fps == 40.0
    assert np.degrees(rot.angle_between(clip.rotations[0, 0], dense.rotations[2, 0])) == pytest.approx(45.0, abs=1e-6)
    assert np.allclose(dense.rotations[-1], clip.rotations[1])
