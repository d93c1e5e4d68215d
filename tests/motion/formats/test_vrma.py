"""VRM animations: our motion, fingers and face in a file that others read, and back."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.formats import vrma
from motion.formats.glb import GlbBuilder, GltfError
from motion.kinematics import forward
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from runtime.vocabulary import EXPRESSIONS


def some_clip(frames: int = 9) -> Clip:
    random = np.random.default_rng(3)
    wiggle = rot.exp(random.normal(scale=0.15, size=(frames, 22, 3)))
    turns = rot.multiply(np.broadcast_to(NEUTRAL_ROTATIONS.astype(float), wiggle.shape), wiggle).astype(np.float32)
    hips = random.normal(scale=0.03, size=(frames, 3)).astype(np.float32)
    hands = np.repeat(random.random((1, 2, 6)), frames, axis=0).astype(np.float32) * 0.9
    return Clip(30.0, turns, hips, hands)


def document(data: bytes) -> dict[str, Any]:
    size = struct.unpack_from("<I", data, 12)[0]
    parsed: dict[str, Any] = json.loads(data[20 : 20 + size])
    return parsed


def test_round_trip_keeps_bones_hands_and_hips(tmp_path: Path) -> None:
    clip = some_clip()
    vrma.write(tmp_path / "a.vrma", clip)
    back = vrma.read(tmp_path / "a.vrma")
    assert len(back) == len(clip) and back.fps == 30.0
    (p, w), (q, v) = forward(clip.rotations, clip.hips_m), forward(back.rotations, back.hips_m)
    assert np.abs(p - q).max() < 1e-4
    rows = [INDEX[name] for name in ("hips", "head", "leftHand", "rightHand", "leftFoot", "rightFoot")]
    assert np.degrees(rot.angle_between(w[:, rows], v[:, rows])).max() < 0.1
    assert np.abs(back.hands[..., :5] - clip.hands[..., :5]).max() < 0.04


def test_the_file_is_what_the_specification_asks_for() -> None:
    parsed = document(vrma.to_bytes(some_clip()))
    extension = parsed["extensions"]["VRMC_vrm_animation"]
    assert parsed["extensionsUsed"] == ["VRMC_vrm_animation"] and extension["specVersion"] == "1.0"
    bones = extension["humanoid"]["humanBones"]
    assert len(bones) == 22 + 30 and not {"leftEye", "rightEye"} & set(bones)
    assert all(parsed["nodes"][entry["node"]]["name"] == bone for bone, entry in bones.items())
    # The nodes' own pose is the T-pose, only the hips move, and nothing has a scale.
    assert all("rotation" not in node and "scale" not in node for node in parsed["nodes"])
    moved = [c["target"]["node"] for c in parsed["animations"][0]["channels"] if c["target"]["path"] == "translation"]
    assert moved == [bones["hips"]["node"]]
    times = parsed["accessors"][parsed["animations"][0]["samplers"][0]["input"]]
    assert times["min"] == [0.0] and times["max"][0] == pytest.approx(8 / 30)


def test_the_face_is_a_node_a_weight() -> None:
    clip = some_clip(4)
    weights = np.tile(np.linspace(0, 1.5, 4, dtype=np.float32)[:, None], (1, 6))
    data = vrma.to_bytes(clip, weights, (*EXPRESSIONS, "smirk"))
    parsed = document(data)
    expressions = parsed["extensions"]["VRMC_vrm_animation"]["expressions"]
    assert set(expressions["preset"]) == set(EXPRESSIONS) and set(expressions["custom"]) == {"smirk"}
    node = expressions["preset"]["happy"]["node"]
    (channel,) = [c for c in parsed["animations"][0]["channels"] if c["target"]["node"] == node]
    assert channel["target"]["path"] == "translation" and node in parsed["scenes"][0]["nodes"]
    output = parsed["accessors"][parsed["animations"][0]["samplers"][channel["sampler"]]["output"]]
    assert output["max"] == [1.0, 0.0, 0.0]  # weights end at 1
    with pytest.raises(ValueError, match=r"must be \(4, 1\)"):
        vrma.to_bytes(clip, weights, ["happy"])


def test_equal_motion_gives_equal_bytes() -> None:
    assert vrma.to_bytes(some_clip()) == vrma.to_bytes(some_clip())


def test_bones_are_told_by_the_extension_not_by_node_names(tmp_path: Path) -> None:
    data = vrma.to_bytes(some_clip())
    # Same length, so that the chunk sizes hold: the node's name is the first place where the word stands with `name`.
    renamed = data.replace(b'"name":"leftUpperArm"', b'"name":"rightUpperAr"')
    (tmp_path / "a.vrma").write_bytes(renamed)
    assert np.allclose(vrma.read(tmp_path / "a.vrma").rotations, vrma.read(io.BytesIO(data)).rotations)


def test_a_glb_without_humanoid_bones_is_refused() -> None:
    plain = GlbBuilder().to_bytes({"asset": {"version": "2.0"}, "nodes": []})
    with pytest.raises(GltfError, match="not a VRM animation"):
        vrma.read(io.BytesIO(plain))


def test_an_animation_without_arms_is_refused_by_name() -> None:
    data = vrma.to_bytes(some_clip())
    with pytest.raises(GltfError, match="leftUpperArm"):
        vrma.read(io.BytesIO(data.replace(b'"leftUpperArm":{"node"', b'"leftUpperXrm":{"node"')))
