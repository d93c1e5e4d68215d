"""What seeing costs and finds on real people, and whether the motion's tick notices.

    ATTUNE_DATA=FOLDER python benchmarks/bench_vision.py [--json] [--engine haar] [--seconds 20] [--no-loop]

Pictures: the 20 clips of a signing man, 640x480, as JPEGs at the profile's rate in real time, as a page sends them, to the real worker
process. `core_share` is the processor time of the worker and its children per second; `latency_ms` from the JPEG to the parsed
answer; a hit is a face whose middle lies where the man's head is. `--engine mediapipe` takes ATTUNE_MEDIAPIPE_PYTHON.

Loop: whole sessions in real time (`attune run`) on one spoken conversation, without and with a video of the same clips, in the order
off, on, on, off; `tick_p99_ms` is the 99th percentile of how late the frames left, `ratio` that with vision over that without
(medians of the sessions; under 1 ms both are the scheduler's noise).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench_session import conversation

from behavioral.vision.eyes import Eyes
from behavioral.vision.open import open_eyes
from runtime.messages import MotionFrame, PersonPercept
from runtime.offload import ThreadOffload
from runtime.paths import data_dir
from runtime.session.reader import SessionReader
from runtime.settings import VisionSettings

HEAD = (0.3, 0.0, 0.7, 0.45)
"""Where the man's head is in all clips: left, top, right, bottom, shares of the picture."""


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", default="haar", choices=("haar", "mediapipe", "yunet"))
    parser.add_argument("--yunet-model", default="")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--no-loop", action="store_true")
    asked = parser.parse_args()
    folder = data_dir()
    clips = sorted((folder / "intel-head-video" / "asl_gestures").glob("*.mkv")) if folder else []
    if not clips:
        print("attune: ATTUNE_DATA names no folder with intel-head-video; mend: attune data pull", file=sys.stderr)
        return 1
    settings = VisionSettings(
        engine=asked.engine,
        mediapipe_python=os.environ.get("ATTUNE_MEDIAPIPE_PYTHON", ""),
        yunet_model=asked.yunet_model,
    )
    pictures = read(clips)
    figures: dict[str, Any] = {"engine": asked.engine, "asked_fps": settings.fps}
    figures["worker"] = asyncio.run(measure(settings, pictures, asked.seconds))
    if not asked.no_loop:
        figures["loop"] = measure_loop(settings, pictures, asked.seconds)
    print(json.dumps(figures, indent=None if asked.json else 2))
    return 0


def read(clips: list[Path]) -> list[np.ndarray[Any, Any]]:
    """Return every second picture of the clips: 15 a second."""
    pictures = []
    for clip in clips:
        capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
        index = 0
        while (got := capture.read())[0]:
            if index % 2 == 0:
                pictures.append(got[1])
            index += 1
    return pictures


async def measure(settings: VisionSettings, pictures: list[np.ndarray[Any, Any]], seconds: float) -> dict[str, Any]:
    """Send pictures at the profile's rate and read off what was seen and what it cost."""
    eyes = open_eyes(settings, ThreadOffload)
    assert isinstance(eyes, Eyes)
    jpegs = [bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]) for picture in pictures]
    for jpeg in jpegs[:3]:  # loading the models is not seeing
        await eyes.look_jpeg(jpeg, 0.0)
    assert eyes.worker.pid is not None
    processes = [psutil.Process(eyes.worker.pid)]
    processes += processes[0].children(recursive=True)
    used_s = cpu_s(processes)
    start_s = time.monotonic()
    latencies_ms: list[float] = []
    hits = seen = extra = told = 0

    async def look(jpeg: bytes, t_s: float) -> None:
        nonlocal hits, seen, extra, told
        began_s = time.perf_counter()
        picture = await eyes.look_jpeg(jpeg, t_s)
        if picture is None:
            return
        latencies_ms.append((time.perf_counter() - began_s) * 1_000.0)
        seen += 1
        here = [at_head(face.box) for face in picture.faces]
        hits += any(here)
        extra += here.count(False)
        told += any(face.head_rad is not None for face in picture.faces)

    tasks = []
    for index in range(round(seconds * settings.fps)):
        await asyncio.sleep(max(0.0, start_s + index / settings.fps - time.monotonic()))
        tasks.append(asyncio.create_task(look(jpegs[index % len(jpegs)], index / settings.fps)))
    await asyncio.gather(*tasks)
    wall_s = time.monotonic() - start_s
    share = (cpu_s(processes) - used_s) / wall_s
    await eyes.aclose()
    return {
        "fps": round(seen / wall_s, 2),
        "dropped": eyes.dropped,
        "core_share": round(share, 3),
        "cpu_ms_per_picture": round(1_000.0 * share * wall_s / max(1, seen), 1),
        "latency_ms": {f"p{q}": round(float(np.percentile(latencies_ms, q)), 1) for q in (50, 95, 99)},
        "hit_rate": round(hits / max(1, seen), 3),
        "false_faces_per_picture": round(extra / max(1, seen), 4),
        "with_head_pose": round(told / max(1, seen), 3),
    }


def at_head(box: tuple[float, float, float, float]) -> bool:
    """Say whether a face's middle is where the man's head is."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return HEAD[0] <= x <= HEAD[2] and HEAD[1] <= y <= HEAD[3]


def cpu_s(processes: list[psutil.Process]) -> float:
    """Return the processor time that the processes have used."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def measure_loop(settings: VisionSettings, pictures: list[np.ndarray[Any, Any]], seconds: float) -> dict[str, Any]:
    """Run sessions without and with vision and compare how late their frames leave."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        audio, video = conversation(folder, seconds), folder / "people.avi"
        writer = cv2.VideoWriter(str(video), cv2.VideoWriter_fourcc(*"MJPG"), settings.fps, (640, 480))
        for index in range(round((seconds + 10.0) * settings.fps)):
            writer.write(pictures[index % len(pictures)])
        writer.release()
        profile = folder / "profile.yaml"
        profile.write_text(
            f"extends: cpu\nvision:\n  engine: {settings.engine}\n  mediapipe_python: '{settings.mediapipe_python}'\n"
            f"  yunet_model: '{settings.yunet_model}'\n"
        )
        found: dict[str, list[float]] = {"off": [], "on": []}
        people = 0
        for number, phase in enumerate(("off", "on", "on", "off")):
            out = folder / f"session-{number}"
            command = [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", str(out)]
            command += ["--profile", str(profile), *(["--video", str(video)] if phase == "on" else [])]
            subprocess.run(command, check=True, capture_output=True)
            reader = SessionReader(out)
            late_ms = [m.lateness_ms for m in reader.messages(MotionFrame) if isinstance(m, MotionFrame)]
            found[phase].append(float(np.percentile(late_ms, 99)))
            people += sum(isinstance(m, PersonPercept) for m in reader.messages(PersonPercept))
    off, on = float(np.median(found["off"])), float(np.median(found["on"]))
    return {
        "tick_p99_ms": {"off": round(off, 3), "on": round(on, 3)},
        "sessions_p99_ms": {phase: [round(v, 3) for v in values] for phase, values in found.items()},
        "ratio": round(on / off, 3),
        "person_percepts": people,
    }


if __name__ == "__main__":
    sys.exit(main())
