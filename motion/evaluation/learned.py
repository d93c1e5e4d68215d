"""The learned generator as a method of the table, at any number of evaluations.

The running generator itself (`motion.streaming.speak`), not a batch form of it, and as early before its frames are shown as a session makes
them: a gesture that is asked for later waits for the next chunk. Opens the checkpoint once; one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.evaluation.methods import EXTRAS, Style
from motion.streaming.live import LEAD_S
from motion.streaming.model import Model
from motion.streaming.speak import speak

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Learned:
    """A `SpeechMotion`.

    Attributes:
        model: opened checkpoint.
        steps: evaluations a chunk.
        control: how much of the control is added.
    """

    model: Model
    steps: int
    control: float = 1.0

    def __call__(
        self, agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
    ) -> tuple[Clip, tuple[int, ...]]:
        """Move to speech; see `motion.evaluation.methods.SpeechMotion`."""
        known = [one for one in intents if one.label in self.model.shape.labels]
        return speak(
            self.model, agent, user, seed=seed, steps=self.steps,
            style=(style.actor, style.emotion), intents=known, control=self.control, lead_s=LEAD_S[0],
        )  # fmt: skip


def narrating_styles(model: Model) -> list[Style]:
    """Manners of narration that a checkpoint knows: every narrator in every emotion, in an order that mixes them."""
    actors = [actor for actor in model.shape.actors if actor not in EXTRAS] or [""]
    emotions = list(model.shape.emotions) or [""]
    pairs = [(a, e) for e in range(len(emotions)) for a in range(len(actors))]
    return [Style(actors[a], emotions[(e + a) % len(emotions)]) for a, e in pairs]
