"""What a reasoner is: situation and memory in, an assessment of what calls for initiative out.

A reasoner only assesses. Whether the agent acts is decided by `cognitive.motivation.gate`, how it acts by `cognitive.planner`; so a
reasoner that is wrong, slow or manipulated cannot talk over anybody, and several can be composed. `assess` is awaited once a cycle in
the room's event loop and must not block it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cognitive.memory.bank import Bank
from cognitive.situation import Situation
from runtime.messages import Evidence


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that the agent might do of its own accord.

    Attributes:
        trigger: trigger type.
        act: name of the act in `cognitive.acts`.
        score: 0 to 1, how strongly the situation calls for it.
        reason: one clause for people.
        evidence: what it rests on, oldest first.
        person_id: whom it concerns; may be empty.
        topic: what it is about, for sentences with a slot; may be empty.
        bearing_rad: where to look, if nobody in particular.
        signs: what was weighed, with sizes, where a table of weights was used (`cognitive.motivation.weights`).
        words: what to say instead of the persona's sentence; empty for that. They have passed an `OutgoingFilter`, or are the scenario's.
        goal: which declared goal of the person it helps with; empty for none.
        promise_id: which promise it keeps, if one.
    """

    trigger: str
    act: str
    score: float
    reason: str
    evidence: tuple[Evidence, ...] = ()
    person_id: str = ""
    topic: str = ""
    bearing_rad: tuple[float, float] | None = None
    signs: tuple[tuple[str, float], ...] = ()
    words: str = ""
    goal: str = ""
    promise_id: str = ""

    @property
    def since_ns(self) -> int:
        """Time of the newest evidence; what has been acted upon up to then is not acted upon again."""
        return max((item.t_ns for item in self.evidence), default=0)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome of one assessment: for every trigger type its strongest score and reason, and all proposals."""

    scores: dict[str, tuple[float, str]]
    proposals: tuple[Proposal, ...]


class Reasoner(Protocol):
    """Assesses situations.

    Attributes:
        name: as in the profile.
        trouble: what keeps it from its best, as a sentence for people; empty while all is well.
        counters: totals for the room's heartbeat.
    """

    name: str

    @property
    def trouble(self) -> str:
        """What keeps it from its best."""
        ...

    @property
    def counters(self) -> Mapping[str, float]:
        """Totals for the heartbeat."""
        ...

    async def assess(self, situation: Situation, bank: Bank) -> Assessment:
        """Return the assessment; never raises for odd situations, is deterministic for the embedded one."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and of work under way; harmless where there is none."""
        ...


def scored(scores: Mapping[str, tuple[float, str]], proposals: Iterable[Proposal]) -> dict[str, tuple[float, str]]:
    """Return the scores by type, raised to the strongest proposal of each."""
    raised = dict(scores)
    for proposal in proposals:
        if proposal.score > raised.get(proposal.trigger, (0.0, ""))[0]:
            raised[proposal.trigger] = (proposal.score, proposal.reason)
    return raised
