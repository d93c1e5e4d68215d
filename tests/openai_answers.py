"""Answers in OpenAI's protocol for `tests/openai_server.py`: made from the JSON schema that a request carries, sent whole or streamed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from aiohttp import web

Json = dict[str, Any]
_SCHEMA = re.compile(r"and nothing else:\n(\{.*\})\s*$", re.DOTALL)
_ID = re.compile(r'^\{"id": (\d+),', re.MULTILINE)


def refusal(status: int, message: str, kind: str, code: str | None = None, **headers: str) -> web.Response:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


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
