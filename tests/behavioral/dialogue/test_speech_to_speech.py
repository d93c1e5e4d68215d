"""Speech-to-speech against a real WebSocket server on loopback: turns, sound, interruption, tools, failures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.tts.contract import SpokenClause
from runtime.messages import Knowledge, SafetyDecision
from runtime.safety.refusals import REFUSALS, Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules
from runtime.settings import DialogueSettings, SpeechToSpeechSettings
from tests.behavioral.dialogue.realtime_server import Act, RealtimeServer, realtime_server, saying, speech
from tests.behavioral.dialogue.test_tools import Acts

BLOCK = np.full(512, 1_000, "<i2").tobytes()
"""32 ms of the person's sound at 16 kHz."""
VOICE = speech(700, 600)
TEXT = "Hello there, my friend. How are you today?"


def with_server(
    script: Callable[[Replies, RealtimeServer, Acts], Awaitable[Any]], *acts: Act, names: str = "ga", **settings: object
) -> Any:
    async def main() -> Any:
        async with realtime_server(*acts, names=names) as server:
            speech_settings = SpeechToSpeechSettings(url=server.url, **settings)  # type: ignore[arg-type]
            body = Acts()
            replies = Replies(
                DialogueSettings(speech_to_speech=speech_settings),
                load_scenario("welcome"),
                1,
                use_llm=True,
                embodiment=body.embodiment,
            )
            replies.open()
            try:
                await server.wait_for("session.update")
                return await script(replies, server, body)
            finally:
                await replies.aclose()

    return asyncio.run(main())


def speak(replies: Replies, blocks: int = 30) -> None:
    """The person speaks for some blocks, after as many of quiet."""
    for place in range(2 * blocks):
        replies.hear(BLOCK, speaking=place >= blocks)


async def clauses_of(draft: Draft) -> list[SpokenClause]:
    return [piece async for piece in draft if isinstance(piece, SpokenClause)]


async def text_of(draft: Draft) -> str:
    return " ".join([piece.strip() if isinstance(piece, str) else piece.text async for piece in draft])


@pytest.mark.parametrize("names", ["ga", "beta"])
def test_a_turn_is_heard_and_answered_with_sound_and_text(names: str) -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies)
        clauses = await clauses_of(replies.answer("hello"))
        assert " ".join(clause.text for clause in clauses) == TEXT
        assert len(clauses) == 2, "cut at the pause"
        assert {clause.sample_rate_hz for clause in clauses} == {24_000}
        sound = np.concatenate([clause.pcm for clause in clauses])
        assert np.array_equal(sound[: 700 * 24], VOICE[: 700 * 24]) and np.array_equal(sound[-14_400:], VOICE[-14_400:])
        for clause in clauses:
            assert clause.phonemes[0].start_ms == 0 and clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)
            assert all(0 <= word.start_ms <= word.end_ms <= clause.duration_ms + 1e-6 for word in clause.words)
        assert replies.trouble == ""

    with_server(script, saying(VOICE, TEXT), names=names)


def test_the_persons_sound_goes_out_at_the_servers_rate_from_before_the_onset_on() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=30)
        await clauses_of(replies.answer("hello"))
        (heard,) = server.heard
        assert len(heard) / 2 / 24_000 == pytest.approx((10 + 30) * 0.032, abs=0.01)
        middle = np.frombuffer(heard, "<i2")[5_000:20_000]
        assert np.abs(middle.astype(int) - 1_000).max() < 20, "resampled without clicks between the blocks"
        kinds = [event["type"] for event in server.received]
        assert kinds.index("input_audio_buffer.commit") < kinds.index("response.create")

    with_server(script, saying(VOICE, TEXT))


def test_quiet_between_turns_is_not_sent_and_pauses_within_one_are() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(10):
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        for _block in range(200):
            replies.hear(BLOCK, speaking=False)
        await asyncio.sleep(0.05)
        assert server.buffer == b""
        first = 10 + 20 + 24  # lead-in, speech, tail
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((first + 6 + 20) * 0.032, abs=0.02)

    with_server(script, saying(VOICE, TEXT))


def test_sound_that_was_no_turn_is_forgotten_before_the_next() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(200):
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((10 + 20) * 0.032, abs=0.01)

    with_server(script, saying(VOICE, TEXT))


