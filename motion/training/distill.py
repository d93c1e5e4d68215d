"""Few evaluations instead of many: three objectives that fine-tune the trained base, or train a control over one that is distilled.

*Shortcut* (Frans et al. 2024): the network also takes the solver's step d. For d > 0 its velocity has to equal the mean of two of its own
half steps; for d = 0 it keeps matching the flow, so that one network serves one evaluation and fifty.

*Consistency* (Song et al. 2023, in the form of latent consistency models): a step of d = 1 - t from anywhere on a path has to end where the
rest of the way ends from a point a little further along, which the frozen teacher reaches; the flow's loss anchors it at the data.

*Energy*: the shortcut, and besides the last step of 1, 2 or 4 evaluations is judged by where it ends: two samples of each block against the
recorded one, by the energy score (`motion.training.energy`). The shortcut can only repeat what many steps do and damps motion where the
student is unsure; this one knows how much people move.

All work on all predicted blocks of a window at once. torch; random numbers from the global generator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import torch
from torch import Tensor

from motion.network.base import Base
from motion.network.control import Control
from motion.training.energy import energy_score
from motion.training.flow import FlowSettings, block_times, expand_blocks, prepare, velocity, weights
from motion.training.windows import Batch

Objective = Literal["shortcut", "consistency", "energy"]
Ask = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Velocity [B, L, 99] of noisy innovations at times and steps [B, L]."""

SMALLEST: Final = 3
"""Steps of the shortcut are 1, 1/2, ... 1/2^SMALLEST; below that the flow's own velocity serves."""
_SHARE: Final = 0.5
"""Share of a batch that learns steps; the rest keeps matching the flow."""
_STRIDE: Final = 0.1
_EVALUATIONS: Final = (1, 1, 2, 2, 4)
"""Drawn from for the energy score."""


def distillation_loss(
    student: Base,
    batch: Batch,
    settings: FlowSettings,
    objective: Objective,
    *,
    teacher: Base | None = None,
    control: Control | None = None,
) -> Tensor:
    """Loss of the student, or of the control over it.

    Args:
        student: network that learns, or is frozen below the control.
        batch: windows.
        settings: how they are spoiled.
        objective: which way.
        teacher: frozen; the consistency objective needs it.
        control: learns instead of the student.

    Raises:
        ValueError: there is no teacher to be consistent with.
    """
    shape = student.shape
    with torch.set_grad_enabled(control is None and torch.is_grad_enabled()):
        ready = prepare(student, batch, settings)
    asked = batch if control is not None else None
    ask: Ask = partial(velocity, student, ready, control=control, batch=asked)
    rows, length = batch.tokens.shape[:2]
    device = batch.tokens.device
    blocks = length // shape.block_tokens
    noise = torch.randn_like(batch.tokens)
    stepped = torch.rand(rows, blocks, device=device) < _SHARE
    if objective == "consistency":
        start = torch.rand(rows, blocks, device=device) * (1.0 - _STRIDE)
        start = torch.where(torch.rand(rows, blocks, device=device) < 0.3, torch.zeros_like(start), start)
        step = 1.0 - start
    else:
        power = torch.randint(0, SMALLEST + 1, (rows, blocks), device=device)
        step = 0.5 ** power.to(noise.dtype)
        start = (torch.rand(rows, blocks, device=device) / step).floor() * step
    time = torch.where(stepped, start, block_times(rows, blocks, device))
    step = torch.where(stepped, step, torch.zeros_like(step))
    time, step = expand_blocks(time, shape.block_tokens), expand_blocks(step, shape.block_tokens)
    noisy = torch.lerp(noise, ready.target, time[..., None])
    with torch.no_grad():
        if objective != "consistency":
            target = _two_halves(ask, noisy, time, step)
        elif teacher is not None:
            target = _from_further_on(ask, partial(velocity, teacher, ready), noisy, time, step)
        else:
            raise ValueError("the consistency objective needs a teacher")
        target = torch.where((step > 0.0)[..., None], target, ready.target - noise)
    weight = weights(ready, asked)
    error = (ask(noisy, time, step) - target).square().mean(-1)
    loss = (error * weight).sum() / weight.sum().clamp(min=1.0)
    if objective == "energy":
        loss = loss + _where_it_ends(ask, ready.target, weight, shape.block_tokens)
    return loss


def _two_halves(ask: Ask, noisy: Tensor, time: Tensor, step: Tensor) -> Tensor:
    """Mean velocity of two half steps; halves of the smallest step go by the instantaneous velocity."""
    half = 0.5 * step
    said = torch.where(step > 0.5**SMALLEST, half, torch.zeros_like(half))
    first = ask(noisy, time, said)
    middle = noisy + half[..., None] * first
    return 0.5 * (first + ask(middle, time + half, said))


def _from_further_on(ask: Ask, teach: Ask, noisy: Tensor, time: Tensor, step: Tensor) -> Tensor:
    """Velocity that leads from here to where the student lands from a little further along the teacher's path."""
    stride = torch.minimum(torch.full_like(time, _STRIDE), 1.0 - time)
    further = noisy + stride[..., None] * teach(noisy, time, torch.zeros_like(time))
    later = time + stride
    rest = 1.0 - later
    landed = further + rest[..., None] * ask(further, later, rest)
    return (landed - noisy) / step.clamp(min=1e-3)[..., None]


def _where_it_ends(ask: Ask, truth: Tensor, weight: Tensor, block_tokens: int) -> Tensor:
    """Energy score of what a few evaluations from pure noise end in; only the last one learns."""
    evaluations = _EVALUATIONS[int(torch.randint(len(_EVALUATIONS), ()))]
    length = 1.0 / evaluations
    step = truth.new_full(truth.shape[:2], length)
    ends = []
    for _ in range(2):
        x = torch.randn_like(truth)
        with torch.no_grad():
            for before in range(evaluations - 1):
                x = x + length * ask(x, torch.full_like(step, before * length), step)
        ends.append(x + length * ask(x, torch.full_like(step, 1.0 - length), step))
    one, two, real = (part.unflatten(1, (-1, block_tokens)) for part in (*ends, truth))
    # A block counts by the tokens of it that count.
    share = weight.expand(truth.shape[:2]).unflatten(1, (-1, block_tokens)).mean(-1)
    return (energy_score(one, two, real) * share).sum() / share.sum().clamp(min=1.0 / block_tokens)
