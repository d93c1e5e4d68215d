"""Scripted sessions for the tests of recording: no room but the recorder, all others spoken for by the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np

from runtime.clock import MonotonicClock, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.ids import IdSource
from runtime.messages import AgentAudio, Message, MotionFrame, SessionControl, TypedText, UserAudio
from runtime.offload import InlineOffload, ThreadOffload
from runtime.room import RoomContext
from runtime.session import recorder
from runtime.session.mcap_part import McapPart
from runtime.settings import Profile
from runtime.transport.inprocess import InProcessBus, InProcessHub

MS = 1_000_000
S = 1_000_000_000
TICK_NS = 20 * MS


def context_for(folder: Path | None, bus: InProcessBus, clock: Any, zero_ns: int, **changes: Any) -> RoomContext:
    """A recorder's context; the session has started at `zero_ns`."""

    async def session_started() -> int:
        await clock.sleep_until_ns(zero_ns)
        return zero_ns

    def not_for_recorders(*_: Any) -> Any:
        raise AssertionError("a recorder sends no intentions")

    values: dict[str, Any] = {
        "room": "recorder",
        "profile": Profile(),
        "clock": clock,
        "bus": bus,
        "ids": IdSource("recorder", 1),
        "seed": 1,
        "state_dir": folder or Path("."),
        "session_dir": folder,
        "virtual": True,
        "new_offload": lambda _name: InlineOffload(),
        "open_intention_server": not_for_recorders,
        "open_intention_client": not_for_recorders,
        "session_started": session_started,
    }
    return RoomContext(**{**values, **changes})


Script = Callable[[InProcessBus, VirtualClock], Awaitable[None]]


def record(folder: Path, script: Script, *, zero_ns: int = 0, **changes: Any) -> RoomContext:
    """Run the recorder room on virtual time while `script` speaks as the behavioral room; return the room's context."""

    async def main() -> RoomContext:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock, hub = VirtualClock(loop), InProcessHub()
        context = context_for(folder, hub.bus("recorder"), clock, zero_ns, **changes)
        room = asyncio.create_task(recorder.serve(context))
        await asyncio.sleep(0)
        await script(hub.bus("behavioral"), clock)
        await asyncio.sleep(0)
        room.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await room
        return context

    result: RoomContext = run_virtual(main())
    return result


@contextlib.asynccontextmanager
async def recorder_on_a_thread(folder: Path) -> AsyncIterator[tuple[InProcessBus, asyncio.Task[None], RoomContext]]:
    """The recorder room in real time, its disk on a real thread; cancelled at the end, as the house does it, and waited for."""
    clock, hub = MonotonicClock(), InProcessHub()
    context = context_for(folder, hub.bus("recorder"), clock, 0, virtual=False, new_offload=ThreadOffload)
    room = asyncio.create_task(recorder.serve(context))
    bus = hub.bus("behavioral")
    await asyncio.sleep(0)
    try:
        yield bus, room, context
    finally:
        room.cancel()
        await asyncio.wait({room})
    assert room.cancelled()


def write_part(path: Path, messages: list[Message], *, per_chunk: int = 10) -> None:
    """Write messages directly, each arriving at its own time."""
    part = McapPart(path, {"attune": "test", "seed": "1", "speed": "max", "profile": "cpu"})
    for number, message in enumerate(messages, 1):
        part.add(message, message.t_ns)
        if number % per_chunk == 0:
            part.flush()
    part.close()


def frame(
    index: int, *, lateness_ms: float = 0.0, intention_ids: tuple[str, ...] = (), zero_ns: int = 0
) -> MotionFrame:
    """One motion frame on the 50 Hz grid."""
    rotations = np.tile(np.array([0, 0, 0, 1], dtype="<f4"), (22, 1)).tobytes()
    return MotionFrame(
        t_ns=zero_ns + index * TICK_NS,
        index=index,
        rotations=rotations,
        lateness_ms=lateness_ms,
        intention_ids=intention_ids,
    )


def user_audio(index: int, values: np.ndarray, at_ns: int) -> UserAudio:
    """A block of the person's audio."""
    return UserAudio(t_ns=at_ns, pcm=values.astype("<i2").tobytes(), index=index)


def agent_audio(response_id: str, offset: int, values: np.ndarray, at_ns: int, rate_hz: int = 16_000) -> AgentAudio:
    """A piece of the agent's voice."""
    return AgentAudio(
        t_ns=at_ns,
        pcm=values.astype("<i2").tobytes(),
        sample_rate_hz=rate_hz,
        response_id=response_id,
        offset_samples=offset,
    )


def start(zero_ns: int = 0) -> SessionControl:
    """Media time zero."""
    return SessionControl(action="start", t_ns=zero_ns)


def stop(at_ns: int) -> SessionControl:
    """The end of the session."""
    return SessionControl(action="stop", t_ns=at_ns)


async def speak_for_two_seconds(bus: Any, clock: Any) -> None:
    """A session of 2 s with motion, events and user audio; then the end."""
    zero_ns = clock.now_ns()
    bus.publish(start(zero_ns))
    for index in range(100):
        bus.publish(frame(index, zero_ns=zero_ns))
        bus.publish(user_audio(index, np.full(320, index + 1), zero_ns + index * TICK_NS))
        bus.publish(TypedText(text=f"line {index}", t_ns=zero_ns + index * TICK_NS))
        await clock.sleep_until_ns(zero_ns + (index + 1) * TICK_NS)
    bus.publish(stop(clock.now_ns()))
