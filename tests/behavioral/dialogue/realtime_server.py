"""A realtime speech server on loopback: a real WebSocket that speaks OpenAI's protocol in either generation of names."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

NAMES = {
    "ga": ("response.output_audio.delta", "response.output_audio_transcript.delta"),
    "beta": ("response.audio.delta", "response.audio_transcript.delta"),
}


def speech(*lengths_ms: int, pause_ms: int = 200, rate_hz: int = 24_000) -> NDArray[np.int16]:
    """Return tones of some lengths with pauses between them, as a voice that speaks phrases would sound to a level meter."""
    rng = np.random.default_rng(1)
    parts: list[NDArray[np.float64]] = []
    for length_ms in lengths_ms:
        parts += [rng.normal(0, 4_000, length_ms * rate_hz // 1_000), np.zeros(pause_ms * rate_hz // 1_000)]
    return np.concatenate(parts[:-1]).clip(-32_768, 32_767).astype(np.int16)


@dataclass
class RealtimeServer:
    """What the client sent, and what the server does about it."""

    names: str = "ga"
    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    buffer: bytes = b""
    socket: web.WebSocketResponse | None = None
    responses: int = 0
    cancelled: set[str] = field(default_factory=set)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    refuse: int = 0
    refuse_session: bool = False

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.received if event["type"] == kind]

    async def wait_for(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait until the client has sent so many events of a kind; return the last of them."""
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[-1]

    async def send(self, kind: str, **content: Any) -> None:
        assert self.socket is not None
        await self.socket.send_str(json.dumps({"type": kind, "event_id": "s", **content}))

    async def say(self, response_id: str, pcm: NDArray[np.int16], text: str = "", item_id: str = "item") -> None:
        """Send sound in pieces of 100 ms with its transcript first, as OpenAI's server does."""
        audio, transcript = NAMES[self.names]
        where = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
        if text:
            await self.send(transcript, delta=text, **where)
        for at in range(0, len(pcm), 2_400):
            piece = b64encode(pcm[at : at + 2_400].astype("<i2").tobytes()).decode()
            await self.send(audio, delta=piece, **where)

    async def done(self, response_id: str, status: str = "completed", **details: Any) -> None:
        response = {"id": response_id, "status": status, "status_details": details or None}
        await self.send("response.done", response=response)


Act = Callable[[RealtimeServer, str], Awaitable[None]]


def saying(pcm: NDArray[np.int16], text: str, item_id: str = "item") -> Act:
    async def act(server: RealtimeServer, response_id: str) -> None:
        await server.say(response_id, pcm, text, item_id)
        await server.done(response_id)

    return act


@asynccontextmanager
async def realtime_server(*acts: Act, names: str = "ga", port: int = 0) -> AsyncIterator[RealtimeServer]:
    """Serve; answers are given by the acts, one a `response.create`, the last one again and again."""
    server = RealtimeServer(names)
    running: set[asyncio.Task[None]] = set()

    async def connect(request: web.Request) -> web.StreamResponse:
        server.headers.append(dict(request.headers))
        server.queries.append(dict(request.query))
        if server.refuse:
            server.refuse -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=8 << 20)
        await socket.prepare(request)
        server.socket = socket
        server.buffer = b""
        await server.send("session.created", session={"id": "sess"})
        async for message in socket:
            await take(json.loads(message.data))
        return socket

    async def take(event: dict[str, Any]) -> None:
        async with server.arrived:
            server.received.append(event)
            server.arrived.notify_all()
        kind = event["type"]
        if kind == "session.update" and server.refuse_session:
            error = {"type": "invalid_request_error", "code": "unknown_parameter", "event_id": event["event_id"]}
            await server.send("error", error=error)
        elif kind == "session.update":
            await server.send("session.updated", session={})
        elif kind == "input_audio_buffer.append":
            server.buffer += b64decode(event["audio"])
        elif kind == "input_audio_buffer.clear":
            server.buffer = b""
        elif kind == "input_audio_buffer.commit":
            server.heard.append(server.buffer)
            server.buffer = b""
            await server.send("input_audio_buffer.committed", item_id="user")
        elif kind == "response.cancel":
            server.cancelled.add(event.get("response_id", ""))
        elif kind == "response.create":
            server.responses += 1
            response_id = f"resp_{server.responses}"
            await server.send("response.created", response={"id": response_id, "status": "in_progress"})
            task = asyncio.ensure_future(acts[min(server.responses, len(acts)) - 1](server, response_id))
            running.add(task)
            task.add_done_callback(running.discard)

    app = web.Application()
    app.router.add_get("/v1/realtime", connect)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # the port that the system chose
    server.url = f"ws://127.0.0.1:{port}/v1/realtime"
    try:
        yield server
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if server.socket is not None:
            await server.socket.close()
        await runner.cleanup()
