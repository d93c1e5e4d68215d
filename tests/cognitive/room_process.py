"""The cognitive room as a process of its own, as the supervisor starts it; the test is the rooms around it, over ZeroMQ."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from runtime.clock import MonotonicClock
from runtime.room_launch import RoomLaunch, write_launch
from runtime.settings import Profile

ROOMS = ("behavioral", "cognitive", "supervisor")


def make_folders(folder: Path) -> None:
    """Make what the room finds below a folder: `run` and `state`."""
    for name in ("run", "state"):
        (folder / name).mkdir(mode=0o700)


async def start_room(
    folder: Path, clock: MonotonicClock, profile: Profile, *, life: int = 0, started_ns: int = 0, state: str = "state"
) -> asyncio.subprocess.Process:
    """Start the room; `life` counts its starts in this session, which began at `started_ns` and has its own `state` folder."""
    launch = RoomLaunch(
        room="cognitive",
        module="cognitive.process",
        profile=profile,
        run_dir=str(folder / "run"),
        state_dir=str(folder / state),
        session_dir=None,
        seed=7,
        rooms=ROOMS,
        origin_ns=clock.origin_ns,
        started_ns=started_ns,
        life=life,
        supervisor_pid=os.getpid(),
    )
    file = folder / "run" / f"cognitive-{life}.json"
    write_launch(file, launch)
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "runtime.room_process", str(file))


async def end_room(process: asyncio.subprocess.Process | None) -> None:
    """Ask the room to end, if it runs, and wait for it."""
    if process is not None and process.returncode is None:
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)
