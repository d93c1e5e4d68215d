"""Minds as they appear at the moment: what an agent without theory of mind has to go by.

Somebody whose face is turned to the agent attends to it, for as long as they have been here; the newest estimate of a feeling is
the feeling; nobody is confused, wants to leave or believes anything. Used by the baselines and the ablation of `attune bench
social`.
"""

from __future__ import annotations

from cognitive.mind.person import MindView, PersonMind
from cognitive.scene import Scene

FACING = 0.5


def appearances(scene: Scene, now_ns: int) -> dict[str, MindView]:
    """Return a view of everybody who is remembered."""
    found = {}
    for person in scene.people.values():
        mind = PersonMind(person_id=person.person_id, updated_ns=now_ns, known_from_sight=person.seen)
        if person.seen and person.facing >= FACING:
            mind.attention.shares = {"agent": 0.9, "other": 0.03, "object": 0.04, "away": 0.03}
            mind.attending, mind.attending_since_ns = "agent", max(1, person.arrived_ns)
            mind.agent_since_ns, mind.agent_last_ns = max(1, person.arrived_ns), now_ns
        newest = next((f for f in reversed(scene.feelings) if f.person_id == person.person_id), None)
        if newest is not None:
            mind.valence.mean = newest.valence
        found[person.person_id] = mind.view(now_ns)
    return found
