"""From a proposal to a plan that unfolds: intentions over the channels, revised and taken back as the situation changes.

A plan's opening steps are sent together; later ones when what they wait for has come (an earlier step's end, a condition of the situation).
In each cycle the plans under way are revised (`cognitive.revision`), what is due is released, and what is no longer wanted is
cancelled. A plan of higher priority supersedes another: its intentions are sent beside the old ones, and the body, which owns the
channels, supersedes what stands in their way; what of an older plan only waits for its moment gives way to a new plan for the same
person. Sentences are chosen as the least recently said of the persona's, ties by a generator seeded with session seed and plan number,
so that a restart changes nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from cognitive.acts import ACTS, Act, Step
from cognitive.conditions import CONDITIONS, Moment, holds
from cognitive.memory.bank import Bank
from cognitive.motivation.experience import Experience
from cognitive.persona import Persona
from cognitive.plan import DROPPED, SENT, WAITING, Plan, PlannedStep
from cognitive.reasoners.contract import Proposal
from cognitive.revision import SOFTER, edits, rest_s
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.messages import Evidence, Intention, Target, Timing

BODY_PRIORITY_MAX = 5
"""On the body's channels our own acts give way to a plain intention from outside (5 is its default): it never waits."""
PLANS_MAX = 8
"""Plans that are remembered as running; the oldest gives way."""
EVIDENCE_MAX = 32
"""An intention carries no more (the wire's limit)."""
AFTER, WHEN, MOVED = "after", "when", "the person has moved"
"""Evidence of a later step's own: what it followed, what it waited for, why it is sent anew."""


class PlannerState(Struct, kw_only=True):
    """Numbers that never go back, also across restarts, and the plans under way, oldest first."""

    id_prefix: str = ""
    intentions: int = 0
    plans: int = 0
    running: list[Plan] = msgspec.field(default_factory=list)
    topics_used: list[str] = msgspec.field(default_factory=list)


@dataclass(slots=True)
class Moves:
    """What a cycle's step over the running plans asks for: intentions to send, of which plan, and ids to cancel with the reason."""

    sent: list[tuple[Plan, Intention]] = field(default_factory=list)
    cancelled: list[tuple[str, str]] = field(default_factory=list)


