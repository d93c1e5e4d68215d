"""Takes a model's reasoning out of its words: `<think> ... </think>` is never spoken, wherever the stream is cut.

For servers that leave the reasoning of DeepSeek, Qwen and their like in the content. A block that never ends swallows
the rest of the answer, which is then empty, and the scenario answers. Pure; keeps no more than a mark's length.
"""

from __future__ import annotations

import re

MARKS = ("think", "thinking", "thought", "reasoning")
_OPEN = re.compile(rf"<(?:{'|'.join(MARKS)})>", re.IGNORECASE)
_CLOSE = re.compile(rf"</(?:{'|'.join(MARKS)})>", re.IGNORECASE)
_OPENS = tuple(f"<{mark}>" for mark in MARKS)
_LONGEST = max(len(mark) for mark in _OPENS) + 1


class ThoughtFilter:
    """Filters the words of one answer."""

    def __init__(self) -> None:
        """Start outside of any thought."""
        self._inside = False
        self._held = ""

    def push(self, text: str) -> str:
        """Add words as they come; return those that are not reasoning."""
        self._held += text
        spoken = ""
        while True:
            mark = (_CLOSE if self._inside else _OPEN).search(self._held)
            if mark is None:
                break
            if not self._inside:
                spoken += self._held[: mark.start()]
            self._held = self._held[mark.end() :]
            self._inside = not self._inside
        if self._inside:
            self._held = self._held[-_LONGEST:]
            return spoken
        keep = _unfinished(self._held)
        spoken += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return spoken

    def flush(self) -> str:
        """Return what was held back, at the end of the answer."""
        rest = "" if self._inside else self._held
        self._held = ""
        return rest


def _unfinished(text: str) -> int:
    """Return the length of a mark that may have begun at the text's end."""
    at = text.rfind("<", max(0, len(text) - _LONGEST))
    if at < 0:
        return 0
    tail = text[at:].lower()
    return len(tail) if any(mark.startswith(tail) for mark in _OPENS) else 0
