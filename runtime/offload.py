"""Where blocking work runs: in a thread beside the event loop, or inline under virtual time.

A room never blocks its loop: it awaits `offload.run(function, ...)`. In real time that is a thread of its own per offload, so that
calls of one owner stay in order. Under virtual time the call runs inline: it takes no session time and always
returns in the same order, which is what makes `--speed max` deterministic.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

R = TypeVar("R")


class Offload(Protocol):
    """Runs blocking calls one after the other."""

    async def run(self, function: Callable[..., R], *args: object) -> R:
        """Return `function(*args)`; its exceptions pass through."""
        ...

    def close(self) -> None:
        """Stop taking work; a running call is left to end."""
        ...


class ThreadOffload:
    """Real time: one daemon-like worker thread, calls in order."""

    def __init__(self, name: str) -> None:
        """Name the thread after its owner."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[..., R], *args: object) -> R:
        """Run the call in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, function, *args)

    def close(self) -> None:
        """Stop taking work without waiting."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class InlineOffload:
    """Virtual time: the call runs where it is awaited."""

    async def run(self, function: Callable[..., R], *args: object) -> R:
        """Run the call at once, then let others run."""
        result = function(*args)
        await asyncio.sleep(0)
        return result

    def close(self) -> None:
        """Nothing to stop."""
