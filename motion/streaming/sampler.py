"""Chunk after chunk of tokens for a batch of agents: solve the flow from noise, commit the first tokens, keep their past.

Euler steps of equal length from t = 0 (noise) to t = 1 (motion), in innovations of the last committed tokens. Where the checkpoint was
trained for few steps it is told the length of each. Chunks overlap: the first tokens of a block are faded over from what the last block
predicted in their place. What comes out is bounded and finite: a token that is not is replaced by the one before it and counted.
One thread.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.streaming.cache import Cache, sight
from motion.streaming.model import Asked, Condition, Model
from motion.tokens.forecast import HISTORY
from motion.tokens.layout import TOKEN_BOUND, TOKEN_SIZE

Float32 = NDArray[np.float32]

OVERLAP: Final = (0.26, 0.26)
"""How much of the last chunk's prediction stays in the first tokens of the next one: plans change gradually, not at seams. More smooths
seams and everything else, less leaves people's jerk and a seam of it."""
FINE_STEPS: Final = 9
"""From so many evaluations on the flow's own velocity is integrated; below it the network is told the step."""


def overlapped(block: Float32, plan: Float32 | None, count: int) -> Float32:
    """The first `count` tokens [B, count, 99] of a block, faded over from what the last one predicted in their place, if anything."""
    out = block[:, :count].copy()
    for place, share in enumerate(OVERLAP[: 0 if plan is None else count]):
        assert plan is not None
        out[:, place] += np.float32(share) * (plan[:, place] - out[:, place])
    return out


class ChunkSampler:
    """The state of a batch of agents and the way to the next chunk."""

    def __init__(self, model: Model, rows: int = 1, steps: int = 4) -> None:
        """Begin without a past; `begin` gives one.

        Raises:
            ValueError: steps are not 1 to 1000.
        """
        if not 1 <= steps <= 1000:
            raise ValueError(f"steps is {steps}; it must be 1 to 1000")
        self.model, self.steps, self.rows = model, steps, rows
        self.repaired = 0
        """Tokens that were not finite."""
        shape = model.shape
        self._cache = Cache(shape, rows)
        self._predict = sight(shape, shape.block_tokens, committed=False)
        self._settle = sight(shape, shape.chunk_tokens, committed=True)
        self._plan: Float32 | None = None
        """What the last chunk predicted beyond itself [B, block - chunk, 99]."""
        self._last: Float32 = np.zeros((rows, HISTORY, TOKEN_SIZE), dtype=np.float32)
        """The last committed tokens, oldest first."""
        known = np.zeros((rows, shape.block_tokens, 1), dtype=np.float32)
        known[:, : shape.chunk_tokens] = 1.0
        self.known = known
        """Which tokens of a block know what the user says, [B, block, 1]."""

    def begin(self, tokens: Float32, heard: Condition) -> None:
        """Commit a prefix [B, P, 99] of normalised tokens."""
        seen = sight(self.model.shape, tokens.shape[1], committed=True)
        _, kept = self.model.base(tokens, tokens, heard, 1.0, 0.0, self._cache, seen)
        self._cache.commit(kept)
        self._last, self._plan = np.ascontiguousarray(tokens[:, -HISTORY:]), None

    def chunk(self, noise: Float32, heard: Condition, asked: Asked | None = None) -> Float32:
        """Normalised tokens [B, chunk_tokens, 99] of the next chunk, committed.

        Args:
            noise: standard normal [B, block_tokens, 99].
            heard: conditions of the block.
            asked: gestures of the block, where there are any.
        """
        model, count = self.model, self.model.shape.chunk_tokens
        length = 1.0 / self.steps
        told = length if model.shape.distilled and self.steps < FINE_STEPS else 0.0
        x, expected = noise, model.forecast.expected(self._last).astype(np.float32)
        for step in range(self.steps):
            time = step * length
            steering = None
            if asked is not None:
                steering = model.control(x, expected, heard, asked, time, told, self._cache, self._predict)
            added, push = (None, None) if steering is None else steering
            velocity, _ = model.base(x, expected, heard, time, told, self._cache, self._predict, added)
            x = x + np.float32(length) * (velocity if push is None else velocity + push)
        block = model.forecast.tokens(x, self._last).astype(np.float32)
        settled = self._whole(overlapped(block, self._plan, count))
        self._plan = block[:, count:] if np.isfinite(block).all() else None
        here = Condition(heard.agent[:, :count], heard.user[:, :count], heard.known[:, :count], heard.style)
        _, kept = model.base(settled, settled, here, 1.0, 0.0, self._cache, self._settle)
        self._cache.commit(kept)
        self._last = np.concatenate([self._last, settled], axis=1)[:, -HISTORY:]
        return settled

    def _whole(self, tokens: Float32) -> Float32:
        bounded = np.clip(tokens, -TOKEN_BOUND, TOKEN_BOUND)
        bad = ~np.isfinite(bounded).all(axis=-1)
        if bad.any():
            self.repaired += int(bad.sum())
            for row, place in zip(*np.nonzero(bad), strict=True):
                bounded[row, place] = bounded[row, place - 1] if place else self._last[row, -1]
        return bounded
