"""Injected time: the session clock and a virtual-time event loop.

All loops ask a `Clock` for the session time and sleep through it (or through asyncio, which is the same thing: under
`VirtualTimeLoop`, `asyncio.sleep` costs no real time). On the virtual loop a minute of dialogue passes as fast as its
callbacks compute, always in the same order, and the clock stands still while code runs: what is timed on it is the schedule, not
the machine. Session time is nanoseconds since the session's origin, the same in every process of one machine
(CLOCK_MONOTONIC is system-wide).
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import Any, Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Clock(Protocol):
    """Session time and sleeping."""

    def now_ns(self) -> int:
        """Return the session time in nanoseconds, never negative and never running backwards."""
        ...

    async def sleep_until_ns(self, t_ns: int) -> None:
        """Return at session time `t_ns`, at once if it has passed."""
        ...


class MonotonicClock:
    """Real time since an origin on CLOCK_MONOTONIC."""

    def __init__(self, origin_ns: int | None = None) -> None:
        """Use the given `time.monotonic_ns()` origin, or now."""
        self.origin_ns = time.monotonic_ns() if origin_ns is None else origin_ns

    def now_ns(self) -> int:
        """Return the nanoseconds since the origin."""
        return max(0, time.monotonic_ns() - self.origin_ns)

    async def sleep_until_ns(self, t_ns: int) -> None:
        """Return at session time `t_ns`; yields to the loop even when that has passed."""
        await asyncio.sleep(max(0, t_ns - self.now_ns()) / NS_PER_S)


class VirtualClock:
    """The time of a `VirtualTimeLoop`."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        """Read the given loop's time."""
        self._loop = loop

    def now_ns(self) -> int:
        """Return the loop's virtual nanoseconds."""
        return self._loop.now_ns

    async def sleep_until_ns(self, t_ns: int) -> None:
        """Return when the loop's time has come to `t_ns` exactly."""
        while (remaining_ns := t_ns - self._loop.now_ns) > 0:  # noqa: ASYNC110 - a float of seconds may fall a nanosecond short
            await asyncio.sleep(remaining_ns / NS_PER_S)
        await asyncio.sleep(0)


class VirtualDeadlock(RuntimeError):
    """Every task waits and nothing is scheduled: virtual time could never advance again."""


class _VirtualSelector(selectors.DefaultSelector):
    """Advances the loop's virtual time instead of waiting."""

    loop: VirtualTimeLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            if not self.loop.real_work_pending:
                raise VirtualDeadlock("every task waits and no timer is set")
            return super().select(0.05)
        if timeout > 0:
            if self.loop.real_work_pending:
                # A thread still computes: virtual time stands still until it is done, or results would depend on its speed.
                return super().select(0.05)
            self.loop.advance(timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer instead of waiting for it.

    Time is kept as an integer of nanoseconds, so that a long session does not lose precision.
    """

    def __init__(self) -> None:
        """Make a loop at time zero."""
        self.now_ns = 0
        self.real_work_pending = 0
        selector = _VirtualSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self.now_ns / NS_PER_S

    def advance(self, seconds: float) -> None:
        """Move the virtual time forward to (not past) the next timer."""
        # Rounding up guarantees progress: the timer that asked for `seconds` is due after this.
        self.now_ns += max(1, round(seconds * NS_PER_S))

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override] # TypeVarTuple is 3.11
        """Run blocking work in a thread while virtual time stands still."""
        self.real_work_pending += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._work_done)
        return future

    def _work_done(self, _future: Any) -> None:
        self.real_work_pending -= 1


def run_virtual(main: Any) -> Any:
    """Run a coroutine on a fresh virtual-time loop and return its result."""
    loop = VirtualTimeLoop()
    try:
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(main)
    finally:
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        if pending:
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        asyncio.set_event_loop(None)
        loop.close()
