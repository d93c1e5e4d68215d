"""From intentions to behaviour: acceptance, timing, channels, supersession and the answers.

Each kind of intention speaks to one channel; a channel does one thing at a time. A newcomer of equal or
higher priority supersedes what its channel does, one of lower priority waits until the channel is free or its
validity is over. A sender may take one back at any time. Every intention gets `accepted` or `rejected` at once
and ends in exactly one final state.
`started` names the first motion frame that it shapes.

Called from the event loop only: `receive` when one arrives, `tick` once a frame. What the body and the voice
really do is behind `IntentionActs`, so that this file knows nothing of joints or audio. Times are session
nanoseconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from behavioral.operator.channels import by_operator
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import Intention, IntentionAnswer, IntentionCancel, IntentionState
from runtime.trouble import place_of

logger = logging.getLogger(__name__)

VALID_S: dict[str, float] = {
    "dialogue": 10.0,
    "gesture": 4.0,
    "gaze": 4.0,
    "expression": 8.0,
    "posture": 8.0,
    "attention": 8.0,
    "locomotion": 4.0,
}
"""How long an intention may wait for its moment where the sender set no limit."""

OPERATOR_RANK = 10
WAITING_MAX = 64
"""Intentions that may wait at once; more are rejected, so that a flood cannot grow."""


def received(taken: Intention | IntentionCancel, now_ns: int) -> Intention | IntentionCancel:
    """Return what was taken from the link as it is told to everybody: at the time of its receipt, with who sent it."""
    if isinstance(taken, IntentionCancel):
        return msgspec.structs.replace(taken, t_ns=now_ns, sender=taken.source)
    return msgspec.structs.replace(taken, t_ns=now_ns, created_ns=taken.created_ns or now_ns, sender=taken.source)


def _rank(intention: Intention) -> int:
    """Return the place of an intention in its channel: an operator's goes before every other, whatever priority that claims."""
    return intention.priority + (OPERATOR_RANK if by_operator(intention) else 0)


class Refused(Exception):
    """The body or voice cannot do this; the message is the reason in the answer."""


class Running(Protocol):
    """Something that an intention set in motion."""

    @property
    def from_ns(self) -> int:
        """No frame before this shows it."""
        ...

    def finished(self, now_ns: int) -> str | None:
        """Return None while it goes on, "" when it is done, or why it broke off."""
        ...

    def cancel(self, now_ns: int) -> None:
        """End it smoothly."""
        ...


class IntentionActs(Protocol):
    """What the realiser asks of body and voice."""

    def check(self, intention: Intention) -> None:
        """Raise `Refused` if this can never be done."""
        ...

    def may_begin(self, intention: Intention, now_ns: int) -> bool:
        """Whether the floor, the turn and the word that it waits for allow it to begin now."""
        ...

    def begin(self, intention: Intention, now_ns: int) -> Running:
        """Begin it; raise `Refused` if that turns out impossible."""
        ...


@dataclass(slots=True)
class _Waiting:
    intention: Intention
    received_ns: int
    valid_until_ns: int


@dataclass(slots=True)
class _Active:
    intention: Intention
    received_ns: int
    running: Running
    shown: bool = False
    reported: bool = False


