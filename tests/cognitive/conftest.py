"""A virtual-time house for the cognitive room alone: a script of messages in, intentions and cycles out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from cognitive.process import serve
from runtime import messages as m
from runtime.clock import NS_PER_S, VirtualClock, run_virtual
from runtime.ids import IdSource
from runtime.offload import InlineOffload
from runtime.room import RoomContext
from runtime.settings import CognitiveSettings, DialogueSettings, Profile
from runtime.transport.inprocess import InProcessHub
from tests.cognitive.recorded_sessions import keys as keys
from tests.cognitive.recorded_sessions import recorded as recorded
from tests.openai_process import ServerProcess, openai_server

Script = list[tuple[float, m.Message | Callable[[], object]]]
"""What is published when, seconds; a function is called instead."""


@dataclass
class Record:
    """What the room did: times in seconds."""

    intentions: list[tuple[float, m.Intention]] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    cancelled: list[tuple[float, str, str]] = field(default_factory=list)
    answers: list[tuple[float, str, str]] = field(default_factory=list)
    cycles: list[m.CognitiveCycle] = field(default_factory=list)
    knowledge: list[m.Knowledge] = field(default_factory=list)
    counters: dict[str, float] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)

    def said(self) -> list[tuple[float, str]]:
        return [(t_s, i.content) for t_s, i in self.intentions if i.kind == "dialogue"]

    def of(self, kind: str, trigger: str = "") -> list[tuple[float, m.Intention]]:
        return [(t, i) for t, i in self.intentions if i.kind == kind and trigger in ("", i.trigger)]

    def of_act(self, trigger: str) -> list[tuple[float, m.Intention]]:
        """All intentions of a trigger type, each once however often it came."""
        return list({i.id: (t, i) for t, i in self.intentions if i.trigger == trigger}.values())

    def ends(self, intention_id: str) -> list[str]:
        """Every state that the fast system has answered for an intention."""
        return [state for _, name, state in self.answers if name == intention_id]

    def restraints(self) -> list[str]:
        return [cycle.restraint for cycle in self.cycles]


class Body:
    """A scripted fast system: answers intentions, and speaks those of dialogue for 1.5 s.

    `answers` is `finish` (at once), `silent`, `reject`, or `faithful`: as the real one it waits for the floor and the step's time, lets
    what is late expire, cannot walk, and ends what is taken back.
    """

    def __init__(self, bus: object, server: object, clock: VirtualClock, record: Record, answers: str) -> None:
        self.bus, self.server, self.clock, self.record, self.answers = bus, server, clock, record, answers
        self.replies: dict[str, asyncio.Task[None]] = {}
        self.voices = bus.subscribe(m.UserSpeech)
        self.person_speaks = False

    async def run(self) -> None:
        async for taken in self.server:
            if isinstance(taken, m.IntentionCancel):
                self.record.cancelled.append((self.clock.now_ns() / NS_PER_S, taken.intention_id, taken.reason))
                task = self.replies.pop(taken.intention_id, None)
                if task is not None and self.answers != "silent":
                    task.cancel()
                    self.answer(taken.intention_id, "cancelled", taken.reason)
                continue
            if taken.valid_until_ns and self.clock.now_ns() > taken.valid_until_ns:
                self.answer(taken.id, "accepted")
                self.answer(taken.id, "expired")
                continue
            self.record.intentions.append((self.clock.now_ns() / NS_PER_S, taken))
            if self.answers == "silent":
                continue
            if self.answers == "reject" or (self.answers == "faithful" and taken.kind == "locomotion"):
                self.answer(taken.id, "rejected", "test")
                continue
            self.replies[taken.id] = asyncio.create_task(self.execute(taken))

    async def execute(self, intention: m.Intention) -> None:
        self.answer(intention.id, "accepted")
        if self.answers == "faithful" and not await self.moment_of(intention):
            self.answer(intention.id, "expired", "its moment did not come in time")
            del self.replies[intention.id]
            return
        self.record.executed.append(intention.id)
        self.answer(intention.id, "started")
        if intention.kind == "dialogue":
            speech = m.AgentSpeech(
                t_ns=self.clock.now_ns(),
                state="started",
                response_id=intention.id,
                text=intention.content,
                duration_ms=1500,
            )
            self.bus.publish(speech)
            await asyncio.sleep(1.5)
            self.bus.publish(m.AgentSpeech(t_ns=self.clock.now_ns(), state="finished", response_id=intention.id))
        elif self.answers == "faithful":
            await asyncio.sleep(intention.parameters.get("duration_s", 1.0))
        self.replies.pop(intention.id, None)
        self.answer(intention.id, "finished")

    async def moment_of(self, intention: m.Intention) -> bool:
        """Wait for the time, and with words for the floor; whether it came while the intention was valid."""
        await self.clock.sleep_until_ns(intention.timing.earliest_ns)
        while intention.kind == "dialogue" and self.floor_taken():
            if self.clock.now_ns() > intention.valid_until_ns:
                return False
            await asyncio.sleep(0.05)
        return True

    def floor_taken(self) -> bool:
        for voice in self.voices.flush():
            self.person_speaks = voice.state == "started"
        return self.person_speaks

    def answer(self, intention_id: str, state: str, reason: str = "") -> None:
        self.record.answers.append((self.clock.now_ns() / NS_PER_S, intention_id, state))
        self.server.answer(
            m.IntentionAnswer(intention_id=intention_id, state=state, reason=reason, t_ns=self.clock.now_ns())
        )


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Record]:
    """Play a script for some seconds of virtual time and return what the room did.

    `start_s` begins later, as a restarted room would; the state folder is the same for all plays of a test.
    """

    def run(
        script: Script,
        duration_s: float,
        *,
        settings: CognitiveSettings | None = None,
        answers: str = "finish",
        seed: int = 1,
        start_s: float = 0.0,
        state_dir: Path = tmp_path,
        kill: bool = False,
        kill_at_s: float | None = None,
        scenario: str = "welcome",
        down_s: float = 0.2,
    ) -> Record:
        kept = Record()
        profile = Profile(cognitive=settings or CognitiveSettings(), dialogue=DialogueSettings(scenario=scenario))

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.now_ns = round(start_s * NS_PER_S)
            clock = VirtualClock(loop)
            hub = InProcessHub()
            outside = hub.bus("behavioral")
            server = hub.intention_server(outside, clock)
            body = asyncio.create_task(Body(outside, server, clock, kept, answers).run())
            cycles = outside.subscribe(m.CognitiveCycle, capacity=200_000)
            knowledge = outside.subscribe(m.Knowledge, capacity=10_000)

            async def started() -> int:
                return 0

            def start_room() -> tuple[asyncio.Task[None], RoomContext]:
                room = hub.bus("cognitive")
                context = RoomContext(
                    room="cognitive",
                    profile=profile,
                    clock=clock,
                    bus=room,
                    ids=IdSource("cognitive", seed),
                    seed=seed,
                    state_dir=state_dir,
                    session_dir=None,
                    virtual=True,
                    new_offload=lambda _name: InlineOffload(),
                    open_intention_server=lambda: server,
                    open_intention_client=lambda name: hub.intention_client(room, clock, name),
                    session_started=started,
                )
                return asyncio.create_task(serve(context)), context

            async def stop_room(task: asyncio.Task[None], context: RoomContext, *, killed: bool) -> None:
                file = state_dir / "cognitive-memory.json"
                saved = file.read_bytes() if file.exists() else None
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                await context.bus.aclose()
                if killed and saved is not None:  # SIGKILL leaves what was on the disk before the orderly exit
                    file.write_bytes(saved)
                elif killed:
                    file.unlink(missing_ok=True)

            async def publish() -> None:
                for t_s, message in sorted(script, key=lambda item: item[0]):
                    await clock.sleep_until_ns(round((start_s + t_s) * NS_PER_S))
                    if isinstance(message, m.Message):
                        outside.publish(_at(message, clock.now_ns()))
                    else:
                        message()

            task, context = start_room()
            feeding = asyncio.create_task(publish())
            if kill_at_s is not None:
                await clock.sleep_until_ns(round((start_s + kill_at_s) * NS_PER_S))
                await stop_room(task, context, killed=True)
                await asyncio.sleep(down_s)
                task, context = start_room()
            end_ns = round((start_s + duration_s) * NS_PER_S)
            await asyncio.wait({task}, timeout=(end_ns - clock.now_ns()) / NS_PER_S)
            if task.done():
                task.result()
            await feeding
            kept.cycles.extend(cycles.flush())
            kept.knowledge.extend(knowledge.flush())
            kept.counters.update(context.counters)
            kept.status.update(context.status)
            await stop_room(task, context, killed=kill)
            body.cancel()

        run_virtual(main())
        return kept

    return run


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """A language model's server whose answers take 0.3 s in the mood `slow`."""
    with openai_server("--delay-s", "0.3") as running:
        yield running


def _at(message: m.Message, t_ns: int) -> m.Message:
    """Return the message with the time of its publication, unless it says another."""
    return message if message.t_ns else msgspec.structs.replace(message, t_ns=t_ns)
