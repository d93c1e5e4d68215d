"""The classifier under the intention text model: hashed parts and word vectors to a small embedding, then to labels. Needs PyTorch.

Deterministic under the seed on one kind of machine with one thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from motion.text.encoder import known_words
from motion.text.features import hashed
from motion.training.text.augment import Augmenter, Thesaurus, unrelated
from motion.training.text.semantics import WordVectors

AS_WRITTEN: Final = 4
"""How often each paraphrase is seen as it is written."""
_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class FitSettings:
    """Sizes and regularisation; chosen by cross-validation over the paraphrases."""

    buckets: int = 8192
    size: int = 48
    variants: int = 10
    nothing_as_written: int = 10
    sentences: int = 8000
    epochs: int = 8
    rate: float = 3e-3
    drop: float = 0.45
    drop_words: float = 0.3
    drop_table: float = 0.15
    smoothing: float = 0.05
    seed: int = 0


def examples(
    positive: Mapping[str, Sequence[str]], nothing: Sequence[str], sentences: Sequence[str], thesaurus: Thesaurus, settings: FitSettings
) -> tuple[list[str], list[int]]:  # fmt: skip
    """Texts and their class: place of the label, or the number of labels for no gesture."""
    augmenter = Augmenter(positive, thesaurus, settings.seed)
    texts: list[str] = []
    classes: list[int] = []
    for index, (label, own) in enumerate(positive.items()):
        before = len(texts)
        for text in own:
            texts += [text] * AS_WRITTEN + [augmenter.vary(text) for _ in range(settings.variants)]
        for _ in range(3):
            texts += augmenter.around(label)
        classes += [index] * (len(texts) - before)
    other = [text for text in nothing for _ in range(settings.nothing_as_written)]
    rng = np.random.default_rng(settings.seed)
    other += unrelated(sentences, augmenter.vocabulary(), settings.sentences, rng)
    return texts + other, classes + [len(positive)] * len(other)


class _Classifier(nn.Module):
    def __init__(self, settings: FitSettings, vectors: WordVectors, classes: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(settings.buckets, settings.size, mode="sum")
        nn.init.normal_(self.table.weight, std=0.3)
        self.project = nn.Linear(vectors.vectors.shape[1], settings.size, bias=False)
        nn.init.normal_(self.project.weight, std=0.5)
        self.out = nn.Linear(settings.size, classes)


def fit(
    texts: Sequence[str], classes: Sequence[int], vectors: WordVectors, labels: Sequence[str], settings: FitSettings
) -> dict[str, NDArray[Any]]:
    """Train, and return the arrays of a model file (`motion.text.encoder.load`)."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(settings.seed)
    row = {word: index for index, word in enumerate(vectors.words)}
    bags = [hashed(text, settings.buckets) for text in texts]
    meanings = torch.from_numpy(np.stack([_meaning(text, vectors, row) for text in texts]))
    wanted = torch.tensor(classes)
    model = _Classifier(settings, vectors, len(labels) + 1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=1e-4)
    size = min(_BATCH, len(texts))
    batches = len(texts) // size
    plan = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.01, total_iters=settings.epochs * batches)
    for _ in range(settings.epochs):
        order = rng.permutation(len(texts))
        for start in range(0, batches * size, size):
            chosen = order[start : start + size]
            batch = [bags[index] for index in chosen]
            rows = torch.from_numpy(np.concatenate([rows for rows, _ in batch]))
            offsets = torch.from_numpy(np.cumsum([0, *(len(rows) for rows, _ in batch[:-1])]))
            weights = torch.from_numpy(np.concatenate([weights for _, weights in batch]))
            weights = weights * (torch.rand_like(weights) > settings.drop) / (1.0 - settings.drop)
            # Each half must do without the other at times.
            words_on = (torch.rand(size, 1) > settings.drop_words).float()
            table_on = torch.maximum((torch.rand(size, 1) > settings.drop_table).float(), 1.0 - words_on)
            hidden = table_on * model.table(rows, offsets, per_sample_weights=weights)
            hidden = hidden + words_on * model.project(meanings[chosen])
            loss = nn.functional.cross_entropy(model.out(hidden), wanted[chosen], label_smoothing=settings.smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            plan.step()
    with torch.no_grad():
        table, table_scale = _quantised(model.table.weight.numpy())
        word_table, word_scale = _quantised(vectors.vectors @ model.project.weight.numpy().T)
        return {
            "table": table,
            "table_scale": table_scale,
            "word_table": word_table,
            "word_scale": word_scale,
            "words": _text(vectors.words),
            "telling": vectors.telling.astype(np.float16),
            "weights": model.out.weight.numpy().astype(np.float16),
            "bias": model.out.bias.numpy().astype(np.float16),
            "labels": _text(labels),
        }


def _meaning(text: str, vectors: WordVectors, row: Mapping[str, int]) -> NDArray[np.float32]:
    known = known_words(text, row)
    telling = vectors.telling[known]
    scale = max(float(np.sqrt(telling @ telling)), 1e-6)
    return np.asarray((telling / scale) @ vectors.vectors[known], dtype=np.float32)


def _quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers from -127 to 127 and the scale of each column."""
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127.0
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def _text(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("ascii"), dtype=np.uint8)
