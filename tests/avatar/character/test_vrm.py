"""The file keeps the rules of VRM 1.0: bones, expressions, licence, and eyes that are turned by bones."""

from __future__ import annotations

import numpy as np
import pytest

from motion.skeleton import REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS, VISEMES
from tests.avatar.character.reading import Read

REQUIRED = (
    "hips", "spine", "head", "leftUpperLeg", "leftLowerLeg", "leftFoot", "rightUpperLeg", "rightLowerLeg", "rightFoot",
    "leftUpperArm", "leftLowerArm", "leftHand", "rightUpperArm", "rightLowerArm", "rightHand",
)  # fmt: skip
PARENTS = {
    "spine": "hips", "chest": "spine", "upperChest": "chest", "neck": "upperChest", "head": "neck",
    **{side + bone: parent if parent in ("hips", "head", "upperChest") else side + parent
       for side in ("left", "right")
       for bone, parent in (
           ("Eye", "head"), ("Shoulder", "upperChest"), ("UpperArm", "Shoulder"), ("LowerArm", "UpperArm"), ("Hand", "LowerArm"),
           ("UpperLeg", "hips"), ("LowerLeg", "UpperLeg"), ("Foot", "LowerLeg"), ("Toes", "Foot"),
           ("ThumbMetacarpal", "Hand"), ("ThumbProximal", "ThumbMetacarpal"), ("ThumbDistal", "ThumbProximal"),
           *((finger + joint, above) for finger in ("Index", "Middle", "Ring", "Little")
             for joint, above in (("Proximal", "Hand"), ("Intermediate", finger + "Proximal"), ("Distal", finger + "Intermediate"))),
       )},
}  # fmt: skip
PRESETS = {
    "happy", "angry", "sad", "relaxed", "surprised", "neutral", "aa", "ih", "ou", "ee", "oh", "blink", "blinkLeft", "blinkRight",
    "lookUp", "lookDown", "lookLeft", "lookRight",
}  # fmt: skip
ARKIT_SAMPLE = {
    "browInnerUp",
    "browDownLeft",
    "eyeWideLeft",
    "jawOpen",
    "mouthSmileLeft",
    "mouthPucker",
    "cheekPuff",
    "tongueOut",
}


def bones(vrm: Read) -> dict[str, int]:
    return {name: entry["node"] for name, entry in vrm.vrm["humanoid"]["humanBones"].items()}


def test_it_says_that_it_is_vrm_1_0(vrm: Read) -> None:
    assert vrm.vrm["specVersion"] == "1.0"
    assert vrm.document["extensionsUsed"] == ["VRMC_vrm"]
    assert vrm.document["asset"]["version"] == "2.0"


def test_its_licence_lets_everybody_use_change_and_pass_it_on(vrm: Read) -> None:
    meta = vrm.vrm["meta"]
    assert meta["name"] and meta["authors"]
    assert meta["licenseUrl"] == "https://vrm.dev/licenses/1.0/", "VRM 1.0 allows no other"
    assert meta["otherLicenseUrl"] == "https://www.apache.org/licenses/LICENSE-2.0"
    assert meta["avatarPermission"] == "everyone" and meta["commercialUsage"] == "corporation"
    assert meta["allowRedistribution"] is True and meta["modification"] == "allowModificationRedistribution"


def test_all_required_bones_and_every_joint_of_the_wire_are_there(vrm: Read) -> None:
    assert set(REQUIRED) | set(BODY_JOINTS) <= set(bones(vrm))


def test_each_bone_hangs_where_vrm_wants_it(vrm: Read) -> None:
    found = bones(vrm)
    assert set(found) == {"hips", *PARENTS}
    assert len(set(found.values())) == len(found)
    for name, parent in PARENTS.items():
        assert vrm.parent(found[name]) == found[parent], name


def test_it_rests_in_a_t_pose_without_turned_or_scaled_nodes(vrm: Read) -> None:
    assert not any({"rotation", "scale", "matrix"} & set(node) for node in vrm.nodes)
    found = bones(vrm)
    for side, x in (("left", 1), ("right", -1)):
        arm = [vrm.place(found[side + name]) for name in ("UpperArm", "LowerArm", "Hand")]
        assert np.allclose([point[1:] for point in arm], arm[0][1:]), "arms lie along x"
        assert np.all(np.diff([x * point[0] for point in arm]) > 0), "left is +x"
    assert vrm.place(found["leftEye"])[2] > vrm.place(found["head"])[2], "it faces +z"


def test_bones_are_as_long_as_the_motion_wants_them(vrm: Read) -> None:
    found = bones(vrm)
    for name, offset in zip(BODY_JOINTS, REST_OFFSETS_M, strict=True):
        assert np.allclose(vrm.nodes[found[name]]["translation"], offset, atol=1e-6), name


def test_it_has_every_preset_and_the_names_of_the_wire_and_of_arkit(vrm: Read) -> None:
    expressions = vrm.vrm["expressions"]
    assert set(expressions["preset"]) == PRESETS >= set(EXPRESSIONS)
    custom = set(expressions["custom"])
    assert {f"viseme_{name}" for name in VISEMES} | ARKIT_SAMPLE <= custom
    assert len(custom - {f"viseme_{name}" for name in VISEMES}) == 52
    assert not custom & PRESETS


def test_expressions_drive_real_targets_of_the_face(vrm: Read) -> None:
    face = vrm.node("Face")
    count = len(vrm.mesh("Face")["primitives"][0]["targets"])
    driven = set()
    silent = {"neutral", "viseme_sil"}
    for name, entry in {**vrm.vrm["expressions"]["preset"], **vrm.vrm["expressions"]["custom"]}.items():
        binds = entry.get("morphTargetBinds", [])
        assert bool(binds) != (name in silent), name
        for bind in binds:
            assert bind["node"] == face and 0 <= bind["index"] < count and 0 < bind["weight"] <= 1
            driven.add(bind["index"])
    assert driven == set(range(count)), "a morph target that nothing can reach"


@pytest.mark.parametrize("side", ["HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp"])
def test_eyes_turn_by_as_much_as_they_are_asked(vrm: Read, side: str) -> None:
    assert vrm.vrm["lookAt"]["type"] == "bone"
    reach = vrm.vrm["lookAt"][f"rangeMap{side}"]
    assert reach["inputMaxValue"] == reach["outputScale"] >= 20


def test_the_gaze_starts_between_the_eyes(vrm: Read) -> None:
    found = bones(vrm)
    middle = (vrm.place(found["leftEye"]) + vrm.place(found["rightEye"])) / 2 - vrm.place(found["head"])
    assert np.allclose(vrm.vrm["lookAt"]["offsetFromHeadBone"], middle, atol=1e-6)
