"""GLB animations come out resampled, with their bind pose; a broken file is one clear error."""

from __future__ import annotations

import io
import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import rotations as rot
from motion.formats import gltf
from motion.formats.glb import GlbBuilder, GltfError, read_glb

QUARTER = rot.from_axis_angle(np.array([0.0, 0.0, 1.0]), np.pi / 2)


def small(mode: str = "LINEAR", **changes: Any) -> bytes:
    """Two joints; in one second the upper turns by a quarter about z and moves by 1 m."""
    builder = GlbBuilder()
    times = builder.add(np.array([0.0, 1.0]))
    turns = np.stack([rot.IDENTITY, QUARTER])
    moves = np.array([[0.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    if mode == "CUBICSPLINE":
        flat = np.zeros_like(turns)
        turns = np.stack([flat, turns, flat], axis=1).reshape(-1, 4)
        still = np.zeros_like(moves)
        moves = np.stack([still, moves, still], axis=1).reshape(-1, 3)
    samplers = [
        {"input": times, "output": builder.add(turns), "interpolation": mode},
        {"input": times, "output": builder.add(moves), "interpolation": mode},
    ]
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "nodes": [
            {"name": "hand", "translation": [0.0, 0.5, 0.0]},
            {"name": "arm", "children": [0], "translation": [0.0, 1.0, 0.0]},
            {"name": "lamp"},
        ],
        "skins": [{"joints": [1, 0]}],
        "animations": [
            {
                "name": "turn",
                "samplers": samplers,
                "channels": [
                    {"sampler": 0, "target": {"node": 1, "path": "rotation"}},
                    {"sampler": 1, "target": {"node": 1, "path": "translation"}},
                ],
            }
        ],
    }
    return builder.to_bytes(document | changes)


def read(data: bytes, fps: float = 30.0) -> list[Any]:
    return list(gltf.read(io.BytesIO(data), fps))


def test_linear_keys_are_resampled_on_the_arc() -> None:
    (clip,) = read(small())
    assert clip.name == "turn" and clip.joints == ("arm", "hand") and clip.parents == (-1, 0)
    assert len(clip) == 31 and clip.fps == 30.0
    angles = np.degrees(rot.angle(clip.rotations[:, 0]))
    assert np.allclose(angles, np.linspace(0, 90, 31), atol=1e-4)
    assert np.allclose(clip.translations_m[15, 0], [0.5, 1.0, 0.0], atol=1e-6)
    places, _ = clip.forward()
    assert np.allclose(places[-1, 1], [0.5, 1.0, 0.0], atol=1e-6)


def test_steps_hold_and_splines_ease() -> None:
    (steps,) = read(small("STEP"))
    assert np.degrees(rot.angle(steps.rotations[29, 0])) < 1e-6
    assert np.degrees(rot.angle(steps.rotations[30, 0])) == pytest.approx(90, abs=1e-4)
    (smooth,) = read(small("CUBICSPLINE"))
    assert smooth.translations_m[3, 0, 0] == pytest.approx(3 * 0.01 - 2 * 0.001, abs=1e-6)


def test_the_rate_is_the_callers() -> None:
    (clip,) = read(small(), 24.0)
    assert len(clip) == 25 and clip.fps == 24.0
    with pytest.raises(ValueError, match="must be positive"):
        read(small(), 0.0)


@pytest.mark.parametrize(("space_deg", "posed_deg"), [(0.0, 20.0), (90.0, 20.0), (-90.0, 0.0)])
def test_the_bind_pose_is_the_skins(space_deg: float, posed_deg: float) -> None:
    """The mesh's space is turned against the world by `space_deg` and the first joint's node is posed by `posed_deg`."""
    x = np.array([1.0, 0.0, 0.0])
    space = rot.from_axis_angle(x, np.radians(space_deg))
    builder = GlbBuilder()
    times = builder.add(np.array([0.0, 1.0]))
    output = builder.add(np.stack([QUARTER, QUARTER]))
    bind = np.eye(4)
    bind[:3, :3] = rot.to_matrix(rot.conjugate(space))
    bind[:3, 3] = (0.0, 2.0, 0.0)
    node = rot.from_axis_angle(np.array([0.0, 1.0, 0.0]), np.radians(posed_deg))
    builder.add(np.linalg.inv(bind).T.reshape(4, 4))
    builder.accessors[-1].update({"type": "MAT4", "count": 1})
    data = builder.to_bytes(
        {
            "nodes": [{"name": "arm", "rotation": node.tolist()}],
            "skins": [{"joints": [0], "inverseBindMatrices": 2}],
            "animations": [
                {
                    "samplers": [{"input": times, "output": output}],
                    "channels": [{"sampler": 0, "target": {"node": 0, "path": "rotation"}}],
                }
            ],
        }
    )
    joints, rest = gltf.read_rest(io.BytesIO(data))
    assert joints == ("arm",)
    assert np.degrees(rot.angle(rest.rotations[0])) < 1e-3
    assert np.allclose(rest.positions_m[0], rot.rotate(space, np.array([0.0, 2.0, 0.0])), atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nodes": 3}, "nodes: must be a list"),
        ({"skins": [{"joints": [7]}]}, r"skins\[0\].joints"),
        ({"skins": [], "animations": []}, "0 joints"),
        ({"nodes": [{"children": [1]}, {"children": [0]}, {}]}, "its own ancestor"),
        ({"nodes": [{"children": [2]}, {"children": [2]}, {}]}, "two parents"),
        ({"nodes": [{"rotation": [0, 0, 1]}, {"children": [0]}, {}]}, r"nodes\[0\].rotation"),
        ({"animations": [{"channels": [{"sampler": 5, "target": {"node": 1, "path": "rotation"}}]}]}, "sampler"),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(GltfError, match=words):
        read(small(**changes))


def test_values_outside_the_file_are_refused() -> None:
    data = small()
    size = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + size])
    document["accessors"][1]["count"] = 4_000_000
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + size :]
    head = struct.pack("<III", 0x46546C67, 2, 20 + len(text) + len(rest)) + struct.pack("<II", len(text), 0x4E4F534A)
    with pytest.raises(GltfError, match=r"accessors\[1\].*cut off"):
        read(head + text + rest)


