"""One clause on the session clock, also one that is still growing and whose sound ran dry for a while.

Its sound lies on the clock in stretches: a new one begins wherever sound was not there in time. Both directions of the mapping between
samples and session time go through them, so that what was heard and where the mouth is stay true after a gap. Pure.
"""

from __future__ import annotations

from bisect import bisect_right

from behavioral.voice.tts.contract import Clause
from runtime.clock import NS_PER_MS, NS_PER_S


class ScheduledClause:
    """A clause of a response with its place.

    Attributes:
        response_id: the reply it belongs to.
        clause: its sound.
        position_ms: the response's sound before it.
        sent: samples handed out.
        dry: whether its sound has run out before its end, and is waited for.
        faded_in: samples of the present stretch whose level still rises from silence.
    """

    __slots__ = ("_firsts", "_starts_ns", "clause", "dry", "faded_in", "position_ms", "response_id", "sent")

    def __init__(self, response_id: str, clause: Clause, start_ns: int, position_ms: float) -> None:
        """Place a clause's first sample."""
        self.response_id = response_id
        self.clause = clause
        self.position_ms = position_ms
        self.sent = 0
        self.dry = False
        self.faded_in = 0
        self._firsts = [0]
        self._starts_ns = [start_ns]

    @property
    def start_ns(self) -> int:
        """Session time of the first sample."""
        return self._starts_ns[0]

    @property
    def end_ns(self) -> int:
        """Session time of the end, so far as it is known: of a growing clause the expected one."""
        if self.clause.complete:
            return self.at_ns(self.clause.ready)
        return max(self.at_ns(self.clause.ready), self.at_ns(self._samples(self.clause.duration_ms)))

    def at_ns(self, sample: int) -> int:
        """Return the session time at which a sample is due."""
        row = bisect_right(self._firsts, sample) - 1
        return self._starts_ns[row] + (sample - self._firsts[row]) * NS_PER_S // self.clause.sample_rate_hz

    def at_ms(self, position_ms: float) -> float:
        """Return when a position of the sound is due, ms after the first sample: the position itself but for gaps."""
        if len(self._firsts) == 1:
            return position_ms
        return (self.at_ns(self._samples(position_ms)) - self.start_ns) / NS_PER_MS

    def into_ms(self, t_ns: int) -> float:
        """Return the position in the sound at a session time, 0 to what has a place; it stands still in gaps."""
        row = bisect_right(self._starts_ns, t_ns) - 1
        if row < 0:
            return 0.0
        first = self._firsts[row]
        last = self._firsts[row + 1] if row + 1 < len(self._firsts) else self.clause.ready
        into_ms = 1_000.0 * first / self.clause.sample_rate_hz + (t_ns - self._starts_ns[row]) / NS_PER_MS
        return min(into_ms, 1_000.0 * last / self.clause.sample_rate_hz)

    def resume(self, t_ns: int) -> float:
        """Go on at a session time with what is not handed out yet; return how long it was silent, ms."""
        gap_ns = t_ns - self.at_ns(self.sent)
        self.dry = False
        if gap_ns > 0 and self.sent:
            self._firsts.append(self.sent)
            self._starts_ns.append(t_ns)
            self.faded_in = 0
        elif gap_ns > 0:
            self._starts_ns[0] = t_ns
        return max(0, gap_ns) / NS_PER_MS

    @property
    def after_gap(self) -> bool:
        """Whether the present stretch is not the first."""
        return len(self._firsts) > 1

    def _samples(self, position_ms: float) -> int:
        return round(position_ms * self.clause.sample_rate_hz / 1_000.0)
