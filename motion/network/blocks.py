"""One block of the generator: frame-wise AdaLN, attention to the past, causal convolution, feed-forward (ProAct, figure 3).

A block serves two kinds of tokens. *Committed* ones are conditioned at time 1 and see what was committed before them, so their keys and
values never change and can be cached. *Predicted* ones, noise on its way to motion, see the cache and each other. Which token may see
which is decided by distances alone: `Sight` holds them, and the bias that each head learns for every distance.

torch; no state but weights.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CONV_TOKENS: Final = 3
"""Length of the causal convolution."""


class Past(NamedTuple):
    """What a layer keeps of committed tokens: keys and values [B, K, width], and inputs of the convolution [N, 2, width].

    N is B, or B times the number of predicted blocks in training, where each block has a past of its own.
    """

    keys: Tensor
    values: Tensor
    tail: Tensor


class Sight(NamedTuple):
    """Who sees whom: distance in tokens [Q, K], later minus earlier, and whether a query may see a key [B or 1, 1, Q, K]."""

    distance: Tensor
    allowed: Tensor


class Block(nn.Module):
    """AdaLN, attention, convolution, gate; AdaLN, feed-forward, gate."""

    def __init__(self, width: int, heads: int, farthest: int, ahead: int) -> None:
        """Make a block.

        Args:
            width: of the hidden state.
            heads: of the attention.
            farthest: greatest distance back.
            ahead: greatest distance ahead, within a predicted block.
        """
        super().__init__()
        self.heads, self.ahead = heads, ahead
        self.modulate = nn.Linear(width, 6 * width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.conv = nn.Parameter(torch.zeros(CONV_TOKENS, width))
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.near = nn.Parameter(torch.zeros(heads, farthest + ahead + 1))
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, hidden: Tensor, condition: Tensor, past: Past, sight: Sight) -> tuple[Tensor, Past]:
        """Run the block.

        Args:
            hidden: [B, Q, width].
            condition: [B, Q, width], through SiLU already.
            past: of this layer; its keys come before the block's own ones.
            sight: of Q queries to K = past and own keys.

        Returns:
            Hidden state, and keys, values and inputs of the convolution of these tokens.
        """
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = self.modulate(condition).chunk(6, dim=-1)
        x = _norm(hidden) * (1.0 + scale_a) + shift_a
        query, key, value = self.qkv(x).chunk(3, dim=-1)
        mixed = self.out(self._attend(query, torch.cat((past.keys, key), 1), torch.cat((past.values, value), 1), sight))
        hidden = hidden + gate_a * (mixed + self._convolve(mixed, past.tail))
        x = _norm(hidden) * (1.0 + scale_f) + shift_f
        hidden = hidden + gate_f * self.down(F.gelu(self.up(x), approximate="tanh"))
        return hidden, Past(key, value, mixed)

    def _attend(self, query: Tensor, keys: Tensor, values: Tensor, sight: Sight) -> Tensor:
        batch, count, width = query.shape
        size = width // self.heads
        q, k, v = (x.reshape(batch, -1, self.heads, size).transpose(1, 2) for x in (query, keys, values))
        places = (sight.distance + self.ahead).clamp(0, self.near.shape[1] - 1)
        scores = q @ k.transpose(2, 3) * size**-0.5 + self.near[:, places]
        scores = scores.masked_fill(~sight.allowed, -1e4)
        out: Tensor = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, count, width)
        return out

    def _convolve(self, mixed: Tensor, tail: Tensor) -> Tensor:
        """Causal depthwise convolution; where `tail` has more rows than the batch, each part of the sequence has its own past."""
        parts = mixed.reshape(tail.shape[0], -1, mixed.shape[2])
        joined = torch.cat((tail, parts), 1)
        count = parts.shape[1]
        out = self.conv[0] * joined[:, :count]
        for step in range(1, CONV_TOKENS):
            out = out + self.conv[step] * joined[:, step : step + count]
        return out.reshape(mixed.shape)


def _norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:])


def waves(x: Tensor, size: int) -> Tensor:
    """Sines and cosines [..., size] of numbers between 0 and 1, as in transformers and diffusion models."""
    rates = torch.exp(torch.linspace(0.0, 6.0, size // 2, device=x.device))
    angles = x[..., None] * rates * 3.0
    return torch.cat((angles.sin(), angles.cos()), -1)
