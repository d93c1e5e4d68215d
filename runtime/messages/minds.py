"""What the slow system takes people to feel, want, know and expect, as it is published with each of its cycles."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from runtime.limits import Label, Number, Timestamp
from runtime.messages.intentions import Evidence

Claim = Annotated[str, Meta(max_length=300)]


class Estimate(Struct, frozen=True, gc=False):
    """One estimate of one person's mind.

    Attributes:
        variable: `engagement`, `confusion`, `wish_to_speak`, `wish_to_leave` (probabilities), `valence`, `arousal` (-1 to 1), `attention`
            (the probability of `what`), `goal ID` (that somebody wants to `what`, where the scenario declares goals).
        value: the estimate.
        what: what a categorical variable is taken to be: `agent`, `other`, `object`, `away`.
        evidence: the observations that moved it most, the weightiest first (weights in nats or units), of attention
            the newest; none: no observation of weight.
    """

    variable: Label
    value: Number
    what: Label = ""
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=8)] = ()


class MindReport(Struct, frozen=True, gc=False):
    """One person's mind as it is estimated; `seen`: some of it rests on sight; `name`: what the person is called beside others."""

    person_id: Label
    estimates: Annotated[tuple[Estimate, ...], Meta(max_length=32)] = ()
    seen: bool = False
    name: Label = ""


class BeliefReport(Struct, frozen=True, gc=False):
    """Something that people know, or believe otherwise than it is.

    Attributes:
        kind: `wrong`: who believes what is not so; `differs`: people believe different things and nobody knows which is so; `common`:
            all of them know it, and know it of each other; `agent`: what somebody believes of the agent: that it has promised, can,
            knows or has seen something.
        people: whose belief: ids of people who are here, the agent by its name; of `differs` one after the other.
        claim: the belief as a clause: "Ben thinks that the keys are in the drawer".
        because: why they believe it.
        t_ns: since when.
        actual: how it is, of what is wrong; else empty.
    """

    kind: Literal["wrong", "differs", "common", "agent"]
    people: Annotated[tuple[Label, ...], Meta(max_length=16)]
    claim: Claim
    because: Claim = ""
    t_ns: Timestamp = 0
    actual: Claim = ""
