"""A WebSocket of JSON messages that nobody waits for: what is sent is the newest of each kind, what comes is handed on.

`push` replaces a frame that still waits (a slow robot gets fewer, never late ones); `post` keeps the last `POSTS` messages that each
matter. A peer that takes nothing for `SEND_WITHIN_S`, does not answer pings, or closes, is told once by `on_lost`. Messages over
`MESSAGE_BYTES` or that are no JSON object are dropped and counted. One event loop.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from runtime.errors import AttuneError

if TYPE_CHECKING:
    import aiohttp

Json = Mapping[str, Any]
CONNECT_WITHIN_S = 3.0
SEND_WITHIN_S = 0.5
HEARTBEAT_S = 1.0
POSTS = 64
MESSAGE_BYTES = 1 << 20


class JsonSocket:
    """One connection; made anew for each."""

    def __init__(self, url: str, on_message: Callable[[Json], None], on_lost: Callable[[str], None]) -> None:
        """Make it; nothing is connected before `open`."""
        self.url, self.refused = url, 0
        self._on_message, self._on_lost = on_message, on_lost
        self._session: aiohttp.ClientSession | None = None
        self._wire: aiohttp.ClientWebSocketResponse | None = None
        self._frame: Sequence[Json] = ()
        self._posts: deque[Json] = deque(maxlen=POSTS)
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, body: str) -> None:
        """Connect, within `CONNECT_WITHIN_S`; raises AttuneError that names the body and the address."""
        try:
            import aiohttp
        except ImportError:
            raise AttuneError(f"body {body}: aiohttp is not installed", "pip install 'attune[agent]'") from None
        self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                self._wire = await self._session.ws_connect(self.url, heartbeat=HEARTBEAT_S, max_msg_size=MESSAGE_BYTES)
        except aiohttp.WSServerHandshakeError as error:
            raise AttuneError(
                f"body {body}: {self.url} answered {error.status}",
                "Check the address, and that its server is up to date",
            ) from None
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            raise AttuneError(
                f"body {body}: nothing answers at {self.url} ({type(error).__name__})",
                "Switch it on, or name its address (attune run --body NAME:HOST:PORT)",
            ) from None
        self._tasks = [asyncio.create_task(self._writes()), asyncio.create_task(self._reads())]

    def push(self, messages: Sequence[Json]) -> None:
        """Send these as soon as the wire takes them, instead of the ones that still wait."""
        self._frame = messages
        self._wake.set()

    def post(self, message: Json) -> None:
        """Send this one after those that were posted before it."""
        self._posts.append(message)
        self._wake.set()

    async def close(self) -> None:
        """Close it; does nothing the second time."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._wire is not None:
            with suppress(Exception):  # the peer may be gone in any way
                async with asyncio.timeout(SEND_WITHIN_S):
                    await self._wire.close()
        if self._session is not None:
            await self._session.close()
        self._wire = self._session = None

    async def _writes(self) -> None:
        assert self._wire is not None
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._posts:
                    await self._write(self._posts.popleft())
                frame, self._frame = self._frame, ()
                for message in frame:
                    await self._write(message)
        except (OSError, RuntimeError, ValueError, TimeoutError) as error:
            self._on_lost(f"{self.url} takes nothing any more ({type(error).__name__})")

    async def _write(self, message: Json) -> None:
        assert self._wire is not None
        async with asyncio.timeout(SEND_WITHIN_S):  # `wait_for` may swallow a cancellation
            await self._wire.send_str(json.dumps(message, allow_nan=False))

    async def _reads(self) -> None:
        assert self._wire is not None
        async for message in self._wire:
            try:
                value = json.loads(message.data)
                if not isinstance(value, dict):
                    raise ValueError
            except (ValueError, TypeError):
                self.refused += 1
                continue
            self._on_message(value)
        self._on_lost(f"{self.url} has closed the connection")
