"""Cutting a streamed reply into clauses that can be spoken before the reply is complete.

The first clause is cut early, at the first comma that leaves something to say, because it decides how soon the agent is
heard; later ones at sentence ends, or at a comma once long enough. Abbreviations, initials, numbers, quotes and
brackets do not cut. A clause never exceeds `max_chars`. The result does not depend on how the text was cut into pieces
on its way here. Pure; no locale but English punctuation and abbreviations.
"""

from __future__ import annotations

import re

FIRST_MIN_CHARS = 12
MIN_CHARS = 40
MAX_CHARS = 180

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st sr jr rev gen sgt capt lt hon gov vs etc inc ltd corp dept est approx appt apt ave blvd e.g i.e
    cf a.m p.m u.s u.k ph.d feb apr jun jul aug sept oct nov tue tues thu thur thurs fri
    """.split()
)
_BEFORE_NUMBERS = frozenset(("no", "nos", "fig", "figs", "vol", "ch", "sec", "eq", "pp", "p", "mar", "dec", "jan"))
"""Words of their own, too: abbreviations only where a number follows."""
_ENDS = ".!?\u2026"
_BREAKS = ",;:\u2014\u2013"
_CLOSERS = "\"'\u201d\u2019)]}\u00bb"
_CONJUNCTION = re.compile(r" (?=(?:and|but|or|so|because|which|who|that|when|where|while|if|then|with)\b)")
_MARKUP = re.compile(r"[*`#~|<>\\]")
_HAS_WORD = re.compile(r"\w")
_LOOK_AHEAD = 3
"""Signs after a boundary that may have to be seen before it is sure."""


class ClauseSplitter:
    """Collects pieces of one reply and gives out its clauses; one instance per reply."""

    def __init__(
        self, *, first_min_chars: int = FIRST_MIN_CHARS, min_chars: int = MIN_CHARS, max_chars: int = MAX_CHARS
    ) -> None:
        """Set the shortest clause that a comma may end (for the first and the later ones) and the longest of all."""
        if not 1 <= first_min_chars <= max_chars or not 1 <= min_chars <= max_chars:
            raise ValueError(f"clause lengths must satisfy 1 <= {first_min_chars}, {min_chars} <= {max_chars}")
        self._first_min_chars = first_min_chars
        self._min_chars = min_chars
        self._max_chars = max_chars
        self._buffer = ""
        self._given = 0

    def push(self, text_piece: str) -> list[str]:
        """Add a piece of text and return the clauses that are complete now."""
        for character in text_piece:
            self._append(character)
        return self._complete(final=False)

    def flush(self) -> list[str]:
        """Return what is left at the end of the reply, and begin anew."""
        clauses = self._complete(final=True)
        self._buffer, self._given = "", 0
        return clauses

    def _append(self, character: str) -> None:
        """Add one sign: runs of white space become one space, a line break outlives them, markup and controls vanish."""
        if _MARKUP.match(character):
            return
        if character.isspace():
            if not self._buffer:
                return
            mark = "\n" if character in "\n\r" else " "
            if self._buffer[-1] == " " and mark == "\n":
                self._buffer = self._buffer[:-1] + "\n"
            elif self._buffer[-1] not in " \n":
                self._buffer += mark
        elif character.isprintable():
            self._buffer += character

    def _complete(self, *, final: bool) -> list[str]:
        clauses: list[str] = []
        while True:
            size = self._boundary(final)
            if size == 0:
                break
            clause = " ".join(self._buffer[:size].split())
            self._buffer = self._buffer[size:].lstrip()
            if _HAS_WORD.search(clause):  # lone punctuation is not spoken
                clauses.append(clause)
                self._given += 1
        return clauses

    def _boundary(self, final: bool) -> int:
        """Return how many signs of the buffer make the next clause, 0 where that is not known yet."""
        text = self._buffer
        full = len(text) >= self._max_chars + _LOOK_AHEAD
        sure = len(text) if final else len(text) - _LOOK_AHEAD
        limit = min(len(text), self._max_chars)
        least = self._min_chars if self._given else self._first_min_chars
        for at in range(limit):
            size = self._cut_at(text, at, least, final)
            if size < 0:
                if not full and not final:
                    return 0
                continue
            if 0 < size <= self._max_chars:
                return size
        if full or (final and len(text) > self._max_chars):
            return self._forced(text)
        return len(text) if final and sure > 0 else 0

    def _cut_at(self, text: str, at: int, least: int, final: bool) -> int:
        """Return the clause's size if sign `at` ends it, 0 if it does not, -1 if more text is needed to tell."""
        sign = text[at]
        if sign == "\n":
            return at + 1
        if sign not in _ENDS and sign not in _BREAKS:
            return 0
        if sign in _ENDS and at and text[at - 1] in _ENDS:
            return 0  # inside "..." or "?!", which is judged as one at its first sign
        end = at + 1
        while end < len(text) and text[end] in _ENDS + _CLOSERS:
            end += 1
        if end >= len(text):
            return len(text) if final else -1
        if not text[end].isspace():
            return 0
        if sign in _BREAKS:
            return end if end >= least and " " in text[:end].strip() else 0
        if sign == "." and _is_abbreviation(text[: at + 1]):
            return 0
        if sign == "." and end == at + 1 and _last_word(text[: at + 1]).lower() in _BEFORE_NUMBERS:
            if end + 1 >= len(text):
                return end if final else -1
            return 0 if text[end + 1].isdigit() else end
        if end + 1 >= len(text):
            # A full stop before white space ends a sentence; after a quote or dots, only if no small letter goes on.
            return end if final or end == at + 1 else -1
        return 0 if end > at + 1 and text[end + 1].islower() else end

    def _forced(self, text: str) -> int:
        """Return where to cut a clause that is too long: before a conjunction in its second half, or at its last space."""
        window = text[: self._max_chars + 1]
        places = [match.end() for match in _CONJUNCTION.finditer(window) if match.start() >= self._max_chars // 2]
        return places[-1] if places else (window.rfind(" ") + 1 or self._max_chars)


def _last_word(text: str) -> str:
    """Return the last word of a text that ends in a full stop, without it and without opening quotes."""
    words = text[:-1].rsplit(None, 1)
    return words[-1].lstrip("\"'(\u201c\u2018[") if words else ""


def _is_abbreviation(text: str) -> bool:
    """Say whether a text that ends in a full stop ends in an abbreviation or an initial rather than in a sentence."""
    word = _last_word(text)
    if len(word) == 1:
        return word.isupper() and word != "I"
    return word.lower() in _ABBREVIATIONS
