"""A Furhat's realtime API as its clients see it: one WebSocket of JSON events, with or without a key."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import WSMsgType, web


class FurhatPeer:
    """Keeps every event that it was sent after the key was right."""

    def __init__(self, port: int, key: str = "") -> None:
        self.port, self.key = port, key
        self.events: list[dict[str, Any]] = []
        self.refused = 0
        self._runner: web.AppRunner | None = None
        self._open: set[web.WebSocketResponse] = set()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/v1/events", self._talk)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        for wire in list(self._open):
            if wire._req is not None and wire._req.transport is not None:
                wire._req.transport.abort()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        self._open.add(wire)
        allowed = False
        async for message in wire:
            if message.type is not WSMsgType.TEXT:
                continue
            event = json.loads(message.data)
            if event["type"] == "request.auth":
                allowed = event.get("key", "") == self.key
                self.refused += not allowed
                answer = {"type": "response.auth", "request_id": event["request_id"], "access": allowed}
                await wire.send_json(answer | ({"scope": "all"} if allowed else {}))
            elif allowed:
                self.events.append(event)
        self._open.discard(wire)
        return wire
