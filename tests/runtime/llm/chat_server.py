"""A chat server on loopback that speaks as the test wants it to: real HTTP, real connections, real server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request, "ChatServer"], Awaitable[web.StreamResponse]]


@dataclass
class ChatServer:
    """What the server was asked, over how many connections, and which answers were broken off by the client."""

    base_url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    warmings: int = 0
    broken_off: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event = field(default_factory=asyncio.Event)


def chunk(text: str = "", **delta: Any) -> bytes:
    content = {"content": text} if text else {}
    return data({"choices": [{"index": 0, "delta": {**content, **delta}}]})


def finish(reason: str = "stop") -> bytes:
    return data({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})


def data(event: object) -> bytes:
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def call_part(index: int, name: str = "", arguments: str = "", call_id: str = "") -> dict[str, Any]:
    function = {**({"name": name} if name else {}), "arguments": arguments}
    return {"index": index, **({"id": call_id, "type": "function"} if call_id else {}), "function": function}


def calls(*parts: dict[str, Any]) -> bytes:
    return chunk(tool_calls=list(parts))


DONE = b"data: [DONE]\n\n"


def streaming(*parts: bytes, pause_s: float = 0.0, hang: bool = False, hold_before: int = -1) -> Answer:
    """Stream the parts; hang at the end, or wait for `server.hold` before a part."""

    async def answer(request: web.Request, server: ChatServer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            for place, part in enumerate(parts):
                if place == hold_before:
                    await server.hold.wait()
                if pause_s:
                    await asyncio.sleep(pause_s)
                await response.write(part)
            if hang:
                await asyncio.sleep(30)
        except (ConnectionError, asyncio.CancelledError):
            server.broken_off.set()
            raise
        return response

    return answer


def endless(part: bytes, pause_s: float = 0.0) -> Answer:
    async def answer(request: web.Request, server: ChatServer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            while True:
                await response.write(part)
                await asyncio.sleep(pause_s)
        except (ConnectionError, asyncio.CancelledError):
            server.broken_off.set()
            raise

    return answer


def status(code: int) -> Answer:
    async def answer(_request: web.Request, _server: ChatServer) -> web.StreamResponse:
        return web.json_response({"error": {"message": "secret words", "code": code}}, status=code)

    return answer


def whole(event: object) -> Answer:
    async def answer(_request: web.Request, _server: ChatServer) -> web.StreamResponse:
        return web.json_response(event)

    return answer


@asynccontextmanager
async def chat_server(*answers: Answer) -> AsyncIterator[ChatServer]:
    """Serve the answers, one a request; the last one again and again."""
    server = ChatServer()

    async def complete(request: web.Request) -> web.StreamResponse:
        server.connections.add(id(request.transport))
        server.headers.append(dict(request.headers))
        server.requests.append(await request.json())
        return await answers[min(len(server.requests), len(answers)) - 1](request, server)

    async def models(request: web.Request) -> web.StreamResponse:
        server.connections.add(id(request.transport))
        server.warmings += 1
        return web.json_response({"data": []})

    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/v1/chat/completions", complete)
    app.router.add_get("/v1/models", models)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # the port that the system chose
    server.base_url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
