"""What the network keeps of committed motion: keys, values and convolution inputs of the last tokens, for a batch of agents.

The same rule as in training (`motion.network.sight`): a token sees at most `context_tokens` back. Slots are in order, newest last; slots
that were never filled may not be seen. Arrays are moved in place, nothing grows. One thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motion.tokens.shape import Shape

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who sees whom in one call: distance [Q, K] of queries to slots and themselves, and what the distances allow."""

    distance: NDArray[np.int64]
    allowed: NDArray[np.bool_] = field(repr=False)


def sight(shape: Shape, queries: int, *, committed: bool) -> Sight:
    """Sight of tokens that follow the cache.

    Args:
        shape: of the network.
        queries: how many tokens.
        committed: motion that is settled sees only backwards; what is predicted sees all of its block.
    """
    context = shape.context_tokens
    later = np.arange(queries)[:, None]
    back = later + context - np.arange(context)
    own = later - np.arange(queries)
    inside = (own >= 0) if committed else np.ones_like(own, dtype=bool)
    return Sight(np.concatenate([back, own], axis=1), np.concatenate([back <= context, inside], axis=1))


class Cache:
    """The past of a batch of agents."""

    def __init__(self, shape: Shape, rows: int, reach: int = 2) -> None:
        """Begin with no past.

        Args:
            shape: of the network.
            rows: agents.
            reach: inputs that the convolution looks back on.
        """
        size = (shape.layers, rows, shape.context_tokens, shape.width)
        self.keys: Float32 = np.zeros(size, dtype=np.float32)
        self.values: Float32 = np.zeros(size, dtype=np.float32)
        self.tail: Float32 = np.zeros((shape.layers, rows, reach, shape.width), dtype=np.float32)
        self.filled = np.zeros(rows, dtype=np.int64)
        """Slots that hold something, of each agent."""
        self._context = shape.context_tokens

    def commit(self, kept: tuple[Float32, Float32, Float32]) -> None:
        """Take over keys, values and convolution inputs [layers, B, Q, width] of new tokens."""
        keys, values, inputs = kept
        count = keys.shape[2]
        for held, new in ((self.keys, keys), (self.values, values), (self.tail, inputs)):
            length = held.shape[2]
            if count < length:
                held[:, :, : length - count] = held[:, :, count:]
                held[:, :, length - count :] = new
            else:
                held[:] = new[:, :, count - length :]
        self.filled = np.minimum(self.filled + count, self._context)

    def allowed(self, seen: Sight) -> NDArray[np.bool_]:
        """What may be seen, [B, Q, K]."""
        filled = np.arange(self._context) >= self._context - self.filled[:, None]
        own = np.ones((len(self.filled), seen.distance.shape[0]), dtype=bool)
        both: NDArray[np.bool_] = seen.allowed[None] & np.concatenate([filled, own], axis=1)[:, None]
        return both

    def forget(self, row: int) -> None:
        """Let one agent begin anew."""
        self.filled[row] = 0
        self.tail[:, row] = 0.0
