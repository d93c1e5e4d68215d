"""What a body can express of an intention: as it is, otherwise, or not at all.

A body without a neck turns its waist for a nod, one without a face shows a feeling by head and posture, one without arms gestures with head
and antennas, one without eyes looks with its head. Which joints do it is the retargeting's business; here it is decided whether the act is
kept, exchanged for one that the body can show, or refused with the reason. Pure functions over tables.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from motion.embodiment.description import Part
from motion.procedural import lexicon

Way = Literal["as_is", "otherwise", "rejected"]
Kind = Literal["dialogue", "gesture", "gaze", "expression", "posture", "locomotion", "attention"]


@dataclass(frozen=True, slots=True)
class Expressed:
    """What a body makes of an act.

    Attributes:
        way: as it is, otherwise, or rejected.
        kind: channel of what is performed.
        label: what is performed; empty where the act has none.
        by: what does it instead.
        reason: in words; why it is rejected, or how it is expressed otherwise.
    """

    way: Way
    kind: Kind
    label: str = ""
    by: tuple[Part, ...] = ()
    reason: str = ""


TRUNK: Final = frozenset({"bow", "listen_in", "lean_back"})
"""Gestures of the trunk; all others without hands are the head's."""
FINGERS: Final = frozenset({"count_1", "count_2", "count_3", "count_4", "count_5", "thumbs_up"})
"""Gestures that say nothing without fingers."""
HANDS: Final = frozenset({"this", "both", "celebrate"})
"""Gestures that are taken for others without their hand shapes; the arm still does its part."""
SHOULDERS: Final = frozenset({"shrug"})
"""Gestures of shoulder blades, which no body here has; arms and head do their part."""
POINTING: Final = frozenset({"point", "this", "that", "you"})
"""Gestures at something: without arms the body looks there, where it is known."""
ARMLESS: Final[dict[str, str]] = {
    **dict.fromkeys(("greet", "wave", "hand_on_heart", "thumbs_up", "comfort", "offer", "me"), "nod_slow"),
    **dict.fromkeys(("celebrate", "applaud", "emphasise_chop", "you", "point", "this", "that", "both"), "nod_emphatic"),
    **dict.fromkeys(("farewell", "salute", "welcome", "apologise"), "bow"),
    **dict.fromkeys(("stop", "reject"), "no"),
    **dict.fromkeys(("calm_down",), "shake_slow"),
    **dict.fromkeys(("shrug", "confused", "think", "one_moment"), "tilt"),
    **dict.fromkeys(("surprised",), "lean_back"),
    **dict.fromkeys(("beckon", "open_palms"), "listen_in"),
}
"""What head and trunk do for a gesture of the arms; what is not here means nothing without arms (sizes, numbers, sides)."""
FACELESS: Final[dict[str, str]] = {
    "happy": "open", "sad": "closed", "angry": "lean_in", "surprised": "lean_back", "relaxed": "neutral",
}  # fmt: skip
"""The posture that stands for an expression."""

_NODDING: Final[tuple[Part, ...]] = ("head", "waist", "antennas")
"""What can do a gesture of the head, the best first."""
_LEANING: Final[tuple[Part, ...]] = ("waist", "head", "antennas")
_LOOKING: Final[tuple[Part, ...]] = ("eyes", "head", "waist", "base")


def express(kind: Kind, label: str, parts: Collection[str], *, aimed: bool = False) -> Expressed:
    """Return what a body makes of an intention.

    Args:
        kind: its channel.
        label: canonical name of the gesture, expression or posture.
        parts: what the body has.
        aimed: whether it is known where the target is.
    """
    if kind == "gesture":
        return gesture(label, parts, aimed=aimed)
    if kind in ("gaze", "attention"):
        return _by(kind, label, _LOOKING, parts, "look")
    if kind == "expression":
        return _expression(label, parts)
    if kind == "posture":
        if "arms" in parts and label in ("open", "closed"):
            return Expressed("as_is", kind, label)
        return _by(kind, label, _LEANING, parts, "take a posture")
    if kind == "locomotion" and "base" not in parts:
        return Expressed("rejected", kind, label, reason="this body cannot move about")
    return Expressed("as_is", kind, label)


def gesture(label: str, parts: Collection[str], *, aimed: bool = False) -> Expressed:
    """Return what a body makes of a gesture of the lexicon. Raises ValueError for a label that is none."""
    definition = lexicon.find(label)
    label = definition.label
    if definition.hands == "none":
        means, what = (_LEANING, "lean") if label in TRUNK else (_NODDING, "move its head")
        return _by("gesture", label, means, parts, what)
    if "arms" not in parts:
        return _without_arms(label, parts, aimed)
    if "hands" not in parts and label in FINGERS:
        return Expressed("rejected", "gesture", label, reason=f"this body has no fingers for {label}")
    if "hands" not in parts and label in HANDS:
        return Expressed("otherwise", "gesture", label, ("arms",), "by the arm, without fingers")
    if label in SHOULDERS:
        return Expressed("otherwise", "gesture", label, ("arms",), "by arms and head, without shoulder blades")
    return Expressed("as_is", "gesture", label)


def _without_arms(label: str, parts: Collection[str], aimed: bool) -> Expressed:
    if label in POINTING and aimed:
        look = _by("gaze", "", _LOOKING, parts, "point")
        return look if look.way == "rejected" else Expressed("otherwise", "gaze", "", look.by, "by looking there")
    instead = ARMLESS.get(label)
    can = tuple(part for part in _NODDING if part in parts)
    if instead is None or not can:
        return Expressed("rejected", "gesture", label, reason=f"this body has no arms for {label}")
    return Expressed("otherwise", "gesture", instead, can, f"as {instead}, without arms")


def _expression(label: str, parts: Collection[str]) -> Expressed:
    if "face" in parts:
        return Expressed("as_is", "expression", label)
    can = tuple(part for part in ("head", "waist", "arms", "antennas") if part in parts)
    if label not in FACELESS or not can:
        return Expressed("rejected", "expression", label, reason="this body has no face, nor anything to stand for it")
    return Expressed("otherwise", "posture", FACELESS[label], can, "by head and posture, without a face")  # type: ignore[arg-type] # literals above


def _by(kind: Kind, label: str, means: tuple[Part, ...], parts: Collection[str], what: str) -> Expressed:
    """Return whether the first means does it, or which one instead."""
    can = tuple(part for part in means if part in parts)
    if not can:
        return Expressed("rejected", kind, label, reason=f"this body has nothing to {what} with")
    if can[0] == means[0]:
        return Expressed("as_is", kind, label)
    return Expressed("otherwise", kind, label, can[:1], f"by the {can[0]}, without {means[0]}")
