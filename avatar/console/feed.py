"""What a console is shown: each message of the bus as a short JSON object with the fields that it draws, and what it missed.

No sound, pictures, motion, single phonemes or memory: a console is to be read, and its socket stays quiet. One loop, no locks.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from avatar.console.participants import Participants
from avatar.console.reasons import why
from runtime import messages as m

EVENTS_MAX = 400
"""What a console that joins is told of the past ..."""
NOTES_MAX = 200
"""... and of older notes."""
PEOPLE_MAX = 16

EVENTS: tuple[type[m.Message], ...] = (
    m.AgentSpeech, m.Word, m.Turn, m.TypedText, m.Intention, m.IntentionAnswer, m.OperatorAct, m.OperatorAnswer, m.OperatorState,
    m.SessionControl, m.PersonPercept, m.CognitiveCycle, m.Heartbeat, m.UserSpeech, m.SafetyDecision, m.Viewer,
)  # fmt: skip
_PASSING = (m.Word, m.UserSpeech)
"""Shown while they last, and not told to who comes later."""
FIELDS: dict[type[m.Message], tuple[str, ...]] = {
    m.AgentSpeech: ("state", "response_id", "clause", "text", "heard"),
    m.Word: ("op", "unit_id", "text"),
    m.Turn: ("state", "speaker", "turn_id", "text", "interrupted"),
    m.TypedText: ("text",),
    m.Intention: ("id", "kind", "content", "label", "trigger", "sender", "priority"),
    m.IntentionAnswer: ("intention_id", "state", "reason"),
    m.OperatorAct: ("id", "deed", "operator", "text", "label", "channel", "strength", "initiative", "over_speech", "person_id"),
    m.OperatorAnswer: ("act_id", "state", "reason"),
    m.OperatorState: ("held", "stopped", "paused", "condition", "initiative", "gestures"),
    m.SessionControl: ("action", "reason"),
    m.PersonPercept: ("state", "person_id"),
    m.CognitiveCycle: ("restraint",),
    m.Heartbeat: ("status", "detail"),
    m.UserSpeech: ("state",),
    m.SafetyDecision: ("decision", "rule", "about", "intention_id"),
    m.Viewer: (),
}  # fmt: skip


class Feed:
    """The console's picture of the session."""

    def __init__(self) -> None:
        """Begin with nothing to tell."""
        self._events: deque[tuple[str, bool]] = deque(maxlen=EVENTS_MAX)
        self._notes: deque[str] = deque(maxlen=NOTES_MAX)
        self._states: dict[str, tuple[object, str]] = {}
        self._participants = Participants()

    @property
    def past(self) -> list[str]:
        """What a console that joins is told, states first."""
        states = (text for _view, text in self._states.values())
        return [*states, *self._notes, *(text for text, _is_note in self._events)]

    def take(self, message: m.Message) -> str:
        """Return what consoles are to be told of a message; empty where that is nothing new."""
        fields = FIELDS.get(type(message))
        if fields is None or _is_not_for_consoles(message):
            return ""
        view: dict[str, Any] = {name: getattr(message, name) for name in fields}
        if isinstance(message, m.SafetyDecision):
            view["why"] = why(message.rule)
        elif isinstance(message, m.CognitiveCycle):
            view["names"] = {mind.person_id: mind.name for mind in message.minds if mind.name}
        elif isinstance(message, m.Viewer):
            view = dict(self._participants.take(message))
        kind = str(type(message).__struct_config__.tag)
        key = _state_key(message, kind)
        if key and self._states.get(key, (None, ""))[0] == view:
            return ""
        text = msgspec.json.encode({"type": kind, "t_ns": message.t_ns, "source": message.source, **view}).decode()
        if key:
            self._states.pop(key, None)
            if isinstance(message, m.PersonPercept) and message.state == "left":
                return text
            if sum(name.startswith("person_percept") for name in self._states) < PEOPLE_MAX or not key.startswith(
                "person"
            ):
                self._states[key] = (view, text)
        elif not isinstance(message, _PASSING):
            self._keep(text, is_note=isinstance(message, m.OperatorAct) and message.deed == "note")
        return text

    def _keep(self, text: str, *, is_note: bool) -> None:
        if len(self._events) == EVENTS_MAX and self._events[0][1]:
            self._notes.append(self._events[0][0])
        self._events.append((text, is_note))


def _is_not_for_consoles(message: m.Message) -> bool:
    """Return whether a message is of a kind that is shown, but is itself not: what is only planned, what never reached the voice."""
    if isinstance(message, m.SafetyDecision):
        return message.where != "voice"
    return isinstance(message, m.AgentSpeech) and message.state == "planned"


def _state_key(message: m.Message, kind: str) -> str:
    """Return the name under which a newer message of the same state replaces this one; empty for an event."""
    if isinstance(message, m.PersonPercept):
        return f"{kind}:{message.person_id}"
    if isinstance(message, m.Heartbeat):
        return f"{kind}:{message.source}"
    return kind if isinstance(message, (m.CognitiveCycle, m.OperatorState, m.SessionControl, m.Viewer)) else ""
