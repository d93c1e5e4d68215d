"""Vectors of words from dictionary glosses: words that are explained with the same words lie near each other.

Latent semantic analysis (Deerwester et al. 1990) of words by synsets; needs SciPy. Deterministic under its fixed seed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.text.features import COMMON, words

Float32 = NDArray[np.float32]

_LEMMA: Final = 4.0
"""How much more a lemma counts than a word of its gloss."""
_NEAR: Final = 0.4
"""How much a related synset's lemma counts."""
_SPARE: Final = 12
_POWER: Final = 3
"""Columns beside those wanted, and rounds, of the random projection."""
_RARE: Final = 4
"""Words in fewer glosses are left out."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words, their unit vectors [n, d], and how much each tells: 0 for everywhere, 1 for the rarest."""

    words: list[str]
    vectors: Float32
    telling: Float32


def fit_vectors(
    glosses: Iterable[tuple[list[str], str, list[list[str]]]], dimensions: int, size: int, wanted: set[str]
) -> WordVectors:
    """Analyse glosses.

    Args:
        glosses: lemmas, gloss and related lemmas of each synset.
        dimensions: of a vector.
        size: how many words to keep, the most frequent ones and all that are wanted.
        wanted: words to keep however rare.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    bags: list[dict[str, float]] = []
    seen: Counter[str] = Counter()
    for lemmas, gloss, near in glosses:
        bag: dict[str, float] = {}
        for text, weight in ((gloss, 1.0), *((lemma, _LEMMA) for lemma in lemmas)):
            for word in _content(text):
                bag[word] = bag.get(word, 0.0) + weight
        seen.update(bag.keys())
        for others in near:
            for word in (word for lemma in others for word in _content(lemma)):
                bag[word] = bag.get(word, 0.0) + _NEAR * _LEMMA
        bags.append(bag)
    kept = sorted(word for word, count in seen.items() if count >= _RARE)
    row = {word: index for index, word in enumerate(kept)}
    idf = {word: math.log(len(bags) / seen[word]) for word in kept}
    rows, columns, values = [], [], []
    for column, bag in enumerate(bags):
        for word, weight in bag.items():
            if word in row:
                rows.append(row[word])
                columns.append(column)
                values.append((1.0 + math.log(max(weight, 1.0))) * idf[word] * min(1.0, weight))
    matrix = csr_matrix((values, (rows, columns)), shape=(len(kept), len(bags)))
    vectors = _principal(matrix, dimensions)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12
    chosen = {word for word in kept if word in wanted}
    for word, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
        if len(chosen) >= size:
            break
        if word in row:
            chosen.add(word)
    names = sorted(chosen)
    telling = np.array([idf[word] for word in names], dtype=np.float32)
    return WordVectors(names, vectors[[row[word] for word in names]].astype(np.float32), telling / telling.max())


def _principal(matrix: Any, dimensions: int) -> NDArray[np.float64]:
    """Left singular vectors times the roots of their values, by random projection (Halko, Martinsson and Tropp 2011)."""
    rng = np.random.default_rng(0)
    basis = rng.standard_normal((matrix.shape[1], dimensions + _SPARE))
    for _ in range(_POWER):
        basis = np.linalg.qr(matrix.T @ np.linalg.qr(matrix @ basis)[0])[0]
    left, values, _ = np.linalg.svd(matrix @ basis, full_matrices=False)
    out: NDArray[np.float64] = (left * np.sqrt(values))[:, :dimensions]
    return out


def _content(text: str) -> list[str]:
    return [word for word in words(text, limit=400) if word not in COMMON and len(word) > 1]
