# ruff: noqa: E501 - one formula a line
"""Whether a child is here, as far as words tell: nothing is concluded from a face or a voice, whose age is guesswork. Pure."""

from __future__ import annotations

from cognitive.formulas import any_of, plain
from cognitive.situation import Situation

_SAYS = any_of(
    r"""
    i(?:'m| am) (?:only |just |almost |nearly )?(?:[3-9]|1[0-7]|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)(?: years? old| and a half|$) / i(?:'m| am) in (?:the )?(?:first|second|third|fourth|fifth|sixth|seventh) (?:grade|class|form|year) /
    i go to (?:kindergarten|preschool|primary school|elementary school) /
    (?:this is|meet) my (?:little )?(?:son|daughter|grandson|granddaughter|kid|boy|girl) /
    (?:he|she) is (?:only )?(?:[3-9]|1[0-2]|three|four|five|six|seven|eight|nine|ten) years old
    """
)
_HAPPENS = any_of(
    r"(?:a|the|two|three|little|small|young) (?:\w+ )?(?:child|children|kid|kids|toddler|boy|girl|baby|pupils)"
)


def child_here(situation: Situation) -> bool:
    """Whether somebody's words, or what is told of the room, say that a child is here."""
    if any(said.speaker == "user" and _SAYS.search(plain(said.text)) for said in situation.utterances):
        return True
    return any(_HAPPENS.search(plain(event.text)) for event in situation.events)
