"""A reasoner around another one that adds proposals of its own: how the embedded halves of strategies are composed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from cognitive.memory.bank import Bank, Line
from cognitive.reasoners.contract import Assessment, Proposal, Reasoner, scored
from cognitive.situation import Situation


class Wrapped:
    """Asks the inner reasoner, then adds."""

    name = "wrapped"

    def __init__(self, inner: Reasoner) -> None:
        """Build on `inner`."""
        self._inner = inner

    @property
    def trouble(self) -> str:
        """That of the inner one: adding by rule has none."""
        return self._inner.trouble

    @property
    def counters(self) -> Mapping[str, float]:
        """Those of the inner one."""
        return self._inner.counters

    async def assess(self, situation: Situation, bank: Bank) -> Assessment:
        """Return the inner assessment with what is added; the inner one's proposal of the same act to the same person stands."""
        inner = await self._inner.assess(situation, bank)
        there = {(proposal.act, proposal.person_id) for proposal in inner.proposals}
        more = [p for p in self.propose(situation, bank) if (p.act, p.person_id) not in there]
        if not more:
            return inner
        return Assessment(scored(inner.scores, more), (*inner.proposals, *more))

    async def aclose(self) -> None:
        """Close the inner one."""
        await self._inner.aclose()

    @abstractmethod
    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Return what is to be added."""


def transcript(situation: Situation, bank: Bank) -> list[Line]:
    """Return what was said lately, in order of time, with the newest words, which the bank of the cycle before lacks."""
    lines = [line for chunk in bank.transcript for line in chunk.lines]
    known = {(line.speaker, line.text) for line in lines}
    for last in (situation.last_user, situation.last_agent):
        if last is not None and (last.speaker, last.text[:200]) not in known:
            lines.append(Line(t_ns=last.t_ns, speaker=last.speaker, text=last.text[:200]))
    return sorted(lines, key=lambda line: line.t_ns)
