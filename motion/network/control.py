"""The Intention ControlNet: a trainable copy of the base whose blocks add to the frozen base's, through scales that start at zero.

As in ProAct (figure 3) and Zhang et al. 2023. The copy gets the same noisy tokens and, besides time and speech, the gesture that is asked
for, how far it has come, and a hint: the way to where the lexicon's own performance would be (`motion.streaming.aims`). It looks at the
base's own cache of committed motion, so it needs none and costs nothing while nobody asks for a gesture. It also adds to the velocity
itself, the hint among it as far as it follows that: a gesture's innovations are many times larger than those of talk, and the base's last
layer, behind a normalisation, cannot give them. What it adds counts only at tokens of a gesture; with all scales at zero the output is the
base's bit for bit.

torch; the base's weights are not touched.
"""

from __future__ import annotations

import copy
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from motion.network.base import Base, Heard
from motion.network.blocks import Past, Sight
from motion.tokens.intents import INTENT_SIZE
from motion.tokens.layout import TOKEN_SIZE

_PULL_SCALE: Final = 0.2
"""Hints are larger than what else the network takes."""


class Steering(NamedTuple):
    """What a control adds: after each block of the base, layers of [B, Q, width], and to its velocity [B, Q, 99]."""

    blocks: list[Tensor]
    velocity: Tensor


class Control(nn.Module):
    """What is added to the base."""

    def __init__(self, base: Base) -> None:
        """Begin as a copy of the base that adds nothing."""
        super().__init__()
        width = base.shape.width
        self.copy = copy.deepcopy(base)
        # The control never leaves through the head.
        del self.copy.finish, self.copy.give, self.copy.take
        self.label = nn.Embedding(len(base.shape.labels) + 1, width)
        self.know = nn.Sequential(
            nn.Linear(width + INTENT_SIZE + TOKEN_SIZE, width), nn.SiLU(), nn.Linear(width, 2 * width)
        )
        self.scale = nn.ModuleList(nn.Linear(width, width) for _ in base.blocks)
        self.push = nn.Linear(width, TOKEN_SIZE)
        self.follow = nn.Linear(width, TOKEN_SIZE)
        self.register_buffer("rest", torch.zeros(TOKEN_SIZE))
        self.register_buffer("added", torch.zeros(TOKEN_SIZE))
        nn.init.normal_(self.label.weight, std=0.3)
        for layer in (*self.scale, self.push, self.follow):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def set_hints(self, rest: NDArray[np.float32], added: NDArray[np.bool_]) -> None:
        """Take over what hints start from, for training: the token of standing at ease, and which numbers' movement is added."""
        self.rest.copy_(torch.from_numpy(rest))
        self.added.copy_(torch.from_numpy(added))

    def forward(
        self,
        tokens: Tensor,
        expected: Tensor,
        heard: Heard,
        label: Tensor,
        course: Tensor,
        pull: Tensor,
        time: Tensor,
        step: Tensor,
        pasts: list[Past],
        sight: Sight,
    ) -> Steering:
        """What to add.

        Args:
            tokens: noisy innovations [B, Q, 99], as the base gets them.
            expected: tokens that the forecast expects [B, Q, 99], likewise.
            heard: speech and style, likewise.
            label: row of the gesture [B, Q], 0 for none.
            course: `motion.tokens.intents` [B, Q, INTENT_SIZE].
            pull: innovations that would follow the lexicon's own performance [B, Q, 99] (`motion.streaming.aims`).
            time: of the flow [B, Q].
            step: of the solver [B, Q].
            pasts: the base's, of each layer.
            sight: as the base's.
        """
        enter, asked = self.know(torch.cat((self.label(label), course, _PULL_SCALE * pull), -1)).chunk(2, dim=-1)
        condition = F.silu(self.copy.hear(heard) + self.copy.when(time, step) + asked)
        active = course[..., :1]
        hidden = self.copy.draft(tokens, expected) + enter
        out = []
        for layer, block in enumerate(self.copy.blocks):
            hidden, _ = block(hidden, condition, pasts[layer], sight)
            out.append(self.scale[layer](hidden) * active)
        last = F.layer_norm(hidden, hidden.shape[-1:])
        return Steering(out, (self.push(last) + self.follow(last) * pull) * active)
