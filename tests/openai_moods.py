"""The behaviours (`MOODS`) of `tests/openai_server.py`: as OpenAI, llama.cpp, vLLM and LM Studio answer, break and refuse.

Two moods are a real, tiny language model: a character trigram trained at start on the file of the persona, once without any
grammar, once bound by the schema as llama.cpp's grammars bind a model.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import random
import signal
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.openai_answers import Json, evidence_of, fill, refusal, schema_of, send

Mood = Callable[["State", web.Request, Json], Awaitable[web.StreamResponse]]
MOODS: dict[str, Mood] = {}


class Trigram:
    """Counts which character follows which two."""

    def __init__(self, text: str) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for at in range(len(text) - 2):
            self._next[text[at : at + 2]].append(text[at + 2])

    def write(self, chance: random.Random, length: int) -> str:
        made = chance.choice(list(self._next))
        while len(made) < length:
            made += chance.choice(self._next.get(made[-2:]) or [" "])
        return made


class State:
    """What a mood knows of its server."""

    def __init__(self, delay_s: float, corpus: Path) -> None:
        self.delay_s = delay_s
        self.said: Json = {}
        self.seen: list[Json] = []
        self.turn = 0
        self.chance = random.Random(5)
        self.model = Trigram(corpus.read_text())


def mood(function: Mood) -> Mood:
    MOODS[function.__name__] = function
    return function


def good_text(state: State, body: Json) -> str:
    return json.dumps(fill(schema_of(body), "", state.said, evidence_of(body)))


@mood
async def good(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, good_text(state, body))


@mood
async def whole(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Ignores `stream`."""
    return await send(request, {**body, "stream": False}, good_text(state, body))


@mood
async def fenced(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    text = f'<think>{{"a": 1}}</think>Sure! Here {{it}} is:\n```json\n{good_text(state, body)}\n```\nAnything else?'
    return await send(request, body, text)


@mood
async def slow(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    await asyncio.sleep(state.delay_s)
    return await send(request, body, good_text(state, body))


@mood
async def hanging(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


@mood
async def stalling(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Half an answer, then nothing."""
    text = good_text(state, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    await asyncio.sleep(3600)
    return response


@mood
async def dripping(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """One character at a time, for ever within every pause."""
    return await send(request, body, "{" + " " * 100_000, pause_s=0.05, piece=1)


@mood
async def rate_limited(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    message = "Rate limit reached for requests. Limit: 3 / min. Please try again in 20s."
    return refusal(429, message, "requests", "rate_limit_exceeded", **{"Retry-After": "20"})


@mood
async def failing(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return refusal(500, "The server had an error while processing your request", "server_error")


@mood
async def failing_inside(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """200, and then an error in the stream."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b'data: {"error": {"message": "out of memory", "type": "server_error", "code": null}}\n\n')
    return response


@mood
async def unauthorised(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return refusal(401, "Incorrect API key provided: sk-***", "invalid_request_error", "invalid_api_key")


@mood
async def truncated(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """An orderly end in the middle of the JSON, as with too small a max_tokens."""
    text = good_text(state, body)
    return await send(request, body, text[: len(text) * 2 // 3])


@mood
async def cut_off(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """The connection breaks in the middle of the JSON."""
    text = good_text(state, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    assert request.transport is not None
    request.transport.abort()
    return response


@mood
async def malformed(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, "{'triggers': [None,], act: undefined}}}} {" + "[" * 5_000)


@mood
async def prose(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, "I am sorry, but I cannot judge this situation. Shall I tell you a joke?")


@mood
async def not_http_json(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html", status=200)


@mood
async def oversized(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Megabytes of valid JSON."""
    return await send(request, body, json.dumps({"triggers": [], "act": None, "x": "y" * 8_000_000}), piece=65_536)


@mood
async def oversized_whole(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, {**body, "stream": False}, json.dumps({"triggers": [], "x": "y" * 8_000_000}))


@mood
async def bomb(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """A few kilobytes that unpack to 64 MB."""
    packed = gzip.compress(b'{"choices": [{"message": {"content": "' + b"y" * (64 << 20) + b'"}}]}')
    return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


@mood
async def violating(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    text = json.dumps({"triggers": [{"type": "emotional_need", "probability": 7, "reason": 3}], "act": "dance"})
    return await send(request, body, text)


@mood
async def wrong_evidence(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    def wrong(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: [9_999] if key == "evidence" else wrong(part) for key, part in value.items()}
        return [wrong(part) for part in value] if isinstance(value, list) else value

    return await send(request, body, json.dumps(wrong(json.loads(good_text(state, body)))))


@mood
async def mends(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Breaks the schema, and mends it when it is told."""
    told = any(message["role"] == "assistant" for message in body["messages"])
    return await send(request, body, good_text(state, body) if told else '{"triggers": "none"}')


@mood
async def no_schema(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """llama.cpp of 2024: knows json_object only, and says so with 500."""
    form = (body.get("response_format") or {}).get("type", "text")
    if form not in ("text", "json_object"):
        return refusal(
            500, f'response_format type must be one of "text" or "json_object", but got: {form}', "server_error"
        )
    return await send(request, body, good_text(state, body))


@mood
async def no_format(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """A server with strict request bodies and words that tell nothing."""
    if "response_format" in body:
        return web.json_response({"error": "extra inputs are not permitted"}, status=422)
    return await send(request, body, good_text(state, body))


@mood
async def schema_or_text(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """LM Studio: a bare text, and no json_object."""
    if (body.get("response_format") or {}).get("type") == "json_object":
        return web.json_response({"error": "'response_format.type' must be 'json_schema' or 'text'"}, status=400)
    return await send(request, body, good_text(state, body))


@mood
async def blind(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """A text model."""
    if any(isinstance(message["content"], list) for message in body["messages"]):
        return refusal(500, "image input is not supported - hint: you may need to provide the mmproj", "server_error")
    return await send(request, body, good_text(state, body))


@mood
async def killed(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """The process dies with SIGKILL in the middle of a stream."""
    text = good_text(state, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)
    return response


IN_TURN = (
    "good", "malformed", "good", "oversized", "good", "bomb", "good", "cut_off", "good", "failing", "good", "trigram", "good",
    "wrong_evidence", "good", "dripping",
)  # fmt: skip


@mood
async def moody(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """Another mood for each request; the answers between let the circuit close."""
    state.turn += 1
    return await MOODS[IN_TURN[(state.turn - 1) % len(IN_TURN)]](state, request, body)


@mood
async def trigram(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """The tiny model without a grammar: garbage."""
    return await send(request, body, "{" + state.model.write(state.chance, 400), pause_s=0.001)


@mood
async def trigram_bound(state: State, request: web.Request, body: Json) -> web.StreamResponse:
    """The tiny model bound by the schema: valid JSON, and nonsense."""

    def write(schema: Json) -> Any:
        chance = state.chance
        if "anyOf" in schema:
            return write(chance.choice(schema["anyOf"]))
        if "enum" in schema:
            return chance.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                return {key: write(part) for key, part in schema["properties"].items()}
            case "array":
                return [write(schema["items"]) for _ in range(chance.randint(0, 4))]
            case "number":
                return round(chance.random(), 3)
            case "integer":
                return chance.randint(0, 40)
            case "string":
                return state.model.write(chance, chance.randint(2, 200))
        return None

    return await send(request, body, json.dumps(write(schema_of(body))), pause_s=0.001)
