"""The objective: flow matching on the straight path over every predicted block of a window at once.

x_t = (1 - t) noise + t motion; the network learns motion - noise (Lipman et al. 2023, Liu et al. 2023), in the notation of diffusers'
`FlowMatchEulerDiscreteScheduler` sigma = 1 - t. Each block of a window has a time of its own. What is committed before a block is the
true motion with a little noise now and then, so that the network mends what it will have got slightly wrong itself; and in some rows the
history is hidden, so that speech and not inertia drives the motion.

torch; random numbers come from torch's global generator, which the trainer seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from motion.network import sight
from motion.network.base import Base, Heard, parts
from motion.network.blocks import Past, Sight
from motion.network.control import Control
from motion.streaming.aims import PULL_BOUND
from motion.tokens.forecast import HISTORY
from motion.training.windows import Batch


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """How windows are spoiled.

    Attributes:
        deaf: share of rows that hear nothing.
        no_style: share of rows without a style.
        short_history: share of rows whose blocks see only a few tokens back.
        spoiled: share of rows whose history is noisy.
        spoil: greatest deviation of that noise, as a share of what a forecast leaves open (`motion.tokens.forecast`, spread).
    """

    deaf: float = 0.1
    no_style: float = 0.15
    short_history: float = 0.15
    spoiled: float = 0.6
    spoil: float = 0.05


@dataclass(frozen=True, slots=True)
class Prepared:
    """A window ready for any objective: the committed side is done, the predicted side waits for noise.

    `target` are the innovations [B, L, 99] of all blocks, `expected` the tokens that the forecast expects in their place, `weight` [L] is 0
    in the first block, which has no past to be forecast from.
    """

    target: Tensor
    expected: Tensor
    weight: Tensor
    pasts: list[Past]
    sight: Sight
    heard: Heard
    condition: Tensor


def expand_blocks(values: Tensor, block_tokens: int) -> Tensor:
    """Repeat one number per block [B, blocks] for its tokens [B, L]."""
    return values.repeat_interleave(block_tokens, dim=1)


def block_times(rows: int, blocks: int, device: torch.device) -> Tensor:
    """Times [rows, blocks]: half of them uniform, half around the middle (logit-normal), where the velocity is hardest."""
    uniform = torch.rand(rows, blocks, device=device)
    middle = torch.randn(rows, blocks, device=device).sigmoid()
    return torch.where(torch.rand(rows, blocks, device=device) < 0.5, uniform, middle)


def prepare(base: Base, batch: Batch, settings: FlowSettings) -> Prepared:
    """Run the committed side of a window and condition the predicted one."""
    shape = base.shape
    rows, length = batch.tokens.shape[:2]
    device = batch.tokens.device
    spoil = torch.rand(rows, 1, 1, device=device) * settings.spoil
    spoil = torch.where(torch.rand(rows, 1, 1, device=device) < settings.spoiled, spoil, torch.zeros_like(spoil))
    history = batch.tokens + spoil * base.spread * torch.randn_like(batch.tokens)
    style = batch.style * (torch.rand(rows, 1, device=device) >= settings.no_style)
    deaf = torch.rand(rows, 1, 1, device=device) < settings.deaf
    ones = torch.ones(rows, length, 1, device=device)
    heard = Heard(batch.agent, batch.user, ones, style)
    still = torch.ones(rows, length, device=device)
    done = torch.nn.functional.silu(base.hear(heard, deaf) + base.when(still, torch.zeros_like(still)))
    kept = base.committed(history, done, _to(sight.committed(length, shape), device))
    pasts = parts(kept, shape.block_tokens)
    limit = torch.full((rows,), length, device=device)
    short = torch.rand(rows, device=device) < settings.short_history
    limit = torch.where(short, torch.randint(0, 8, (rows,), device=device), limit)
    # Where nothing may be seen the convolution's past is gone too.
    blocks = length // shape.block_tokens
    seen = (limit >= 2).repeat_interleave(blocks)[:, None, None]
    pasts = [Past(past.keys, past.values, past.tail * seen) for past in pasts]
    place = torch.arange(length, device=device) % shape.block_tokens
    known = (place < shape.chunk_tokens).to(batch.tokens.dtype)[None, :, None].expand(rows, -1, -1)
    ahead = Heard(batch.agent, batch.user, known, style)
    target, expected = innovations(base, batch.tokens, history)
    weight = (torch.arange(length, device=device) >= shape.block_tokens).to(batch.tokens.dtype)
    return Prepared(
        target,
        expected,
        weight,
        pasts,
        _to(sight.predicted(length, shape, limit), device),
        ahead,
        base.hear(ahead, deaf),
    )


@torch.no_grad()
def innovations(base: Base, tokens: Tensor, history: Tensor) -> tuple[Tensor, Tensor]:
    """Innovations [B, L, 99] of every block of a window, and the tokens expected in their place, from what was committed before each.

    The first block's mean nothing.
    """
    rows, length, size = tokens.shape
    block = base.shape.block_tokens
    starts = torch.arange(0, length, block, device=tokens.device)
    padded = torch.cat((history[:, :1].expand(-1, HISTORY, -1), history), 1)
    before = torch.stack([padded[:, starts + step] for step in range(HISTORY)], dim=2)
    # Differences of neighbours are small: bfloat16 would not see them.
    with torch.autocast(tokens.device.type, enabled=False):
        found = base.innovations(tokens.reshape(rows, -1, block, size).float(), before.float())
        expected = base.expected(before.float())
    return found.reshape(rows, length, size), expected.reshape(rows, length, size)


def velocity(
    base: Base,
    ready: Prepared,
    noisy: Tensor,
    time: Tensor,
    step: Tensor,
    control: Control | None = None,
    batch: Batch | None = None,
) -> Tensor:
    """Velocity [B, L, 99] at times and steps [B, L]."""
    condition = torch.nn.functional.silu(ready.condition + base.when(time, step))
    if control is None or batch is None:
        return base.predicted(noisy, ready.expected, condition, ready.pasts, ready.sight)
    pull = hints(base, control, ready, batch)
    steering = control(
        noisy, ready.expected, ready.heard, batch.label, batch.course, pull, time, step, ready.pasts, ready.sight
    )
    found = base.predicted(noisy, ready.expected, condition, ready.pasts, ready.sight, steering.blocks)
    return found + steering.velocity


@torch.no_grad()
def hints(base: Base, control: Control, ready: Prepared, batch: Batch) -> Tensor:
    """What the control is shown of gestures [B, L, 99]: `motion.streaming.aims.pull` of every block."""
    rows, length, size = ready.expected.shape
    block = base.shape.block_tokens
    with torch.autocast(ready.expected.device.type, enabled=False):
        expected = ready.expected.float().reshape(rows, -1, block, size)
        before, away = batch.away[:, :, :HISTORY], batch.away[:, :, HISTORY:]
        left = batch.hold * (control.rest + away - expected) + control.added * (away - base.expected(before))
        found = torch.einsum("kj,...jd->...kd", torch.linalg.inv(base.mix), left / base.spread)
    return found.clamp(-PULL_BOUND, PULL_BOUND).reshape(rows, length, size)


def weights(ready: Prepared, asked: Batch | None) -> Tensor:
    """How much each token of a window counts [B, L]; below a control only those of gestures: of all others the base alone decides."""
    if asked is None:
        return ready.weight.expand(ready.target.shape[:2])
    return asked.course[..., 0] * ready.weight


def flow_loss(
    base: Base, batch: Batch, settings: FlowSettings, control: Control | None = None
) -> tuple[Tensor, Prepared]:
    """Mean square error of the velocity over all predicted blocks; with a control, its tokens alone count more."""
    shape = base.shape
    with torch.set_grad_enabled(control is None and torch.is_grad_enabled()):
        ready = prepare(base, batch, settings)
    rows, length = batch.tokens.shape[:2]
    time = expand_blocks(block_times(rows, length // shape.block_tokens, batch.tokens.device), shape.block_tokens)
    noise = torch.randn_like(batch.tokens)
    noisy = torch.lerp(noise, ready.target, time[..., None])
    found = velocity(base, ready, noisy, time, torch.zeros_like(time), control, batch)
    error = (found - (ready.target - noise)).square().mean(-1)
    weight = weights(ready, None if control is None else batch)
    return (error * weight).sum() / weight.sum().clamp(min=1.0), ready


def _to(seen: Sight, device: torch.device) -> Sight:
    return Sight(seen.distance.to(device), seen.allowed.to(device))
