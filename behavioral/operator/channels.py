"""Who holds which channel: the one rule by which an intention, a reply or a small act of the agent's own is let through.

Voice, body and initiative are the agent's until an operator takes one over; a pause takes all three, an emergency stop takes them from
everybody, the operator included. Plain state of the room's loop. It is kept in the room's state folder, so that neither a stop nor a
hold ends because the process was restarted; a file that cannot be read means an emergency stop that an operator must release.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from runtime.messages import Intention, OperatorState

TRIGGER = "operator"
"""Trigger of an operator's intentions. Only the console's acts carry it; others that claim it are rejected."""
HELD = "operator"
CONDITION = "condition"
STOPPED = "emergency stop"
VIEWER_STOP = "stop"
"""Label of a dialogue intention that silences the agent: never refused."""
SLOW_SYSTEM = "cognitive"
FILE = "operator.json"


def by_operator(intention: Intention) -> bool:
    """Return whether an intention that was let through is an operator's."""
    return intention.trigger == TRIGGER


class Channels:
    """What is held of the agent."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take up what was held before a restart; without a folder nothing is kept."""
        self._path = None if folder is None else folder / FILE
        self.state = OperatorState()
        if self._path is not None and self._path.exists():
            try:
                self.state = msgspec.json.decode(self._path.read_bytes(), type=OperatorState)
            except (OSError, msgspec.MsgspecError, UnicodeError):
                self.state = OperatorState(stopped=True)

    def change(self, **changes: object) -> None:
        """Hold, or let go of, something; raises OSError where it cannot be kept (it holds for this process all the same)."""
        self.state = msgspec.structs.replace(self.state, **changes)
        if self._path is not None:
            part = self._path.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(self.state))
            part.replace(self._path)

    @property
    def stopped(self) -> bool:
        """Whether nothing may be done at all."""
        return self.state.stopped

    @property
    def own_voice(self) -> bool:
        """Whether the agent may speak for itself."""
        return not (self.state.stopped or self.state.paused or "voice" in self.state.held)

    @property
    def own_body(self) -> bool:
        """Whether the agent may gesture, nod and look for itself."""
        return not (self.state.stopped or self.state.paused or "body" in self.state.held)

    def refusal(self, intention: Intention, sender: str) -> str:
        """Return why an intention that is not the operator's may not be done, or an empty text."""
        if intention.trigger == TRIGGER:
            return "the trigger `operator` is the console's own"
        if intention.kind == "dialogue" and intention.label == VIEWER_STOP:
            return ""
        if self.state.stopped:
            return STOPPED
        if not (self.own_voice if intention.kind == "dialogue" else self.own_body):
            return HELD
        if sender != SLOW_SYSTEM:
            return ""
        if "initiative" in self.state.held:
            return HELD
        return "" if self.state.initiative else CONDITION
