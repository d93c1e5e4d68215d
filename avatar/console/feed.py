"""What a console is shown: each message of the bus as a short JSON object with the fields that it draws, and what it missed.

No sound, pictures, motion, single phonemes or memory: a console is to be read, and its socket stays quiet. One loop, no locks.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from runtime import messages as m

EVENTS_MAX = 400
"""What a console that joins is told of the past."""
PEOPLE_MAX = 16

EVENTS: tuple[type[m.Message], ...] = (
    m.AgentSpeech, m.Word, m.Turn, m.TypedText, m.Intention, m.IntentionAnswer, m.OperatorAct, m.OperatorAnswer, m.OperatorState,
    m.SessionControl, m.PersonPercept, m.CognitiveCycle, m.Heartbeat, m.UserSpeech,
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
    m.OperatorAct: ("id", "deed", "operator", "text", "label", "channel", "strength", "initiative"),
    m.OperatorAnswer: ("act_id", "state", "reason"),
    m.OperatorState: ("held", "stopped", "paused", "condition", "initiative", "gestures"),
    m.SessionControl: ("action", "reason"),
    m.PersonPercept: ("state", "person_id"),
    m.CognitiveCycle: ("restraint",),
    m.Heartbeat: ("status", "detail"),
    m.UserSpeech: ("state",),
}


class Feed:
    """The console's picture of the session."""

    def __init__(self) -> None:
        """Begin with nothing to tell."""
        self._events: deque[str] = deque(maxlen=EVENTS_MAX)
        self._states: dict[str, tuple[object, str]] = {}

    @property
    def past(self) -> list[str]:
        """What a console that joins is told, states first."""
        return [*(text for _view, text in self._states.values()), *self._events]

    def take(self, message: m.Message) -> str:
        """Return what consoles are to be told of a message; empty where that is nothing new."""
        fields = FIELDS.get(type(message))
        if fields is None or (isinstance(message, m.AgentSpeech) and message.state == "planned"):
            return ""
        view: dict[str, Any] = {name: getattr(message, name) for name in fields}
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
            self._events.append(text)
        return text


def _state_key(message: m.Message, kind: str) -> str:
    """Return the name under which a newer message of the same state replaces this one; empty for an event."""
    if isinstance(message, m.PersonPercept):
        return f"{kind}:{message.person_id}"
    if isinstance(message, m.Heartbeat):
        return f"{kind}:{message.source}"
    return kind if isinstance(message, (m.CognitiveCycle, m.OperatorState, m.SessionControl)) else ""
