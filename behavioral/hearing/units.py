"""Revisable recognition units: what changed between two hypotheses, as add, revoke and commit edits.

The incremental-unit model of Schlangen and Skantze (2011) as in retico: a word is added as soon as it is believed, revoked when a later
hypothesis says otherwise, committed when it cannot change any more. Units are a stack: words are added at the end and revoked from
the end, so a reader that appends on `add` and removes on `revoke` always holds the hypothesis in order. Under that rule the
edits given here are the fewest possible: everything up to the first differing word stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_MAX_TEXT = 128  # runtime.messages.Label


@dataclass(frozen=True, slots=True)
class HypothesisWord:
    """One word of a hypothesis with session times and confidence 0 to 1.

    `sentence_end` is the log-odds that a sentence is over with this word, where the recogniser has an opinion.
    """

    text: str
    start_ns: int
    end_ns: int
    confidence: float = 0.5
    sentence_end: float | None = None


@dataclass(frozen=True, slots=True)
class UnitEdit:
    """One change of the hypothesis; the fields are those of `runtime.messages.Word`, and the word's `sentence_end`."""

    op: Literal["add", "revoke", "commit"]
    unit_id: str
    text: str
    start_ns: int
    end_ns: int
    confidence: float
    sentence_end: float | None = None


class RevisableUnits:
    """The units of one utterance."""

    def __init__(self, t_ns: int) -> None:
        """Begin an utterance; its start time makes the unit ids unique in the session and the same in every run."""
        self._prefix = f"unit-{t_ns // 1_000_000}"
        self._made = 0
        self._units: list[tuple[str, HypothesisWord]] = []
        self._committed = 0

    @property
    def words(self) -> tuple[HypothesisWord, ...]:
        """The current hypothesis, committed words first."""
        return tuple(word for _, word in self._units)

    @property
    def committed(self) -> int:
        """How many of the words are committed."""
        return self._committed

    def revise(self, words: Sequence[HypothesisWord]) -> list[UnitEdit]:
        """Replace everything that is not committed by `words` and return the edits (revokes from the end, then adds).

        A word that stays keeps its unit; its newer times and confidence are kept for the commit.
        """
        open_units = self._units[self._committed :]
        same = 0
        while same < min(len(open_units), len(words)) and _same(open_units[same][1], words[same]):
            same += 1
        edits = [_edit("revoke", unit_id, word) for unit_id, word in reversed(open_units[same:])]
        kept = [(unit_id, word) for (unit_id, _), word in zip(open_units[:same], words[:same], strict=True)]
        self._units[self._committed :] = kept
        for word in words[same:]:
            self._made += 1
            unit_id = f"{self._prefix}-{self._made}"
            self._units.append((unit_id, word))
            edits.append(_edit("add", unit_id, word))
        return edits

    def commit(self, count: int | None = None) -> list[UnitEdit]:
        """Commit the next `count` open words, or all of them."""
        open_count = len(self._units) - self._committed
        count = open_count if count is None else min(count, open_count)
        edits = [
            _edit("commit", unit_id, word) for unit_id, word in self._units[self._committed : self._committed + count]
        ]
        self._committed += count
        return edits

    def revoke_open(self) -> list[UnitEdit]:
        """Revoke everything that is not committed."""
        return self.revise(())


def _same(one: HypothesisWord, other: HypothesisWord) -> bool:
    return plain_word(one.text) == plain_word(other.text)


def _edit(op: Literal["add", "revoke", "commit"], unit_id: str, word: HypothesisWord) -> UnitEdit:
    confidence = min(1.0, max(0.0, word.confidence))
    return UnitEdit(op, unit_id, word.text[:_MAX_TEXT], word.start_ns, word.end_ns, confidence, word.sentence_end)


def plain_word(text: str) -> str:
    """Return a word's letters and digits in lower case: what is left when a recogniser changes its mind about case and punctuation."""
    return "".join(filter(str.isalnum, text.casefold())) or text
