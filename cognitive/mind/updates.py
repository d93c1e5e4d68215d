"""How an event changes the state of the epistemic model: where things are, and who perceived what.

One `Update` is made for one event. It never raises on what a scene may hold: unknown people and things are added, and an event that says
nothing new changes nothing. Time and memory are bounded by the bounds of the state.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive.mind import events as e
from cognitive.mind import names, telling
from cognitive.mind import state as st
from cognitive.mind.events import CONTENT, PLACE
from cognitive.mind.names import normal
from cognitive.mind.perception import Perception, of_place
from cognitive.mind.sightings import Evidence, How, Sighting, believed
from cognitive.mind.state import EpistemicState, FactRecord, Person

AWAY = ""
"""Value of a person's place where nobody knows it."""


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
                self.enters(event)
            case e.Leaves():
                self.leaves(event)
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
                self.labelled(event)
            case e.Opens():
                self.opens(event)
            case e.Sees():
                self.sees(event)
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
            self.arrive(who, at, act="acts")
        return who, found

    def enters(self, event: e.Enters) -> None:
        """Move a person into a place."""
        who, person = self.person(event.person)
        place = normal(event.place)
        if place in {"room", "house", "home"} and not st.is_place(self.state, place):
            place = ""
        if not place:
            place = person.last_place if person.last_place or person.order else st.liveliest(self.state)
        if person.place == place and person.order:
            return
        if person.place is not None and person.order:
            self.depart(who, place if event.announced else AWAY, act="leaves")
        self.arrive(who, place, act="enters")

    def leaves(self, event: e.Leaves) -> None:
        """Move a person out of everybody's sight, with all that the person holds."""
        who, person = self.person(event.person)
        if not person.order:  # the first that is said of the person: so the person was there until now
            self.arrive(who, normal(event.place) or st.liveliest(self.state), act="enters")
        if person.place is not None:
            self.depart(who, AWAY, act="leaves")

    def depart(self, who: str, seen_going_to: str, act: str) -> None:
        """Take a person out of the present place."""
        person = self.state.people[who]
        perception = of_place(self.state, person.place, (who,), seen_by=self.seen_by)
        person.last_place = person.place or ""
        person.place = None
        person.watches = None
        self.note(who, PLACE, seen_going_to, "in", perception, "saw", by=who, act=act, actual=seen_going_to)

    def arrive(self, who: str, place: str, act: str) -> None:
        """Bring a person into a place, where the people see the newcomer and the newcomer sees what lies open."""
        person = self.state.people[who]
        person.place = person.last_place = place
        self.state.spots.pop(place, None)
        person.watches = None
        person.since_ns, person.order = self.t_ns, self.state.events
        perception = of_place(self.state, place, (who,), seen_by=self.seen_by)
        self.note(who, PLACE, place, "in", perception, "saw", by=who, act=act, actual=place)
        self.reveal(who, place, perception)

    def reveal(self, newcomer: str, place: str, perception: Perception) -> None:
        """Show a newcomer the place: what lies open, what no longer does, what boxes look like, who is there."""
        for record in st.things_in(self.state, place):
            if st.lies_open(self.state, record):
                self.show(record, perception)
        for name, other in self.state.people.items():
            if other.place == place and name != newcomer and (seen := self.record(name, PLACE)).actual is not None:
                self.show(seen, perception)
        self.find_missing(newcomer, place, perception)
        for container, label in self.state.labels.items():
            if st.place_of(self.state, container) == place:
                self.assume(container, label, perception)

    def show(self, record: FactRecord, perception: Perception) -> None:
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
        self.note(
            record.subject, record.attribute, record.actual or "", record.relation, perception, "saw",
            by="" if since is None else since.by, act="is_seen",
        )  # fmt: skip

    def find_missing(self, newcomer: str, place: str, perception: Perception) -> None:
        """Let a newcomer notice that a thing no longer lies open where it was believed to lie."""
        if self.state.sight == "nothing":
            return
        for record in list(self.state.facts.values()):
            if record.attribute != PLACE or record.subject in self.state.people or record.actual is None:
                continue
            belief = believed((newcomer,), record.subject, PLACE, record.sightings)
            if belief is None or belief.value in ("", record.actual) or belief.relation not in st.OPEN_RELATIONS:
                continue
            if belief.value not in self.state.people and st.place_of(self.state, belief.value) == place:
                self.note(
                    record.subject,
                    PLACE,
                    "",
                    belief.relation,
                    perception,
                    "saw",
                    act="is_missing",
                    believes=(newcomer,),
                )

    def assume(self, container: str, label: str, perception: Perception) -> None:
        """Let everybody who has not looked into a labelled container think that it holds what it looks as if it held."""
        record = self.record(container, CONTENT)
        knowing = tuple(
            who for who in perception.really if believed((who,), container, CONTENT, record.sightings) is not None
        )
        new = tuple(who for who in perception.really if who not in knowing)
        if new:
            self.note(
                container, CONTENT, label, "in", perception, "assumed", act="labelled",
                believes=new, seems=knowing, doubts=knowing,
            )  # fmt: skip

    # ---------------------------------------------------------------- things

    def is_at(self, event: e.IsAt) -> None:
        """Place a thing by report."""
        thing, spot = normal(event.thing), normal(event.spot)
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
        fact = normal_fact(event.fact)
        if not fact.subject or not fact.value:
            return
        place = normal(event.place) if event.place is not None else st.place_of(self.state, fact.subject)
        perception = (
            Perception()
            if event.hidden
            else of_place(self.state, st.liveliest(self.state) if place is None else place, seen_by=self.seen_by)
        )
        self.note(
            fact.subject, fact.attribute, fact.value, fact.relation, perception, "initial", act="is_so", actual=fact.value,
        )  # fmt: skip

    def moves(self, event: e.Moves, act: str = "moves") -> None:
        """Put a thing somewhere."""
        thing, spot = normal(event.thing), normal(event.spot)
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

    def labelled(self, event: e.Labelled) -> None:
        """Put a label on a container."""
        container, label, content = normal(event.container), normal(event.label), normal(event.content)
        self.state.labels[container] = label
        place = st.place_of(self.state, container)
        if place is None:
            place = st.liveliest(self.state)
            self.home(container, place)
        record = self.record(container, CONTENT)
        if content:
            record.actual, record.first = content, record.first or content
            record.since = self.evidence("initial", "", "labelled")
        self.assume(container, label, of_place(self.state, place, seen_by=self.seen_by))

    def opens(self, event: e.Opens) -> None:
        """Show who opens a container, or everybody around, what is in it."""
        container, content = normal(event.container), normal(event.content)
        place = st.place_of(self.state, container)
        who, person = self.person(event.person, at=place if place is not None else st.liveliest(self.state))
        if person.place is not None and place is None:
            self.home(container, person.place)
        perception = of_place(self.state, person.place, (who,), seen_by=self.seen_by, hidden=event.secretly)
        inside = [f for f in st.things_in(self.state, person.place or "") if f.actual == container]
        record = self.record(container, CONTENT)
        if content:
            record.actual, record.first = content, record.first or content
            record.since = self.evidence("saw", who, "opens")
        elif record.actual is None and inside:
            content = " and ".join(f.subject for f in inside)
        else:
            content = record.actual or ""
        if content:
            self.look(container, CONTENT, content, "in", who, perception, alone=event.alone, act="opens")
        for thing in inside:
            self.look(thing.subject, PLACE, container, thing.relation, who, perception, alone=event.alone, act="opens")
        for missing in list(self.state.facts.values()):
            if missing.attribute == PLACE and missing.actual not in (None, container):
                belief = believed((who,), missing.subject, PLACE, missing.sightings)
                if belief is not None and belief.value == container:
                    self.look(missing.subject, PLACE, "", "in", who, perception, alone=event.alone, act="is_missing")

    def sees(self, event: e.Sees) -> None:
        """Let one person perceive a fact."""
        fact = normal_fact(event.fact)
        who, person = self.person(event.person)
        perception = of_place(self.state, person.place, (who,), seen_by=self.seen_by, hidden=event.secretly)
        if fact.attribute == PLACE and fact.subject not in self.state.people:
            place = st.place_of(self.state, fact.value)
            if place is None and person.place is not None:
                self.home(fact.value, person.place)
            if person.seeks == fact.subject:
                person.seeks = ""
        record = self.record(fact.subject, fact.attribute)
        if record.actual != fact.value:
            record.actual, record.relation = fact.value, fact.relation
            record.since = self.evidence("saw", "", "sees")
        record.first = record.first or fact.value
        self.look(fact.subject, fact.attribute, fact.value, fact.relation, who, perception, alone=True, act="sees")

    def look(
        self,
        subject: str,
        attribute: str,
        value: str,
        relation: str,
        who: str,
        perception: Perception,
        *,
        alone: bool,
        act: str,
    ) -> None:
        """Show a fact to who looks; `alone`: the others only see that the person looks, and think that it is as they believe it is."""
        if not alone:
            self.note(subject, attribute, value, relation, perception, "saw", by=who, act=act)
            return
        record = self.record(subject, attribute)
        others = [o for o in perception.really if o != who]
        thinks = {o: believed((o,), subject, attribute, record.sightings) for o in others}
        agree = tuple(o for o, b in thinks.items() if b is not None and b.value == value)
        self.note(
            subject, attribute, value, relation,
            Perception((who, *(o for o in agree if o in perception.openly)), {o: () for o in agree if o in perception.secretly}),
            "saw", by=who, act=act, believes=(who, *agree),
        )  # fmt: skip
        for other, belief in thinks.items():
            if belief is not None and other not in agree:
                self.note(
                    subject, attribute, belief.value, belief.relation, Perception((other,)), "assumed",
                    by=who, act=act, believes=(), seems=(who,),
                )  # fmt: skip

    def searches(self, event: e.Searches) -> None:
        """Learn from where a person looks for a thing what the person believes."""
        thing, spot = normal(event.thing), normal(event.spot)
        who, person = self.person(event.person, at=self.where_it_happens(thing, spot))
        person.seeks = thing
        if not spot:
            return
        perception = of_place(self.state, person.place, (who,), seen_by=self.seen_by)
        self.note(thing, PLACE, spot, event.relation, perception, "searched", by=who, act="searches", believes=(who,))

    def thinks(self, event: e.Thinks) -> None:
        """Take a belief as given."""
        fact = normal_fact(event.fact)
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
                self.show(record, perception)

    def attends(self, event: e.Attends) -> None:
        """Change whether a person takes in what happens; who comes back to it sees what lies open."""
        who, person = self.person(event.person)
        back = event.state == "awake" and person.state != "awake"
        person.state, person.noticed = event.state, event.noticed
        if back:
            person.since_ns = self.t_ns
            if person.place is not None:
                self.reveal(who, person.place, of_place(self.state, person.place, (who,), seen_by=self.seen_by))

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
        relation: str,
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
            if record.actual != actual or record.relation != relation:
                record.actual, record.relation, record.since = actual, relation, evidence
            record.first = record.first or actual
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


def normal_fact(fact: e.Fact) -> e.Fact:
    """Return the fact with its names in normal form."""
    return e.Fact(normal(fact.subject), normal(fact.attribute), normal(fact.value), fact.relation)