class Realiser:
    """The fast system's side of the intention contract."""

    def __init__(
        self,
        acts: IntentionActs,
        answer: Callable[[IntentionAnswer], None],
        first_frame: Callable[[float, Intention], None],
    ) -> None:
        """Wire the realiser.

        Args:
            acts: what body and voice can do.
            answer: sends an answer.
            first_frame: told the milliseconds from receipt to the first frame, for telemetry.
        """
        self._acts = acts
        self._answer = answer
        self._first_frame = first_frame
        self._waiting: list[_Waiting] = []
        self._active: dict[str, _Active] = {}

    def shaping(self, t_ns: int) -> tuple[str, ...]:
        """Intentions that shape the frame of a time."""
        for active in self._active.values():
            active.shown = active.shown or active.running.from_ns <= t_ns
        return tuple(active.intention.id for active in self._active.values() if active.shown)

    def take(self, taken: Intention | IntentionCancel, now_ns: int) -> None:
        """Take an intention, or the wish to end one."""
        if isinstance(taken, IntentionCancel):
            self.cancel(taken.intention_id, now_ns, taken.reason)
        else:
            self.receive(taken, now_ns)

    def receive(self, intention: Intention, now_ns: int) -> None:
        """Accept or reject an intention."""
        valid_until_ns = intention.valid_until_ns or now_ns + round(VALID_S[intention.kind] * NS_PER_S)
        try:
            self._acts.check(intention)
            if len(self._waiting) >= WAITING_MAX:
                raise Refused(f"{WAITING_MAX} intentions wait already")
        except Refused as refusal:
            self._say(intention, "rejected", now_ns, str(refusal))
            return
        self._say(intention, "accepted", now_ns)
        self._waiting.append(_Waiting(intention, now_ns, valid_until_ns))

    def reject(self, intention: Intention, now_ns: int, reason: str) -> None:
        """Answer an intention that is not to be done."""
        self._say(intention, "rejected", now_ns, reason)

    def active(self, kind: str) -> Intention | None:
        """Return the intention that a channel does now."""
        found = self._active.get(kind)
        return None if found is None else found.intention

    def cancel(self, intention_id: str, now_ns: int, reason: str) -> None:
        """End an intention that its sender takes back; one that is unknown or over has had its final answer."""
        reason = reason or "its sender took it back"
        for waiting in self._waiting:
            if waiting.intention.id == intention_id:
                self._waiting.remove(waiting)
                self._say(waiting.intention, "cancelled", now_ns, reason)
                return
        for channel, active in self._active.items():
            if active.intention.id == intention_id:
                del self._active[channel]
                active.running.cancel(now_ns)
                self._say(active.intention, "cancelled", now_ns, reason)
                return

    def tick(self, now_ns: int) -> None:
        """Finish, expire and begin what is due; called before a frame is made."""
        for channel, active in list(self._active.items()):
            ended = active.running.finished(now_ns)
            if ended is None:
                continue
            del self._active[channel]
            if ended:
                self._say(active.intention, "superseded", now_ns, ended)
            else:
                self._say(active.intention, "finished", now_ns)
        if not self._waiting:
            return
        for waiting in sorted(self._waiting, key=lambda w: -_rank(w.intention)):
            if self._try(waiting, now_ns):
                self._waiting.remove(waiting)

    def frame_sent(self, now_ns: int, frame: int) -> None:
        """Report the intentions that frame number `frame` was the first to show."""
        for active in self._active.values():
            if active.shown and not active.reported:
                active.reported = True
                self._say(active.intention, "started", now_ns, frame=frame)
                self._first_frame((now_ns - active.received_ns) / NS_PER_MS, active.intention)

    def drop_all(self, now_ns: int, reason: str, which: Callable[[Intention], bool] = lambda _any: True) -> None:
        """End everything, for a stop; or what an operator takes over (`which`)."""
        for channel, active in list(self._active.items()):
            if which(active.intention):
                del self._active[channel]
                active.running.cancel(now_ns)
                self._say(active.intention, "superseded", now_ns, reason)
        for waiting in [waiting for waiting in self._waiting if which(waiting.intention)]:
            self._waiting.remove(waiting)
            self._say(waiting.intention, "expired", now_ns, reason)

    def _try(self, waiting: _Waiting, now_ns: int) -> bool:
        """Begin or expire one waiting intention; whether it has left the queue."""
        intention = waiting.intention
        if now_ns > waiting.valid_until_ns:
            self._say(intention, "expired", now_ns, "its moment did not come in time")
            return True
        if now_ns < intention.timing.earliest_ns or not self._acts.may_begin(intention, now_ns):
            return False
        running = self._active.get(intention.kind)
        if running is not None and _rank(running.intention) > _rank(intention):
            return False
        if running is not None:
            # First the old one ends, then the new one begins: what the old one lets go of must not be the new one's.
            del self._active[intention.kind]
            running.running.cancel(now_ns)
            self._say(running.intention, "superseded", now_ns, "a newer intention", superseded_by=intention.id)
        try:
            begun = self._acts.begin(intention, now_ns)
        except Refused as refusal:
            # Accepted before: it cannot be rejected any more, so it expires with the reason.
            self._say(intention, "expired", now_ns, str(refusal))
            return True
        except Exception as error:
            logger.error("an intention could not begin: %s", place_of(error))
            self._say(intention, "expired", now_ns, "the body failed")
            return True
        self._active[intention.kind] = _Active(intention, waiting.received_ns, begun)
        return True

    def _say(
        self,
        intention: Intention,
        state: IntentionState,
        now_ns: int,
        reason: str = "",
        *,
        frame: int = -1,
        superseded_by: str = "",
    ) -> None:
        self._answer(
            IntentionAnswer(
                intention_id=intention.id,
                state=state,
                reason=reason[:128],
                frame=frame,
                superseded_by=superseded_by,
                t_ns=now_ns,
            )
        )
