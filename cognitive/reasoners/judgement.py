"""What a language model may answer, and what of it counts: the schema, the check against the brief, and the blend with the embedded scores.

Nothing that the model says can widen what the agent does: acts come from a whitelist by trigger type, priorities from `cognitive.acts`,
evidence must exist and be new, words pass an `OutgoingFilter`, and the gate decides afterwards as ever. Greetings and types that are not in
`LOWERED` can only be raised in words, never talked down. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta, Struct

from cognitive.acts import ACTS
from cognitive.motivation.thresholds import CONFUSION, CONVERSATION, EMOTION, INTENT, SAFETY, SOCIAL, THRESHOLDS, VISUAL
from cognitive.motivation.triggers.conversation_state import NUDGES_MAX
from cognitive.reasoners.brief import AGENT_SAID, DETAIL_CHARS, OWN_ACTS, Brief, Item
from cognitive.reasoners.contract import Assessment, Proposal, scored
from cognitive.reasoners.outgoing import WORDS_CHARS_MAX, OutgoingFilter
from cognitive.reasoners.quoting import plain
from cognitive.situation import Situation
from runtime.messages import Evidence, Intention

REASON_CHARS = 100
LOWERED = frozenset({INTENT, VISUAL, CONVERSATION, EMOTION, CONFUSION})
"""Types of which a low probability of the model's lowers the embedded score."""
GREETING_FIRST_S = 6.0
"""Who has come within this and is neither greeted nor in talk is greeted before anything of the model's is said."""
REPEATED_OF_LAST = 6
"""Words that are among the last so many of the agent's own are not said again."""

Probability = Annotated[float, Meta(ge=0, le=1)]
Trigger = Annotated[str, Meta(max_length=40, extra_json_schema={"enum": sorted(THRESHOLDS)})]
ActName = Annotated[str, Meta(max_length=40, extra_json_schema={"enum": sorted(ACTS)})]


class TriggerJudgement(Struct, frozen=True, kw_only=True):
    """How much a moment calls for initiative of one type."""

    type: Trigger
    probability: Probability
    reason: Annotated[str, Meta(max_length=400)] = ""


class ActChoice(Struct, frozen=True, kw_only=True):
    """What to do."""

    type: Trigger
    act: ActName
    words: Annotated[str, Meta(max_length=2_000)] = ""
    evidence: Annotated[list[int], Meta(max_length=32)]


