"""Does what an operator wants: words and gestures as intentions of the highest rank, channels, condition, pause, emergency stop.

Words, gestures, looks and faces become intentions with the act's own id, so that timing, interruption and the guard before the voice
hold for them as for any other; the realiser's answers are the act's. Everything else is done here at once and answered by
`OperatorAnswer`; what cannot be done is `rejected` with one reason. Called on the room's event loop; never blocks but for the write of
a file of some hundred bytes when something changes hands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from behavioral.body.realiser import Realiser
from behavioral.conversation import Conversation
from behavioral.operator.channels import HELD, STOPPED, TRIGGER, Channels, by_operator
from motion.procedural.lexicon import LABELS
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import Intention, IntentionKind, IntentionState, OperatorAct, OperatorAnswer, Target, Timing
from runtime.trouble import place_of

logger = logging.getLogger(__name__)
PRIORITY_NOW, PRIORITY = 9, 8
"""With 9 words are said over whoever speaks."""
WAITS_S = 30.0
"""How long words may wait for the floor."""
SHORT_S, HELD_S = 4.0, 60.0
"""How long a look or a face lasts: while the body is the agent's own, and while it is the operator's."""
LOOKS: dict[str, tuple[float, float] | None] = {"person": None, "away": (0.45, 0.05), "down": (0.05, -0.45)}
"""Where to look (yaw to the agent's left, pitch up, rad); None is at the person."""
KINDS: dict[str, IntentionKind] = {
    "say": "dialogue", "gesture": "gesture", "gaze": "gaze", "expression": "expression",
}  # fmt: skip


class Desk:
    """Takes the acts of all operators, in their order."""

    def __init__(
        self,
        channels: Channels,
        conversation: Conversation,
        realiser: Realiser,
        bus: Bus,
        clock: Clock,
        intend: Callable[[Intention], None],
    ) -> None:
        """Wire the parts; `intend` gives an intention to the body without asking who holds its channel."""
        self._channels = channels
        self._conversation = conversation
        self._realiser = realiser
        self._bus = bus
        self._clock = clock
        self._intend = intend

    def take(self, act: OperatorAct) -> None:
        """Do one act, answer it, and tell what is held now."""
        now_ns = self._clock.now_ns()
        if act.deed in KINDS:
            self._perform(act)
            return
        if act.deed in ("note", "end"):  # the avatar room's: they hold also where this room does not
            return
        try:
            refusal = self._change(act, now_ns)
        except OSError as error:
            logger.error("what an operator holds could not be kept: %s", place_of(error))
            refusal = ""
        if act.deed not in ("joined", "left"):
            self._answer(act, "rejected" if refusal else "finished", refusal)
        self.tell()

    def tell(self) -> None:
        """Publish what is held."""
        self._bus.publish(msgspec.structs.replace(self._channels.state, t_ns=self._clock.now_ns(), gestures=LABELS))

    def _perform(self, act: OperatorAct) -> None:
        refusal = STOPPED if self._channels.stopped else _missing(act)
        if refusal:
            self._answer(act, "rejected", refusal)
            return
        self._intend(self._intention(act))

    def _intention(self, act: OperatorAct) -> Intention:
        now_ns = self._clock.now_ns()
        speech = act.deed == "say"
        target, parameters = None, {}
        if act.deed == "gaze":
            direction = LOOKS[act.label]
            target = Target(person_id=act.person_id) if direction is None else Target(direction_rad=direction)
        if act.deed in ("gaze", "expression"):
            parameters["duration_s"] = SHORT_S if self._channels.own_body else HELD_S
        return Intention(
            id=act.id,
            t_ns=now_ns,
            source=TRIGGER,
            kind=KINDS[act.deed],
            content=" ".join(act.text.split()) if speech else "",
            label="" if speech or act.deed == "gaze" else act.label,
            target=target,
            timing=Timing(when="turn_end" if speech and not act.over_speech else "now"),
            created_ns=now_ns,
            valid_until_ns=now_ns + round(WAITS_S * NS_PER_S) if speech else 0,
            priority=PRIORITY_NOW if act.over_speech or not speech else PRIORITY,
            strength=act.strength,
            parameters=parameters,
            trigger=TRIGGER,
        )

    def _change(self, act: OperatorAct, now_ns: int) -> str:
        """Change what is held; return why that cannot be, or an empty text."""
        state = self._channels.state
        if act.deed in ("take", "give"):
            return self._hand(act, now_ns)
        if act.deed == "condition":
            if not act.text.strip():
                return "a condition needs a name"
            if len(act.text.strip()) > 128:
                return "the name of a condition has at most 128 characters"
            if not act.initiative:
                self._drop(lambda i: i.sender == "cognitive", now_ns, "condition")
            self._channels.change(condition=act.text.strip(), initiative=act.initiative)
        elif act.deed == "pause" and not state.paused:
            try:
                self._channels.change(paused=True)
            finally:
                self._silence_own(now_ns)
                self._drop(lambda i: not by_operator(i), now_ns, HELD)
        elif act.deed == "resume":
            self._conversation.forget_unanswered()
            self._channels.change(paused=False)
        elif act.deed == "emergency_stop":
            try:
                self._channels.change(stopped=True)
            finally:
                self._realiser.drop_all(now_ns, STOPPED)
                self._conversation.halt(now_ns)
        elif act.deed == "release":
            self._conversation.forget_unanswered()
            self._channels.change(stopped=False)
        return ""

    def _hand(self, act: OperatorAct, now_ns: int) -> str:
        held = self._channels.state.held
        channel = act.channel
        if not channel:
            return "name the channel: voice, body or initiative"
        if act.deed == "give":
            self._channels.change(held=tuple(c for c in held if c != channel))
            if channel == "voice":
                self._conversation.voice_returned()
            elif channel == "body":  # a look or a face that would last is the operator's no more
                self._drop(lambda i: by_operator(i) and i.kind in ("gaze", "expression"), now_ns, "handed back")
            return ""
        try:
            self._channels.change(held=(*(c for c in held if c != channel), channel))
        finally:
            if channel == "voice":
                self._silence_own(now_ns)
                self._drop(lambda i: i.kind == "dialogue" and not by_operator(i), now_ns, HELD)
            elif channel == "body":
                self._drop(lambda i: i.kind != "dialogue" and not by_operator(i), now_ns, HELD)
            else:
                self._drop(lambda i: i.sender == "cognitive", now_ns, HELD)
        return ""

    def _silence_own(self, now_ns: int) -> None:
        """End what the agent says of its own, but not what an operator says through it."""
        speaking = self._realiser.active("dialogue")
        if speaking is None or not by_operator(speaking):
            self._conversation.stop_speaking(now_ns)

    def _drop(self, which: Callable[[Intention], bool], now_ns: int, reason: str) -> None:
        self._realiser.drop_all(now_ns, reason, which)

    def _answer(self, act: OperatorAct, state: IntentionState, reason: str = "") -> None:
        self._bus.publish(OperatorAnswer(t_ns=self._clock.now_ns(), act_id=act.id, state=state, reason=reason[:128]))


def _missing(act: OperatorAct) -> str:
    """Return what an act that should show on the agent lacks, or an empty text."""
    if act.deed == "say" and not act.text.strip():
        return "there is nothing to say: the text is empty"
    if act.deed == "gaze" and act.label not in LOOKS:
        return f"look at {', '.join(LOOKS)}; not {act.label[:40]!r}"
    if act.deed in ("gesture", "expression") and not act.label:
        return f"name the {act.deed}"
    return ""
