"""What is said to whom already knows it: not at all if they have just been told, as a reminder if both know it, as news otherwise.

Grice's maxim of quantity, on common ground (Clark & Marshall 1981): a hint at where a thing is ("One thing that may help: ...") is for
who does not know. Who looks for a thing of which agent and person both know, and know of each other, where it is has forgotten or
overlooked it: that is worded as a reminder. Who was told so a moment ago is left to it. A question that asks what the epistemic model
knows is answered instead of apologised for. Pure: proposals in, proposals out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from cognitive.mind.mistakes import Mistake
from cognitive.reasoners.contract import Proposal
from cognitive.reasoners.outgoing import WORDS_CHARS_MAX
from cognitive.situation import Situation

TELLS = "set_right"
"""The act of telling how it is, and that of reminding of what both know."""
REMINDS = "recall"
TAKE_THINGS = "remind_belongings"
UNANSWERED, OFFERS = "apologise_unanswered", "offer_help"
ANSWERS = "answer"
TOLD_S = 20.0
"""Who was told this short a time ago has heard it."""
REMINDED_S = 90.0
"""Nor is who was reminded of their things, and goes without them nevertheless, stopped once more."""


class Knowledge(Protocol):
    """What is asked of what people know (`cognitive.mind.knowing.Knowing`)."""

    def told_ns(self, person_id: str, thing: str) -> int:
        """Return when the agent last told a person where a thing is; 0 for never since it was put there."""
        ...

    def looks_for(self, person_id: str, now_ns: int) -> Mistake | None:
        """Return what a person looks for, where the agent knows where it is and may say so."""
        ...

    def shares(self, person_id: str, thing: str) -> bool:
        """Return whether agent and person have in common where a thing is."""
        ...

    def answer(self, question: str, asker: str, now_ns: int) -> str:
        """Return the answer to a question about where things are and what people think; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Withheld:
    """A proposal that came to nothing, and why."""

    proposal: Proposal
    reason: str


def with_tact(
    proposals: Iterable[Proposal], situation: Situation, knowledge: Knowledge
) -> tuple[tuple[Proposal, ...], tuple[Withheld, ...]]:
    """Return the proposals as they are to be carried out, and those that are withheld."""
    kept: list[Proposal] = []
    withheld: list[Withheld] = []
    for proposal in proposals:
        change = _CHANGES.get(proposal.act)
        outcome = proposal if change is None else change(proposal, situation, knowledge)
        if isinstance(outcome, Withheld):
            withheld.append(outcome)
        else:
            kept.append(outcome)
    return tuple(kept), tuple(withheld)


def _tells(proposal: Proposal, situation: Situation, knowledge: Knowledge) -> Proposal | Withheld:
    mistakes = (
        one for one in situation.mistakes if one.person_id == proposal.person_id and one.truth == proposal.topic
    )
    mistake = next(mistakes, None)
    return proposal if mistake is None else _as_known(proposal, mistake.thing, situation, knowledge)


def _as_known(proposal: Proposal, thing: str, situation: Situation, knowledge: Knowledge) -> Proposal | Withheld:
    """Word what is told about a thing as a reminder where both know it, and withhold it where it was told a moment ago."""
    if not thing or not knowledge.shares(proposal.person_id, thing):
        return proposal
    told_ns = knowledge.told_ns(proposal.person_id, thing)
    if told_ns and situation.age_s(told_ns) <= TOLD_S:
        return Withheld(proposal, "they were told a moment ago")
    return replace(proposal, act=REMINDS)


def _take_things(proposal: Proposal, situation: Situation, knowledge: Knowledge) -> Proposal | Withheld:
    things = [one.thing for one in situation.belongings if one.person_id == proposal.person_id]
    named = [thing for thing in things if thing.rpartition("'s ")[2] in proposal.topic]
    told = [knowledge.told_ns(proposal.person_id, thing) for thing in named]
    if told and all(told_ns and situation.age_s(told_ns) <= REMINDED_S for told_ns in told):
        return Withheld(proposal, "they were reminded a moment ago")
    return proposal


def _offers(proposal: Proposal, situation: Situation, knowledge: Knowledge) -> Proposal | Withheld:
    """Say where the thing is instead of asking whether one may help who looks for it; answer what was asked."""
    sought = None if proposal.words else knowledge.looks_for(proposal.person_id, situation.now_ns)
    if sought is not None:
        evidence = (*proposal.evidence, *sought.evidence)
        told = replace(proposal, act=TELLS, reason=sought.reason, topic=sought.truth, evidence=evidence)
        return _as_known(told, sought.thing, situation, knowledge)
    return _unanswered(proposal, situation, knowledge)


def _unanswered(proposal: Proposal, situation: Situation, knowledge: Knowledge) -> Proposal | Withheld:
    asked = situation.last_user
    if asked is None or proposal.words or asked.person_id != proposal.person_id:
        return proposal
    if asked.t_ns not in {item.t_ns for item in proposal.evidence}:
        return proposal  # it is about something else
    words = knowledge.answer(asked.text, asked.person_id, situation.now_ns)
    if not words or len(words) > WORDS_CHARS_MAX:
        return proposal
    return replace(proposal, act=ANSWERS, topic=words)  # a sentence of ours, no language model's words


_CHANGES: dict[str, Callable[[Proposal, Situation, Knowledge], Proposal | Withheld]] = {
    TELLS: _tells,
    TAKE_THINGS: _take_things,
    UNANSWERED: _offers,
    OFFERS: _offers,
}
