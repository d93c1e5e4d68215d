"""Texts to vectors and to gestures: the interface of all text encoders, and the small one that is shipped.

The shipped encoder (`models/intention-text`) adds up two tables, hashed words, pairs and runs of letters, and words of a vocabulary; a
linear layer then tells which label, or none. numpy only, under a millisecond. Files are plain npz of limited size, never pickles. Reading
may raise `AttuneError` naming file and mend; encoding never fails on any string. Instances may be shared between threads.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motion.text.features import COMMON, hashed, plain, words
from motion.text.hints import NO_HINTS, Hints, hints_of
from runtime.errors import AttuneError
from runtime.paths import models_dir

Float32 = NDArray[np.float32]

MAX_FILE_BYTES: Final = 4 << 20
MAX_ARRAY_BYTES: Final = 32 << 20
FLOOR: Final = 0.3
"""A text that scores less asks for no gesture (chosen on texts that were left out of training, not on the held-out list)."""
_ARRAYS: Final = ("table", "table_scale", "word_table", "word_scale", "words", "telling", "weights", "bias", "labels")


@dataclass(frozen=True, slots=True)
class Match:
    """What a text asks for.

    Attributes:
        label: of the lexicon; empty where it asks for no gesture.
        score: 0 to 1, how sure.
        hints: side, direction, tempo and size, where the text names them.
    """

    label: str
    score: float
    hints: Hints = NO_HINTS

    @property
    def side(self) -> float:
        """-1 right hand, 1 left hand, 0 not said."""
        return self.hints.side


class TextEncoder(Protocol):
    """Turns texts into vectors and finds the gesture they ask for."""

    @property
    def name(self) -> str:
        """Name and version."""

    def encode(self, texts: Sequence[str]) -> Float32:
        """Vectors [n, d]."""

    def nearest(self, text: str) -> Match:
        """The gesture that a text asks for."""


class HashedEncoder:
    """The shipped encoder."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], name: str = "intention-text") -> None:
        """Take the arrays of a file that `load` has checked."""
        self._name = name
        self._table = arrays["table"]
        self._scale = arrays["table_scale"].astype(np.float32)
        self._word_table = arrays["word_table"]
        self._word_scale = arrays["word_scale"].astype(np.float32)
        self._row = {word: index for index, word in enumerate(_lines(arrays["words"]))}
        self._telling = arrays["telling"].astype(np.float32)
        self._weights, self._bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
        self._labels = tuple(_lines(arrays["labels"]))

    @property
    def name(self) -> str:
        """Name and version."""
        return self._name

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it knows, in order."""
        return self._labels

    def encode(self, texts: Sequence[str]) -> Float32:
        """Vectors [n, d] of texts."""
        if not texts:
            return np.zeros((0, len(self._scale)), dtype=np.float32)
        return np.stack([self._one(text) for text in texts])

    def probabilities(self, text: str) -> Float32:
        """Share of each label [labels], and of no gesture last."""
        logits = self._weights @ self._one(text) + self._bias
        raised = np.exp(logits - logits.max())
        out: Float32 = raised / raised.sum()
        return out

    def nearest(self, text: str) -> Match:
        """The gesture that a text asks for; an empty label where it is none or the score is under `FLOOR`."""
        if not words(text):
            return Match("", 0.0)
        shares = self.probabilities(text)
        best = int(shares[:-1].argmax())
        score = float(shares[best])
        if score < FLOOR or score < shares[-1]:
            return Match("", score)
        return Match(self._labels[best], score, hints_of(text))

    def _one(self, text: str) -> Float32:
        rows, weights = hashed(text, len(self._table))
        out: Float32 = (weights @ self._table[rows].astype(np.float32)) * self._scale
        known = known_words(text, self._row)
        if known:
            telling = self._telling[known]
            share = telling / max(float(np.sqrt(telling @ telling)), 1e-6)
            out = out + (share @ self._word_table[known].astype(np.float32)) * self._word_scale
        return out


def known_words(text: str, row: Mapping[str, int]) -> list[int]:
    """Rows of the words that a vocabulary has, or has without their ending."""
    out = []
    for word in words(text):
        if word not in COMMON:
            found = next((row[form] for form in plain(word) if form in row), None)
            if found is not None:
                out.append(found)
    return out


def load(path: str | os.PathLike[str]) -> HashedEncoder:
    """Read a model file.

    Raises:
        AttuneError: the file is missing, too large, damaged or of another kind.
    """
    path = Path(path)
    mend = "attune models verify, or train it again with scripts/train_intention_text.py"
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise AttuneError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB", mend)
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_ARRAY_BYTES:
                raise AttuneError(f"{path}: unpacks to more than {MAX_ARRAY_BYTES >> 20} MiB", mend)
        with np.load(path, allow_pickle=False) as file:
            missing = [key for key in _ARRAYS if key not in file.files]
            if missing:
                raise AttuneError(f"{path}: has no array {missing[0]!r}", mend)
            arrays = {key: file[key] for key in _ARRAYS}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise AttuneError(f"{path}: cannot be read ({error})", mend) from None
    size = len(arrays["table_scale"])
    labels, vocabulary = len(_lines(arrays["labels"])), len(_lines(arrays["words"]))
    wanted = {
        "table": (len(arrays["table"]), size), "word_scale": (size,), "word_table": (vocabulary, size), "telling": (vocabulary,),
        "weights": (labels + 1, size), "bias": (labels + 1,),
    }  # fmt: skip
    for key, shape in wanted.items():
        if arrays[key].shape != shape or not len(arrays["table"]):
            raise AttuneError(f"{path}: {key} has shape {arrays[key].shape}, not {shape}", mend)
    return HashedEncoder(arrays, f"{path.parent.name}/{path.stem}")


@lru_cache(maxsize=1)
def shipped() -> HashedEncoder:
    """The encoder in `models/intention-text`, read once.

    Raises:
        AttuneError: the file is missing or damaged.
    """
    return load(models_dir() / "intention-text" / "intention_text_v1.npz")


def _lines(array: NDArray[Any]) -> list[str]:
    return array.astype(np.uint8).tobytes().decode("ascii", errors="replace").split("\n")
