"""Who is in view, as the fast loop needs it: how many, where to look, who faces and looks at whom, whose mouth moves, who nods.

Fed by vision at every picture; asked by gaze, turn-taking and pointing. With nobody in view the agent looks straight ahead. What vision
does not tell (its engine has no landmarks, or there is no camera) is None, never a zero: an unknown gaze is no gaze away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from runtime.clock import NS_PER_S
from runtime.messages import GazeTarget, PersonAct, PersonPercept

FACING_UNKNOWN = 0.5
SPEAKS = 0.5
"""Probability of mouth motion from which a person counts as speaking."""
NOD_HOLDS_S = 1.0
"""A nod or shake is still an answer this long after its last movement."""


@dataclass(frozen=True, slots=True)
class Gaze:
    """What a person looks at: target, the other person's id or the object's name, probability, and for how long in seconds."""

    target: GazeTarget
    name: str
    confidence: float
    for_s: float


class People:
    """Persons in view by id, nearest first."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._seen: dict[str, PersonPercept] = {}
        self._head_acts: dict[str, tuple[PersonAct, int]] = {}  # newest nod or shake, when it was told
        self._blinks: dict[str, int] = {}

    def take(self, percept: PersonPercept) -> None:
        """Take one percept."""
        if percept.state == "left":
            self._seen.pop(percept.person_id, None)
            self._head_acts.pop(percept.person_id, None)
            self._blinks.pop(percept.person_id, None)
        else:
            self._seen[percept.person_id] = percept

    def take_act(self, act: PersonAct, now_ns: int) -> None:
        """Take what a person did; blinks tell turn-taking nothing, but a listener blinks after the speaker."""
        if act.act == "blink" and act.person_id in self._seen:
            self._blinks[act.person_id] = now_ns
        elif act.act != "blink" and act.person_id in self._seen:
            self._head_acts[act.person_id] = (act, now_ns)

    @property
    def seen(self) -> Collection[PersonPercept]:
        """Everybody in view as seen last, in order of arrival."""
        return self._seen.values()

    @property
    def count(self) -> int:
        """How many are in view."""
        return len(self._seen)

    @property
    def nearest(self) -> PersonPercept | None:
        """The person with the largest face."""
        return max(self._seen.values(), key=lambda p: p.box[2] * p.box[3], default=None)

    @property
    def facing(self) -> float:
        """How much the nearest person faces the agent, 0 to 1."""
        nearest = self.nearest
        return FACING_UNKNOWN if nearest is None else nearest.facing

    def bearing_of(self, person_id: str = "") -> tuple[float, float] | None:
        """Return the direction of a person (the nearest, without an id), or None."""
        percept = self._percept(person_id)
        return None if percept is None else percept.bearing_rad

    def gaze_of(self, now_ns: int, person_id: str = "") -> Gaze | None:
        """Return what a person (the nearest, without an id) looks at; None where vision does not tell."""
        percept = self._percept(person_id)
        if percept is None or percept.gaze_target is None:
            return None
        for_s = max(0, now_ns - percept.gaze_since_ns) / NS_PER_S
        return Gaze(percept.gaze_target, percept.gaze_name, percept.gaze_confidence, for_s)

    def looks_at_agent(self, now_ns: int, person_id: str = "") -> float | None:
        """Return for how many seconds a person (the nearest) has looked at the agent, 0 while looking elsewhere, None if unknown."""
        gaze = self.gaze_of(now_ns, person_id)
        if gaze is None:
            return None
        return gaze.for_s if gaze.target == "agent" else 0.0

    def speaks(self, person_id: str = "") -> float | None:
        """Return the probability that a person (the nearest) speaks, by the mouth alone; None if unknown."""
        percept = self._percept(person_id)
        return None if percept is None else percept.mouth_moving

    def speaker(self) -> str | None:
        """Return the id of who speaks by the mouth, "" where all known mouths rest, None where no mouth is known."""
        known = [p for p in self._seen.values() if p.mouth_moving is not None]
        if not known:
            return None
        most = max(known, key=lambda p: (p.mouth_moving or 0.0, p.box[2] * p.box[3]))
        return most.person_id if (most.mouth_moving or 0.0) >= SPEAKS else ""

    def head_act(self, now_ns: int, person_id: str = "") -> PersonAct | None:
        """Return a person's (the nearest's) nod or shake that is under way or ended within `NOD_HOLDS_S`."""
        percept = self._percept(person_id)
        if percept is None:
            return None
        act, told_ns = self._head_acts.get(percept.person_id, (None, 0))
        if act is None or (act.state == "ended" and now_ns - told_ns > NOD_HOLDS_S * NS_PER_S):
            return None
        return act

    def blinked_ns(self) -> int | None:
        """Return when the nearest person's newest blink was told; None without one."""
        nearest = self.nearest
        return None if nearest is None else self._blinks.get(nearest.person_id)

    def _percept(self, person_id: str) -> PersonPercept | None:
        return self._seen.get(person_id) if person_id else self.nearest
