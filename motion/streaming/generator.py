"""The motion generator: one or many agents, a chunk of frames at a time.

    generator = Generator(Model())
    generator.agents[0].say(0, speech); generator.agents[0].intend("wave")
    clip = generator.chunk()[0]          # 4 frames; the first time 3, of the pose to begin with

Every `Shape.chunk_s` (133 ms) of motion one `chunk` is due; it shows what was asked for and heard until then. All agents of a generator
move on together, their networks' calls are shared. Nothing here waits or looks at a clock: call it from a thread of its own.
Deterministic under the seeds and the calls. Whatever the input, frames are finite, within human joint ranges and speeds (`motion.limits`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip, Pose
from motion.features.layout import CHANNEL_SIZE
from motion.streaming.agent import PREFIX_TOKENS, Agent
from motion.streaming.model import Asked, Condition, Model
from motion.streaming.sampler import ChunkSampler
from motion.tokens import codec, conditioning
from motion.tokens.layout import TOKEN_SIZE

Float32 = NDArray[np.float32]


class Generator:
    """See the module's docstring."""

    def __init__(
        self,
        model: Model,
        *,
        seeds: Sequence[int] = (0,),
        styles: Sequence[tuple[str, str]] = (("", ""),),
        steps: int | None = None,
        pose: Pose | None = None,
    ) -> None:
        """Let agents stand in a pose.

        Args:
            model: opened checkpoint; may be shared.
            seeds: one for each agent.
            styles: actor and emotion of each agent, or one for all; names that the checkpoint does not know mean nobody's.
            steps: evaluations a chunk; by default those that the checkpoint is shipped for.
            pose: to begin with; standing at ease by default.

        Raises:
            ValueError: no agent, or steps out of range.
        """
        if not seeds or len(styles) not in (1, len(seeds)):
            raise ValueError(
                f"{len(seeds)} seeds and {len(styles)} styles; give a seed for each agent, and a style for each or one"
            )
        self.model = model
        given = list(styles) * (len(seeds) if len(styles) == 1 else 1)
        first = codec.neutral() if pose is None else codec.of_pose(pose)
        self.agents = tuple(Agent(model.shape, first, seed, style) for seed, style in zip(seeds, given, strict=True))
        self._sampler = ChunkSampler(model, len(seeds), model.shape.steps if steps is None else steps)
        self._begin(first)
        self._begun = False

    @property
    def repaired(self) -> int:
        """Tokens that were not finite and were replaced."""
        return self._sampler.repaired

    def chunk(self) -> list[Clip]:
        """The next frames of every agent."""
        if not self._begun:
            self._begun = True
            return [agent.extend(np.zeros((0, TOKEN_SIZE), dtype=np.float32)) for agent in self.agents]
        heard = [agent.conditions() for agent in self.agents]
        asked = [agent.asked() for agent in self.agents]
        condition = Condition(
            np.stack([one for one, _ in heard]),
            np.stack([two for _, two in heard]),
            self._sampler.known,
            self._styles(),
        )
        wanted = None
        if any(wish.label.any() for wish in asked):
            scale = np.array([agent.control for agent in self.agents], dtype=np.float32)
            label, course, away, hold = (np.stack(parts) for parts in zip(*asked, strict=True))
            wanted = Asked(label, course, away, hold, scale)
        tokens = self._sampler.chunk(np.stack([agent.noise() for agent in self.agents]), condition, wanted)
        restored = self.model.restore(tokens)
        return [agent.extend(row) for agent, row in zip(self.agents, restored, strict=True)]

    def _begin(self, first: Float32) -> None:
        rows, shape = len(self.agents), self.model.shape
        tokens = np.tile(self.model.normalise(first), (rows, PREFIX_TOKENS, 1))
        agent = np.tile(conditioning.SILENCE[:CHANNEL_SIZE], shape.agent_size // CHANNEL_SIZE)
        user = np.tile(conditioning.SILENCE[CHANNEL_SIZE:], shape.user_size // CHANNEL_SIZE)
        still = Condition(
            np.tile(agent, (rows, PREFIX_TOKENS, 1)), np.tile(user, (rows, PREFIX_TOKENS, 1)),
            np.ones((rows, PREFIX_TOKENS, 1), dtype=np.float32), self._styles(),
        )  # fmt: skip
        self._sampler.begin(tokens, still)

    def _styles(self) -> NDArray[np.int64]:
        return np.array([agent.style for agent in self.agents], dtype=np.int64)
