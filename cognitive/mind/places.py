"""People come and go: who sees whom, and what a newcomer sees on coming in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognitive.mind import events as e
from cognitive.mind import state as st
from cognitive.mind.events import CONTENT, PLACE
from cognitive.mind.names import normal
from cognitive.mind.perception import Perception, of_place
from cognitive.mind.sightings import believed
from cognitive.mind.state import FactRecord

if TYPE_CHECKING:
    from cognitive.mind.updates import Update

AWAY = ""
"""Value of a person's place where nobody knows it."""


def enters(update: Update, event: e.Enters) -> None:
    """Move a person into a place."""
    who, person = update.person(event.person)
    place = normal(event.place)
    if place in {"room", "house", "home"} and not st.is_place(update.state, place):
        place = ""
    if not place:
        place = person.last_place if person.last_place or person.order else st.liveliest(update.state)
    if person.place == place and person.order:
        return
    if person.place is not None and person.order:
        depart(update, who, place if event.announced else AWAY, act="leaves")
    arrive(update, who, place, act="enters")


def leaves(update: Update, event: e.Leaves) -> None:
    """Move a person out of everybody's sight, with all that the person holds."""
    who, person = update.person(event.person)
    if not person.order:  # the first that is said of the person: so the person was there until now
        arrive(update, who, normal(event.place) or st.liveliest(update.state), act="enters")
    if person.place is not None:
        depart(update, who, AWAY, act="leaves")


def depart(update: Update, who: str, seen_going_to: str, act: str) -> None:
    """Take a person out of the present place."""
    person = update.state.people[who]
    perception = of_place(update.state, person.place, (who,), seen_by=update.seen_by)
    person.last_place = person.place or ""
    person.place = None
    person.watches = None
    person.seeks = ""
    update.note(who, PLACE, seen_going_to, "in", perception, "saw", by=who, act=act, actual=seen_going_to)


def arrive(update: Update, who: str, place: str, act: str) -> None:
    """Bring a person into a place, where the people see the newcomer and the newcomer sees what lies open."""
    person = update.state.people[who]
    person.place = person.last_place = place
    update.state.spots.pop(place, None)
    person.watches = None
    person.since_ns, person.order = update.t_ns, update.state.events
    perception = of_place(update.state, place, (who,), seen_by=update.seen_by)
    update.note(who, PLACE, place, "in", perception, "saw", by=who, act=act, actual=place)
    reveal(update, who, place, perception)


def reveal(update: Update, newcomer: str, place: str, perception: Perception) -> None:
    """Show a newcomer the place: what lies open, what no longer does, what boxes look like, who is there."""
    for record in st.things_in(update.state, place):
        if st.lies_open(update.state, record):
            show(update, record, perception)
    for name, other in update.state.people.items():
        if other.place == place and name != newcomer and (seen := update.record(name, PLACE)).actual is not None:
            show(update, seen, perception)
    find_missing(update, newcomer, place, perception)
    for container, label in update.state.labels.items():
        if st.place_of(update.state, container) == place:
            assume(update, container, label, perception)


def show(update: Update, record: FactRecord, perception: Perception) -> None:
    """Let perceivers see how a fact is, unless the same was already seen by all of them together."""
    if record.sightings:
        last = record.sightings[-1]
        if (
            last.value == record.actual
            and set(perception.openly) <= set(last.openly) & set(last.believes)
            and not perception.secretly
        ):
            return
    since = record.since
    update.note(
        record.subject, record.attribute, record.actual or "", record.relation, perception, "saw",
        by="" if since is None else since.by, act="is_seen",
    )  # fmt: skip


def find_missing(update: Update, newcomer: str, place: str, perception: Perception) -> None:
    """Let a newcomer notice that a thing no longer lies open where it was believed to lie."""
    if update.state.sight == "nothing":
        return
    for record in list(update.state.facts.values()):
        if record.attribute != PLACE or record.subject in update.state.people or record.actual is None:
            continue
        belief = believed((newcomer,), record.subject, PLACE, record.sightings)
        if belief is None or belief.value in ("", record.actual) or belief.relation not in st.OPEN_RELATIONS:
            continue
        if belief.value not in update.state.people and st.place_of(update.state, belief.value) == place:
            update.note(
                record.subject,
                PLACE,
                "",
                belief.relation,
                perception,
                "saw",
                act="is_missing",
                believes=(newcomer,),
            )


def assume(update: Update, container: str, label: str, perception: Perception) -> None:
    """Let everybody who has not looked into a labelled container think that it holds what it looks as if it held."""
    record = update.record(container, CONTENT)
    knowing = tuple(
        who for who in perception.really if believed((who,), container, CONTENT, record.sightings) is not None
    )
    new = tuple(who for who in perception.really if who not in knowing)
    if new:
        update.note(
            container, CONTENT, label, "in", perception, "assumed", act="labelled",
            believes=new, seems=knowing, doubts=knowing,
        )  # fmt: skip
