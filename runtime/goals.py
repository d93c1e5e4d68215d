"""What a scenario declares of people's goals: which ones people here may have, how probable each is, and by which steps they reach it.

The format of `goals` and `places` in scenario files and in scenes of the social bench (docs/goals.md). Whoever talks reads it to hear
the phrases, whoever thinks to infer whose goal it is, so it stands here. A mistake is one `AttuneError` naming file, field and mend.
`GoalSettings` is the profile's part. Read once at start, in the caller's thread; bearings are degrees (the agent's left positive) as
people write them, distances metres.
"""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta, Struct

from runtime.errors import AttuneError
from runtime.launch_files import MAX_BYTES, find_launch_file, read_yaml
from runtime.patterns import expand_pattern
from runtime.section import Section

GOALS_MAX, PLACES_MAX = 16, 32
OBSERVABLES_MAX = 256
"""What all steps name together; each is looked for in every sentence."""
NONE_MIN = 0.05
"""Least probability that is left for "none of these"."""
AGENT = "agent"
"""Stands for the agent itself where a step names what is looked at or approached."""
SEE = "see docs/goals.md"
KINDS = ("looks_at", "approaches", "handles", "does", "says")
"""What can be observed of a step, by field."""

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Words = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Union[Name, Annotated[tuple[Name, ...], Meta(max_length=8)]]  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well
Sentences = Union[Words, Annotated[tuple[Words, ...], Meta(max_length=8)]]  # noqa: UP007


class GoalSettings(Section, frozen=True, kw_only=True):
    """How the goals that a scenario declares are inferred (docs/goals.md); nothing of it matters where none are."""

    rationality: Annotated[float, Meta(ge=0, le=20)] = 2.5
    """Inverse temperature of people's choices, per act of effort: 0 is at random, large is always the shortest way."""
    changes_per_min: Annotated[float, Meta(ge=0, le=60)] = 0.1
    """How often people take up something else, a minute; so fast what they did fades."""
    believed_from: Annotated[float, Meta(ge=0.5, le=1)] = 0.75
    """Probability from which a goal is believed enough to be helped with."""


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a place is, from the agent; who is within `radius_m` of it has come there."""

    bearing_deg: Annotated[float, Meta(ge=-180, le=180)]
    distance_m: Annotated[float, Meta(gt=0, le=50)]
    radius_m: Annotated[float, Meta(gt=0, le=10)] = 1.0


class GoalStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step: whatever of this is observed shows that it is done.

    Attributes:
        looks_at: an object (or person, or `agent`) that is looked at.
        approaches: a place of `places`, a person or `agent` that is walked to.
        handles: an object that something is done with.
        does: a deed as a sentence without its subject ("takes the umbrella"), of the controlled language where it can be.
        says: a pattern as in a scenario's rules.
    """

    looks_at: Names = ()
    approaches: Names = ()
    handles: Names = ()
    does: Sentences = ()
    says: Sentences = ()

    def observables(self) -> list[tuple[str, str]]:
        """Return what may be observed of it: field and text."""
        found = []
        for kind in KINDS:
            value: str | tuple[str, ...] = getattr(self, kind)
            found += [(kind, one) for one in ((value,) if isinstance(value, str) else value)]
        return found


