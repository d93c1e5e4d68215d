"""Play a scene to an agent on virtual time: messages in, cycles on the rhythm of the slow loop, initiatives out.

The cycles come as in the room: every `cycle_s`, and early where people expect a reaction at once. What the agent wants to do is
answered as the fast system would answer it: accepted, begun at its time, heard while it is said, finished. Seconds from the
scene's start.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cognitive.bench.social.scene_file import SceneScript
from cognitive.bench.social.timeline import agent_speech, messages_of, ns, speech_s, stamped
from cognitive.urgency import EARLY_GAP_S, SETTLE_S, urgent
from runtime import messages as m
from runtime.clock import NS_PER_S

ACCEPTED_AFTER_S = 0.05
MOVEMENT_S = 1.5
"""How long a gesture or look takes that names no duration."""


class Agent(Protocol):
    """Whatever takes initiatives: the slow loop, or a baseline.

    `continued` and `cancelled` are what the last step asked for besides: further intentions of plans that were under way, which are no
    initiatives of their own, and ids of intentions that are no longer wanted.
    """

    continued: Sequence[m.Intention]
    cancelled: Sequence[str]

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Return what it wants to do now."""
        ...


@dataclass(frozen=True, slots=True)
class Initiative:
    """A plan that the agent sent: when, of which trigger type, over which channels."""

    at_s: float
    trigger: str
    score: float
    channels: tuple[str, ...]
    words: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What an agent did in one scene."""

    scene: SceneScript
    initiatives: tuple[Initiative, ...]


@dataclass(slots=True)
class _Stage:
    """Messages that are still to come, by time and order of writing."""

    waiting: list[tuple[int, int, m.Message]] = field(default_factory=list)
    count: int = 0

    def put(self, t_ns: int, message: m.Message) -> None:
        self.count += 1
        heapq.heappush(self.waiting, (t_ns, self.count, message))

    def take(self, until_ns: int) -> list[m.Message]:
        taken = []
        while self.waiting and self.waiting[0][0] <= until_ns:
            taken.append(heapq.heappop(self.waiting)[2])
        return taken

    def take_back(self, intention_id: str, now_ns: int) -> None:
        """Let what is still to come of an intention not come."""
        kept = [item for item in self.waiting if not _belongs(item[2], intention_id)]
        ended = len(kept) < len(self.waiting)
        self.waiting[:] = kept
        heapq.heapify(self.waiting)
        if ended:
            answer = m.IntentionAnswer(intention_id=intention_id, state="cancelled")
            self.put(now_ns, stamped(answer, now_ns))

    def next_urgent_ns(self, until_ns: int) -> int | None:
        return min((t_ns for t_ns, _, message in self.waiting if t_ns <= until_ns and urgent(message)), default=None)


def play(scene: SceneScript, agent: Agent, cycle_s: float) -> Played:
    """Return what the agent does in the scene."""
    return asyncio.run(_play(scene, agent, cycle_s))


async def _play(scene: SceneScript, agent: Agent, cycle_s: float) -> Played:
    stage = _Stage()
    for t_ns, message in messages_of(scene):
        stage.put(t_ns, message)
    initiatives: list[Initiative] = []
    period_ns, end_ns = round(cycle_s * NS_PER_S), ns(scene.seconds)
    due_ns, last_ns = period_ns, 0
    while due_ns <= end_ns:
        rings_ns = stage.next_urgent_ns(due_ns)
        now_ns = due_ns
        if rings_ns is not None:
            settled_ns = max(rings_ns + round(SETTLE_S * NS_PER_S), last_ns + round(EARLY_GAP_S * NS_PER_S))
            now_ns = min(settled_ns, due_ns)
        regular = now_ns >= due_ns
        intentions = await agent.step(stage.take(now_ns), now_ns, regular=regular)
        if intentions:
            initiatives.append(_initiative(intentions, now_ns))
            _perform(stage, intentions, now_ns)
        _perform(stage, agent.continued, now_ns)
        for intention_id in agent.cancelled:
            stage.take_back(intention_id, now_ns)
        last_ns = now_ns
        due_ns += period_ns if regular else 0
    return Played(scene, tuple(initiatives))


def _initiative(intentions: Sequence[m.Intention], now_ns: int) -> Initiative:
    first = intentions[0]
    words = next((intention.content for intention in intentions if intention.kind == "dialogue"), "")
    person_id = "" if first.target is None else first.target.person_id
    channels = tuple(intention.kind for intention in intentions)
    return Initiative(now_ns / NS_PER_S, first.trigger, first.score, channels, words, person_id)


def _belongs(message: m.Message, intention_id: str) -> bool:
    """Whether a message tells of what became of an intention; a clause that has begun to sound is heard to its end."""
    if isinstance(message, m.IntentionAnswer):
        return message.intention_id == intention_id
    return isinstance(message, m.AgentSpeech) and message.response_id == intention_id and message.state == "started"


def _perform(stage: _Stage, intentions: Sequence[m.Intention], now_ns: int) -> None:
    """Answer as the fast system does: each intention is carried out at its time."""
    for intention in intentions:
        accepted_s = now_ns / NS_PER_S + ACCEPTED_AFTER_S
        begin_s = max(accepted_s, intention.timing.earliest_ns / NS_PER_S)
        takes_s = intention.parameters.get("duration_s", MOVEMENT_S)
        if intention.kind == "dialogue":
            takes_s = speech_s(intention.content)
            for t_ns, message in agent_speech(intention.content, intention.id, begin_s, begin_s + takes_s):
                stage.put(t_ns, message)
        steps: tuple[tuple[m.IntentionState, float], ...] = (
            ("accepted", accepted_s),
            ("started", begin_s),
            ("finished", begin_s + takes_s),
        )
        for state, at_s in steps:
            answer = m.IntentionAnswer(intention_id=intention.id, state=state)
            stage.put(ns(at_s), stamped(answer, ns(at_s)))
