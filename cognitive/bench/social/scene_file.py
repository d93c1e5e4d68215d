"""Scenes of the social bench, from YAML files: what the senses report over some minutes, and where initiative is right.

The format is in `docs/social-bench.md`; a mistake is one `AttuneError` naming file, place and mend. Times are seconds from the
scene's start, bearings degrees (the agent's left positive) as people write them. Read in the caller's thread.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args

import msgspec
from msgspec import Meta, Struct

from cognitive.motivation.thresholds import THRESHOLDS
from runtime.errors import AttuneError
from runtime.goals import Declared, Goals, Places, check_goals, mend_of
from runtime.launch_files import read_yaml

SCENE_BYTES_MAX = 256 << 10
SCENES_MAX = 5_000
SEE = "see docs/social-bench.md"

Seconds = Annotated[float, Meta(ge=0, le=1_800)]
Unit = Annotated[float, Meta(ge=0, le=1)]
SignedUnit = Annotated[float, Meta(ge=-1, le=1)]
Degrees = Annotated[float, Meta(ge=-180, le=180)]
Metres = Annotated[float, Meta(gt=0, le=50)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Words = Annotated[str, Meta(min_length=1, max_length=1_000)]
Gaze = Literal["agent", "other", "object", "away"]


class Happens(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event has: its time."""

    at: Seconds


