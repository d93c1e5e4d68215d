"""Which gesture a name or free text asks for, by the lexicon's names first and the shipped text encoder else.

Pure but for reading the model once; under a millisecond; any thread. `AttuneError` where the model file is missing or damaged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from motion.procedural.lexicon import ALIASES, LEXICON
from motion.text.encoder import Match, TextEncoder, shipped
from motion.text.features import words
from motion.text.hints import Hints, hints_of

_SHOWS_SIZE: Final = frozenset(("big", "small"))
"""In what asks for these, "large" is said of the thing and not of the gesture."""
_SLOW_ALREADY: Final = frozenset(("nod_slow", "shake_slow"))
"""Slow in themselves: "slowly" is what they are called for."""


SURE: Final = 0.3
"""Score from which free text counts as asking for a gesture."""


def match(text: str, encoder: TextEncoder | None = None) -> Match:
    """Find the gesture that a text asks for.

    Args:
        text: a label or alias in any spelling, or for example "raise your right hand and wave".
        encoder: another encoder than the shipped one.

    Returns:
        A name of the lexicon scores 1; an empty label where the text asks for no gesture.
    """
    key = "_".join(words(text))
    label = ALIASES.get(key, key)
    if label in LEXICON:
        return Match(label, 1.0, hints_for(label, text))
    found = (encoder or shipped()).nearest(text)
    if found.label not in LEXICON:
        return Match("", found.score)
    return replace(found, hints=hints_for(found.label, text))


def hints_for(label: str, text: str) -> Hints:
    """How a text says that a gesture is to be done."""
    hints = hints_of(text)
    return replace(
        hints,
        amplitude=1.0 if label in _SHOWS_SIZE else hints.amplitude,
        tempo=1.0 if label in _SLOW_ALREADY else hints.tempo,
    )