def test_a_backchannel_over_the_answer_is_no_part_of_the_next_turn() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(8):
            replies.hear(BLOCK, speaking=False)
        replies.was_no_turn()
        for _block in range(30):  # too soon to be forgotten for its age
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((10 + 20) * 0.032, abs=0.01)

    with_server(script, saying(VOICE, TEXT))


def test_typed_text_is_a_turn_too() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        assert await text_of(replies.answer("who are you")) == TEXT
        item = server.of("conversation.item.create")[0]["item"]
        assert item == {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "who are you"}],
        }
        assert server.heard == []

    with_server(script, saying(VOICE, TEXT))


def test_our_turn_taking_decides_and_the_session_says_so() -> None:
    async def ga(_replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        session = server.of("session.update")[0]["session"]
        assert session["audio"]["input"] == {"format": {"type": "audio/pcm", "rate": 24_000}, "turn_detection": None}
        assert session["audio"]["output"]["voice"] == "marin"
        assert [tool["name"] for tool in session["tools"]][:2] == ["perform_gesture", "look_at"]
        assert server.queries[0] == {"model": "tiny"}

    async def beta(_replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        session = server.of("session.update")[0]["session"]
        assert session["turn_detection"] is None and session["input_audio_format"] == "pcm16"
        assert server.headers[0]["OpenAI-Beta"] == "realtime=v1"

    with_server(ga, saying(VOICE, TEXT), model="tiny", voice="marin")
    with_server(beta, saying(VOICE, TEXT), dialect="beta")


def test_the_answer_is_made_with_the_newest_knowledge() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        replies.know(Knowledge(facts=("likes tea",)))
        await clauses_of(replies.answer("hello"))
        assert "likes tea" in server.of("response.create")[0]["response"]["instructions"]

    with_server(script, saying(VOICE, TEXT))


def test_an_interruption_stops_the_answer_and_cuts_it_to_what_was_heard() -> None:
    async def endlessly(server: RealtimeServer, response_id: str) -> None:
        await server.say(response_id, VOICE, TEXT, "item_7")
        await asyncio.sleep(30)

    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies)
        draft = replies.answer("hello")
        await draft.__anext__()
        await draft.aclose()
        assert (await server.wait_for("response.cancel"))["response_id"] == "resp_1"
        replies.agent_said("Hello there", 420.0, draft)
        cut = await server.wait_for("conversation.item.truncate")
        assert (cut["item_id"], cut["content_index"], cut["audio_end_ms"]) == ("item_7", 0, 420)

    with_server(script, endlessly)


def test_the_cut_counts_the_servers_milliseconds_not_those_of_the_trimmed_playback() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies)
        draft = replies.answer("hello")
        first, _second = await clauses_of(draft)
        assert first.duration_ms + pause_after_ms(first.text) == pytest.approx(900, abs=5), (
            "the playback makes the pause"
        )
        assert first.duration_ms < 800
        replies.agent_said("Hello there, my friend. How", first.duration_ms + 100.0, draft)
        assert (await server.wait_for("conversation.item.truncate"))["audio_end_ms"] == pytest.approx(1_000, abs=20)

    with_server(script, saying(VOICE, TEXT))


def test_an_answer_that_was_heard_whole_is_not_cut_and_an_unheard_one_wholly() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        draft = replies.answer("hello")
        played_ms = sum(clause.duration_ms for clause in await clauses_of(draft))
        replies.agent_said(TEXT, played_ms, draft)
        await clauses_of(replies.answer("and you"))  # of this nothing is ever heard
        await clauses_of(replies.answer("well"))
        cuts = server.of("conversation.item.truncate")
        assert [(cut["item_id"], cut["audio_end_ms"]) for cut in cuts] == [("second", 0)]

    with_server(script, saying(VOICE, TEXT, "first"), saying(VOICE, TEXT, "second"), saying(VOICE, TEXT, "third"))


def test_late_sound_of_a_stopped_answer_is_not_in_the_next() -> None:
    async def late(server: RealtimeServer, response_id: str) -> None:
        await server.say(response_id, speech(500), "Old words.")
        await server.wait_for("response.create", 2)
        await server.say(response_id, speech(2_000), "Late words.")
        await server.done(response_id, "cancelled")

    async def new(server: RealtimeServer, response_id: str) -> None:
        await asyncio.sleep(0.05)
        await server.say(response_id, speech(500), "New words.")
        await server.done(response_id)

    async def started(replies: Replies, server: RealtimeServer, body: Acts) -> str:
        old = replies.answer("hello")
        reading = asyncio.ensure_future(text_of(old))
        await server.wait_for("response.create")
        await asyncio.sleep(0.05)
        await old.aclose()
        await reading
        return await text_of(replies.answer("go on"))

    assert with_server(started, late, new) == "New words."


