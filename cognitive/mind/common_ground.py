"""Common ground: what two people both believe, and believe that the other believes, and that the other believes they believe.

It comes from co-presence (Clark & Marshall 1981): both saw the same event and each saw the other there, or one told the other. Pure queries
of the model; time in the number of facts.
"""

from __future__ import annotations

from msgspec import Struct

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.names import normal
from cognitive.mind.sightings import Evidence

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


def common_ground(model: EpistemicModel, one: str, other: str) -> list[Shared]:
    """Return what two people have in common, the newest first.

    Args:
        model: the scene.
        one: a person.
        other: another person.
    """
    a, b = normal(one), normal(other)
    chains = [
        tuple((first, second)[i % 2] for i in range(n))
        for n in range(1, DEPTH + 1)
        for first, second in ((a, b), (b, a))
    ]
    found = []
    for record in model.state.facts.values():
        if record.subject in (a, b) and record.attribute == "place":
            continue
        held = [model.belief(chain, record.subject, record.attribute) for chain in chains]
        known = [belief for belief in held if belief is not None and belief.value]
        if len(known) == len(chains) and len({belief.value for belief in known}) == 1:
            latest = max((belief.evidence for belief in known), key=lambda evidence: (evidence.t_ns, evidence.event))
            value = known[0].value
            found.append(Shared(record.subject, record.attribute, value, latest, so=record.actual in (None, value)))
    found.sort(key=lambda shared: (-shared.evidence.t_ns, -shared.evidence.event))
    return found


def news_for(model: EpistemicModel, speaker: str, hearer: str) -> list[tuple[str, str, str]]:
    """Return what a speaker knows and the hearer does not, as (subject, attribute, value): what is worth telling."""
    who, whom = normal(speaker), normal(hearer)
    found = []
    for record in model.state.facts.values():
        own = model.belief(who, record.subject, record.attribute)
        if own is None or not own.value or record.subject in model.state.people:
            continue
        theirs = model.belief(whom, record.subject, record.attribute)
        if theirs is None or theirs.value != own.value:
            found.append((record.subject, record.attribute, own.value))
    return found
