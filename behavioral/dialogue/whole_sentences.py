"""Whether a recognised text is a whole sentence of the scenario: what turn-taking may take as a turn that is over.

A pattern without `*` at its end is closed when all of its words are there; one that ends in `*` may go on. Compared word by word, after
the recogniser's grammar has done the forgiving. Pure; compiled once per scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from runtime.patterns import NOT_A_SLOT, SLOT_WORDS_MAX, words_of

_NO_SLOT = "|".join(sorted(NOT_A_SLOT))
_SLOT = rf"(?!(?:{_NO_SLOT})\b)[a-z']+(?: [a-z']+){{0,{SLOT_WORDS_MAX - 1}}}"


class WholeSentences:
    """The sentences of one scenario."""

    def __init__(self, patterns: Iterable[tuple[str, ...]]) -> None:
        """Compile expanded patterns (`Rule.patterns`)."""
        closed: set[str] = set()
        open_ended: set[str] = set()
        for tokens in patterns:
            kept = tokens
            while kept and kept[-1] == "*":
                kept = kept[:-1]
            if any(not token.startswith("{") and token != "*" for token in kept):
                (closed if kept == tokens else open_ended).add(" ".join(map(_expression, kept)))
        self._closed = _compiled(closed)
        self._open = _compiled(open_ended)

    def fit(self, text: str) -> Literal["", "open", "closed"]:
        """Say what a text is: nothing whole, a sentence that may go on, or one that is over."""
        said = " ".join(words_of(text))
        if not said:
            return ""
        if self._closed.fullmatch(said):
            return "closed"
        return "open" if self._open.fullmatch(said) else ""


def _expression(token: str) -> str:
    if token == "*":
        return r"(?:[a-z']+ )*?[a-z']+"
    return _SLOT if token.startswith("{") else re.escape(token)


def _compiled(expressions: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(expressions)) or r"(?!)")
