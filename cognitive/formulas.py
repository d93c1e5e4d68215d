"""Formulas of everyday English as one compiled pattern: what `cognitive.speech_acts` and the triggers look for in sentences. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def any_of(formulas: str) -> re.Pattern[str]:
    """Return the pattern of formulas that are parted by ` / `, each a regular expression over the words of `plain`."""
    parts = [" ".join(part.split()) for part in formulas.split(" /")]
    return re.compile(r"(?<![\w'])(?:" + "|".join(parts) + r")(?!\w)")


def plain(text: str) -> str:
    """Return the words of a text, lower-case, one space between them."""
    return " ".join(_WORD.findall(text.lower().replace("\u2019", "'")))
