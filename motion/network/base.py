"""The base network: velocity of the flow from noise to motion, given both people's speech and the motion so far.

Flow matching on the straight path (Lipman et al. 2023): x_t = (1 - t) noise + t motion, velocity = motion - noise, t = 1 is motion. What
flows are innovations (`motion.tokens.forecast`), whose parameters are buffers of the network; what is committed are tokens. Innovations
say nothing of where the body is, so each comes with the token that the forecast expects in its place. The network also takes the step `d`
that the solver is about to make (shortcut models, Frans et al. 2024); d = 0 is the instantaneous velocity.

`forward` is one call of the running generator: any number of tokens after a cache. `forward_training` runs a whole window at once: the
committed tokens in one pass and every predicted block beside them, each seeing only what was committed before it.

torch; tokens are normalised (zero mean, unit deviation).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from motion.network.blocks import CONV_TOKENS, Block, Past, Sight, waves
from motion.tokens.forecast import HISTORY, Forecast
from motion.tokens.layout import TOKEN_SIZE
from motion.tokens.shape import Shape

_REACH: Final = CONV_TOKENS - 1


class Heard(NamedTuple):
    """Conditions of tokens: agent [B, Q, agent_size], user [B, Q, user_size], whether the user's part is known [B, Q, 1], style [B, 2]."""

    agent: Tensor
    user: Tensor
    known: Tensor
    style: Tensor


