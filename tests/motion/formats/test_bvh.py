"""BVH keeps motion to 0.05 degrees, gives equal bytes for equal motion, streams, and names what is wrong with a file."""

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.formats import bvh


def some_clip(frames: int = 12) -> Clip:
    rng = np.random.default_rng(0)
    q = rot.normalise(rng.normal(size=(frames, 22, 4))).astype(np.float32)
    return Clip(30.0, q, (0.1 * rng.normal(size=(frames, 3))).astype(np.float32), np.zeros((frames, 2, 6), np.float32))


@pytest.mark.parametrize("order", ["ZXY", "YXZ", "XYZ"])
def test_round_trip_is_within_a_twentieth_of_a_degree(tmp_path: Path, order: str) -> None:
    clip = some_clip()
    assert bvh.write(tmp_path / "a.bvh", clip, order=order) == 12
    back = bvh.read(tmp_path / "a.bvh")
    off = rot.angle_between(clip.rotations.astype(float), back.rotations.astype(float))
    assert np.degrees(off.max()) < 0.05
    assert np.allclose(back.hips_m, clip.hips_m, atol=1e-5)
    assert back.fps == pytest.approx(30.0, abs=1e-4) and len(back) == 12


def test_equal_motion_gives_equal_bytes_and_no_negative_zero() -> None:
    clip = some_clip()
    negated = Clip(clip.fps, -clip.rotations, clip.hips_m, clip.hands)  # -q is the same rotation
    assert bvh.to_bytes(clip) == bvh.to_bytes(negated)
    rest = Clip.from_poses([Pose()], 50.0)
    assert b"-0.00000" not in bvh.to_bytes(rest).split(b"Frame Time")[1]


def test_an_hour_streams_without_being_kept() -> None:
    pose = Pose()

    def frames(count: int) -> Iterator[Pose]:
        for _ in range(count):
            yield pose

    class Sink(io.RawIOBase):
        """Counts bytes and keeps none."""

        position = 0

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.position += len(data)
            return len(data)

        def tell(self) -> int:
            return self.position

        def seek(self, offset: int, whence: int = 0) -> int:
            self.position = offset
            return offset

    bvh.write(Sink(), frames(10), fps=50.0)  # type: ignore[arg-type]
    tracemalloc.start()
    bvh.write(Sink(), frames(600), fps=50.0)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000, "600 frames of 22 quaternions alone would be more than that as text"


def test_a_writer_that_stops_half_way_leaves_a_readable_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), bvh.BvhWriter(tmp_path / "b.bvh", 50.0) as writer:
        writer.write(Pose())
        writer.write(Pose())
        raise RuntimeError("the session fell over")
    assert len(bvh.read(tmp_path / "b.bvh")) == 2


GOOD = bvh.to_bytes(Clip.from_poses([Pose(), Pose()], 50.0)).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "too early"),
        ("RIFF", "HIERARCHY"),
        (GOOD.replace("Frames: 2", "Frames: 3"), "only 2 are there"),
        (GOOD.replace("Frames: 2", "Frames: x"), "Frames: N"),
        (GOOD.replace("Frames: 2         ", "Frames: 999999999999"), "frames"),
        (GOOD.replace("Frame Time: 0.02000000", "Frame Time: 0"), "frame time"),
        (GOOD.replace("0.00000\n", "nan\n"), "not finite"),
        (GOOD.replace("0.00000\n", "abc\n"), "not a number"),
        (GOOD.replace("CHANNELS 3", "CHANNELS 4", 1), "CHANNELS"),
        (GOOD.replace("Zrotation", "Zwobble", 1), "unknown or doubled"),
        (GOOD[: len(GOOD) // 3], "too early"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.bvh"
    path.write_text(text)
    with pytest.raises(bvh.BvhError, match=says) as caught:
        bvh.read(path)
    assert "bad.bvh" in str(caught.value) and "line" in str(caught.value)


def test_a_file_of_another_skeleton_says_so(tmp_path: Path) -> None:
    path = tmp_path / "other.bvh"
    path.write_text("HIERARCHY\nROOT pelvis\n{\nOFFSET 0 0 0\nCHANNELS 3 Zrotation Xrotation Yrotation\n}\nMOTION\n")
    with pytest.raises(bvh.BvhError, match="none of its 1 joints"):
        bvh.read(path)
