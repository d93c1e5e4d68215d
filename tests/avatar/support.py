"""What the tests of the page's server share: a house with a server on real sockets, and a scripted page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from avatar.server import AvatarServer
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.codec import decode, encode
from runtime.settings import AvatarSettings
from runtime.streams import Stream
from runtime.transport.inprocess import InProcessBus, InProcessHub

PCM = bytes(1_024)
FRAME = m.MotionFrame(index=0, rotations=bytes(352))


@dataclass
class House:
    server: AvatarServer
    agent: InProcessBus
    heard: Stream[m.AnyMessage]
    http: aiohttp.ClientSession
    counters: dict[str, float]
    interrupts: list[int] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def connect(self, **headers: str) -> Any:
        return self.http.ws_connect(f"{self.origin}/stream", headers={"Origin": self.origin, **headers})

    @contextlib.asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        async with self.connect() as socket_:
            page = Page(socket_)
            await page.until("role")
            yield page


class Page:
    """A scripted page."""

    def __init__(self, socket_: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket_

    async def next(self) -> Any:
        frame = await self.socket.receive(timeout=5)
        if frame.type is aiohttp.WSMsgType.TEXT:
            return msgspec.json.decode(frame.data)
        if frame.type is aiohttp.WSMsgType.BINARY:
            return decode(frame.data)
        return frame

    async def until(self, kind: str | type[m.Message]) -> Any:
        while True:
            item = await self.next()
            if (isinstance(kind, str) and isinstance(item, dict) and item["type"] == kind) or (
                not isinstance(kind, str) and isinstance(item, kind)
            ):
                return item
            assert not isinstance(item, aiohttp.WSMessage), f"closed while waiting for {kind}: {item}"

    async def say(self, message: m.Message) -> None:
        await self.socket.send_bytes(encode(message))

    async def claim(self) -> None:
        await self.socket.send_str('{"type":"claim"}')
        while not (await self.until("role"))["active"]:
            pass


def with_house(test: Callable[[House], Awaitable[None]], **options: Any) -> None:
    async def main() -> None:
        hub = InProcessHub()
        counters: dict[str, float] = {}
        interrupts: list[int] = []
        server = AvatarServer(
            hub.bus("avatar"),
            MonotonicClock(),
            AvatarSettings(port=0, **options.pop("settings", {})),
            counters=counters,
            on_interrupt=lambda: interrupts.append(1),
            **options,
        )
        heard = hub.bus("listener").subscribe(
            m.UserAudio, m.UserVideo, m.TypedText, m.Playback, m.Viewer, m.MemoryConsent
        )
        await server.start()
        async with aiohttp.ClientSession() as http:
            try:
                await test(House(server, hub.bus("behavioral"), heard, http, counters, interrupts))
            finally:
                await server.aclose()

    asyncio.run(main())


async def heard(house: House, kind: type[m.Message]) -> Any:
    """Return the next message of a type that a page has put on the bus."""

    async def find() -> Any:
        async for message in house.heard:
            if isinstance(message, kind):
                return message
        raise AssertionError("the bus closed")

    return await asyncio.wait_for(find(), 5)
