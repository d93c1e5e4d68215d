"""One clause on the session clock, also one that is still growing and whose sound ran dry for a while, or that was paused.

Its sound lies on the clock in stretches: a new one begins wherever sound was not there in time, and where a paused clause is taken up
again, a little before the place where it broke off. Both directions of the mapping between samples and session time go through
them, so that what was heard and where the mouth is stay true after a gap and after a pause. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from behavioral.voice.tts.contract import Clause, spoken_text, text_until
from runtime.clock import NS_PER_MS, NS_PER_S


class ScheduledClause:
    """A clause of a response with its place.

    Attributes:
        response_id: the reply it belongs to.
        clause: its sound.
        position_ms: the response's sound before it.
        sent: samples handed out.
        dry: whether its sound has run out before its end, and is waited for.
        held: whether it is paused: nothing that is not handed out has a time.
        faded_in: samples of the present stretch whose level still rises from silence.
    """

    __slots__ = (
        "_firsts",
        "_lasts",
        "_starts_ns",
        "clause",
        "dry",
        "faded_in",
        "held",
        "position_ms",
        "response_id",
        "sent",
    )

    def __init__(self, response_id: str, clause: Clause, start_ns: int, position_ms: float) -> None:
        """Place a clause's first sample."""
        self.response_id = response_id
        self.clause = clause
        self.position_ms = position_ms
        self.sent = 0
        self.dry = False
        self.faded_in = 0
        self.held = False
        self._firsts = [0]
        self._lasts: list[int] = []
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
        """Return the session time at which a sample is due; of one that is said twice, the second time."""
        row = len(self._firsts) - 1
        while row and self._firsts[row] > sample:
            row -= 1
        return self._starts_ns[row] + (sample - self._firsts[row]) * NS_PER_S // self.clause.sample_rate_hz

    def at_ms(self, position_ms: float) -> float:
        """Return when a position of the sound is due, ms after the first sample: the position itself but for gaps and pauses."""
        if len(self._firsts) == 1:
            return position_ms
        return (self.at_ns(self._samples(position_ms)) - self.start_ns) / NS_PER_MS

    def into_ms(self, t_ns: int) -> float:
        """Return the position in the sound at a session time, 0 to what has a place; it stands still in gaps."""
        row = bisect_right(self._starts_ns, t_ns) - 1
        return max(0.0, self._reached(row, t_ns)) if row >= 0 else 0.0

    def heard_ms(self, t_ns: int) -> float:
        """Return how much of the sound has been out by a session time; what is said again adds nothing until it is new."""
        return max(
            (self._reached(row, t_ns) for row, at_ns in enumerate(self._starts_ns) if at_ns <= t_ns), default=0.0
        )

    def sounds_at(self, t_ns: int) -> bool:
        """Say whether a session time falls into one of its stretches, and not into a gap or a pause."""
        row = bisect_right(self._starts_ns, t_ns) - 1
        if row < 0:
            return False
        return (
            t_ns < self._starts_ns[row] + (self._last(row) - self._firsts[row]) * NS_PER_S // self.clause.sample_rate_hz
        )

    @property
    def taken_up_ms(self) -> float:
        """Position at which the present stretch begins."""
        return 1_000.0 * self._firsts[-1] / self.clause.sample_rate_hz

    @property
    def settled_ms(self) -> float:
        """Position up to which a player's own account of itself tells nothing: it stands still, or is said twice."""
        last = max(self._lasts, default=-1)
        return -1.0 if last < 0 else 1_000.0 * last / self.clause.sample_rate_hz

    def hold(self, t_ns: int) -> None:
        """Halt at a session time: what was handed out for later is not heard."""
        self.sent = min(self.sent, max(self._firsts[-1], self._samples(self.into_ms(t_ns))))
        self.held = True

    def resume(self, t_ns: int) -> float:
        """Go on at a session time with what is not handed out yet; return how long it was silent, ms."""
        gap_ns = t_ns - self.at_ns(self.sent)
        self.dry = False
        if gap_ns > 0:
            self.take_up(self.sent, t_ns)
        return max(0, gap_ns) / NS_PER_MS

    def take_up(self, sample: int, t_ns: int) -> None:
        """Say what follows from a sample on, at a session time; where nothing of the present stretch is out, that stretch begins then."""
        self.dry = self.held = False
        self.faded_in = 0
        if self.sent == self._firsts[-1]:
            self._starts_ns[-1] = t_ns
            return
        self._lasts.append(self.sent)
        self._firsts.append(sample)
        self._starts_ns.append(t_ns)
        self.sent = sample

    @property
    def after_gap(self) -> bool:
        """Whether the present stretch is not the first."""
        return len(self._firsts) > 1

    def _last(self, row: int) -> int:
        """Return the end of a stretch, so far as it has one."""
        if row < len(self._lasts):
            return self._lasts[row]
        return self.sent if self.held else self.clause.ready

    def _reached(self, row: int, t_ns: int) -> float:
        """Return the position within a stretch at a session time, ms."""
        into_ms = 1_000.0 * self._firsts[row] / self.clause.sample_rate_hz + (t_ns - self._starts_ns[row]) / NS_PER_MS
        return min(into_ms, 1_000.0 * self._last(row) / self.clause.sample_rate_hz)

    def _samples(self, position_ms: float) -> int:
        return round(position_ms * self.clause.sample_rate_hz / 1_000.0)


def take_up(clauses: Iterable[ScheduledClause], sample: int, t_ns: int) -> int:
    """Go on with paused clauses, the first from a sample on and at a session time, the pauses between them kept; return their end (ns)."""
    ended_ns, previous_ns = 0, t_ns
    for number, scheduled in enumerate(clauses):
        start_ns, end_ns = scheduled.start_ns, scheduled.end_ns
        if number == 0:
            scheduled.take_up(sample, t_ns)
        else:
            scheduled.take_up(0, previous_ns + max(0, start_ns - ended_ns))
        ended_ns, previous_ns = end_ns, scheduled.end_ns
    return previous_ns


def words_until(clauses: Iterable[ScheduledClause], position_ms: float) -> str:
    """Return the words of a response up to a position of its sound."""
    texts: list[str] = []
    for scheduled in clauses:
        clause, into_ms = scheduled.clause, position_ms - scheduled.position_ms
        whole = clause.complete and into_ms >= clause.duration_ms - 1.0  # rounding of sample times
        texts.append(spoken_text(clause) if whole else text_until(clause, into_ms))
    return " ".join(text for text in texts if text)
