"""The console's server: its files under `/operator`, its WebSocket, and the way of each act to the bus and back.

A part of the page's server (same port, same loop) with a token of its own, which is always needed, also on loopback: the page's token
or cookie opens nothing here. `Host` and `Origin` are checked as for the page. Every act is published as `OperatorAct` and so recorded
with its time; an act that the fast system does not answer within `ANSWER_S` is answered `expired` here, so that a console never waits
in silence. Notes and the session's end are taken here, since they must also work when the fast system is gone. Which rooms have fallen
silent is told, so that no console shows an agent as ready that is gone. A console that cannot keep up is closed and comes back on its own.
"""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import msgspec
from aiohttp import WSMsgType, web

from avatar.access import AccessPolicy
from avatar.console.feed import EVENTS, Feed
from avatar.console.inbound import FRAME_CHARS_MAX, ConsoleInput, Unacceptable, act_of
from avatar.console.pulse import SILENT_AFTER_S, Pulse
from avatar.files import PageFiles, security_headers
from avatar.outbox import Outbox
from runtime import messages as m
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.ids import IdSource
from runtime.messages.operator import OperatorDeed
from runtime.settings import AvatarSettings
from runtime.streams import Stream

PAGE_FOLDER = Path(__file__).parent / "page"
OPERATORS_MAX = 4
ANSWER_S = 2.0
CLOSE_TIMEOUT_S = 0.3
PING_S = 5.0
WS_TOO_SLOW = 4008
WATCH_S = 0.5
"""How often silent rooms are looked for."""
END_REASON = "the operator ended the session"
TAKEN_HERE = ("note", "end")


class _Operator:
    """One connected console."""

    def __init__(self, name: str, socket: web.WebSocketResponse) -> None:
        self.name = name
        self.socket = socket
        self.outbox = Outbox()
        self.input = ConsoleInput()


