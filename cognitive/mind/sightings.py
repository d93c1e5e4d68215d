"""One piece of evidence about one fact, and the rule that says whose beliefs it changes.

A chain of people is a belief about beliefs: ("anna",) is what Anna believes, ("anna", "ben") what Anna believes that Ben believes, and
so on to any order. A sighting changes the belief of a chain when its first member perceived the event, each member was aware of the
next one perceiving it, and the last one takes the fact for true. So A's belief about B's belief changes only by an event that A
perceives and at which A is aware of B. Nothing is stored per chain: a belief is the newest sighting that reaches the chain, so that
higher orders cost nothing until they are asked for.

Sources: co-presence as the ground of mutual knowledge: Clark & Marshall (1981); updates by group-public and private events: Baltag,
Moss & Solecki (1998), of whose action models this keeps what people in rooms need.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from cognitive.mind.events import Relation

How = Literal["saw", "told", "assumed", "initial", "searched", "stated"]
"""saw: perceived itself; told: by somebody; assumed: from a look or a habit; initial: given with the scene; searched: shown by where the
person looks; stated: given by who reports the scene."""


class Evidence(Struct, frozen=True):
    """Why somebody believes something: the event that showed it.

    Attributes:
        event: running number of the event.
        t_ns: when, on the clock of whoever applies events.
        how: in which way.
        by: who acted or spoke; "" for nobody.
        act: what kind of event it was (the tag of the event).
        text: the sentence that reported it, if there was one.
    """

    event: int
    t_ns: int
    how: How
    by: str = ""
    act: str = ""
    text: str = ""


class Sighting(Struct, frozen=True):
    """Who perceived what, and who takes it for true.

    Attributes:
        value: what the fact's value was; "" for "no longer there, and nobody has seen where it went".
        relation: how a thing is at its spot.
        openly: who perceived it, each aware of the others.
        secretly: who perceived it unnoticed, with those other unnoticed perceivers of whom the person knows.
        believes: who really holds it true since.
        seems: who only appears to the others to hold it true: a speaker, or somebody whose distraction nobody noticed.
        doubts: who perceived it, and knows that a speaker is wrong.
    """

    value: str
    relation: Relation
    evidence: Evidence
    openly: tuple[str, ...] = ()
    secretly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    believes: tuple[str, ...] = ()
    seems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def reaches(self, chain: Sequence[str]) -> bool:
        """Return whether it changes what the chain believes; a chain has no two equal neighbours."""
        head, last = chain[0], chain[-1]
        if len(chain) == 1:
            return head in self.believes
        if head not in self.openly and head not in self.secretly:
            return False
        if last in self.seems:
            if head in self.doubts:
                return False
        elif last not in self.believes:
            return False
        return all(self._aware(a, b) for a, b in itertools.pairwise(chain))

    def _aware(self, observer: str, other: str) -> bool:
        """Return whether the observer is aware of the other perceiving it."""
        if other in self.openly or other in self.seems:
            return True
        return other in self.secretly.get(observer, ())

    def covers(self, older: Sighting) -> bool:
        """Return whether every chain that the older one reaches is reached by this one too (so that the older one is of no use)."""
        return (
            not self.doubts
            and not older.secretly
            and set(older.openly) | set(older.seems) <= set(self.openly)
            and set(older.believes) | set(older.seems) <= set(self.believes)
        )

    def without(self, person: str) -> Sighting:
        """Return it as if the person had not been there."""
        return Sighting(
            value=self.value,
            relation=self.relation,
            evidence=self.evidence,
            openly=_less(self.openly, person),
            secretly={who: _less(known, person) for who, known in self.secretly.items() if who != person},
            believes=_less(self.believes, person),
            seems=_less(self.seems, person),
            doubts=_less(self.doubts, person),
        )


class Belief(Struct, frozen=True):
    """What a chain of people believes of one fact.

    Attributes:
        chain: the people, outermost first.
        subject: of what.
        attribute: which attribute of it.
        value: what they believe; "" where they only know that their last belief no longer holds.
        relation: how a thing is at its spot.
        evidence: the earliest event since which they believe it without a change.
        confirmed_ns: the newest event that showed the same.
        before: what they believed before; the last spot where `value` is "".
    """

    chain: tuple[str, ...]
    subject: str
    attribute: str
    value: str
    relation: Relation
    evidence: Evidence
    confirmed_ns: int
    before: str = ""


def believed(chain: tuple[str, ...], subject: str, attribute: str, sightings: Sequence[Sighting]) -> Belief | None:
    """Return what the chain believes after the sightings (oldest first); None where none has reached it."""
    newest: Sighting | None = None
    first: Sighting | None = None
    before = ""
    for sighting in reversed(sightings):
        if not sighting.reaches(chain):
            continue
        if newest is None:
            newest = first = sighting
        elif sighting.value == newest.value:
            first = sighting
        elif sighting.value:
            before = sighting.value
            break
    if newest is None or first is None:
        return None
    return Belief(
        chain=chain,
        subject=subject,
        attribute=attribute,
        value=newest.value,
        relation=newest.relation,
        evidence=first.evidence,
        confirmed_ns=newest.evidence.t_ns,
        before=before,
    )


def _less(people: tuple[str, ...], person: str) -> tuple[str, ...]:
    return tuple(who for who in people if who != person) if person in people else people
