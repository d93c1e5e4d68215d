"""Unity `.anim` text: Hermite keys, folded lines, a mirrored world, spliced stretches."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import rotations as rot
from motion.formats import unity_anim
from motion.retarget import RestPose, SourceClip

KEY = """      - serializedVersion: 3
        time: {t}
        value: {v}
        inSlope: {s}
        outSlope: {s}
"""
ZERO4, ZERO3 = "{x: 0, y: 0, z: 0, w: 0}", "{x: 0, y: 0, z: 0}"


def curve(path: str, keys: list[tuple[float, str, str]]) -> str:
    rows = "".join(KEY.format(t=t, v=v, s=s) for t, v, s in keys)
    return f"  - curve:\n      serializedVersion: 2\n      m_Curve:\n{rows}      m_PreInfinity: 2\n    path: {path}\n"


HALF = 0.70710678
TEXT = (
    "%YAML 1.1\n--- !u!74 &7400000\nAnimationClip:\n  m_Name: test clip\n  m_RotationCurves:\n"
    + curve("Bip01", [(0, "{x: 0, y: 0, z: 0, w: 1}", ZERO4), (1, f"{{x: 0, y: 0, z: {HALF}, w: {HALF}}}", ZERO4)])
    + curve(
        "Bip01/Bip01\n      Head",
        [(0, "{x: 0.6, y: 0,\n          z: 0, w: 0.8}", ZERO4), (1, "{x: 0.6, y: 0, z: 0, w: 0.8}", ZERO4)],
    )
    + "  m_EulerCurves: []\n  m_PositionCurves:\n"
    + curve("Bip01/Bip01\n      Head", [(0, "{x: 1, y: 2, z: 3}", ZERO3), (1, "{x: 3, y: 2, z: 3}", ZERO3)])
    + "  m_SampleRate: 30\n"
)


def rest(joints: tuple[str, ...]) -> RestPose:
    return RestPose(np.tile(rot.IDENTITY, (len(joints), 1)), np.zeros((len(joints), 3)))


def read(text: str) -> SourceClip:
    return unity_anim.read(io.BytesIO(text.encode()), rest)


def test_keys_are_read_eased_and_mirrored() -> None:
    clip = read(TEXT)
    assert clip.name == "test clip" and clip.joints == ("Bip01", "Bip01 Head") and clip.parents == (-1, 0)
    assert len(clip) == 31
    # A turn about z in a left-handed world is the opposite turn in ours; about x it stays.
    assert np.allclose(clip.rotations[-1, 0], [0, 0, -HALF, HALF], atol=1e-6)
    assert np.allclose(clip.rotations[5, 1], [0.6, 0, 0, 0.8], atol=1e-6)
    # Zero slopes ease: a tenth of the time is 2.8 % of the way.
    assert np.allclose(clip.translations_m[3, 1], [-(1 + 2 * 0.028), 2, 3], atol=1e-6)


def test_an_infinite_slope_holds() -> None:
    text = TEXT.replace(f"outSlope: {ZERO3}", "outSlope: {x: Infinity, y: 0, z: 0}")
    clip = read(text)
    assert clip.translations_m[29, 1, 0] == pytest.approx(-1.0)
    assert clip.translations_m[30, 1, 0] == pytest.approx(-3.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("m_RotationCurves", "m_Other", "no m_RotationCurves"),
        ("time: 1\n", "time: -1\n", "times"),
        (f"        inSlope: {ZERO3}\n", "", "keys without value or slopes"),
        ("{x: 0, y: 0, z: 0, w: 1}", "{x: NaN, y: 0, z: 0, w: 1}", "not finite"),
        ("{x: 0, y: 0, z: 0, w: 1}", "{x: 1e, y: 0, z: 0, w: 1}", "not a number"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(unity_anim.UnityAnimError, match=words):
        read(TEXT.replace(old, new))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT)))
def test_a_cut_file_is_read_or_refused_but_never_crashes(length: int) -> None:
    try:
        clip = read(TEXT[:length])
    except unity_anim.UnityAnimError:
        return
    assert np.isfinite(clip.rotations).all()


def test_jumps_are_found_and_cut_out() -> None:
    t = np.arange(120) / 30.0
    angle = 0.3 * np.sin(2 * np.pi * t)
    angle[70:] += 0.6
    turns = rot.from_axis_angle(np.tile([0.0, 1.0, 0.0], (120, 1)), angle)[:, None]
    clip = SourceClip("spliced", 30.0, ("Head",), (-1,), turns, np.zeros((1, 1, 3)), rest(("Head",)))
    found = unity_anim.jumps(clip, ["Head", "Tail"])
    assert found and all(69 <= frame <= 71 for frame in found)
    pieces = unity_anim.without(clip, [(frame, frame) for frame in found])
    assert [piece.name for piece in pieces] == ["spliced@0", f"spliced@{found[-1] + 1}"]
    assert all(not unity_anim.jumps(piece, ["Head"]) for piece in pieces)
    assert unity_anim.without(clip, []) == [clip]
    assert [len(piece) for piece in unity_anim.without(clip, [(10, 20)])] == [99]  # ten frames are too few
