"""The bus between processes: ZeroMQ PUB/SUB over `ipc://` in the private run folder, and over TCP for outsiders.

Every room binds one PUB socket and connects one SUB socket to all other rooms; its own messages reach its own
subscriptions without the wire. A message is two frames, topic and MessagePack. `publish` never blocks: libzmq's I/O
thread sends. A subscriber that is stopped loses the newest messages once `QUEUE_DEPTH` wait for it, which the
sequence numbers reveal (`lost`). All methods belong to the loop on which the bus was made.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import zmq

from runtime import codec
from runtime.clock import Clock
from runtime.messages import AnyMessage, Message, UserAudio, UserVideo
from runtime.settings import BusSettings
from runtime.streams import Stream
from runtime.transport.fanout import Fanout, Stamp, count, new_counters
from runtime.transport.zeromq_intentions import ZmqIntentionClient, ZmqIntentionServer
from runtime.transport.zeromq_sockets import LINGER_MS, OutsideSockets, SocketReader, bind_outside, new_socket

PRIVATE_TYPES: frozenset[type[Message]] = frozenset({UserAudio, UserVideo})
"""The person's raw sound and picture: they leave by TCP only where every client is authenticated by CURVE."""
HELLO = b"hello."
"""Topic by which rooms find out that they hear each other; who hears it has all earlier subscriptions in force."""
HEARD_WITHIN_S = 2.0
"""A room that has been silent for longer is not heard any more."""


class ZmqBus:
    """One room's connection (`runtime.bus.Bus`)."""

    def __init__(
        self, room: str, rooms: Sequence[str], run_dir: Path, clock: Clock, *, outside: BusSettings | None = None
    ) -> None:
        """Bind and connect on the running loop.

        Args:
            room: this room's name.
            rooms: names of all rooms of the house (this one among them or not).
            run_dir: private folder of the house's sockets.
            clock: session time, for the validity of intentions.
            outside: ports for outside programs; only the behavioral room has them.

        Raises:
            AttuneError: a port or address that cannot be bound.
        """
        self.room = room
        self.run_dir = run_dir
        self.clock = clock
        self.counters = new_counters()
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._loop = asyncio.get_running_loop()
        self._stamp = Stamp(room)
        self._fanout = Fanout(room, self.counters)
        self._topics: dict[type[Message], bytes] = {}
        self._subscribed: set[bytes] = set()
        self._heard: dict[str, float] = {}
        self._closed = False
        self.outside: OutsideSockets | None = None
        if outside is not None:
            self.outside = bind_outside(self.context, outside, run_dir)
        self._authenticator = None
        if self.outside is not None and self.outside.keys is not None:
            self._authenticator = self.outside.keys.authenticator(self.context)
        self._pub = new_socket(self.context, zmq.PUB, codec.MAX_PAYLOAD_BYTES)
        self._pub.bind(f"ipc://{run_dir}/{room}.pub")
        self._sub = new_socket(self.context, zmq.SUB, codec.MAX_PAYLOAD_BYTES)
        for other in dict.fromkeys(rooms):
            if other != room:
                self._sub.connect(f"ipc://{run_dir}/{other}.pub")
        self._reader = SocketReader(self._sub, self._on_parts)

    def publish(self, message: Message) -> None:
        """Send a message to every subscriber; fills in `source` and `seq`. Ignored after `aclose`."""
        if self._closed:
            return
        kind = type(message)
        topic = self._topics.get(kind)
        if topic is None:
            topic = self._topics[kind] = codec.topic_of(kind)
        payload = codec.encode(self._stamp(message))
        self.counters["published"] += 1
        self._send(self._pub, topic, payload)
        outside = self.outside
        if outside is not None and outside.streams is not None and (outside.keys or kind not in PRIVATE_TYPES):
            self._send(outside.streams, topic, payload)
        if self._fanout.wants(kind):
            self._fanout.receive(payload)

    def subscribe(self, *types: type[Message], capacity: int | None = None) -> Stream[AnyMessage]:
        """Return a stream of the given types from all rooms, this one included."""
        stream = self._fanout.subscribe(types, capacity)
        for kind in types:
            self._subscribe_topic(codec.topic_of(kind))
        return stream

    def say_hello(self) -> None:
        """Tell the other rooms that this one is there."""
        if not self._closed:
            self._send(self._pub, HELLO, self.room.encode())

    def listen_for_hello(self) -> None:
        """From now on notice who is there; to be called after the room's own subscriptions."""
        self._subscribe_topic(HELLO)

    @property
    def hears(self) -> tuple[str, ...]:
        """Names of the rooms that have been heard lately, sorted."""
        since_s = time.monotonic() - HEARD_WITHIN_S
        return tuple(sorted(name for name, at_s in self._heard.items() if at_s >= since_s))

    def open_intention_server(self) -> ZmqIntentionServer:
        """Open the receiving end of intentions; only one room of a house does."""
        router = self.outside.intentions if self.outside is not None else None
        return ZmqIntentionServer(self.context, self.run_dir, self.clock, self.publish, self.counters, router)

    def open_intention_client(self, name: str) -> ZmqIntentionClient:
        """Open a sending end of intentions under a name."""
        return ZmqIntentionClient(self.context, f"ipc://{self.run_dir}/intentions", self.clock, name, self.counters)

    async def aclose(self) -> None:
        """Flush what is queued for at most 0.5 s and disconnect."""
        if self._closed:
            return
        self._closed = True
        self._reader.close()
        await self._fanout.aclose()
        self._sub.close(linger=0)
        self._pub.close(linger=LINGER_MS)
        if self.outside is not None:
            for socket in (self.outside.streams, self.outside.intentions):
                if socket is not None:
                    socket.close(linger=LINGER_MS)
        if self._authenticator is not None:
            self._authenticator.stop()
        # Ending the context waits for the linger times, in a thread, and no longer than they are. A socket that its
        # owner has forgotten to close would hold it for ever, so the process does not wait for that.
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(
                asyncio.shield(self._loop.run_in_executor(None, self.context.destroy, 0)), LINGER_MS / 1e3 + 0.2
            )

    def _subscribe_topic(self, topic: bytes) -> None:
        if topic not in self._subscribed:
            self._subscribed.add(topic)
            self._sub.setsockopt(zmq.SUBSCRIBE, topic)
            self._reader.look_again()

    def _send(self, socket: zmq.Socket[bytes], topic: bytes, payload: bytes) -> None:
        try:
            socket.send_multipart((topic, payload), zmq.NOBLOCK)
        except zmq.Again:
            self.counters["dropped"] += 1

    def _on_parts(self, parts: list[bytes]) -> None:
        if len(parts) != 2:
            count(self.counters, "undecodable_malformed")
        elif parts[0] == HELLO:
            self._heard[parts[1][:128].decode(errors="replace")] = time.monotonic()
        else:
            self._fanout.receive(parts[1])