class Console:
    """Serves the operator console."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        ids: IdSource,
        settings: AvatarSettings,
        *,
        recorded: bool,
        counters: dict[str, float] | None = None,
        page_folder: Path = PAGE_FOLDER,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        """Prepare; raises AttuneError for a token that is too short, or is the page's.

        Args:
            bus: where acts go.
            clock: session time.
            ids: names the acts.
            settings: address and both tokens.
            recorded: whether the session is recorded, which the operator is told.
            counters: totals to add to (`operators`, `refused_operator`).
            page_folder: the console's files.
            silent_after_s: a room without a heartbeat for so long is shown as silent.
        """
        if settings.operator_token and settings.operator_token == settings.token:
            raise AttuneError("avatar.operator_token is the page's token", "Give the console a token of its own")
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._policy = self._new_policy(settings.port, secure=False)
        self._recorded = recorded
        self._counters = {} if counters is None else counters
        self._files = PageFiles(page_folder)
        self._operators: list[_Operator] = []
        self._feed = Feed()
        self._pulse = Pulse(silent_after_s)
        self._silent: list[str] = []
        self._started_ns = -1
        self._numbers = itertools.count(1)
        self._unanswered: dict[str, asyncio.TimerHandle] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closing: set[asyncio.Task[bool]] = set()

    def _new_policy(self, port: int, *, secure: bool) -> AccessPolicy:
        if not self._settings.operator_token:
            raise AttuneError("avatar.operator_token is empty", "Give --operator, which makes one")
        return AccessPolicy(self._settings.host, port, self._settings.operator_token, secure, "operator_token")

    def add_routes(self, app: web.Application) -> None:
        """Serve below `/operator`."""
        app.router.add_get("/operator/stream", self._stream)
        app.router.add_get("/operator{path:(/.*)?}", self._file)

    def start(self, port: int, *, secure: bool = False) -> None:
        """Begin to follow the bus; `port` is the bound one, `secure` whether it is served over TLS."""
        self._policy = self._new_policy(port, secure=secure)
        self._tasks = [
            asyncio.create_task(self._follow(self._bus.subscribe(*EVENTS))),
            asyncio.create_task(self._watch()),
        ]

    def session_started(self, started_ns: int) -> None:
        """Take when the session started (ns), which the bus does not tell a room that was started again."""
        if self._started_ns < 0:
            self._started_ns = started_ns
            self._tell(_control("started", started_ns=started_ns))

    async def aclose(self) -> None:
        """Say goodbye to the consoles."""
        for task in self._tasks:
            task.cancel()
        for timer in self._unanswered.values():
            timer.cancel()
        goodbyes = [
            asyncio.wait_for(o.socket.close(code=1001, message=b"the session has ended"), CLOSE_TIMEOUT_S)
            for o in self._operators
        ]
        await asyncio.gather(*self._tasks, *goodbyes, return_exceptions=True)

    # ------------------------------------------------------------ bus to consoles

    async def _follow(self, stream: Stream[m.AnyMessage]) -> None:
        async for message in stream:
            if isinstance(message, (m.IntentionAnswer, m.OperatorAnswer)):
                answered = message.intention_id if isinstance(message, m.IntentionAnswer) else message.act_id
                if timer := self._unanswered.pop(answered, None):
                    timer.cancel()
            elif isinstance(message, m.Heartbeat):
                self._pulse.beat(message.source, self._clock.now_ns() / NS_PER_S)
            elif isinstance(message, m.SessionControl) and message.action == "start":
                self.session_started(message.t_ns)
            if text := self._feed.take(message):
                self._tell(text)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            silent = self._pulse.silent(self._clock.now_ns() / NS_PER_S)
            if silent != self._silent:
                self._silent = silent
                self._tell(_control("silent", rooms=silent))

    def _tell(self, text: str) -> None:
        for operator in self._operators:
            operator.outbox.put_event(text)
            if operator.outbox.overrun:
                self._disconnect_slow(operator)

    def _disconnect_slow(self, operator: _Operator) -> None:
        closing = operator.socket.close(code=WS_TOO_SLOW, message=b"the console could not keep up")
        task = asyncio.ensure_future(closing)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    # ------------------------------------------------------------ HTTP

    def _refusal(self, request: web.Request) -> str:
        host = request.headers.get("Host")
        return self._policy.host_refusal(host) or self._policy.token_refusal(request.query, request.cookies)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refusal(request)
        if refusal:
            self._count("refused_operator")
            response = web.Response(status=403, text=refusal + "\n")
        else:
            response = self._files.response(request, "/" + request.match_info["path"].lstrip("/"))
        response.headers.update(
            security_headers("" if refusal else request.headers.get("Host", ""), secure=self._policy.secure)
        )
        if not refusal and "token" in request.query:
            token = self._settings.operator_token
            name, secure = self._policy.cookie, self._policy.secure
            response.set_cookie(name, token, httponly=True, samesite="Strict", path="/operator", secure=secure)
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host")
        socket = web.WebSocketResponse(max_msg_size=4 * FRAME_CHARS_MAX, compress=False, heartbeat=PING_S)
        asks_why = not socket.can_prepare(
            request
        ).ok  # a browser does not tell a page why a WebSocket was refused: it asks again
        refusal = self._refusal(request)
        if not asks_why:
            refusal = refusal or self._policy.origin_refusal(request.headers.get("Origin"), host)
        if refusal:
            self._count("refused_operator")
            return web.Response(status=403, text=refusal + "\n")
        if len(self._operators) >= OPERATORS_MAX:
            return web.Response(status=503, text=f"{OPERATORS_MAX} consoles are open already; close one\n")
        if asks_why:
            return web.Response(status=400, text="this is a WebSocket\n")
        operator = _Operator(f"operator-{next(self._numbers)}", socket)
        self._operators.append(operator)  # before the first await: of many that come at once no more get in
        try:
            await socket.prepare(request)
            self._join(operator)
            writer = asyncio.create_task(self._write(operator))
            try:
                await self._read(operator)
            finally:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)
        finally:
            self._operators.remove(operator)
            self._tell_presence(operator, "left")
        return socket

    # ------------------------------------------------------------ one console

    def _join(self, operator: _Operator) -> None:
        put = operator.outbox.put_event
        times = {"session_ns": self._clock.now_ns(), "started_ns": self._started_ns}
        put(_control("hello", operator=operator.name, recorded=self._recorded, **times))
        for text in self._feed.past:
            put(text)
        put(_control("silent", rooms=self._silent))
        put(_control("live"))
        self._tell_presence(operator, "joined")

    def _tell_presence(self, operator: _Operator, deed: OperatorDeed) -> None:
        """Tell who watches; the fast system answers with what is held."""
        self._counters["operators"] = len(self._operators)
        self._publish(
            m.OperatorAct(t_ns=self._clock.now_ns(), id=self._ids.new("act"), deed=deed, operator=operator.name)
        )
        self._tell(_control("operators", count=len(self._operators)))

    async def _write(self, operator: _Operator) -> None:
        while True:
            batch = await operator.outbox.take()
            try:
                for payload in batch:
                    await operator.socket.send_str(str(payload))
            except (ConnectionError, RuntimeError):  # gone between two frames
                return

    async def _read(self, operator: _Operator) -> None:
        async for frame in operator.socket:
            if frame.type is not WSMsgType.TEXT:
                self._count("refused_operator")
                return
            try:
                self._take(operator, frame.data)
            except Unacceptable as error:
                self._count("refused_operator")
                operator.outbox.put_event(_control("refused", ref=error.ref, message=str(error)))

    def _take(self, operator: _Operator, text: str) -> None:
        now_ns = self._clock.now_ns()
        wish = operator.input.wish(text, now_ns)
        act = act_of(wish, self._ids.new("act"), operator.name, now_ns)
        operator.outbox.put_event(_control("taken", ref=wish.ref, id=act.id))
        self._publish(act)
        if act.deed in TAKEN_HERE:
            self._answer(act.id, "finished", "" if self._recorded or act.deed == "end" else "nothing is recorded")
        else:
            loop = asyncio.get_running_loop()
            self._unanswered[act.id] = loop.call_later(ANSWER_S, self._give_up, act.id)
        if act.deed == "end":
            self._bus.publish(m.SessionControl(t_ns=now_ns, action="stop", reason=END_REASON))

    def _give_up(self, act_id: str) -> None:
        self._unanswered.pop(act_id, None)
        self._answer(act_id, "expired", "the agent did not answer")

    def _answer(self, act_id: str, state: m.IntentionState, reason: str) -> None:
        self._publish(m.OperatorAnswer(t_ns=self._clock.now_ns(), act_id=act_id, state=state, reason=reason))

    def _publish(self, message: m.OperatorAct | m.OperatorAnswer) -> None:
        self._bus.publish(message)

    def _count(self, name: str) -> None:
        self._counters[name] = self._counters.get(name, 0) + 1


def _control(kind: str, **fields: object) -> str:
    return msgspec.json.encode({"type": kind, **fields}).decode()
