"""The energy score: how well a generator's own samples fit what happened, without a teacher and without a likelihood.

For two samples x, x' of the same situation and what really came, y: (|x - y| + |x' - y|) / 2 - |x - x'| / 2 (Gneiting and Raftery 2007, the
two-sample form). Its expectation is least where samples are distributed as reality is; so a network that makes a sample in one evaluation
can be trained by it directly (Shen and Meinshausen 2024; Alet et al. 2025 for weather). One norm over a whole block would hardly see how
single joints move together, so the score is summed over groups of numbers, small and large; a sum of proper scores is proper. torch.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

_TRIPLE: Final = 3
"""Numbers that stand together: half a joint's 6-D rotation, the hips' translation, half a hand."""
_LEAST: Final = 1e-4
"""Under the root: the gradient of a norm has no direction at zero."""


def energy_score(one: Tensor, two: Tensor, truth: Tensor) -> Tensor:
    """Score [B, blocks] of two samples of every block against the truth, each [B, blocks, tokens, 99]; the less the better."""
    return 0.5 * (_apart(one, truth) + _apart(two, truth) - _apart(one, two))


def _apart(a: Tensor, b: Tensor) -> Tensor:
    """Distance [B, blocks] of blocks: the mean of root mean squares over single numbers, triples, tokens, and each of these in time."""
    square = (a - b).square()
    triples = square.unflatten(-1, (-1, _TRIPLE)).mean(-1)
    levels = (square, triples, triples.mean(-1), triples.mean(-2), triples.mean((-1, -2), keepdim=True))
    return torch.stack([(level + _LEAST).sqrt().flatten(2).mean(-1) for level in levels]).mean(0)
