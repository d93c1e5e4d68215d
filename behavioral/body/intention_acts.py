"""What an intention can ask of this agent: gestures, gaze, expression, posture, speech; and when each may begin.

The bridge between the realiser's contract and the body, gaze, face and voice. Locomotion is refused with the
reason, since a page's avatar and a fixed robot have no legs to walk on; a body that has will offer it through
its embodiment. With a body that has motors, what it has not the parts for is performed otherwise, or refused with the
reason (`motion.embodiment.capabilities`); the figure on a page has every part.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from behavioral.body.face import Face
from behavioral.body.gaze import Gaze
from behavioral.body.motion_source import MotionSource
from behavioral.body.realiser import Refused, Running
from motion.embodiment.capabilities import Expressed, express
from motion.text.hints import Hints
from motion.text.matcher import SURE, hints_for, match
from runtime.clock import NS_PER_S
from runtime.messages import Intention, Target
from runtime.vocabulary import EXPRESSIONS

LENGTH_S_MIN, LENGTH_S_MAX = 0.2, 60.0
"""Bounds on a length that a sender asks for."""
GAZE_S = 2.0
EXPRESSION_S = 4.0
POSTURE_S = 6.0
STOP = "stop"
"""Label of the dialogue intention that silences the agent (the page's stop button)."""
INTERRUPTING_PRIORITY = 9
"""From this priority on, a dialogue intention may speak over the person (safety)."""
POSTURES = ("neutral", "lean_in", "lean_back", "open", "closed", "attentive")


class Conversation(Protocol):
    """What the acts ask of the conversation."""

    @property
    def floor_is_free(self) -> bool:
        """Whether neither side is speaking or about to."""
        ...

    def say_intention(self, intention: Intention, now_ns: int) -> Running:
        """Say a dialogue intention's content as a response of its own."""
        ...

    def stop_speaking(self, now_ns: int) -> None:
        """Silence the present response."""
        ...

    def word_time_s(self, word: str, now_s: float) -> float | None:
        """Session time of a coming word of the agent's speech, or None."""
        ...

    def bearing_of(self, person_id: str) -> tuple[float, float] | None:
        """Direction of a person who is in view."""
        ...


@dataclass(slots=True)
class Timed:
    """An act that lasts until a time, and what lets go of it: at its end, or earlier when it is cancelled."""

    end_ns: int
    let_go: Callable[[float], None]
    ends_itself: bool = False
    from_ns: int = 0
    """Before this nothing of it is seen: a generator may begin it with its next chunk, or for a stroke later on."""

    def finished(self, now_ns: int) -> str | None:
        """Done when its time is over."""
        if now_ns < self.end_ns:
            return None
        if not self.ends_itself:
            self.let_go(now_ns / NS_PER_S)
        return ""

    def cancel(self, now_ns: int) -> None:
        """End it early."""
        self.let_go(now_ns / NS_PER_S)


class Acts:
    """Implements `IntentionActs` over the body's parts."""

    def __init__(self, generator: MotionSource, gaze: Gaze, face: Face, conversation: Conversation) -> None:
        """Wire the parts."""
        self._generator = generator
        self._gaze = gaze
        self._face = face
        self._conversation = conversation
        self._parts: frozenset[str] | None = None

    def body_has(self, parts: Iterable[str]) -> None:
        """Say which parts the body has that moves by motors; until then it is a figure that has all."""
        self._parts = frozenset(parts)

    def check(self, intention: Intention) -> None:
        """Refuse what can never be done."""
        if intention.kind == "locomotion":
            raise Refused("this body cannot walk")
        if intention.kind == "dialogue" and intention.label != STOP and not intention.content.strip():
            raise Refused("a dialogue intention needs its words in content")
        if intention.kind == "gesture":
            gesture_label(intention)
        if intention.kind in ("gaze", "attention") and intention.target is not None:
            self._check_target(intention.target)
        if intention.kind == "expression":
            _one_of(intention.label or intention.content.strip(), EXPRESSIONS, "expression")
        if intention.kind == "posture":
            _one_of(intention.label or intention.content.strip(), POSTURES, "posture")
        if (found := self._by_the_body(intention)) and found.way == "rejected":
            raise Refused(found.reason)

    def _by_the_body(self, intention: Intention) -> Expressed | None:
        """Return what the body makes of an intention; None where it has no say."""
        if self._parts is None or intention.kind == "dialogue":
            return None
        label = (
            gesture_label(intention) if intention.kind == "gesture" else intention.label or intention.content.strip()
        )
        return express(intention.kind, label, self._parts, aimed=self._direction(intention) is not None)

    def may_begin(self, intention: Intention, now_ns: int) -> bool:
        """Wait for the turn's end, the word, or the floor."""
        timing = intention.timing
        if intention.kind == "dialogue" and intention.label == STOP:
            return True
        if intention.kind == "dialogue" and not self._conversation.floor_is_free:
            return intention.priority >= INTERRUPTING_PRIORITY and timing.when == "now"
        if timing.when == "turn_end":
            return self._conversation.floor_is_free
        if timing.when == "at_word":
            return self._conversation.word_time_s(timing.word, now_ns / NS_PER_S) is not None
        return True

    def begin(self, intention: Intention, now_ns: int) -> Running:
        """Begin the act on its channel."""
        now_s = now_ns / NS_PER_S
        if (found := self._by_the_body(intention)) and found.way == "otherwise" and intention.kind != "expression":
            intention = msgspec.structs.replace(intention, kind=found.kind, label=found.label or intention.label)
        if intention.kind == "dialogue" and intention.label == STOP:
            self._conversation.stop_speaking(now_ns)
            return Timed(now_ns, lambda _t: None)
        if intention.kind == "dialogue":
            return self._conversation.say_intention(intention, now_ns)
        if intention.kind == "gesture":
            return self._gesture(intention, now_s)
        length_s = intention.parameters.get("duration_s", 0.0)
        length_s = _clamped(length_s, LENGTH_S_MIN, LENGTH_S_MAX) if length_s > 0 else 0.0
        if intention.kind == "expression":
            end_s = now_s + (length_s or EXPRESSION_S)
            self._face.express(intention.label or intention.content.strip(), intention.strength, end_s)
            if found is None or found.kind != "posture":
                return Timed(round(end_s * NS_PER_S), lambda _t: self._face.release())
            self._generator.posture(now_s, found.label, intention.strength)  # the page's figure has the face still
            return Timed(round(end_s * NS_PER_S), self._end_expression)
        if intention.kind == "posture":
            end_s = now_s + (length_s or POSTURE_S)
            self._generator.posture(now_s, intention.label or intention.content.strip(), intention.strength)
            return Timed(round(end_s * NS_PER_S), lambda t: self._generator.posture(t, "neutral", 0.0))
        end_s = now_s + (length_s or GAZE_S)
        self._gaze.look(self._direction(intention), end_s)
        return Timed(round(end_s * NS_PER_S), lambda _t: self._gaze.release())

    def _gesture(self, intention: Intention, now_s: float) -> Running:
        label = gesture_label(intention)
        hints = hints_for(label, intention.content)
        stroke_at_s = None
        if intention.timing.when == "at_word":
            stroke_at_s = self._conversation.word_time_s(intention.timing.word, now_s)
        duration_s = intention.parameters.get("duration_s")
        try:
            run = self._generator.gesture(
                intention.id,
                now_s,
                label,
                side=_clamped(intention.parameters.get("side", hints.side), -1.0, 1.0),
                strength=intention.strength
                * _clamped(intention.parameters.get("amplitude", hints.amplitude), 0.0, 2.0),
                duration_s=None if duration_s is None else _clamped(duration_s, 0.3, 20.0),
                stroke_at_s=stroke_at_s,
                direction_rad=self._direction(intention) or _said_direction(intention, hints),
            )
        except ValueError as error:
            raise Refused(str(error)) from None
        return Timed(
            round(run.end_s * NS_PER_S),
            lambda t: self._generator.cancel_gesture(intention.id, t),
            ends_itself=True,
            from_ns=round(run.start_s * NS_PER_S),
        )

    def _end_expression(self, now_s: float) -> None:
        self._face.release()
        self._generator.posture(now_s, "neutral", 0.0)

    def _direction(self, intention: Intention) -> tuple[float, float] | None:
        target = intention.target
        if target is None:
            return None
        if target.direction_rad is not None:
            return target.direction_rad
        if target.name and not target.person_id:  # a named thing without a known place
            return None
        return self._conversation.bearing_of(target.person_id)

    @staticmethod
    def _check_target(target: Target) -> None:
        """Refuse to look at a thing whose place nobody has said."""
        if target.name and not target.person_id and target.direction_rad is None:
            raise Refused(f"it is not known where {target.name[:40]!r} is; give direction_rad")


def gesture_label(intention: Intention) -> str:
    """Return the lexicon label of a gesture intention, from its label or its free text.

    Raises:
        Refused: when neither names a known gesture.
    """
    for text, needed in ((intention.label, 0.9), (intention.content, SURE)):
        if text:
            found = match(text)
            if found.label and found.score >= needed:
                return found.label
    raise Refused(f"no gesture like {(intention.label or intention.content)[:60]!r} is known")


def _said_direction(intention: Intention, hints: Hints) -> tuple[float, float] | None:
    """Where the text says to gesture, if no target does."""
    return hints.direction_rad if intention.target is None else None


def _one_of(name: str, known: tuple[str, ...], what: str) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    raise Refused(f"no {what} {name[:40]!r}{hint}")


def _clamped(value: float, low: float, high: float) -> float:
    return low if math.isnan(value) else min(high, max(low, value))
