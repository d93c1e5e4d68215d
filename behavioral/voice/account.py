"""What has been heard of one response: its clauses on the session clock, up to where it was stopped. Pure; session ns."""

from __future__ import annotations

from dataclasses import dataclass, field

from behavioral.voice.schedule import ScheduledClause, words_until


@dataclass(slots=True)
class ResponseAccount:
    """All clauses of a response so far.

    Attributes:
        clauses: in the order in which they are said.
        stopped_ns: when it was given up, None where it was not.
    """

    clauses: list[ScheduledClause] = field(default_factory=list)
    stopped_ns: int | None = None

    def heard_end_ns(self, scheduled: ScheduledClause) -> int:
        """Return the end of what is heard of one of its clauses, so far as it is known."""
        if self.stopped_ns is None:
            return scheduled.end_ns
        return min(scheduled.end_ns, max(scheduled.start_ns, self.stopped_ns))

    def position_ms(self, t_ns: int) -> float:
        """Return how much of its sound has been out by a time of the schedule, ms."""
        heard_ms = 0.0
        for scheduled in self.clauses:
            if (into_ms := scheduled.heard_ms(min(t_ns, self.heard_end_ns(scheduled)))) > 0:
                heard_ms = scheduled.position_ms + into_ms
        return heard_ms

    def words(self, t_ns: int) -> str:
        """Return the words that have been out by a time of the schedule."""
        return words_until(self.clauses, self.position_ms(t_ns))

    def give_up(self, t_ns: int) -> None:
        """Of what was handed out for later than a time of the schedule nothing is heard, and nothing more follows."""
        self.stopped_ns = t_ns
        for scheduled in self.clauses:
            scheduled.hold(t_ns)
