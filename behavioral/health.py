"""What is impaired in the fast room right now, in words for people, as the heartbeat shows it.

Parts say their trouble under a name and take it back when they are well; nothing stays degraded for one
mishap. Runs on the room's loop; the messages name parts and causes, never what anybody said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.clock import NS_PER_S, Clock

LOOK_EVERY_NS = NS_PER_S
FORGET_AFTER_S = 10.0
"""A mishap that has not come again for this long is over."""
DETAIL_CHARS = 128


class Health:
    """Notes of the parts, and mishaps with the time of their last occurrence."""

    def __init__(self, clock: Clock, status: dict[str, str]) -> None:
        """Write into the given status of the room's context."""
        self._clock = clock
        self._status = status
        self._mishaps: dict[str, tuple[int, str]] = {}
        self._lost: dict[str, str] = {}

    def mishap(self, part: str, detail: str) -> None:
        """Something went wrong once; forgotten after `FORGET_AFTER_S` unless it comes again."""
        self._mishaps[part] = (self._clock.now_ns(), detail)

    def lost(self, part: str, detail: str) -> None:
        """A part has ended for good; the agent goes on without it."""
        self._lost[part] = detail

    async def follow(
        self,
        notes: Callable[[], tuple[str, ...]],
        counters: Callable[[], Mapping[str, Any]],
        shown: dict[str, float],
        remarks: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Keep the status true until cancelled.

        Args:
            notes: the present troubles of parts that know their own.
            remarks: what is out of the ordinary and costs nothing; said while nothing is impaired.
            counters: totals to show beside them.
            shown: where the totals go.
        """
        while True:
            await self._clock.sleep_until_ns(self._clock.now_ns() + LOOK_EVERY_NS)
            self.show(notes(), remarks())
            shown.update(counters())

    def show(self, notes: tuple[str, ...] = (), remarks: tuple[str, ...] = ()) -> None:
        """Write what is impaired now into the status."""
        oldest_ns = self._clock.now_ns() - round(FORGET_AFTER_S * NS_PER_S)
        self._mishaps = {part: seen for part, seen in self._mishaps.items() if seen[0] >= oldest_ns}
        told = [*self._lost.values(), *(detail for _t, detail in self._mishaps.values()), *(n for n in notes if n)]
        detail = "; ".join(dict.fromkeys(told or remarks))[:DETAIL_CHARS]
        self._status.update(status="degraded" if told else "ok", detail=detail)
