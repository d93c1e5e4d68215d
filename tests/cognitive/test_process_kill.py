"""The room as a real process over ZeroMQ: killed with SIGKILL in the middle of a greeting, it goes on without repeating itself."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import msgspec
import pytest

from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.settings import Profile
from runtime.transport.zeromq import ZmqBus
from tests.cognitive.room_process import ROOMS, end_room, make_folders, start_room

FACE = (0.4, 0.3, 0.2, 0.3)


@pytest.mark.slow
def test_a_killed_process_continues_and_greets_nobody_twice(tmp_path):
    make_folders(tmp_path)
    asyncio.run(_scene(tmp_path))


async def _scene(tmp_path: Path) -> None:
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    server = bus.open_intention_server()
    cycles = bus.subscribe(m.CognitiveCycle)
    beats = bus.subscribe(m.Heartbeat)
    received: list[m.Intention] = []
    arrived = asyncio.Event()

    async def body() -> None:
        async for intention in server:
            received.append(intention)
            arrived.set()
            for state in ("accepted", "started", "finished"):
                server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=clock.now_ns()))

    async def face(seconds: float, state: str) -> None:
        for k in range(round(seconds / 0.2)):
            now = "arrived" if k == 0 and state == "arrived" else "present"
            bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state=now, person_id="anna", box=FACE))
            await asyncio.sleep(0.2)

    async def first_cycle() -> m.CognitiveCycle:
        return await asyncio.wait_for(anext(aiter(cycles)), 30)

    executing = asyncio.create_task(body())
    first = await start_room(tmp_path, clock, Profile(), started_ns=clock.now_ns())
    second = None
    try:
        await asyncio.wait_for(anext(aiter(beats)), 30)
        await first_cycle()
        greeting = asyncio.create_task(face(30, "arrived"))
        await asyncio.wait_for(arrived.wait(), 30)
        first.send_signal(signal.SIGKILL)  # at the first intention's arrival, the plan is still being sent
        await first.wait()
        last = max(cycle.cycle for cycle in [*cycles.flush(), m.CognitiveCycle(cycle=1, duration_ms=0)])
        second = await start_room(tmp_path, clock, Profile(), life=1)
        again = await first_cycle()
        assert again.cycle > last
        assert "anna" in again.memory["user"] + again.memory["situation"]
        await asyncio.sleep(4.0)
        greeting.cancel()
        ids = [intention.id for intention in received]
        assert len(ids) == len(set(ids))
        assert sum(intention.kind == "dialogue" for intention in received) == 1
        assert sum(intention.label == "wave" for intention in received) == 1
    finally:
        for process in (first, second):
            await end_room(process)
        executing.cancel()
        await bus.aclose()


@pytest.mark.slow
def test_a_plan_that_unfolds_goes_on_after_a_kill_and_does_no_step_twice(tmp_path):
    make_folders(tmp_path)
    asyncio.run(_comfort(tmp_path))


async def _comfort(tmp_path: Path) -> None:
    """Somebody tells of a sorrow; the room is killed as its comfort begins, and she goes on to speak to the room that follows."""
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    server = bus.open_intention_server()
    cycles = bus.subscribe(m.CognitiveCycle)
    comforting: list[m.Intention] = []
    begun, said, told = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def body() -> None:
        async for intention in server:
            if intention.trigger == "emotional_need":
                comforting.append(intention)
                begun.set()
            for state in ("accepted", "started", "finished"):
                server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=clock.now_ns()))
            if intention.trigger == "emotional_need" and intention.kind == "dialogue":
                said.set()

    async def face() -> None:
        state = "arrived"
        while True:
            seen = m.PersonPercept(state=state, person_id="anna", box=FACE, valence=-0.6 if told.is_set() else None)
            bus.publish(msgspec.structs.replace(seen, t_ns=clock.now_ns()))
            state = "present"
            await asyncio.sleep(0.2)

    def voice(state: str) -> None:
        bus.publish(m.UserSpeech(t_ns=clock.now_ns(), state=state))

    tasks = [asyncio.create_task(body()), asyncio.create_task(face())]
    first = await start_room(tmp_path, clock, Profile(), started_ns=clock.now_ns())
    second = None
    try:
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        await asyncio.sleep(3.0)
        voice("started")
        await asyncio.sleep(0.5)
        voice("ended")
        told.set()
        sorrow = m.Turn(
            state="ended", speaker="user", turn_id="t", text="I feel so sad today, my dog died", person_id="anna"
        )
        bus.publish(msgspec.structs.replace(sorrow, t_ns=clock.now_ns()))
        reply = m.AgentSpeech(state="started", response_id="r", text="I see.", duration_ms=300)
        bus.publish(msgspec.structs.replace(reply, t_ns=clock.now_ns()))
        await asyncio.sleep(0.3)
        bus.publish(m.AgentSpeech(t_ns=clock.now_ns(), state="finished", response_id="r"))
        await asyncio.wait_for(begun.wait(), 30)
        first.send_signal(signal.SIGKILL)
        await first.wait()
        cycles.flush()
        second = await start_room(tmp_path, clock, Profile(), life=1)
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        await asyncio.wait_for(said.wait(), 10)
        await asyncio.sleep(1.5)
        voice("started")
        await asyncio.sleep(2.0)
        voice("ended")
        ids = [intention.id for intention in comforting]
        assert len(ids) == len(set(ids))
        kinds = sorted(intention.kind for intention in comforting)
        assert kinds == ["dialogue", "expression", "gaze", "gaze", "gesture", "posture"], (
            "all steps, the last one after the kill"
        )
    finally:
        for process in (first, second):
            await end_room(process)
        for task in tasks:
            task.cancel()
        await bus.aclose()
