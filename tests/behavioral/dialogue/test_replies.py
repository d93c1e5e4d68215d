"""Who answers a turn: model, tools and scenario together, against a real server; drafts that are wanted and that are not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from runtime.messages import Knowledge
from runtime.settings import DialogueSettings, LlmSettings
from tests.behavioral.dialogue.test_tools import Acts
from tests.runtime.llm.chat_server import (
    DONE,
    Answer,
    ChatServer,
    call_part,
    calls,
    chat_server,
    chunk,
    endless,
    finish,
    status,
    streaming,
)


def with_server(
    script: Callable[[Replies, ChatServer, Acts], Awaitable[Any]], *answers: Answer, **settings: object
) -> Any:
    async def main() -> Any:
        async with chat_server(*answers) as server:
            llm = LlmSettings(base_url=server.base_url, model="tiny", **settings)  # type: ignore[arg-type]
            acts = Acts()
            replies = Replies(
                DialogueSettings(llm=llm), load_scenario("welcome"), 1, use_llm=True, embodiment=acts.embodiment
            )
            try:
                return await script(replies, server, acts)
            finally:
                await replies.aclose()

    return asyncio.run(main())


async def text_of(draft: Draft) -> str:
    return " ".join("".join([piece async for piece in draft if isinstance(piece, str)]).split())


async def some_of(draft: Draft) -> None:
    """Wait until something of a draft is there."""
    while not draft.so_far:  # noqa: ASYNC110 - a draft tells nobody
        await asyncio.sleep(0.01)


def answered(text: str, *answers: Answer, **settings: object) -> tuple[str, str]:
    async def script(replies: Replies, _server: ChatServer, _acts: Acts) -> tuple[str, str]:
        return await text_of(replies.answer(text)), replies.trouble

    said, trouble = with_server(script, *answers, **settings)
    return said, trouble


# ------------------------------------------------------------ model and scenario


def test_the_model_answers_with_its_tags_inside() -> None:
    parts = (chunk("[wa"), chunk("ve] Hel"), chunk("lo there. [n"), chunk("od]"), DONE)
    assert answered("hello", streaming(*parts)) == ("[wave] Hello [nod] there.", "")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (streaming(DONE), "empty reply"),
        (streaming(finish()), "empty reply"),
        (streaming(b"<html>not found</html>"), "empty reply"),
        (streaming(b"\x00\xff" * 5_000), "empty reply"),
        (streaming(chunk("<think>well"), chunk(" well</think>"), DONE), "empty reply"),
        (status(500), "answered 500"),
        (streaming(hang=True), "no answer within 0.3 s"),
        (endless(b": ping\n\n", 0.01), "no answer within 0.3 s"),
    ],
    ids=["done", "finish", "html", "garbage", "thoughts", "500", "silence", "pings"],
)
def test_without_a_usable_answer_the_scenario_answers_and_health_knows(answer: Answer, trouble: str) -> None:
    said, told = answered("who are you", answer, first_token_timeout_s=0.3)
    assert "Ada" in said
    assert trouble in told


def test_health_is_well_again_once_the_model_answers() -> None:
    async def script(replies: Replies, _server: ChatServer, _acts: Acts) -> list[str]:
        troubles = []
        for _turn in range(2):
            await text_of(replies.answer("who are you"))
            troubles.append(replies.trouble)
        return troubles

    first, second = with_server(script, status(500), streaming(chunk("I am Ada."), DONE))
    assert first and not second


def test_what_was_said_before_the_stream_broke_is_the_answer() -> None:
    said, trouble = answered("tell me", streaming(chunk("Well, once "), hang=True), stall_timeout_s=0.3)
    assert said == "Well, once"
    assert "stopped" in trouble


@pytest.mark.parametrize("part", [chunk("so on and "), chunk("x" * 5_000), chunk("blah. " * 500)])
def test_a_reply_that_never_ends_ends_at_its_limit_and_the_connection_with_it(part: bytes) -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> str:
        said = await text_of(replies.answer("tell me"))
        await asyncio.wait_for(server.broken_off.wait(), 5)
        return said

    said = with_server(script, endless(part, 0.001), max_reply_chars=200, total_timeout_s=2.0)
    assert 40 <= len(said) <= 200


def test_a_hundred_kilobytes_in_one_word_are_cut() -> None:
    said, trouble = answered("tell me", streaming(chunk("So " + "a" * 100_000 + " it is."), DONE))
    assert said == "So " + "a" * 48 + " it is."
    assert trouble == ""


def test_no_words_understood_are_asked_for_again_without_the_model() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> tuple[str, int]:
        return await text_of(replies.answer("")), len(server.requests)

    said, requests = with_server(script, streaming(chunk("What?"), DONE))
    assert requests == 0
    assert "catch" in said or "missed" in said


def test_the_model_reads_what_was_heard_of_its_turns_and_turns_alternate() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> list[tuple[str, str]]:
        replies.agent_said("Hello, I am Ada.")
        await text_of(replies.answer("are you open"))
        await text_of(replies.answer("are you open on sunday"))
        replies.agent_said("Yes, we")
        await text_of(replies.answer("until when"))
        assert server.requests[-1]["messages"][0]["role"] == "system"
        return [(m["role"], m["content"]) for m in server.requests[-1]["messages"][1:]]

    assert with_server(script, streaming(chunk("Yes, we are."), DONE)) == [
        ("user", "(silence)"),
        ("assistant", "Hello, I am Ada."),
        ("user", "are you open on sunday"),
        ("assistant", "Yes, we"),
        ("user", "until when"),
    ]


def test_the_model_reads_what_people_said_to_each_other_as_such() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> list[tuple[str, str]]:
        replies.overheard("the {river} place is closed")
        replies.overheard("")
        await text_of(replies.answer("is that so"))
        replies.overheard("wait a moment")
        await text_of(replies.answer("is that so on sunday"))
        return [(m["role"], m["content"]) for m in server.requests[-1]["messages"][1:]]

    closed, wait = "(to somebody else: the {river} place is closed)", "(to somebody else: wait a moment)"
    assert with_server(script, streaming(chunk("Yes."), DONE)) == [("user", f"{closed} {wait} is that so on sunday")]


def test_the_newest_knowledge_is_in_the_next_request() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> list[str]:
        for fact in ("likes tea", "likes coffee"):
            replies.know(Knowledge(persona="Ada. A host.", facts=(fact,)))
            await text_of(replies.answer("what do I like"))
        return [request["messages"][0]["content"] for request in server.requests]

    first, second = with_server(script, streaming(chunk("You know."), DONE))
    assert "likes tea" in first and "A host." in first
    assert "likes coffee" in second and "likes tea" not in second


# ------------------------------------------------------------ tools


def test_a_tool_acts_and_its_result_goes_back() -> None:
    async def script(replies: Replies, server: ChatServer, acts: Acts) -> None:
        said = await text_of(replies.answer("remember that I like tea"))
        assert said == "I will remember it."
        assert [fact.text for fact in acts.facts] == ["likes tea"]
        names = [tool["function"]["name"] for tool in server.requests[0]["tools"]]
        assert names == ["perform_gesture", "look_at", "set_expression", "remember", "get_time"]
        asked, result = server.requests[1]["messages"][-2:]
        assert asked["tool_calls"][0]["id"] == result["tool_call_id"] == "c1"
        assert result == {"role": "tool", "tool_call_id": "c1", "content": "remembered"}

    first = streaming(
        calls(call_part(0, "remember", '{"fact": "likes', "c1")), calls(call_part(0, arguments=' tea"}')), DONE
    )
    with_server(script, first, streaming(chunk("I will remember it."), DONE))


def test_words_with_an_act_need_no_second_request() -> None:
    async def script(replies: Replies, server: ChatServer, acts: Acts) -> None:
        assert await text_of(replies.answer("wave please")) == "With pleasure."
        assert [i.content for i in acts.intentions] == ["wave"]
        assert len(server.requests) == 1

    act = calls(call_part(0, "perform_gesture", '{"label": "wave"}', "c1"))
    with_server(script, streaming(chunk("With pleasure."), act, DONE))


def test_a_wrong_call_is_told_and_can_be_mended() -> None:
    async def script(replies: Replies, server: ChatServer, acts: Acts) -> None:
        assert await text_of(replies.answer("fly")) == "I cannot fly."
        results = [m["content"] for m in server.requests[1]["messages"] if m["role"] == "tool"]
        assert ["no such tool" in results[0], "$.label" in results[1]] == [True, True]
        assert acts.intentions == []

    wrong = calls(call_part(0, "fly", "{}", "c1"), call_part(1, "perform_gesture", '{"label": 7}', "c2"))
    with_server(script, streaming(wrong, DONE), streaming(chunk("I cannot fly."), DONE))


def test_tool_rounds_are_counted_and_end() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> None:
        await text_of(replies.answer("what time is it"))
        assert len(server.requests) == 3
        assert ["tools" in request for request in server.requests] == [True, True, False]

    with_server(script, streaming(calls(call_part(0, "get_time", "{}", "c1")), DONE), tool_rounds_max=2)


def test_tools_can_be_switched_off() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> None:
        await text_of(replies.answer("hello"))
        assert "tools" not in server.requests[0]

    with_server(script, streaming(chunk("Hi."), DONE), tools=False)


def test_a_reply_that_is_only_a_tag_acts_and_says_nothing() -> None:
    async def script(replies: Replies, _server: ChatServer, acts: Acts) -> None:
        assert await text_of(replies.answer("do you agree")) == ""
        assert [(i.kind, i.content or i.label) for i in acts.intentions] == [
            ("gesture", "nod"),
            ("expression", "happy"),
        ]
        assert replies.trouble == ""

    with_server(script, streaming(chunk("[nod] [smile]"), DONE))


# ------------------------------------------------------------ drafts


def test_a_wanted_draft_gives_at_once_what_has_come() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> None:
        draft = replies.prepare("are you open")
        await some_of(draft)
        assert draft.so_far == ("We ",)
        server.hold.set()
        assert await text_of(draft.commit("Are you open, uh?")) == "We are open."
        assert len(server.requests) == 1

    with_server(script, streaming(chunk("We "), chunk("are "), chunk("open."), DONE, hold_before=2))


def test_a_draft_for_other_words_is_cancelled_and_the_real_ones_are_answered() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> None:
        draft = replies.prepare("are you open")
        await some_of(draft)
        assert await text_of(draft.commit("are you open on sunday")) == "On Sunday, no."
        assert "".join(map(str, draft.so_far)) == "On Sunday, no.", "nothing of the first draft is left"
        await asyncio.wait_for(server.broken_off.wait(), 5)
        assert server.requests[1]["messages"][-1]["content"] == "are you open on sunday"

    with_server(
        script, streaming(chunk("Yes, we "), chunk("are "), hang=True), streaming(chunk("On Sunday, no."), DONE)
    )


def test_a_cancelled_draft_closes_its_connection_and_leaves_no_trace() -> None:
    async def script(replies: Replies, server: ChatServer, acts: Acts) -> None:
        draft = replies.prepare("are you")
        await some_of(draft)
        draft.cancel()
        await asyncio.wait_for(server.broken_off.wait(), 5)
        assert await text_of(replies.answer("are you open")) == "Yes."
        assert [m["content"] for m in server.requests[1]["messages"][1:]] == ["are you open"]
        assert acts.intentions == []

    with_server(script, streaming(chunk("I am, I "), hang=True), streaming(chunk("Yes."), DONE))


def test_tools_of_a_draft_act_only_once_it_is_wanted() -> None:
    act = calls(call_part(0, "perform_gesture", '{"label": "wave"}', "c1"))

    async def script(replies: Replies, _server: ChatServer, acts: Acts) -> None:
        draft = replies.prepare("wave please")
        await some_of(draft)
        await asyncio.sleep(0.1)
        assert acts.intentions == []
        assert await text_of(draft.commit()) == "Like this."
        assert [i.content for i in acts.intentions] == ["wave"]

    with_server(script, streaming(chunk("Like "), chunk("this."), act, DONE))


def test_a_draft_made_before_the_agent_was_heard_is_made_anew() -> None:
    async def script(replies: Replies, server: ChatServer, _acts: Acts) -> None:
        draft = replies.prepare("and then")
        replies.agent_said("First we")
        await text_of(draft.commit())
        assert {"role": "assistant", "content": "First we"} in server.requests[-1]["messages"]

    with_server(script, streaming(chunk("Then this."), DONE))


def test_a_draft_whose_model_fails_is_answered_by_the_scenario_once_wanted() -> None:
    async def script(replies: Replies, _server: ChatServer, _acts: Acts) -> None:
        draft = replies.prepare("who are you")
        await asyncio.sleep(0.1)
        assert draft.so_far == ()
        assert "Ada" in await text_of(draft.commit())

    with_server(script, status(500))


def scripted(script: Callable[[Replies], Awaitable[list[str]]]) -> list[str]:
    async def main() -> list[str]:
        return await script(Replies(DialogueSettings(), load_scenario("welcome"), 7, use_llm=False))

    return asyncio.run(main())


TURNS = ["hello", "blue", "green", "who are you", "my name is anna", "red", "hello", "bye"]


def test_the_scripted_conversation_is_the_same_whatever_was_drafted_and_dropped() -> None:
    async def plain(replies: Replies) -> list[str]:
        return [await text_of(replies.answer(text)) for text in TURNS]

    async def speculative(replies: Replies) -> list[str]:
        said = []
        for text in TURNS:
            for guess in ("hello", "purple elephants", "my name is bert", text):
                replies.prepare(guess).cancel()
            kept = replies.prepare(text)
            other = replies.prepare("something else")
            said.append(await text_of((other if text == "green" else kept).commit(text)))
        return said

    assert scripted(plain) == scripted(speculative)


def test_a_scripted_draft_shows_what_it_will_say() -> None:
    async def script(replies: Replies) -> list[str]:
        draft = replies.prepare("who are you")
        shown = " ".join("".join(map(str, draft.so_far)).split())
        return [shown, await text_of(draft.commit())]

    shown, said = scripted(script)
    assert shown == said and "Ada" in said


def test_a_cancelled_draft_gives_nothing() -> None:
    async def script(replies: Replies) -> list[str]:
        draft = replies.prepare("who are you")
        draft.cancel()
        return [await text_of(draft.commit())]

    assert json.dumps(scripted(script)) == '[""]'
