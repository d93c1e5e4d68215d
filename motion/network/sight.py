"""Which token may see which, in training: the same rule that the cache gives the running generator.

A committed token sees itself and up to `context_tokens` committed before it. A predicted token sees its own block, and of what was
committed before the block's first token all that lies at most `context_tokens` before itself. torch; pure functions.
"""

from __future__ import annotations

import torch
from torch import Tensor

from motion.network.blocks import Sight
from motion.tokens.shape import Shape


def committed(length: int, shape: Shape) -> Sight:
    """Sight of `length` committed tokens among themselves."""
    at = torch.arange(length)
    distance = at[:, None] - at
    return Sight(distance, ((distance >= 0) & (distance <= shape.context_tokens))[None, None])


def predicted(length: int, shape: Shape, limit: Tensor | None = None) -> Sight:
    """Sight of `length` predicted tokens to as many committed ones, then to themselves.

    Args:
        length: a multiple of the block.
        shape: of the network.
        limit: for each row of a batch [B] how many committed tokens before its block it may see (history dropout).
    """
    at = torch.arange(length)
    distance = at[:, None] - at
    begin = at - at % shape.block_tokens
    before = begin[:, None] - at
    past = (before > 0) & (distance <= shape.context_tokens)
    same = begin[:, None] == begin
    both = torch.cat((distance, distance), 1)
    if limit is None:
        return Sight(both, torch.cat((past, same), 1)[None, None])
    rows = past & (before <= limit[:, None, None])
    return Sight(both, torch.cat((rows, same.expand(len(limit), -1, -1)), 2)[:, None])
