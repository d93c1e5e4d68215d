"""Common ground: what two people both believe, and believe that the other believes, and that the other believes they believe.

It comes from co-presence (Clark & Marshall 1981): both saw the same event and each saw the other there, or one told the other. Pure queries
of the model; time in the number of facts.
"""

from __future__ import annotations

from msgspec import Struct

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.names import normal
from cognitive.mind.sightings import Evidence, believed
from cognitive.mind.state import FactRecord

DEPTH = 3
"""So many steps of "and the other believes that" are asked for; people hardly go further."""


class Shared(Struct, frozen=True):
    """One fact of the common ground.

    Attributes:
        subject: of what.
        attribute: which attribute.
        value: what both take for true.
        evidence: of the latest of the beliefs that make it common: since then it is.
        so: whether it is so; a common belief may be false.
    """

    subject: str
    attribute: str
    value: str
    evidence: Evidence
    so: bool


def shared_of(record: FactRecord, one: str, other: str) -> Shared | None:
    """Return what two people have in common of one fact; None for nothing, and for where they are themselves."""
    a, b = normal(one), normal(other)
    if a == b or (record.subject in (a, b) and record.attribute == PLACE):
        return None
    latest: Evidence | None = None
    value = ""
    for length in range(1, DEPTH + 1):
        for first, second in ((a, b), (b, a)):
            chain = tuple((first, second)[i % 2] for i in range(length))
            held = believed(chain, record.subject, record.attribute, record.sightings)
            if held is None or not held.value or (value and held.value != value):
                return None
            value = held.value
            if latest is None or (held.evidence.t_ns, held.evidence.event) > (latest.t_ns, latest.event):
                latest = held.evidence
    if latest is None:
        return None
    return Shared(record.subject, record.attribute, value, latest, so=record.actual in (None, value))


def concerns(model: EpistemicModel, person: str, record: FactRecord) -> bool:
    """Return whether a fact is any of a person's business: their thing, what they look for, have had to do with or known otherwise."""
    who = normal(person)
    known = model.state.people.get(who)
    if record.subject.startswith(f"{who}'s ") or (known is not None and known.seeks == record.subject):
        return True
    if any(sighting.evidence.by == who for sighting in record.sightings):
        return True
    held = believed((who,), record.subject, record.attribute, record.sightings)
    return held is not None and held.value != record.actual


def news_for(
    model: EpistemicModel, speaker: str, hearer: str, *, concerning: bool = False
) -> list[tuple[str, str, str]]:
    """Return what a speaker knows and the hearer does not, as (subject, attribute, value): what is worth telling.

    Args:
        model: the scene.
        speaker: who knows it.
        hearer: who does not.
        concerning: only what is the hearer's business.
    """
    who, whom = normal(speaker), normal(hearer)
    found = []
    for record in model.state.facts.values():
        own = model.belief(who, record.subject, record.attribute)
        if own is None or not own.value or record.subject in model.state.people:
            continue
        if concerning and not concerns(model, whom, record):
            continue
        theirs = model.belief(whom, record.subject, record.attribute)
        if theirs is None or theirs.value != own.value:
            found.append((record.subject, record.attribute, own.value))
    return found
