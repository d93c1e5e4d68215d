"""The acknowledged intention link, without a transport: the sender's outbox and the receiver's inbox.

Sender: an unanswered intention is sent again every `RESEND_S` until any answer comes or its validity is over; then
the sender itself says `expired`. One that is sent with its validity over asks what became of it, for `ASK_S`. The sender says
`expired` as well when a taken up one gets no final answer for long after it should have ended: a receiver that is restarted knows
nothing of what it had accepted. So every intention ends in exactly one final state whatever happens to the receiver, as long as the
sender itself lives; answers after that one are counted.
A sender may take an intention back: the cancellation is sent again as well, until the final answer.
Receiver: an id is delivered once; a resend is answered with the last answer. What is cancelled before it has come (the link may lose
and turn round) is answered `cancelled` and never delivered. Both work on the room's event loop (real or virtual), never block, and
count what others send wrongly.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from runtime import codec
from runtime.clock import NS_PER_S, Clock
from runtime.messages import FINAL_STATES, Intention, IntentionAnswer, IntentionCancel
from runtime.streams import Overflow, Stream, StreamFull
from runtime.transport.fanout import Counters, count

RESEND_S = 0.25
"""Pause before an unanswered intention is sent again."""
DEFAULT_VALIDITY_S = 10.0
"""How long an intention without `valid_until_ns` is sent again."""
ASK_S = 5.0
"""How long an intention whose validity is over is sent again: who asks what became of it may have connected a moment ago."""
FINAL_ANSWER_S = 60.0
"""How long after its validity (once started: after its own length) an intention waits for its final answer."""
LENGTH_S_MAX = 600.0
"""Longest length of its own (`duration_s`) that is waited for."""
SPEECH_S_PER_CHARACTER = 0.1
"""Length of spoken content; espeak-ng at its default rate needs about 0.07 s."""
OUTBOX_DEPTH = 1_024
"""Most unanswered intentions of one sender; more are refused at once."""
INBOX_DEPTH = 256
"""Most intentions waiting for the receiver; more are rejected as overload."""
REMEMBERED_IDS = 8_192
"""Ids that the receiver knows again, taken up and ended ids of the sender; the oldest is forgotten (ended) first."""

Route = TypeVar("Route")


def decode_as(
    kind: type[IntentionAnswer] | tuple[type[Intention], type[IntentionCancel]], payload: bytes, counters: Counters
) -> object | None:
    """Return the message of the wanted type, or None (counted) for anything else."""
    try:
        message = codec.decode(payload)
    except codec.Undecodable as error:
        count(counters, f"undecodable_{error.reason}")
        return None
    if not isinstance(message, kind):
        count(counters, "undecodable_not_on_this_link")
        return None
    return message


@dataclass(slots=True)
class _Sent:
    """An intention on its way: what is sent again, its validity, its own length, and when it is given up (ns)."""

    payload: bytes
    valid_until_ns: int
    length_ns: int
    deadline_ns: int


class Outbox:
    """The sending side; `transmit` puts one payload on the way and may lose it."""

    def __init__(self, name: str, clock: Clock, transmit: Callable[[bytes], None], counters: Counters) -> None:
        """Make an empty outbox for the named sender."""
        self.answers: Stream[IntentionAnswer] = Stream(8_192, Overflow.DROP_OLDEST, f"{name}:answers")
        self._name = name
        self._clock = clock
        self._transmit = transmit
        self._counters = counters
        self._unanswered: dict[str, _Sent] = {}
        self._taken_up: OrderedDict[str, _Sent] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._cancelling: dict[str, tuple[bytes, int]] = {}  # what is sent again, until when (ns)
        self._timer: asyncio.TimerHandle | None = None
        self._seq = 0

    def send(self, intention: Intention) -> None:
        """Send, and send again until answered or no longer valid."""
        payload = codec.encode(msgspec.structs.replace(intention, source=self._name, seq=self._seq))
        self._seq += 1
        if len(self._unanswered) >= OUTBOX_DEPTH:
            count(self._counters, "intentions_refused")
            self._say(intention.id, "rejected", "too many unanswered intentions")
            return
        now_ns = self._clock.now_ns()
        valid_until_ns = intention.valid_until_ns or now_ns + round(DEFAULT_VALIDITY_S * NS_PER_S)
        asks = valid_until_ns < now_ns
        deadline_ns = now_ns + round(ASK_S * NS_PER_S) if asks else valid_until_ns
        self._ended.pop(intention.id, None)  # who sends an id again wants its last answer again
        self._unanswered[intention.id] = _Sent(payload, valid_until_ns, _length_ns(intention), deadline_ns)
        count(self._counters, "intentions_sent")
        self._transmit(payload)
        self._arm()

    def cancel(self, intention_id: str, reason: str = "") -> None:
        """Take an intention back, and say so again until its final answer; also one that a sender before a restart has sent."""
        if intention_id in self._ended or len(self._cancelling) >= OUTBOX_DEPTH:
            return
        now_ns = self._clock.now_ns()
        message = IntentionCancel(
            t_ns=now_ns, source=self._name, seq=self._seq, intention_id=intention_id, reason=reason[:128]
        )
        self._seq += 1
        payload = codec.encode(message)
        self._cancelling[intention_id] = (payload, now_ns + round(FINAL_ANSWER_S * NS_PER_S))
        self._unanswered.pop(intention_id, None)  # not to be sent any more: the cancellation is what is answered
        count(self._counters, "intentions_cancelled")
        self._transmit(payload)
        self._arm()

    def receive(self, payload: bytes) -> None:
        """Take one answer from the wire."""
        answer = decode_as(IntentionAnswer, payload, self._counters)
        if not isinstance(answer, IntentionAnswer):
            return
        name = answer.intention_id
        if name in self._ended:
            count(self._counters, "answers_late")
            return
        taken_up = self._taken_up.pop(name, None)
        sent = self._unanswered.pop(name, None) or taken_up
        count(self._counters, "answers_received")
        self._deliver(answer)
        if answer.state in FINAL_STATES:
            self._remember_ended(name)
        elif sent is not None and name not in self._cancelling:
            now_ns = self._clock.now_ns()
            begins_ns = max(now_ns, sent.valid_until_ns) if answer.state == "accepted" else now_ns
            sent.deadline_ns = begins_ns + sent.length_ns + round(FINAL_ANSWER_S * NS_PER_S)
            self._taken_up[name] = sent
            if len(self._taken_up) > REMEMBERED_IDS:
                self._expire(next(iter(self._taken_up)), "no final answer")
        self._arm()

    async def aclose(self) -> None:
        """Stop sending again and end the answers."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._unanswered.clear()
        self._taken_up.clear()
        self._cancelling.clear()
        await self.answers.aclose()

    def _arm(self) -> None:
        if self._timer is None and (self._unanswered or self._taken_up or self._cancelling):
            self._timer = asyncio.get_running_loop().call_later(RESEND_S, self._look)

    def _look(self) -> None:
        """Send again what is unanswered, give up what is over."""
        self._timer = None
        now_ns = self._clock.now_ns()
        for intention_id, sent in list(self._unanswered.items()):
            if now_ns >= sent.deadline_ns:
                count(self._counters, "intentions_unanswered")
                self._expire(intention_id, "no answer from the receiver")
            else:
                count(self._counters, "intentions_resent")
                self._transmit(sent.payload)
        for intention_id, sent in list(self._taken_up.items()):
            if now_ns >= sent.deadline_ns:
                count(self._counters, "intentions_unfinished")
                self._expire(intention_id, "no final answer")
        for intention_id, (payload, until_ns) in list(self._cancelling.items()):
            if now_ns >= until_ns:
                self._expire(intention_id, "no answer from the receiver")
            else:
                count(self._counters, "cancellations_resent")
                self._transmit(payload)
        self._arm()

    def _expire(self, intention_id: str, reason: str) -> None:
        self._unanswered.pop(intention_id, None)
        self._taken_up.pop(intention_id, None)
        self._remember_ended(intention_id)
        self._say(intention_id, "expired", reason)

    def _remember_ended(self, intention_id: str) -> None:
        self._ended[intention_id] = None
        self._cancelling.pop(intention_id, None)
        if len(self._ended) > REMEMBERED_IDS:
            self._ended.popitem(last=False)

    def _say(self, intention_id: str, state: str, reason: str) -> None:
        self._deliver(
            IntentionAnswer(
                t_ns=self._clock.now_ns(),
                source=self._name,
                intention_id=intention_id,
                state=state,  # type: ignore[arg-type] # called with literals above
                reason=reason,
            )
        )

    def _deliver(self, answer: IntentionAnswer) -> None:
        if not self.answers.closed and not self.answers.push(answer):
            count(self._counters, "dropped")


