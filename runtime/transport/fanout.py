"""What both transports share on the receiving side: decoding, sequence gaps, and the way into the subscribers' streams.

Single-threaded: all calls belong to the room's event loop. Nothing here raises for what others sent: payloads that
are no messages and streams that are full are counted.
"""

from __future__ import annotations

import msgspec

from runtime import codec
from runtime.messages import AnyMessage, Message
from runtime.streams import Overflow, Stream, StreamFull
from runtime.topics import topic_rule

EVENT_DEPTH_MIN = 16_384
"""Least depth of a subscription that holds events: minutes of a session, so that only a dead consumer is refused."""

Counters = dict[str, int]


def new_counters() -> Counters:
    """Return the totals that every bus keeps."""
    return {"published": 0, "received": 0, "refused": 0, "lost": 0, "dropped": 0}


def count(counters: Counters, name: str, amount: int = 1) -> None:
    """Add to a total that may not exist yet."""
    counters[name] = counters.get(name, 0) + amount


class Stamp:
    """Gives a room's outgoing messages their source and their running number per type."""

    def __init__(self, room: str) -> None:
        """Number from zero."""
        self._room = room
        self._next: dict[type[Message], int] = {}

    def __call__(self, message: Message) -> Message:
        """Return the message with `source` and `seq` filled in."""
        kind = type(message)
        seq = self._next.get(kind, 0)
        self._next[kind] = seq + 1
        return msgspec.structs.replace(message, source=self._room, seq=seq)


class Fanout:
    """One room's subscriptions."""

    def __init__(self, room: str, counters: Counters) -> None:
        """Count into the bus's totals."""
        self._room = room
        self._counters = counters
        self._streams: dict[type[Message], list[Stream[AnyMessage]]] = {}
        self._expected: dict[tuple[str, type[Message]], int] = {}

    def wants(self, kind: type[Message]) -> bool:
        """Whether anyone here has subscribed to a message type."""
        return kind in self._streams

    def subscribe(self, types: tuple[type[Message], ...], capacity: int | None) -> Stream[AnyMessage]:
        """Return a merged stream of the types: refusing if one of them is an event, else dropping its oldest.

        Raises:
            ValueError: without a type.
        """
        if not types:
            raise ValueError(f"{self._room}: subscribe to at least one message type")
        rules = [topic_rule(kind) for kind in types]
        depth = max(rule.depth for rule in rules)
        overflow = Overflow.DROP_OLDEST
        if any(rule.overflow is Overflow.REFUSE for rule in rules):
            overflow = Overflow.REFUSE
            depth = max(depth, EVENT_DEPTH_MIN)
        stream: Stream[AnyMessage] = Stream(capacity or depth, overflow, f"{self._room}:{types[0].__name__}")
        for kind in dict.fromkeys(types):
            self._streams.setdefault(kind, []).append(stream)
        return stream

    def receive(self, payload: bytes | memoryview) -> AnyMessage | None:
        """Decode a payload and deliver it; None if it was not a message (counted by reason)."""
        try:
            message = codec.decode(payload)
        except codec.Undecodable as error:
            count(self._counters, f"undecodable_{error.reason}")
            return None
        key = (message.source, type(message))
        expected = self._expected.get(key)
        # A lower number than expected is a restarted sender, not a loss.
        if expected is not None and message.seq > expected:
            self._counters["lost"] += message.seq - expected
        self._expected[key] = message.seq + 1
        self._counters["received"] += 1
        self._deliver(message)
        return message

    def _deliver(self, message: AnyMessage) -> None:
        streams = self._streams.get(type(message))
        if not streams:
            return
        closed = False
        for stream in streams:
            if stream.closed:
                closed = True
                continue
            try:
                if not stream.push(message):
                    self._counters["dropped"] += 1
            except StreamFull:
                self._counters["refused"] += 1
        if closed:
            self._streams[type(message)] = [stream for stream in streams if not stream.closed]

    async def aclose(self) -> None:
        """End every subscription; what waits in a stream is still delivered."""
        for streams in self._streams.values():
            for stream in streams:
                await stream.aclose()
