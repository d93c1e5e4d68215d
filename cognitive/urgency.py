"""What cannot wait for the next cycle: people expect a reaction within a second to arrivals, departures, greetings, leaving, danger.

Pure functions; the room and the bench share them, so that both cycle alike.
"""

from __future__ import annotations

from cognitive import cues
from runtime import messages as m
from runtime.safety.despair import despairs
from runtime.safety.peril import danger

SETTLE_S = 0.05
"""An early cycle waits this long, so that messages of one event come together."""
EARLY_GAP_S = 0.1
"""Least time between a cycle and an early one: a flood of events cannot make the loop spin."""


def urgent(message: m.Message) -> bool:
    """Whether the message asks for an early cycle."""
    match message:
        case m.PersonPercept():
            return message.state != "present"
        case m.Viewer():
            return message.state == "joined"
        case m.WorldEvent():
            return message.kind == "hazard"
        case m.TypedText():
            return _formula(message.text)
        case m.Turn():
            return message.speaker == "user" and message.state == "ended" and _formula(message.text)
    return False


def _formula(text: str) -> bool:
    return cues.is_farewell(text) or cues.is_greeting(text) or bool(danger(text)) or despairs(text)
