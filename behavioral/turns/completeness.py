"""Does a partial text sound finished? A small, explainable score for English.

The score is 0 (surely goes on) to 1 (surely done). It looks at how the text ends: on a word that needs
another one (article, preposition, conjunction, auxiliary), on a filler, or on a word that can close a clause;
very short texts are complete only when they are answers or greetings.
"""

from __future__ import annotations

import re

CONTINUES = frozenset(
    """
    a an the my your his her its our their this that these those some any every each of in on at to for from
    with by about as into over under between and or but because so if when while although than then that
    which who whose where what is are was were am be been being have has had do does did will would can
    could should may might must i we they he she it's i'm don't not very really quite more most such just
    also like
    """.split()
)
"""Words after which English wants another one."""

FILLERS = frozenset(
    """
    uh um uhm er erm hmm well eh
    """.split()
)
CLOSED_ALONE = frozenset(
    """
    yes no yeah yep nope okay ok sure hello hi hey thanks bye goodbye right please maybe exactly great fine
    good stop sorry
    """.split()
)
"""One-word turns that are complete."""

_WORD = re.compile(r"[a-z']+")


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text."""
    return _WORD.findall(text.lower())


def completeness(text: str) -> float:
    """Return how finished a text sounds, 0 to 1; 0.4 (undecided) for no text at all."""
    words = words_of(text)
    if not words:
        return 0.4
    last = words[-1]
    if last in FILLERS:
        return 0.05
    if len(words) <= 2 and last in CLOSED_ALONE:
        return 0.95
    if last in CONTINUES:
        return 0.1
    if len(words) == 1:
        return 0.5
    if len(words) == 2:
        return 0.6
    return 0.8


BACKCHANNELS = frozenset(
    """
    mhm mm hm hmm uh-huh uhuh uh huh yeah yes yep right okay ok aha ah oh i see sure wow really
    """.split()
)
"""Words of which a backchannel is made."""


def is_backchannel(text: str) -> bool:
    """Return whether a text consists of backchannel words only (at most four of them)."""
    words = words_of(text)
    return 0 < len(words) <= 4 and all(word in BACKCHANNELS for word in words)
