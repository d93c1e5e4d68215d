"""The page's server: static files and one WebSocket that joins the page to the bus.

One asyncio loop. Bus to page: every message is encoded once, as it is on the bus, and shared by all pages; each page
has its own `Outbox`, so a slow one never slows the bus. Page to bus: `PageInput` checks each frame; what it refuses
is counted (`refused_*`) and dropped, and the page stays connected. Text frames on the socket are short JSON control
messages (hello, pong, role, history).

Of several open pages one is *active*: the last that asked. Only its microphone, camera and playback reports count,
and only it plays the agent's voice; all show the picture and may type. Failures: port in use raises AttuneError; a
page that breaks the protocol or the size limit is closed with a reason.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec
from aiohttp import WSMsgType, web

from avatar.access import AccessPolicy
from avatar.files import PageFiles
from avatar.inbound import FRAME_BYTES_MAX, Claim, Interrupt, PageInput, Ping, Refused
from avatar.outbox import Outbox
from runtime import messages as m
from runtime.bus import Bus
from runtime.clock import Clock
from runtime.codec import encode
from runtime.errors import AttuneError
from runtime.settings import AvatarSettings
from runtime.streams import Stream

PAGE_FOLDER = Path(__file__).parent / "page"
PAGES_MAX = 16
HISTORY_EVENTS = 256
"""Events that a page gets when it joins, so that a reload or a reconnect keeps captions and log."""
CLOSE_TIMEOUT_S = 0.3
PING_S = 20.0
WS_TOO_SLOW = 4008
"""Close code (application range) of a page that could not keep up."""

REMEMBERED: tuple[type[m.Message], ...] = (
    m.AgentSpeech, m.Word, m.TypedText, m.Turn, m.Intention, m.IntentionAnswer, m.BodyAct, m.PersonPercept,
)  # fmt: skip
EVENTS: tuple[type[m.Message], ...] = (*REMEMBERED, m.UserSpeech, m.CognitiveCycle, m.SessionControl, m.TurnDecision)
STATES: tuple[type[m.Message], ...] = (m.VadFrame, m.Heartbeat)

_log = logging.getLogger(__name__)


class _Page:
    """One connected page."""

    def __init__(self, viewer_id: str, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.viewer_id = viewer_id
        self.socket = socket
        self.transport = transport
        self.outbox = Outbox()
        self.input = PageInput(viewer_id)
        self.closing = False
        self.capturing: set[str] = set()
        """Devices that the page has said are on."""


class AvatarServer:
    """Serves the page and the `/stream` WebSocket."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        settings: AvatarSettings,
        *,
        counters: dict[str, float] | None = None,
        on_interrupt: Callable[[], None] | None = None,
        replay: bool = False,
        page_folder: Path = PAGE_FOLDER,
    ) -> None:
        """Prepare; `start` binds.

        Args:
            bus: where pages are joined to.
            clock: session time.
            settings: address, port (0 picks a free one) and token.
            counters: totals to add to (`pages`, `refused_*`, `disconnected_slow`).
            on_interrupt: called when a person presses stop.
            replay: whether a recording is shown; then pages only watch, and what they send is not taken.
            page_folder: the page's files.
        """
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._counters = {} if counters is None else counters
        self._on_interrupt = on_interrupt
        self._replay = replay
        self._files = PageFiles(page_folder)
        self._policy = AccessPolicy(settings.host, settings.port, settings.token)
        self._pages: list[_Page] = []
        self._claims: list[_Page] = []
        self._history: deque[bytes] = deque(maxlen=HISTORY_EVENTS)
        self._latest: dict[str, bytes] = {}
        self._viewer_numbers = itertools.count(1)
        self._audio_index = itertools.count()
        self._video_index = itertools.count()
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Address of the page, with the token where one is needed."""
        return page_url(self._settings.host, self._policy.port, self._settings.token)

    @property
    def port(self) -> int:
        """Bound TCP port."""
        return self._policy.port

    @property
    def pages(self) -> int:
        """Number of connected pages."""
        return len(self._pages)

    async def start(self) -> None:
        """Bind and begin to forward; raises AttuneError when the port is in use or may not be bound."""
        app = web.Application(client_max_size=1_024)
        app.router.add_get("/stream", self._stream)
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_TIMEOUT_S, handle_signals=False)
        await self._runner.setup()
        host, port = self._settings.host, self._settings.port
        site = web.TCPSite(self._runner, host, port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise bind_error(host, port, error) from None
        bound = self._runner.addresses[0][1]
        self._policy = AccessPolicy(host, bound, self._settings.token)
        self._tasks = [
            asyncio.create_task(self._forward_events(self._bus.subscribe(*EVENTS))),
            asyncio.create_task(self._forward_audio(self._bus.subscribe(m.AgentAudio))),
            asyncio.create_task(self._forward_states(self._bus.subscribe(m.MotionFrame))),
            asyncio.create_task(self._forward_states(self._bus.subscribe(*STATES))),
        ]

    async def aclose(self) -> None:
        """Say goodbye to the pages and stop listening."""
        for task in self._tasks:
            task.cancel()
        closing = [self._close(page, 1001, b"the session has ended") for page in self._pages]
        await asyncio.gather(*self._tasks, *closing, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------ bus to page

    async def _forward_events(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            payload = encode(message)
            if isinstance(message, REMEMBERED):
                self._history.append(payload)
            elif isinstance(message, m.SessionControl):
                self._latest["session_control"] = payload
            for page in self._pages:
                page.outbox.put_event(payload)
                if page.outbox.overrun and not page.closing:
                    self._disconnect_slow(page)

    async def _forward_audio(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            if self._claims:
                self._claims[-1].outbox.put_audio(encode(message))

    async def _forward_states(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            payload = encode(message)
            key = f"{type(message).__name__}:{message.source}"
            if isinstance(message, m.Heartbeat):
                self._latest[key] = payload
            for page in self._pages:
                page.outbox.put_state(key, payload)

    # ------------------------------------------------------------ HTTP

    async def _file(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host")
        refusal = self._policy.host_refusal(host) or self._policy.token_refusal(request.query, request.cookies)
        response = web.Response(status=403, text=refusal + "\n") if refusal else self._files.response(request)
        response.headers.update(_security_headers(host or "" if not refusal else ""))
        if not refusal and self._settings.token and "token" in request.query:
            response.set_cookie(self._policy.cookie, self._settings.token, httponly=True, samesite="Strict", path="/")
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host")
        refusal = (
            self._policy.host_refusal(host)
            or self._policy.origin_refusal(request.headers.get("Origin"), host)
            or self._policy.token_refusal(request.query, request.cookies)
        )
        if refusal:
            self._count("refused_connection")
            return web.Response(status=403, text=refusal + "\n")
        if len(self._pages) >= PAGES_MAX:
            return web.Response(status=503, text=f"{PAGES_MAX} pages are open already; close one\n")
        # Compression would delay every motion frame and shrink none: the payloads are floats, PCM and JPEG.
        socket = web.WebSocketResponse(max_msg_size=FRAME_BYTES_MAX, compress=False, heartbeat=PING_S)
        await socket.prepare(request)
        page = _Page(f"page-{next(self._viewer_numbers)}", socket, request.transport)
        self._join(page)
        writer = asyncio.create_task(self._write(page))
        try:
            await self._read(page)
        finally:
            writer.cancel()
            self._leave(page)
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    # ------------------------------------------------------------ one page

    def _join(self, page: _Page) -> None:
        page.outbox.put_event(
            _control(
                "hello",
                viewer_id=page.viewer_id,
                session_ns=self._clock.now_ns(),
                schema=m.SCHEMA_VERSION,
                replay=self._replay,
            )
        )
        for payload in self._latest.values():
            page.outbox.put_event(payload)
        page.outbox.put_event(_control("history", events=len(self._history)))
        for payload in self._history:
            page.outbox.put_event(payload)
        page.outbox.put_event(_control("live"))
        self._pages.append(page)
        self._counters["pages"] = len(self._pages)
        self._bus.publish(m.Viewer(t_ns=self._clock.now_ns(), state="joined", viewer_id=page.viewer_id))
        self._tell_roles()

    def _leave(self, page: _Page) -> None:
        self._pages.remove(page)
        if page in self._claims:
            self._claims.remove(page)
        self._counters["pages"] = len(self._pages)
        self._devices_off(page)
        self._bus.publish(m.Viewer(t_ns=self._clock.now_ns(), state="left", viewer_id=page.viewer_id))
        self._tell_roles()

    async def _write(self, page: _Page) -> None:
        while True:
            batch = await page.outbox.take()
            try:
                for payload in batch:
                    if isinstance(payload, str):
                        await page.socket.send_str(payload)
                    else:
                        await page.socket.send_bytes(payload)
            except (ConnectionError, RuntimeError):  # gone between two frames
                return

    async def _read(self, page: _Page) -> None:
        async for frame in page.socket:
            try:
                if frame.type is WSMsgType.BINARY:
                    self._take_message(page, frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._take_control(page, frame.data)
                else:
                    return
            except Refused as refused:
                self._count(f"refused_{refused.reason}")

    def _take_message(self, page: _Page, payload: bytes) -> None:
        message = page.input.message(payload, self._clock.now_ns())
        if self._replay:
            raise Refused("not_allowed")
        active = bool(self._claims) and self._claims[-1] is page
        if isinstance(message, m.Viewer):
            device, _, state = message.state.partition("_")
            (page.capturing.add if state == "on" else page.capturing.discard)(device)
        elif not isinstance(message, m.TypedText) and not active:
            self._count("ignored_inactive_page")
            return
        if isinstance(message, m.UserAudio):  # numbered over all pages, so that a change of page is no gap
            message = msgspec.structs.replace(message, index=next(self._audio_index))
        elif isinstance(message, m.UserVideo):
            message = msgspec.structs.replace(message, index=next(self._video_index))
        self._bus.publish(message)

    def _take_control(self, page: _Page, text: str) -> None:
        request = page.input.control(text, self._clock.now_ns())
        if isinstance(request, Ping):
            page.outbox.put_event(_control("pong", sent_ms=request.sent_ms, session_ns=self._clock.now_ns()))
        elif isinstance(request, Claim):
            if page in self._claims:
                self._claims.remove(page)
            self._claims.append(page)
            self._tell_roles()
        elif isinstance(request, Interrupt) and self._on_interrupt is not None:
            self._on_interrupt()

    def _disconnect_slow(self, page: _Page) -> None:
        # Not the writer's task: it waits for the page to read, which may be never.
        page.closing = True
        self._count("disconnected_slow")
        task = asyncio.create_task(self._close(page, WS_TOO_SLOW, b"the page could not keep up; it will connect again"))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _devices_off(self, page: _Page) -> None:
        now_ns = self._clock.now_ns()
        if "microphone" in page.capturing:
            self._bus.publish(m.Viewer(t_ns=now_ns, state="microphone_off", viewer_id=page.viewer_id))
        if "camera" in page.capturing:
            self._bus.publish(m.Viewer(t_ns=now_ns, state="camera_off", viewer_id=page.viewer_id))
        page.capturing.clear()

    def _tell_roles(self) -> None:
        for page in self._pages:
            active = bool(self._claims) and self._claims[-1] is page
            page.outbox.put_event(_control("role", active=active, taken=bool(self._claims), pages=len(self._pages)))

    async def _close(self, page: _Page, code: int, reason: bytes) -> None:
        try:
            await asyncio.wait_for(page.socket.close(code=code, message=reason), CLOSE_TIMEOUT_S)
        except (asyncio.TimeoutError, ConnectionError):
            if page.transport is not None:
                page.transport.abort()

    def _count(self, name: str) -> None:
        self._counters[name] = self._counters.get(name, 0) + 1


def page_url(host: str, port: int, token: str = "") -> str:
    """Return the page's address."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}" + (f"/?token={token}" if token else "")


def _control(kind: str, **fields: object) -> str:
    return msgspec.json.encode({"type": kind, **fields}).decode()


def _security_headers(host: str) -> dict[str, str]:
    """Return the headers of every response; `host` is the checked `Host` (some browsers' 'self' excludes ws:)."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"connect-src 'self' {f'ws://{host} wss://{host}' if host else ''}; media-src 'self' blob:; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(self), geolocation=()",
    }


def bind_error(host: str, port: int, error: OSError) -> AttuneError:
    """Return the error for an address that cannot be listened on, naming the mend."""
    if error.errno == errno.EADDRINUSE:
        return AttuneError(
            f"port {port} on {host} is in use", f"Choose another with --port {port + 1}, or --port 0 for any free one"
        )
    if error.errno == errno.EACCES:
        return AttuneError(f"port {port} may not be bound by this user", "Choose one above 1023 with --port 8765")
    return AttuneError(
        f"cannot listen on {host} port {port}: {error.strerror}", "Set avatar.host to an address of this machine"
    )
