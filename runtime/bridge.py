"""The room `bridge`: outside programs that take part in the house, such as the ROS 2 nodes, over one TCP port of ZeroMQ.

A program joins with a name and the message types that it wants (`runtime.bridge_protocol`); what it sends is looked at by
`runtime.bridge_rules` and published on the bus, its intentions go the way of all intentions and their answers come back to it. Whoever
has joint goals running (`runtime.bridge_goals`) must be heard every `bridge.silent_after_ms`, or the goals are aborted on the bus ("bridge
lost"); the same where its connection breaks, where it leaves, and where another process joins under its name. Everything runs on the
room's loop. What is not taken is counted and answered by one refusal per second and kind; nothing that a program sends ends the room.
Session times in ns.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import zmq

from runtime import bridge_protocol as p
from runtime import codec
from runtime import messages as m
from runtime.addresses import bind_error, is_loopback
from runtime.bridge_goals import BridgeGoals
from runtime.bridge_member import Member
from runtime.bridge_rules import EXCLUSIVE, refusal_of, wanted_type
from runtime.bridge_settings import BridgeSettings
from runtime.bus import IntentionClient
from runtime.clock import NS_PER_MS
from runtime.errors import AttuneError
from runtime.keys import ServerKeys, load_server_keys
from runtime.room import RoomContext
from runtime.transport.fanout import count
from runtime.transport.zeromq_sockets import SocketReader, new_socket

LOOK_S = 0.01
"""How often it is looked who has fallen silent."""
FORGET_S = 5.0
"""A program without goals that has been silent for this long is gone."""
SEND_DEPTH = 2_000
"""Messages that wait for a slow program before the newest are dropped for it (and counted)."""
ENDPOINT_FILE = "bridge.json"


async def serve(context: RoomContext) -> None:
    """Bind, let programs join and leave, until cancelled.

    Raises:
        AttuneError: an address that cannot be bound, or one beyond loopback without keys.
    """
    settings = context.profile.bridge
    zmq_context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket, keys = _bind(zmq_context, settings, settings.port or _earlier_port(context.state_dir / ENDPOINT_FILE))
    authenticator = keys.authenticator(zmq_context) if keys is not None else None
    bridge = Bridge(context, socket, private=keys is not None)
    try:
        endpoint = {"endpoint": socket.get_string(zmq.LAST_ENDPOINT).rstrip("\0")}
        (context.state_dir / ENDPOINT_FILE).write_text(json.dumps(endpoint))
        await context.session_started()
        bridge.goals.abort_left()
        while True:
            bridge.look()
            await asyncio.sleep(LOOK_S)
    finally:
        await bridge.aclose()
        socket.close(linger=100)
        if authenticator is not None:
            authenticator.stop()
        zmq_context.destroy(linger=100)


def _bind(
    context: zmq.Context[zmq.Socket[bytes]], settings: BridgeSettings, port: int
) -> tuple[zmq.Socket[bytes], ServerKeys | None]:
    if not settings.curve_keys and not is_loopback(settings.host):
        raise AttuneError(
            f"bridge.host {settings.host} is reachable from other machines, but bridge.curve_keys is empty",
            "Make keys with 'attune keys create DIR' and name DIR in bridge.curve_keys, or set bridge.host to 127.0.0.1.",
        )
    keys = load_server_keys(Path(settings.curve_keys)) if settings.curve_keys else None
    socket = new_socket(context, zmq.ROUTER, codec.MAX_PAYLOAD_BYTES)
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
    socket.setsockopt(zmq.SNDHWM, SEND_DEPTH)
    if keys is not None:
        keys.apply(socket)
    if ":" in settings.host:
        socket.setsockopt(zmq.IPV6, 1)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    try:
        socket.bind(f"tcp://{host}:{port or '*'}")
    except zmq.ZMQError as error:
        socket.close(linger=0)
        problem = bind_error(settings.host, port, OSError(error.errno, error.strerror))
        raise AttuneError(f"bridge: {problem.message}", "Set bridge.port and bridge.host to a free address.") from None
    return socket, keys


def _earlier_port(path: Path) -> int:
    """Return the port of an earlier life of this room, so that programs find it again, or 0."""
    try:
        return int(json.loads(path.read_text())["endpoint"].rpartition(":")[2])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0


class Bridge:
    """Who has joined, what each wants, and whose goals run."""

    def __init__(self, context: RoomContext, socket: zmq.Socket[bytes], *, private: bool) -> None:
        """Read the socket from now on."""
        self._context = context
        self._bus = context.bus
        self._clock = context.clock
        self._settings = context.profile.bridge
        self._socket = socket
        self._private = private
        self._members: dict[bytes, Member] = {}
        self._sent_by: dict[type[m.Message], str] = {}
        self._clients: dict[str, IntentionClient] = {}
        self._pumps: dict[type[m.Message], asyncio.Task[None]] = {}
        self._counts: dict[str, int] = {}
        self.goals = BridgeGoals(
            context.bus, context.clock, context.state_dir, self._members, partial(count, self._counts)
        )
        self._tasks = {asyncio.create_task(self.goals.follow(), name="bridge goals")}
        self._reader = SocketReader(socket, self._on_parts)

    def look(self) -> None:
        """Abort the goals of whoever has fallen silent, and forget who is long gone."""
        now_ns = self._clock.now_ns()
        self.goals.look()
        for identity, member in list(self._members.items()):
            silent_ms = (now_ns - member.heard_ns) / NS_PER_MS
            if member.goals and silent_ms > self._settings.silent_after_ms:
                self.goals.abort_all(member, f"bridge lost: {member.name} was silent for {silent_ms:.0f} ms")
            elif silent_ms > FORGET_S * 1e3:
                self._drop(identity, f"{member.name} is gone")
        self._context.counters["bridge_programs"] = len(self._members)
        self._context.counters.update({f"bridge_{name}": float(value) for name, value in self._counts.items()})

    async def aclose(self) -> None:
        """Abort running goals and stop reading."""
        for identity in list(self._members):
            self._drop(identity, "the house stops")
        self._reader.close()
        for task in (*self._tasks, *self._pumps.values()):
            task.cancel()
        for client in self._clients.values():
            await client.aclose()

    def _on_parts(self, parts: list[bytes]) -> None:
        if len(parts) != 3:
            count(self._counts, "malformed")
            return
        identity, kind, payload = parts
        member = self._members.get(identity)
        if member is not None:
            member.heard_ns = self._clock.now_ns()
        if kind == p.CONTROL:
            self._on_control(identity, member, payload)
        elif kind != p.MESSAGE:
            self._refuse(identity, member, "frame", f"kind {kind[:8]!r}; a frame's kind is b'm' or b'c'")
        elif member is None:
            self._refuse(identity, None, "join", "join first")
        else:
            self._on_message(identity, member, payload)

    def _on_control(self, identity: bytes, member: Member | None, payload: bytes) -> None:
        try:
            control = p.decode_control(payload)
        except ValueError as error:
            self._refuse(identity, member, "control", str(error))
            return
        if isinstance(control, p.Join):
            self._join(identity, control)
        elif member is None:
            self._refuse(identity, None, "join", "join first")
        elif isinstance(control, p.Beat):
            self._control(identity, p.BeatAnswer(sent_ns=control.sent_ns, session_ns=self._clock.now_ns()))
        elif isinstance(control, p.Leave):
            self._drop(identity, f"{member.name} has left")

    def _join(self, identity: bytes, join: p.Join) -> None:
        if join.schema > m.SCHEMA_VERSION:
            self._refuse(identity, None, "join", f"schema {join.schema}; this house speaks {m.SCHEMA_VERSION}")
            return
        for other, member in list(self._members.items()):
            if member.name == join.name:  # the same program again: a later life of it, or the same after a silence
                self._drop(other, f"{join.name} has joined again")
        if len(self._members) >= self._settings.programs_max:
            names = ", ".join(sorted(member.name for member in self._members.values()))
            self._refuse(identity, None, "join", f"{len(self._members)} programs are joined already: {names}")
            return
        member = self._members[identity] = Member(join.name, self._clock.now_ns())
        for tag in join.wants:
            kind = wanted_type(tag, private=self._private)
            if isinstance(kind, str):
                self._refuse(identity, member, tag, kind)
            else:
                member.wants.add(kind)
        fresh = [kind for kind in dict.fromkeys(member.wants) if kind not in self._pumps]
        if fresh:  # one subscription, so that their order among each other is kept
            pump = asyncio.create_task(self._pump(tuple(fresh)), name=f"bridge {fresh[0].__name__}")
            self._pumps.update(dict.fromkeys(fresh, pump))
        self._control(
            identity,
            p.Welcome(
                session_ns=self._clock.now_ns(),
                silent_after_ms=self._settings.silent_after_ms,
                goals=self.goals.ended(join.name),
            ),
        )

    def _on_message(self, identity: bytes, member: Member, payload: bytes) -> None:
        try:
            message = codec.decode(payload)
        except codec.Undecodable as error:
            self._refuse(identity, member, error.reason, str(error))
            return
        tag = str(message.__struct_config__.tag)
        goal_id = message.goal_id if isinstance(message, m.JointGoal | m.JointGoalCancel) else ""
        refusal = refusal_of(message) or self._claim(member, type(message))
        if not refusal and isinstance(message, m.JointGoal):
            refusal = self.goals.take(member, message)
        elif not refusal and isinstance(message, m.JointGoalCancel) and message.goal_id not in member.goals:
            refusal = f"{message.goal_id} is no running goal of {member.name}"
        if refusal:
            self._refuse(identity, member, tag, refusal, goal_id)
            return
        count(self._counts, "taken")
        now_ns = self._clock.now_ns()
        if isinstance(message, m.Intention | m.IntentionCancel):
            self._forward(identity, member, message)
            return
        self._bus.publish(msgspec.structs.replace(message, t_ns=min(message.t_ns, now_ns) or now_ns))

    def _claim(self, member: Member, kind: type[m.Message]) -> str:
        """Note who sends a stream of which there is one; return whose it is where it is another's."""
        if kind not in EXCLUSIVE:
            return ""
        holder = self._sent_by.setdefault(kind, member.name)
        if holder == member.name:
            return ""
        if not any(other.name == holder and self._is_heard(other) for other in self._members.values()):
            self._sent_by[kind] = member.name
            return ""
        return f"{holder} sends it already, and there is one of it"

    def _is_heard(self, member: Member) -> bool:
        return self._clock.now_ns() - member.heard_ns < 1_000 * NS_PER_MS

    def _forward(self, identity: bytes, member: Member, message: m.Intention | m.IntentionCancel) -> None:
        client = self._clients.get(member.name)
        if client is None:
            client = self._clients[member.name] = self._context.open_intention_client(f"bridge-{member.name}")
            self._tasks.add(asyncio.create_task(self._follow_intentions(member.name, client)))
        if isinstance(message, m.Intention):
            client.send(message)
        else:
            client.cancel(message.intention_id, message.reason)

    async def _follow_intentions(self, name: str, client: IntentionClient) -> None:
        async for answer in client.answers:
            self._send_to(partial(_is_named, name), answer)

    async def _pump(self, kinds: tuple[type[m.Message], ...]) -> None:
        async for message in self._bus.subscribe(*kinds):
            self._send_to(partial(_wants, type(message)), message)

    def _drop(self, identity: bytes, reason: str) -> None:
        member = self._members.pop(identity, None)
        if member is not None:
            self.goals.abort_all(member, f"bridge lost: {reason}")

    def _refuse(self, identity: bytes, member: Member | None, about: str, reason: str, goal_id: str = "") -> None:
        """Count; answer once a second and kind, but for a goal always, since somebody waits for it."""
        count(self._counts, "refused")
        if member is None or goal_id or member.may_be_told(about, self._clock.now_ns()):
            self._control(identity, p.Refusal(about=about[:128], reason=reason[:1_000], id=goal_id))

    def _send_to(self, which: Callable[[Member], bool], message: m.Message) -> None:
        chosen = [identity for identity, member in self._members.items() if which(member)]
        if chosen:
            payload = codec.encode(message)
            for identity in chosen:
                self._send(identity, p.MESSAGE, payload)

    def _control(self, identity: bytes, control: p.Control) -> None:
        self._send(identity, p.CONTROL, p.encode_control(control))

    def _send(self, identity: bytes, kind: bytes, payload: bytes) -> None:
        try:
            self._socket.send_multipart((identity, kind, payload), zmq.NOBLOCK)
        except zmq.ZMQError as error:
            if error.errno == zmq.EHOSTUNREACH:
                self._drop(identity, "its connection broke")
            elif error.errno == zmq.EAGAIN:
                count(self._counts, "dropped")
            else:
                raise
        finally:
            self._reader.look_again()


def _wants(kind: type[m.Message], member: Member) -> bool:
    return kind in member.wants


def _is_named(name: str, member: Member) -> bool:
    return member.name == name
