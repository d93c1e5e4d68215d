"""From a proposal to a plan: one or more intentions over the channels, with words, target, timing, validity and evidence.

One plan runs at a time. It is over when each of its intentions has its final answer, or when its time is up without answers.
A plan of higher priority supersedes it: its intentions are sent beside the old ones, and the body, which owns the channels,
supersedes what stands in their way. Sentences are chosen as the least recently said of the persona's, ties by a generator seeded with
session seed and plan number, so that a restart changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct, field

from cognitive.acts import ACTS, Act, Step
from cognitive.memory.bank import Bank
from cognitive.persona import Persona
from cognitive.reasoners.contract import Proposal
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.messages import FINAL_STATES, Intention, Target, Timing

UNDER_WAY_MAX_S = 20.0
"""A plan that was accepted but never finished is given up after this."""
BODY_PRIORITY_MAX = 5
"""On the body's channels our own acts give way to a plain intention from outside (5 is its default): it never waits."""
SLACK_S = 1.0


class Plan(Struct, kw_only=True):
    """The plan under way, saved with the memory: what was sent and what has been answered.

    Attributes:
        number: counts plans of the session.
        states: latest answer by intention id, `sent` before the first one.
        until_ns: without any answer the plan is over then.
        give_up_ns: with answers but no end it is over then.
    """

    number: int
    act: str
    trigger: str
    person_id: str
    priority: int
    intentions: list[Intention]
    states: dict[str, str]
    until_ns: int
    give_up_ns: int

    def over(self, now_ns: int) -> bool:
        """Whether nothing of it is to be waited for."""
        open_states = [state for state in self.states.values() if state not in FINAL_STATES]
        if not open_states:
            return True
        return now_ns >= (self.until_ns if all(state == "sent" for state in open_states) else self.give_up_ns)

    def unanswered(self, now_ns: int) -> list[Intention]:
        """Return what may still begin and has no answer: after a restart it is sent again, under its old id."""
        return [i for i in self.intentions if self.states[i.id] == "sent" and now_ns < i.valid_until_ns]


class PlannerState(Struct, kw_only=True):
    """Numbers that never go back, also across restarts, and the plan under way."""

    id_prefix: str = ""
    intentions: int = 0
    plans: int = 0
    plan: Plan | None = None
    topics_used: list[str] = field(default_factory=list)


class Planner:
    """Makes plans from a persona's words."""

    def __init__(self, persona: Persona, seed: int, state: PlannerState) -> None:
        """Continue from saved numbers."""
        self._persona = persona
        self._seed = seed
        self.state = state

    def plan(self, proposal: Proposal, situation: Situation, bank: Bank) -> Plan:
        """Return the plan for a proposal and make it the one under way."""
        act = ACTS[proposal.act]
        self.state.plans += 1
        chance = random.Random(f"{self._seed}/{self.state.plans}")  # no secret: variety of sentences
        topic = proposal.topic or self._topic(act)
        intentions = [
            self._intention(step, act, proposal, situation, self._words(step, proposal, bank, topic, chance))
            for step in act.steps
        ]
        latest_ns = max(intention.valid_until_ns for intention in intentions)
        plan = Plan(
            number=self.state.plans,
            act=proposal.act,
            trigger=proposal.trigger,
            person_id=proposal.person_id,
            priority=act.priority,
            intentions=intentions,
            states={intention.id: "sent" for intention in intentions},
            until_ns=latest_ns + round(SLACK_S * NS_PER_S),
            give_up_ns=latest_ns + round(UNDER_WAY_MAX_S * NS_PER_S),
        )
        self.state.plan = plan
        return plan

    def running_priority(self, now_ns: int) -> int:
        """Return the priority of the plan under way, -1 if none is; closes one that is over."""
        plan = self.state.plan
        if plan is None or plan.over(now_ns):
            self.state.plan = None
            return -1
        return plan.priority

    def _intention(self, step: Step, act: Act, proposal: Proposal, situation: Situation, content: str) -> Intention:
        self.state.intentions += 1
        now_ns = situation.now_ns
        earliest_ns = now_ns + round(step.delay_s * NS_PER_S)
        scale = 1.0 if step.kind in ("dialogue", "gaze", "attention") else self._persona.style.expressiveness
        return Intention(
            id=f"{self.state.id_prefix}.{self.state.intentions}",
            t_ns=now_ns,
            kind=step.kind,
            content=content,
            label=step.label,
            target=_target(proposal, situation),
            timing=Timing(when="now", earliest_ns=earliest_ns),
            created_ns=now_ns,
            valid_until_ns=earliest_ns + round(step.valid_s * NS_PER_S),
            priority=act.priority if step.kind == "dialogue" else min(act.priority, BODY_PRIORITY_MAX),
            strength=step.strength * scale,
            parameters={"duration_s": step.duration_s} if step.duration_s else {},
            turn_id=situation.turn_id,
            evidence=proposal.evidence[:32],
            trigger=proposal.trigger,
            score=proposal.score,
        )

    def _words(self, step: Step, proposal: Proposal, bank: Bank, topic: str, chance: random.Random) -> str:
        if step.kind != "dialogue":
            return step.content
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


def _least_recent(sentences: Sequence[str], said: Sequence[str], chance: random.Random) -> str:
    """Return one of the sentences whose last use lies furthest back."""
    oldest = min(_last_index(said, sentence) for sentence in sentences)
    return chance.choice([sentence for sentence in sentences if _last_index(said, sentence) == oldest])


def _last_index(items: Sequence[str], item: str) -> int:
    """Return the last position of an item, -1 if it does not occur."""
    return next((index for index in range(len(items) - 1, -1, -1) if items[index] == item), -1)


def _target(proposal: Proposal, situation: Situation) -> Target | None:
    person = next((p for p in situation.people if p.person_id == proposal.person_id), None)
    if person is not None:
        return Target(person_id=person.person_id, direction_rad=person.bearing_rad if person.seen else None)
    if proposal.bearing_rad is not None:
        return Target(person_id=proposal.person_id, direction_rad=proposal.bearing_rad)
    return Target(person_id=proposal.person_id) if proposal.person_id else None
