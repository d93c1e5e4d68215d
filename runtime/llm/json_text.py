"""Finds the JSON object in what a model wrote around it: prose, code fences, a second object.

Linear but for `TRIES_MAX` beginnings; keeps nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

TRIES_MAX = 8
"""Braces at which an object may begin; more are garbage."""


def objects_in(text: str) -> Iterator[str]:
    """Yield balanced `{...}` pieces of the text that may be JSON objects, outermost first, at most `TRIES_MAX`."""
    start = text.find("{")
    for _try in range(TRIES_MAX):
        if start < 0:
            return
        end = _end_of_object(text, start)
        if end > 0:
            yield text[start:end]
        start = text.find("{", end if end > 0 else start + 1)


def _end_of_object(text: str, start: int) -> int:
    """Return the position after the brace that closes the one at `start`, 0 where none does."""
    depth, in_string, escaped = 0, False, False
    for at in range(start, len(text)):
        sign = text[at]
        if in_string:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                in_string = False
        elif sign == '"':
            in_string = True
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return at + 1
    return 0
