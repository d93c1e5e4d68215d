"""The real face mesh in its own environment, on real heads."""

import asyncio
import math
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from behavioral.vision.contract import Face, Picture
from behavioral.vision.engines.contract import Frame, focal_px
from behavioral.vision.engines.mediapipe import MediaPipeEngine
from behavioral.vision.eyes import Eyes
from behavioral.vision.open import open_eyes
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.messages import PersonAct
from runtime.offload import InlineOffload
from runtime.settings import VisionSettings

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")

FPS = 15.0


@pytest.fixture(scope="module")
def heads(attune_data: Path) -> Path:
    return attune_data / "intel-head-video"


@pytest.fixture(scope="module")
def engine(mediapipe_python: str) -> Iterator[MediaPipeEngine]:
    engine = MediaPipeEngine(cv2, mediapipe_python)
    yield engine
    engine.close()


def frames(path: Path) -> list[np.ndarray]:
    capture, pictures = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), []
    while (read := capture.read())[0]:
        pictures.append(read[1])
    return pictures


def see(engine: MediaPipeEngine, pictures: list[np.ndarray], fps: float = FPS) -> list[list[Face]]:
    engine.forget()
    return [
        engine.find(Frame(p, cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), i / fps, focal_px(p.shape[1], 60.0)))
        for i, p in enumerate(pictures)
    ]


def turned(pictures: list[np.ndarray], degrees: float) -> list[np.ndarray]:
    """Turn pictures in their plane, counter-clockwise positive."""
    height, width = pictures[0].shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return [cv2.warpAffine(p, turn, (width, height), borderMode=cv2.BORDER_REPLICATE) for p in pictures]


def test_a_man_who_faces_the_camera_and_smiles(engine: MediaPipeEngine, heads: Path) -> None:
    seen = see(engine, frames(heads / "head-pose-face-detection-male.gif"))
    faces = [found[0] for found in seen if found]
    assert [len(found) for found in seen] == [1] * len(seen)
    assert np.abs(np.median([face.head_rad for face in faces], axis=0)).max() < math.radians(6)
    assert np.abs(np.median([face.gaze_rad for face in faces], axis=0)).max() < math.radians(8)
    assert np.median([face.smile for face in faces[:40]]) > 0.8
    assert faces[-1].smile is not None
    assert faces[-1].smile < 0.6, "at the end he stops smiling"
    assert 0.5 < np.median([face.distance_m for face in faces]) < 1.1


def test_a_woman_turns_her_head_from_her_right_to_her_left(engine: MediaPipeEngine, heads: Path) -> None:
    seen = see(engine, frames(heads / "head-pose-face-detection-female.gif"))
    faces = [found[0] for found in seen if found]
    yaws = [math.degrees(face.head_rad[0]) for face in faces if face.head_rad]
    assert len(faces) >= 0.8 * len(seen), "also where she is in profile"
    assert yaws[0] < -30, "by eye: her nose points to the picture's left, her own right"
    assert max(yaws) > 25, "then to the picture's right"
    assert all(face.smile is not None and face.smile < 0.3 for face in faces)
    eyes = [face.gaze_rad[0] for face in faces if face.gaze_rad]
    assert np.corrcoef([math.degrees(e) for e in eyes], yaws)[0, 1] > 0.5


@pytest.mark.parametrize("degrees", [-20.0, 20.0])
def test_roll_and_mirrors_have_the_right_sign(engine: MediaPipeEngine, heads: Path, degrees: float) -> None:
    pictures = frames(heads / "head-pose-face-detection-male.gif")[:6]
    straight, tilted = see(engine, pictures)[-1][0], see(engine, turned(pictures, degrees))[-1][0]
    assert straight.head_rad is not None
    assert tilted.head_rad is not None
    # Turned counter-clockwise, the top of the head goes to the picture's left: towards his right shoulder.
    assert math.degrees(tilted.head_rad[2] - straight.head_rad[2]) == pytest.approx(degrees, abs=4)
    woman = frames(heads / "head-pose-face-detection-female.gif")[:8]
    left, right = see(engine, woman)[-1], see(engine, [p[:, ::-1].copy() for p in woman])[-1]
    assert left
    assert right
    assert left[0].head_rad is not None
    assert right[0].head_rad is not None
    assert left[0].head_rad[0] == pytest.approx(-right[0].head_rad[0], abs=math.radians(10))


