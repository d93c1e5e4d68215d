"""A block as its surprise: what is predicted is the difference from where the last tokens lead, with the correlations of time taken out.

Motion is smooth, so most of a block follows from the tokens before it. A linear forecast from the last `HISTORY` tokens is subtracted,
what is left is divided by its deviation per number and by the Cholesky factor of its covariance over the block (one for all numbers):
*innovations*, white with unit variance over the training motion. Noise in this space is a plausible continuation, and a network's errors
come out smooth: in the plain space white errors of a few percent made jerk eight times that of people. Everything is on the network's
scale. numpy, no state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.tokens.layout import TOKEN_SIZE

Array = NDArray[Any]

HISTORY: Final = 3
"""Committed tokens that the forecast goes by."""
LEAST_SPREAD: Final = 0.01
"""Least deviation of what is left, in deviations of tokens: numbers that hardly ever move need no finer innovations."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Linear forecast and what is left of it.

    Attributes:
        weights: [block, HISTORY], newest token first; shared by all numbers of a token.
        mix: [block, block], lower triangle: innovations to what is left.
        spread: [99].
    """

    weights: NDArray[np.float32]
    mix: NDArray[np.float32]
    spread: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: they do not fit, or a spread is not positive.
        """
        block = len(self.weights)
        if (
            self.weights.shape != (block, HISTORY)
            or self.mix.shape != (block, block)
            or self.spread.shape != (TOKEN_SIZE,)
            or not (self.spread > 0.0).all()
        ):
            raise ValueError(
                f"forecast: shapes {self.weights.shape}, {self.mix.shape} and {self.spread.shape} do not fit"
            )

    def expected(self, history: Array) -> Array:
        """Where tokens lead, [..., block, 99], from the last ones [..., HISTORY, 99], oldest first."""
        out: Array = np.einsum("km,...md->...kd", self.weights, history[..., ::-1, :])
        return out

    def tokens(self, innovations: Array, history: Array) -> Array:
        """Tokens [..., block, 99] of innovations."""
        out: Array = self.expected(history) + self.spread * np.einsum("kj,...jd->...kd", self.mix, innovations)
        return out

    def innovations(self, tokens: Array, history: Array) -> Array:
        """Innovations [..., block, 99] of tokens."""
        left = (tokens - self.expected(history)) / self.spread
        out: Array = np.einsum("kj,...jd->...kd", np.linalg.inv(self.mix.astype(np.float64)), left)
        return out


def fit(pieces: list[Array], block: int) -> Forecast:
    """Fit to stretches of tokens [n, 99] on the network's scale.

    Raises:
        ValueError: no stretch is long enough.
    """
    gram, cross = np.zeros((HISTORY, HISTORY)), np.zeros((block, HISTORY))
    long = [piece.astype(np.float64) for piece in pieces if len(piece) >= HISTORY + block + 1]
    if not long:
        raise ValueError(f"no stretch of motion has {HISTORY + block + 1} tokens")
    for piece in long:
        count = len(piece) - HISTORY - block + 1
        past = np.stack([piece[HISTORY - 1 - m : HISTORY - 1 - m + count] for m in range(HISTORY)])
        ahead = np.stack([piece[HISTORY + k : HISTORY + k + count] for k in range(block)])
        gram += np.einsum("mtd,ntd->mn", past, past)
        cross += np.einsum("ktd,mtd->km", ahead, past)
    weights = cross @ np.linalg.inv(gram + 1e-6 * np.trace(gram) * np.eye(HISTORY))
    squares, covariance, rows = np.zeros(TOKEN_SIZE), np.zeros((block, block)), 0
    lefts = []
    for piece in long:
        count = len(piece) - HISTORY - block + 1
        past = np.stack([piece[HISTORY - 1 - m : HISTORY - 1 - m + count] for m in range(HISTORY)])
        ahead = np.stack([piece[HISTORY + k : HISTORY + k + count] for k in range(block)])
        left = ahead - np.einsum("km,mtd->ktd", weights, past)
        lefts.append(left[:, :: 7 * block])
        squares += np.square(left).mean(axis=0).sum(axis=0)
        rows += count
    spread = np.maximum(np.sqrt(squares / rows), LEAST_SPREAD)
    scaled = np.concatenate(lefts, axis=1) / spread
    covariance = np.einsum("ktd,jtd->kj", scaled, scaled) / (scaled.shape[1] * TOKEN_SIZE)
    mix = np.linalg.cholesky(covariance + 1e-6 * np.eye(block))
    return Forecast(weights.astype(np.float32), mix.astype(np.float32), spread.astype(np.float32))
