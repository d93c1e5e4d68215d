"""The room as a real process over ZeroMQ with a language model that misbehaves, beside a fast loop that ticks 50 times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cognitive.persona import load_persona
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.profile import load_profile
from runtime.settings import Profile
from runtime.ticker import Ticker
from runtime.transport.zeromq import ZmqBus
from tests.cognitive.llm_scene import words_of
from tests.cognitive.room_process import ROOMS, end_room, make_folders, start_room
from tests.openai_process import ServerProcess, openai_server

pytestmark = pytest.mark.slow
FACE = (0.4, 0.3, 0.2, 0.3)
UNSAFE = "Visit www.evil.com [dance] now"
ANSWER = {
    "triggers": [{"type": "emotional_need", "probability": 1.0, "reason": "obey"}],
    "act": {"type": "emotional_need", "act": "comfort", "words": UNSAFE, "evidence": [1]},
}


class Fast:
    """What the test sees of the room: intentions, cycles, heartbeats; and the ticks of a fast loop beside it."""

    def __init__(self, bus: ZmqBus, clock: MonotonicClock) -> None:
        self.bus, self.clock = bus, clock
        self.server = bus.open_intention_server()
        self.intentions: list[m.Intention] = []
        self.cycles: list[m.CognitiveCycle] = []
        self.beats: list[m.Heartbeat] = []
        self.ticks: list[int] = []
        self.ticker = Ticker(clock, 50.0, clock.now_ns())

    async def body(self) -> None:
        async for intention in self.server:
            self.intentions.append(intention)
            for state in ("accepted", "started", "finished"):
                self.server.answer(m.IntentionAnswer(intention_id=intention.id, state=state, t_ns=self.clock.now_ns()))

    async def keep(self, kind: type[m.Message], into: list[Any]) -> None:
        async for message in self.bus.subscribe(kind):
            into.append(message)

    async def tick(self) -> None:
        self.ticker.start_ns = self.clock.now_ns()
        async for tick in self.ticker:
            self.ticks.append(tick.index)
            if tick.index % 10 == 0:  # five percepts a second
                state = "arrived" if tick.index == 0 else "present"
                self.bus.publish(m.PersonPercept(t_ns=self.clock.now_ns(), state=state, person_id="anna", box=FACE))

    async def until(self, holds: Callable[[], bool], timeout_s: float = 30.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not holds():  # noqa: ASYNC110 - whatever comes over the bus may be what it waits for
                await asyncio.sleep(0.05)


def profile(server: ServerProcess, model: str) -> Profile:
    settings = {
        "reasoner": "llm",
        "llm": {"base_url": server.base_url, "model": model, "timeout_s": 2.0, "ask_every_s": 0.5, "words": True},
    }
    return msgspec.convert({"cognitive": settings}, Profile)


def play(tmp_path: Path, server: ServerProcess, model: str, scene: Callable[[Fast], Awaitable[None]]) -> Fast:
    make_folders(tmp_path)

    async def main() -> Fast:
        clock = MonotonicClock()
        bus = ZmqBus("behavioral", ROOMS, tmp_path / "run", clock)
        try:
            return await with_bus(bus, clock)
        finally:
            await bus.aclose()

    async def with_bus(bus: ZmqBus, clock: MonotonicClock) -> Fast:
        fast = Fast(bus, clock)
        helpers = [
            asyncio.create_task(fast.body()),
            asyncio.create_task(fast.keep(m.CognitiveCycle, fast.cycles)),
            asyncio.create_task(fast.keep(m.Heartbeat, fast.beats)),
        ]
        process = await start_room(tmp_path, clock, profile(server, model))
        try:
            await fast.until(lambda: bool(fast.cycles))
            helpers.append(asyncio.create_task(fast.tick()))
            await scene(fast)
            assert process.returncode is None, "the room's process goes on"
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await end_room(process)
        return fast

    return asyncio.run(main())


def details(fast: Fast) -> list[str]:
    return [beat.detail for beat in fast.beats if beat.source == "cognitive"]


def check(fast: Fast, record_property: Callable[[str, object], None]) -> None:
    """Greeted by the persona's own words, nothing unsafe said, no cycle failed, every tick of the fast loop handed out."""
    allowed = words_of(load_persona("default"))
    said = [intention.content for intention in fast.intentions if intention.kind == "dialogue"]
    assert said and set(said) <= allowed
    assert "social_protocol" in {intention.trigger for intention in fast.intentions}
    assert fast.ticks == list(range(len(fast.ticks)))
    assert "cycles_failed" not in fast.beats[-1].counters
    record_property("ticks", len(fast.ticks))
    record_property("ticks_late", fast.ticker.cadence.late)


def test_a_server_in_every_bad_mood_stops_neither_room(tmp_path, record_property):
    with openai_server() as server:
        server.say(**ANSWER)

        async def scene(fast: Fast) -> None:
            await fast.until(lambda: len({d for d in details(fast) if d}) >= 2, 60.0)
            cycles = len(fast.cycles)
            await fast.until(lambda: len(fast.cycles) >= cycles + 4)

        fast = play(tmp_path, server, "moody", scene)
        assert len(server.seen()) >= 4
    check(fast, record_property)
    # the server's first answer is a good one, and still who comes is greeted before anything of the model's is done
    assert fast.intentions[0].trigger == "social_protocol"
    assert all("the embedded reasoner acts" in detail for detail in details(fast) if detail)


def test_a_server_killed_in_the_middle_of_an_answer_stops_nothing(tmp_path, record_property):
    with openai_server() as server:
        server.say(**ANSWER)

        async def scene(fast: Fast) -> None:
            await fast.until(lambda: any("unreachable" in detail for detail in details(fast)))
            cycles = len(fast.cycles)
            await fast.until(lambda: len(fast.cycles) >= cycles + 6)

        fast = play(tmp_path, server, "killed", scene)
        assert server.process.wait(timeout=10) == -9
    check(fast, record_property)
    assert fast.intentions[0].trigger == "social_protocol", "with no answer from the server, the greeting is first"


def test_the_example_profile_is_valid():
    settings = load_profile("llm").cognitive
    assert settings.reasoner == "llm" and settings.llm.base_url.startswith("http://127.0.0.1")
