"""Pauses between the clauses of a response, by what a clause ends in (Goldman-Eisler 1968 puts juncture pauses at 100 to 500 ms). Pure."""

from __future__ import annotations

COMMA_PAUSE_MS, SENTENCE_PAUSE_MS, OTHER_PAUSE_MS = 140.0, 320.0, 60.0


def pause_after_ms(text: str) -> float:
    """Return the pause that follows a clause, by its last sign."""
    last = text.rstrip("\"'\u201d\u2019)]")[-1:]
    if last and last in ".!?\u2026":
        return SENTENCE_PAUSE_MS
    return COMMA_PAUSE_MS if last and last in ",;:\u2014\u2013" else OTHER_PAUSE_MS
