"""A wire without ROS: topics, services and actions as rmw_cyclonedds_cpp speaks them, by the cyclonedds package alone.

Topics are understood by nodes of any DDS vendor; services and actions only by nodes that run with
`RMW_IMPLEMENTATION=rmw_cyclonedds_cpp`, since their header is Cyclone's own. Domain and network are those of ROS: `ROS_DOMAIN_ID` and
`CYCLONEDDS_URI`. All callbacks run on one asyncio loop, on the thread of `run`; DDS's threads only wake it. Parameters come from the
command line (`-p name:=value`) and, as a YAML file of ROS, from `--params-file`. What cannot be read is counted and left.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import secrets
import signal
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from cyclonedds._clayer import ddspy_take, ddspy_write  # bytes in and out, without a detour over Python objects
from cyclonedds.core import Listener, Policy
from cyclonedds.core import Qos as DdsQos
from cyclonedds.domain import DomainParticipant
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

from attune_bridge import ros_types as types
from attune_bridge.contract import QOS, Qos
from attune_bridge.dds_actions import DdsActionServer, DdsSentGoal
from attune_bridge.dds_types import service_struct_of, struct_of
from attune_bridge.parameters import Parameters
from attune_bridge.wire import ActionServer, GoalHandler, Publish, SentGoal

ANY = 0x7F | 0xFF00  # every sample, view and instance state
TAKE = 64
HEADER = struct.Struct("<Qq")
CDR = b"\x00\x01\x00\x00"
BLOCK_NS = 100_000_000
CLOCK = ("/clock", "rosgraph_msgs/msg/Clock")
NODE_INFO = "rmw_dds_common/msg/ParticipantEntitiesInfo"


class _Waker(Listener):  # type: ignore[misc] # the package's types are not used
    """Wakes the loop when a reader has something; called by a thread of DDS."""

    def __init__(self, loop: asyncio.AbstractEventLoop, drain: Callable[[], None]) -> None:
        super().__init__()
        self._loop, self._drain = loop, drain

    def on_data_available(self, reader: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._drain)


class CycloneWire:
    """One node (`attune_bridge.wire.Wire`)."""

    def __init__(
        self, node: str, arguments: list[str] | None = None, *, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        """Join the domain of `ROS_DOMAIN_ID`.

        Args:
            node: its name, if the command line gives no other.
            arguments: the command line's, in the form of `--ros-args`.
            loop: a running loop to work on, whose owner calls `close`; by default one of its own, which `run` runs.
        """
        self.parameters = Parameters(node, sys.argv[1:] if arguments is None else arguments)
        self.node = self.parameters.node
        self.namespace = self.parameters.namespace
        self.counters: dict[str, int] = {"published": 0, "received": 0, "unreadable": 0, "unwritable": 0}
        self._own_loop = loop is None
        self.loop = loop or asyncio.new_event_loop()
        self.client_id = secrets.randbits(63)
        self._numbers = itertools.count(1)
        self._waiting: dict[tuple[str, int], Callable[[Any], None]] = {}
        self._callers: dict[str, Callable[[dict[str, Any], Callable[[Any], None]], bool]] = {}
        self._keep: list[Any] = []
        self._topics: dict[tuple[str, int], Any] = {}
        self._stopped = asyncio.Event()
        self._sim_ns: int | None = None
        self._participant = DomainParticipant(
            int(os.environ.get("ROS_DOMAIN_ID", "0")), qos=DdsQos(Policy.Userdata(b"enclave=/;"))
        )
        self._tell_node()
        if self.parameter("use_sim_time", False):
            self._sim_ns = 0
            self.subscribe(*CLOCK, Qos(False, False, 1, ""), self._on_clock)

    def parameter(self, name: str, default: Any) -> Any:
        """Return a parameter."""
        return self.parameters.get(name, default)

    def now_ns(self) -> int:
        """Return ROS time."""
        return time.time_ns() if self._sim_ns is None else self._sim_ns

    def resolve(self, name: str) -> str:
        """Return the full name of a topic, service or action."""
        name = self.parameters.remapped(name)
        return name if name.startswith("/") else f"{self.namespace.rstrip('/')}/{name}"

    def publisher(self, name: str, type_name: str, qos: Qos) -> Publish:
        """Return what publishes on a topic."""
        writer = self._writer(f"rt{self.resolve(name)}", struct_of(type_name), qos, types.type_hash(type_name))

        def publish(fields: dict[str, Any]) -> None:
            try:
                data = types.encode(type_name, fields)
            except (ValueError, TypeError, OverflowError, struct.error):
                self.counters["unwritable"] += 1
                return
            self._write(writer, data)

        return publish

    def subscribe(self, name: str, type_name: str, qos: Qos, callback: Callable[[Any], None]) -> Callable[[], None]:
        """Hand each message to a function."""

        def read(data: bytes) -> None:
            callback(types.decode(type_name, data))

        reader = self._reader(f"rt{self.resolve(name)}", struct_of(type_name), qos, types.type_hash(type_name), read)
        return lambda: self._end(reader)

    def serve(self, name: str, type_name: str, handler: Callable[[Any], dict[str, Any]]) -> None:
        """Answer each request at once."""
        self.serve_later(name, type_name, lambda request, answer: answer(handler(request)))

    def serve_later(
        self, name: str, type_name: str, handler: Callable[[Any, Callable[[dict[str, Any]], None]], None]
    ) -> None:
        """Answer each request whenever the handler calls what it is given."""
        full, qos = self.resolve(name), QOS["service"]
        writer = self._writer(f"rr{full}Reply", service_struct_of(f"{type_name}_Response"), qos, "")

        def read(data: bytes) -> None:
            head = data[4:20]
            request = types.decode(f"{type_name}_Request", CDR + data[20:])

            def answer(fields: dict[str, Any]) -> None:
                self._write(writer, CDR + head + types.encode(f"{type_name}_Response", fields)[4:])

            handler(request, answer)

        self._reader(f"rq{full}Request", service_struct_of(f"{type_name}_Request"), qos, "", read)

    def call(self, name: str, type_name: str, fields: dict[str, Any], done: Callable[[Any], None]) -> None:
        """Call a service without waiting."""
        self.caller(name, type_name)(fields, done)

    def caller(self, name: str, type_name: str) -> Callable[[dict[str, Any], Callable[[Any], None]], bool]:
        """Return what calls a service; it returns whether a server is there."""
        full, qos = self.resolve(name), QOS["service"]
        if full in self._callers:
            return self._callers[full]
        writer = self._writer(f"rq{full}Request", service_struct_of(f"{type_name}_Request"), qos, "")

        def read(data: bytes) -> None:
            client, number = HEADER.unpack(data[4:20])
            done = self._waiting.pop((full, number), None) if client == self.client_id else None
            if done is not None:
                done(types.decode(f"{type_name}_Response", CDR + data[20:]))

        reader = self._reader(f"rr{full}Reply", service_struct_of(f"{type_name}_Response"), qos, "", read)

        def call(call_fields: dict[str, Any], done: Callable[[Any], None]) -> bool:
            if not writer.get_matched_subscriptions() or not reader.get_matched_publications():
                return False
            number = next(self._numbers)
            self._waiting[(full, number)] = done
            head = HEADER.pack(self.client_id, number)
            self._write(writer, CDR + head + types.encode(f"{type_name}_Request", call_fields)[4:])
            return True

        self._callers[full] = call
        return call

    def serve_action(self, name: str, type_name: str, handler: GoalHandler) -> ActionServer:
        """Serve an action."""
        return DdsActionServer(self, name, type_name, handler)

    def send_goal(
        self, name: str, type_name: str, goal: dict[str, Any], done: Callable[[int, Any], None]
    ) -> SentGoal | None:
        """Send a goal."""
        sent = DdsSentGoal(self, name, type_name, done)
        return sent if sent.send(goal) else None

    def every(self, period_s: float, callback: Callable[[], None]) -> None:
        """Call a function again and again, without catching up after a delay."""

        async def beat() -> None:
            due_s = time.monotonic()
            while True:
                due_s = max(due_s + period_s, time.monotonic() - period_s)
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                self._guard(callback)

        self._keep.append(self.loop.create_task(beat()))

    def watch(self, descriptor: int, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function when a descriptor becomes readable."""
        self.loop.add_reader(descriptor, self._guard, callback)

        def end() -> None:
            if not self.loop.is_closed():
                self.loop.remove_reader(descriptor)

        return end

    def log(self, level: str, text: str) -> None:
        """Write one line to standard error, as ROS does."""
        sys.stderr.write(f"[{level.upper()}] [{time.time():.3f}] [{self.node}]: {text}\n")
        sys.stderr.flush()

    def run(self, leave: Callable[[], None] = lambda: None) -> None:
        """Run until SIGINT, SIGTERM or `stop`, call `leave`, which may still tell something, then leave the domain."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self.loop.add_signal_handler(number, self.stop)
        try:
            self.loop.run_until_complete(self._stopped.wait())
        finally:
            try:
                leave()
            finally:
                self.close()

    def stop(self) -> None:
        """Let `run` return."""
        self._stopped.set()

    def close(self) -> None:
        """Leave the domain."""
        for each in self._keep:
            if isinstance(each, asyncio.Task):
                each.cancel()
        self._keep.clear()
        self._participant._delete(self._participant._ref)  # readers fall silent before the loop goes
        if self._own_loop:
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

    def _writer(self, name: str, data_type: Any, qos: Qos, type_hash: str) -> Any:
        return DataWriter(self._participant, self._topic(name, data_type), qos=_dds_qos(qos, type_hash))

    def _reader(self, name: str, data_type: Any, qos: Qos, type_hash: str, on_data: Callable[[bytes], None]) -> Any:
        reader: Any = None

        def drain() -> None:
            while reader is not None and reader in self._keep:
                taken = ddspy_take(reader._ref, ANY, TAKE)
                if isinstance(taken, int) or not taken:
                    return
                for data, info in taken:
                    if info.valid_data:
                        self._guard(self._read, on_data, data)

        reader = DataReader(
            self._participant,
            self._topic(name, data_type),
            qos=_dds_qos(qos, type_hash),
            listener=_Waker(self.loop, drain),
        )
        self._keep.append(reader)
        self.loop.call_soon(drain)
        return reader

    def _read(self, on_data: Callable[[bytes], None], data: bytes) -> None:
        self.counters["received"] += 1
        on_data(data)

    def _guard(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call; what others sent must not end the node."""
        try:
            function(*arguments)
        except (ValueError, TypeError, OverflowError, KeyError, AttributeError, struct.error) as error:
            self.counters["unreadable"] += 1
            if self.counters["unreadable"] in (1, 10, 100, 1_000):
                self.log("warning", f"not understood: {type(error).__name__} ({self.counters['unreadable']} so far)")

    def _end(self, reader: Any) -> None:
        if reader in self._keep:
            self._keep.remove(reader)
            reader._delete(reader._ref)

    def _topic(self, name: str, data_type: Any) -> Any:
        key = (name, id(data_type))
        if key not in self._topics:
            self._topics[key] = Topic(self._participant, name, data_type)
        return self._topics[key]

    def _write(self, writer: Any, data: bytes) -> None:
        written = ddspy_write(writer._ref, data.ljust((len(data) + 3) & ~3, b"\0"))
        self.counters["unwritable" if written < 0 else "published"] += 1

    def _tell_node(self) -> None:
        """Publish that this participant is a node of this name, so that `ros2 node list` shows it."""
        node = {"node_namespace": self.namespace, "node_name": self.node}
        guid = self._participant.guid.bytes
        writer = self._writer(
            "ros_discovery_info", struct_of(NODE_INFO), Qos(True, True, 1, ""), types.type_hash(NODE_INFO)
        )
        self._keep.append(writer)
        self._write(writer, types.encode(NODE_INFO, {"gid": {"data": guid}, "node_entities_info_seq": [node]}))

    def _on_clock(self, message: Any) -> None:
        self._sim_ns = message.clock.sec * 1_000_000_000 + message.clock.nanosec


def _dds_qos(qos: Qos, type_hash: str) -> DdsQos:
    policies = [
        Policy.Reliability.Reliable(BLOCK_NS) if qos.reliable else Policy.Reliability.BestEffort,
        Policy.Durability.TransientLocal if qos.latched else Policy.Durability.Volatile,
        Policy.History.KeepLast(qos.depth),
        Policy.DataRepresentation(use_cdrv0_representation=True, use_xcdrv2_representation=False),
    ]
    if type_hash:
        policies.append(Policy.Userdata(f"typehash={type_hash};".encode()))
    return DdsQos(*policies)
