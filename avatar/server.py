"""The page's server: static files and one WebSocket that joins the page to the bus.

One asyncio loop. Bus to page: every message is encoded once, as it is on the bus, and shared by all pages; each page
has its own `Outbox`, so a slow one never slows the bus; `Memory` tells a page that joins what it has missed. Page to
bus: `PageInput` checks each frame; what it refuses is counted (`refused_*`) and dropped, and the page stays connected.
Text frames on the socket are short JSON control messages (hello, pong, role, history). While the house
records, a page's person must agree before anything of theirs is taken (`avatar.consent`).

Of several open pages one is *active*: the last that asked. Only its microphone, camera and playback reports count,
and only it plays the agent's voice; all show the picture and may type. Failures: port in use raises AttuneError; a
page that breaks the protocol or the size limit is closed with a reason. However a page goes (closed, killed, network
gone: found within `PING_S` and a half), `Viewer` says that its microphone and camera are off and that it has left.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from aiohttp import WSMsgType, web

from avatar.access import AccessPolicy
from avatar.consent import Recording, needs_consent
from avatar.console.server import Console
from avatar.files import PageFiles, security_headers
from avatar.inbound import FRAME_BYTES_MAX, Claim, Consent, Interrupt, Offer, Ping, Refused
from avatar.memory import Memory, state_key
from avatar.open_page import OpenPage
from avatar.peers import Peers
from avatar.told import ToldToPages
from avatar.webrtc import is_offered
from runtime import messages as m
from runtime.addresses import bind_error
from runtime.addresses import page_url as page_url
from runtime.bus import Bus
from runtime.clock import Clock
from runtime.codec import encode
from runtime.settings import AvatarSettings
from runtime.streams import Stream

PAGE_FOLDER = Path(__file__).parent / "page"
PAGES_MAX = 16
CLOSE_TIMEOUT_S = 0.3
PING_S = 5.0
"""A page that neither sends anything for this long nor answers a ping within half of it is gone."""
WS_TOO_SLOW = 4008
"""Close code (application range) of a page that could not keep up."""

EVENTS: tuple[type[m.Message], ...] = (
    m.AgentSpeech, m.Word, m.TypedText, m.Turn, m.Intention, m.IntentionAnswer, m.UserSpeech, m.SessionControl,
)  # fmt: skip
STATES: tuple[type[m.Message], ...] = (
    m.Heartbeat, m.PersonPercept, m.CognitiveCycle, m.Knowledge, m.MemoryConsent, m.Span, m.TurnDecision,
)  # fmt: skip
"""What the page shows as it is now; it draws its sound level from its own microphone, so it gets no `VadFrame`."""

ViewerState = Literal["joined", "consented", "microphone_on", "microphone_off", "camera_on", "camera_off", "left"]


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
        recording: Recording | None = None,
        remembers: bool = False,
        tls: ssl.SSLContext | None = None,
        page_folder: Path = PAGE_FOLDER,
        character: bytes | None = None,
        console: Console | None = None,
    ) -> None:
        """Prepare; `start` binds.

        Args:
            bus: where pages are joined to.
            clock: session time.
            settings: address, port (0 picks a free one) and token.
            counters: totals to add to (`pages`, `refused_*`, `disconnected_slow`).
            on_interrupt: called when a person presses stop.
            replay: whether a recording is shown; then pages only watch, and what they send is not taken.
            recording: the recording under way, which each page's person must agree to; None where nothing is kept.
            remembers: whether people who agree are remembered beyond the session.
            tls: certificate to serve https with; None serves http.
            page_folder: the page's files.
            character: a checked VRM file to show instead of the page's own (`avatar.vrm_file`).
            console: the operator console that is served beside the page; None where there is none.
        """
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._counters = {} if counters is None else counters
        self._on_interrupt = on_interrupt
        self._replay = replay
        self._recording = recording
        self._remembers = remembers
        self._tls = tls
        self._files = PageFiles(page_folder, character)
        self._console = console
        self._policy = AccessPolicy(settings.host, settings.port, settings.token, secure=tls is not None)
        self._webrtc = is_offered(settings.webrtc, settings.host)
        self._peers = Peers(self._take_message, self._count, settings.stun_servers)
        self._pages: list[OpenPage] = []
        self._opening = 0
        self._claims: list[OpenPage] = []
        self._memory = Memory()
        self._telling = ToldToPages(thinking=settings.thinking)
        self._health: dict[str, tuple[str, str]] = {}
        self._viewer_numbers = itertools.count(1)
        self._audio_index = itertools.count()
        self._video_index = itertools.count()
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Address of the page, with the token where one is needed."""
        return page_url(self._settings.host, self._policy.port, self._settings.token, secure=self._policy.secure)

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
        if self._console is not None:
            self._console.add_routes(app)
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_TIMEOUT_S, handle_signals=False)
        await self._runner.setup()
        host, port = self._settings.host, self._settings.port
        site = web.TCPSite(self._runner, host, port, reuse_address=True, ssl_context=self._tls)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise bind_error(host, port, error) from None
        bound = self._runner.addresses[0][1]
        self._policy = AccessPolicy(host, bound, self._settings.token, self._policy.secure)
        if self._console is not None:
            self._console.start(bound, secure=self._policy.secure)
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
        if self._console is not None:
            await self._console.aclose()
        closing = [self._close(page, 1001, b"the session has ended") for page in self._pages]
        await asyncio.gather(*self._tasks, *closing, return_exceptions=True)
        await self._peers.aclose()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------ bus to page

    async def _forward_events(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            if (told := self._telling.told(message)) is None:
                continue
            payload = encode(told)
            self._memory.take(told, payload)
            for page in self._pages:
                page.outbox.put_event(payload)
                if page.outbox.overrun and not page.closing:
                    self._disconnect_slow(page)

    async def _forward_audio(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            if self._claims:
                self._claims[-1].put_audio(encode(message))

    async def _forward_states(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            told = self._telling.told(message)
            if told is None or (isinstance(told, m.Heartbeat) and not self._is_news(told)):
                continue
            payload = encode(told)
            self._memory.take(told, payload)
            key = state_key(told)
            moves = isinstance(told, m.MotionFrame)
            for page in self._pages:
                (page.put_motion if moves else page.outbox.put_state)(key, payload)

    def _is_news(self, beat: m.Heartbeat) -> bool:
        """Whether a room's health has changed: rooms beat several times a second, pages need only the changes."""
        health = (beat.status, beat.detail)
        if self._health.get(beat.source) == health:
            return False
        self._health[beat.source] = health
        return True

    # ------------------------------------------------------------ HTTP

    async def _file(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host")
        refusal = self._policy.host_refusal(host) or self._policy.token_refusal(request.query, request.cookies)
        response = web.Response(status=403, text=refusal + "\n") if refusal else self._files.response(request)
        response.headers.update(security_headers(host or "" if not refusal else "", secure=self._policy.secure))
        if not refusal and self._settings.token and "token" in request.query:
            name, token, secure = self._policy.cookie, self._settings.token, self._policy.secure
            response.set_cookie(name, token, httponly=True, samesite="Strict", path="/", secure=secure)
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
        # Compression would delay every motion frame and shrink none: the payloads are floats, PCM and JPEG.
        socket = web.WebSocketResponse(max_msg_size=FRAME_BYTES_MAX, compress=False, heartbeat=PING_S)
        if len(self._pages) + self._opening >= PAGES_MAX:
            return web.Response(status=503, text=f"{PAGES_MAX} pages are open already; close one\n")
        self._opening += 1
        try:
            await socket.prepare(request)
        except ConnectionError:  # closed while it connected
            return socket
        finally:
            self._opening -= 1
        page = OpenPage(f"page-{next(self._viewer_numbers)}", socket, request.transport)
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

    def _join(self, page: OpenPage) -> None:
        page.outbox.put_event(
            _control(
                "hello",
                viewer_id=page.viewer_id,
                session_ns=self._clock.now_ns(),
                schema=m.SCHEMA_VERSION,
                replay=self._replay,
                recording=self._recording,
                remembers=self._remembers,
                thinking=self._settings.thinking,
                webrtc=self._webrtc,
                stun_servers=self._settings.stun_servers,
            )
        )
        for payload in self._memory.states:
            page.outbox.put_event(payload)
        events = self._memory.events
        page.outbox.put_event(_control("history", events=len(events)))
        for payload in events:
            page.outbox.put_event(payload)
        page.outbox.put_event(_control("live"))
        self._pages.append(page)
        self._counters["pages"] = len(self._pages)
        self._publish_viewer(page, "joined")
        self._tell_roles()

    def _leave(self, page: OpenPage) -> None:
        self._pages.remove(page)
        self._peers.leave(page)
        if page in self._claims:
            self._claims.remove(page)
        self._counters["pages"] = len(self._pages)
        for device in sorted(page.capturing, reverse=True):
            self._publish_viewer(page, "microphone_off" if device == "microphone" else "camera_off")
        page.capturing.clear()
        self._publish_viewer(page, "left")
        self._tell_roles()

    async def _write(self, page: OpenPage) -> None:
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

    async def _read(self, page: OpenPage) -> None:
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

    def _take_message(self, page: OpenPage, payload: bytes) -> None:
        message = page.input.message(payload, self._clock.now_ns())
        if self._replay:
            raise Refused("not_allowed")
        if self._recording is not None and not page.consented and needs_consent(message):
            raise Refused("consent")
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

    def _take_control(self, page: OpenPage, text: str) -> None:
        request = page.input.control(text, self._clock.now_ns())
        if isinstance(request, Ping):
            page.outbox.put_event(_control("pong", sent_ms=request.sent_ms, session_ns=self._clock.now_ns()))
        elif isinstance(request, Claim):
            if page in self._claims:
                self._claims.remove(page)
            self._claims.append(page)
            self._tell_roles()
        elif isinstance(request, Offer):
            if not self._webrtc:
                raise Refused("not_allowed")
            self._peers.offered(page, request.sdp, lambda sdp: page.outbox.put_event(_control("answer", sdp=sdp)))
        elif isinstance(request, Consent):
            self._agree(page, request.recording)
        elif isinstance(request, Interrupt) and self._on_interrupt is not None:
            self._on_interrupt()

    def _disconnect_slow(self, page: OpenPage) -> None:
        # Not the writer's task: it waits for the page to read, which may be never.
        page.closing = True
        self._count("disconnected_slow")
        task = asyncio.create_task(self._close(page, WS_TOO_SLOW, b"the page could not keep up; it will connect again"))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _agree(self, page: OpenPage, recording_id: str) -> None:
        if self._recording is None or recording_id != self._recording.id:
            raise Refused("consent")  # to something else than what is recorded now
        if not page.consented:
            page.consented = True
            self._publish_viewer(page, "consented")

    def _publish_viewer(self, page: OpenPage, state: ViewerState) -> None:
        self._bus.publish(m.Viewer(t_ns=self._clock.now_ns(), state=state, viewer_id=page.viewer_id))

    def _tell_roles(self) -> None:
        for page in self._pages:
            active = bool(self._claims) and self._claims[-1] is page
            page.outbox.put_event(_control("role", active=active, taken=bool(self._claims), pages=len(self._pages)))

    async def _close(self, page: OpenPage, code: int, reason: bytes) -> None:
        try:
            await asyncio.wait_for(page.socket.close(code=code, message=reason), CLOSE_TIMEOUT_S)
        except (asyncio.TimeoutError, ConnectionError):
            if page.transport is not None:
                page.transport.abort()

    def _count(self, name: str) -> None:
        self._counters[name] = self._counters.get(name, 0) + 1


def _control(kind: str, **fields: object) -> str:
    return msgspec.json.encode({"type": kind, **fields}).decode()
