"""Names of joints."""

from __future__ import annotations

import pytest

from motion.formats import smplx
from motion.retarget.tables import DIGITS, MIXAMO, NEEDED, SIDES, SKELETONS, NamedSkeleton, find
from runtime.vocabulary import BODY_JOINTS


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_a_table_knows_what_is_needed_and_nothing_twice(skeleton: NamedSkeleton) -> None:
    assert set(NEEDED) <= set(skeleton.bones) <= set(BODY_JOINTS)
    named = [*skeleton.bones.values(), *(joint for chain in skeleton.fingers.values() for joint in chain)]
    assert len(named) == len(set(named))
    assert set(skeleton.fingers) in (set(), {(side, digit) for side in SIDES for digit in DIGITS})


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda s: s.name)
def test_a_skeleton_is_found_by_its_joints(skeleton: NamedSkeleton) -> None:
    assert find(skeleton.bones.values()) is skeleton
    for prefix in skeleton.prefixes:
        assert find(prefix + joint for joint in skeleton.bones.values()) is skeleton


def test_the_joints_of_smplx_are_its_55() -> None:
    assert len(smplx.JOINTS) == 55
    assert find(smplx.JOINTS).name == "smplx"
    assert (
        smplx.JOINTS[25] == "left_index1" and smplx.JOINTS[40] == "right_index1" and smplx.JOINTS[54] == "right_thumb3"
    )


def test_mixamo_is_not_taken_for_cmu() -> None:
    assert find(f"mixamorig:{joint}" for joint in MIXAMO.bones.values()) is MIXAMO


def test_unknown_joints_are_refused_with_the_known_families() -> None:
    with pytest.raises(ValueError, match=r"known are vrm, smplx"):
        find(["a", "b"])
