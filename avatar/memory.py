"""What a page is given when it joins, so that a reload or a reconnect keeps the conversation, the log and the state.

Of states only the newest is kept: each room's health, each person in view, the last cognitive cycle, what is known of the person,
how long the last answer took. Of events the
last `EVENTS_MAX` that carry lasting text: what was said and typed, and intentions with their answers. Single words
and percepts, which come by the second, are no events to remember: they would push the conversation out within
minutes. All messages are kept as they were encoded for the bus; one loop, no locks.
"""

from __future__ import annotations

from collections import deque

from runtime import messages as m

EVENTS_MAX = 512
"""Half of what an `Outbox` takes, so that a joining page still has room for what happens meanwhile."""
PEOPLE_MAX = 16

EVENTS = (m.AgentSpeech, m.TypedText, m.Turn, m.Intention, m.IntentionAnswer)
STATES = (m.Heartbeat, m.PersonPercept, m.CognitiveCycle, m.SessionControl, m.Knowledge, m.MemoryConsent, m.Span)


class Memory:
    """The latest states and the recent events of the session."""

    def __init__(self, events_max: int = EVENTS_MAX, people_max: int = PEOPLE_MAX) -> None:
        """Begin with nothing to tell."""
        self._events: deque[bytes] = deque(maxlen=events_max)
        self._states: dict[str, bytes] = {}
        self._people: dict[str, bytes] = {}
        self._people_max = people_max
        self._forgotten = 0

    @property
    def states(self) -> list[bytes]:
        """The newest message of each state."""
        return [*self._states.values(), *self._people.values()]

    @property
    def events(self) -> list[bytes]:
        """The recent events, oldest first."""
        return list(self._events)

    def take(self, message: m.Message, payload: bytes) -> None:
        """Remember a message, with its encoding, if a page that joins later needs it; where somebody is forgotten, drop the words."""
        if self._is_forgetting(message):
            self._events.clear()
        if isinstance(message, m.PersonPercept):
            self._people.pop(message.person_id, None)
            self._people[message.person_id] = payload
            if len(self._people) > self._people_max:
                del self._people[next(iter(self._people))]
        elif isinstance(message, STATES):
            self._states[state_key(message)] = payload
        elif isinstance(message, m.Turn):
            if message.state == "ended":
                self._events.append(payload)
        elif isinstance(message, m.AgentSpeech):
            if message.state in ("started", "interrupted"):  # these have the text; what was only planned was not said
                self._events.append(payload)
        elif isinstance(message, EVENTS):
            self._events.append(payload)

    def _is_forgetting(self, message: m.Message) -> bool:
        if isinstance(message, m.Knowledge):
            before, self._forgotten = self._forgotten, message.forgotten
            return message.forgotten > before
        return isinstance(message, m.MemoryConsent) and message.state == "withdrawn"


def state_key(message: m.Message) -> str:
    """Return the name under which a newer message of the same state replaces this one."""
    if isinstance(message, m.PersonPercept):
        return f"person:{message.person_id}"
    if isinstance(message, m.Span):
        return f"span:{message.name}"
    if isinstance(message, m.TurnDecision):
        return f"decision:{message.decision}"
    return f"{type(message).__name__}:{message.source}"
