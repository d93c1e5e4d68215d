"""Scenario files: what the agent says without any language model, as YAML that a user can write.

A scenario has rules (patterns, replies, an optional follow-up question), fallbacks, and an opening script for
the first minute if nobody speaks. Replies hold slots `{name}` and behaviour tags `[wave]`, `[nod]`, `[smile]`
at the place where the body should act; tags never reach the voice. Every mistake in a file is one error that
names the file, the place and the mend. The format is documented in docs/scenarios.md.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from behavioral.hearing.asr.grammar import ExpectedSpeech
from runtime.errors import AttuneError
from runtime.goals import Goal, Goals, GoalStep, Place, Places, check_goals
from runtime.paths import launch_dir
from runtime.patterns import expand_pattern

FILE_BYTES_MAX = 1 << 20

SlotName = Annotated[str, Meta(pattern="^[a-z_]+$", max_length=64)]
SlotValue = Annotated[str, Meta(min_length=1, max_length=64)]
Line = Annotated[str, Meta(min_length=1, max_length=600)]


class RuleEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule as it stands in the file."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    patterns: Annotated[tuple[str, ...], Meta(max_length=64)] = ()
    replies: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=32)]
    ask: Line = ""
    """Question added to the reply the first time."""
    priority: Annotated[float, Meta(ge=0, le=2)] = 1.0
    """Factor on the match score."""
    hears: Literal["", "danger", "despair"] = ""
    """Answers words of danger or of despair (`runtime.safety.peril`, `despair`), before every pattern; its own patterns only
    tell the recogniser what to expect."""


class ScriptEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the opening script."""

    after_s: Annotated[float, Meta(ge=0, le=600)]
    say: Line


class ScenarioFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file's top level."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    agent_name: Annotated[str, Meta(min_length=1, max_length=64)] = "Ada"
    role: Annotated[str, Meta(max_length=1_000)] = ""
    """One or two sentences about who the agent is; the language model's system prompt."""
    rules: tuple[RuleEntry, ...] = ()
    slots: dict[SlotName, Annotated[tuple[SlotValue, ...], Meta(min_length=1, max_length=500)]] = {}
    """Values that a slot is likely to have, for the recogniser; `name` has common given names where it is not listed."""
    fallbacks: Annotated[tuple[Line, ...], Meta(min_length=1)] = ("I see.",)
    """Said when something was understood but fits no rule."""
    not_understood: Annotated[tuple[Line, ...], Meta(min_length=1)] = ("Sorry, could you say that again?",)
    """Said when speech was heard but no words were recognised."""
    opening: tuple[ScriptEntry, ...] = ()
    """Said one after the other while nobody speaks; `after_s` counts from the previous line's end."""
    goals: Goals = ()
    """What people here may want; the slow loop infers it (docs/goals.md)."""
    places: Places = {}
    """Where the places are that goals name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its patterns expanded."""

    entry: RuleEntry
    patterns: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A validated scenario."""

    file: ScenarioFile
    rules: tuple[Rule, ...]

    @property
    def expected_speech(self) -> ExpectedSpeech:
        """What people are expected to say, to bias a recogniser with."""
        patterns = tuple(tokens for rule in self.rules for tokens in rule.patterns)
        said = (
            text
            for goal in self.file.goals
            for step in goal.steps
            for kind, text in step.observables()
            if kind == "says"
        )
        patterns += tuple(tokens for text in said for tokens in expand_pattern(text))
        return ExpectedSpeech(patterns, self.file.slots, self.file.agent_name)


def load_scenario(name_or_path: str) -> Scenario:
    """Load a scenario by its name in `launch/scenarios/` or by path.

    Raises:
        AttuneError: naming the file, the place and the mend.
    """
    path = _find(name_or_path)
    if path.stat().st_size > FILE_BYTES_MAX:
        raise AttuneError(f"{path}: larger than {FILE_BYTES_MAX} bytes", "A scenario is a short text file; split it")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AttuneError(f"{path}: not YAML ({' '.join(str(error).split())})", "Mend that line") from None
    try:
        parsed = msgspec.convert(content, ScenarioFile)
    except msgspec.ValidationError as error:
        raise AttuneError(f"{path}: {error}", _mend(str(error))) from None
    rules = []
    for index, entry in enumerate(parsed.rules):
        if not (entry.patterns or entry.hears):
            raise AttuneError(f"{path}: rules[{index}] ({entry.id}): no patterns", "Give it `patterns`, or `hears`")
        expanded: list[tuple[str, ...]] = []
        for pattern in entry.patterns:
            try:
                expanded += expand_pattern(pattern)
            except ValueError as error:
                raise AttuneError(f"{path}: rules[{index}] ({entry.id}): {error}", "Close every bracket") from None
        rules.append(Rule(entry, expanded))
    check_goals(parsed.goals, parsed.places, str(path))
    return Scenario(parsed, tuple(rules))


def _find(name_or_path: str) -> Path:
    folder = launch_dir() / "scenarios"
    for path in (Path(name_or_path), folder / f"{name_or_path}.yaml"):
        if path.is_file():
            return path
    known = sorted(p.stem for p in folder.glob("*.yaml"))
    near = difflib.get_close_matches(name_or_path, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise AttuneError(f"dialogue.scenario: no scenario {name_or_path!r}", f"{hint}There are: {', '.join(known)}")


def _mend(error: str) -> str:
    if "unknown field" not in error:
        return "See docs/scenarios.md for the format"
    unknown = error.split("`")[1]
    kinds = (ScenarioFile, RuleEntry, ScriptEntry, Goal, GoalStep, Place)
    known = [name for kind in kinds for name in kind.__struct_fields__]
    near = difflib.get_close_matches(unknown, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else "See docs/scenarios.md for the format"
