"""An answer by speech-to-speech that is stopped: the server keeps of it what was heard, and late sound is dropped."""

from __future__ import annotations

import asyncio

import pytest

from behavioral.dialogue.replies import Replies
from behavioral.voice.junctures import pause_after_ms
from tests.behavioral.dialogue.realtime_server import RealtimeServer, saying, speech
from tests.behavioral.dialogue.speech_session import TEXT, VOICE, clauses_of, speak, text_of, with_server
from tests.behavioral.dialogue.test_tools import Acts


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
