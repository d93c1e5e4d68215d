"""A plan under way: its steps, what became of each, and what of it is to be sent again after a restart.

A step waits (for an earlier step, a condition or its time), is sent as an intention, is answered, or is dropped with a reason. All of it
is saved with the memory before anything is sent. Times are session ns. Plain records, confined to the room's event loop.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from cognitive.acts import ACTS, Step
from cognitive.memory.bank import NO_ANSWER
from runtime.clock import NS_PER_S
from runtime.messages import FINAL_STATES, Evidence, Intention

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"
OVER = FINAL_STATES | {DROPPED}
SLACK_S = 1.0
UNDER_WAY_MAX_S = 20.0
"""What was accepted but never finished is given up this long after its validity."""
ASKED_S = 6.0
"""So long a restarted room waits for the outcome of what it had sent: a little longer than the link goes on asking."""
ASKS_ONLY_NS = 1
"""Validity of an intention that is sent again only to hear its last answer: a receiver that does not know it must not begin it."""


class PlannedStep(Struct, kw_only=True):
    """One step of a running plan.

    Attributes:
        index: in the act's steps.
        state: `waiting`, `sent`, an answer's state, or `dropped`.
        words: what is said, chosen when the plan was made.
        give_up_ns: a step that waits is dropped then.
        reason: why it was dropped, taken back, refused.
        intention: as it was sent last.
        taken_back: its sender has cancelled it, whether or not that has been answered.
        revised: how often it was sent anew.
        asked_ns: when a restarted room asked for its outcome, 0 if it has not.
    """

    index: int
    state: str = WAITING
    words: str = ""
    give_up_ns: int = 0
    reason: str = ""
    intention: Intention | None = None
    taken_back: bool = False
    revised: int = 0
    asked_ns: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.state in OVER

    @property
    def open(self) -> bool:
        """Whether it was sent and has no final answer."""
        return self.state not in OVER and self.state != WAITING

    @property
    def begun(self) -> bool:
        """Whether the body has begun it."""
        return self.state == "started"


class Plan(Struct, kw_only=True):
    """One plan.

    Attributes:
        valence: the person's when it began.
        softened: whether it goes on more quietly than it began.
        evidence: what it rests on, and so each of its steps.
    """

    number: int
    act: str
    trigger: str
    person_id: str
    priority: int
    begun_ns: int
    steps: list[PlannedStep]
    valence: float = 0.0
    softened: bool = False
    evidence: tuple[Evidence, ...] = ()

    def spec(self, step: PlannedStep) -> Step:
        """Return what the act says of a step."""
        return ACTS[self.act].steps[step.index]

    def named(self, name: str) -> PlannedStep | None:
        """Return the step of a name."""
        return next((step for step in self.steps if self.spec(step).name == name), None)

    def of(self, intention_id: str) -> PlannedStep | None:
        """Return the step whose present intention has this id."""
        return next((s for s in self.steps if s.intention is not None and s.intention.id == intention_id), None)

    @property
    def intentions(self) -> list[Intention]:
        """What has been sent, without what was sent anew since."""
        return [step.intention for step in self.steps if step.intention is not None]

    @property
    def words(self) -> str:
        """What it says."""
        return " ".join(step.words for step in self.steps if step.words)

    @property
    def over(self) -> bool:
        """Whether nothing of it is to be waited for."""
        return all(step.over for step in self.steps)

    @property
    def under_way(self) -> bool:
        """Whether the body is at it, or the next step follows from what the body is at; else it only waits for its moment."""
        return any(step.open for step in self.steps)

    @property
    def known(self) -> bool:
        """Whether the acts still have it: a newer version may have been started on this state."""
        return self.act in ACTS and all(step.index < len(ACTS[self.act].steps) for step in self.steps)

    def keep(self, judged: set[str], kept: list[Intention], reason: str) -> None:
        """Of the intentions that were judged, put those that are kept as they are to be sent, and drop the steps of the others."""
        fit = {intention.id: intention for intention in kept}
        for step in self.steps:
            if step.intention is None or step.intention.id not in judged:
                continue
            allowed = fit.get(step.intention.id)
            if allowed is None:
                step.state, step.reason, step.intention = DROPPED, reason, None
            else:
                step.intention = allowed
                step.words = allowed.content if allowed.kind == "dialogue" else step.words

    def give_up(self, now_ns: int) -> list[str]:
        """Close what was never answered in time; return the ids."""
        closed = []
        for step in self.steps:
            if not step.open or step.intention is None:
                continue
            wait_s = SLACK_S if step.state == SENT else UNDER_WAY_MAX_S
            length_s = 0.0 if step.state == SENT else step.intention.parameters.get("duration_s", 0.0)
            waits_ns = step.intention.valid_until_ns + round((wait_s + length_s) * NS_PER_S)
            if step.asked_ns:
                waits_ns = max(waits_ns, step.asked_ns + round(ASKED_S * NS_PER_S))
            if now_ns >= waits_ns:
                step.state, step.reason = "expired", NO_ANSWER
                closed.append(step.intention.id)
        return closed

    def to_send_again(self, now_ns: int) -> list[Intention]:
        """Return what a restarted room sends under its old ids: what may still begin, and what it asks the outcome of.

        What was sent, never answered and is too late now may have been done while the room was down: it is asked for too.
        """
        again = []
        for step in self.steps:
            if not step.open or step.intention is None or step.taken_back:
                continue
            if step.state == SENT and now_ns < step.intention.valid_until_ns:
                again.append(step.intention)
            else:
                step.asked_ns = max(1, now_ns)
                again.append(msgspec.structs.replace(step.intention, valid_until_ns=ASKS_ONLY_NS))
        return again

    def to_cancel_again(self) -> list[tuple[str, str]]:
        """Return ids and reasons of what was taken back and has not been answered."""
        return [(s.intention.id, s.reason) for s in self.steps if s.taken_back and s.open and s.intention is not None]
