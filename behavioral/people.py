"""Who is in view, as the fast loop needs it: where to look, and whether the person faces the agent.

Fed by vision's events; asked by gaze, turn-taking and pointing. With nobody in view the agent looks straight ahead.
"""

from __future__ import annotations

from runtime.messages import PersonPercept

FACING_UNKNOWN = 0.5


class People:
    """Persons in view by id, nearest first."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._seen: dict[str, PersonPercept] = {}

    def take(self, percept: PersonPercept) -> None:
        """Take one percept."""
        if percept.state == "left":
            self._seen.pop(percept.person_id, None)
        else:
            self._seen[percept.person_id] = percept

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
        percept = self._seen.get(person_id) if person_id else self.nearest
        return None if percept is None else percept.bearing_rad
