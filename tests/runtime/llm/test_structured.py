"""Values of a given type from servers of every kind: a real server process, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from runtime.llm.client import LlmUnavailable
from runtime.llm.prompt import LlmNonsense, Prompt
from runtime.llm.structured import ANSWER_CHARS_MAX, StructuredClient
from runtime.settings import LlmSettings
from tests.openai_process import ServerProcess, openai_server

JPEG = b"\xff\xd8\xff\xe0 not really a picture"


class Mark(Struct, frozen=True):
    kind: Literal["good", "bad"]
    weight: Annotated[float, Meta(ge=0, le=1)]
    evidence: list[int]


class Marks(Struct, frozen=True):
    marks: Annotated[list[Mark], Meta(max_length=3)]
    best: Mark | None = None


MARK = Mark("bad", 0.9, [1])
PROMPT = Prompt("Mark it.", "the data")


@pytest.fixture(scope="module")
def server():
    with openai_server() as running:
        yield running


def run(
    server: ServerProcess, mood: str, use: Callable[[StructuredClient], Awaitable[Any]], **settings: Any
) -> tuple[Any, list[dict[str, Any]]]:
    """Let a client of one mood be used; return what comes of it and the requests that it made."""
    before = len(server.seen())

    async def main() -> Any:
        given: dict[str, Any] = {"first_token_timeout_s": 5.0, "stall_timeout_s": 5.0, **settings}
        client = StructuredClient(LlmSettings(base_url=server.base_url, model=mood, **given))
        try:
            return await use(client)
        finally:
            await client.aclose()

    return asyncio.run(main()), [seen["body"] for seen in server.seen()[before:]]


def ask(server: ServerProcess, mood: str, **settings: Any) -> tuple[Any, list[dict[str, Any]]]:
    return run(server, mood, lambda client: client.ask(PROMPT, Marks), **settings)


def formats(bodies: list[dict[str, Any]]) -> list[str]:
    return [(body.get("response_format") or {}).get("type", "text") for body in bodies]


@pytest.mark.parametrize("mood", ["good", "whole", "fenced"])
def test_a_value_comes_streamed_whole_or_wrapped_in_prose(server, mood):
    value, (body,) = ask(server, mood)
    assert value == Marks([MARK], MARK)
    assert body["stream"] is True and body["response_format"]["json_schema"]["strict"] is True


def test_the_schema_holds_what_strict_servers_want(server):
    _value, (body,) = ask(server, "good")
    schema = body["response_format"]["json_schema"]["schema"]
    mark = schema["properties"]["marks"]["items"]
    assert schema["required"] == ["marks", "best"] and schema["additionalProperties"] is False
    assert mark["additionalProperties"] is False and mark["required"] == ["kind", "weight", "evidence"]
    told = msgspec.json.encode(schema).decode()
    assert "maximum" not in told and "$ref" not in told and "maxItems" not in told


@pytest.mark.parametrize(
    ("mood", "first", "second"),
    [
        ("no_schema", ["json_schema", "json_object"], ["json_object"]),
        ("no_format", ["json_schema", "json_object", "text"], ["text"]),
        ("schema_or_text", ["json_schema"], ["json_schema"]),
    ],
)
def test_what_a_server_refuses_is_asked_for_once(server, mood, first, second):
    async def twice(client: StructuredClient) -> Any:
        assert await client.ask(PROMPT, Marks) == Marks([MARK], MARK)
        return await client.ask(PROMPT, Marks)

    value, bodies = run(server, mood, twice)
    assert value == Marks([MARK], MARK) and formats(bodies) == [*first, *second]


def test_pictures_go_as_data_urls_and_are_left_out_where_refused(server):
    prompt = Prompt("Look.", "the data", (JPEG,))

    async def twice(client: StructuredClient) -> bool:
        await client.ask(prompt, Marks)
        await client.ask(prompt, Marks)
        return client.takes_images

    takes, bodies = run(server, "good", twice)
    part = bodies[0]["messages"][1]["content"][1]
    assert takes and part["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/4")
    takes, bodies = run(server, "blind", twice)
    assert not takes and [isinstance(body["messages"][1]["content"], list) for body in bodies] == [True, False, False]


def test_an_answer_that_breaks_the_schema_goes_back_once_with_the_error(server):
    value, (first, second) = ask(server, "mends")
    assert value == Marks([MARK], MARK) and len(first["messages"]) == 2
    assert "marks" in second["messages"][3]["content"] and second["messages"][2]["role"] == "assistant"


@pytest.mark.parametrize("mood", ["violating", "malformed", "prose", "truncated", "trigram"])
def test_a_second_wrong_answer_is_nonsense(server, mood):
    def nonsense(client: StructuredClient) -> Awaitable[Any]:
        return client.ask(PROMPT, Marks)

    with pytest.raises(LlmNonsense):
        run(server, mood, nonsense)


def test_a_check_of_the_caller_is_told_to_the_model_too(server):
    wrong = iter(["marks: not that one", ""])

    async def use(client: StructuredClient) -> Any:
        return await client.ask(PROMPT, Marks, lambda _value: next(wrong))

    _value, bodies = run(server, "good", use)
    assert "not that one" in bodies[1]["messages"][3]["content"]


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("failing", "answered 500"),
        ("failing_inside", "error server_error"),
        ("unauthorised", "answered 401"),
        ("nobody", "answered 404"),
        ("cut_off", "ClientPayloadError"),
        ("oversized", "too large"),
        ("not_http_json", "no answer"),
    ],
)
def test_an_error_is_unavailable_and_not_tried_again(server, mood, words):
    before = len(server.seen())
    with pytest.raises((LlmUnavailable, LlmNonsense)) as caught:
        ask(server, mood)
    if mood != "not_http_json":  # an empty stream is an answer without JSON
        assert words in str(caught.value) and isinstance(caught.value, LlmUnavailable)
        assert len(server.seen()) - before <= 1


@pytest.mark.parametrize("mood", ["oversized_whole", "bomb"])
def test_megabytes_in_one_piece_are_refused_by_size_or_as_unreadable(server, mood):
    with pytest.raises(LlmUnavailable):
        ask(server, mood)


@pytest.mark.parametrize("mood", ["hanging", "stalling"])
def test_a_server_that_stops_is_given_up_and_called_slow(server, mood):
    with pytest.raises(LlmUnavailable) as caught:
        ask(server, mood, first_token_timeout_s=0.3, stall_timeout_s=0.3)
    assert caught.value.slow


def test_a_rate_limit_says_when_to_come_back(server):
    with pytest.raises(LlmUnavailable) as caught:
        ask(server, "rate_limited")
    assert caught.value.refusal is not None
    assert caught.value.refusal.rate_limited and caught.value.refusal.retry_after_s == 20.0


def test_a_killed_server_is_unavailable():
    with openai_server() as mortal, pytest.raises(LlmUnavailable):
        asyncio.run(_ask_mortal(mortal))


async def _ask_mortal(mortal: ServerProcess) -> None:
    client = StructuredClient(LlmSettings(base_url=mortal.base_url, model="killed", first_token_timeout_s=5.0))
    try:
        await client.ask(PROMPT, Marks)
    finally:
        await client.aclose()


def test_the_key_comes_from_the_environment_and_goes_into_the_header_only(server, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "s3cret")
    ask(server, "good", api_key_env="TEST_KEY")
    seen = server.seen()[-1]
    assert seen["authorization"] == "Bearer s3cret" and "s3cret" not in str(seen["body"])


def test_an_answer_of_the_longest_kept_length_is_kept():
    assert ANSWER_CHARS_MAX >= 8 * 1024
