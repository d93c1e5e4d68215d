"""The reasoner that needs no language model: the trigger classes of `cognitive.motivation.triggers`, each asked once.

Deterministic: it draws no random numbers at all. A cycle takes well under a millisecond (`benchmarks/bench_cognitive.py`).
"""

from __future__ import annotations

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import THRESHOLDS
from cognitive.motivation.triggers import Trigger
from cognitive.reasoners.contract import Assessment, Proposal, scored
from cognitive.situation import Situation

NO_SIGN = "no sign"


class EmbeddedReasoner:
    """Scores by rule."""

    name = "embedded"
    trouble = ""

    def __init__(self, triggers: tuple[Trigger, ...]) -> None:
        """Use the given triggers, one or more a type."""
        self._triggers = triggers
        self.counters: dict[str, float] = {}

    async def assess(self, situation: Situation, bank: Bank) -> Assessment:
        """Ask every trigger."""
        proposals: list[Proposal] = []
        for trigger in self._triggers:
            proposals.extend(trigger.propose(situation, bank))
        scores = scored(dict.fromkeys(THRESHOLDS, (0.0, NO_SIGN)), proposals)
        return Assessment(scores, tuple(proposals))

    async def aclose(self) -> None:
        """Nothing to let go of."""
