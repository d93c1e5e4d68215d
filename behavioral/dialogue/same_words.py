"""Whether two recognitions of one turn mean the same, so that a reply prepared for the one answers the other.

A draft is made from a hypothesis, the final words come later: capitals, punctuation, hesitations and repeated words make no
difference; any other word, number or negation does. Pure.
"""

from __future__ import annotations

import re

from behavioral.turns.completeness import FILLERS

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_HESITATIONS = FILLERS - {"well"} | {"ah", "oh", "please"}
"""Sounds and courtesies that ask for nothing. "Well" alone may be an answer."""


def meaning_words(text: str) -> list[str]:
    """Return the words that bear the meaning, lower case, each repetition in a row once."""
    words: list[str] = []
    for found in _WORD.findall(text.lower().replace("\u2019", "'")):
        if found not in _HESITATIONS and words[-1:] != [found]:
            words.append(found)
    return words


def same_meaning(drafted: str, final: str) -> bool:
    """Return whether a reply to the one text is a reply to the other."""
    words = meaning_words(drafted)
    return words == meaning_words(final) and (bool(words) or drafted.strip().lower() == final.strip().lower())
