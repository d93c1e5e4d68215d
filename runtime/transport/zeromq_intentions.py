"""Acknowledged intentions between processes: a ROUTER in the behavioral room, a DEALER in every sender.

In both directions a message is one frame, the plain MessagePack map of the struct, so that a few lines of any
language are a client. What is not one valid intention is counted and skipped. Answers to a client that is gone are
dropped and counted. Loop-bound, never blocks.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import zmq

from runtime.clock import Clock
from runtime.messages import Intention, IntentionAnswer, IntentionCancel
from runtime.streams import Stream
from runtime.transport.fanout import Counters, count
from runtime.transport.intention_link import Inbox, Outbox
from runtime.transport.zeromq_sockets import INTENTION_SOCKET_MAX_BYTES, SocketReader, new_socket, router_socket

INTENTION_MAX_BYTES = 64 << 10
"""A larger intention is counted and skipped; the largest sensible one (4000 characters, all evidence) is far below."""
CLIENT_QUEUE_DEPTH = 1_024
CLIENT_LINGER_MS = 100

Route = tuple[int, bytes]


class ZmqIntentionServer:
    """The receiving end (`runtime.bus.IntentionServer`)."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        run_dir: Path,
        clock: Clock,
        publish: Callable[[IntentionAnswer], None],
        counters: Counters,
        outside: zmq.Socket[bytes] | None,
    ) -> None:
        """Bind the local socket and read it and the one for outside programs, if there is one (owned by the bus)."""
        self._counters = counters
        self._inbox: Inbox[Route] = Inbox(clock, self._reply, publish, counters)
        self._local = router_socket(context)
        self._local.bind(f"ipc://{run_dir}/intentions")
        self._sockets = [self._local] if outside is None else [self._local, outside]
        self._readers = [
            SocketReader(socket, partial(self._on_parts, index)) for index, socket in enumerate(self._sockets)
        ]

    def __aiter__(self) -> AsyncIterator[Intention | IntentionCancel]:
        """Iterate over intentions, each id once, and cancellations."""
        return self._inbox.intentions

    def answer(self, answer: IntentionAnswer) -> None:
        """Answer to the sender and publish."""
        self._inbox.answer(answer)

    async def aclose(self) -> None:
        """Stop listening."""
        for reader in self._readers:
            reader.close()
        if not self._local.closed:
            self._local.close()
        await self._inbox.intentions.aclose()

    def _on_parts(self, index: int, parts: list[bytes]) -> None:
        if len(parts) != 2:
            count(self._counters, "undecodable_malformed")
        elif len(parts[1]) > INTENTION_MAX_BYTES:
            count(self._counters, "undecodable_too_large")
        else:
            self._inbox.receive((index, parts[0]), parts[1])

    def _reply(self, route: Route, payload: bytes) -> bool:
        index, identity = route
        socket = self._sockets[index]
        if socket.closed:
            return False
        try:
            socket.send_multipart((identity, payload), zmq.NOBLOCK)
        except zmq.ZMQError as error:
            if error.errno not in (zmq.EAGAIN, zmq.EHOSTUNREACH):
                raise
            return False
        finally:
            self._readers[index].look_again()
        return True


class ZmqIntentionClient:
    """A sending end (`runtime.bus.IntentionClient`)."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str, clock: Clock, name: str, counters: Counters
    ) -> None:
        """Connect; the receiver need not be there yet."""
        self._counters = counters
        self._socket = new_socket(context, zmq.DEALER, INTENTION_SOCKET_MAX_BYTES)
        self._socket.setsockopt(zmq.LINGER, CLIENT_LINGER_MS)
        self._socket.setsockopt(zmq.SNDHWM, CLIENT_QUEUE_DEPTH)
        # A fixed identity survives a reconnection, so that later answers find their way; random, so nobody guesses it.
        self._socket.setsockopt(zmq.ROUTING_ID, f"{name[:64]}-{secrets.token_hex(8)}".encode())
        # Nothing is queued for a receiver that is not there: resending is the outbox's work.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._socket.connect(endpoint)
        self._outbox = Outbox(name, clock, self.transmit, counters)
        self._reader = SocketReader(self._socket, self._on_parts)

    @property
    def answers(self) -> Stream[IntentionAnswer]:
        """Answers to this client's intentions, in order."""
        return self._outbox.answers

    def send(self, intention: Intention) -> None:
        """Send, and send again until answered or no longer valid."""
        if not self._socket.closed:
            self._outbox.send(intention)

    def cancel(self, intention_id: str, reason: str = "") -> None:
        """Take an intention back."""
        if not self._socket.closed:
            self._outbox.cancel(intention_id, reason)

    def transmit(self, payload: bytes) -> None:
        """Put any payload on the way to the receiver; counted where it is not there."""
        try:
            self._socket.send(payload, zmq.NOBLOCK)
        except zmq.Again:
            count(self._counters, "intentions_without_receiver")
        self._reader.look_again()

    async def aclose(self) -> None:
        """Disconnect."""
        self._reader.close()
        await self._outbox.aclose()
        if not self._socket.closed:
            self._socket.close()

    def _on_parts(self, parts: list[bytes]) -> None:
        if len(parts) != 1:
            count(self._counters, "undecodable_malformed")
        else:
            self._outbox.receive(parts[0])
