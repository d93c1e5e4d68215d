"""A speech-to-speech server that is silent, broken, endless or away: the text dialogue answers and health knows why."""

from __future__ import annotations

import asyncio

import pytest

from behavioral.dialogue.replies import Replies
from tests.behavioral.dialogue.realtime_server import Act, RealtimeServer, saying, speech
from tests.behavioral.dialogue.speech_session import TEXT, VOICE, clauses_of, speak, text_of, with_server
from tests.behavioral.dialogue.test_tools import Acts


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
