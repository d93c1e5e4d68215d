"""The bus inside one event loop: for virtual time, tests and tools.

Every message is encoded and decoded by `runtime.codec`, so that what cannot travel between processes cannot travel
here either. Delivery is immediate and in the order of the calls, which makes it deterministic on a virtual-time loop.
All rooms of one hub must live on one event loop. Nothing is raised for an undecodable message: it is counted at each
receiver that wanted it, as over ZeroMQ.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from runtime import codec
from runtime.clock import Clock
from runtime.messages import AnyMessage, Intention, IntentionAnswer, IntentionCancel, Message
from runtime.streams import Stream, StreamClosed
from runtime.transport.fanout import Fanout, Stamp, count, new_counters
from runtime.transport.intention_link import Inbox, Outbox


class InProcessHub:
    """What the rooms of one house have in common."""

    def __init__(self) -> None:
        """Make a hub without rooms."""
        self._buses: list[InProcessBus] = []
        self.server: InProcessIntentionServer | None = None

    def bus(self, room: str) -> InProcessBus:
        """Connect a room."""
        bus = InProcessBus(self, room)
        self._buses.append(bus)
        return bus

    def intention_server(self, bus: InProcessBus, clock: Clock) -> InProcessIntentionServer:
        """Open the receiving end; a second call replaces the first, as a restarted process would."""
        self.server = InProcessIntentionServer(self, bus, clock)
        return self.server

    def intention_client(self, bus: InProcessBus, clock: Clock, name: str) -> InProcessIntentionClient:
        """Open a sending end under a name."""
        return InProcessIntentionClient(self, bus, clock, name)

    def spread(self, kind: type[Message], payload: bytes) -> None:
        """Hand an encoded message to every bus that wants its type, in the order in which the rooms were connected."""
        for bus in self._buses:
            bus.take(kind, payload)

    def remove(self, bus: InProcessBus) -> None:
        """Disconnect a room."""
        if bus in self._buses:
            self._buses.remove(bus)


class InProcessBus:
    """One room's connection (`runtime.bus.Bus`)."""

    def __init__(self, hub: InProcessHub, room: str) -> None:
        """Made by `InProcessHub.bus`."""
        self.room = room
        self.counters = new_counters()
        self._hub = hub
        self._stamp = Stamp(room)
        self._fanout = Fanout(room, self.counters)
        self._closed = False

    def publish(self, message: Message) -> None:
        """Send a message to every subscriber; fills in `source` and `seq`. Ignored after `aclose`."""
        if self._closed:
            return
        self.counters["published"] += 1
        self._hub.spread(type(message), codec.encode(self._stamp(message)))

    def subscribe(self, *types: type[Message], capacity: int | None = None) -> Stream[AnyMessage]:
        """Return a stream of the given types from all rooms, this one included."""
        return self._fanout.subscribe(types, capacity)

    def take(self, kind: type[Message], payload: bytes) -> None:
        """Receive a payload from the hub."""
        if not self._closed and self._fanout.wants(kind):
            self._fanout.receive(payload)

    async def aclose(self) -> None:
        """Disconnect; subscriptions end after what waits in them."""
        self._closed = True
        self._hub.remove(self)
        await self._fanout.aclose()


class InProcessIntentionServer:
    """The receiving end (`runtime.bus.IntentionServer`)."""

    def __init__(self, hub: InProcessHub, bus: InProcessBus, clock: Clock) -> None:
        """Made by `InProcessHub.intention_server`."""
        self._hub = hub
        self._inbox: Inbox[InProcessIntentionClient] = Inbox(clock, self._reply, bus.publish, bus.counters)

    def __aiter__(self) -> AsyncIterator[Intention | IntentionCancel]:
        """Iterate over intentions, each id once, and cancellations."""
        return self._inbox.intentions

    def answer(self, answer: IntentionAnswer) -> None:
        """Answer to the sender and publish."""
        self._inbox.answer(answer)

    def receive(self, client: InProcessIntentionClient, payload: bytes) -> None:
        """Take one payload from a client."""
        try:
            self._inbox.receive(client, payload)
        except StreamClosed:
            return

    async def aclose(self) -> None:
        """Stop listening."""
        if self._hub.server is self:
            self._hub.server = None
        await self._inbox.intentions.aclose()

    @staticmethod
    def _reply(client: InProcessIntentionClient, payload: bytes) -> bool:
        return client.receive(payload)


class InProcessIntentionClient:
    """A sending end (`runtime.bus.IntentionClient`)."""

    def __init__(self, hub: InProcessHub, bus: InProcessBus, clock: Clock, name: str) -> None:
        """Made by `InProcessHub.intention_client`."""
        self._hub = hub
        self._counters = bus.counters
        self._closed = False
        self._outbox = Outbox(name, clock, self.transmit, bus.counters)

    @property
    def answers(self) -> Stream[IntentionAnswer]:
        """Answers to this client's intentions, in order."""
        return self._outbox.answers

    def send(self, intention: Intention) -> None:
        """Send, and send again until answered or no longer valid."""
        if not self._closed:
            self._outbox.send(intention)

    def cancel(self, intention_id: str, reason: str = "") -> None:
        """Take an intention back."""
        if not self._closed:
            self._outbox.cancel(intention_id, reason)

    def transmit(self, payload: bytes) -> None:
        """Put any payload on the way to the receiver, if there is one; it arrives in the loop's next turn."""
        asyncio.get_running_loop().call_soon(self._arrive, payload)

    def receive(self, payload: bytes) -> bool:
        """Take an answer from the receiver; false once closed."""
        if self._closed:
            return False
        self._outbox.receive(payload)
        return True

    async def aclose(self) -> None:
        """Disconnect."""
        self._closed = True
        await self._outbox.aclose()

    def _arrive(self, payload: bytes) -> None:
        if self._hub.server is None:
            count(self._counters, "intentions_without_receiver")
        else:
            self._hub.server.receive(self, payload)
