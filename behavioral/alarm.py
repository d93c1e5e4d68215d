"""A wake-up call at an exact session time, between the ticks: a turn that is over at 251 ms is not answered at 268.

One call at a time; setting another one replaces it. Runs on the room's loop and on its clock, so it costs nothing on virtual time. An
exception in what is called goes to `failed`, never to the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runtime.clock import Clock


class Alarm:
    """Calls once at a time that may be moved."""

    def __init__(self, clock: Clock, call: Callable[[int], None], failed: Callable[[Exception], None]) -> None:
        """Ring never, yet; `call` is given the session time (ns)."""
        self._clock = clock
        self._call = call
        self._failed = failed
        self._due_ns: int | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, due_ns: int | None) -> None:
        """Ring at a session time (at once where it is past), or not at all."""
        if due_ns == self._due_ns:
            return
        self._due_ns = due_ns
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if due_ns is not None:
            self._task = asyncio.ensure_future(self._ring(due_ns))

    async def _ring(self, due_ns: int) -> None:
        await self._clock.sleep_until_ns(due_ns)
        self._due_ns = self._task = None
        try:
            self._call(self._clock.now_ns())
        except Exception as error:
            self._failed(error)
