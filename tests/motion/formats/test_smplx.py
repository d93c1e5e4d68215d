"""SMPL-X pose parameters on our skeleton."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from motion.formats import smplx
from motion.formats.npz import NpzError
from motion.kinematics import forward
from motion.retarget import retarget
from motion.skeleton import INDEX


def poses(**vectors: tuple[float, float, float]) -> np.ndarray:
    out = np.zeros((3, 55, 3))
    for joint, vector in vectors.items():
        out[:, smplx.JOINTS.index(joint)] = np.radians(vector)
    return out


def test_zero_is_our_t_pose() -> None:
    clip = retarget(smplx.clip(poses(), np.zeros((3, 3)), 30.0))
    assert np.degrees(rot.angle(clip.rotations.astype(float))).max() < 0.1
    assert clip.hands[..., :5].max() < 0.05


def test_left_is_left_and_up_is_up() -> None:
    clip = retarget(smplx.clip(poses(left_shoulder=(0, 0, 60), right_shoulder=(0, 0, 70)), np.zeros((3, 3)), 30.0))
    places, _ = forward(clip.rotations, clip.hips_m)
    left, right = places[0, INDEX["leftHand"]], places[0, INDEX["rightHand"]]
    assert left[0] > 0.3 and left[1] > places[0, INDEX["leftUpperArm"], 1] + 0.3
    assert right[0] < -0.2 and right[1] < places[0, INDEX["rightUpperArm"], 1] - 0.3


def test_a_curled_index_finger_is_seen() -> None:
    vectors = {f"left_index{n}": (0.0, 0.0, -60.0) for n in (1, 2, 3)}
    clip = retarget(smplx.clip(poses(**vectors), np.zeros((3, 3)), 30.0))
    assert clip.hands[0, 0, 1] > 0.7
    assert np.delete(clip.hands[0, 0], [1, 5]).max() < 0.1 and clip.hands[0, 1, :5].max() < 0.1


def test_a_z_up_world_is_stood_up() -> None:
    # AMASS: the body stands along z, that is, turned by +90 degrees about x.
    pelvis = poses(pelvis=(90, 0, 0))
    clip = retarget(smplx.clip(pelvis, np.tile([0.0, 0.0, 0.9], (3, 1)), 120.0, z_up=True))
    assert np.degrees(rot.angle(clip.rotations.astype(float))).max() < 0.1
    assert np.abs(clip.hips_m).max() < 0.1


def test_files_are_read_and_faults_named(tmp_path: Path) -> None:
    good: dict[str, Any] = {"poses": np.zeros((4, 165)), "trans": np.zeros((4, 3)), "mocap_frame_rate": np.array(30)}
    np.savez(tmp_path / "a.npz", **good)
    assert len(smplx.read(tmp_path / "a.npz")) == 4
    np.savez(tmp_path / "b.npz", **(good | {"poses": np.zeros((4, 100))}))
    with pytest.raises(NpzError, match=r"b\.npz: SMPL-X: poses have shape"):
        smplx.read(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", poses=np.zeros((4, 165)), trans=np.zeros((4, 3)))
    with pytest.raises(NpzError, match="mocap_framerate"):
        smplx.read(tmp_path / "c.npz")
