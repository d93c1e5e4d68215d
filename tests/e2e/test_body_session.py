"""A person talks, and a body with motors moves: real rooms in real processes, a simulated body, a film; and a kill of its driver."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import av
import pytest

from behavioral.commands.run import ROOMS, Speed, session_options
from motion.embodiment.account import read_body
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.house import BODY_ROOM
from runtime.profile import load_profile
from runtime.session.reader import SessionReader
from runtime.supervisor import Supervisor

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")


@pytest.fixture
def speech(attune_data: Path) -> Path:
    return attune_data / "jfk-inaugural" / "jfk.flac"


def attune(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runtime", *words], capture_output=True, text=True, timeout=280, check=False
    )


def test_speech_gives_a_film_of_a_moving_robot(speech: Path, tmp_path: Path) -> None:
    out = tmp_path / "session"
    done = attune("run", "--audio", str(speech), "--out", str(out), "--body", "mujoco:attune", "--profile", "robot")
    assert done.returncode == 0, done.stderr
    assert "tick to command" in done.stderr and "tracking error" in done.stderr
    body = json.loads((out / "summary.json").read_text())["body"]
    assert body["name"] == "attune" and body["steps"] > 500
    assert body["tick_to_command_ms"]["p95"] is not None and body["steps_not_taken"] == 0
    record = read_body(out)
    assert max(float(spread) for spread in record.positions_rad.max(axis=0) - record.positions_rad.min(axis=0)) > 0.1
    with av.open(str(out / "body.mp4")) as film:
        (video,) = film.streams.video
        pictures = [frame.to_ndarray(format="gray") for frame in film.decode(video)][:: video.frames // 8]
        assert film.streams.audio, "with the voices"
    assert len({picture.tobytes() for picture in pictures}) > 4, "it moves"
    assert (out / "body.mp4").stat().st_mode & 0o077 == 0


def test_a_body_whose_driver_is_killed_goes_on_where_it_is_and_the_session_too(speech: Path, tmp_path: Path) -> None:
    profile = load_profile("robot", ["body.name=mujoco:attune", "bus.intentions_port=0", "bus.streams_port=0"])
    folder = tmp_path / "session"
    folder.mkdir(mode=0o700)
    options = session_options(str(speech), None, 1, Speed.realtime)
    rooms = [ROOMS[0], BODY_ROOM, *ROOMS[1:]]
    ready = asyncio.Event()
    supervisor = Supervisor(profile, rooms, folder, 1, options, on_ready=lambda _endpoints: ready.set())

    async def kill() -> None:
        await ready.wait()
        await asyncio.sleep(4.0)  # amid the recording
        os.kill(supervisor.pids()["body"], signal.SIGKILL)

    async def session():
        killing = asyncio.create_task(kill())
        try:
            return await supervisor.run()
        finally:
            killing.cancel()

    result = asyncio.run(session())
    assert result.ok and result.rooms["body"].restarts == 1
    commands = list(SessionReader(folder).messages(m.JointCommand))
    gaps = [(later.t_ns - earlier.t_ns) / NS_PER_S for earlier, later in pairwise(commands)]
    assert max(gaps) > 0.2, "it was away"
    assert commands[-1].t_ns - commands[0].t_ns > 8 * NS_PER_S and commands[-1].state in ("follows", "stops", "rests")


def test_a_body_that_nobody_knows_costs_no_folder(speech: Path, tmp_path: Path) -> None:
    done = attune("run", "--audio", str(speech), "--out", str(tmp_path / "s"), "--body", "mujoco:atune")
    assert done.returncode != 0 and "did you mean 'attune'" in done.stderr
    assert not (tmp_path / "s").exists()


def test_a_body_shows_its_gestures_in_a_film(tmp_path: Path) -> None:
    done = attune("sim", "--gesture", "wave", "--seconds", "3", "--out", str(tmp_path / "wave.mp4"))
    assert done.returncode == 0, done.stderr
    with av.open(str(tmp_path / "wave.mp4")) as film:
        assert film.streams.video[0].frames == pytest.approx(75, abs=1)
    wrong = attune("sim", "--gesture", "wafe", "--out", str(tmp_path / "no.mp4"))
    assert "the lexicon has no such gesture" in wrong.stderr and not (tmp_path / "no.mp4").exists()


def test_where_there_is_a_display_the_viewer_shows_it_and_ends_with_it(tmp_path: Path) -> None:
    """A virtual display; what MuJoCo's own viewer draws there is MuJoCo's."""
    if (program := shutil.which("xvfb-run")) is None:
        pytest.skip("no virtual display: apt-get install xvfb xauth")
    command = [sys.executable, "-m", "runtime", "sim", "--gesture", "wave", "--seconds", "4"]
    done = subprocess.run(
        [program, "-a", "-s", "-screen 0 1280x800x24", *command],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir()), "no film"