class Arrives(Happens, frozen=True, kw_only=True, tag_field="verb", tag="arrives"):
    """Vision sees a person come."""

    who: Name
    facing: Unit = 0.8
    bearing_deg: Degrees = 0.0
    distance_m: Metres = 1.5
    target: Union[Gaze, None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well
    name: str = ""


class Leaves(Happens, frozen=True, kw_only=True, tag_field="verb", tag="leaves"):
    """Vision has lost the person for good."""

    who: Name


class Looks(Happens, frozen=True, kw_only=True, tag_field="verb", tag="looks"):
    """Where the person looks from now on."""

    who: Name
    target: Union[Gaze, None] = None  # noqa: UP007
    name: str = ""
    facing: Union[Unit, None] = None  # noqa: UP007


class Moves(Happens, frozen=True, kw_only=True, tag_field="verb", tag="moves"):
    """Where the person stands from now on."""

    who: Name
    distance_m: Union[Metres, None] = None  # noqa: UP007
    bearing_deg: Union[Degrees, None] = None  # noqa: UP007


class Face(Happens, frozen=True, kw_only=True, tag_field="verb", tag="face"):
    """What the face shows from now on."""

    who: Name
    valence: Union[SignedUnit, None] = None  # noqa: UP007
    smile: Union[Unit, None] = None  # noqa: UP007


class Nods(Happens, frozen=True, kw_only=True, tag_field="verb", tag="nods"):
    """The person nods."""

    who: Name
    for_s: Seconds = 1.0


class Shakes(Happens, frozen=True, kw_only=True, tag_field="verb", tag="shakes"):
    """The person shakes the head."""

    who: Name
    for_s: Seconds = 1.0


class Says(Happens, frozen=True, kw_only=True, tag_field="verb", tag="says"):
    """A turn of speech; `to` is the agent, another person, `self` or `phone`."""

    who: Name
    text: Words
    for_s: Union[Seconds, None] = None  # noqa: UP007
    to: Name = "agent"
    confidence: Unit = 0.9


class Types(Happens, frozen=True, kw_only=True, tag_field="verb", tag="types"):
    """Typed in the page."""

    who: Name
    text: Words


class Sounds(Happens, frozen=True, kw_only=True, tag_field="verb", tag="sounds"):
    """A voice without words."""

    who: Name
    for_s: Seconds = 1.0


class Affect(Happens, frozen=True, kw_only=True, tag_field="verb", tag="affect"):
    """An estimate of the feeling in voice or words."""

    who: Name
    valence: SignedUnit
    arousal: SignedUnit = 0.0
    confidence: Unit = 0.6
    cues: Annotated[tuple[Name, ...], Meta(max_length=16)] = ("voice",)


class AgentSays(Happens, frozen=True, kw_only=True, tag_field="verb", tag="agent"):
    """What the fast system says."""

    who: Words
    for_s: Union[Seconds, None] = None  # noqa: UP007

    @property
    def text(self) -> str:
        """Its words, which stand where events of people have the person."""
        return self.who


class Stops(Happens, frozen=True, kw_only=True, tag_field="verb", tag="stops"):
    """The person has interrupted the agent."""

    who: Name


class Change(Happens, frozen=True, kw_only=True, tag_field="verb", tag="change"):
    """The picture changed."""

    who: Literal["motion", "light", "object"]
    magnitude: Unit = 0.6
    bearing_deg: Degrees = 0.0


class Event(Happens, frozen=True, kw_only=True, tag_field="verb", tag="event"):
    """Something happened in the room, as a sentence."""

    who: Annotated[str, Meta(min_length=1, max_length=300)]
    seen_by: Union[list[Name], None] = None  # noqa: UP007
    kind: Literal["event", "hazard"] = "event"
    confidence: Unit = 0.9
    bearing_deg: Degrees = 0.0


class Page(Happens, frozen=True, kw_only=True, tag_field="verb", tag="page"):
    """Somebody opened or closed the agent's page."""

    who: Literal["joined", "left"]


ScriptEvent = Union[  # noqa: UP007
    Arrives,
    Leaves,
    Looks,
    Moves,
    Face,
    Nods,
    Shakes,
    Says,
    Types,
    Sounds,
    Affect,
    AgentSays,
    Stops,
    Change,
    Event,
    Page,
]
VERBS: tuple[str, ...] = tuple(str(kind.__struct_config__.tag) for kind in get_args(ScriptEvent))


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_s": "from", "to_s": "to"}):
    """A span in which an initiative of one of these trigger types is called for."""

    from_s: Seconds
    to_s: Seconds
    trigger: Union[Name, list[Name]]  # noqa: UP007
    why: str = ""

    @property
    def triggers(self) -> tuple[str, ...]:
        """The fitting types."""
        return (self.trigger,) if isinstance(self.trigger, str) else tuple(self.trigger)


class Quiet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_s": "from", "to_s": "to"}):
    """A span in which staying quiet is right."""

    from_s: Seconds
    to_s: Seconds
    why: str = ""


class SceneScript(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scene."""

    scene: Name
    about: str = ""
    seconds: Annotated[float, Meta(ge=10, le=1_800)]
    agent: Name = "Attune"
    script: Annotated[list[ScriptEvent], Meta(max_length=5_000)]
    windows: Annotated[list[Window], Meta(max_length=200)] = []
    quiet: Annotated[list[Quiet], Meta(max_length=200)] = []
    goals: Goals = ()
    places: Places = {}

    @property
    def declared(self) -> Declared | None:
        """What people of the scene may want, as a scenario would declare it; None for nothing."""
        return Declared(goals=self.goals, places=self.places) if self.goals else None


def read_scenes(folder: Path) -> list[SceneScript]:
    """Return the scenes of a folder and those below it, in order of their paths.

    Raises:
        AttuneError: no folder, no scene in it, or a mistake in one of them.
    """
    if not folder.is_dir():
        raise AttuneError(f"{folder} is not a folder", "give a folder of scenes (docs/social-bench.md)")
    paths = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    if not paths:
        raise AttuneError(f"{folder} holds no scene", "scenes are .yaml files (docs/social-bench.md)")
    if len(paths) > SCENES_MAX:
        raise AttuneError(f"{folder} holds {len(paths)} scenes", f"at most {SCENES_MAX} are played at once")
    return [read_scene(path) for path in paths]


def read_scene(path: Path) -> SceneScript:
    """Return one scene.

    Raises:
        AttuneError: naming the file, the place in it and the mend.
    """
    data = read_yaml(path, max_bytes=SCENE_BYTES_MAX)
    scene = parse_scene(data, str(path))
    if scene.scene != path.stem:
        raise AttuneError(f"{path}: scene: it is called '{scene.scene}'", f"call it {path.stem}, as its file")
    return scene


def parse_scene(data: Any, where: str) -> SceneScript:
    """Return the scene in plain data; `where` is what errors call it.

    Raises:
        AttuneError: as `read_scene`.
    """
    if not isinstance(data, dict) or not isinstance(data.get("script"), list):
        raise AttuneError(f"{where}: a scene is a mapping with a list 'script'", SEE)
    script = [_tagged(event, f"{where}: script[{index}]") for index, event in enumerate(data["script"])]
    try:
        scene = msgspec.convert({**data, "script": script}, SceneScript)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        field = place.strip("`$.") or "the scene"
        comma = "unknown field" in message and field.startswith(("windows", "quiet"))
        mend = "put a text that holds a comma in quotes" if comma else SEE
        mend = mend_of(message) if field.startswith(("goals", "places")) else mend
        raise AttuneError(f"{where}: {field}: {message[:1].lower()}{message[1:]}", mend) from None
    _check_times(scene, where)
    _check_people(scene, where)
    check_goals(scene.goals, scene.places, where)
    for index, window in enumerate(scene.windows):
        _check_triggers(window.triggers, f"{where}: windows[{index}]")
    return scene


def _tagged(event: Any, where: str) -> dict[str, Any]:
    """Return an event with its verb and whom or what it is about under fixed names."""
    if not isinstance(event, dict):
        raise AttuneError(f"{where}: an event is a mapping such as {{at: 1.0, arrives: anna}}", SEE)
    verbs = [key for key in event if key in VERBS]
    if len(verbs) != 1:
        other = [str(key) for key in event if key != "at"]
        near = next((match for key in other for match in difflib.get_close_matches(key, VERBS, n=1)), "")
        mend = f"did you mean '{near}'?" if near and not verbs else f"one of: {', '.join(VERBS)}"
        count = "no verb" if not verbs else f"{len(verbs)} verbs ({', '.join(verbs)})"
        raise AttuneError(f"{where}: the event has {count}", mend)
    rest = {key: value for key, value in event.items() if key != verbs[0]}
    if "who" in rest or "verb" in rest:
        raise AttuneError(f"{where}: unknown field '{'who' if 'who' in rest else 'verb'}'", SEE)
    return {**rest, "verb": verbs[0], "who": event[verbs[0]]}


def _check_times(scene: SceneScript, where: str) -> None:
    last_s = 0.0
    for index, event in enumerate(scene.script):
        if event.at < last_s or event.at > scene.seconds:
            problem = (
                "is before the event above it" if event.at < last_s else f"is after the scene's {scene.seconds:g} s"
            )
            raise AttuneError(f"{where}: script[{index}]: at: {event.at:g} {problem}", "sort the events by time")
        last_s = event.at
    named: tuple[tuple[str, Sequence[Window | Quiet]], ...] = (("windows", scene.windows), ("quiet", scene.quiet))
    for name, spans in named:
        for index, span in enumerate(spans):
            if not span.from_s < span.to_s <= scene.seconds:
                raise AttuneError(
                    f"{where}: {name}[{index}]: from {span.from_s:g} to {span.to_s:g} is no span of the scene",
                    f"from < to <= {scene.seconds:g}",
                )
    for index, window in enumerate(scene.windows):
        for quiet in scene.quiet:
            if window.from_s < quiet.to_s and quiet.from_s < window.to_s:
                raise AttuneError(
                    f"{where}: windows[{index}]: it overlaps the quiet span from {quiet.from_s:g} to {quiet.to_s:g}",
                    "let one of them end before the other begins",
                )


def _check_people(scene: SceneScript, where: str) -> None:
    """Refuse a look or move of somebody who was never seen to arrive: it would silently mean nothing."""
    come: set[str] = set()
    for index, event in enumerate(scene.script):
        if isinstance(event, Arrives):
            come.add(event.who)
        elif isinstance(event, (Leaves, Looks, Moves, Face, Nods, Shakes)) and event.who not in come:
            raise AttuneError(f"{where}: script[{index}]: '{event.who}' has not arrived", "add an `arrives` before it")


def _check_triggers(names: Sequence[str], where: str) -> None:
    for name in names:
        if name not in THRESHOLDS:
            near = difflib.get_close_matches(name, list(THRESHOLDS), n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(THRESHOLDS)}"
            raise AttuneError(f"{where}: trigger: unknown type '{name[:60]}'", mend)
