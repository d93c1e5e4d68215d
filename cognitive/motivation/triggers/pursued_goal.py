"""Somebody is believed to want something that the scenario declares, and does not get on, or may be helped with what it offers.

Part of `user_intent`. What is believed comes from `cognitive.mind.goals`; here it is weighed whether help is called for. Help is offered
once for each goal in an encounter. Where no goals are declared nothing is found, at no cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cognitive.mind.goals.view import GoalView, variable
from cognitive.motivation.thresholds import INTENT
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Person
from cognitive.situation import Situation
from runtime.messages import Evidence

PAUSE_S = 2.0
"""Who has just done a step is getting on."""
STALLED_S = 12.0
"""Who has not got on for this long does not know how."""
STALLED = 0.8
FAILED_S = 20.0
TRIES = 2
CONFUSED = 0.5
OUTDATED_S = 120.0
"""Who was last seen to pursue it this long ago does it no more."""
REASONS_MAX = 6
BELIEVED = "goal believed"
"""The sign."""


def pursued(person: Person, situation: Situation) -> Proposal | None:
    """Return an offer of help with what the person is most believed to want."""
    mind = situation.mind(person.person_id)
    found = [_helped(goal, person, situation) for goal in mind.goals if goal.sure and not goal.offered]
    return max((one for one in found if one is not None), key=lambda one: one.score, default=None)


def fitting(generic: Proposal, helped: Sequence[Proposal]) -> Proposal:
    """Return an offer of help that rests on something else with what the person is believed to want, where that is known."""
    own = next((one for one in helped if one.person_id == generic.person_id and one.words), None)
    if own is None or generic.act != own.act or generic.words:
        return generic
    believed = tuple(item for item in own.evidence if item.kind == BELIEVED)
    return replace(generic, words=own.words, goal=own.goal, evidence=(*believed, *generic.evidence))


def _helped(goal: GoalView, person: Person, situation: Situation) -> Proposal | None:
    if not situation.fresh(INTENT, goal.progress_ns) or not PAUSE_S <= situation.age_s(goal.progress_ns) <= OUTDATED_S:
        return None
    held_up, size = _held_up(goal, person, situation)
    if not goal.offer and not held_up:
        return None
    mind, now_ns = situation.mind(person.person_id), situation.now_ns
    weighed = Weighing(INTENT)
    reasons = sorted(mind.reasons.get(variable(goal.id), ()), key=lambda reason: -abs(reason.weight))[:REASONS_MAX]
    weighed.evidence += [
        Evidence(reason.t_ns, reason.cue[:128], f"moves 'wants to {goal.wish}'"[:128], round(reason.weight, 2))
        for reason in sorted(reasons, key=lambda reason: reason.t_ns)
    ]
    weighed.add(BELIEVED, goal.progress_ns, f"wants to {goal.wish}: {goal.p:.2f}", goal.p)
    weighed.add("help is at hand", now_ns, f"next: {goal.next_step}", float(bool(goal.offer)))
    weighed.add("does not get on", now_ns, held_up, size)
    turned = mind.attending == "agent" and mind.agent_attention_s <= situation.age_s(goal.progress_ns)
    weighed.add("turns to the agent", now_ns, size=float(turned))
    weighed.add("looks about", now_ns, size=float(mind.seen and mind.attending == "away"))
    weighed.add("plays", now_ns, "people play", float(situation.pretence))
    weighed.add("wants to be left alone", now_ns, size=float(situation.left_alone(person)))
    weighed.add("told to wait", now_ns, size=float(situation.told_to_wait))
    weighed.add("satisfied", now_ns, size=float(situation.satisfied))
    reason = f"wants to {goal.wish}" + (f" and {held_up}" if held_up else "")
    return proposal(INTENT, "offer_help", reason, weighed, person.person_id, words=goal.offer, goal=goal.id)


def _held_up(goal: GoalView, person: Person, situation: Situation) -> tuple[str, float]:
    """Return what shows that the person does not get on, in words, and its size; nothing where they do."""
    since_s = situation.age_s(goal.progress_ns)
    if goal.failed_ns > goal.progress_ns and situation.age_s(goal.failed_ns) <= FAILED_S:
        return "fails at it", 1.0
    if goal.again >= TRIES:
        return f"tries the same {goal.again} times more", 1.0
    if any(event.t_ns >= goal.progress_ns for event in situation.searches(person.person_id)):
        return "searches", 1.0
    if any(event.t_ns > goal.progress_ns for event in situation.tries_again(person.person_id)):
        return "tries in vain", 1.0
    if situation.mind(person.person_id).confusion >= CONFUSED:
        return "is confused", 1.0
    return (f"does nothing more for {since_s:.0f} s", STALLED) if since_s >= STALLED_S else ("", 0.0)
