"""Rules of words: a small pattern language, compiled to expressions whose time is bounded, found by the words they cannot do without.

A pattern is a row of elements: `word`, `one|another` (`_` for a space within one), `@CLASS` (a named set), a trailing `?` for what may be
missing, `~N` for a gap of up to N words within the sentence, `^` for the sentence's beginning (`word|^` for either). `!` before an
element makes it the anchor: the pattern is only tried on sentences that hold one of its words, so that the cost of a rule is that of a
look-up in nearly every sentence. Gaps are bounded and nothing repeats without bound, so that time is linear in the sentence.
Compiled at import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_GAP = r"(?:[a-z0-9',]+ )"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing that must not be said.

    Attributes:
        category: what is wrong with it.
        patterns: one a line.
        unless: patterns (one a line) of which one in the same sentence makes it harmless; they need no anchor.
    """

    category: str
    patterns: str
    unless: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    category: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


class Matcher:
    """Compiled rules."""

    def __init__(self, rules: Iterable[Rule], classes: Mapping[str, str]) -> None:
        """Compile.

        Args:
            rules: in the order in which they are reported.
            classes: words (or runs of words, separated by `|`) by the name of their class.

        Raises:
            ValueError: a pattern has no anchor or names an unknown class.
        """
        self._by_word: dict[str, list[_Compiled]] = {}
        for rule in rules:
            unless = [expression(line, classes)[0] for line in _lines(rule.unless)]
            guard = re.compile("|".join(unless)) if unless else None
            for line in _lines(rule.patterns):
                text, anchors = expression(line, classes)
                if not anchors:
                    raise ValueError(f"a pattern without an anchor: {line}")
                compiled = _Compiled(rule.category, re.compile(text), guard)
                for word in anchors:
                    self._by_word.setdefault(word, []).append(compiled)

    def search(self, sentence: str, passed: frozenset[str] = frozenset()) -> str:
        """Return the category of the first rule that a sentence (`words.sentences`) breaks, or an empty text.

        Args:
            sentence: as `words.sentences` makes them.
            passed: categories that are not looked for.
        """
        by_word = self._by_word
        for word in dict.fromkeys(sentence.split()):
            for rule in by_word.get(word, ()):
                if rule.category in passed or rule.pattern.search(sentence) is None:
                    continue
                if rule.unless is None or rule.unless.search(sentence) is None:
                    return rule.category
        return ""


def expression(line: str, classes: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a pattern as a regular expression, and the words of its anchor."""
    parts: list[str] = ["(?<= )"]
    anchors: tuple[str, ...] = ()
    for element in line.split():
        if element == "^":
            parts[0] = "^ "
            continue
        if element.endswith("|^"):  # these words, or the sentence's beginning
            parts[0] = f"(?:(?<= )(?:{_alternatives(_words(element[:-2], classes))}) |^ )"
            continue
        if element.startswith("~"):
            parts.append(f"{_GAP}{{0,{int(element[1:])}}}")
            continue
        anchored = element.startswith("!")
        optional = element.endswith("?") and element != "?" and not element.endswith("|?")
        words = _words(element.removeprefix("!").removesuffix("?" if optional else ""), classes)
        if anchored:
            anchors = tuple(word.split()[0] for word in words)
        parts.append(f"(?:(?:{_alternatives(words)}) )" + ("?" if optional else ""))
    return "".join(parts), anchors


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


def _words(body: str, classes: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    for part in body.split("|"):
        if part.startswith("@"):
            if part[1:] not in classes:
                raise ValueError(f"an unknown class: {part}")
            words += [" ".join(word.replace("_", " ").split()) for word in classes[part[1:]].split("|")]
        else:
            words.append(part.replace("_", " "))
    return words


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
