"""Our clip file keeps motion exactly, runs nothing, and names what is wrong with a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Clip
from motion.formats import npz
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS


def some_clip(frames: int = 7) -> Clip:
    rng = np.random.default_rng(0)
    turns = rot.normalise(rng.normal(size=(frames, 22, 4))).astype(np.float32)
    return Clip(
        30.0, turns, rng.normal(size=(frames, 3)).astype(np.float32), rng.random((frames, 2, 6)).astype(np.float32)
    )


def arrays_of(clip: Clip) -> dict[str, Any]:
    buffer = io.BytesIO()
    npz.write(buffer, clip)
    buffer.seek(0)
    return dict(np.load(buffer, allow_pickle=False))


def rewritten(path: Path, **changes: Any) -> Path:
    arrays = arrays_of(some_clip()) | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return path


def test_round_trip(tmp_path: Path) -> None:
    clip = some_clip()
    npz.write(tmp_path / "a.npz", clip)
    back = npz.read(tmp_path / "a.npz")
    assert back.fps == 30.0
    assert np.allclose(back.rotations, clip.rotations, atol=1e-6)
    assert np.array_equal(back.hips_m, clip.hips_m) and np.array_equal(back.hands, clip.hands)
    assert npz.read_expressions(tmp_path / "a.npz") is None


def test_the_face_goes_along(tmp_path: Path) -> None:
    weights = np.linspace(0, 1, 7 * len(EXPRESSIONS), dtype=np.float32).reshape(7, -1)
    npz.write(tmp_path / "a.npz", some_clip(), weights, EXPRESSIONS)
    read = npz.read_expressions(tmp_path / "a.npz")
    assert read is not None and read[1] == EXPRESSIONS and np.array_equal(read[0], weights)
    with pytest.raises(ValueError, match=r"must be \(7, 1\)"):
        npz.write(tmp_path / "b.npz", some_clip(), weights, ["happy"])


def test_joints_may_stand_in_another_order(tmp_path: Path) -> None:
    order = np.random.default_rng(1).permutation(22)
    clip = some_clip()
    path = rewritten(tmp_path / "a.npz", joints=np.array(BODY_JOINTS)[order], rotations=clip.rotations[:, order])
    assert np.allclose(npz.read(path).rotations, clip.rotations, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": np.array("other")}, "format is 'other'"),
        ({"format": None}, "array 'format' is absent"),
        ({"version": np.array(9)}, "version 9; this program reads version 1"),
        ({"fps": np.array(-1.0)}, "must be positive"),
        ({"joints": np.array(["x"] * 22)}, "joints has 'x'"),
        ({"rotations": np.zeros((7, 3, 4), np.float32)}, r"array 'rotations' has shape \(7, 3, 4\)"),
        ({"rotations": np.zeros((7, 22, 4), np.float32)}, "a quaternion has length"),
        ({"hips_m": np.full((7, 3), np.nan, np.float32)}, "array 'hips_m' holds numbers that are not finite"),
        ({"hands": np.zeros((6, 2, 6), np.float32)}, "array 'hands' has shape"),
        ({"hips_m": np.array([["a"] * 3] * 7)}, "array 'hips_m' has type"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(npz.NpzError, match=words) as caught:
        npz.read(rewritten(tmp_path / "bad.npz", **changes))
    assert "bad.npz" in str(caught.value)


def test_objects_are_not_unpacked(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path(tmp_path / "ran").touch, ())

    np.savez(tmp_path / "evil.npz", **(arrays_of(some_clip()) | {"hands": np.array([Evil()], dtype=object)}))
    with pytest.raises(npz.NpzError, match="array 'hands' cannot be read"):
        npz.read(tmp_path / "evil.npz")
    assert not (tmp_path / "ran").exists()


def test_a_file_that_would_unpack_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    npz.write(buffer, some_clip())
    monkeypatch.setattr(npz, "MAX_BYTES", 1_000)
    with pytest.raises(npz.NpzError, match="unpacked"):
        npz.read(buffer)


def whole() -> bytes:
    buffer = io.BytesIO()
    npz.write(buffer, some_clip())
    return buffer.getvalue()


WHOLE = whole()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_file_is_one_clear_error(length: int) -> None:
    with pytest.raises(npz.NpzError):
        npz.read(io.BytesIO(WHOLE[:length]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    try:
        clip = npz.read(io.BytesIO(bytes(data)))
    except npz.NpzError:
        return
    assert np.isfinite(clip.rotations).all()


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(npz.NpzError):
        npz.read(io.BytesIO(data))
