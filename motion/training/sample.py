"""The reference sampler in torch: motion for the speech of a scene, chunk after chunk, without a cache.

It recomputes the whole visible history for each chunk and integrates with diffusers' `FlowMatchEulerDiscreteScheduler`: slow, short, and
what the running generator is tested against. torch.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from motion.network import sight
from motion.network.base import Base, Heard
from motion.network.blocks import Past, Sight
from motion.network.control import Control
from motion.streaming.sampler import overlapped
from motion.tokens.forecast import HISTORY
from motion.tokens.layout import TOKEN_BOUND, TOKEN_SIZE
from motion.tokens.shape import Shape

Float32 = NDArray[np.float32]


def euler(steps: int) -> list[tuple[float, float]]:
    """Time and step length of each evaluation, from noise (t = 0) to motion (t = 1), by diffusers' schedule."""
    from diffusers import FlowMatchEulerDiscreteScheduler

    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000)
    scheduler.set_timesteps(sigmas=np.linspace(1.0, 1.0 / steps, steps).tolist())
    sigmas = scheduler.sigmas.double().tolist()
    return [(1.0 - now, now - after) for now, after in pairwise(sigmas)]


@torch.no_grad()
def sample(
    base: Base,
    heard: Heard,
    prefix: Tensor,
    noise: Tensor,
    steps: int,
    shortcut: bool = False,
    control: Control | None = None,
    label: Tensor | None = None,
    course: Tensor | None = None,
    pull: Callable[[int, Tensor], Tensor] | None = None,
) -> Tensor:
    """Normalised tokens [B, prefix + N, 99].

    Args:
        base: the network.
        heard: conditions of all tokens, the prefix's included [B, T, ...].
        prefix: committed tokens to begin with [B, P, 99].
        noise: one block of noise for each chunk [chunks, B, block_tokens, 99].
        steps: evaluations a chunk.
        shortcut: tell the network the solver's step.
        control: with `label` and `course` of all tokens.
        label: [B, T].
        course: [B, T, INTENT_SIZE].
        pull: hints of the block at a token, given what is expected there [B, block, 99]; none by default.
    """
    shape = base.shape
    tokens, plan = prefix, None
    for chunk in noise:
        first = tokens.shape[1]
        rows = tokens.shape[0]
        window = slice(0, first)
        still = torch.ones(rows, first)
        seen = Heard(heard.agent[:, window], heard.user[:, window], heard.known[:, window], heard.style)
        condition = torch.nn.functional.silu(base.hear(seen) + base.when(still, torch.zeros_like(still)))
        kept = base.committed(tokens[:, window], condition, sight.committed(first, shape))
        pasts = [Past(k, v, torch.nn.functional.pad(y, (0, 0, 2, 0))[:, -2:]) for k, v, y in kept]
        look = _look(first, shape.block_tokens, shape.context_tokens)
        part = slice(first, first + shape.block_tokens)
        known = torch.zeros(rows, shape.block_tokens, 1)
        known[:, : shape.chunk_tokens] = 1.0
        ahead = Heard(heard.agent[:, part], heard.user[:, part], known, heard.style)
        expected = base.expected(tokens[:, -HISTORY:])
        x = chunk
        for time, length in euler(steps):
            t = torch.full((rows, shape.block_tokens), time)
            d = torch.full_like(t, length if shortcut else 0.0)
            added = torch.zeros(shape.layers, rows, shape.block_tokens, shape.width)
            push = torch.zeros_like(x)
            if control is not None and label is not None and course is not None:
                hint = torch.zeros_like(x) if pull is None else pull(first, expected)
                blocks, push = control(x, expected, ahead, label[:, part], course[:, part], hint, t, d, pasts, look)
                added = torch.stack(blocks)
            x = x + length * (base(x, expected, ahead, t, d, pasts, look, added)[0] + push)
        block = base.tokens(x, tokens[:, -HISTORY:]).numpy()
        settled = torch.from_numpy(overlapped(block, plan, shape.chunk_tokens))
        plan = block[:, shape.chunk_tokens :]
        tokens = torch.cat((tokens, settled.clamp(-TOKEN_BOUND, TOKEN_BOUND)), 1)
    return tokens


def _look(history: int, block: int, context: int) -> Sight:
    query = torch.arange(history, history + block)
    key = torch.arange(history + block)
    distance = query[:, None] - key
    return Sight(distance, ((distance <= context) | (key >= history))[None, None])


def noise_for(shape: Shape, chunks: int, seed: int) -> Tensor:
    """Noise of every chunk of one agent [chunks, 1, block_tokens, 99]; as in the running generator each token keeps its own."""
    total = shape.block_tokens + shape.chunk_tokens * chunks
    tokens = np.random.default_rng(seed).standard_normal((total, TOKEN_SIZE), dtype=np.float32)
    starts = shape.chunk_tokens * (1 + np.arange(chunks))
    return torch.from_numpy(np.stack([tokens[None, start : start + shape.block_tokens] for start in starts]))