def act(engine_python: str, path: Path) -> list[PersonAct]:
    settings = VisionSettings(engine="mediapipe", mediapipe_python=engine_python)
    eyes = open_eyes(settings, lambda name: InlineOffload())
    assert isinstance(eyes, Eyes)
    tracks, acts = Tracks(settings, IdSource("behavioral", 1)), []

    async def watch() -> None:
        await eyes.open_file(str(path))
        picture: Picture | None = None
        index = 0
        while picture is None or not picture.ended:
            picture = await eyes.look_at(index / FPS)
            assert picture is not None, eyes.note
            events = tracks.update(picture, round(index / FPS * NS_PER_S))
            acts.extend(event for event in events if isinstance(event, PersonAct))
            index += 1
        acts.extend(event for event in tracks.end(index * NS_PER_S) if isinstance(event, PersonAct))
        await eyes.aclose()

    asyncio.run(watch())
    return acts


def test_a_real_nod_is_seen_and_still_heads_do_not_nod(mediapipe_python: str, heads: Path) -> None:
    nods = [a for a in act(mediapipe_python, heads / "asl_gestures" / "yes.mkv") if a.act == "nod"]
    assert [a.state for a in nods] == ["started", "ended"]
    assert 5 < math.degrees(nods[-1].amplitude_rad) < 25
    for name in ("male", "female"):
        found = act(mediapipe_python, heads / f"head-pose-face-detection-{name}.gif")
        assert [a for a in found if a.act != "blink"] == []


def test_a_small_face_far_from_the_middle_is_meshed(engine: MediaPipeEngine, heads: Path) -> None:
    seen = see(engine, frames(heads / "asl_gestures" / "learn.mkv")[::2])
    assert sum(bool(found) for found in seen) >= 0.9 * len(seen)


def test_two_people_get_a_mesh_each(engine: MediaPipeEngine, heads: Path) -> None:
    man = frames(heads / "head-pose-face-detection-male.gif")[:4]
    woman = frames(heads / "head-pose-face-detection-female.gif")[10:14]
    seen = see(engine, [np.hstack([a, b]) for a, b in zip(man, woman, strict=True)])
    assert len(seen[-1]) == 2
    smiles = {face.box[0] < 0.5: face.smile for face in seen[-1]}
    assert (smiles[True] or 0.0) > 0.6 > (smiles[False] or 0.0)


def test_a_killed_mesh_process_comes_back_with_the_next_picture(engine: MediaPipeEngine, heads: Path) -> None:
    pictures = frames(heads / "head-pose-face-detection-male.gif")[:2]
    assert see(engine, pictures)[-1]
    pid = engine._server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    try:
        see(engine, pictures[:1])
    except ValueError as error:  # where the death was noticed amid a request
        assert "attune doctor" in str(error)
    assert see(engine, pictures)[-1]


def python(program: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "python"
        path.write_text(program)
        path.chmod(0o755)
        return path

    return write


@pytest.mark.parametrize("write", [python("#!/bin/sh\nexit 3\n"), python("#!/bin/sh\nhead -c 100 /dev/urandom\n")])
def test_a_python_that_is_none_is_one_error_for_people(
    write: Callable[[Path], Path], tmp_path: Path, attune_data: Path
) -> None:
    engine = MediaPipeEngine(cv2, str(write(tmp_path)))
    picture = frames(attune_data / "intel-head-video" / "head-pose-face-detection-male.gif")[:1]
    with pytest.raises(ValueError, match="attune doctor"):
        see(engine, picture)
    engine.close()


def test_a_python_without_mediapipe_says_so(attune_data: Path) -> None:
    import sys

    engine = MediaPipeEngine(cv2, sys.executable)
    picture = frames(attune_data / "intel-head-video" / "head-pose-face-detection-male.gif")[:1]
    with pytest.raises(ValueError, match="mediapipe cannot be imported"):
        see(engine, picture)
    engine.close()


def test_a_path_that_is_nothing_is_refused_at_once(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="attune doctor"):
        MediaPipeEngine(cv2, str(tmp_path / "none"))
