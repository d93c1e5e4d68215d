"""The language model client against a real HTTP server on loopback, well and badly behaved."""

import asyncio
import json

import pytest

from runtime.llm.chunks import ToolCall
from runtime.llm.client import LlmClient, LlmUnavailable
from runtime.settings import LlmSettings
from tests.runtime.llm.chat_server import (
    DONE,
    Answer,
    ChatServer,
    call_part,
    calls,
    chat_server,
    chunk,
    data,
    endless,
    finish,
    status,
    streaming,
    whole,
)

HELLO = [{"role": "user", "content": "hello"}]


async def complete(server: ChatServer, said: list[str], **settings: object) -> tuple[ToolCall, ...]:
    client = LlmClient(LlmSettings(base_url=server.base_url, model="tiny", **settings))  # type: ignore[arg-type]
    try:
        return await client.complete(HELLO, [], said.append)
    finally:
        await client.aclose()


def ask(*answers: Answer, **settings: object) -> str:
    said: list[str] = []

    async def main() -> None:
        async with chat_server(*answers) as server:
            await complete(server, said, **settings)

    asyncio.run(main())
    return "".join(said)


def refused(*answers: Answer, **settings: object) -> tuple[str, str]:
    """Return what was said before the client gave up, and why it did."""
    said: list[str] = []

    async def main() -> str:
        async with chat_server(*answers) as server:
            with pytest.raises(LlmUnavailable) as caught:
                await complete(server, said, **settings)
            return str(caught.value)

    why = asyncio.run(main())
    return "".join(said), why


def test_a_streamed_reply_arrives_in_pieces() -> None:
    said: list[str] = []

    async def main() -> None:
        async with chat_server(streaming(chunk("Hello "), chunk("there."), DONE)) as server:
            await complete(server, said)
            assert server.requests[0]["stream"] is True
            assert server.requests[0]["messages"] == HELLO

    asyncio.run(main())
    assert said == ["Hello ", "there."]


OPENAI = (
    data({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}),
    chunk("A"),
    finish(),
    data({"choices": [], "usage": {"total_tokens": 3}}),
    DONE,
)
OPENROUTER = (b": OPENROUTER PROCESSING\n\n", b": OPENROUTER PROCESSING\n\n", chunk("A"), DONE)
CARRIAGE = tuple(part.replace(b"\n", b"\r\n") for part in OPENAI)
NO_DONE = (chunk("A"),)
CUT_LINE = (
    data({"choices": [{"delta": {"content": "A"}}]})[:20],
    data({"choices": [{"delta": {"content": "A"}}]})[20:],
)
LAST_LINE_OPEN = (chunk("A").rstrip(b"\n"),)
REASONING = (
    chunk(reasoning_content="they greet"),
    chunk(reasoning="me"),
    chunk("<think>I sho"),
    chunk("uld say A</th"),
    chunk("ink>A"),
    DONE,
)
GARBAGE = (
    b"data: {not json\n\n",
    b"data: []\n\n",
    b"data: 7\n\n",
    b'data: {"choices": "many"}\n\n',
    b"\xff\xfe\x00\n",
    chunk("A"),
    DONE,
)
PARTS = (chunk(content=[{"type": "text", "text": "A"}, {"type": "image"}]), DONE)
BOM = (b"\xef\xbb\xbf" + chunk("A"), DONE)
NULLS = (
    data({"id": None, "choices": [{"delta": {"content": None, "tool_calls": None}, "finish_reason": None}]}),
    chunk("A"),
)


@pytest.mark.parametrize(
    "parts",
    [OPENAI, OPENROUTER, CARRIAGE, NO_DONE, CUT_LINE, LAST_LINE_OPEN, REASONING, GARBAGE, PARTS, BOM, NULLS],
    ids=["openai", "comments", "crlf", "no done", "cut", "open end", "reasoning", "garbage", "parts", "bom", "nulls"],
)
def test_every_servers_way_of_streaming_is_understood(parts: tuple[bytes, ...]) -> None:
    assert ask(streaming(*parts)) == "A"


def test_a_server_that_does_not_stream_is_understood() -> None:
    assert ask(whole({"choices": [{"message": {"role": "assistant", "content": "Good day."}}]})) == "Good day."


def test_an_answer_ends_with_its_finish_reason_even_if_the_connection_stays_open() -> None:
    assert ask(streaming(chunk("All said."), finish(), hang=True), stall_timeout_s=20.0) == "All said."


def test_no_first_word_in_time_is_unavailable() -> None:
    assert refused(streaming(hang=True), first_token_timeout_s=0.2) == ("", "no answer within 0.2 s")


def test_hidden_reasoning_is_no_first_word() -> None:
    said, why = refused(endless(chunk(reasoning_content="hm"), 0.02), first_token_timeout_s=0.3)
    assert (said, why) == ("", "no answer within 0.3 s")


