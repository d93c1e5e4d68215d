"""A language model server as a process of its own: `python tests/openai_server.py`, its address on the first line of output.

It speaks the OpenAI protocol over HTTP: GET /v1/models; POST /v1/chat/completions with and without `stream` (server-sent events with a
role chunk, word chunks, a finish reason and [DONE]); response_format text, json_object, json_schema; errors with status, body and
headers as OpenAI, llama.cpp, vLLM and LM Studio write them. Which of its behaviours (`MOODS`) a request meets is said by its `model`.
A good answer is made from the JSON schema that the request carries, with single values set by `POST /say` (property name to value);
`GET /seen` returns what was asked. Two moods are a real, tiny language model: a character trigram trained at start on the file
of the persona, once without any grammar, once bound by the schema as llama.cpp's grammars bind a model.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import os
import random
import re
import signal
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Mood = Callable[["Server", web.Request, Json], Awaitable[web.StreamResponse]]
MOODS: dict[str, Mood] = {}
_SCHEMA = re.compile(r"and nothing else:\n(\{.*\})\s*$", re.DOTALL)
_ID = re.compile(r'^\{"id": (\d+),', re.MULTILINE)


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


class Server:
    def __init__(self, delay_s: float, corpus: Path) -> None:
        self.delay_s = delay_s
        self.said: Json = {}
        self.seen: list[Json] = []
        self.turn = 0
        self.chance = random.Random(5)
        self.model = Trigram(corpus.read_text())

    async def models(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in MOODS]})

    async def say(self, request: web.Request) -> web.Response:
        self.said = await request.json()
        return web.json_response({})

    async def tell(self, _request: web.Request) -> web.Response:
        return web.json_response(self.seen)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
            messages = body["messages"]
            assert isinstance(messages, list) and all(message["role"] and message["content"] for message in messages)
        except (ValueError, KeyError, TypeError, AssertionError):
            return refusal(400, "messages: a list of role and content is needed", "invalid_request_error")
        self.seen.append({"body": body, "authorization": request.headers.get("Authorization", "")})
        mood = MOODS.get(body.get("model", ""))
        if mood is None:
            return refusal(
                404, f"The model `{body.get('model')}` does not exist", "invalid_request_error", "model_not_found"
            )
        return await mood(self, request, body)


def refusal(status: int, message: str, kind: str, code: str | None = None, **headers: str) -> web.Response:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def mood(function: Mood) -> Mood:
    MOODS[function.__name__] = function
    return function


# ---------------------------------------------------------------- making and sending answers


def schema_of(body: Json) -> Json:
    """Return the schema that an answer is to have: of the response format, else of the prompt."""
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        return form["json_schema"]["schema"]
    found = _SCHEMA.search(str(body["messages"][0]["content"]))
    return json.loads(found.group(1)) if found else {"type": "object", "properties": {}}


def evidence_of(body: Json) -> list[int]:
    content = body["messages"][1]["content"]
    text = content if isinstance(content, str) else content[0]["text"]
    return [int(number) for number in _ID.findall(text)]


def fill(schema: Json, name: str, said: Json, ids: list[int]) -> Any:
    """Return a value of a schema: what was said for the property, else something plain."""
    if name in said:
        return said[name]
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], name, said, ids)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {key: fill(part, key, said, ids) for key, part in schema.get("properties", {}).items()}
        case "array":
            return [ids[-1]] if name == "evidence" and ids else [fill(schema["items"], name, said, ids)]
        case "number":
            return 0.9
        case "integer":
            return ids[-1] if name == "evidence" and ids else 1
        case "string":
            return "all is well"
    return None


def good_text(server: Server, body: Json) -> str:
    return json.dumps(fill(schema_of(body), "", server.said, evidence_of(body)))


async def send(
    request: web.Request, body: Json, text: str, *, pause_s: float = 0.0, finish: bool = True, piece: int = 24
) -> web.StreamResponse:
    """Send an answer as the request wants it: streamed or whole."""
    if not body.get("stream"):
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response({"id": "c1", "object": "chat.completion", "model": body["model"], "choices": [choice]})
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)

    async def delta(content: Json, reason: str | None = None) -> None:
        choice = {"index": 0, "delta": content, "finish_reason": reason}
        event = {"id": "c1", "object": "chat.completion.chunk", "model": body["model"], "choices": [choice]}
        await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    with contextlib.suppress(ConnectionError):  # the client has had enough
        await delta({"role": "assistant", "content": ""})
        for at in range(0, len(text), piece):
            await delta({"content": text[at : at + piece]})
            if pause_s:
                await asyncio.sleep(pause_s)
        if finish:
            await delta({}, "stop")
            await response.write(b"data: [DONE]\n\n")
    return response


# ---------------------------------------------------------------- moods


@mood
async def good(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, good_text(server, body))


@mood
async def whole(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """Ignores `stream`."""
    return await send(request, {**body, "stream": False}, good_text(server, body))


@mood
async def fenced(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    text = f'<think>{{"a": 1}}</think>Sure! Here {{it}} is:\n```json\n{good_text(server, body)}\n```\nAnything else?'
    return await send(request, body, text)


@mood
async def slow(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    await asyncio.sleep(server.delay_s)
    return await send(request, body, good_text(server, body))


@mood
async def hanging(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


@mood
async def stalling(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """Half an answer, then nothing."""
    text = good_text(server, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    await asyncio.sleep(3600)
    return response


@mood
async def dripping(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """One character at a time, for ever within every pause."""
    return await send(request, body, "{" + " " * 100_000, pause_s=0.05, piece=1)


@mood
async def rate_limited(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    message = "Rate limit reached for requests. Limit: 3 / min. Please try again in 20s."
    return refusal(429, message, "requests", "rate_limit_exceeded", **{"Retry-After": "20"})


@mood
async def failing(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return refusal(500, "The server had an error while processing your request", "server_error")


@mood
async def failing_inside(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """200, and then an error in the stream."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b'data: {"error": {"message": "out of memory", "type": "server_error", "code": null}}\n\n')
    return response


