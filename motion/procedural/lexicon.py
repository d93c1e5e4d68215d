"""The gesture lexicon: every gesture by name and alias. Which one free text means, `motion.text.matcher` says.

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
