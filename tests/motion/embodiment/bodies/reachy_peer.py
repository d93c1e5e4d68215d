"""A Reachy Mini's daemon as its clients see it: the same addresses and JSON, a pose that follows at once, unreachable poses ignored."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

from aiohttp import WSMsgType, web


class ReachyPeer:
    """Starts and stops on one port; keeps what it was told."""

    def __init__(self, port: int, *, reads: bool = True) -> None:
        self.port, self.reads = port, reads
        self.targets: list[dict[str, Any]] = []
        self.modes: list[str] = []
        self.head = dict.fromkeys(("x", "y", "z", "roll", "pitch", "yaw"), 0.0)
        self.body, self.antennas = 0.0, [-0.17, 0.17]
        self._runner: web.AppRunner | None = None
        self._open: set[web.WebSocketResponse] = set()
        self._never = asyncio.Event()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/api/move/ws/set_target", self._set_target)
        app.router.add_get("/api/state/ws/full", self._state)
        app.router.add_post("/api/motors/set_mode/{mode}", self._mode)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        for wire in list(self._open):
            if wire._req is not None and wire._req.transport is not None:
                wire._req.transport.abort()  # as when the power fails: no farewell
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _mode(self, request: web.Request) -> web.Response:
        self.modes.append(request.match_info["mode"])
        return web.json_response({"status": "ok"})

    async def _set_target(self, request: web.Request) -> web.WebSocketResponse:
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        self._open.add(wire)
        if not self.reads:
            await self._never.wait()
        async for message in wire:
            if message.type is WSMsgType.TEXT:
                self._take(json.loads(message.data))
        self._open.discard(wire)
        return wire

    def _take(self, target: dict[str, Any]) -> None:
        self.targets.append(target)
        head, body = target["target_head_pose"], target["target_body_yaw"]
        turned = math.degrees(abs(head["yaw"] - body))
        most = 40.01 if turned <= 45 else 34.01  # as its kinematics were asked
        if (
            turned > 60.01
            or math.degrees(math.hypot(head["pitch"], head["roll"])) > most
            or abs(math.degrees(body)) > 160.01
        ):
            return  # without a word, as it does
        self.head, self.body, self.antennas = head, body, target["target_antennas"]

    async def _state(self, request: web.Request) -> web.WebSocketResponse:
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        self._open.add(wire)
        try:
            while not wire.closed:
                state = {"head_pose": self.head, "body_yaw": self.body, "antennas_position": self.antennas}
                await wire.send_json({"control_mode": "enabled", "head_joints": None, **state})
                await asyncio.sleep(1.0 / float(request.query["frequency"]))
        except ConnectionError:
            pass
        self._open.discard(wire)
        return wire