def _length_ns(intention: Intention) -> int:
    """Return how long an intention may take once it has begun."""
    length_s = intention.parameters.get("duration_s", 0.0)
    if intention.kind == "dialogue":
        length_s = max(length_s, SPEECH_S_PER_CHARACTER * len(intention.content))
    return round(min(max(length_s, 0.0), LENGTH_S_MAX) * NS_PER_S)


class Inbox(Generic[Route]):
    """The receiving side; `reply` puts a payload on the way to a route and says whether the route still exists."""

    def __init__(
        self,
        clock: Clock,
        reply: Callable[[Route, bytes], bool],
        publish: Callable[[IntentionAnswer], None],
        counters: Counters,
    ) -> None:
        """Make an empty inbox."""
        self.intentions: Stream[Intention | IntentionCancel] = Stream(INBOX_DEPTH, Overflow.REFUSE, "intentions")
        self._clock = clock
        self._reply = reply
        self._publish = publish
        self._counters = counters
        self._known: OrderedDict[str, tuple[Route, bytes | None]] = OrderedDict()

    def receive(self, route: Route, payload: bytes) -> None:
        """Take one intention, or the cancellation of one, from the wire."""
        intention = decode_as((Intention, IntentionCancel), payload, self._counters)
        if isinstance(intention, IntentionCancel):
            self._cancelled(route, intention)
        if not isinstance(intention, Intention):
            return
        known = self._known.get(intention.id)
        if known is not None:
            count(self._counters, "intentions_repeated")
            last_answer = known[1]
            self._known[intention.id] = (route, last_answer)
            if last_answer is not None:
                self._send(route, last_answer)
            return
        try:
            self.intentions.push(intention)
        except StreamFull:
            # Answered at once and not remembered: a flood must neither fill the memory nor be told to try again.
            count(self._counters, "intentions_overload")
            refusal = IntentionAnswer(
                t_ns=self._clock.now_ns(), intention_id=intention.id, state="rejected", reason="overload"
            )
            self._send(route, codec.encode(refusal))
            return
        count(self._counters, "intentions_received")
        self._known[intention.id] = (route, None)
        self._forget_oldest()

    def _cancelled(self, route: Route, cancel: IntentionCancel) -> None:
        """Hand a cancellation on; answer it at once where the intention has ended, or has never come."""
        name = cancel.intention_id
        known = self._known.get(name)
        if known is None:
            self._known[name] = (route, None)
            self._forget_oldest()
            self.answer(
                IntentionAnswer(
                    t_ns=self._clock.now_ns(), intention_id=name, state="cancelled", reason="before it was received"
                )
            )
            return
        last_answer = known[1]
        self._known[name] = (route, last_answer)
        last = None if last_answer is None else codec.decode(last_answer)
        if isinstance(last, IntentionAnswer) and last.state in FINAL_STATES:
            self._send(route, codec.encode(last))
            return
        try:
            self.intentions.push(cancel)
        except StreamFull:
            count(self._counters, "intentions_overload")  # it is sent again

    def _forget_oldest(self) -> None:
        if len(self._known) > REMEMBERED_IDS:
            self._known.popitem(last=False)

    def answer(self, answer: IntentionAnswer) -> None:
        """Answer to whoever sent the intention last, and publish."""
        known = self._known.get(answer.intention_id)
        payload = codec.encode(answer)
        if known is None:
            count(self._counters, "answers_without_sender")
        else:
            self._known[answer.intention_id] = (known[0], payload)
            self._send(known[0], payload)
        if answer.state in FINAL_STATES:
            count(self._counters, "intentions_ended")
        self._publish(answer)

    def _send(self, route: Route, payload: bytes) -> None:
        if not self._reply(route, payload):
            count(self._counters, "answers_dropped")