class Planner:
    """Makes plans from a persona's words and carries them on."""

    def __init__(self, persona: Persona, seed: int, state: PlannerState, experience: Experience | None = None) -> None:
        """Continue from saved numbers; `experience` knows what the body cannot do."""
        self._persona = persona
        self._seed = seed
        self._experience = experience or Experience()
        self.state = state
        state.running[:] = [plan for plan in state.running if plan.known]

    def plan(self, proposal: Proposal, situation: Situation, bank: Bank) -> Plan:
        """Return the plan for a proposal with its opening steps sent, and make it one of those under way."""
        act = ACTS[proposal.act]
        self.state.plans += 1
        chance = random.Random(f"{self._seed}/{self.state.plans}")  # no secret: variety of sentences
        topic = proposal.topic or self._topic(act)
        now_ns = situation.now_ns
        plan = Plan(
            number=self.state.plans,
            act=proposal.act,
            trigger=proposal.trigger,
            person_id=proposal.person_id,
            priority=act.priority,
            begun_ns=now_ns,
            valence=situation.valence,
            evidence=proposal.evidence,
            steps=[
                PlannedStep(
                    index=index,
                    words=self._words(step, proposal, bank, topic, chance),
                    give_up_ns=now_ns + round(step.wait_s * NS_PER_S),
                )
                for index, step in enumerate(act.steps)
                if step.kind == "dialogue" or self._experience.possible(f"{step.kind}/{step.label}", now_ns)
            ],
        )
        moment = _moment(plan, situation)
        for planned in plan.steps:
            step = plan.spec(planned)
            if step.opens or (step.wait_s == 0.0 and not step.after and holds(step.when, moment)):
                planned.intention = self._intention(plan, planned, situation, proposal)
                planned.state = SENT
            elif step.wait_s == 0.0:
                planned.state, planned.reason = DROPPED, "not needed"
        self.state.running.append(plan)
        return plan

    def step(self, situation: Situation) -> Moves:
        """Revise what is under way, release what is due, forget what is over."""
        moves = Moves()
        for plan in self.state.running:
            moment = _moment(plan, situation)
            for edit in edits(plan, moment):
                if edit.kind == "end":
                    self._end(edit.step, edit.reason, moves)
                else:
                    self._retarget(plan, edit.step, situation, moves)
            for planned in plan.steps:
                if planned.state == WAITING:
                    self._release(plan, planned, moment, moves)
        self.state.running[:] = [plan for plan in self.state.running if not plan.over]
        return moves

    def give_back(self, plan: Plan) -> None:
        """Forget a plan of which nothing has been sent."""
        self.state.running.remove(plan)

    def make_room(self, plan: Plan) -> Moves:
        """Drop what older plans for the same person still wait for: the new plan has taken their place."""
        moves = Moves()
        for older in self.state.running:
            if older is not plan and older.person_id == plan.person_id:
                for planned in older.steps:
                    if planned.state == WAITING:
                        self._end(planned, "another plan took its place", moves)
        for oldest in self.state.running[:-PLANS_MAX]:
            for planned in oldest.steps:
                self._end(planned, "too many plans", moves)
        self.state.running[:] = self.state.running[-PLANS_MAX:]
        return moves

    def running_priority(self) -> int:
        """Return the highest priority of what the body is at, -1 if it is at nothing of ours."""
        return max((plan.priority for plan in self.state.running if plan.under_way), default=-1)

    def take_back(self, intention_id: str, reason: str) -> list[tuple[str, str]]:
        """Take back what has not begun and is no longer wanted; return what is to be cancelled, with the reason."""
        moves = Moves()
        found = self.of(intention_id)
        if found is not None and not found[1].begun:
            self._end(found[1], reason, moves)
        return moves.cancelled

    def give_up(self, now_ns: int) -> list[str]:
        """Close what was never answered; return the ids."""
        return [name for plan in self.state.running for name in plan.give_up(now_ns)]

    def of(self, intention_id: str) -> tuple[Plan, PlannedStep] | None:
        """Return the running plan and step that an intention belongs to."""
        for plan in self.state.running:
            planned = plan.of(intention_id)
            if planned is not None:
                return plan, planned
        return None

    def _release(self, plan: Plan, planned: PlannedStep, moment: Moment, moves: Moves) -> None:
        step, now_ns = plan.spec(planned), moment.situation.now_ns
        earlier = plan.named(step.after) if step.after else None
        ready = True
        if step.after and earlier is None:
            planned.state, planned.reason = DROPPED, "what it follows is not in the plan"
            return
        if earlier is not None:
            ready = earlier.over
            if ready and earlier.state != "finished" and not step.whatever:
                planned.state, planned.reason = DROPPED, f"what it follows was {earlier.state}"
                return
            if not ready:  # its own wait begins with the end of what it follows
                planned.give_up_ns = max(planned.give_up_ns, now_ns + round(step.wait_s * NS_PER_S))
                return
        if ready and (not step.when or holds(step.when, moment)):
            planned.intention = self._intention(plan, planned, moment.situation)
            planned.state = SENT
            moves.sent.append((plan, planned.intention))
        elif now_ns >= planned.give_up_ns:
            planned.state, planned.reason = DROPPED, "its moment did not come"

    @staticmethod
    def _end(planned: PlannedStep, reason: str, moves: Moves) -> None:
        """Drop a step, or take back what was sent of it."""
        if planned.over or planned.taken_back:
            return
        planned.reason = reason
        if planned.state == WAITING or planned.intention is None:
            planned.state = DROPPED
        else:
            planned.taken_back = True
            moves.cancelled.append((planned.intention.id, reason))

    def _retarget(self, plan: Plan, planned: PlannedStep, situation: Situation, moves: Moves) -> None:
        """Send a step anew under a new id, towards where the person is now, for the rest of its time."""
        old = planned.intention
        if old is None:
            return
        fresh = self._intention(plan, planned, situation)
        left_s = rest_s(old, situation.now_ns)
        planned.intention = msgspec.structs.replace(
            fresh,
            parameters={**old.parameters, "duration_s": left_s} if "duration_s" in old.parameters else old.parameters,
            timing=Timing(when="now", earliest_ns=max(situation.now_ns, old.timing.earliest_ns)),
            evidence=_with(plan, Evidence(situation.now_ns, MOVED, f"instead of {old.id}", 0.0)),
        )
        planned.state = SENT
        planned.revised += 1
        moves.sent.append((plan, planned.intention))

    def _intention(
        self, plan: Plan, planned: PlannedStep, situation: Situation, proposal: Proposal | None = None
    ) -> Intention:
        """Return a new intention of a step; it rests on what the plan rests on, a later one also on what it waited for."""
        self.state.intentions += 1
        step, now_ns = plan.spec(planned), situation.now_ns
        earliest_ns = now_ns + round(step.delay_s * NS_PER_S)
        scale = 1.0 if step.kind in ("dialogue", "gaze", "attention") else self._persona.style.expressiveness
        scale *= SOFTER if plan.softened and step.kind != "dialogue" else 1.0
        first = next((one for one in plan.intentions), None)
        waited = () if proposal is not None else _waited(plan, step, now_ns)
        return Intention(
            id=f"{self.state.id_prefix}.{self.state.intentions}",
            t_ns=now_ns,
            kind=step.kind,
            content=planned.words if step.kind == "dialogue" else step.content,
            label=step.label,
            target=_target(proposal, plan.person_id, situation, first),
            timing=_timing(step, plan.words, earliest_ns),
            created_ns=now_ns,
            valid_until_ns=earliest_ns + round(step.valid_s * NS_PER_S),
            priority=plan.priority if step.kind == "dialogue" else min(plan.priority, BODY_PRIORITY_MAX),
            strength=step.strength * scale,
            parameters={
                name: value for name, value in (("duration_s", step.duration_s), ("distance_m", step.stops_m)) if value
            },
            turn_id=situation.turn_id,
            evidence=_with(plan, *waited),
            trigger=plan.trigger,
            score=proposal.score if proposal is not None else first.score if first is not None else 1.0,
            plan_id=f"{self.state.id_prefix}.plan-{plan.number}",
        )

    def _words(self, step: Step, proposal: Proposal, bank: Bank, topic: str, chance: random.Random) -> str:
        if step.kind != "dialogue":
            return ""
        if proposal.words:
            return proposal.words
        said = bank.said_before()
        sentences = [
            text.format(name=self._persona.name, topic=topic) for text in self._persona.sentences[step.content]
        ]
        return _least_recent(sentences, said, chance)

    def _topic(self, act: Act) -> str:
        """Return the topic that was used least recently, and count it as used if the act speaks about one."""
        used = self.state.topics_used
        topics = self._persona.topics
        topic = min(topics, key=lambda name: (_last_index(used, name), topics.index(name)))
        keys = [step.content for step in act.steps if step.kind == "dialogue"]
        if any("{topic}" in text for key in keys for text in self._persona.sentences[key]):
            self.state.topics_used = [*(name for name in used if name != topic), topic][-64:]
        return topic


