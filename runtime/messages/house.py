"""Events of the slow system and of the house itself."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from runtime.limits import Count, Label, Milliseconds, Number, Text, Unit
from runtime.messages.base import Message
from runtime.messages.intentions import Evidence
from runtime.messages.minds import BeliefReport, Claim, MindReport


class TriggerScore(Struct, frozen=True, gc=False):
    """One trigger type's score in a cognitive cycle beside the threshold that it was held against."""

    trigger: Label
    score: Unit
    threshold: Unit
    reason: Label = ""


class CognitiveCycle(Message, frozen=True, kw_only=True, gc=False, tag="cognitive_cycle"):
    """One cycle of the slow loop: what was scored, what was decided, and why nothing was done if nothing was.

    `minds`: of the people who are here. `beliefs`: what they and the agent know, or believe otherwise than it is, the newest of each kind.
    """

    cycle: Count
    duration_ms: Milliseconds
    scores: Annotated[tuple[TriggerScore, ...], Meta(max_length=32)] = ()
    intention_ids: Annotated[tuple[Label, ...], Meta(max_length=32)] = ()
    restraint: Label = ""
    memory_bytes: Count = 0
    memory: dict[Label, Text] = field(default_factory=dict)
    minds: Annotated[tuple[MindReport, ...], Meta(max_length=16)] = ()
    beliefs: Annotated[tuple[BeliefReport, ...], Meta(max_length=64)] = ()


class Fact(Message, frozen=True, kw_only=True, gc=False, tag="fact"):
    """Something about a person that the dialogue found worth remembering, for the slow system's memory."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    person_id: Label = ""


class PersonIdentity(Message, frozen=True, kw_only=True, gc=False, tag="person_identity"):
    """Whoever has this track id in the session is `known_as`: a name that stays the same over sessions.

    Sent by a face recogniser, a robot's person database, or a page whose viewer has said who they are. It links; it consents to nothing.
    """

    person_id: Label
    known_as: Annotated[str, Meta(min_length=1, max_length=128)]
    confidence: Unit = 1.0


class MemoryConsent(Message, frozen=True, kw_only=True, gc=False, tag="memory_consent"):
    """A person has agreed to be remembered beyond this session, or has withdrawn that: then everything is deleted at once.

    `person_id` is the track id; empty means whom the agent talks with. With `known_as` the person is linked as by `PersonIdentity`; a
    withdrawal with `known_as` alone concerns somebody who need not be here. Consent to a recording (`Viewer`) is another matter.
    """

    state: Literal["given", "withdrawn"]
    person_id: Label = ""
    known_as: Label = ""


class SafetyDecision(Message, frozen=True, kw_only=True, gc=False, tag="safety_decision"):
    """Something of the agent's was refused, or passed although a rule speaks against it (mode `research`), or two senses disagree.

    Carries no words of anybody: what it was about is found by `about`, the id of a response, an intention or a person.

    Attributes:
        decision: `refused`, `passed` with a note, or `asked`: senses disagree, and the agent asks instead of acting on either.
        rule: category of the rule (`runtime.safety`), or kind of the contradiction.
        where: the part that decided: `voice`, `plan`, `senses`.
        intention_id: of a response (`about`) that says an intention's words, which one.
        mode: of the session.
        evidence: what it rests on, of a contradiction.
    """

    decision: Literal["refused", "passed", "asked"]
    rule: Label
    where: Label
    about: Label = ""
    intention_id: Label = ""
    mode: Literal["strict", "default", "research"] = "default"
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=16)] = ()


class Knowledge(Message, frozen=True, kw_only=True, gc=False, tag="knowledge"):
    """What the slow system knows, for whoever talks: sent when it changes, and again now and then for rooms that came later.

    `persona`: who the agent is. `person`: whom it talks with. `facts`: about that person, the newest last. `situation`: what is going on.
    `manner`: how the agent carries itself in it. `child`: whether a child is here. `news`: what concerns that person and they have missed,
    for when it comes up. `expected`: what that person believes of the agent: what it has promised, said that it can, knows. `consent`: what
    they want of being remembered, empty where they have not said. `forgotten`: how often in this session words were taken back, or somebody
    asked to be forgotten: whoever keeps words of the conversation drops them each time it grows.
    """

    persona: Text = ""
    person: Text = ""
    facts: Annotated[tuple[Text, ...], Meta(max_length=32)] = ()
    situation: Text = ""
    manner: Text = ""
    child: bool = False
    news: Annotated[tuple[Claim, ...], Meta(max_length=16)] = ()
    expected: Annotated[tuple[Claim, ...], Meta(max_length=16)] = ()
    consent: Literal["", "given", "withdrawn"] = ""
    forgotten: Count = 0


class Heartbeat(Message, frozen=True, kw_only=True, gc=False, tag="heartbeat"):
    """A room is alive; `hears` names the rooms whose heartbeat it has received, `counters` its running totals."""

    pid: Count
    status: Literal["starting", "ok", "degraded"] = "ok"
    detail: Label = ""
    rss_mb: Number = 0.0
    hears: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()
    counters: dict[Label, Number] = field(default_factory=dict)


class Span(Message, frozen=True, kw_only=True, gc=False, tag="span"):
    """A named stretch of time on the way from input to output; `t_ns` is its end. No user content in attributes."""

    name: Label
    duration_ms: Milliseconds
    attributes: dict[Label, Number] = field(default_factory=dict)


class SessionControl(Message, frozen=True, kw_only=True, gc=False, tag="session_control"):
    """The session started (media time zero is `t_ns`), its input finished, or it is to stop."""

    action: Literal["start", "finished", "stop"]
    reason: Label = ""
