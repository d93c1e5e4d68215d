"""The epistemic model: apply what happens, ask who believes what of what, and of whose beliefs.

    model = EpistemicModel()
    model.apply(Enters("Sally"), t_ns)
    model.belief(("Anne", "Sally"), "ball")      # where Anne thinks that Sally thinks the ball is, with the evidence

Incremental and bounded (`state`): `apply` and the queries take time in the size of the scene, microseconds for a room. The state is one
msgspec struct: save `model.state`, and give it back after a restart. Confined to the event loop of whoever owns it; no time is read here,
`t_ns` is whatever clock the caller keeps. Nothing raises: what is unknown is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from cognitive.mind import state as st
from cognitive.mind.events import CONTENT, PLACE, Attends, Enters, Event, Leaves
from cognitive.mind.names import normal
from cognitive.mind.sightings import Belief, Evidence, believed
from cognitive.mind.state import EpistemicState, Sight
from cognitive.mind.updates import Update

__all__ = ["EpistemicModel", "EpistemicState", "FalseBelief", "Sight"]

CHAIN_MAX = 8
"""Longest chain that is asked for: eighth order."""


class FalseBelief(Struct, frozen=True):
    """Somebody believes what is not so.

    Attributes:
        person: who.
        subject: of what.
        attribute: which attribute.
        believed: what the person believes.
        actual: how it is.
        evidence: why the person believes it.
        actual_evidence: what made it otherwise; None where it was never so.
        seeking: whether the person is looking for the thing.
    """

    person: str
    subject: str
    attribute: str
    believed: str
    actual: str
    evidence: Evidence
    actual_evidence: Evidence | None = None
    seeking: bool = False


class EpistemicModel:
    """Who saw, heard or was told what, and what follows for their beliefs."""

    def __init__(self, state: EpistemicState | None = None, *, me: str = "", sight: Sight = "surfaces") -> None:
        """Begin with an empty scene, or with a saved one (whose `me` and `sight` then count).

        Args:
            state: what was saved.
            me: name of the agent itself, if it is one of those whose mind is asked about.
            sight: what people see on coming into a place.
        """
        self.state = state if state is not None else EpistemicState(me=normal(me), sight=sight)

    # ---------------------------------------------------------------- what happens

    def apply(self, event: Event, t_ns: int, *, seen_by: Iterable[str] | None = None, text: str = "") -> None:
        """Take in one event.

        Args:
            event: what happened.
            t_ns: when; later events have later times.
            seen_by: who noticed, where somebody says so; None: who is in the place and awake.
            text: the sentence that reported it, kept as evidence (cut to 160 characters).
        """
        Update(self.state, t_ns, text, seen_by).apply(event)

    def present(self, person: str, t_ns: int, place: str = "") -> None:
        """Take in that a person is seen to be here (a percept); repeating it costs next to nothing and changes nothing."""
        known, where = self.state.people.get(normal(person)), normal(place)
        if (
            known is not None and known.order and known.place not in (None, where)
        ):  # told to have gone elsewhere, and yet here
            Update(self.state, t_ns, "", None).returns(normal(person), where)
        elif known is None or known.place != where or not known.order:
            self.apply(Enters(person, place), t_ns)
        else:
            known.touched_ns = t_ns

    def absent(self, person: str, t_ns: int) -> None:
        """Take in that a person has gone (a percept)."""
        known = self.state.people.get(normal(person))
        if known is not None and known.place is not None:
            self.apply(Leaves(person), t_ns)

    def attention(self, person: str, awake: bool, t_ns: int) -> None:
        """Take in whether a person takes in what happens (a percept)."""
        known = self.state.people.get(normal(person))
        if known is not None and (known.state == "awake") != awake:
            self.apply(Attends(person, "awake" if awake else "distracted"), t_ns)

    # ---------------------------------------------------------------- what they believe

    def belief(self, chain: str | Sequence[str], subject: str, attribute: str = PLACE) -> Belief | None:
        """Return what a chain of people believes of a fact; None where they know nothing of it.

        Args:
            chain: a person, or several: ("anna", "ben") for what Anna believes that Ben believes. At most `CHAIN_MAX`.
            subject: a thing, a person, a container, a meeting.
            attribute: "place", "content", or any that was told.
        """
        people = self._chain(chain)
        record = self._record(subject, attribute)
        if not people or record is None:
            return None
        return believed(people, record.subject, record.attribute, record.sightings)

    def contents(self, chain: str | Sequence[str], container: str) -> tuple[str, ...]:
        """Return what a chain of people believes to be in a container; empty where they know of nothing."""
        people, spot = self._chain(chain), st.spot_known_as(self.state, normal(container))
        stated = self.belief(people, spot, CONTENT) if people else None
        if stated is not None and stated.value:
            return (stated.value,)
        found = []
        for record in self.state.facts.values():
            if people and record.attribute == PLACE and record.subject not in self.state.people:
                held = believed(people, record.subject, PLACE, record.sightings)
                if held is not None and held.value == spot:
                    found.append(record.subject)
        return tuple(found)

    def actual(self, subject: str, attribute: str = PLACE) -> str | None:
        """Return how a fact is, as far as it was seen; None where nothing but talk is known of it."""
        record = self._record(subject, attribute)
        return None if record is None else record.actual

    def first(self, subject: str, attribute: str = PLACE) -> str | None:
        """Return how a fact was at the beginning."""
        record = self._record(subject, attribute)
        return (record.first or None) if record is not None else None

    def knows(self, person: str, subject: str, attribute: str = PLACE) -> bool:
        """Return whether a person believes what is so."""
        held, actual = self.belief(person, subject, attribute), self.actual(subject, attribute)
        return held is not None and bool(held.value) and held.value == actual

    def false_beliefs(self, person: str = "") -> list[FalseBelief]:
        """Return who believes what is not so, of one person or of all; who is looking for the thing stands first.

        Where people themselves are is left out: that somebody has not noticed who left is no mistake to mend.
        """
        who = normal(person)
        names = [who] if who else list(self.state.people)
        found = []
        for record in self.state.facts.values():
            if record.actual in (None, "") or record.subject in self.state.people:
                continue
            for name in names:
                held = believed((name,), record.subject, record.attribute, record.sightings)
                if held is None or held.value in ("", record.actual):
                    continue
                known = self.state.people.get(name)
                found.append(
                    FalseBelief(
                        person=name,
                        subject=record.subject,
                        attribute=record.attribute,
                        believed=held.value,
                        actual=record.actual or "",
                        evidence=held.evidence,
                        actual_evidence=record.since,
                        seeking=known is not None and known.seeks == record.subject,
                    )
                )
        found.sort(key=lambda false: (not false.seeking, -false.evidence.t_ns))
        return found

    def people(self) -> tuple[str, ...]:
        """Return the names of all people of the scene."""
        return tuple(self.state.people)

    def together(self, place: str = "") -> tuple[str, ...]:
        """Return who is in a place."""
        where = normal(place)
        return tuple(name for name, person in self.state.people.items() if person.place == where)

    def resolve(self, subject: str, attribute: str = PLACE, owner: str = "") -> str:
        """Return the name under which a thing is known: "phone" is "anna's phone" where she speaks, or where no other is known."""
        return st.known_as(self.state, normal(subject), attribute, normal(owner))

    # ---------------------------------------------------------------- saving

    def save(self) -> bytes:
        """Return the state as JSON."""
        return msgspec.json.encode(self.state)

    @classmethod
    def restore(cls, saved: bytes) -> EpistemicModel:
        """Return the model as it was saved.

        Raises:
            msgspec.DecodeError: if it is not a saved state.
        """
        return cls(msgspec.json.decode(saved, type=EpistemicState))

    # ----------------------------------------------------------------

    def _chain(self, chain: str | Sequence[str]) -> tuple[str, ...]:
        """Return the chain in normal form: who believes what they themselves believe simply believes it."""
        people: list[str] = []
        for name in (chain,) if isinstance(chain, str) else tuple(chain)[:CHAIN_MAX]:
            person = normal(name)
            if person and (not people or people[-1] != person):
                people.append(person)
        return tuple(people)

    def _record(self, subject: str, attribute: str) -> st.FactRecord | None:
        attribute = normal(attribute)
        return self.state.facts.get(st.key(self.resolve(subject, attribute), attribute))