class Goal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One goal that people here may have.

    Attributes:
        id: its name.
        about: what somebody wants who has it, to go on after "wants to"; the id in words where left out.
        prior: probability that somebody who comes has it.
        order: whether its steps follow each other or come in any order.
        offer: what the agent may say, once, to who seems to have it.
    """

    id: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$", max_length=40)]
    prior: Annotated[float, Meta(gt=0, lt=1)]
    steps: Annotated[tuple[GoalStep, ...], Meta(min_length=1, max_length=12)]
    about: Annotated[str, Meta(max_length=80)] = ""
    order: Literal["in_order", "any"] = "in_order"
    offer: Annotated[str, Meta(max_length=300)] = ""

    @property
    def wish(self) -> str:
        """What who has it wants, in words."""
        return self.about or self.id.replace("_", " ")


Goals = Annotated[tuple[Goal, ...], Meta(max_length=GOALS_MAX)]
Places = Annotated[dict[Name, Place], Meta(max_length=PLACES_MAX)]


class Declared(Struct, frozen=True, kw_only=True):
    """The goals of one scenario and the places that they name."""

    goals: Goals = ()
    places: Places = {}


def check_goals(goals: Sequence[Goal], places: Mapping[str, Place], where: str) -> Declared | None:
    """Return the goals if there are any, after a look at what types cannot tell; `where` is the file in errors.

    Raises:
        AttuneError: naming file, field and mend.
    """
    ids = [goal.id for goal in goals]
    for index, goal in enumerate(goals):
        if goal.id in ids[:index]:
            raise AttuneError(f"{where}: goals[{index}] ({goal.id}): id: it stands twice", "give each goal its own")
        if any(mark in goal.offer for mark in "[]{}"):
            raise AttuneError(
                f"{where}: goals[{index}] ({goal.id}): offer: it holds a tag or a slot", "an offer is plain words"
            )
        for number, step in enumerate(goal.steps):
            _check_step(step, places, f"{where}: goals[{index}] ({goal.id}): steps[{number}]")
    named = sum(len(step.observables()) for goal in goals for step in goal.steps)
    if named > OBSERVABLES_MAX:
        raise AttuneError(f"{where}: goals: their steps name {named} things to observe", f"at most {OBSERVABLES_MAX}")
    total = sum(goal.prior for goal in goals)
    if total > 1.0 - NONE_MIN + 1e-9:
        raise AttuneError(
            f"{where}: goals: the priors add up to {total:.2f}",
            f"leave at least {NONE_MIN} for people who want none of these",
        )
    return Declared(goals=tuple(goals), places=dict(places)) if goals else None


def _check_step(step: GoalStep, places: Mapping[str, Place], where: str) -> None:
    observables = step.observables()
    if not observables:
        raise AttuneError(f"{where}: it names nothing that can be observed", f"give one of: {', '.join(KINDS)}")
    for kind, text in observables:
        if not text.strip():
            raise AttuneError(f"{where}: {kind}: it is empty", SEE)
        if kind == "says":
            try:
                variants = expand_pattern(text)
            except ValueError as error:
                raise AttuneError(f"{where}: says: {error}", "close every bracket, write numbers as words") from None
            if not all(any(token[0] not in "{*" for token in variant) for variant in variants):
                raise AttuneError(f"{where}: says: '{text[:60]}' fits any words", "give it a word of its own")
        near = difflib.get_close_matches(text, places, n=1, cutoff=0.8) if kind == "approaches" else []
        if near and near[0] != text:
            raise AttuneError(f"{where}: approaches: there is no place '{text}'", f"did you mean '{near[0]}'?")


def mend_of(message: str) -> str:
    """Return the mend of msgspec's complaint about a part of the declaration."""
    if "unknown field" not in message:
        return SEE
    known = [name for kind in (Goal, GoalStep, Place) for name in kind.__struct_fields__]
    near = difflib.get_close_matches(message.split("`")[1], known, n=1)
    return f"did you mean '{near[0]}'?" if near else SEE


def read_goals(scenario: str | os.PathLike[str]) -> Declared | None:
    """Return what the scenario of a name in `launch/scenarios/`, or of a path, declares; None where it declares no goals.

    Only `goals` and `places` are looked at: the rest of the file is whoever talks's.

    Raises:
        AttuneError: no such file, or a mistake in these fields.
    """
    path = Path(scenario)
    if not path.is_file():
        path = find_launch_file("scenarios", scenario)
    with contextlib.suppress(OSError):  # `read_yaml` says what is wrong
        if path.stat().st_size <= MAX_BYTES and b"goals" not in path.read_bytes():
            return None
    data: Any = read_yaml(path)
    if not isinstance(data, dict) or not data.get("goals"):
        return None
    given = {name: data[name] for name in ("goals", "places") if data.get(name) is not None}
    try:
        declared = msgspec.convert(given, Declared)
    except msgspec.ValidationError as error:
        raise AttuneError(f"{path}: {error}", mend_of(str(error))) from None
    return check_goals(declared.goals, declared.places, str(path))
