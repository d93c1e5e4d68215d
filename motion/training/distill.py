"""Few evaluations instead of many: two objectives that fine-tune the trained base.

*Shortcut* (Frans et al. 2024): the network also takes the solver's step d. For d > 0 its velocity has to equal the mean of two of its own
half steps; for d = 0 it keeps matching the flow, so that one network serves one evaluation and fifty.

*Consistency* (Song et al. 2023, in the form of latent consistency models): a step of d = 1 - t from anywhere on a path has to end where the
rest of the way ends from a point a little further along, which the frozen teacher reaches; the flow's loss anchors it at the data.

Both work on all predicted blocks of a window at once. torch; random numbers from the global generator.
"""

from __future__ import annotations

from typing import Final, Literal

import torch
from torch import Tensor

from motion.network.base import Base
from motion.network.control import Control
from motion.training.flow import FlowSettings, Prepared, block_times, expand_blocks, prepare, velocity
from motion.training.windows import Batch

SMALLEST: Final = 3
"""Steps of the shortcut are 1, 1/2, ... 1/2^SMALLEST; below that the flow's own velocity serves."""
_SHARE: Final = 0.5
"""Share of a batch that learns steps; the rest keeps matching the flow."""
_STRIDE: Final = 0.1


def distillation_loss(
    student: Base,
    teacher: Base,
    batch: Batch,
    settings: FlowSettings,
    objective: Literal["shortcut", "consistency"],
    control: Control | None = None,
) -> Tensor:
    """Loss of the student.

    Args:
        student: network that learns.
        teacher: frozen.
        batch: windows.
        settings: how they are spoiled.
        objective: which way.
        control: takes part frozen, where the student is trained below one.
    """
    shape = student.shape
    ready = prepare(student, batch, settings)
    rows, length = batch.tokens.shape[:2]
    device = batch.tokens.device
    blocks = length // shape.block_tokens
    noise = torch.randn_like(batch.tokens)
    truth = ready.target - noise
    stepped = torch.rand(rows, blocks, device=device) < _SHARE
    if objective == "shortcut":
        power = torch.randint(0, SMALLEST + 1, (rows, blocks), device=device)
        step = 0.5 ** power.to(noise.dtype)
        start = (torch.rand(rows, blocks, device=device) / step).floor() * step
    else:
        start = torch.rand(rows, blocks, device=device) * (1.0 - _STRIDE)
        start = torch.where(torch.rand(rows, blocks, device=device) < 0.3, torch.zeros_like(start), start)
        step = 1.0 - start
    time = torch.where(stepped, start, block_times(rows, blocks, device))
    step = torch.where(stepped, step, torch.zeros_like(step))
    time, step = expand_blocks(time, shape.block_tokens), expand_blocks(step, shape.block_tokens)
    noisy = torch.lerp(noise, ready.target, time[..., None])
    with torch.no_grad():
        frozen = Prepared(
            ready.target,
            ready.expected,
            ready.weight,
            [type(p)(*(x.detach() for x in p)) for p in ready.pasts],
            ready.sight,
            ready.heard,
            ready.condition.detach(),
        )
        if objective == "shortcut":
            target = _two_halves(student, frozen, noisy, time, step)
        else:
            target = _from_further_on(student, teacher, frozen, noisy, time, step)
        target = torch.where((step > 0.0)[..., None], target, truth)
    found = velocity(student, ready, noisy, time, step, control, batch if control is not None else None)
    error = (found - target).square().mean(-1)
    return (error * ready.weight).sum() / (rows * ready.weight.sum())


def _two_halves(student: Base, ready: Prepared, noisy: Tensor, time: Tensor, step: Tensor) -> Tensor:
    """Mean velocity of two half steps; halves of the smallest step go by the instantaneous velocity."""
    half = 0.5 * step
    said = torch.where(step > 0.5**SMALLEST, half, torch.zeros_like(half))
    first = velocity(student, ready, noisy, time, said)
    middle = noisy + half[..., None] * first
    second = velocity(student, ready, middle, time + half, said)
    return 0.5 * (first + second)


def _from_further_on(
    student: Base, teacher: Base, ready: Prepared, noisy: Tensor, time: Tensor, step: Tensor
) -> Tensor:
    """Velocity that leads from here to where the student lands from a little further along the teacher's path."""
    stride = torch.minimum(torch.full_like(time, _STRIDE), 1.0 - time)
    zero = torch.zeros_like(time)
    along = velocity(teacher, ready, noisy, time, zero)
    further = noisy + stride[..., None] * along
    later = time + stride
    rest = 1.0 - later
    onwards = velocity(student, ready, further, later, rest)
    landed = further + rest[..., None] * onwards
    return (landed - noisy) / step.clamp(min=1e-3)[..., None]
