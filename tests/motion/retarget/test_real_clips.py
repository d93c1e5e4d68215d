"""The data folders on our skeleton: bones follow the source's own kinematics, hands keep their side, nothing flips."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.formats import gltf, unity_anim
from motion.formats.npz_sources import read_mesh2motion, read_mvn, read_rocketbox, read_rocketbox_rest
from motion.kinematics import forward
from motion.limits import excess_rad
from motion.retarget import SourceClip, retarget
from motion.retarget.measure import direction_errors_deg, joint_speeds_deg_s
from motion.skeleton import INDEX

ROOT = Path(os.environ.get("ATTUNE_DATA", "/nonexistent"))
LIMBS_DEG = 0.5
CHAINS_DEG = 12.0
"""Shoulder to wrist and hips to head also show that our proportions are others."""
FLIP_DEG_S = 2_000.0
"""No conversing joint turns faster; a flip of 180 degrees in a frame is 5,400."""


def folder(name: str) -> Path:
    if not (ROOT / name).is_dir():
        pytest.skip(f"ATTUNE_DATA is not set to a folder with {name}")
    return ROOT / name


def check(source: SourceClip, clip: Clip, fastest: float = FLIP_DEG_S) -> None:
    for bone, error in direction_errors_deg(source, clip).items():
        bound = CHAINS_DEG if bone.endswith(("head", "UpperArm-leftHand", "UpperArm-rightHand")) else LIMBS_DEG
        assert np.percentile(error, 95) < bound, (source.name, bone)
    for joint, speed in joint_speeds_deg_s(clip).items():
        assert speed.max() < fastest, (source.name, joint, int(speed.argmax()))
    assert np.isfinite(clip.rotations).all() and np.isfinite(clip.hips_m).all()
    assert clip.hands.min() >= 0.0 and clip.hands.max() <= 1.0
    places, world = forward(clip.rotations, clip.hips_m)
    # Shoulders keep their side in the frame of the chest, whichever way the body faces.
    chest = rot.conjugate(world[:, INDEX["upperChest"]])
    for side, sign in (("left", 1.0), ("right", -1.0)):
        arm = rot.rotate(chest, places[:, INDEX[f"{side}UpperArm"]] - places[:, INDEX["upperChest"]])
        assert (sign * arm[:, 0]).min() > 0.05, (source.name, side)


def test_narration_of_real_people() -> None:
    path = folder("mpi-ebedb") / "mpi_ebedb_30fps.npz"
    clips = list(islice(read_mvn(path), 0, None, 100))
    assert len(clips) == 11
    sides = []
    for source in clips:
        check(source, retarget(source))
        clip = retarget(source, height="feet", face_forward=True)
        places, _ = forward(clip.rotations, clip.hips_m)
        assert np.median(places[:, [INDEX["leftToes"], INDEX["rightToes"]], 1].min(axis=1)) == pytest.approx(
            0.025, abs=0.01
        )
        hands = places[:, [INDEX["leftHand"], INDEX["rightHand"]]]
        assert np.median(hands[:, :, 2]) > 0.0, "seated narrators gesture in front of themselves"
        sides.append(float(np.median(hands[:, 0, 0] - hands[:, 1, 0])))
        over = np.degrees(excess_rad(clip.rotations.astype(float)))
        assert (
            np.percentile(over[:, [INDEX[b] for b in ("leftUpperArm", "rightUpperArm", "leftHand", "rightHand")]], 95)
            < 3.0
        )
    assert sum(side > 0.0 for side in sides) >= 8, "left hands are left, but for folded arms"


def test_rocketbox_with_fingers() -> None:
    path = folder("rocketbox-gestures") / "rocketbox_30fps.npz"
    wanted = (
        "f_wave_01",
        "m_gestic_shrug_01",
        "f_gestic_presentation_right_01",
        "f_gestic_listen_accept_01",
        "m_sit_chair_breathe_01",
    )
    clips = {source.name: source for source in read_rocketbox(path) if source.name in wanted}
    assert set(clips) == set(wanted)
    for source in clips.values():
        check(source, retarget(source))
    wave = retarget(clips["f_wave_01"])
    places, _ = forward(wave.rotations, wave.hips_m)
    top = {side: places[:, INDEX[f"{side}Hand"], 1].max() for side in ("left", "right")}
    assert max(top.values()) > places[0, INDEX["rightUpperArm"], 1], "a wave goes above the shoulder"
    assert abs(top["left"] - top["right"]) > 0.3, "one hand waves"
    sitting = retarget(clips["m_sit_chair_breathe_01"])
    assert np.median(sitting.hips_m[:, 1]) < -0.3
    assert np.ptp(wave.hands[:, :, 1:5], axis=0).max() > 0.1, "fingers move"


@pytest.mark.parametrize("name", ["base", "addon"])
def test_mesh2motion_from_both_of_its_files(name: str) -> None:
    where = folder("mesh2motion-cc0")
    calm = {
        "Idle_Loop",
        "Idle_Talking_Loop",
        "Sitting_Talking_Loop",
        "T-Pose",
        "Greeting",
        "Bow",
        "Confused",
        "Head Nod",
        "Reject",
    }
    direct = {clip.name: clip for clip in gltf.read(where / f"human-{name}-animations.glb") if clip.name in calm}
    derived = where / f"human-{name}-animations.conversational_30fps.npz"
    if not derived.is_file():
        pytest.skip("the derived clips of mesh2motion-cc0 are made by hand: attune data list says how")
    packed = {clip.name.replace("Head_Nod", "Head Nod"): clip for clip in read_mesh2motion(derived)}
    assert direct
    for title, source in direct.items():
        clip = retarget(source)
        check(source, clip)
        other = retarget(packed[title])
        frames = min(len(clip), len(other))
        a, b = forward(clip.rotations, clip.hips_m)[0], forward(other.rotations, other.hips_m)[0]
        assert np.abs(a[:frames] - b[:frames]).max() < 0.01, title
    if "T-Pose" in direct:
        pose = retarget(direct["T-Pose"])
        places, _ = forward(pose.rotations, pose.hips_m)
        arm = places[0, INDEX["leftHand"]] - places[0, INDEX["leftUpperArm"]]
        assert arm[0] > 0.5 and abs(arm[1]) < 0.05
        assert pose.hands[0, :, :5].max() < 0.05
    if "Head Nod" in direct:
        nod = retarget(direct["Head Nod"])
        _, world = forward(nod.rotations, nod.hips_m)
        pitch = np.degrees(np.arcsin(rot.rotate(world[:, INDEX["head"]], np.array([0.0, 0.0, 1.0]))[:, 1]))
        assert 8.0 < np.ptp(pitch) < 25.0, "about 15 degrees, as its page of data says"


def test_the_spliced_conversation_falls_into_clean_pieces() -> None:
    path = folder("rocketbox-movebox") / "RB_conversation_nolips.anim"
    rest = folder("rocketbox-gestures") / "rest_pose.npz"
    source = unity_anim.read(path, lambda joints: read_rocketbox_rest(rest, "m", joints))
    assert len(source) == 999
    watched = [
        f"Bip01 {j}" for j in ("Pelvis", "Spine", "Neck", "Head", "L UpperArm", "R UpperArm", "L Forearm", "R Forearm")
    ]
    faults = unity_anim.jumps(source, watched)
    assert faults and all(any(a <= frame <= b for a, b in unity_anim.MOVEBOX_FAULTS) for frame in faults)
    pieces = unity_anim.without(source, unity_anim.MOVEBOX_FAULTS)
    assert len(pieces) == 6 and sum(map(len, pieces)) == 948
    for piece in pieces:
        assert not unity_anim.jumps(piece, watched)
        check(piece, retarget(piece))
