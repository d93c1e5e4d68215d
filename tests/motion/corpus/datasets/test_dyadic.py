"""Dyads with one sound file of two channels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motion.corpus.datasets.catalogue import open_dataset
from motion.skeleton import INDEX, PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

FRAMES = 60
BONES = tuple(name for name in BODY_JOINTS if "Toes" not in name)
"""Twenty joints of which 16 can turn: 6 + 98 parameters are enough for them."""


def raised(at: int = 30) -> np.ndarray:
    """Euler angles [T, J, 3] about x, y, z: the left arm goes up and the trunk sways."""
    angles = np.zeros((FRAMES, len(BONES), 3))
    angles[at:, BONES.index("leftUpperArm"), 2] = np.radians(60.0)
    angles[:, BONES.index("spine")] = np.stack([0.1 * np.sin(np.arange(FRAMES) / 9.0 + n) for n in range(3)], axis=-1)
    return angles


def before() -> np.ndarray:
    """Pre-rotations of a rig whose joints have axes of their own."""
    turns = np.zeros((len(BONES), 4))
    turns[:, 3] = 1.0
    turns[BONES.index("leftLowerArm")] = Rotation.from_euler("xyz", [40, 0, 0], degrees=True).as_quat()
    return turns


def skeleton(prefix: str = "") -> dict[str, Any]:
    rows = [INDEX[bone] for bone in BONES]
    return {
        "joints": np.array([prefix + bone for bone in BONES]),
        "parents": np.array([BONES.index(BODY_JOINTS[PARENTS[row]]) if PARENTS[row] >= 0 else -1 for row in rows]),
        "offsets": REST_OFFSETS_M[rows].astype(np.float32),
    }


def write_rotations(path: Path, prefix: str = "", **more: Any) -> None:
    local = Rotation.from_quat(np.tile(before(), (FRAMES, 1, 1)).reshape(-1, 4)) * Rotation.from_euler(
        "xyz", raised().reshape(-1, 3)
    )
    arrays = skeleton(prefix) | {
        "quat_xyzw": local.as_quat().reshape(FRAMES, len(BONES), 4).astype(np.float32),
        "rest_xyzw": before(),
        "root": np.tile(REST_OFFSETS_M[0], (FRAMES, 1)),
        "fps": np.array(30.0),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **(arrays | more))


def write_parameters(folder: Path) -> None:
    """The same motion as 104 parameters, and the rig that they turn."""
    moving = [bone for bone in BONES if not bone.endswith(("Foot",))]
    transform, poses = np.zeros((7 * len(BONES), 110)), np.zeros((FRAMES, 104))
    for n, bone in enumerate(moving):
        row = BONES.index(bone)
        for axis in range(3):
            transform[7 * row + 3 + axis, 3 + 3 * n + axis] = 1.0
            poses[:, 3 + 3 * n + axis] = raised()[:, row, axis]
    transform[range(3), range(3)] = 1.0
    rig = skeleton() | {"prerotation_xyzw": before(), "transform": transform}
    rig["offsets"] = rig["offsets"] * 100.0
    np.savez(folder / "rig.npz", **rig)
    (folder / "PXB184").mkdir(exist_ok=True)
    np.save(folder / "PXB184/scene01_body_pose.npy", poses.astype(np.float32))


def test_rotations_by_joint_name_and_two_channels(
    tmp_path: Path, write_wav: Callable[..., None], raised_at: Callable[..., float], clicked_at: Callable[..., float]
) -> None:
    write_rotations(tmp_path / "ann/scene01_motion.npz")
    write_rotations(tmp_path / "ben/scene01_motion.npz", subject_channel=np.array(1))
    write_wav(tmp_path / "ann/scene01_audio.wav", 2.0, 1.0, 0.3, rate_hz=48_000)
    write_wav(tmp_path / "ben/scene01_audio.wav", 2.0, 0.3, 1.0, rate_hz=48_000)
    scenes = list(open_dataset("dyadic", tmp_path))
    assert [(scene.name, scene.actor) for scene in scenes] == [
        ("dyadic/ann/scene01", "ann"),
        ("dyadic/ben/scene01", "ben"),
    ]
    assert scenes[0].split == scenes[1].split  # one conversation, seen from both sides
    for scene in scenes:
        assert raised_at(scene.clip) == pytest.approx(1.0)
        assert (clicked_at(scene.agent), clicked_at(scene.user)) == pytest.approx((1.0, 0.3), abs=1e-3)


def test_parameters_of_a_rig_are_the_same_motion(tmp_path: Path, write_wav: Callable[..., None]) -> None:
    write_parameters(tmp_path)
    write_rotations(tmp_path / "named/scene02_motion.npz")
    by_rig, by_name = open_dataset("dyadic", tmp_path)
    assert by_rig.name == "dyadic/PXB184/scene01" and by_name.name == "dyadic/named/scene02"
    gap = np.abs(by_rig.clip.rotations - by_name.clip.rotations).max()
    assert gap < 1e-4 and np.abs(by_rig.clip.hips_m - by_name.clip.hips_m).max() < 1e-4


def test_parameters_without_a_rig_say_what_is_needed(tmp_path: Path) -> None:
    write_parameters(tmp_path)
    (tmp_path / "rig.npz").unlink()
    with pytest.raises(
        ValueError, match=r"scene01_body_pose\.npy holds 104 parameters .* put rig\.npz .* scene01_motion\.npz"
    ):
        list(open_dataset("dyadic", tmp_path))


def test_joints_of_unknown_names_are_named_by_the_file(tmp_path: Path) -> None:
    write_rotations(tmp_path / "scene01_motion.npz", prefix="joint_")
    with pytest.raises(ValueError, match="no named skeleton fits"):
        list(open_dataset("dyadic", tmp_path))
    names = {"bones_ours": np.array(BONES), "bones_theirs": np.array([f"joint_{bone}" for bone in BONES])}
    write_rotations(tmp_path / "scene01_motion.npz", prefix="joint_", **names)
    assert [len(scene.clip) for scene in open_dataset("dyadic", tmp_path)] == [60]
    write_rotations(
        tmp_path / "scene01_motion.npz", prefix="joint_", **(names | {"bones_ours": np.array(["tail"] * 20)})
    )
    with pytest.raises(ValueError, match=r"scene01_motion\.npz: bones_ours has 'tail'"):
        list(open_dataset("dyadic", tmp_path))


@pytest.mark.parametrize(
    ("array", "fault"),
    [
        (np.zeros((9, 103), np.float32), r"no float array \[T, 104\]"),
        (np.full((9, 104), np.nan, np.float32), "not finite"),
        (np.array([{}]), "cannot be read as an array"),
    ],
)
def test_a_damaged_pose_array_is_named(tmp_path: Path, array: np.ndarray, fault: str) -> None:
    write_parameters(tmp_path)
    np.save(tmp_path / "PXB184/scene01_body_pose.npy", array)
    with pytest.raises(ValueError, match=rf"scene01_body_pose\.npy .*{fault}"):
        list(open_dataset("dyadic", tmp_path))


def test_one_channel_is_not_two_people(tmp_path: Path, write_wav: Callable[..., None]) -> None:
    write_rotations(tmp_path / "scene01_motion.npz")
    write_wav(tmp_path / "scene01_audio.wav", 2.0, 1.0)
    with pytest.raises(ValueError, match=r"scene01_audio\.wav has 1 channels"):
        list(open_dataset("dyadic", tmp_path))
