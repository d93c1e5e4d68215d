"""Windows of a corpus as batches for training.

Random windows of `length` tokens of the scenes of one split, normalised, with the conditions of each token. The base learns from scenes
as people moved, the control from those that know of gestures by name. Everything is in memory but the mapped arrays; one thread;
deterministic under the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.corpus.scene import PlacedIntent
from motion.corpus.store import Corpus, Entry
from motion.features.normalise import normalise
from motion.streaming import aims
from motion.tokens import conditioning, forecast, intents
from motion.tokens.forecast import HISTORY, Forecast
from motion.tokens.layout import HANDS, HIPS, ROTATIONS, TOKEN_SIZE
from motion.tokens.shape import Shape

Float32 = NDArray[np.float32]

_FLOOR: Final = ((ROTATIONS, 0.03), (HIPS, 0.006), (HANDS, 0.08))
"""Least deviation of numbers of a token: what hardly moves must not count as much as what does."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of B rows and L tokens.

    Attributes:
        tokens: [B, L, 99], normalised.
        agent: [B, L, agent_size].
        user: [B, L, user_size].
        style: [B, 2].
        label: [B, L].
        course: [B, L, INTENT_SIZE].
        away: of each block [B, blocks, HISTORY + block, 99] (`motion.streaming.aims.around`), over the deviation of tokens.
        hold: of each block [B, blocks, block, 99].
    """

    tokens: Tensor
    agent: Tensor
    user: Tensor
    style: Tensor
    label: Tensor
    course: Tensor
    away: Tensor
    hold: Tensor

    def to(self, device: torch.device) -> Batch:
        """The batch on a device."""
        return Batch(**{one.name: getattr(self, one.name).to(device) for one in fields(self)})


def token_scale(corpus: Corpus, split: str = "train") -> tuple[Float32, Float32]:
    """Mean and deviation [99] of a split's tokens, the latter not below what is worth learning.

    Raises:
        ValueError: the split is empty.
    """
    rows = [corpus.tokens(entry) for entry in corpus.of_split(split) if not entry.performed]
    if not rows:
        raise ValueError(f"{corpus.folder} has no scenes of the split {split}")
    everything = np.concatenate(rows).astype(np.float64)
    deviation = everything.std(axis=0)
    for part, floor in _FLOOR:
        deviation[part] = np.maximum(deviation[part], floor)
    return everything.mean(axis=0).astype(np.float32), deviation.astype(np.float32)


def token_forecast(corpus: Corpus, scale: tuple[Float32, Float32], block: int) -> Forecast:
    """What tokens of the training scenes lead to, on the network's scale."""
    mean, deviation = scale
    entries = [entry for entry in corpus.of_split("train") if not entry.performed]
    return forecast.fit([(corpus.tokens(entry) - mean) / deviation for entry in entries], block)


class Windows:
    """Draws batches."""

    def __init__(
        self,
        corpus: Corpus,
        split: str,
        shape: Shape,
        scale: tuple[Float32, Float32],
        length: int,
        seed: int = 0,
        gestures: bool = False,
    ) -> None:
        """Index the scenes of a split: those as people moved, or with `gestures` those that know of gestures by name.

        Raises:
            ValueError: no scene is as long as a window.
        """
        self.shape, self.length, self._gestures = shape, length, gestures
        self._aims: dict[PlacedIntent, aims.Aim] = {}
        self._corpus, self._scale = corpus, scale
        names = set(shape.labels)
        self._entries: list[Entry] = [
            entry
            for entry in corpus.of_split(split)
            if entry.tokens >= length + 4
            and (any(one.label in names for one in entry.intents) if gestures else not entry.performed)
        ]
        if gestures and not any(names & {one.label for one in entry.intents} for entry in corpus.of_split(split)):
            raise ValueError(f"{corpus.folder}: no scene of the split {split} names a gesture of the lexicon to learn")
        if not self._entries:
            raise ValueError(
                f"{corpus.folder}: no scene of the split {split} has {length} tokens ({length / 15:.1f} s)"
            )
        room = np.array([entry.tokens - length - 2 for entry in self._entries], dtype=np.float64)
        self._chance = room / room.sum()
        self._features = [normalise(corpus.features(e).astype(np.float32)).astype(np.float16) for e in self._entries]
        self._rng = np.random.default_rng(seed)
        self.minutes = sum(entry.duration_s for entry in self._entries) / 60.0

    def draw(self, rows: int) -> Batch:
        """A batch of random windows."""
        chosen = self._rng.choice(len(self._entries), size=rows, p=self._chance)
        return self.of(
            [(int(i), int(self._rng.integers(1, self._entries[i].tokens - self.length - 1))) for i in chosen]
        )

    def of(self, places: list[tuple[int, int]]) -> Batch:
        """The windows that begin at tokens of scenes."""
        mean, deviation = self._scale
        count, shape = len(places), self.shape
        tokens = np.empty((count, self.length, TOKEN_SIZE), dtype=np.float32)
        agent = np.empty((count, self.length, shape.agent_size), dtype=np.float32)
        user = np.empty((count, self.length, shape.user_size), dtype=np.float32)
        style = np.zeros((count, 2), dtype=np.int64)
        label = np.zeros((count, self.length), dtype=np.int64)
        course = np.zeros((count, self.length, intents.INTENT_SIZE), dtype=np.float32)
        block = shape.block_tokens
        blocks = self.length // block if self._gestures else 0
        away = np.zeros((count, blocks, HISTORY + block, TOKEN_SIZE), dtype=np.float32)
        hold = np.zeros((count, blocks, block, TOKEN_SIZE), dtype=np.float32)
        for row, (which, first) in enumerate(places):
            entry = self._entries[which]
            tokens[row] = (self._corpus.tokens(entry)[first : first + self.length] - mean) / deviation
            agent[row], user[row] = conditioning.windows(self._features[which], first, self.length, shape)
            style[row] = shape.style(entry.actor, entry.emotion)
            if entry.intents:
                label[row], course[row] = intents.encode(entry.intents, shape.labels, first, self.length)
            for place in range(blocks):
                at = first + place * block
                chosen = aims.current(entry.intents, at, block)
                found = aims.around(None if chosen is None else self._aim(chosen), at, block)
                away[row, place], hold[row, place] = found[0] / deviation, found[1]
        return Batch(*(torch.from_numpy(a) for a in (tokens, agent, user, style, label, course, away, hold)))

    def _aim(self, gesture: PlacedIntent) -> aims.Aim:
        if gesture not in self._aims:
            self._aims[gesture] = aims.aim(gesture)
        return self._aims[gesture]