@pytest.mark.parametrize(
    "sign_of_life", [b": ping\n\n", data({"choices": []}), chunk(role="assistant"), b"data: x\n\n"]
)
def test_keep_alives_do_not_keep_a_stalled_answer_alive(sign_of_life: bytes) -> None:
    said, why = refused(
        streaming(chunk("Well, "), *[sign_of_life] * 200, pause_s=0.02), stall_timeout_s=0.3, first_token_timeout_s=9.0
    )
    assert said == "Well, "
    assert "stopped for 0.3 s" in why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (status(500), "answered 500"),
        (status(401), "answered 401"),
        (
            streaming(data({"error": {"message": "the person said hello", "type": "server_error"}})),
            "error server_error",
        ),
        (streaming(b'error: {"code": 503, "message": "Loading model"}\n\n'), "error without a code"),
        (streaming(data({"object": "error", "message": "hello", "code": 400})), "error 400"),
        (whole({"error": {"code": "model not found: hello there"}}), "error without a code"),
    ],
)
def test_an_error_is_unavailable_and_quotes_nothing(answer: Answer, why: str) -> None:
    said, told = refused(answer)
    assert said == "" and why in told
    assert "hello" not in told and "secret" not in told


def test_an_error_in_the_middle_keeps_the_words() -> None:
    said, _why = refused(streaming(chunk("Half "), data({"error": {"code": "overloaded"}})))
    assert said == "Half "


def test_an_answer_without_an_end_is_cut_by_its_size() -> None:
    said, why = refused(endless(chunk("x" * 60_000)), stall_timeout_s=20.0, first_token_timeout_s=20.0)
    assert "too large" in why
    assert len(said) <= 4 << 20


def test_a_line_without_an_end_is_dropped_and_the_next_is_heard() -> None:
    flood = [b"y" * 65_536] * 20
    assert ask(streaming(b"data: ", *flood, b"\n", chunk("A"), DONE)) == "A"


def test_tool_calls_come_together_from_their_parts() -> None:
    parts = (
        calls(call_part(0, "look_at", "", "c1")),
        calls(call_part(0, arguments='{"target": ')),
        calls(call_part(1, "get_time", "{}", "c2"), call_part(0, arguments='"person"}')),
        finish("tool_calls"),
        DONE,
    )

    async def main() -> tuple[ToolCall, ...]:
        async with chat_server(streaming(*parts)) as server:
            return await complete(server, [])

    assert asyncio.run(main()) == (
        ToolCall("c1", "look_at", '{"target": "person"}'),
        ToolCall("c2", "get_time", "{}"),
    )


def test_a_tool_call_after_its_finish_reason_or_without_index_and_id_is_taken() -> None:
    part = {"function": {"name": "get_time", "arguments": {}}}

    async def main() -> tuple[ToolCall, ...]:
        async with chat_server(streaming(calls(part), finish("tool_calls"), hang=True)) as server:
            return await complete(server, [])

    assert asyncio.run(main()) == (ToolCall("call_0", "get_time", "{}"),)


def test_cancelling_closes_the_connection() -> None:
    async def main() -> None:
        async with chat_server(streaming(chunk("Once upon a time "), hang=True)) as server:
            client = LlmClient(LlmSettings(base_url=server.base_url, model="tiny"))
            begun = asyncio.Event()
            asking = asyncio.ensure_future(client.complete(HELLO, [], lambda _words: begun.set()))
            await asyncio.wait_for(begun.wait(), 5)
            asking.cancel()
            await asyncio.wait_for(server.broken_off.wait(), 5)
            await client.aclose()

    asyncio.run(main())


def test_one_connection_opened_beforehand_serves_all_turns() -> None:
    async def main() -> None:
        async with chat_server(streaming(*OPENAI)) as server:
            client = LlmClient(LlmSettings(base_url=server.base_url, model="tiny"))
            await client.warm()
            assert server.warmings == 1 and client.unreachable == ""
            for _turn in range(3):
                said: list[str] = []
                await client.complete(HELLO, [], said.append)
                assert said == ["A"]
                await client.warm()  # the connection has just been used
                await asyncio.sleep(0.05)  # the person speaks
            assert len(server.connections) == 1 and server.warmings == 1
            await client.aclose()

    asyncio.run(main())


def test_nothing_is_tried_twice_in_a_turn() -> None:
    async def main() -> None:
        async with chat_server(status(503)) as server:
            with pytest.raises(LlmUnavailable):
                await complete(server, [])
            assert len(server.requests) == 1

    asyncio.run(main())


def test_a_server_that_is_not_there_is_known_before_the_first_turn() -> None:
    async def main() -> str:
        client = LlmClient(LlmSettings(base_url="http://127.0.0.1:9/v1", model="none"))
        await client.warm()
        await client.aclose()
        return client.unreachable

    assert "ClientConnector" in asyncio.run(main())


def test_the_key_travels_in_the_header_and_extra_keys_in_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "s3cret")

    async def main() -> None:
        async with chat_server(streaming(chunk("A"))) as server:
            extra = {"think": False, "stream": False}
            await complete(server, [], api_key_env="TEST_KEY", request_extra=extra)
            assert server.headers[0]["Authorization"] == "Bearer s3cret"
            assert server.requests[0]["think"] is False
            assert server.requests[0]["stream"] is True
            assert "s3cret" not in json.dumps(server.requests)

    asyncio.run(main())
