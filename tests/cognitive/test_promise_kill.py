"""Promises of the room as a real process, killed with SIGKILL: said once in a session, and once over all sessions."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import msgspec
import pytest

from cognitive.memory.long_term import LongTermMemory
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.settings import CognitiveSettings, LongTermSettings, Profile
from runtime.transport.zeromq import ZmqBus
from tests.cognitive.memory.conftest import content_in
from tests.cognitive.room_process import ROOMS, end_room, make_folders, start_room

FACE = (0.4, 0.3, 0.2, 0.3)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before it is due", "as it is sent", "as it is begun"])
def test_a_promise_is_said_once_whenever_the_process_is_killed_and_though_it_is_down_as_it_falls_due(tmp_path, moment):
    make_folders(tmp_path)
    asyncio.run(_promise(tmp_path, moment))


async def _promise(tmp_path: Path, moment: str) -> None:
    """The agent promises a word in six seconds; the room is killed, and is down for longer than the word would be valid."""
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    server = bus.open_intention_server()
    cycles = bus.subscribe(m.CognitiveCycle)
    kept: list[m.Intention] = []
    come, dead = asyncio.Event(), asyncio.Event()

    async def body() -> None:
        async for intention in server:
            states = ["accepted", "started", "finished"]
            if intention.valid_until_ns and clock.now_ns() > intention.valid_until_ns:
                states = ["expired"]
            elif intention.trigger == "promise_due" and intention.kind == "dialogue":
                kept.append(intention)
                if moment == "as it is begun":
                    for state in (states.pop(0), states.pop(0)):
                        server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=clock.now_ns()))
                come.set()
                if not dead.is_set() and moment != "before it is due":
                    await dead.wait()  # it is done while nobody listens
            for state in states:
                server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=clock.now_ns()))

    async def face() -> None:
        state = "arrived"
        while True:
            bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state=state, person_id="anna", box=FACE))
            state = "present"
            await asyncio.sleep(0.2)

    tasks = [asyncio.create_task(body()), asyncio.create_task(face())]
    first = await start_room(tmp_path, clock, Profile(), started_ns=clock.now_ns())
    second = None
    try:
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        wish = m.Turn(
            state="ended", speaker="user", turn_id="t", text="can you remind me to call the bank", person_id="anna"
        )
        bus.publish(msgspec.structs.replace(wish, t_ns=clock.now_ns()))
        said = m.AgentSpeech(
            state="started", response_id="r", text="I will remind you in six seconds.", duration_ms=300
        )
        bus.publish(msgspec.structs.replace(said, t_ns=clock.now_ns()))
        await asyncio.sleep(0.3)
        bus.publish(m.AgentSpeech(t_ns=clock.now_ns(), state="finished", response_id="r"))
        if moment == "before it is due":
            await asyncio.sleep(2.0)
        else:
            await asyncio.wait_for(come.wait(), 30)
        first.send_signal(signal.SIGKILL)
        await first.wait()
        dead.set()
        await asyncio.sleep(7.0)
        cycles.flush()
        second = await start_room(tmp_path, clock, Profile(), life=1)
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        if moment == "before it is due":
            await asyncio.wait_for(come.wait(), 20)
        await asyncio.sleep(8.0)  # longer than it waits for an outcome and tries again
        assert len(kept) == 1 and "call the bank" in kept[0].content
    finally:
        for process in (first, second):
            await end_room(process)
        for task in tasks:
            task.cancel()
        await bus.aclose()


@pytest.mark.slow
@pytest.mark.parametrize("kept_before_the_kill", [False, True])
def test_a_promise_to_somebody_who_agreed_outlives_a_killed_session_and_is_said_once_in_all(
    tmp_path, kept_before_the_kill
):
    make_folders(tmp_path)
    (tmp_path / "state-2").mkdir(mode=0o700)
    asyncio.run(_promise_across_sessions(tmp_path, kept_before_the_kill))
    memory = LongTermMemory(tmp_path / "memory")
    rows = memory.connection.execute("SELECT person, about, state FROM promises").fetchall()
    assert rows == [(1, "call the bank", "kept")]
    memory.close()


async def _promise_across_sessions(tmp_path: Path, kept_before_the_kill: bool) -> None:
    """Anna is promised a word in six seconds; the session is killed after two or after eight, and she comes to the next one."""
    profile = Profile(cognitive=CognitiveSettings(long_term=LongTermSettings(folder=str(tmp_path / "memory"))))
    clock = MonotonicClock()
    bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
    server = bus.open_intention_server()
    cycles = bus.subscribe(m.CognitiveCycle)
    kept: list[m.Intention] = []
    said = asyncio.Event()
    track = "t1"

    async def body() -> None:
        async for intention in server:
            if intention.trigger == "promise_due" and intention.kind == "dialogue":
                kept.append(intention)
                said.set()
            for state in ("accepted", "started", "finished"):
                server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=clock.now_ns()))

    async def face() -> None:
        while True:
            bus.publish(m.PersonPercept(t_ns=clock.now_ns(), state="present", person_id=track, box=FACE))
            bus.publish(m.PersonIdentity(t_ns=clock.now_ns(), person_id=track, known_as="face-7"))
            await asyncio.sleep(0.2)

    def say(text: str) -> None:
        bus.publish(m.Turn(t_ns=clock.now_ns(), state="ended", speaker="user", turn_id="t", text=text, person_id=track))

    tasks = [asyncio.create_task(body()), asyncio.create_task(face())]
    first = await start_room(tmp_path, clock, profile, started_ns=clock.now_ns())
    second = None
    try:
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        say("Please remember me.")
        await asyncio.sleep(1.0)
        say("Can you remind me to call the bank?")
        promise = m.AgentSpeech(
            t_ns=clock.now_ns(), state="started", response_id="r", text="I will remind you in six seconds."
        )
        bus.publish(promise)
        bus.publish(m.AgentSpeech(t_ns=clock.now_ns(), state="finished", response_id="r"))
        if kept_before_the_kill:
            await asyncio.wait_for(said.wait(), 30)
        await asyncio.sleep(2.0)
        assert content_in(tmp_path / "memory", "call the bank"), "the book has it, though nobody has closed anything"
        first.send_signal(signal.SIGKILL)
        await first.wait()
        track = "t4"
        cycles.flush()
        second = await start_room(tmp_path, clock, profile, life=1, started_ns=clock.now_ns(), state="state-2")
        await asyncio.wait_for(anext(aiter(cycles)), 30)
        await asyncio.wait_for(said.wait(), 30)
        await asyncio.sleep(6.0)
        assert len(kept) == 1 and "call the bank" in kept[0].content
        assert kept[0].target.person_id == ("t1" if kept_before_the_kill else "t4")
    finally:
        for process in (first, second):
            await end_room(process)
        for task in tasks:
            task.cancel()
        await bus.aclose()
