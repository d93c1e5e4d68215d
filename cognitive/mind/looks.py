"""What people see by looking: into a box, at its label, at a thing; and what the others make of their looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognitive.mind import events as e
from cognitive.mind import places
from cognitive.mind import state as st
from cognitive.mind.events import CONTENT, PLACE, Relation
from cognitive.mind.names import normal
from cognitive.mind.perception import Perception, of_place
from cognitive.mind.sightings import believed

if TYPE_CHECKING:
    from cognitive.mind.updates import Update


def labelled(update: Update, event: e.Labelled) -> None:
    """Put a label on a container."""
    container, label, content = update.spot(event.container), normal(event.label), normal(event.content)
    update.state.labels[container] = label
    place = st.place_of(update.state, container)
    if place is None:
        place = st.liveliest(update.state)
        update.home(container, place)
    record = update.record(container, CONTENT)
    if content:
        record.actual, record.first = content, record.first or content
        record.since = update.evidence("initial", "", "labelled")
    places.assume(update, container, label, of_place(update.state, place, seen_by=update.seen_by))


def opens(update: Update, event: e.Opens) -> None:
    """Show who opens a container, or everybody around, what is in it."""
    container, content = update.spot(event.container), normal(event.content)
    place = st.place_of(update.state, container)
    who, person = update.person(event.person, at=place if place is not None else st.liveliest(update.state))
    if person.place is not None and place is None:
        update.home(container, person.place)
    perception = of_place(update.state, person.place, (who,), seen_by=update.seen_by, hidden=event.secretly)
    inside = [f for f in st.things_in(update.state, person.place or "") if f.actual == container]
    record = update.record(container, CONTENT)
    if content:
        record.actual, record.first = content, record.first or content
        record.since = update.evidence("saw", who, "opens")
    elif record.actual is None and inside:
        content = " and ".join(f.subject for f in inside)
    else:
        content = record.actual or ""
    if content:
        look(update, container, CONTENT, content, "in", who, perception, alone=event.alone, act="opens")
    for thing in inside:
        look(update, thing.subject, PLACE, container, thing.relation, who, perception, alone=event.alone, act="opens")
    for missing in list(update.state.facts.values()):
        if missing.attribute != PLACE or missing.actual in (None, container):
            continue
        watching = perception.really if not event.alone else (who,)
        beliefs = {one: believed((one,), missing.subject, PLACE, missing.sightings) for one in watching}
        misled = tuple(one for one, belief in beliefs.items() if belief is not None and belief.value == container)
        if who in misled:  # who knows better still knows better; who thought that it was there sees that it is not
            update.note(
                missing.subject, PLACE, "", "in", perception, "saw", by=who, act="is_missing", believes=misled, seems=()
            )  # fmt: skip


def sees(update: Update, event: e.Sees) -> None:
    """Let one person perceive a fact."""
    fact = update.fact(event.fact, event.person)
    who, person = update.person(event.person)
    perception = of_place(update.state, person.place, (who,), seen_by=update.seen_by, hidden=event.secretly)
    if fact.attribute == PLACE and fact.subject not in update.state.people:
        place = st.place_of(update.state, fact.value)
        if place is None and person.place is not None:
            update.home(fact.value, person.place)
        if person.seeks == fact.subject:
            person.seeks = ""
    record = update.record(fact.subject, fact.attribute)
    if record.actual != fact.value:
        record.actual, record.relation = fact.value, fact.relation
        record.since = update.evidence("saw", "", "sees")
    record.first = record.first or fact.value
    look(update, fact.subject, fact.attribute, fact.value, fact.relation, who, perception, alone=True, act="sees")


def look(
    update: Update,
    subject: str,
    attribute: str,
    value: str,
    relation: Relation,
    who: str,
    perception: Perception,
    *,
    alone: bool,
    act: str,
) -> None:
    """Show a fact to who looks; `alone`: the others only see that the person looks, and think that it is as they believe it is."""
    if not alone:
        update.note(subject, attribute, value, relation, perception, "saw", by=who, act=act)
        return
    record = update.record(subject, attribute)
    others = [o for o in perception.really if o != who]
    thinks = {o: believed((o,), subject, attribute, record.sightings) for o in others}
    agree = tuple(o for o, b in thinks.items() if b is not None and b.value == value)
    update.note(
        subject, attribute, value, relation,
        Perception((who, *(o for o in agree if o in perception.openly)), {o: () for o in agree if o in perception.secretly}),
        "saw", by=who, act=act, believes=(who, *agree),
    )  # fmt: skip
    for other, belief in thinks.items():
        if belief is not None and other not in agree:
            update.note(
                subject, attribute, belief.value, belief.relation, Perception((other,)), "assumed",
                by=who, act=act, believes=(), seems=(who,),
            )  # fmt: skip
