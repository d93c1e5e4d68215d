"""The gesture lexicon: every gesture by name and alias, and which one free text means.

Names are canonical labels of `entries.ENTRIES`; case, spaces and hyphens do not matter. An unknown name is an error that lists the nearest.
"""

from __future__ import annotations

import difflib
import re
from typing import Final

from motion.procedural.definition import Definition
from motion.procedural.entries import ENTRIES

LEXICON: Final[dict[str, Definition]] = {entry.label: entry for entry in ENTRIES}
"""Every gesture by its canonical label."""
# fmt: off
LABELS: Final[tuple[str, ...]] = (
    "greet", "wave", "farewell", "beckon", "welcome", "bow", "salute", "hand_on_heart",
    "point", "this", "that", "you", "me", "both", "offer",
    "yes", "nod_slow", "nod_emphatic", "no", "shake_slow", "tilt", "look_away", "listen_in", "lean_back",
    "stop", "calm_down", "reject", "one_moment", "open_palms", "emphasise_chop", "roll_on", "explain_container", "compare_sides",
    "count_1", "count_2", "count_3", "count_4", "count_5", "big", "small", "up", "down",
    "shrug", "think", "confused", "surprised", "applaud", "comfort", "celebrate", "apologise", "thumbs_up",
)
# fmt: on
"""The order that checkpoints count by, version 1. New gestures go to the end; no label moves and none goes."""
ALIASES: Final[dict[str, str]] = {
    alias: entry.label for entry in reversed(ENTRIES) for alias in entry.aliases if alias not in LEXICON
}
"""Other names; of two gestures that claim one, the earlier entry has it."""

_WORD = re.compile(r"[a-z0-9]+")
# fmt: off
_STOP: Final = frozenset((
    "a", "an", "the", "to", "and", "of", "with", "your", "you", "it", "is", "at", "in", "on", "for", "then", "please", "robot",
    "agent", "person", "user", "them", "him", "her", "his", "their", "by", "from", "as", "while",
))
# fmt: on
MATCH_FLOOR: Final = 0.3
"""Free text that scores less means no gesture."""


def _key(name: str) -> str:
    return "_".join(_WORD.findall(name.lower().replace("'", "")))


def find(label: str) -> Definition:
    """Look a gesture up by label or alias; case, spaces and hyphens do not matter.

    Raises:
        ValueError: no such gesture; the message lists the nearest labels.
    """
    key = _key(label)
    key = ALIASES.get(key, key)
    entry = LEXICON.get(key)
    if entry is None:
        near = difflib.get_close_matches(key, [*LEXICON, *ALIASES], n=4, cutoff=0.4)
        shown = list(dict.fromkeys(ALIASES.get(name, name) for name in near)) or sorted(LEXICON)
        raise ValueError(f"unknown gesture {label[:64]!r}; nearest: {', '.join(shown)}")
    return entry


def match(text: str) -> tuple[str, float]:
    """Find the gesture that free text means, by overlap of words.

    Args:
        text: for example "raise your right hand and wave".

    Returns:
        Label and score 0 to 1; an empty label where the best score is under `MATCH_FLOOR`.
    """
    tokens = _WORD.findall(text.lower().replace("'", ""))[:64]
    whole = _key(" ".join(tokens))
    if whole in LEXICON or whole in ALIASES:
        return ALIASES.get(whole, whole), 1.0
    content = [token for token in tokens if token not in _STOP] or tokens
    best, best_score = "", 0.0
    padded = f"_{whole}_"
    for entry in ENTRIES:
        names = (entry.label, *entry.aliases)
        words = {*entry.words, entry.label}
        hits = sum(1.0 for token in content if token in words or any(token.startswith(w) and len(w) > 3 for w in words))
        score = hits / (len(content) ** 0.5 + 0.5) if content else 0.0
        # The name itself standing in the text weighs most: "... and wave".
        named = max((len(name.split("_")) for name in names if len(name) > 2 and f"_{name}_" in padded), default=0)
        if f"_{entry.label}_" in padded:
            score += 0.3
        score = min(0.99, 0.6 * score + 0.25 * min(named, 2))
        if score > best_score + 1e-9:
            best, best_score = entry.label, score
    return (best, best_score) if best_score >= MATCH_FLOOR else ("", best_score)
