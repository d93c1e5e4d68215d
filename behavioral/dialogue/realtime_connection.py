"""The WebSocket to a realtime speech server: opened at session start, kept open, opened again when it breaks.

One task reads and reconnects (after half a second, then twice as long each time, up to `reconnect_max_s`), one sends what waits in a
bounded queue, so that the caller never waits. A server that says nothing is closed by the heartbeat. The key goes over TLS or to this
machine only. Runs on the room's loop; errors become `trouble`, one sentence of ours for health.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import msgspec

from behavioral.dialogue.realtime_events import EVENT_BYTES_MAX, RealtimeEvent, read_event
from runtime.settings import SpeechToSpeechSettings

WAITING_MAX = 1_024
"""Events that may wait to be sent: half a minute of audio; more are dropped and counted."""
FIRST_PAUSE_S = 0.5
STEADY_S = 10.0
"""A connection that has lasted this long was a good one: the next attempt comes soon."""
HEARTBEAT_S = 15.0


class RealtimeConnection:
    """One connection that mends itself."""

    def __init__(
        self,
        settings: SpeechToSpeechSettings,
        *,
        greeting: Callable[[], list[dict[str, Any]]],
        take: Callable[[RealtimeEvent], None],
        lost: Callable[[], None],
    ) -> None:
        """Remember the server; `open` connects.

        Args:
            settings: where it is.
            greeting: what a new connection is told first: the session's settings, then the conversation so far.
            take: told every event of the server.
            lost: told when the connection is gone.
        """
        self._settings = settings
        self._greeting = greeting
        self._take = take
        self._lost = lost
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue(WAITING_MAX)
        self._running: asyncio.Task[None] | None = None
        self._sent = 0
        self.ready = False
        """Whether the server has a session for us."""
        self.trouble = "the speech server is not connected yet"
        """Why it is not; empty while it is."""
        self.greeting_id = ""
        """Id of the event that described the session; an error about it means that the server does something else."""
        self.dropped = 0
        """Events that could not be sent."""

    def open(self) -> None:
        """Connect, and stay connected until `aclose`; harmless twice."""
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())

    def send(self, event: dict[str, Any]) -> str:
        """Send an event; return the id that errors about it will name. Without a connection it is dropped and counted."""
        self._sent += 1
        event_id = f"attune_{self._sent}"
        if not self.ready or self._outgoing.full():
            self.dropped += 1
            return event_id
        self._outgoing.put_nowait(msgspec.json.encode({"event_id": event_id, **event}))
        return event_id

    def refused(self, error: str) -> None:
        """The server does not take our session settings: it would answer by its own turn-taking, so it is not used."""
        self.ready = False
        self.trouble = f"the speech server refused the session settings ({error}); try the other dialect"

    async def aclose(self) -> None:
        """Close the connection and stop connecting."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        async with aiohttp.ClientSession() as session:
            while True:
                began_s = loop.time()
                try:
                    await self._converse(session)
                    self.trouble = self.trouble or "the speech server closed the connection"
                except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
                    self.trouble = f"speech server: {type(error).__name__}"
                if loop.time() - began_s > STEADY_S:
                    pause_s = FIRST_PAUSE_S
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, self._settings.reconnect_max_s)

    async def _converse(self, session: aiohttp.ClientSession) -> None:
        """Connect, and hand on events until the connection ends."""
        url = self._settings.url
        if self._settings.model:
            url += ("&" if urlsplit(url).query else "?") + urlencode({"model": self._settings.model})
        async with asyncio.timeout(self._settings.connect_timeout_s):
            socket = await session.ws_connect(
                url, headers=self.headers(), max_msg_size=EVENT_BYTES_MAX, heartbeat=HEARTBEAT_S
            )
        sending: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                while (await self._next(socket)).kind != "session":
                    pass
            self._outgoing = asyncio.Queue(WAITING_MAX)
            self.ready, self.trouble = True, ""
            self.greeting_id, *_rest = [self.send(event) for event in self._greeting()]
            sending = asyncio.ensure_future(self._send_all(socket))
            while True:
                self._take(await self._next(socket))
        except _Closed:
            return
        finally:
            self.ready = False
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            await socket.close()
            self._lost()

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> RealtimeEvent:
        message = await socket.receive()
        if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            raise _Closed
        return read_event(message.data)

    async def _send_all(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        outgoing = self._outgoing
        while True:
            await socket.send_str((await outgoing.get()).decode())

    def headers(self) -> dict[str, str]:
        """Return what a connection is opened with; the key only where nobody else can read it."""
        settings = self._settings
        headers = {"OpenAI-Beta": "realtime=v1"} if settings.dialect == "beta" else {}
        key = os.environ.get(settings.api_key_env, "") if settings.api_key_env else ""
        url = urlsplit(settings.url)
        if key and (url.scheme == "wss" or _is_loopback(url.hostname or "")):
            headers["Authorization"] = f"Bearer {key}"
        return headers


class _Closed(Exception):
    """The connection has ended."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
