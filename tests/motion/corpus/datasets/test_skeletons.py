"""Skeletons of the data sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets.skeletons import (
    SEG,
    SKELETONS,
    TALKING_WITH_HANDS,
    ZEROEGGS,
    fitting,
    onto_ours,
    read_bvh,
    t_pose_in,
)
from motion.formats import bvh_source
from motion.kinematics import forward
from motion.retarget import NamedSkeleton
from motion.retarget.tables import DIGITS, MIXAMO, MVN, NEEDED, SIDES
from motion.retarget.tables import SKELETONS as GENERAL
from motion.skeleton import INDEX
from runtime.vocabulary import BODY_JOINTS


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_a_table_knows_what_is_needed_and_nothing_twice(skeleton: NamedSkeleton) -> None:
    assert set(NEEDED) <= set(skeleton.bones) <= set(BODY_JOINTS)
    named = [*skeleton.bones.values(), *(joint for chain in skeleton.fingers.values() for joint in chain)]
    assert len(named) == len(set(named))
    assert set(skeleton.fingers) == {(side, digit) for side in SIDES for digit in DIGITS}


@pytest.mark.parametrize("skeleton", (*SKELETONS, *GENERAL), ids=lambda s: s.name)
def test_a_skeleton_is_found_by_its_joints(skeleton: NamedSkeleton) -> None:
    assert fitting(tuple(skeleton.bones.values())) is skeleton


def test_near_relations_are_told_apart() -> None:
    assert fitting((*ZEROEGGS.bones.values(), "Spine2")) is ZEROEGGS
    assert fitting(tuple(MIXAMO.bones.values())) is MIXAMO
    assert fitting((*MVN.bones.values(), "Chest2")) is MVN
    with pytest.raises(ValueError, match="no named skeleton fits"):
        fitting(("a", "b"))


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_left_up_forward_and_the_floor_are_ours(
    tmp_path: Path, write_bvh: Callable[..., None], skeleton: NamedSkeleton
) -> None:
    turns = {"leftUpperArm": np.full(20, 60.0), "leftLowerArm": np.full(20, 20.0), "hips": np.zeros(20)}
    write_bvh(tmp_path / "a.bvh", skeleton, frames=20, fps=60.0, turns=turns)
    clip = onto_ours(read_bvh(tmp_path / "a.bvh"), tmp_path / "a.bvh")
    assert clip.fps == 30.0 and len(clip) == 10
    places, _ = forward(clip.rotations, clip.hips_m)
    hand, shoulder, other = (places[0, INDEX[j]] for j in ("leftHand", "leftUpperArm", "rightHand"))
    assert hand[1] > shoulder[1] + 0.35 and hand[0] > 0.2 and abs(other[1] - shoulder[1]) < 0.05
    assert abs(places[0, INDEX["leftToes"], 1] - places[0, INDEX["rightToes"], 1]) < 0.02
    assert np.abs(clip.hips_m).max() < 0.03


def test_a_bent_finger_is_seen_and_left_out_on_demand(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    turns = {joint: np.full(5, -70.0) for joint in SEG.fingers["left", "index"]}
    write_bvh(tmp_path / "a.bvh", SEG, frames=5, turns=turns)
    source = bvh_source.read(tmp_path / "a.bvh")
    clip = onto_ours(source, tmp_path)
    assert clip.hands[0, 0, 1] > 0.7 and clip.hands[0, 0, 2] < 0.2 and clip.hands[0, 1, 1] < 0.2
    ease = onto_ours(source, tmp_path, fingers=False)
    assert np.array_equal(ease.hands[0, 0], ease.hands[0, 1]) and 0.1 < ease.hands[0, 0, 1] < 0.4


def test_a_skeleton_that_stands_in_no_pose_asks_for_a_t_pose(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    raise_legs = {"leftUpperLeg": np.full(4, 180.0), "rightUpperLeg": np.full(4, -180.0)}
    write_bvh(tmp_path / "a.bvh", ZEROEGGS, frames=4, lying=True, turns=raise_legs)
    with pytest.raises(ValueError, match=r"a\.bvh: .* does not stand upright.* tpose\.bvh"):
        onto_ours(read_bvh(tmp_path / "a.bvh"), tmp_path / "a.bvh")
    assert t_pose_in(tmp_path) is None
    (tmp_path / "a.bvh").rename(tmp_path / "tpose.bvh")
    up = raise_legs | {"leftUpperArm": np.full(4, 60.0)}
    write_bvh(tmp_path / "b.bvh", ZEROEGGS, frames=4, lying=True, turns=up)
    clip = onto_ours(read_bvh(tmp_path / "b.bvh", t_pose_in(tmp_path)), tmp_path / "b.bvh")
    places, _ = forward(clip.rotations, clip.hips_m)
    assert places[0, INDEX["leftHand"], 1] > places[0, INDEX["rightHand"], 1] + 0.3
    assert places[0, INDEX["hips"], 1] > places[0, INDEX["leftFoot"], 1] + 0.7


@pytest.mark.parametrize(
    ("frame_time", "fps"),
    [("0.0333333", 30.0), ("0.016667", 60.0), ("0.0083", 120.0), ("0.0333667", 29.97), ("0.034", 29.41)],
)
def test_a_rounded_frame_time_means_its_rate(
    tmp_path: Path, write_bvh: Callable[..., None], frame_time: str, fps: float
) -> None:
    path = tmp_path / "a.bvh"
    write_bvh(path, SEG, frames=2)
    path.write_text(path.read_text().replace("Frame Time: 0.033333", f"Frame Time: {frame_time}"))
    found = read_bvh(path).fps
    assert found == fps if fps == int(fps) else found == pytest.approx(fps, abs=0.005)


def test_a_t_pose_of_another_skeleton_is_refused(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    write_bvh(tmp_path / "tpose.bvh", SEG, frames=1)
    write_bvh(tmp_path / "a.bvh", TALKING_WITH_HANDS, frames=4)
    with pytest.raises(ValueError, match=r"a\.bvh has \d+ joints, but tpose\.bvh has"):
        read_bvh(tmp_path / "a.bvh", t_pose_in(tmp_path))
