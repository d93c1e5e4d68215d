"""Fixed-rate loop on the session clock with an honest account of its cadence.

Ticks are numbered without gaps and scheduled at `start + index / rate`; a tick that comes late is delivered at once and the next
ones stay on the original grid, so that the average rate never drifts and no frame is ever skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.clock import NS_PER_MS, NS_PER_S, Clock


@dataclass(slots=True)
class Cadence:
    """What a loop has delivered so far.

    Attributes:
        delivered: ticks handed out.
        late: ticks handed out more than one period after their time.
        worst_ms: largest lateness.
    """

    delivered: int = 0
    late: int = 0
    worst_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick: its number, its scheduled session time and how late it was handed out."""

    index: int
    t_ns: int
    lateness_ms: float


@dataclass(slots=True)
class Ticker:
    """Async iterator of ticks at a fixed rate."""

    clock: Clock
    rate_hz: float
    start_ns: int
    first_index: int = 0
    """Number of the first tick: above 0 where the loop joins a session that runs already."""
    cadence: Cadence = field(default_factory=Cadence)
    _index: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the first tick."""
        self._index = self.first_index

    def __aiter__(self) -> Ticker:
        """Iterate for ever; the owner breaks out or is cancelled."""
        return self

    async def __anext__(self) -> Tick:
        """Wait for the next tick's time."""
        due_ns = self.start_ns + round(self._index * NS_PER_S / self.rate_hz)
        await self.clock.sleep_until_ns(due_ns)
        lateness_ms = (self.clock.now_ns() - due_ns) / NS_PER_MS
        tick = Tick(self._index, due_ns, lateness_ms)
        self._index += 1
        self.cadence.delivered += 1
        self.cadence.worst_ms = max(self.cadence.worst_ms, lateness_ms)
        if lateness_ms > 1_000.0 / self.rate_hz:
            self.cadence.late += 1
        return tick