def test_tools_work_as_with_text() -> None:
    async def calling(server: RealtimeServer, response_id: str) -> None:
        item = {"type": "function_call", "call_id": "c1", "name": "remember", "arguments": '{"fact": "likes tea"}'}
        await server.send("response.output_item.done", response_id=response_id, item=item)
        await server.done(response_id)

    async def script(replies: Replies, server: RealtimeServer, body: Acts) -> None:
        assert await text_of(replies.answer("I like tea")) == TEXT
        assert [fact.text for fact in body.facts] == ["likes tea"]
        output = server.of("conversation.item.create")[-1]["item"]
        assert output == {"type": "function_call_output", "call_id": "c1", "output": "remembered"}

    with_server(script, calling, saying(VOICE, TEXT))


def test_an_answer_in_text_alone_is_spoken_by_our_voice() -> None:
    async def writing(server: RealtimeServer, response_id: str) -> None:
        await server.send("response.output_text.delta", response_id=response_id, delta="[wave] Hello ")
        await server.send("response.output_text.delta", response_id=response_id, delta="there.")
        await server.done(response_id)

    async def script(replies: Replies, _server: RealtimeServer, _body: Acts) -> list[object]:
        return [piece async for piece in replies.answer("hello")]

    assert [str(piece).split() for piece in with_server(script, writing)] == [["[wave]", "Hello", "there."]]


async def silent(_server: RealtimeServer, _response_id: str) -> None:
    await asyncio.sleep(30)


async def failing(server: RealtimeServer, response_id: str) -> None:
    await server.done(response_id, "failed", error={"code": "rate_limit_exceeded", "message": "hello said Bob"})


async def erring(server: RealtimeServer, _response_id: str) -> None:
    await server.send("error", error={"type": "server_error", "code": None, "message": "hello said Bob"})


async def breaking(server: RealtimeServer, _response_id: str) -> None:
    assert server.socket is not None
    await server.socket.close()


async def babbling(server: RealtimeServer, response_id: str) -> None:
    assert server.socket is not None
    for rubbish in ("not json", "[]", '{"type": 7}', '{"type": "response.output_audio.delta", "delta": "###"}'):
        await server.socket.send_str(rubbish)
    await server.done(response_id)


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        (silent, "nothing for 0.3 s"),
        (failing, "rate_limit_exceeded"),
        (erring, "server_error"),
        (breaking, "speech server"),
        (babbling, ""),
    ],
)
def test_without_a_sound_the_text_dialogue_answers_and_health_knows(act: Act, trouble: str) -> None:
    async def script(replies: Replies, _server: RealtimeServer, _body: Acts) -> tuple[str, str]:
        speak(replies)
        return await text_of(replies.answer("who are you")), replies.trouble

    said, told = with_server(script, act, first_audio_timeout_s=0.3)
    assert "Ada" in said
    assert trouble in told and "Bob" not in told


def test_an_answer_that_stalls_is_what_has_come_of_it() -> None:
    async def stalling(server: RealtimeServer, response_id: str) -> None:
        await server.say(response_id, speech(500), "Well then.")
        await asyncio.sleep(30)

    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> tuple[str, str]:
        said = await text_of(replies.answer("tell me"))
        await server.wait_for("response.cancel")
        return said, replies.trouble

    said, trouble = with_server(script, stalling, stall_timeout_s=0.3)
    assert said == "Well then."
    assert "nothing for 0.3 s" in trouble


def test_an_answer_without_end_ends() -> None:
    async def endless(server: RealtimeServer, response_id: str) -> None:
        while True:
            await server.say(response_id, speech(500), "on and on ")
            await asyncio.sleep(0.001)

    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> float:
        clauses = await clauses_of(replies.answer("tell me"))
        await server.wait_for("response.cancel")
        return sum(clause.duration_ms for clause in clauses)

    assert with_server(script, endless, max_reply_s=5.0) == pytest.approx(5_000, abs=200)


