"""Two real people in one picture: she looks at him, then at the camera with her head still turned. Whom she would be talking to follows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from behavioral.people import People
from behavioral.turns.active_speaker import ActiveSpeaker
from behavioral.turns.addressee import Addressee, AddresseeEvidence, judge_addressee
from behavioral.vision.eyes import Eyes
from behavioral.vision.open import open_eyes
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_S
from runtime.ids import IdSource
from runtime.offload import InlineOffload
from runtime.settings import TurnSettings, VisionSettings

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed; mend: pip install 'opencv-python-headless<5'")

FPS = 15.0
WIDTH, HEIGHT = 600, 360
TO_HIM = [9] * 10 + [8, 7, 6, 5] + [1, 2, 3, 4, 3, 2] * 6
"""Frames of her: she faces the camera, turns, and looks 40 degrees to her right."""
TO_CAMERA = [5, 6, 7, 8, 9, 10, 11] + [12, 13, 14, 15, 16, 15, 14, 13] * 5
"""She turns back, and past it: in the end her head is 30 degrees to her left, but her eyes are on the camera."""


def people_of(folder: Path, name: str, scale: float) -> list[np.ndarray]:
    """Frames cut to the person, in a size."""
    capture, frames = cv2.VideoCapture(str(folder / f"head-pose-face-detection-{name}.gif"), cv2.CAP_FFMPEG), []
    while (read := capture.read())[0]:
        frames.append(cv2.resize(read[1][:, 120:370], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    return frames


def test_a_real_persons_gaze_tells_whom_she_talks_to(mediapipe_python: str, attune_data: Path) -> None:
    folder = attune_data / "intel-head-video"
    # He stands nearer, to her right: from where she is he is 40 degrees off the camera.
    him, her = people_of(folder, "male", 1.33), people_of(folder, "female", 1.0)
    settings = VisionSettings(engine="mediapipe", mediapipe_python=mediapipe_python)
    eyes = open_eyes(settings, lambda name: InlineOffload())
    assert isinstance(eyes, Eyes)
    tracks, people, voice = Tracks(settings, IdSource("behavioral", 1)), People(), ActiveSpeaker()

    async def watch(frames: list[int], at_s: float) -> tuple[str, str, Addressee]:
        """Look at all frames while a voice comes from where she is; return her id, his, and the judgement."""
        now_ns = 0
        for step, frame in enumerate(frames):
            picture = np.full((HEIGHT, WIDTH, 3), (170, 160, 160), np.uint8)
            for person, left in ((him[step % 20], 0), (her[frame], 345)):
                height = min(HEIGHT, person.shape[0])
                picture[:height, left : left + person.shape[1]] = person[:height, : WIDTH - left]
            now_s = at_s + step / FPS
            now_ns = round(now_s * NS_PER_S)
            seen = await eyes.look_jpeg(bytes(cv2.imencode(".jpg", picture)[1]), now_s)
            assert seen is not None, eyes.note
            tracks.update(seen, now_ns)
            for percept in tracks.present(now_ns):
                people.take(percept)
            her_yaw = min((p.bearing_rad[0] for p in people.seen), default=0.0)
            voice.block(now_ns, 1 / FPS, True, her_yaw, people.seen)
        left, right = sorted(people.seen, key=lambda p: p.box[0])
        speaker = voice.speaker()
        gaze = people.gaze_of(now_ns, speaker.person_id)
        assert gaze is not None and gaze.name in ("", left.person_id)
        evidence = AddresseeEvidence(
            people.count, speaker=speaker, looks=voice.looks_of(speaker.person_id), ends_on=gaze.target
        )
        return right.person_id, left.person_id, judge_addressee(evidence)

    async def scene() -> None:
        she, he, aside = await watch(TO_HIM, 1.0)
        assert aside.person_id == she != he
        assert aside.evidence["ends_on"] == -1.0 and aside.probability < TurnSettings().stay_out_below
        she_again, _, asked = await watch(TO_CAMERA, 1.0 + len(TO_HIM) / FPS)
        assert asked.person_id == she_again == she
        assert asked.evidence["ends_on"] == 1.0 and asked.probability >= TurnSettings().addressed_from
        await eyes.aclose()

    asyncio.run(scene())
