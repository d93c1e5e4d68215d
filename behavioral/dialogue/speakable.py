"""A model's stream of text made fit to be spoken: tags whole or gone, words of a human length, an end.

Behaviour tags are `[wave]`; what else stands in brackets is a stage direction (`[waves her hand]`), which becomes a tag of
the same words, so that the body may still find a gesture in it. Nothing between a bracket and its partner is ever
spoken, however long it is and however the stream was cut, and of a bracket that never closes its first word is not. A
word over `WORD_CHARS_MAX` is cut there. The last word is held back until the next begins, so that a tag at the end of a
reply still has a word to act at. Pure; keeps at most a word and `HELD_CHARS_MAX` of a bracket.
"""

from __future__ import annotations

import re

WORD_CHARS_MAX = 48
"""No word of a language is longer; addresses and garbage are."""
HELD_CHARS_MAX = 200
"""What is in brackets and longer is no direction; an unclosed bracket with less in it gives its words back at the end."""
TAGS_MAX = 8
"""Tags before one word; more are garbage."""
LABEL_CHARS_MAX = 32
VOICE_TAGS = frozenset(("slow", "fast", "soft", "loud", "low", "high", "plain", "pause"))
"""Tags that change how the words after them are spoken; after the last word they mean nothing."""
_PAUSE = re.compile(r"\s*pause[\s:_]+(\d{1,5}(?:\.\d{1,3})?)\s*(ms|s)?\s*\Z", re.IGNORECASE)
_RUNS = re.compile(r"[\[\]]|\s+|[^\s\[\]]+")
_LABEL_WORD = re.compile(r"[a-z0-9]+")


class Speakable:
    """Filters the text of one reply."""

    def __init__(self, max_chars: int) -> None:
        """Speak at most so many characters."""
        self._left = max_chars
        self._depth = 0
        self._since = ""
        self._opened = False
        self._held_chars = 0
        self._tags: list[str] = []
        self._word = ""
        self._word_tags: list[str] = []
        self._reading = False
        self._gap = ""
        self.full = False
        """Whether the limit is reached: nothing more will be spoken."""
        self.said = False
        """Whether any word has come out."""

    def push(self, text: str) -> str:
        """Add text as it comes; return what may be spoken now, tags included."""
        return "" if self.full else "".join([self._run(run) for run in _RUNS.findall(text)])

    def flush(self) -> tuple[str, tuple[str, ...]]:
        """End the reply: return its last words, and the tags of a reply that has no word to act at."""
        rest = ""
        if self._depth and self._held_chars <= HELD_CHARS_MAX:
            self._depth = 0
            label, _space, words = self._since.partition(" ") if self._opened else ("", "", self._since)
            self._tag(label)
            rest = self.push(words)
        self._word_tags += [tag for tag in self._tags if tag.partition(":")[0] not in VOICE_TAGS]
        self._tags = []
        tags = () if self._word else tuple(self._word_tags)
        return rest + self._give(), tags

    def _run(self, run: str) -> str:
        """Take one bracket, or as much white space, word or content of a bracket as came together."""
        if run == "[":
            if self._depth == 0:
                self._held_chars = 0
            self._depth += 1
            self._since, self._opened, self._reading = "", True, False
        elif run == "]":
            if self._depth:
                self._depth -= 1
                if self._opened:
                    self._tag(self._since)
                self._since, self._opened = "", False
        elif self._depth:
            self._held_chars += len(run)
            self._since += run[: HELD_CHARS_MAX + 1 - len(self._since)]
        elif run.isspace():
            self._reading = False
            self._gap = "\n" if self._gap == "\n" or "\n" in run or "\r" in run else " "
        elif self._reading:
            self._word += run[: WORD_CHARS_MAX - len(self._word)]
        else:
            given = self._give()
            self._word, self._word_tags, self._tags = run[:WORD_CHARS_MAX], self._tags, []
            self._reading = True
            return given
        return ""

    def _tag(self, text: str) -> None:
        label = label_of(text)
        if label and len(self._tags) < TAGS_MAX:
            self._tags.append(label)

    def _give(self) -> str:
        """Give out the word that is held, its tags before it and the gap after it."""
        word, self._word = self._word, ""
        if not word or self.full:
            return ""
        if len(word) >= self._left:
            self.full = True
            if self.said:
                return ""
            word = word[: self._left]
        self._left -= len(word) + 1
        self.said = True
        gap, self._gap = self._gap, ""
        # Spaces around a tag, so that a clause cut by its length is never cut in the middle of one.
        return "".join(f" [{label}] " for label in self._word_tags) + word + gap


def label_of(text: str) -> str:
    """Return the tag that stands in brackets, or that a stage direction makes; empty where neither does."""
    if len(text) > HELD_CHARS_MAX:
        return ""
    if pause := _PAUSE.match(text):
        return f"pause:{pause[1]}{(pause[2] or 'ms').lower()}"
    label = ""
    for word in _LABEL_WORD.findall(text.lower()):
        longer = f"{label}_{word}" if label else word
        if len(longer) > LABEL_CHARS_MAX:
            break
        label = longer
    return label if label[:1].isalpha() else ""
