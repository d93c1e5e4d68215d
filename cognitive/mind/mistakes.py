"""What the epistemic model finds worth a word: wrong beliefs that show, and belongings that somebody has put down."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.messages import Evidence


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong belief.

    Attributes:
        person_id: whose.
        t_ns: when it showed.
        truth: what is so instead, a clause that can be said.
        reason: what the person believes, for people.
        shown: by what word or deed, empty where it is only inferred.
        certainty: that the person believes it and that it is wrong, 0 to 1.
        evidence: why we think so.
        sought: the person does not know better, and looks for it.
        thing: which thing it is about, as the epistemic model knows it; empty where it is about no thing.
    """

    person_id: str
    t_ns: int
    truth: str
    reason: str
    shown: str
    certainty: float
    evidence: tuple[Evidence, ...]
    sought: bool = False
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Something that a person has put down here and not taken again."""

    person_id: str
    thing: str
    clause: str
    t_ns: int
