"""`attune run` in real time: the motion goes on whatever happens to the slow process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from runtime.messages import CognitiveCycle, Heartbeat, Intention, MotionFrame
from runtime.session.reader import SessionReader

pytestmark = pytest.mark.slow
Attune = Callable[..., subprocess.CompletedProcess[str]]
Spoken = Callable[[Sequence[tuple[str, float]]], Path]


@contextmanager
def running(audio: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    """A session in real time; ended with the block if it has not ended by itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def room_pid(name: str, session: subprocess.Popen[str], timeout_s: float = 20.0) -> int:
    """Find a room by its name in the process list, as a user would with ps."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        for process in psutil.Process(session.pid).children(recursive=True):
            try:
                if process.cmdline() and process.cmdline()[0].startswith(f"attune: {name}"):
                    return process.pid
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.05)
    raise AssertionError(f"no process shows as 'attune: {name}'")


def wait_for(path: Path, timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert path.exists()


def test_a_stopped_and_killed_slow_process_costs_no_frame_and_comes_back_with_its_memory(
    spoken: Spoken, tmp_path: Path
) -> None:
    audio = spoken([("hello, my name is Anna.", 3.0), ("what can you do?", 5.0), ("goodbye.", 3.0)])
    out = tmp_path / "s"
    with running(audio, out) as session:
        wait_for(out / "session.mcap")
        first = room_pid("cognitive", session)
        time.sleep(3.0)
        os.kill(first, signal.SIGSTOP)
        time.sleep(2.0)
        os.kill(first, signal.SIGCONT)
        time.sleep(1.0)
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 10
        second = first
        while second == first and time.monotonic() < deadline:
            second = room_pid("cognitive", session)
            time.sleep(0.02)
        assert second != first
        assert session.wait(timeout=60) == 0
    reader = SessionReader(out)
    indexes = [frame.index for frame in reader.messages(MotionFrame) if isinstance(frame, MotionFrame)]
    assert indexes == list(range(len(indexes))), "no frame is missing"
    summary = json.loads((out / "summary.json").read_text())
    assert summary["frames"]["delivered"] == summary["frames"]["expected"]
    cycles = [(m.t_ns, m.cycle) for m in reader.messages(CognitiveCycle) if isinstance(m, CognitiveCycle)]
    numbers = [cycle for _, cycle in cycles]
    assert len(numbers) == len(set(numbers)), "the memory's cycle count goes on after the kill"
    memories = [m.memory.get("user", "") for m in reader.messages(CognitiveCycle) if isinstance(m, CognitiveCycle)]
    counts = [int(found.group(1)) for text in memories if (found := re.search(r"(\d+) utterances", text))]
    assert counts == sorted(counts) and counts[-1] >= 3, "what was said before the kill is remembered after it"
    pids = {m.pid for m in reader.messages(Heartbeat) if isinstance(m, Heartbeat) and m.source == "cognitive"}
    assert pids == {first, second}


def test_one_ctrl_c_ends_every_process_and_completes_the_folder(spoken: Spoken, tmp_path: Path) -> None:
    audio = spoken([("hello.", 30.0)])
    out = tmp_path / "s"
    with running(audio, out) as session:
        assert session.stderr is not None
        assert "intentions" in session.stderr.readline(), "told when the session begins"
        time.sleep(2.5)
        family = psutil.Process(session.pid).children(recursive=True)
        session.send_signal(signal.SIGINT)
        session.wait(timeout=20)
    _gone, alive = psutil.wait_procs(family, timeout=2)
    assert alive == []
    assert session.stderr is not None and "attune finish" in session.stderr.read()
    subprocess.run([sys.executable, "-m", "runtime", "finish", str(out)], check=True, timeout=60)
    assert json.loads((out / "summary.json").read_text())["frames"]["delivered"] > 50


def test_the_documented_client_gets_its_answers_and_its_gesture_shows(spoken: Spoken, tmp_path: Path) -> None:
    audio = spoken([("hello.", 12.0)])
    out = tmp_path / "s"
    client = (Path(__file__).parents[2] / "docs" / "external_client.py").read_text()
    assert len([line for line in client.splitlines() if line.strip()]) <= 15
    with running(audio, out) as session:
        assert session.stderr is not None
        words: list[str] = []
        while "intentions:" not in words:
            words = session.stderr.readline().split()
        url = words[words.index("intentions:") + 1]
        time.sleep(1.0)
        done = subprocess.run(
            [sys.executable, "-c", client.replace("tcp://127.0.0.1:8770", url)],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert session.wait(timeout=60) == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["accepted", "started", "finished"]
    (wave,) = [
        m for m in SessionReader(out).messages(Intention) if isinstance(m, Intention) and m.trigger == "external"
    ]
    shown = [
        f for f in SessionReader(out).messages(MotionFrame) if isinstance(f, MotionFrame) and wave.id in f.intention_ids
    ]
    assert len(shown) > 20


def test_a_taken_port_is_replaced_and_said(attune: Attune, tmp_path: Path) -> None:
    tone = tmp_path / "tone.wav"
    soundfile.write(tone, 0.2 * np.sin(np.arange(16_000) * 0.05), 16_000)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = attune("run", "--audio", tone, "--out", tmp_path / "s", "--set", f"bus.intentions_port={port}")
    assert done.returncode == 0, done.stderr
    assert str(port) in done.stderr
