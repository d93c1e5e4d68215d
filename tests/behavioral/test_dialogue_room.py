"""The fast room as a whole with real servers in real time: tools, knowledge, facts, a server's own voice, an interruption."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from behavioral.process import BehavioralRoom
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.ids import IdSource
from runtime.offload import ThreadOffload
from runtime.profile import load_profile
from runtime.room import RoomContext
from runtime.transport.inprocess import InProcessHub
from tests.behavioral.dialogue.realtime_server import realtime_server, saying, speech
from tests.runtime.llm.chat_server import DONE, call_part, calls, chat_server, chunk, streaming

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


class House:
    """The fast room on an in-process bus, and what it tells."""

    def __init__(self, tmp_path: Path, *overrides: str) -> None:
        quick = (
            "voice.tts=silent",
            "voice.rate_wpm=450",
            "hearing.asr=none",
            "vision.enabled=false",
            "motion.generator=procedural",
        )
        self.clock, hub = MonotonicClock(), InProcessHub()
        self.outside = hub.bus("cognitive")
        self.told = self.outside.subscribe(
            m.Fact, m.Intention, m.IntentionAnswer, m.AgentSpeech, m.BodyAct, m.AgentAudio, capacity=20_000
        )
        bus = hub.bus("behavioral")

        async def started() -> int:
            return 0

        context = RoomContext(
            room="behavioral",
            profile=load_profile("cpu", [*quick, *overrides]),
            clock=self.clock,
            bus=bus,
            ids=IdSource("behavioral", 1),
            seed=1,
            state_dir=tmp_path,
            session_dir=None,
            virtual=False,
            new_offload=ThreadOffload,
            open_intention_server=lambda: hub.intention_server(bus, self.clock),
            open_intention_client=lambda name: hub.intention_client(bus, self.clock, name),
            session_started=started,
        )
        self.status = context.status
        self.room = BehavioralRoom(context)

    async def until(self, kind: type[m.Message], states: tuple[str, ...] = ()) -> list[m.AnyMessage]:
        """Return all messages until one of a kind (and state) comes."""
        seen: list[m.AnyMessage] = []
        async with asyncio.timeout(20):
            async for message in self.told:
                seen.append(message)
                if isinstance(message, kind) and (not states or getattr(message, "state", "") in states):
                    break
        return seen


@asynccontextmanager
async def house(tmp_path: Path, *overrides: str) -> AsyncIterator[House]:
    built = House(tmp_path, *overrides)
    await built.room.open()
    running = asyncio.create_task(built.room.run())
    try:
        await asyncio.sleep(0.2)
        yield built
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await built.room.aclose()


@pytest.mark.slow
def test_what_the_model_says_remembers_and_does_goes_where_it_belongs(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            chat_server(REMEMBERS, streaming(chunk("[nod] Green tea it is."), DONE)) as server,
            house(tmp_path, f"dialogue.llm.base_url={server.base_url}", "dialogue.llm.model=tiny") as run,
        ):
            run.outside.publish(m.Knowledge(persona="Ada. A host.", facts=("has a dog",)))
            await asyncio.sleep(0.2)
            run.outside.publish(m.TypedText(text="remember that I like green tea"))
            seen = await run.until(m.AgentSpeech, ("finished", "interrupted"))
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


@pytest.mark.slow
def test_a_speech_server_speaks_with_its_own_voice_and_learns_what_was_heard(tmp_path: Path) -> None:
    text = "This is a long story. It goes on and on, and nobody knows how it will end."
    voice = speech(900, 1_500, 1_500)

    async def main() -> None:
        async with (
            realtime_server(saying(voice, text, "story"), saying(speech(600), "All right.", "short")) as server,
            house(tmp_path, f"dialogue.speech_to_speech.url={server.url}") as run,
        ):
            await server.wait_for("session.update")
            run.outside.publish(m.TypedText(text="tell me a story"))
            seen = await run.until(m.AgentSpeech, ("started",))
            for _piece in range(12):
                seen += await run.until(m.AgentAudio)
            run.outside.publish(m.TypedText(text="stop"))
            cut = await server.wait_for("conversation.item.truncate")
            seen += await run.until(m.AgentSpeech, ("interrupted",))
            heard = seen[-1]
            assert isinstance(heard, m.AgentSpeech) and 0 < len(heard.text) < len(text) and text.startswith(heard.text)
            assert cut["item_id"] == "story" and 100 <= cut["audio_end_ms"] <= 2_500
            audio = [x for x in seen if isinstance(x, m.AgentAudio)]
            assert {x.sample_rate_hz for x in audio} == {24_000}
            assert b"".join(x.pcm for x in audio)[:24_000] == voice.astype("<i2").tobytes()[:24_000]
            after = await run.until(m.AgentSpeech, ("finished",))
            assert after[-1].text == "All right."  # type: ignore[union-attr] # the type is what was waited for
            assert len(server.of("conversation.item.truncate")) == 1

    asyncio.run(main())
