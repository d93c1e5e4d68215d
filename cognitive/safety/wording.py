"""A language model's words pass several filters: plain speech, short social speech, none of the session's rules broken. Pure."""

from __future__ import annotations

from cognitive.reasoners.outgoing import OutgoingFilter, Verdict
from cognitive.safety.safeguard import Safeguard
from cognitive.safety.unasked import prepare
from cognitive.situation import Situation
from runtime.messages import Intention


class ModelsWords:
    """What a session's safeguard lets a model say unasked."""

    def __init__(self, safeguard: Safeguard) -> None:
        """Ask this one; a quarter of a second the first time, for the patterns."""
        prepare()
        self._safeguard = safeguard

    def check(self, intention: Intention, situation: Situation) -> Verdict:
        """Return its verdict."""
        return self._safeguard.check_unasked(intention, situation)


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
