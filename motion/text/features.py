"""Text as a bag of hashed parts: words, pairs of words, and runs of letters within words.

The same at training and at run time. Hashes are CRC-32, the same on every machine. Pure functions that never fail on any string.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_WORDS: Final = 32
"""Words beyond this are not read: who asks for a gesture is brief."""
MAX_LETTERS: Final = 24
"""Longer words are cut."""
WORD_WEIGHT: Final = 1.0
PAIR_WEIGHT: Final = 0.6
RUN_WEIGHT: Final = 0.25
# fmt: off
COMMON: Final = frozenset((
    "a", "an", "the", "to", "and", "of", "with", "your", "you", "it", "is", "at", "in", "on", "for", "then", "please", "them", "him",
    "her", "his", "their", "they", "she", "he", "by", "from", "as", "while", "i", "we", "do", "that", "this", "be", "are", "was", "not",
    "what", "my", "me", "so", "if", "or", "but", "how", "who", "will", "very", "s", "t",
))
# fmt: on
"""Words that say nothing by themselves."""
_RUNS: Final = (3, 4, 5)
_WORD: Final = re.compile(r"[a-z0-9]+")


def words(text: str, limit: int = MAX_WORDS) -> list[str]:
    """Lower-case words; apostrophes vanish, so that "don't" is one word."""
    found = _WORD.findall(text[: 32 * limit].lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return [word[:MAX_LETTERS] for word in found[:limit]]


def parts(text: str) -> tuple[list[str], list[float]]:
    """The parts of a text and their weights."""
    tokens = words(text)
    names = [f"w {token}" for token in tokens]
    weights = [WORD_WEIGHT] * len(names)
    for a, b in zip(["^", *tokens], [*tokens, "$"], strict=True):
        names.append(f"p {a} {b}")
        weights.append(PAIR_WEIGHT)
    for token in tokens:
        edged = f"<{token}>"
        runs = [edged[i : i + n] for n in _RUNS for i in range(len(edged) - n + 1)]
        names += runs
        # A long word must not outweigh short ones by its many runs.
        weights += [RUN_WEIGHT * (6.0 / max(len(runs), 6)) ** 0.5] * len(runs)
    return names, weights


def hashed(text: str, buckets: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Buckets and weights of a text's parts; the weights' squares sum to 1."""
    names, weights = parts(text)
    rows = np.array([zlib.crc32(name.encode()) % buckets for name in names], dtype=np.int64)
    scale = np.array(weights, dtype=np.float32)
    return rows, scale / np.float32(np.sqrt(np.sum(scale * scale)) or 1.0)


def plain(word: str) -> tuple[str, ...]:
    """A word and what it may be an inflection of."""
    out = [word]
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            out.append(word.removesuffix(ending) + instead)
    return tuple(out)
