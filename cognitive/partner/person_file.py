"""People for simulated conversations, from `launch/people/NAME.yaml`: what they want, know, believe, like, and how long they wait.

The format is in `docs/partner.md`. A mistake is one `AttuneError` naming file, place and mend. Times are seconds, distances metres,
mood and what moves it -1 to 1. Read in the caller's thread.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, launch_names, read_yaml

SEE = "see docs/partner.md"

Share = Annotated[float, Meta(ge=0, le=1)]
Signed = Annotated[float, Meta(ge=-1, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=3_600)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Lines = Annotated[list[Line], Meta(min_length=1, max_length=32)]
Key = Annotated[str, Meta(min_length=1, max_length=64)]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of the file."""


class Goal(_Part, frozen=True, kw_only=True):
    """Something that the person wants of the agent.

    Attributes:
        says: ways to ask for it, the first one first.
        reached_by: words, one of which the agent's answer must hold; without any, every answer will do.
        tries: so often it is asked for.
        believes: it is only asked for while the person holds this belief.
    """

    says: Lines
    reached_by: list[Key] = field(default_factory=list)
    tries: Annotated[int, Meta(ge=1, le=5)] = 2
    believes: str = ""


class Belief(_Part, frozen=True, kw_only=True):
    """What the person believes of the agent, until one of these words of the agent's corrects it."""

    about: Key
    corrected_by: Annotated[list[Key], Meta(min_length=1, max_length=16)]


class Likes(_Part, frozen=True, kw_only=True):
    """How much the mood moves by what happens, before `temper`."""

    greeting: Signed = 0.15
    answer: Signed = 0.05
    sympathy: Signed = 0.15
    gesture: Signed = 0.02
    initiative: Signed = 0.05
    unwelcome: Signed = -0.25
    interruption: Signed = -0.3
    waiting: Signed = -0.15
    missed: Signed = -0.15
    reached: Signed = 0.25


class PersonFile(_Part, frozen=True, kw_only=True):
    """One person; see `docs/partner.md`."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    about: Annotated[str, Meta(max_length=300)] = ""
    voice: Annotated[str, Meta(min_length=1, max_length=64)] = "en-gb"
    arrives_after_s: Seconds = 2.0
    distance_m: Annotated[float, Meta(gt=0, le=10)] = 1.2
    stays_s: Annotated[float, Meta(ge=5, le=3_600)] = 90.0
    patience_s: Annotated[float, Meta(ge=1, le=120)] = 7.0
    temper: Annotated[float, Meta(ge=0, le=2)] = 1.0
    mood: Signed = 0.1
    attention: Share = 0.8
    busy_with: Annotated[str, Meta(max_length=40)] = ""
    wants_quiet: bool = False
    greets: Share = 0.6
    parts: Share = 0.8
    chattiness: Share = 0.4
    interrupts_after_s: Annotated[float, Meta(ge=2, le=600)] = 14.0
    goals: Annotated[list[Goal], Meta(max_length=12)] = field(default_factory=list)
    believes: Annotated[list[Belief], Meta(max_length=12)] = field(default_factory=list)
    knows: Annotated[dict[Key, Line], Meta(max_length=64)] = field(default_factory=dict)
    tells: Annotated[list[Line], Meta(max_length=32)] = field(default_factory=list)
    otherwise: Lines = field(default_factory=lambda: ["I am not sure."])
    greeting: Lines = field(default_factory=lambda: ["Hello.", "Hi there."])
    goodbye: Lines = field(default_factory=lambda: ["Goodbye.", "I have to go. Bye."])
    thanks: Lines = field(default_factory=lambda: ["Thank you.", "Thanks a lot."])
    wants_peace: Lines = field(default_factory=lambda: ["Please leave me alone for a while."])
    likes: Likes = field(default_factory=Likes)


def load_person(name_or_path: str) -> PersonFile:
    """Return the person of a name in `launch/people/` or of a path.

    Raises:
        AttuneError: naming the file, the field and the mend.
    """
    path = find_launch_file("people", name_or_path)
    return parse_person(read_yaml(path), str(path))


def people_names() -> list[str]:
    """Return the names of the people who ship."""
    return launch_names("people")


def parse_person(data: Any, where: str) -> PersonFile:
    """Return the person in plain data; `where` is what errors call it.

    Raises:
        AttuneError: as `load_person`.
    """
    if not isinstance(data, dict):
        raise AttuneError(f"{where}: a person is a mapping", SEE)
    try:
        person = msgspec.convert(data, PersonFile)
    except msgspec.ValidationError as error:
        raise _mistake(str(error), where) from None
    beliefs = {belief.about for belief in person.believes}
    for index, goal in enumerate(person.goals):
        if goal.believes and goal.believes not in beliefs:
            raise AttuneError(
                f"{where}: goals[{index}]: believes: there is no belief '{goal.believes[:60]}'",
                f"known: {', '.join(sorted(beliefs)) or 'none'}; add it to `believes`",
            )
    return person


def _mistake(message: str, where: str) -> AttuneError:
    what, _, place = message.partition(" - at ")
    place = place.strip("`$.") or "the person"
    if "unknown field" in what:
        unknown = what.split("`")[1]
        known = {
            *PersonFile.__struct_fields__,
            *Goal.__struct_fields__,
            *Belief.__struct_fields__,
            *Likes.__struct_fields__,
        }
        near = difflib.get_close_matches(unknown, sorted(known), n=1)
        return AttuneError(
            f"{where}: {place}: unknown field '{unknown[:60]}'", f"did you mean '{near[0]}'?" if near else SEE
        )
    return AttuneError(f"{where}: {place}: {what[:1].lower()}{what[1:]}", SEE)
