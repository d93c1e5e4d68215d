"""The recorder as a real process on real ZeroMQ: a whole session, and one in which it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
import soundfile

from runtime.house import HouseResult, RoomSpec
from runtime.messages import Heartbeat, MotionFrame, TypedText
from runtime.session.outputs import finish_session
from runtime.session.reader import SessionReader
from runtime.settings import Profile
from runtime.supervisor import Supervisor
from tests.runtime.session.talking_room import TICKS

ROOMS = (
    RoomSpec("recorder", "runtime.session.recorder"),
    RoomSpec("behavioral", "tests.runtime.session.talking_room", essential=True),
)


def recorder_pid(folder: Path) -> int | None:
    """The recorder's process, as its heartbeat in the recording says."""
    beats = SessionReader(folder).messages(Heartbeat) if (folder / "session.mcap").exists() else ()
    return next((beat.pid for beat in beats if beat.source == "recorder"), None)


async def run_house(folder: Path, *, kill_recorder: bool) -> HouseResult:
    """A session of two and a half seconds."""
    house = asyncio.create_task(Supervisor(Profile(), ROOMS, session_dir=folder, seed=1).run())
    if kill_recorder:
        pid = None
        while pid is None and not house.done():
            await asyncio.sleep(0.1)
            pid = recorder_pid(folder)
        assert pid is not None
        await asyncio.sleep(0.6)
        os.kill(pid, signal.SIGKILL)
    return await house


@pytest.mark.slow
def test_a_session_in_real_time_is_recorded_whole(tmp_path: Path) -> None:
    result = asyncio.run(run_house(tmp_path, kill_recorder=False))
    assert result.ok
    reader = SessionReader(tmp_path)
    assert [m.index for m in reader.messages(MotionFrame)] == list(range(TICKS))
    assert [m.text for m in reader.messages(TypedText)] == [str(i) for i in range(TICKS)]
    assert not reader.truncated
    summary = finish_session(tmp_path, rss_mb=result.rss_mb, timeline=False)
    assert summary["frames"]["delivered"] == summary["frames"]["expected"] == TICKS
    assert summary["recording"]["missing"] == {}
    lengths = [soundfile.info(tmp_path / name).duration for name in ("user.wav", "agent.wav")]
    assert lengths[0] == pytest.approx(lengths[1], abs=1e-4) and lengths[0] == pytest.approx(
        summary["duration_s"], abs=2e-3
    )


@pytest.mark.slow
def test_a_killed_recorder_comes_back_and_both_parts_are_read_as_one(tmp_path: Path) -> None:
    result = asyncio.run(run_house(tmp_path, kill_recorder=True))
    assert result.rooms["recorder"].restarts == 1
    assert (tmp_path / "session-2.mcap").exists()
    reader = SessionReader(tmp_path)
    texts = [int(m.text) for m in reader.messages(TypedText)]
    assert texts == sorted(set(texts)) and texts[0] == 0 and texts[-1] == TICKS - 1
    assert reader.truncated
    samples, _ = soundfile.read(tmp_path / "user.wav", dtype="int16")
    assert samples[0] == 500 and samples[-1_000] == 500 and len(samples) >= TICKS * 320
