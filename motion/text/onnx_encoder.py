"""A sentence encoder (sentence-transformers, CLIP's text side) as ONNX by local path, instead of the shipped one. Never downloads.

The folder holds `model.onnx` and `tokenizer.json` as such models are exported: token ids and an attention mask in, states of the tokens
[n, t, d] (then averaged over the mask) or vectors [n, d] out. A text means what the paraphrase nearest to it means. ONNX Runtime and
`tokenizers` are imported when an encoder is made. Faults are `AttuneError` naming the file. Instances may be shared between threads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import tomllib
from numpy.typing import NDArray

from motion.procedural.lexicon import LEXICON
from motion.text.encoder import Match
from motion.text.features import words
from motion.text.hints import hints_of
from runtime.errors import AttuneError
from runtime.sentence_model import SentenceModel

if TYPE_CHECKING:
    from runtime.sentence_model import Tokenise

Float32 = NDArray[np.float32]

PARAPHRASES: Final = Path(__file__).with_name("paraphrases.toml")
MAX_TEXT_BYTES: Final = 64 << 20
FLOOR: Final = 0.55
"""Cosine under which nothing is meant; sentence encoders put unrelated short texts at 0.1 to 0.4."""
_BATCH: Final = 32
_MAX_TOKENS: Final = 64
_NOTHING: Final = ""


class OnnxEncoder:
    """Sentence vectors by a model of the user's."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        tokenise: Tokenise | None = None,
        paraphrases: Mapping[str, Sequence[str]] | None = None,
        floor: float = FLOOR,
    ) -> None:
        """Open the model and encode what gestures are called.

        Args:
            folder: holds `model.onnx` and `tokenizer.json`.
            tokenise: in the place of `tokenizer.json`.
            paraphrases: texts by label, by default those that the shipped encoder learned from; an empty label stands for no gesture.
            floor: cosine to the nearest paraphrase under which a text asks for no gesture.

        Raises:
            AttuneError: a file or library is missing, or the model does not take and give what such models do.
        """
        self._path = Path(folder) / "model.onnx"
        self._floor = floor
        self._model = SentenceModel(self._path, "sentence encoder", tokens_max=_MAX_TOKENS, tokenise=tokenise)
        known = read_paraphrases() if paraphrases is None else paraphrases
        self._labels = [label for label, texts in known.items() for _ in texts]
        self._known = self.encode([text for texts in known.values() for text in texts])

    @property
    def name(self) -> str:
        """The folder's name."""
        return self._path.parent.name

    def encode(self, texts: Sequence[str]) -> Float32:
        """Unit vectors [n, d]."""
        parts = [self._batch(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    def nearest(self, text: str) -> Match:
        """The gesture that a text asks for, with the cosine to the nearest paraphrase as its score."""
        if not words(text):
            return Match("", 0.0)
        near = self._known @ self.encode([text])[0]
        best = int(near.argmax())
        score = float(np.clip(near[best], 0.0, 1.0))
        label = self._labels[best]
        if score < self._floor or label == _NOTHING:
            return Match("", score if label != _NOTHING else 0.0)
        return Match(label, score, hints_of(text))

    def _batch(self, texts: Sequence[str]) -> Float32:
        try:
            return self._model.vectors(texts)
        except ValueError as error:
            raise AttuneError(f"{self._path}: cannot be run ({error})", "export it again") from None


def read_paraphrases(path: Path = PARAPHRASES) -> dict[str, list[str]]:
    """The shipped texts by label, those that ask for nothing under the empty label; names of the lexicon are added."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise AttuneError(f"{path}: larger than {MAX_TEXT_BYTES >> 20} MiB")
    with path.open("rb") as file:
        written = tomllib.load(file)
    out: dict[str, list[str]] = {
        label: [*written["positive"].get(label, ()), *(name.replace("_", " ") for name in (label, *entry.aliases))]
        for label, entry in LEXICON.items()
    }
    out[_NOTHING] = list(written["negative"]["nothing"])
    return out
