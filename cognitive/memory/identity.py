"""Who a track id is in the long-term memory: linked by a stable name, or by somebody's own words; never two people merged silently.

A track that nobody has named and that has agreed is a new person. `known_as` joins it to the person of that name. Two people become
one only where a stable name says so and at most one of them had one; it is then written down with their consents. A track that was one
named person and is now said to be another is a conflict: it is linked anew, and what the session knew of it is dropped, since nobody
knows whose it was. A spoken name links to the only remembered person of that name, and only with the claim to have been here
before. Blocking: call it in an offload thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cognitive.memory.consent import Link
from cognitive.memory.long_term import Forgotten, LongTermMemory

Finding = Literal["", "new", "linked", "known_again", "merged", "conflict", "several", "namesake"]


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome: the person (0 for none), whether that person's consent holds, and what was found on the way."""

    person: int
    consents: bool
    finding: Finding = ""


def settle(memory: LongTermMemory, link: Link, origin: str, *, trust_spoken: bool) -> Settled:
    """Find or enter the person of a link whose consent is not withdrawn.

    Args:
        memory: the open file.
        link: read only.
        origin: of its consent (`Link.origin`): settling it again enters nobody twice.
        trust_spoken: whether a spoken name with a claim to be known links.
    """
    with memory.lock:
        if link.person and memory.row_of(link.person) is None:
            return Settled(0, consents=False)  # forgotten by somebody else meanwhile
        try:
            return _settle(memory, link, origin, trust_spoken)
        except Forgotten:
            return Settled(0, consents=False)


def _settle(memory: LongTermMemory, link: Link, origin: str, trust_spoken: bool) -> Settled:
    given = link.consent == "given"
    if link.known_as:
        settled = _by_stable_name(memory, link, origin, given)
    elif link.person:
        settled = Settled(link.person, consents=True)
    else:
        settled = _by_spoken_name(memory, link, origin, given, trust_spoken)
    if settled.person and link.spoken and settled.finding != "conflict":
        memory.name_person(settled.person, "spoken", link.spoken, link.changed_s)
    return settled


def _by_stable_name(memory: LongTermMemory, link: Link, origin: str, given: bool) -> Settled:
    owner = memory.person_of(link.known_as)
    if owner == link.person and owner:
        return Settled(owner, consents=True)
    named = bool(link.person) and bool((row := memory.row_of(link.person)) and row.identities)
    if named:
        return Settled(owner, consents=bool(owner), finding="conflict")
    if owner and link.person:
        memory.merge(link.person, owner, link.changed_s, f"known as {link.known_as}")
        return Settled(owner, consents=True, finding="merged")
    if owner:
        return Settled(owner, consents=True, finding="known_again")
    if link.person:
        memory.name_person(link.person, "identity", link.known_as, link.changed_s)
        return Settled(link.person, consents=True, finding="linked")
    if given:
        person = memory.begin_person(origin, link.given_s, link.how, known_as=link.known_as, spoken=link.spoken)
        memory.name_person(person, "identity", link.known_as, link.changed_s)  # entered before it had the name
        return Settled(person, consents=True, finding="new")
    return Settled(0, consents=False)


def _by_spoken_name(memory: LongTermMemory, link: Link, origin: str, given: bool, trust_spoken: bool) -> Settled:
    namesakes = memory.people_called(link.spoken) if link.spoken else []
    if link.claims and trust_spoken and len(namesakes) == 1:
        return Settled(namesakes[0], consents=True, finding="known_again")
    if given:
        person = memory.begin_person(origin, link.given_s, link.how, spoken=link.spoken)
        return Settled(person, consents=True, finding="namesake" if namesakes else "new")
    return Settled(0, consents=False, finding="several" if link.claims and len(namesakes) > 1 else "")