class Base(nn.Module):
    """The generator without its control."""

    def __init__(self, shape: Shape) -> None:
        """Make the network; the output starts at zero."""
        super().__init__()
        self.shape = shape
        width = shape.width
        self.take = nn.Linear(TOKEN_SIZE, width)
        self.sketch = nn.Linear(2 * TOKEN_SIZE, width)
        block = shape.block_tokens
        self.register_buffer("lead", torch.zeros(block, HISTORY))
        self.register_buffer("mix", torch.eye(block))
        self.register_buffer("spread", torch.ones(TOKEN_SIZE))
        self.listen = nn.Sequential(
            nn.Linear(shape.agent_size + shape.user_size + 1, width), nn.SiLU(), nn.Linear(width, width)
        )
        self.deaf = nn.Parameter(torch.zeros(width))
        self.actor = nn.Embedding(len(shape.actors) + 1, width)
        self.emotion = nn.Embedding(len(shape.emotions) + 1, width)
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        self.step = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            Block(width, shape.heads, shape.context_tokens, shape.block_tokens - 1) for _ in range(shape.layers)
        )
        self.finish = nn.Linear(width, 2 * width)
        self.give = nn.Linear(width, TOKEN_SIZE)
        for table in (self.actor, self.emotion):
            nn.init.normal_(table.weight, std=0.02)
        for layer in (self.finish, self.give, self.step[2]):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    # ------------------------------------------------------------ innovations

    def set_forecast(self, forecast: Forecast) -> None:
        """Take over what tokens lead to; see `motion.tokens.forecast`."""
        for name, values in (("lead", forecast.weights), ("mix", forecast.mix), ("spread", forecast.spread)):
            getattr(self, name).copy_(torch.from_numpy(values))

    def expected(self, history: Tensor) -> Tensor:
        """Where tokens lead, [..., block, 99], from the last ones [..., HISTORY, 99], oldest first."""
        return torch.einsum("km,...md->...kd", self.lead, history.flip(-2))

    def innovations(self, tokens: Tensor, history: Tensor) -> Tensor:
        """Innovations [..., block, 99] of a block's tokens."""
        left = (tokens - self.expected(history)) / self.spread
        return torch.einsum("kj,...jd->...kd", torch.linalg.inv(self.mix), left)

    def tokens(self, innovations: Tensor, history: Tensor) -> Tensor:
        """Tokens [..., block, 99] of innovations."""
        return self.expected(history) + self.spread * torch.einsum("kj,...jd->...kd", self.mix, innovations)

    # ------------------------------------------------------------ conditions

    def hear(self, heard: Heard, deaf: Tensor | None = None) -> Tensor:
        """Condition [B, Q, width] of speech and style; `deaf` [B, 1, 1] marks rows that hear nothing, in training."""
        user = heard.user * heard.known
        speech = self.listen(torch.cat((heard.agent, user, heard.known), -1))
        if deaf is not None:
            speech = torch.where(deaf, self.deaf, speech)
        style = self.actor(heard.style[:, 0]) + self.emotion(heard.style[:, 1])
        return speech + style[:, None]

    def when(self, time: Tensor, step: Tensor) -> Tensor:
        """Condition [..., width] of the flow's time and the solver's step."""
        width = self.shape.width
        return self.time(waves(time, width)) + self.step(waves(step, width))

    def draft(self, noisy: Tensor, expected: Tensor) -> Tensor:
        """Hidden state [B, Q, width] of noisy innovations and of the tokens expected in their place, [B, Q, 99] each."""
        hidden: Tensor = self.sketch(torch.cat((noisy, expected), -1))
        return hidden

    # ------------------------------------------------------------ one call

    def forward(
        self,
        tokens: Tensor,
        expected: Tensor,
        heard: Heard,
        time: Tensor,
        step: Tensor,
        pasts: list[Past],
        sight: Sight,
        added: Tensor,
    ) -> tuple[Tensor, list[Past]]:
        """Run tokens after a cache.

        Args:
            tokens: [B, Q, 99], committed ones where the time is 1, else noisy innovations.
            expected: [B, Q, 99], tokens that the forecast expects; of no account where the time is 1.
            heard: their conditions.
            time: [B, Q], of the flow.
            step: [B, Q], of the solver.
            pasts: of each layer.
            sight: of Q tokens to the cache and themselves.
            added: [layers, B, Q, width], what the control adds after each block.

        Returns:
            Velocity [B, Q, 99] and what each layer would keep of these tokens.
        """
        condition = F.silu(self.hear(heard) + self.when(time, step))
        hidden = torch.where(time[..., None] >= 1.0, self.take(tokens), self.draft(tokens, expected))
        kept = []
        for layer, block in enumerate(self.blocks):
            hidden, own = block(hidden, condition, pasts[layer], sight)
            hidden = hidden + added[layer]
            kept.append(own)
        return self._leave(hidden, condition), kept

    def _leave(self, hidden: Tensor, condition: Tensor) -> Tensor:
        shift, scale = self.finish(condition).chunk(2, dim=-1)
        out: Tensor = self.give(F.layer_norm(hidden, hidden.shape[-1:]) * (1.0 + scale) + shift)
        return out

    # ------------------------------------------------------------ a whole window

    def committed(self, tokens: Tensor, condition: Tensor, sight: Sight) -> list[Past]:
        """Keys, values and convolution inputs of a window of committed tokens [B, L, 99] that begins from nothing."""
        none = tokens.new_zeros(tokens.shape[0], 0, self.shape.width)
        tail = tokens.new_zeros(tokens.shape[0], _REACH, self.shape.width)
        hidden = self.take(tokens)
        kept = []
        for block in self.blocks:
            hidden, own = block(hidden, condition, Past(none, none, tail), sight)
            kept.append(own)
        return kept

    def predicted(
        self,
        noisy: Tensor,
        expected: Tensor,
        condition: Tensor,
        pasts: list[Past],
        sight: Sight,
        added: Sequence[Tensor] | None = None,
    ) -> Tensor:
        """Velocity [B, L, 99] of every predicted block of a window, noisy innovations; see `parts` for their pasts."""
        hidden = self.draft(noisy, expected)
        for layer, block in enumerate(self.blocks):
            hidden, _ = block(hidden, condition, pasts[layer], sight)
            if added is not None:
                hidden = hidden + added[layer]
        return self._leave(hidden, condition)


def parts(kept: list[Past], block_tokens: int) -> list[Past]:
    """Give each predicted block of a window its own past of the convolution, [B * blocks, reach, width]; the rest stays the window's."""
    out = []
    for keys, values, inputs in kept:
        length, width = inputs.shape[1:]
        starts = torch.arange(0, length, block_tokens, device=inputs.device)
        padded = F.pad(inputs, (0, 0, _REACH, 0))
        pieces = torch.stack([padded[:, starts + step] for step in range(_REACH)], dim=2)
        out.append(Past(keys, values, pieces.reshape(-1, _REACH, width)))
    return out
