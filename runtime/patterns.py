"""Patterns of what people say, as a scenario writes them, and how well a recognised text fits them.

A pattern is words with alternatives `(hello|hi)`, optional words `[please]`, slots `{name}` (one to three
words) and `*` (any words). Recognition is noisy, so a match is a score: the share of the pattern's fixed
words found in order, each compared by spelling similarity. Whoever answers and whoever thinks reads them alike. Pure and
deterministic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

SIMILAR = 0.8
"""Spelling similarity from which two words count as the same (a plural, a mishearing)."""

SLOT_WORDS_MAX = 3
ALTERNATIVES_MAX = 256
"""Limit on the expansions of one pattern; more are a mistake in the scenario."""

NOT_A_SLOT = frozenset(
    """
    a an the is am are was and or but so to of in on at for with i you it that this uh um
    """.split()
)
"""Words that cannot be the whole value of a slot."""

_WORD = re.compile(r"[a-z0-9']+(?:-[a-z0-9']+)*")
_PART = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\{[a-z_]+\})|(\*)|([a-z']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """How a text fits a pattern: score 0 to 1, and the slots that were filled."""

    score: float
    slots: dict[str, str]


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text; numbers are words, and what a hyphen joins is one."""
    return _WORD.findall(text.lower())


def expand_pattern(pattern: str) -> list[tuple[str, ...]]:
    """Return the token sequences that a pattern stands for.

    Raises:
        ValueError: when the pattern has brackets that do not close, or more than `ALTERNATIVES_MAX` expansions.
    """
    leftover = re.sub(r"[\s,.!?]+", "", _PART.sub("", pattern))
    if leftover:
        raise ValueError(f"cannot read {leftover!r} in pattern {pattern!r}")
    choices: list[list[tuple[str, ...]]] = []
    count = 1
    for alternatives, optional, slot, star, word in _PART.findall(pattern):
        if alternatives:
            options = [tuple(option.lower().split()) for option in alternatives.split("|")]
        elif optional:
            options = [(), *(tuple(option.lower().split()) for option in optional.split("|"))]
        else:
            options = [((slot or star or word).lower(),)]
        choices.append(options)
        count *= len(options)
        if count > ALTERNATIVES_MAX:
            raise ValueError(f"pattern {pattern!r} has more than {ALTERNATIVES_MAX} variants")
    return [tuple(token for part in variant for token in part) for variant in product(*choices)]


def match_tokens(tokens: tuple[str, ...], text: str) -> Match:
    """Return how well a text fits one expansion of a pattern.

    Fixed words must appear in order; what stands between them is ignored where the pattern has `*` and costs a little
    elsewhere. A text that says much more than the pattern fits less.
    """
    words = words_of(text)
    fixed = [t for t in tokens if t != "*" and not t.startswith("{")]
    if not words or not fixed:
        return Match(0.0, {})
    slots: dict[str, str] = {}
    position = 0
    hits = 0.0
    open_slot = ""
    slot_start = 0
    gap_allowed = True
    skipped = 0
    for token in tokens:
        if token == "*":
            gap_allowed = True
            continue
        if token.startswith("{"):
            open_slot, slot_start = token[1:-1], position
            continue
        found, similarity = _find(words, token, position)
        if found < 0:
            continue
        if open_slot:
            slots.update(_slot(open_slot, words[slot_start:found]))
            open_slot = ""
        elif not gap_allowed:
            skipped += found - position
        hits += similarity
        position = found + 1
        gap_allowed = False
    if open_slot:
        slots.update(_slot(open_slot, words[slot_start : slot_start + SLOT_WORDS_MAX]))
    wanted_slots = sum(t.startswith("{") for t in tokens)
    score = hits / len(fixed)
    if len(slots) < wanted_slots:
        score *= 0.5
    if tokens[-1] != "*" and not tokens[-1].startswith("{"):
        skipped += max(0, len(words) - position - 2)
    return Match(score * (1.0 - min(0.4, 0.08 * skipped)), slots)


def best_match(patterns: list[tuple[str, ...]], text: str) -> Match:
    """Return the best match over a rule's expansions."""
    return max((match_tokens(tokens, text) for tokens in patterns), key=lambda m: m.score, default=Match(0.0, {}))


def _find(words: list[str], token: str, start: int) -> tuple[int, float]:
    for index in range(start, len(words)):
        if words[index] == token:
            return index, 1.0
    if len(token) > 3:
        for index in range(start, len(words)):
            similarity = _similarity(words[index], token)
            if similarity >= SIMILAR:
                return index, similarity
    return -1, 0.0


@lru_cache(maxsize=4_096)
def _similarity(word: str, token: str) -> float:
    """Spelling similarity 0 to 1; 0 at once for words that cannot reach `SIMILAR`."""
    if word[0] != token[0] or 2 * min(len(word), len(token)) < SIMILAR * (len(word) + len(token)):
        return 0.0
    return SequenceMatcher(None, word, token).ratio()


def _slot(name: str, words: list[str]) -> dict[str, str]:
    value = [w for w in words if w not in {"please", "uh", "um"}][:SLOT_WORDS_MAX]
    while value and value[-1] in NOT_A_SLOT:
        value.pop()
    if not value or all(word in NOT_A_SLOT for word in value):
        return {}
    return {name: " ".join(value)}
