"""The state of the epistemic model: who is where, what is where, and the evidence for every fact. It is saved as it is (msgspec).

Bounded: at most `PEOPLE_MAX` people, `FACTS_MAX` facts with `SIGHTINGS_MAX` pieces of evidence each, `SPOTS_MAX` containers; what was
touched longest ago gives way. Functions here only read the state or keep it within its bounds.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from cognitive.mind import names
from cognitive.mind.events import PLACE, Relation
from cognitive.mind.sightings import Evidence, Sighting

PEOPLE_MAX = 32
FACTS_MAX = 64
SIGHTINGS_MAX = 16
SPOTS_MAX = 128
TEXT_CHARS = 160
"""Longest sentence kept with a piece of evidence."""
NESTING = 4
"""A bag in a box in a cupboard in a room: so many steps are followed."""

Sight = Literal["surfaces", "all", "nothing"]
"""What somebody sees on coming into a place: only what lies open, everything (the ToMi stories), or nothing before looking."""

OPEN_RELATIONS: frozenset[Relation] = frozenset({"on", "at", "with"})


class Person(Struct, kw_only=True):
    """One person of the scene.

    Attributes:
        place: where the person is; None for away.
        last_place: where the person was last.
        since_ns: since when the person has been there and taken in what happens, without a break.
        order: running number of the event by which the person came in.
        state: whether the person takes in what happens.
        noticed: whether the others know that the person does not.
        watches: place that the person watches from outside.
        watches_openly: whether those inside know.
        seeks: thing that the person looks for.
        touched_ns: when something was last said of the person.
    """

    place: str | None = None
    last_place: str = ""
    since_ns: int = 0
    order: int = 0
    state: Literal["awake", "distracted", "asleep"] = "awake"
    noticed: bool = True
    watches: str | None = None
    watches_openly: bool = False
    seeks: str = ""
    touched_ns: int = 0


class FactRecord(Struct, kw_only=True):
    """One attribute of one subject: how it is, how it was first, and the evidence for it, oldest first.

    `owner` put the thing here first, before anybody else had it in hand; `secret_of` does not want it told (`cognitive.mind.secrets`).
    """

    subject: str
    attribute: str
    actual: str | None = None
    relation: Relation = "in"
    since: Evidence | None = None
    first: str = ""
    owner: str = ""
    secret_of: str = ""
    sightings: list[Sighting] = field(default_factory=list)
    touched_ns: int = 0


class EpistemicState(Struct, kw_only=True):
    """Everything that the model remembers.

    Attributes:
        me: the agent's own name in normal form; "" for a mere onlooker.
        sight: what people see on coming in.
        people: by normal name.
        spots: place of each container that is not itself a tracked thing.
        labels: what a closed container looks as if it held.
        facts: by `key`.
        events: how many events were applied.
    """

    version: int = 1
    me: str = ""
    sight: Sight = "surfaces"
    people: dict[str, Person] = field(default_factory=dict)
    spots: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    facts: dict[str, FactRecord] = field(default_factory=dict)
    events: int = 0


def key(subject: str, attribute: str) -> str:
    """Return the key of a fact in `EpistemicState.facts`."""
    return f"{attribute}|{subject}"


def known_as(state: EpistemicState, name: str, attribute: str = PLACE, owner: str = "") -> str:
    """Return the name under which a thing is known: "phone" is "anna's phone" where Anna is the owner, or where no other is known."""
    if owner and key(f"{owner}'s {name}", attribute) in state.facts:
        return f"{owner}'s {name}"
    if key(name, attribute) in state.facts:
        return name
    owned = [f.subject for f in state.facts.values() if f.attribute == attribute and f.subject.endswith(f"'s {name}")]
    if len(owned) == 1:
        return owned[0]
    bare = name.partition("'s ")[2]
    return bare if bare and key(bare, attribute) in state.facts else name


def spot_known_as(state: EpistemicState, name: str) -> str:
    """Return the name under which a container is known: "bag" is "anna's bag" where no other bag is known."""
    if not name or name in state.spots or name in state.people:
        return name
    owned = [spot for spot in state.spots if spot.endswith(f"'s {name}")]
    return owned[0] if len(owned) == 1 else known_as(state, name)


def is_place(state: EpistemicState, name: str) -> bool:
    """Return whether somebody is or was in a place of that name."""
    return any(name in (person.place, person.last_place, person.watches) for person in state.people.values())


def place_of(state: EpistemicState, spot: str) -> str | None:
    """Return the place in which a spot (or thing, or person) is; None where that is unknown or away."""
    for _ in range(NESTING):
        person = state.people.get(spot)
        if person is not None:
            return person.place
        record = state.facts.get(key(spot, PLACE))
        if record is not None and record.actual and record.actual != spot:
            spot = record.actual
            continue
        if spot in state.spots:
            return state.spots[spot]
        break
    return spot if is_place(state, spot) or names.is_room(spot) else None


def liveliest(state: EpistemicState) -> str:
    """Return the place with most people, of two equal ones where somebody came last; "" where nobody is anywhere."""
    counts: dict[str, tuple[int, int]] = {}
    for person in state.people.values():
        if person.place is not None:
            count, order = counts.get(person.place, (0, 0))
            counts[person.place] = (count + 1, max(order, person.order))
    return max(counts, key=lambda place: counts[place]) if counts else ""


def things_in(state: EpistemicState, place: str) -> list[FactRecord]:
    """Return the place records of the things (not people) that are in a place."""
    return [
        record
        for record in state.facts.values()
        if record.attribute == PLACE
        and record.actual
        and record.subject not in state.people
        and place_of(state, record.subject) == place
    ]


def lies_open(state: EpistemicState, record: FactRecord) -> bool:
    """Return whether who comes into the thing's place sees it."""
    if state.sight != "surfaces":
        return state.sight == "all"
    spot = record.actual or ""
    return record.relation in OPEN_RELATIONS or spot in state.people or is_place(state, spot) or names.is_room(spot)


def bound_people(state: EpistemicState) -> None:
    """Let those go of whom nothing was said for longest, the absent ones first; the agent stays."""
    while len(state.people) > PEOPLE_MAX:
        gone = min(
            (name for name in state.people if name != state.me),
            key=lambda name: (state.people[name].place is not None, state.people[name].touched_ns, name),
        )
        del state.people[gone]
        state.facts.pop(key(gone, PLACE), None)
        for record in state.facts.values():
            record.sightings = [s for s in (sighting.without(gone) for sighting in record.sightings) if s.believes]


def bound_facts(state: EpistemicState) -> None:
    """Let the facts go that were touched longest ago."""
    while len(state.facts) > FACTS_MAX:
        del state.facts[min(state.facts, key=lambda name: (state.facts[name].touched_ns, name))]
    while len(state.labels) > FACTS_MAX:
        del state.labels[next(iter(state.labels))]
    while len(state.spots) > SPOTS_MAX:
        del state.spots[next(iter(state.spots))]


def bound_sightings(record: FactRecord) -> None:
    """Let evidence go that newer evidence replaces for everybody, then the oldest."""
    while len(record.sightings) > SIGHTINGS_MAX:
        for i, older in enumerate(record.sightings[:-1]):
            if any(newer.covers(older) for newer in record.sightings[i + 1 :]):
                del record.sightings[i]
                break
        else:
            del record.sightings[0]
