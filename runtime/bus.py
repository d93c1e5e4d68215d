"""The bus as the rooms see it: publish messages, subscribe to types, send and answer intentions.

Two transports implement it: `runtime.transport.zeromq` between processes and `runtime.transport.inprocess` inside one virtual-time
loop; both pass every message through the codec, so that what works in one works in the other. All calls belong to the room's
event loop; `publish` and `send` never block and never await.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from runtime.messages import AnyMessage, Intention, IntentionAnswer, IntentionCancel, Message
from runtime.streams import Stream


class Bus(Protocol):
    """One room's connection to all others."""

    room: str
    counters: dict[str, int]
    """Running totals: published, received, refused, lost (sequence gaps), and undecodable payloads by reason."""

    def publish(self, message: Message) -> None:
        """Send a message to every subscriber; fills in `source` and `seq`."""
        ...

    def subscribe(self, *types: type[Message], capacity: int | None = None) -> Stream[AnyMessage]:
        """Return a stream of the given message types from all rooms (this one included), in order of arrival.

        Full streams follow the overflow rule of the types' topics; types of different rules need separate subscriptions
        only where order between them does not matter.
        """
        ...

    async def aclose(self) -> None:
        """Flush what is queued for at most 0.5 s and disconnect."""
        ...


class IntentionServer(Protocol):
    """The receiving end: owned by the behavioral room."""

    def __aiter__(self) -> AsyncIterator[Intention | IntentionCancel]:
        """Iterate over intentions as they come, each id once however often it is sent, and over what is taken back."""
        ...

    def answer(self, answer: IntentionAnswer) -> None:
        """Answer to whoever sent the intention, and publish the answer as an event."""
        ...

    async def aclose(self) -> None:
        """Stop listening."""
        ...


class IntentionClient(Protocol):
    """The sending end: the cognitive room, the operator console, outside programs."""

    def send(self, intention: Intention) -> None:
        """Send without waiting; sent again until answered or expired, so that a restart of the receiver loses nothing."""
        ...

    def cancel(self, intention_id: str, reason: str = "") -> None:
        """Take an intention back without waiting; sent again until its final answer. Harmless for one that has ended."""
        ...

    @property
    def answers(self) -> Stream[IntentionAnswer]:
        """Answers to this client's intentions, in order."""
        ...

    async def aclose(self) -> None:
        """Disconnect."""
        ...
