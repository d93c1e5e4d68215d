"""A page server with a console on real sockets, a scripted fast system, and a scripted operator."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from avatar.console.server import Console
from avatar.server import AvatarServer
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.ids import IdSource
from runtime.settings import AvatarSettings
from runtime.streams import Stream
from runtime.transport.inprocess import InProcessBus, InProcessHub

OPERATOR, PAGE = "operator-token-0123456789", "page-token-0123456789"


@dataclass
class House:
    server: AvatarServer
    agent: InProcessBus
    heard: Stream[m.AnyMessage]
    http: aiohttp.ClientSession
    counters: dict[str, float]
    console: Console | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def get(self, path: str, **cookies: str) -> tuple[int, str, Any]:
        header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        async with self.http.get(self.origin + path, headers=header) as response:
            return response.status, await response.text(), response.headers

    def connect(self, token: str = OPERATOR, **headers: str) -> Any:
        url = f"{self.origin}/operator/stream" + (f"?token={token}" if token else "")
        return self.http.ws_connect(url, headers={"Origin": self.origin, **headers})

    @contextlib.asynccontextmanager
    async def operator(self) -> AsyncIterator[Operator]:
        async with self.connect() as socket:
            operator = Operator(socket)
            await operator.until("operators")
            yield operator

    async def next(self, kind: type[m.Message], **fields: object) -> Any:
        """Return the next message of the bus with these fields."""
        async with asyncio.timeout(5):
            async for message in self.heard:
                if isinstance(message, kind) and all(getattr(message, k) == v for k, v in fields.items()):
                    return message
        raise AssertionError("the bus closed")


class Operator:
    """A scripted console."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def until(self, kind: str, **fields: object) -> dict[str, Any]:
        while True:
            frame = await self.socket.receive(timeout=5)
            assert frame.type is aiohttp.WSMsgType.TEXT, f"closed while waiting for {kind}: {frame}"
            found: dict[str, Any] = msgspec.json.decode(frame.data)
            if found["type"] == kind and all(found.get(k) == v for k, v in fields.items()):
                return found

    async def does(self, deed: str, **fields: object) -> None:
        await self.socket.send_json({"ref": 1, "deed": deed, **fields})


def with_console(
    test: Callable[[House], Awaitable[None]], *, console: bool = True, recorded: bool = True, token: str = ""
) -> None:
    async def main() -> None:
        hub = InProcessHub()
        clock, counters = MonotonicClock(), dict[str, float]()
        settings = AvatarSettings(port=0, token=token, operator_token=OPERATOR)
        bus = hub.bus("avatar")
        served = Console(
            bus, clock, IdSource("avatar", 1), settings, recorded=recorded, counters=counters, silent_after_s=1.0
        )
        server = AvatarServer(bus, clock, settings, counters=counters, console=served if console else None)
        heard = hub.bus("listener").subscribe(m.OperatorAct, m.OperatorAnswer, m.SessionControl)
        await server.start()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            try:
                await test(House(server, hub.bus("behavioral"), heard, http, counters, served))
            finally:
                await server.aclose()

    asyncio.run(main())
