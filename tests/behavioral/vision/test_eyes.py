"""Seeing with the real worker: real videos, broken files, broken pictures."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from behavioral.vision import open as open_module
from behavioral.vision.contract import Face, Picture
from behavioral.vision.eyes import GIVE_UP_AFTER, Eyes
from behavioral.vision.open import open_eyes
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import VisionSettings
from runtime.worker import WorkerProcess

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    sight = open_eyes(VisionSettings(), lambda name: InlineOffload())
    assert isinstance(sight, Eyes)
    yield sight
    sight.worker.kill()


@pytest.fixture
def heads() -> Path:
    root = os.environ.get("ATTUNE_DATA")
    if not root or not (Path(root) / "intel-head-video").is_dir():
        pytest.skip("ATTUNE_DATA does not name a folder with intel-head-video; mend: attune data pull")
    return Path(root) / "intel-head-video"


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def film(path: Path, *, size: tuple[int, int] = (160, 120), frames: int = 20, fps: float = 10.0) -> Path:
    """Write a video of a bright square on noise that starts to move to the right in its second half."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), fps, size)
    assert writer.isOpened()
    ground = np.random.default_rng(3).integers(0, 80, (size[1], size[0], 3), dtype=np.uint8)
    for index in range(frames):
        picture = ground.copy()
        x = size[0] // 8 + max(0, index - frames // 2) * size[0] // 20
        picture[size[1] // 4 : size[1] // 2, x : x + size[0] // 4] = 230
        writer.write(picture)
    writer.release()
    return path


def jpeg(picture: np.ndarray) -> bytes:
    good, data = cv2.imencode(".jpg", picture)
    assert good
    return bytes(data)


async def watch(eyes: Eyes, path: Path, fps: float = 6.0) -> list[Picture]:
    await eyes.open_file(str(path))
    pictures: list[Picture] = []
    while not pictures or not pictures[-1].ended:
        picture = await eyes.look_at(len(pictures) / fps)
        assert picture is not None, eyes.note
        pictures.append(picture)
        assert len(pictures) < 200
    return pictures


@pytest.mark.parametrize(("name", "share"), [("male", 0.9), ("female", 0.5)])
def test_a_face_is_found_in_real_video(eyes: Eyes, heads: Path, name: str, share: float) -> None:
    pictures = run(watch(eyes, heads / f"head-pose-face-detection-{name}.gif"))
    assert len(pictures) > 10
    assert sum(bool(p.faces) for p in pictures) / len(pictures) >= share
    for face in (face for picture in pictures for face in picture.faces):
        x, y, width, height = face.box
        assert 0 <= x <= x + width <= 1.0 + 1e-9
        assert 0 <= y <= y + height <= 1.0 + 1e-9
        assert 0.5 <= face.confidence <= 1.0


def test_one_person_sits_through_a_real_video(eyes: Eyes, heads: Path) -> None:
    pictures = run(watch(eyes, heads / "head-pose-face-detection-male.gif"))
    tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
    events = [e for i, p in enumerate(pictures) for e in tracks.update(p, round(i / 6.0 * NS_PER_S))]
    arrived = [e for e in events if getattr(e, "state", "") == "arrived"]
    assert len(arrived) == 1
    assert not [e for e in events if getattr(e, "state", "") == "left"]


def test_real_signing_hands_are_motion(eyes: Eyes, heads: Path) -> None:
    pictures = run(watch(eyes, heads / "asl_gestures" / "again.mkv"))
    assert max(p.motion for p in pictures) > 0.003
    assert pictures[-1].ended


def test_looking_is_deterministic(eyes: Eyes, tmp_path: Path) -> None:
    path = film(tmp_path / "film.avi")
    assert run(watch(eyes, path)) == run(watch(eyes, path))


def test_time_goes_forward_only_and_the_end_is_said(eyes: Eyes, tmp_path: Path) -> None:
    async def look() -> None:
        facts = await eyes.open_file(str(film(tmp_path / "film.avi")))
        assert (facts.fps, facts.frames, facts.width, facts.height) == (10.0, 20, 160, 120)
        at = [await eyes.look_at(t_s) for t_s in (0.0, 0.05, 1.0, 0.3, 1.85, 5.0)]
        assert [round(p.t_s, 3) for p in at if p] == [0.0, 0.0, 1.0, 1.0, 1.8, 1.9]
        assert [p.ended for p in at if p] == [False] * 5 + [True]

    run(look())


def test_motion_is_seen_where_and_when_it_is(eyes: Eyes, tmp_path: Path) -> None:
    pictures = run(watch(eyes, film(tmp_path / "film.avi"), fps=10.0))
    assert max(p.motion for p in pictures[1:10]) < 0.002
    moving = pictures[13]
    assert moving.motion > 0.01
    assert moving.motion_x < pictures[17].motion_x
    assert 0.1 < moving.luminance < 0.5


@pytest.mark.parametrize("size", [(2, 2), (17, 9), (1_000, 8), (8, 1_000), (161, 121)])
def test_odd_sizes_are_looked_at(eyes: Eyes, size: tuple[int, int]) -> None:
    picture = run(eyes.look_jpeg(jpeg(np.full((size[1], size[0], 3), 128, np.uint8)), 1.0))
    assert picture is not None, eyes.note
    assert picture.aspect == pytest.approx(min(100.0, max(0.01, size[0] / size[1])))
    assert picture.luminance == pytest.approx(0.5, abs=0.02)


def test_a_video_of_odd_size_is_looked_at(eyes: Eyes, tmp_path: Path) -> None:
    assert len(run(watch(eyes, film(tmp_path / "odd.avi", size=(97, 33))))) > 5


def test_files_that_are_no_video_are_one_clear_error(eyes: Eyes, tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.avi").read_bytes()
    bad = {
        "empty.mp4": b"",
        "noise.mp4": random.Random(5).randbytes(50_000),
        "text.avi": b"hello\n",
        "cut.avi": whole[:300],
    }
    bad["list.m3u8"] = b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ValueError, match=name):
            run(eyes.open_file(str(tmp_path / name)))
    for name in ("missing.mp4", ".", "http://127.0.0.1:9/video.mp4"):
        with pytest.raises(ValueError, match="no such file"):
            run(eyes.open_file(str(tmp_path / name)))
    assert len(run(watch(eyes, tmp_path / "whole.avi"))) > 5


def test_a_video_cut_short_ends_early(eyes: Eyes, tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.avi", frames=40).read_bytes()
    (tmp_path / "half.avi").write_bytes(whole[: len(whole) // 2])
    pictures = run(watch(eyes, tmp_path / "half.avi"))
    assert pictures[-1].ended
    assert 3 < len(pictures) < 20


def test_bytes_that_are_no_picture_are_skipped_with_a_note(eyes: Eyes) -> None:
    noise = random.Random(7)
    good = jpeg(np.zeros((40, 40, 3), np.uint8))
    for data in (
        b"",
        b"\xff\xd8",
        b"\xff\xd8" + noise.randbytes(2_000),
        noise.randbytes(2_000),
        b"\xff\xd8" + bytes(5 << 20),
    ):
        assert run(eyes.look_jpeg(data, 0.0)) is None
        assert "a picture was not seen" in eyes.note
    assert run(eyes.look_jpeg(good, 0.0)) is not None
    assert eyes.note == ""


def test_a_picture_that_would_fill_the_memory_is_refused(eyes: Eyes) -> None:
    data = bytearray(jpeg(np.zeros((16, 16, 3), np.uint8)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"  # says 65500 x 65500
    assert run(eyes.look_jpeg(bytes(data), 0.0)) is None
    assert eyes.note


def test_a_killed_worker_comes_back_with_the_file_open(eyes: Eyes, tmp_path: Path) -> None:
    async def look() -> None:
        await eyes.open_file(str(film(tmp_path / "film.avi")))
        before = await eyes.look_at(1.2)
        process = eyes.worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        # WorkerProcess starts a fresh one that knows no file.
        after = await eyes.look_at(1.2)
        assert before is not None
        assert after is not None, eyes.note
        assert after.t_s == before.t_s

    run(look())


def test_a_worker_that_keeps_dying_is_given_up_with_a_note(tmp_path: Path) -> None:
    program = tmp_path / "dies.py"
    program.write_text("raise SystemExit(3)\n")
    eyes = Eyes(VisionSettings(), WorkerProcess("vision", [sys.executable, str(program)], InlineOffload()))
    for _ in range(2 * GIVE_UP_AFTER):
        assert run(eyes.look_jpeg(b"\xff\xd8xx", 0.0)) is None
    assert "given up" in eyes.note
    assert eyes.worker.restarts <= GIVE_UP_AFTER + 1


def test_the_newest_picture_wins_when_seeing_is_slower_than_pictures() -> None:
    async def flood() -> None:
        eyes = open_eyes(VisionSettings(), ThreadOffload)
        assert isinstance(eyes, Eyes)
        pictures = [jpeg(np.full((240, 320, 3), value, np.uint8)) for value in range(0, 250, 25)]
        seen = await asyncio.gather(*(eyes.look_jpeg(p, float(i)) for i, p in enumerate(pictures)))
        assert [p.t_s for p in seen if p] == [0.0, 9.0]
        assert eyes.dropped == 8
        await eyes.aclose()

    run(flood())


def test_without_opencv_auto_is_blind_and_haar_says_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_module.importlib.util, "find_spec", lambda name: None)
    assert open_eyes(VisionSettings(), lambda name: InlineOffload()) is None
    with pytest.raises(RuntimeError, match="pip install"):
        open_eyes(VisionSettings(engine="haar"), lambda name: InlineOffload())


def test_vision_can_be_off() -> None:
    assert open_eyes(VisionSettings(enabled=False), lambda name: InlineOffload()) is None
    assert open_eyes(VisionSettings(engine="none"), lambda name: InlineOffload()) is None


BOX = [0.1, 0.2, 0.3, 0.4]
FACE = {"box": BOX, "confidence": 0.9}
REPLY = {"t_s": 0.0, "faces": [], "motion": 0.0, "motion_x": 0.5, "luminance": 0.5, "aspect": 1.5}


class Talker:
    """A worker process that answers what it is told to."""

    restarts = 0

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply = reply

    async def request(self, header: dict[str, Any], payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        return self.reply, b""


@pytest.mark.parametrize(
    "wrong",
    [
        {"faces": [{"box": [0.1, 0.2, 0.3], "confidence": 1.0}]},
        {"faces": 7},
        {"faces": [7]},
        {"faces": [FACE] * 1_000},
        {"faces": [{"box": BOX}]},
        {"faces": [{"box": BOX, "confidence": "sure"}]},
        {"faces": [{"box": [0.1, 0.2, 30.0, 0.4], "confidence": 0.9}]},
        {"faces": [{**FACE, "head_rad": [0.0, 0.0]}]},
        {"faces": [{**FACE, "gaze_rad": [0.0, float("nan")]}]},
        {"faces": [{**FACE, "distance_m": -1.0}]},
        {"faces": [{**FACE, "smile": 2.0}]},
        {"faces": [{**FACE, "appearance": [0.1] * 10_000}]},
        {"motion": float("nan")},
        {"aspect": 0.0},
        {"luminance": None},
        {"t_s": 10**400},
    ],
)
def test_a_malformed_reply_is_a_picture_not_seen(wrong: dict[str, Any]) -> None:
    worker = Talker({**REPLY, **wrong})
    eyes = Eyes(VisionSettings(), worker)  # type: ignore[arg-type] # only asked
    assert run(eyes.look_jpeg(b"", 0.0)) is None
    assert "malformed" in eyes.note
    worker.reply = {}
    assert run(eyes.look_jpeg(b"", 0.0)) is None
    worker.reply = REPLY
    assert run(eyes.look_jpeg(b"", 0.0)) == Picture(0.0, (), 0.0, 0.5, 0.5, 1.5)
    assert eyes.note == ""


def test_what_the_engine_does_not_tell_is_absent_and_what_it_tells_arrives() -> None:
    told = {"head_rad": [0.1, 0.2, 0.3], "gaze_rad": [0.4, 0.5], "distance_m": 1.5, "appearance": [0.5, 0.5]}
    eyes = Eyes(VisionSettings(), Talker({**REPLY, "faces": [FACE, {**FACE, **told}]}))  # type: ignore[arg-type] # only asked
    picture = run(eyes.look_jpeg(b"", 0.0))
    plain, rich = picture.faces
    assert plain == Face((0.1, 0.2, 0.3, 0.4), 0.9)
    assert (plain.head_rad, plain.gaze_rad, plain.mouth_open, plain.smile) == (None, None, None, None)
    assert (rich.head_rad, rich.gaze_rad) == ((0.1, 0.2, 0.3), (0.4, 0.5))
    assert (rich.distance_m, rich.appearance, rich.eyes_open) == (1.5, (0.5, 0.5), None)


def test_a_malformed_answer_to_opening_is_an_error_for_people() -> None:
    eyes = Eyes(VisionSettings(), Talker({"fps": "many"}))  # type: ignore[arg-type] # only asked
    with pytest.raises(ValueError, match="camera"):
        run(eyes.open_camera(0))
    assert "nothing is seen" in eyes.note


def test_a_missing_camera_is_one_clear_error_and_a_note_and_nothing_else_stays_open(eyes: Eyes, tmp_path: Path) -> None:
    run(eyes.open_file(str(film(tmp_path / "film.avi"))))
    with pytest.raises(ValueError, match="camera 97 cannot be opened"):
        run(eyes.open_camera(97))
    assert "camera 97" in eyes.note
    assert run(eyes.look_camera(0.0)) is None
