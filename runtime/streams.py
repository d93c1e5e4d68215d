"""A bounded in-process stream with one contract for everything that flows: `push`, `flush`, `aclose`, `async for`.

What happens when it is full is part of its type: the oldest item gives way, the newest replaces all (conflate), or the push is
refused with an error. What was dropped is counted, never hidden. One consumer; any number of producers on the same event
loop (`push` never blocks and never awaits). From another thread use `loop.call_soon_threadsafe(stream.push, item)`.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Overflow(enum.Enum):
    """What a full stream does with one more item."""

    DROP_OLDEST = "drop_oldest"
    CONFLATE = "conflate"
    REFUSE = "refuse"


class StreamFull(RuntimeError):
    """An item was pushed onto a full stream that refuses; nothing was lost, the caller still holds the item."""


class StreamClosed(RuntimeError):
    """An item was pushed onto a stream that its owner has closed."""


class Stream(Generic[T]):
    """A bounded queue between one consumer and its producers."""

    def __init__(self, capacity: int, overflow: Overflow, name: str = "stream") -> None:
        """Make an empty stream.

        Args:
            capacity: largest number of waiting items, at least 1 (ignored by `CONFLATE`, which keeps one).
            overflow: what a full stream does.
            name: for error messages and health counters.
        """
        if capacity < 1:
            raise ValueError(f"{name}: capacity must be at least 1, not {capacity}")
        self.name = name
        self.overflow = overflow
        self.capacity = 1 if overflow is Overflow.CONFLATE else capacity
        self.dropped = 0
        self._items: deque[T] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._closed = False

    def __len__(self) -> int:
        """Return the number of waiting items."""
        return len(self._items)

    @property
    def closed(self) -> bool:
        """Whether no further item will come (waiting ones are still delivered)."""
        return self._closed

    def push(self, item: T) -> bool:
        """Add an item without waiting; return whether nothing had to give way for it.

        Raises:
            StreamFull: when full and the overflow rule is `REFUSE`.
            StreamClosed: after `aclose`.
        """
        if self._closed:
            raise StreamClosed(f"{self.name} is closed")
        lossless = True
        if len(self._items) >= self.capacity:
            if self.overflow is Overflow.REFUSE:
                raise StreamFull(f"{self.name} is full ({self.capacity} items wait)")
            self._items.popleft()
            self.dropped += 1
            lossless = False
        self._items.append(item)
        self._wake()
        return lossless

    def flush(self) -> list[T]:
        """Take out and return everything that waits."""
        items = list(self._items)
        self._items.clear()
        return items

    def take(self) -> T | None:
        """Take the next item without waiting, or None."""
        return self._items.popleft() if self._items else None

    def peek(self) -> T | None:
        """Return the next item without taking it, or None."""
        return self._items[0] if self._items else None

    async def aclose(self) -> None:
        """Say that no further item will come; the consumer's loop ends after the waiting ones."""
        self._closed = True
        self._wake()

    def __aiter__(self) -> Stream[T]:
        """Iterate over the items as they come, until closed and empty."""
        return self

    async def __anext__(self) -> T:
        """Wait for the next item."""
        while not self._items:
            if self._closed:
                raise StopAsyncIteration
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._items.popleft()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
