"""The fast room as a whole with a language model: real time, a real server, tools, knowledge and facts over the bus."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from behavioral.process import BehavioralRoom
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.ids import IdSource
from runtime.offload import ThreadOffload
from runtime.profile import load_profile
from runtime.room import RoomContext
from runtime.streams import Stream
from runtime.transport.inprocess import InProcessHub
from tests.behavioral.dialogue.chat_server import DONE, call_part, calls, chat_server, chunk, streaming

REMEMBERS = streaming(
    chunk("I will "),
    chunk("remember. "),
    calls(
        call_part(0, "remember", '{"fact": "likes green tea"}', "c1"),
        call_part(1, "perform_gesture", '{"label": "wave"}', "c2"),
        call_part(2, "perform_gesture", '{"label": "xyzzy"}', "c3"),
    ),
    DONE,
)


@pytest.mark.slow
def test_what_the_model_says_remembers_and_does_goes_where_it_belongs(tmp_path: Path) -> None:
    async def main() -> None:
        async with chat_server(REMEMBERS, streaming(chunk("[nod] Green tea it is."), DONE)) as server:
            profile = load_profile(
                "cpu",
                [
                    f"dialogue.llm.base_url={server.base_url}",
                    "dialogue.llm.model=tiny",
                    "voice.tts=silent",
                    "voice.rate_wpm=450",
                    "hearing.asr=none",
                    "vision.enabled=false",
                    "motion.generator=procedural",
                ],
            )
            clock, hub = MonotonicClock(), InProcessHub()
            outside = hub.bus("cognitive")
            told = outside.subscribe(m.Fact, m.Intention, m.IntentionAnswer, m.AgentSpeech, m.BodyAct, capacity=10_000)

            async def started() -> int:
                return 0

            bus = hub.bus("behavioral")
            context = RoomContext(
                room="behavioral",
                profile=profile,
                clock=clock,
                bus=bus,
                ids=IdSource("behavioral", 1),
                seed=1,
                state_dir=tmp_path,
                session_dir=None,
                virtual=False,
                new_offload=ThreadOffload,
                open_intention_server=lambda: hub.intention_server(bus, clock),
                open_intention_client=lambda name: hub.intention_client(bus, clock, name),
                session_started=started,
            )
            room = BehavioralRoom(context)
            await room.open()
            running = asyncio.create_task(room.run())
            try:
                await asyncio.sleep(0.2)
                outside.publish(m.Knowledge(persona="Ada. A host.", facts=("has a dog",)))
                await asyncio.sleep(0.2)
                outside.publish(m.TypedText(text="remember that I like green tea"))
                seen = await until_said(told)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await room.aclose()
            assert server.warmings == 1 and len(server.connections) == 1, "connected before the turn, and kept"
            assert "has a dog" in server.requests[0]["messages"][0]["content"]
            results = [x["content"] for x in server.requests[1]["messages"] if x["role"] == "tool"]
            assert results[:2] == ["remembered", "done"] and results[2].startswith("error: no gesture like")
            assert [x.text for x in seen if isinstance(x, m.Fact)] == ["likes green tea"]
            (gesture,) = [x for x in seen if isinstance(x, m.Intention)]
            assert (gesture.kind, gesture.content, gesture.trigger) == ("gesture", "wave", "dialogue_tool")
            states = [x.state for x in seen if isinstance(x, m.IntentionAnswer) and x.intention_id == gesture.id]
            assert states[:2] == ["accepted", "started"]
            said = " ".join(x.text for x in seen if isinstance(x, m.AgentSpeech) and x.state == "started")
            assert said == "I will remember. Green tea it is."
            assert "nod" in [x.act for x in seen if isinstance(x, m.BodyAct)]

    asyncio.run(main())


async def until_said(told: Stream[m.AnyMessage]) -> list[m.AnyMessage]:
    """Return all messages until the agent's reply has ended."""
    seen: list[m.AnyMessage] = []
    async with asyncio.timeout(20):
        async for message in told:
            seen.append(message)
            if isinstance(message, m.AgentSpeech) and message.state in ("finished", "interrupted"):
                break
    return seen