class Judgement(Struct, frozen=True, kw_only=True):
    """The answer of every strategy."""

    triggers: Annotated[list[TriggerJudgement], Meta(max_length=16)]
    act: ActChoice | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a judgement counts, and what was refused."""

    assessment: Assessment
    act_refused: str = ""
    words_refused: str = ""


def violation(judgement: Judgement, brief: Brief) -> str:
    """Return what a judgement breaks that the schema cannot say, empty for nothing; it goes back to the model."""
    for judged in judgement.triggers:
        if judged.type not in THRESHOLDS:
            return "triggers: there is no such type"
    act = judgement.act
    if act is None:
        return ""
    if act.act not in brief.acts.get(act.type, ()):
        return "act: not among the acts of its type"
    if not act.evidence:
        return "act.evidence: names none"
    if any(number not in brief.evidence for number in act.evidence):
        return f"act.evidence: only ids from 1 to {len(brief.evidence)} exist"
    return ""


def take(
    judgement: Judgement, brief: Brief, situation: Situation, now: Assessment, weight: float, outgoing: OutgoingFilter, said: Sequence[str],
    *, words: bool,
) -> Taken:  # fmt: skip
    """Blend a judgement, which has passed `violation`, with the embedded assessment of the present moment.

    Args:
        judgement: the model's.
        brief: what it answers.
        situation: of this cycle, which may be later than the brief.
        now: the embedded assessment of this cycle.
        weight: the model's share in scores of types that both have judged.
        outgoing: judges the words.
        said: what the agent has said of its own accord, oldest first.
        words: whether the model's words may be used at all.
    """
    told = {judged.type: judged for judged in judgement.triggers}
    proposals = [_blended(proposal, told.get(proposal.trigger), weight) for proposal in now.proposals]
    scores = dict(now.scores)
    for trigger, judged in told.items():
        if trigger in LOWERED:
            score = (1.0 - weight) * now.scores.get(trigger, (0.0, ""))[0] + weight * judged.probability
            scores[trigger] = (score, _reason(judged))
    act_refused = words_refused = ""
    if judgement.act is not None:
        act_refused = _refusal(judgement.act, brief, situation, told, now)
        if not act_refused:
            spoken = judgement.act.words.strip() if words else ""
            words_refused = _words_fault(spoken, judgement.act, brief, outgoing, said) if spoken else ""
            _add(proposals, judgement.act, brief, told, "" if words_refused else spoken)
    return Taken(Assessment(scored(scores, proposals), tuple(proposals)), act_refused, words_refused)


def _blended(proposal: Proposal, judged: TriggerJudgement | None, weight: float) -> Proposal:
    if judged is None or proposal.trigger not in LOWERED:
        return proposal
    return replace(proposal, score=(1.0 - weight) * proposal.score + weight * judged.probability)


def _refusal(
    act: ActChoice, brief: Brief, situation: Situation, told: dict[str, TriggerJudgement], now: Assessment
) -> str:  # fmt: skip
    """Return why an act does not count, empty where it does; the same limits hold for the embedded triggers."""
    if act.type not in told:
        return "no probability"
    if act.type not in (SOCIAL, SAFETY) and _greeting_owed(situation, now):
        return "a greeting goes first"
    items = [brief.evidence[number] for number in act.evidence]
    newest_ns = max(
        (item.t_ns for item in items if item.kind != AGENT_SAID), default=-1
    )  # its own words are no new reason
    if act.type in OWN_ACTS and act.type != CONVERSATION and not situation.fresh(act.type, newest_ns):
        return "acted upon already"
    if act.type == CONVERSATION and (situation.nudges >= NUDGES_MAX or not situation.exchanged):
        return "asked often enough"
    return ""


def _greeting_owed(situation: Situation, now: Assessment) -> bool:
    """Whether somebody has just come and has not been greeted, or is to be greeted in this very cycle."""
    if any(proposal.trigger == SOCIAL and proposal.act.startswith("greet") for proposal in now.proposals):
        return True
    return any(
        not (person.greeted or person.talked or person.addressed_ns or person.leave_ns)
        and situation.age_s(person.arrived_ns) <= GREETING_FIRST_S
        for person in situation.people
    )


def _words_fault(
    words: str, act: ActChoice, brief: Brief, outgoing: OutgoingFilter, said: Sequence[str]
) -> str:  # fmt: skip
    if not ACTS[act.act].speaks:
        return "the act has no words"
    if len(words) > WORDS_CHARS_MAX:
        return "too long"
    if words.casefold() in {text.casefold() for text in said[-REPEATED_OF_LAST:]}:
        return "said a moment ago"
    draft = Intention(
        id="draft", kind="dialogue", content=words, priority=ACTS[act.act].priority, trigger=act.type,
        turn_id=brief.situation.turn_id,
    )  # fmt: skip
    verdict = outgoing.check(draft, brief.situation)
    return "" if verdict.allowed else verdict.reason or "refused"


def _add(
    proposals: list[Proposal], act: ActChoice, brief: Brief, told: dict[str, TriggerJudgement], words: str
) -> None:  # fmt: skip
    """Give the words to the embedded proposal of the same act, or add one of the model's own."""
    for place, proposal in enumerate(proposals):
        if (proposal.trigger, proposal.act) == (act.type, act.act):
            proposals[place] = replace(proposal, words=words)
            return
    if act.type not in OWN_ACTS or act.act not in OWN_ACTS[act.type]:
        return  # the embedded reasoner, which alone may propose this, no longer does
    items = sorted((brief.evidence[number] for number in set(act.evidence)), key=lambda item: item.t_ns)
    concerned = [item.person_id for item in items if item.person_id]
    here = {person.person_id for person in brief.situation.people}
    person_id = next((who for who in reversed(concerned) if who in here), brief.situation.partner)
    bearing = next((item.bearing_rad for item in reversed(items) if item.bearing_rad is not None), None)
    judged = told[act.type]
    proposals.append(
        Proposal(
            act.type, act.act, judged.probability, _reason(judged), tuple(map(_evidence, items)), person_id,
            bearing_rad=bearing, words=words,
        )
    )  # fmt: skip


def _evidence(item: Item) -> Evidence:
    return Evidence(item.t_ns, item.kind, item.detail[:DETAIL_CHARS])


def _reason(judged: TriggerJudgement) -> str:
    return plain(judged.reason, REASON_CHARS) or "the language model's judgement"