@mood
async def unauthorised(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return refusal(401, "Incorrect API key provided: sk-***", "invalid_request_error", "invalid_api_key")


@mood
async def truncated(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """An orderly end in the middle of the JSON, as with too small a max_tokens."""
    text = good_text(server, body)
    return await send(request, body, text[: len(text) * 2 // 3])


@mood
async def cut_off(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """The connection breaks in the middle of the JSON."""
    text = good_text(server, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    assert request.transport is not None
    request.transport.abort()
    return response


@mood
async def malformed(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, "{'triggers': [None,], act: undefined}}}} {" + "[" * 5_000)


@mood
async def prose(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, body, "I am sorry, but I cannot judge this situation. Shall I tell you a joke?")


@mood
async def not_http_json(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html", status=200)


@mood
async def oversized(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """Megabytes of valid JSON."""
    return await send(request, body, json.dumps({"triggers": [], "act": None, "x": "y" * 8_000_000}), piece=65_536)


@mood
async def oversized_whole(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    return await send(request, {**body, "stream": False}, json.dumps({"triggers": [], "x": "y" * 8_000_000}))


@mood
async def bomb(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """A few kilobytes that unpack to 64 MB."""
    packed = gzip.compress(b'{"choices": [{"message": {"content": "' + b"y" * (64 << 20) + b'"}}]}')
    return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


@mood
async def violating(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    text = json.dumps({"triggers": [{"type": "emotional_need", "probability": 7, "reason": 3}], "act": "dance"})
    return await send(request, body, text)


@mood
async def wrong_evidence(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    def wrong(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: [9_999] if key == "evidence" else wrong(part) for key, part in value.items()}
        return [wrong(part) for part in value] if isinstance(value, list) else value

    return await send(request, body, json.dumps(wrong(json.loads(good_text(server, body)))))


@mood
async def mends(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """Breaks the schema, and mends it when it is told."""
    told = any(message["role"] == "assistant" for message in body["messages"])
    return await send(request, body, good_text(server, body) if told else '{"triggers": "none"}')


@mood
async def no_schema(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """llama.cpp of 2024: knows json_object only, and says so with 500."""
    form = (body.get("response_format") or {}).get("type", "text")
    if form not in ("text", "json_object"):
        return refusal(
            500, f'response_format type must be one of "text" or "json_object", but got: {form}', "server_error"
        )
    return await send(request, body, good_text(server, body))


@mood
async def no_format(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """A server with strict request bodies and words that tell nothing."""
    if "response_format" in body:
        return web.json_response({"error": "extra inputs are not permitted"}, status=422)
    return await send(request, body, good_text(server, body))


@mood
async def schema_or_text(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """LM Studio: a bare text, and no json_object."""
    if (body.get("response_format") or {}).get("type") == "json_object":
        return web.json_response({"error": "'response_format.type' must be 'json_schema' or 'text'"}, status=400)
    return await send(request, body, good_text(server, body))


@mood
async def blind(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """A text model."""
    if any(isinstance(message["content"], list) for message in body["messages"]):
        return refusal(500, "image input is not supported - hint: you may need to provide the mmproj", "server_error")
    return await send(request, body, good_text(server, body))


@mood
async def killed(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """The process dies with SIGKILL in the middle of a stream."""
    text = good_text(server, body)
    response = await send(request, body, text[: len(text) // 2], finish=False)
    await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)
    return response


IN_TURN = (
    "good", "malformed", "good", "oversized", "good", "bomb", "good", "cut_off", "good", "failing", "good", "trigram", "good",
    "wrong_evidence", "good", "dripping",
)  # fmt: skip


@mood
async def moody(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """Another mood for each request; the answers between let the circuit close."""
    server.turn += 1
    return await MOODS[IN_TURN[(server.turn - 1) % len(IN_TURN)]](server, request, body)


@mood
async def trigram(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """The tiny model without a grammar: garbage."""
    return await send(request, body, "{" + server.model.write(server.chance, 400), pause_s=0.001)


@mood
async def trigram_bound(server: Server, request: web.Request, body: Json) -> web.StreamResponse:
    """The tiny model bound by the schema: valid JSON, and nonsense."""

    def write(schema: Json) -> Any:
        chance = server.chance
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
                return server.model.write(chance, chance.randint(2, 200))
        return None

    return await send(request, body, json.dumps(write(schema_of(body))), pause_s=0.001)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-s", type=float, default=1.0)
    parser.add_argument(
        "--corpus", type=Path, default=Path(__file__).parents[1] / "launch" / "personas" / "default.yaml"
    )
    arguments = parser.parse_args()
    server = Server(arguments.delay_s, arguments.corpus)
    app = web.Application(client_max_size=4 << 20)
    app.router.add_get("/v1/models", server.models)
    app.router.add_post("/v1/chat/completions", server.complete)
    app.router.add_post("/say", server.say)
    app.router.add_get("/seen", server.tell)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", arguments.port)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr] # the port that the system chose
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
