"""What a trigger is: one reason for initiative, that turns a situation into scored proposals with evidence.

A trigger only says what would be fitting now and how probably (0 to 1); quiet, cool-down and the price of an interruption are the gate's
business. All are pure functions of situation and memory; constants without a source are design choices, named where they stand.
"""

from __future__ import annotations

from typing import Protocol

from cognitive.memory.bank import Bank
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.situation import Situation


class Trigger(Protocol):
    """One reason for initiative."""

    name: str

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Return what would be fitting now, each with a score in [0, 1]."""
        ...


def proposal(
    trigger: str,
    act: str,
    reason: str,
    weighed: Weighing,
    person_id: str = "",
    *,
    topic: str = "",
    bearing_rad: tuple[float, float] | None = None,
    words: str = "",
    goal: str = "",
) -> Proposal:
    """Return the proposal of what was weighed."""
    return Proposal(
        trigger=trigger,
        act=act,
        score=weighed.p,
        reason=reason[:128],
        evidence=tuple(weighed.evidence),
        person_id=person_id,
        topic=topic,
        bearing_rad=bearing_rad,
        signs=tuple(weighed.signs),
        words=words,
        goal=goal,
    )
