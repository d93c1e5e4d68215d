"""A nod while the agent speaks is the person's silent "mhm": told as a backchannel with its evidence, and never a turn.

Vision finds nods (`behavioral.vision.nods`); this says which of them answer the agent's speech: those that were seen while it was
heard. Each is told once, when it has ended and its cycles are counted. It stops nothing, ducks nothing and opens no turn; whoever
models the person reads it on the bus. Called once a frame on the room's loop.
"""

from __future__ import annotations

from behavioral.people import People
from runtime.bus import Bus
from runtime.messages import PersonAct, TurnDecision


class SilentBackchannels:
    """Nods at what the agent says."""

    def __init__(self, people: People, bus: Bus) -> None:
        """Start with none seen."""
        self._people, self._bus = people, bus
        self._answered: dict[str, str] = {}
        """The response at which a person nods now, by person."""
        self._told: dict[str, PersonAct] = {}

    def tick(self, now_ns: int, saying: str) -> None:
        """Look at everybody's head; `saying` is the response that is heard now, empty while the agent is silent."""
        if not self._people.count:
            self._answered.clear()
            self._told.clear()
            return
        for person in self._people.seen:
            key = person.person_id
            act = self._people.head_act(now_ns, key)
            if act is None or act.act != "nod" or act is self._told.get(key):
                self._answered.pop(key, None)
                continue
            if saying:
                self._answered.setdefault(key, saying)
            if act.state == "ended":
                self._told = {
                    p.person_id: self._told[p.person_id] for p in self._people.seen if p.person_id in self._told
                }
                self._told[key] = act
                response_id = self._answered.pop(key, "")
                if response_id:
                    self._tell(act, response_id, now_ns)

    def _tell(self, nod: PersonAct, response_id: str, now_ns: int) -> None:
        self._bus.publish(
            TurnDecision(
                t_ns=now_ns,
                decision="backchannel",
                turn_id=response_id,
                person_id=nod.person_id,
                evidence={
                    "nod": 1.0,
                    "cycles": float(nod.count),
                    "amplitude_rad": round(nod.amplitude_rad, 3),
                    "nod_ms": round(nod.duration_ms, 1),
                    "confidence": nod.confidence,
                },
            )
        )
