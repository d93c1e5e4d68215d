"""Conditions of the situation that a step of a plan may wait for, or be dropped on, by name in one table.

Pure functions of a `Moment`: the situation, whom the plan concerns, since when it runs, and what it says itself. Distances in metres are
design choices after Hall's zones (personal space ends at about 1.2 m, the intimate zone at 0.45 m).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognitive.situation import DISTRESS, Situation

FAR_M = 1.8
NEAR_M = 0.45


@dataclass(frozen=True, slots=True)
class Moment:
    """What a condition may look at: `since_ns` is the plan's begin, `own_words` what the plan says."""

    situation: Situation
    person_id: str
    since_ns: int
    own_words: str = ""


def person_speaks(moment: Moment) -> bool:
    """The person has the floor."""
    return moment.situation.floor == "user"


def person_gone(moment: Moment) -> bool:
    """Whom the plan concerns has left."""
    return bool(moment.person_id) and moment.situation.person(moment.person_id) is None


def person_far(moment: Moment) -> bool:
    """The person stands too far for a talk, as far as vision tells."""
    person = moment.situation.person(moment.person_id)
    return person is not None and person.distance_m > FAR_M


def person_too_near(moment: Moment) -> bool:
    """The person stands nearer than is comfortable."""
    person = moment.situation.person(moment.person_id)
    return person is not None and 0.0 < person.distance_m < NEAR_M


def person_answered(moment: Moment) -> bool:
    """The person has spoken to the agent since the plan began."""
    person = moment.situation.person(moment.person_id)
    return person is not None and person.addressed_ns > moment.since_ns


def person_sad(moment: Moment) -> bool:
    """The person's valence is low now."""
    situation = moment.situation
    concerned = moment.person_id in ("", situation.partner)
    return (concerned and situation.valence <= DISTRESS) or situation.distress(moment.person_id, 5.0)


def agent_answered(moment: Moment) -> bool:
    """The fast system has said something of its own since the plan began."""
    last = moment.situation.last_agent
    if last is None or last.t_ns <= moment.since_ns:
        return False
    return not (last.text in moment.own_words or moment.own_words in last.text) if moment.own_words else True


CONDITIONS: dict[str, tuple[Callable[[Moment], bool], str]] = {
    "person_speaks": (person_speaks, "the person speaks"),
    "person_gone": (person_gone, "the person has left"),
    "person_far": (person_far, "the person stands far away"),
    "person_too_near": (person_too_near, "the person stands very near"),
    "person_answered": (person_answered, "the person has answered"),
    "person_sad": (person_sad, "the person is sad"),
    "agent_answered": (agent_answered, "the agent has answered already"),
}
"""Condition and what it is called in reasons, by the name that steps use."""


def holds(name: str, moment: Moment) -> bool:
    """Whether a condition holds."""
    return CONDITIONS[name][0](moment)
