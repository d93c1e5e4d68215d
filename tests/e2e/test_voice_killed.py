"""The voice's worker is killed, for real, in a session at real time: the agent carries on, says so, and recovers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest

from runtime.messages import AgentAudio, AgentSpeech, Heartbeat, Turn
from runtime.session.reader import SessionReader
from tests.e2e.recorded import assert_every_sample_is_recorded, assert_no_frame_is_missing

pytestmark = pytest.mark.slow
Spoken = Callable[[Sequence[tuple[str, float]]], Path]


def worker(session: subprocess.Popen[str], other_than: int = 0) -> psutil.Process:
    """The voice's worker (not the forks that speak), as a user finds it with ps."""
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        for process in psutil.Process(session.pid).children(recursive=True):
            try:
                parent = process.parent()
                titles = [" ".join(p.cmdline()) for p in (process, parent) if p is not None]
            except psutil.NoSuchProcess:
                continue
            is_worker = titles[0].startswith("attune: voice") and not titles[1].startswith("attune: voice")
            if is_worker and process.pid != other_than:
                return process
        time.sleep(0.05)
    raise AssertionError("no process shows as 'attune: voice'")


def suspend_fork(of: psutil.Process) -> None:
    """Stop the fork that waits for the next request; one that has just answered is gone before it can be stopped."""
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        forks = of.children()
        if len(forks) == 1:
            with contextlib.suppress(psutil.NoSuchProcess):
                forks[0].suspend()
                if forks[0].status() == psutil.STATUS_STOPPED:
                    return
        time.sleep(0.02)
    raise AssertionError("no fork waits")


def test_a_worker_killed_amid_a_clause_and_amid_a_synthesis_costs_no_turn(spoken: Spoken, tmp_path: Path) -> None:
    # Nobody else cuts the agent off: no line has a pause within, and it breaks no silence as the person goes on.
    audio = spoken([("my name is Anna.", 14.0), ("what can you do?", 12.0), ("goodbye.", 14.0)])
    out = tmp_path / "s"
    command = [
        sys.executable,
        "-m",
        "runtime",
        "run",
        "--audio",
        str(audio),
        "--out",
        str(out),
        "--set",
        "cognitive.long_silence_s=60",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as session:
        try:
            first = worker(session)
            deadline = time.monotonic() + 30.0
            while not list(out.glob("*.mcap")) and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(3.5)  # the first answer is being heard
            os.kill(first.pid, signal.SIGKILL)
            second = worker(session, other_than=first.pid)  # with the next clause
            suspend_fork(second)  # whoever asks now gets no answer
            time.sleep(3.0)
            os.kill(second.pid, signal.SIGKILL)
            assert session.wait(timeout=90) == 0
        finally:
            if session.poll() is None:
                session.send_signal(signal.SIGINT)
    reader = SessionReader(out)
    ended = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.speaker == "agent" and m.state == "ended"]
    assert len(ended) >= 3
    assert all(turn.text and not turn.interrupted for turn in ended), "every answer was heard to its end"
    speech = [m for m in reader.messages(AgentSpeech) if isinstance(m, AgentSpeech)]
    sounded: dict[str, int] = {}
    for piece in reader.messages(AgentAudio):
        if isinstance(piece, AgentAudio) and np.frombuffer(piece.pcm, "<i2").any():
            sounded[piece.response_id] = sounded.get(piece.response_id, 0) + len(piece.pcm) // 2
    finished = [m.response_id for m in speech if m.state == "finished"]
    assert finished and all(sounded.get(response_id, 0) > 5_000 for response_id in finished), "with sound"
    beats = [m for m in reader.messages(Heartbeat) if isinstance(m, Heartbeat) and m.source == "behavioral"]
    told = [m for m in beats if "voice's worker" in m.detail]
    assert told and all(m.status == "degraded" for m in told), "health says so"
    assert beats[-1].status == "ok", "and is well again"
    assert_no_frame_is_missing(reader)
    assert_every_sample_is_recorded(reader, out, audio)