WHOLE = small()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_file_is_one_clear_error(length: int) -> None:
    with pytest.raises(GltfError):
        read(WHOLE[:length])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    try:
        clips = read(bytes(data))
    except GltfError:
        return
    assert all(np.isfinite(clip.rotations).all() and np.isfinite(clip.translations_m).all() for clip in clips)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 40) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["nodes", "skins", "animations"]), JSON, st.sampled_from(["", "item", "deep"]), st.data())
def test_odd_json_is_refused_or_read_but_never_crashes(key: str, value: Any, where: str, data: st.DataObject) -> None:
    size = struct.unpack_from("<I", WHOLE, 12)[0]
    document = json.loads(WHOLE[20 : 20 + size])
    if where == "":
        document[key] = value
    elif where == "item":
        inner = data.draw(st.sampled_from(sorted(document[key][0])))
        document[key][0][inner] = value
    else:
        part = document["animations"][0][data.draw(st.sampled_from(["samplers", "channels"]))][0]
        part[data.draw(st.sampled_from(sorted(part)))] = value
    glb = read_glb(io.BytesIO(WHOLE))
    glb.document.clear()
    glb.document.update(document)
    try:
        list(gltf.clips(glb))
    except GltfError:
        return


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(GltfError):
        read(data)


def test_the_real_files_have_their_clips_and_their_own_kinematics() -> None:
    root = os.environ.get("ATTUNE_DATA")
    if not root or not (Path(root) / "mesh2motion-cc0").is_dir():
        pytest.skip("ATTUNE_DATA is not set to the folder with mesh2motion-cc0")
    folder = Path(root) / "mesh2motion-cc0"
    path = folder / "human-addon-animations.glb"
    assert len(gltf.read_names(path)) == 37
    by_name = {clip.name: clip for clip in gltf.read(path)}
    if not (folder / "human-addon-animations.conversational_30fps.npz").is_file():
        pytest.skip("the derived clips of mesh2motion-cc0 are made by hand: attune data list says how")
    packed = np.load(folder / "human-addon-animations.conversational_30fps.npz", allow_pickle=False)
    for name in ("Greeting", "Head Nod", "Bow"):
        clip = by_name[name]
        places, _ = clip.forward()
        other = packed[f"{name.replace(' ', '_')}__pos_m"]
        rows = [clip.joints.index(str(joint)) for joint in packed["joint_names"]]
        frames = min(len(clip), len(other))
        assert abs(len(clip) - len(other)) <= 1
        # Somebody else's conversion of the same file.
        assert np.abs(places[:frames, rows] - other[:frames]).max() < 0.005
