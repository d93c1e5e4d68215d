"""Jobs on the memory's files, each of which may fail without the others: what fails is counted, said and tried again.

What goes wrong with a file as a whole (locked, full, damaged) passes: the round ends there, and the service deals with it. Anything else
costs the one job it happens in for `RETRY_S`. The heartbeat shows what fails, first of all that somebody waits to be forgotten;
never any content. Confined to the room's event loop.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import ParamSpec

from cognitive.memory import schema
from runtime.clock import NS_PER_S, Clock
from runtime.trouble import place_of

RETRY_S = 5.0
CHECK_S = 60.0
"""How often at most a failure that nobody expected makes the file be looked at as a whole."""
FAILED = "the long-term memory fails at {}"
UNFORGOTTEN = "somebody asked to be forgotten, which is not done yet: {}"

_LOG = logging.getLogger(__name__)
P = ParamSpec("P")


class Jobs:
    """Runs jobs and keeps the account of what fails."""

    def __init__(
        self, clock: Clock, counters: dict[str, float], status: dict[str, str], waiting: Callable[[], int],
        look: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        """Nothing fails yet.

        Args:
            clock: session time.
            counters: of the heartbeat.
            status: of the heartbeat.
            waiting: how many wishes to be forgotten are not carried out.
            look: looks whether the file is damaged, and raises that; a failure that nobody expected may come from there.
        """
        self._clock, self._counters, self._status = clock, counters, status
        self._waiting, self._look = waiting, look
        self._again_ns: dict[str, int] = {}
        self._look_ns = -1
        self._told = ""

    async def run(self, name: str, work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do one thing; where it fails for a reason of its own, say so and let others go on.

        Raises:
            sqlite3.Error, OSError: the file cannot be used at all: locked, full, damaged.
        """
        now_ns = self._clock.now_ns()
        if now_ns < self._again_ns.get(name, 0):
            return
        try:
            await work(*args, **kwargs)
        except (sqlite3.OperationalError, OSError):
            raise
        except Exception as error:
            if schema.is_damage(error):
                raise
            if name not in self._again_ns:
                _LOG.error("long-term memory, %s: %s", name, place_of(error))
            self._again_ns[name] = self._clock.now_ns() + round(RETRY_S * NS_PER_S)
            self.count("memory_jobs_failed")
            self.tell(FAILED.format(f"{name}: {type(error).__name__}"))
            if now_ns >= self._look_ns:
                self._look_ns = now_ns + round(CHECK_S * NS_PER_S)
                await self._look()
        else:
            self._again_ns.pop(name, None)

    def fails(self, name: str) -> bool:
        """Whether a job failed when it was last run."""
        return name in self._again_ns

    def begin_anew(self) -> None:
        """The file is another one: every job is tried at once."""
        self._again_ns.clear()

    def all_well(self) -> None:
        """A round is over; where nothing fails any more, take back what was said."""
        if not self._again_ns and self._told and self._status.get("detail") == self._told:
            self.tell("")

    def tell(self, detail: str) -> None:
        """Show what is wrong in the heartbeat; "" takes it back."""
        if detail and self._waiting():
            detail = UNFORGOTTEN.format(detail)
        self._told = detail
        self._status.update(status="degraded" if detail else "ok", detail=detail)

    def count(self, name: str) -> None:
        """Count one more."""
        self._counters[name] = self._counters.get(name, 0) + 1