def _with(plan: Plan, *own: Evidence) -> tuple[Evidence, ...]:
    """Return what a step rests on: its own reasons, then the plan's."""
    return (*own, *plan.evidence)[:EVIDENCE_MAX]


def _waited(plan: Plan, step: Step, now_ns: int) -> tuple[Evidence, ...]:
    """Return what a later step has waited for; it weighs nothing, since that was decided with the plan."""
    earlier = plan.named(step.after) if step.after else None
    found = []
    if earlier is not None:
        name = earlier.intention.id if earlier.intention is not None else step.after
        found.append(Evidence(now_ns, AFTER, f"{name}: {earlier.state}", 0.0))
    if step.when:
        found.append(Evidence(now_ns, WHEN, CONDITIONS[step.when][1], 0.0))
    return tuple(found)


def _moment(plan: Plan, situation: Situation) -> Moment:
    return Moment(situation, plan.person_id, plan.begun_ns, plan.words)


def _timing(step: Step, words: str, earliest_ns: int) -> Timing:
    """Return the timing of a step, given what the plan says."""
    if step.timing == "at_word":
        said = {word.lower() for word in re.findall(r"[\w']+", words)}
        word = next((word for word in step.at_words if word.lower() in said), "")
        if word:
            return Timing(when="at_word", word=word, earliest_ns=earliest_ns)
        return Timing(when="now", earliest_ns=earliest_ns)
    return Timing(when=step.timing, earliest_ns=earliest_ns)


def _least_recent(sentences: Sequence[str], said: Sequence[str], chance: random.Random) -> str:
    """Return one of the sentences whose last use lies furthest back."""
    oldest = min(_last_index(said, sentence) for sentence in sentences)
    return chance.choice([sentence for sentence in sentences if _last_index(said, sentence) == oldest])


def _last_index(items: Sequence[str], item: str) -> int:
    """Return the last position of an item, -1 if it does not occur."""
    return next((index for index in range(len(items) - 1, -1, -1) if items[index] == item), -1)


def _target(proposal: Proposal | None, person_id: str, situation: Situation, first: Intention | None) -> Target | None:
    """Return whom or what a step is directed at: the person where they are now, else where the plan began."""
    person = next((p for p in situation.people if p.person_id == person_id), None)
    if person is not None:
        return Target(person_id=person.person_id, direction_rad=person.bearing_rad if person.seen else None)
    if proposal is None:
        return None if first is None else first.target
    if proposal.bearing_rad is not None:
        return Target(person_id=proposal.person_id, direction_rad=proposal.bearing_rad)
    return Target(person_id=proposal.person_id) if proposal.person_id else None
