"""Speech-to-speech against a real WebSocket server on loopback: a turn is answered with sound, text and tools."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from behavioral.dialogue.replies import Replies
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.tts.contract import SpokenClause
from runtime.messages import Knowledge, SafetyDecision
from runtime.safety.refusals import REFUSALS, Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules
from runtime.settings import SpeechToSpeechSettings
from tests.behavioral.dialogue.realtime_server import RealtimeServer, saying
from tests.behavioral.dialogue.speech_session import TEXT, VOICE, clauses_of, speak, text_of, with_server
from tests.behavioral.dialogue.test_tools import Acts


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
