"""Words from Praat's TextGrid files, long and short text format.

Praat's rule is followed: only free-standing numbers, quoted strings and `<flags>` count, all else is decoration; therefore one reader does
for both formats. A package would bring as many lines again and no limits. Blocking; faults are `ValueError` with the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motion.corpus.datasets.files import text_of
from motion.corpus.words import TimedWord

MAX_ITEMS: Final = 1_000_000
_TOKEN: Final = re.compile(r'"((?:[^"]|"")*)"|(?<!\S)([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?!\S)|(<exists>)')
_SILENT: Final = frozenset(("", "sil", "sp", "spn", "<sil>", "<eps>", "<unk>", "<p:>", "#"))
"""Marks of aligners for where nothing that is a word is said."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One interval tier: what is said from when to when."""

    name: str
    intervals: tuple[TimedWord, ...]


class _Tokens:
    def __init__(self, text: str, path: Path) -> None:
        self._found: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._path = path

    def fault(self, what: str) -> ValueError:
        return ValueError(f"{self._path} is no TextGrid that can be read ({what}); save it anew with Praat as text")

    def _next(self) -> re.Match[str]:
        found = next(self._found, None)
        if found is None:
            raise self.fault("it ends too early")
        return found

    def string(self) -> str:
        found = self._next()
        if found[1] is None:
            raise self.fault(f"{found[0][:20]!r} stands where a text belongs")
        return found[1].replace('""', '"')

    def number(self) -> float:
        found = self._next()
        if found[2] is None or not math.isfinite(float(found[2])):
            raise self.fault(f"{found[0][:20]!r} stands where a number belongs")
        return float(found[2])

    def count(self) -> int:
        value = self.number()
        if not 0 <= value <= MAX_ITEMS or value != int(value):
            raise self.fault(f"{value} items")
        return int(value)

    def exists(self) -> bool:
        return self._next()[3] is not None


def read(path: Path) -> list[Tier]:
    """The interval tiers of a file; tiers of points are left out.

    Raises:
        ValueError: it is no TextGrid, is damaged or too large; the message names file and fault.
    """
    tokens = _Tokens(text_of(path), path)
    if tokens.string() != "ooTextFile" or tokens.string() != "TextGrid":
        raise tokens.fault("it does not begin as one")
    tokens.number(), tokens.number()
    if not tokens.exists():
        raise tokens.fault("it says that it has no tiers")
    tiers: list[Tier] = []
    for _ in range(tokens.count()):
        kind, name = tokens.string(), tokens.string()
        tokens.number(), tokens.number()
        if kind == "TextTier":
            for _ in range(tokens.count()):
                tokens.number(), tokens.string()
            continue
        if kind != "IntervalTier":
            raise tokens.fault(f"tier of kind {kind[:20]!r}")
        items: list[TimedWord] = []
        for _ in range(tokens.count()):
            start_s, end_s = tokens.number(), tokens.number()
            if not 0.0 <= start_s <= end_s:
                raise tokens.fault(f"tier {name[:20]!r} has an interval from {start_s} to {end_s} s")
            items.append(TimedWord(tokens.string().strip(), start_s, end_s))
        tiers.append(Tier(name, tuple(items)))
    return tiers


def words(path: Path) -> tuple[TimedWord, ...]:
    """The words of the tier `words` (Montreal Forced Aligner, BEAT), else of the first; silences are left out.

    Raises:
        ValueError: as `read`, or there is no interval tier.
    """
    tiers = read(path)
    if not tiers:
        raise ValueError(f"{path} has no interval tier; the words belong into one named 'words'")
    tier = next((tier for tier in tiers if tier.name.lower() in ("words", "word")), tiers[0])
    return tuple(word for word in tier.intervals if word.text.lower() not in _SILENT)
