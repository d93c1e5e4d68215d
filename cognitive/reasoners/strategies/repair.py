"""Finding and mending barriers between the people who talk, by rule and by language model; one request.

After SocialVeil (Xuan et al. 2026, arXiv 2602.05115), whose authors find that a plain instruction to repair helps only a little; so here
the detection stands first and by itself (`cognitive.reasoners.barriers`), works without a language model, and is part of the data that the
model is asked about. `Repairing` adds the embedded half to any reasoner: it proposes to clarify (the person is vague), to rephrase (the
agent was not understood) or to comfort (a feeling is in the way) where unresolved confusion is high. `Repair` asks a model for the
same judgement and for the two measures; where the model's measures say that all is clear, its repair is dropped.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import CONFUSION, EMOTION
from cognitive.reasoners import quoting
from cognitive.reasoners.barriers import Barrier, understanding
from cognitive.reasoners.brief import Brief
from cognitive.reasoners.contract import Proposal
from cognitive.reasoners.judgement import ActChoice, Judgement, Probability, TriggerJudgement, violation
from cognitive.reasoners.strategies.contract import prompt_of
from cognitive.reasoners.strategies.story import AnswersStories
from cognitive.reasoners.strategies.wrapped import Wrapped, transcript
from cognitive.situation import Situation
from runtime.llm.prompt import Ask
from runtime.messages import Evidence

CLEAR_BELOW = 0.3
"""Unresolved confusion under which nothing is repaired."""

_TASK = """\
Look for barriers between the people and the agent first: semantic vagueness (words without a clear reference, requests to clarify),
sociocultural mismatch (another idea of what is polite, usual or meant), emotional interference (a feeling that keeps somebody from
listening). Give each with its strength and evidence; then unresolved_confusion (0: all is clear, 1: they talk past each other) and
mutual_understanding (0 to 1). Then judge the triggers; an act of confusion_repair only where confusion is left that the talk will
not settle by itself: clarify where the person is vague, rephrase where the agent was not understood."""
_STORY_TASK = """\
Look for barriers between the people in the story first: vague words, different cultures, feelings in the way. Then answer."""


class Repairing(Wrapped):
    """The embedded half."""

    name = "repair"

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose a repair where fresh signs of confusion are left."""
        if not situation.people:
            return []
        now = understanding(transcript(situation, bank), situation.now_ns)
        fresh = [sign for sign in now.barriers if situation.fresh(_trigger(sign), sign.t_ns)]
        if not fresh:
            return []
        last = max(fresh, key=lambda sign: (sign.t_ns, sign.strength))
        reason = (
            f"unresolved confusion {now.unresolved_confusion:.2f}, mutual understanding {now.mutual_understanding:.2f}"
        )
        evidence = tuple(
            Evidence(sign.t_ns, sign.kind, sign.sign[:128], round(sign.strength, 3)) for sign in fresh[-8:]
        )
        return [Proposal(_trigger(last), _act(last), now.unresolved_confusion, reason, evidence, situation.partner)]


def _trigger(sign: Barrier) -> str:
    return EMOTION if sign.kind == "emotional_interference" else CONFUSION


def _act(sign: Barrier) -> str:
    if sign.kind == "emotional_interference":
        return "comfort"
    return "rephrase" if sign.own else "clarify"


class FoundBarrier(Struct, frozen=True, kw_only=True):
    """One barrier that the model sees."""

    kind: Literal["semantic_vagueness", "sociocultural_mismatch", "emotional_interference"]
    strength: Probability
    evidence: Annotated[list[int], Meta(max_length=32)]


class Repaired(Struct, frozen=True, kw_only=True):
    """The answer."""

    barriers: Annotated[list[FoundBarrier], Meta(max_length=8)]
    unresolved_confusion: Probability
    mutual_understanding: Probability
    triggers: Annotated[list[TriggerJudgement], Meta(max_length=16)]
    act: ActChoice | None = None


class Repair(AnswersStories):
    """The language model's half."""

    name = "repair"
    requests_most = 1
    story_task = _STORY_TASK

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        super().__init__(ask)
        self.measured: tuple[float, float] | None = None
        """Unresolved confusion and mutual understanding as last rated by the model."""

    async def judge(self, brief: Brief) -> Judgement:
        """Return the judgement; a repair of what is clear is dropped."""

        def fits(repaired: Repaired) -> str:
            if any(number not in brief.evidence for one in repaired.barriers for number in one.evidence):
                return f"barriers.evidence: only ids from 1 to {len(brief.evidence)} exist"
            return violation(Judgement(triggers=repaired.triggers, act=repaired.act), brief)

        repaired = await self._ask(prompt_of(brief, _TASK, _notes(brief)), Repaired, fits)
        self.measured = (repaired.unresolved_confusion, repaired.mutual_understanding)
        act = repaired.act
        if act is not None and act.type == CONFUSION and repaired.unresolved_confusion < CLEAR_BELOW:
            act = None
        return Judgement(triggers=repaired.triggers, act=act)


def _notes(brief: Brief) -> list[str]:
    """Return what the rules have found, for the model to judge."""
    score, reason = brief.embedded.scores.get(CONFUSION, (0.0, ""))
    return [quoting.line({"rules_found": reason, "score": round(score, 2)})] if score > 0 else []
