"""One response of the agent: its text, what of it has a place on the clock, and how it ended. Plain data of the room's loop; session ns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from behavioral.turns.completeness import asks
from behavioral.voice.speaker import ClauseScheduled
from behavioral.voice.tts.contract import SpokenClause
from runtime.clock import NS_PER_MS

TAIL_MS = 1_200.0
"""People answer a question before its last words are over: what is said over so much of it is the answer."""


@dataclass(slots=True, eq=False)
class Response:
    """One response from the moment it is wanted.

    Attributes:
        pieces: its text, as it becomes known.
        reply_to_ns: end of the speech that it answers, 0 if it answers none.
        intention_id: the intention whose words they are, if so.
        due_ns: when the turn that it answers was to end by its evidence, the wait for the last words included.
        clauses: what has a place on the clock so far.
        complete: whether all of it has.
        turn_id: the agent's turn, once it has begun, and since when (`turn_start_ns`).
        ended: whether it is over.
        why_ended: empty if it was heard to its end.
    """

    pieces: AsyncIterator[str | SpokenClause]
    reply_to_ns: int = 0
    due_ns: int = 0
    intention_id: str = ""
    clauses: list[ClauseScheduled] = field(default_factory=list)
    turn_id: str = ""
    turn_start_ns: int = 0
    complete: bool = False
    ended: bool = False
    why_ended: str = ""

    def asked_by(self, t_ns: int) -> bool:
        """Return whether it ends with a question of which little is left to be said at a session time."""
        if not self.complete or not self.clauses:
            return False
        last = self.clauses[-1]
        return asks(last.clause.text) and last.end_ns - t_ns <= TAIL_MS * NS_PER_MS
