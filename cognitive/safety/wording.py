"""A language model's words pass two filters: they must be plain speech, and break none of the session's rules. Pure."""

from __future__ import annotations

from cognitive.reasoners.outgoing import OutgoingFilter, Verdict
from cognitive.situation import Situation
from runtime.messages import Intention


class Each:
    """Filters one after the other; the first that refuses decides."""

    def __init__(self, *filters: OutgoingFilter) -> None:
        """Ask them in this order."""
        self._filters = filters

    def check(self, intention: Intention, situation: Situation) -> Verdict:
        """Return the first refusal, or that it may go out."""
        verdict = Verdict(True)
        for one in self._filters:
            verdict = one.check(intention, situation)
            if not verdict.allowed:
                break
        return verdict
