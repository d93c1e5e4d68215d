"""How an event changes the state of the epistemic model: where things are, and who perceived what.

One `Update` is made for one event. It never raises on what a scene may hold: unknown people and things are added, and an event that says
nothing new changes nothing. Time and memory are bounded by the bounds of the state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cognitive.mind import events as e
from cognitive.mind import looks, names, places, telling
from cognitive.mind import state as st
from cognitive.mind.events import PLACE, Relation
from cognitive.mind.names import normal
from cognitive.mind.perception import Perception, of_place
from cognitive.mind.sightings import Evidence, How, Sighting
from cognitive.mind.state import EpistemicState, FactRecord, Person

_WAS_HERE = re.compile(r"\b(?:out of|from|off) (?!her\b|his\b|their\b|my\b)", re.IGNORECASE)
"""What is taken out of the cupboard has been there before: whose it is, nobody has seen. Out of her bag it is hers."""


class Update:
    """Applies one event."""

    def __init__(self, state: EpistemicState, t_ns: int, text: str, seen_by: Iterable[str] | None) -> None:
        """Take the state to change, the time, the sentence that reported the event, and who noticed (None: who is there)."""
        self.state = state
        self.t_ns = t_ns
        self.text = text[: st.TEXT_CHARS]
        state.events += 1
        self.seen_by = None if seen_by is None else [self.person(who)[0] for who in seen_by]

    def apply(self, event: e.Event) -> None:
        """Change the state as the event says."""
        match event:
            case e.Enters():
                places.enters(self, event)
            case e.Leaves():
                places.leaves(self, event)
            case e.IsAt():
                self.is_at(event)
            case e.IsSo():
                self.is_so(event)
            case e.Moves():
                self.moves(event)
            case e.Takes():
                self.moves(
                    e.Moves(
                        person=event.person,
                        thing=event.thing,
                        spot=event.person,
                        relation="with",
                        secretly=event.secretly,
                    ),
                    act="takes",
                )
            case e.Labelled():
                looks.labelled(self, event)
            case e.Opens():
                looks.opens(self, event)
            case e.Sees():
                looks.sees(self, event)
            case e.Watches():
                self.watches(event)
            case e.Attends():
                self.attends(event)
            case e.Tells():
                telling.tells(self, event)
            case e.Searches():
                self.searches(event)
            case e.Thinks():
                self.thinks(event)
        st.bound_people(self.state)
        st.bound_facts(self.state)

    # ---------------------------------------------------------------- people and places

    def person(self, name: str, *, at: str | None = None) -> tuple[str, Person]:
        """Return a person's normal name and record, new if need be; `at`: where the person must be, not being known to be anywhere."""
        who = normal(name)
        found = self.state.people.get(who)
        if found is None:
            found = self.state.people[who] = Person()
            # What was taken for a thing ("the cat") has turned out to act.
            if (record := self.state.facts.get(st.key(who, PLACE))) is not None and record.actual is not None:
                found.place = st.place_of(self.state, record.actual)
        found.touched_ns = self.t_ns
        if at is not None and found.place is None:
            places.arrive(self, who, at, act="acts")
        return who, found

    def returns(self, who: str, place: str) -> None:
        """Take in that a person is seen in a place, whatever was told of where they have gone."""
        places.arrive(self, who, place, act="enters")
        st.bound_facts(self.state)

    # ---------------------------------------------------------------- things

    def thing(self, name: str, owner: str = "") -> str:
        """Return a thing's name as it is known."""
        return st.known_as(self.state, normal(name), PLACE, normal(owner))

    def spot(self, name: str) -> str:
        """Return a container's name as it is known."""
        return st.spot_known_as(self.state, normal(name))

    def fact(self, fact: e.Fact, owner: str = "") -> e.Fact:
        """Return a fact with its names as they are known."""
        attribute = normal(fact.attribute)
        subject = st.known_as(self.state, normal(fact.subject), attribute, normal(owner))
        value = self.spot(fact.value) if attribute == PLACE else normal(fact.value)
        return e.Fact(subject, attribute, value, fact.relation)

    def is_at(self, event: e.IsAt) -> None:
        """Place a thing by report."""
        thing, spot = self.thing(event.thing), self.spot(event.spot)
        if not thing or not spot or thing == spot:
            return
        place = normal(event.place) if event.place is not None else st.place_of(self.state, spot)
        if place is None:
            place = st.place_of(self.state, thing) if st.key(thing, PLACE) in self.state.facts else None
        if place is None:
            place = st.liveliest(self.state)
        self.home(spot, place)
        perception = of_place(self.state, place, seen_by=self.seen_by)
        self.note(thing, PLACE, spot, event.relation, perception, "initial", act="is_at", actual=spot)

    def is_so(self, event: e.IsSo) -> None:
        """Take a fact as given that is not the place of a thing."""
        fact = self.fact(event.fact)
        if not fact.subject or not fact.value:
            return
        place = normal(event.place) if event.place is not None else st.place_of(self.state, fact.subject)
        perception = (
            Perception()
            if event.hidden
            else of_place(self.state, st.liveliest(self.state) if place is None else place, seen_by=self.seen_by)
        )
        self.note(
            fact.subject, fact.attribute, fact.value, fact.relation, perception, "initial", by=normal(event.by), act="is_so",
            actual=fact.value,
        )  # fmt: skip

    def moves(self, event: e.Moves, act: str = "moves") -> None:
        """Put a thing somewhere."""
        thing, spot = self.thing(event.thing, event.person), self.spot(event.spot)
        if not thing or not spot or thing == spot:
            return
        who, person = self.person(event.person, at=self.where_it_happens(thing, spot))
        place = person.place
        if place is not None:
            self.home(spot, place)
        if person.seeks == thing:
            person.seeks = ""
        perception = of_place(self.state, place, (who,), seen_by=self.seen_by, hidden=event.secretly)
        if (
            spot != place
            and spot not in self.state.spots
            and st.is_place(self.state, spot)
            and spot not in self.state.people
        ):
            there = of_place(
                self.state, spot, seen_by=self.seen_by, hidden=event.secretly
            )  # carried to where others see it arrive
            perception.openly = tuple(dict.fromkeys((*perception.openly, *there.openly)))
        self.note(thing, PLACE, spot, event.relation, perception, "saw", by=who, act=act, actual=spot)

    def where_it_happens(self, thing: str, spot: str) -> str:
        """Return the place of an act on a thing by somebody who was last seen elsewhere or nowhere."""
        if st.key(thing, PLACE) in self.state.facts and (place := st.place_of(self.state, thing)) is not None:
            return place
        place = st.place_of(self.state, spot)
        return st.liveliest(self.state) if place is None else place

    def home(self, spot: str, place: str) -> None:
        """Remember in which place a container is, unless that follows from other facts."""
        record = self.state.facts.get(st.key(spot, PLACE))
        tracked = record is not None and bool(record.actual)
        room = names.is_room(spot) or st.is_place(self.state, spot)
        if spot not in self.state.people and spot != place and not tracked and not room:
            self.state.spots[spot] = place

    def searches(self, event: e.Searches) -> None:
        """Learn from where a person looks for a thing what the person believes."""
        thing, spot = self.thing(event.thing, event.person), self.spot(event.spot)
        who, person = self.person(event.person, at=self.where_it_happens(thing, spot))
        person.seeks = thing
        if not spot:
            return
        perception = of_place(self.state, person.place, (who,), seen_by=self.seen_by)
        self.note(thing, PLACE, spot, event.relation, perception, "searched", by=who, act="searches", believes=(who,))

    def thinks(self, event: e.Thinks) -> None:
        """Take a belief as given."""
        fact = self.fact(event.fact, event.person)
        who, _ = self.person(event.person)
        self.note(fact.subject, fact.attribute, fact.value, fact.relation, Perception((who,)), "stated", act="thinks")

    # ---------------------------------------------------------------- attention

    def watches(self, event: e.Watches) -> None:
        """Let a person see what happens in a place from outside."""
        who, person = self.person(event.person)
        place: str | None
        if event.place is not None:
            place = normal(event.place)
        elif event.whom and (watched := self.state.people.get(normal(event.whom))) is not None:
            place = watched.place
        else:
            place = st.liveliest(self.state)
        if place is None or place == person.place:
            return
        person.watches, person.watches_openly = place, event.openly
        perception = Perception((), {who: ()})
        for record in st.things_in(self.state, place):
            if st.lies_open(self.state, record):
                places.show(self, record, perception)

    def attends(self, event: e.Attends) -> None:
        """Change whether a person takes in what happens; who comes back to it sees what lies open."""
        who, person = self.person(event.person)
        back = event.state == "awake" and person.state != "awake"
        person.state, person.noticed = event.state, event.noticed
        if back:
            person.since_ns = self.t_ns
            if person.place is not None:
                places.reveal(self, who, person.place, of_place(self.state, person.place, (who,), seen_by=self.seen_by))

    # ---------------------------------------------------------------- evidence

    def record(self, subject: str, attribute: str) -> FactRecord:
        """Return the record of a fact, new if need be."""
        name = st.key(subject, attribute)
        found = self.state.facts.get(name)
        if found is None:
            found = self.state.facts[name] = FactRecord(subject=subject, attribute=attribute)
        found.touched_ns = self.t_ns
        return found

    def evidence(self, how: How, by: str, act: str) -> Evidence:
        """Return this event as evidence."""
        return Evidence(event=self.state.events, t_ns=self.t_ns, how=how, by=by, act=act, text=self.text)

    def note(
        self,
        subject: str,
        attribute: str,
        value: str,
        relation: Relation,
        perception: Perception,
        how: How,
        *,
        by: str = "",
        act: str = "",
        actual: str | None = None,
        believes: tuple[str, ...] | None = None,
        seems: tuple[str, ...] | None = None,
        doubts: tuple[str, ...] = (),
    ) -> None:
        """Keep who perceived a value, and that it is so now where `actual` is given."""
        record = self.record(subject, attribute)
        evidence = self.evidence(how, by, act)
        if actual is not None:
            if (
                act in ("moves", "takes")
                and not record.first
                and not record.sightings
                and not _WAS_HERE.search(self.text)
            ):
                record.owner = by
            if record.actual != actual or record.relation != relation:
                record.actual, record.relation, record.since = actual, relation, evidence
            if not record.first or (record.first in self.state.people and actual not in self.state.people):
                record.first = actual  # not in whose hands it came, but where it was put
        sighting = Sighting(
            value=value,
            relation=relation,
            evidence=evidence,
            openly=perception.openly,
            secretly=perception.secretly,
            believes=perception.really if believes is None else believes,
            seems=perception.seems if seems is None else seems,
            doubts=doubts,
        )
        if sighting.believes or sighting.seems:
            record.sightings.append(sighting)
            st.bound_sightings(record)