def test_a_server_that_was_away_is_found_again_and_told_what_was_said() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        draft = replies.answer("hello")
        played_ms = sum(clause.duration_ms for clause in await clauses_of(draft))
        replies.agent_said(TEXT, played_ms, draft)
        server.refuse = 1
        assert server.socket is not None
        await server.socket.close()
        await asyncio.sleep(0.05)
        assert "Ada" in await text_of(replies.answer("who are you")), "the scenario, meanwhile"
        assert "closed" in replies.trouble
        replies.agent_said("I am Ada.")
        await server.wait_for("session.update", 2)
        said = [event["item"] for event in server.of("conversation.item.create")][-4:]
        assert [(item["role"], item["content"][0]["text"]) for item in said] == [
            ("user", "hello"),
            ("assistant", TEXT),
            ("user", "who are you"),
            ("assistant", "I am Ada."),
        ]
        assert replies.trouble == ""
        assert await text_of(replies.answer("well")) == TEXT

    with_server(script, saying(VOICE, TEXT))


def test_a_server_that_refuses_our_session_is_not_used_and_health_says_what_to_try() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> tuple[str, str]:
        server.refuse_session = True
        assert server.socket is not None
        await server.socket.close()
        await server.wait_for("session.update", 2)
        await asyncio.sleep(0.1)
        return await text_of(replies.answer("who are you")), replies.trouble

    said, trouble = with_server(script, saying(VOICE, TEXT))
    assert "Ada" in said
    assert "unknown_parameter" in trouble and "dialect" in trouble


def test_what_the_agent_says_of_its_own_accord_is_told_to_the_server() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        replies.agent_said("Shall we talk about music?")
        item = (await server.wait_for("conversation.item.create"))["item"]
        assert item["role"] == "assistant" and item["content"][0]["text"] == "Shall we talk about music?"

    with_server(script, saying(VOICE, TEXT))


def test_what_people_say_to_each_other_is_told_to_the_server_and_asks_for_no_answer() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        replies.overheard("the place by the river is closed")
        item = (await server.wait_for("conversation.item.create"))["item"]
        assert (item["role"], item["content"][0]["text"]) == (
            "user",
            "(to somebody else: the place by the river is closed)",
        )
        await asyncio.sleep(0.1)
        assert server.of("response.create") == []

    with_server(script, saying(VOICE, TEXT))


def test_nothing_but_a_connection_is_made_before_the_turn_is_sure() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies)
        replies.prepare("hello").cancel()
        draft = replies.prepare("hello there")
        await asyncio.sleep(0.1)
        assert server.of("response.create") == []
        assert await text_of(draft.commit()) == TEXT
        assert len(server.of("response.create")) == 1

    with_server(script, saying(VOICE, TEXT))


def test_the_key_goes_to_this_machine_or_over_tls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from behavioral.dialogue.realtime_connection import RealtimeConnection

    def sent(url: str) -> bool:
        settings = SpeechToSpeechSettings(url=url, api_key_env="TEST_KEY")
        connection = RealtimeConnection(settings, greeting=list, take=lambda _e: None, lost=lambda: None)
        return connection.headers().get("Authorization") == "Bearer s3cret"

    monkeypatch.setenv("TEST_KEY", "s3cret")
    assert not sent("ws://10.0.0.7/v1") and not sent("ws://example.org/v1") and not sent("ws://localhost.example.org/")
    assert sent("wss://example.org/v1") and sent("ws://localhost:8080/v1") and sent("ws://[::1]/v1")


def test_words_that_must_not_be_said_end_the_answer_before_their_sound() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        decisions: list[SafetyDecision] = []
        replies.guard = VoiceGuard(SpeechRules(SafetySettings(), Limits()), decisions.append, lambda: 0)
        speak(replies)
        pieces = [piece async for piece in replies.answer("what shall I do about him")]
        assert pieces[-1] == REFUSALS["violence"]
        assert not any("kill" in piece.text for piece in pieces if isinstance(piece, SpokenClause))
        assert [decision.rule for decision in decisions] == ["violence"]
        speak(replies)
        assert await text_of(replies.answer("and now")), "the next turn is answered"

    with_server(script, saying(VOICE, "Well, my friend. You should kill him tonight, I say."), saying(VOICE, TEXT))
