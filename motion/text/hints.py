"""What a text says about how to gesture: which hand, which way, how fast, how big. Plain rules over words; radians; never fails."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from motion.text.features import words

_YAW_RAD: Final = math.radians(45)
_PITCH_RAD: Final = math.radians(25)
_LIMB: Final = r"(?:hand|hands|arm|arms|palm|finger|thumb|index finger|index|fist)"
_FILL: Final = r"(?:your |the |my |his |her |own |lifted |raised |open )*"
_LEFT_HAND: Final = re.compile(rf"\bleft (?:open |flat |index )?{_LIMB}\b|\blefthanded\b|\bleft handed\b")
_RIGHT_HAND: Final = re.compile(rf"\bright (?:open |flat |index )?{_LIMB}\b|\bright ?handed\b")
_BOTH: Final = re.compile(rf"\b(?:both|two) {_FILL}(?:hands|arms|palms|fists|thumbs)\b")
_WAY: Final = re.compile(
    r"\b(?:to|towards?|on|at) (?:the |your |my |his |her )?(left|right)\b(?! (?:hand|arm|palm|finger|thumb))"
    r"|\b(leftwards?|rightwards?)\b"
)
_PERSON: Final = re.compile(r"\b(?:on|to|at) the (left|right) side\b")
_AHEAD: Final = re.compile(r"\b(?:straight ahead|ahead|in front|forwards?)\b")
_ABOVE: Final = frozenset(("upwards", "upward", "above", "ceiling", "sky", "overhead"))
_BELOW: Final = frozenset(("downwards", "downward", "below", "floor", "ground"))
_SLOW: Final = frozenset(("slow", "slowly", "gently", "calmly", "leisurely", "unhurriedly"))
_FAST: Final = frozenset(("fast", "quick", "quickly", "briskly", "swiftly", "hastily", "rapidly"))
_LARGE: Final = frozenset(
    ("big", "large", "wide", "widely", "broad", "broadly", "huge", "deep", "deeply", "strongly", "vigorously", "energetically")
)  # fmt: skip
_MODEST: Final = frozenset(
    ("small", "little", "slight", "slightly", "discreetly", "subtle", "subtly", "tiny", "modest")
)
SLOW_TEMPO: Final = 0.8
FAST_TEMPO: Final = 1.25
LARGE_AMPLITUDE: Final = 1.25
MODEST_AMPLITUDE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Hints:
    """How to gesture, where a text says so.

    Attributes:
        side: -1 right hand, 1 left hand, 0 not said.
        both_hands: asked for with both hands.
        direction_rad: yaw (left positive) and pitch (up positive) of a target, or None.
        tempo: 1 is ordinary.
        amplitude: 1 is ordinary.
    """

    side: float = 0.0
    both_hands: bool = False
    direction_rad: tuple[float, float] | None = None
    tempo: float = 1.0
    amplitude: float = 1.0


NO_HINTS: Final = Hints()


def hints_of(text: str) -> Hints:
    """Read the hints in a text."""
    tokens = words(text)
    said = " ".join(tokens)
    has = set(tokens)
    left, right = _LEFT_HAND.search(said) is not None, _RIGHT_HAND.search(said) is not None
    both = _BOTH.search(said) is not None or (left and right)
    side = 0.0 if both or left == right else 1.0 if left else -1.0
    yaw, pitch = _yaw(said), _PITCH_RAD * ((not has.isdisjoint(_ABOVE)) - (not has.isdisjoint(_BELOW)))
    direction = None if yaw is None and pitch == 0.0 else (yaw or 0.0, pitch)
    tempo = SLOW_TEMPO if not has.isdisjoint(_SLOW) else FAST_TEMPO if not has.isdisjoint(_FAST) else 1.0
    large, modest = not has.isdisjoint(_LARGE), not has.isdisjoint(_MODEST)
    amplitude = 1.0 if large == modest else LARGE_AMPLITUDE if large else MODEST_AMPLITUDE
    return Hints(side, both, direction, tempo, amplitude)


def _yaw(said: str) -> float | None:
    found = _PERSON.search(said) or _WAY.search(said)
    if found is not None:
        way = next(group for group in found.groups() if group)
        return _YAW_RAD if way.startswith("left") else -_YAW_RAD
    return 0.0 if _AHEAD.search(said) else None
