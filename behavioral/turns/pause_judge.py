"""Asks the audio model about each pause, once, as soon as it has lasted long enough to be heard as one.

Keeps the newest seconds of the person's sound. The question is answered in the model's offload; the answer comes back on the event loop
with the pause that it is about, and one for a pause that is over already is harmless. While a question runs, no second one
is asked: a machine that is too slow for one question a pause gets fewer opinions, not a queue of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import BLOCK_NS, BLOCK_SAMPLES
from behavioral.turns.audio_model import WINDOW_S, EndOfTurnModel
from runtime.clock import NS_PER_MS, NS_PER_S

ASK_AFTER_NS = 96 * NS_PER_MS
"""Silence that the model hears before it is asked; it was trained on turns with some."""
NO_OPINION = 0.5
_BLOCKS = round(WINDOW_S * NS_PER_S / BLOCK_NS)


class PauseJudge:
    """The audio model's ear."""

    def __init__(self, model: EndOfTurnModel, told: Callable[[int, float | None], None]) -> None:
        """Hear nothing yet.

        Args:
            model: judges; closed by `aclose`.
            told: is told the session time (ns) at which a pause began, and the probability that it ends the turn: None first, when
                the model is asked, then its opinion; one half where it had none.
        """
        self._model = model
        self._told = told
        self._ring: NDArray[np.float32] = np.zeros((_BLOCKS, BLOCK_SAMPLES), np.float32)
        self._heard = 0
        self._asked_ns = -1
        self._question: asyncio.Task[None] | None = None

    @property
    def asking_about_ns(self) -> int | None:
        """When the pause began about which a question runs now; None without one."""
        return self._asked_ns if self._question is not None and not self._question.done() else None

    def push(self, block: NDArray[np.float32], t_ns: int, silence_since_ns: int | None) -> None:
        """Hear one block that begins at `t_ns`; `silence_since_ns` is where the silence inside present speech began."""
        self._ring[self._heard % _BLOCKS] = block
        self._heard += 1
        if silence_since_ns is None or silence_since_ns == self._asked_ns:
            return
        if t_ns + BLOCK_NS - silence_since_ns < ASK_AFTER_NS or self.asking_about_ns is not None:
            return
        self._asked_ns = silence_since_ns
        self._told(silence_since_ns, None)
        self._question = asyncio.ensure_future(self._ask(self._newest(), silence_since_ns))

    def clear(self) -> None:
        """Forget what was heard: the next block does not follow the last one."""
        self._heard = 0

    async def aclose(self) -> None:
        """Ask no more and free the model."""
        if self._question is not None:
            self._question.cancel()
            await asyncio.gather(self._question, return_exceptions=True)
        await self._model.aclose()

    def _newest(self) -> NDArray[np.float32]:
        """Return what is kept, oldest first."""
        if self._heard < _BLOCKS:
            return self._ring[: self._heard].reshape(-1).copy()
        return np.roll(self._ring, -(self._heard % _BLOCKS), axis=0).reshape(-1)

    async def _ask(self, samples: NDArray[np.float32], pause_ns: int) -> None:
        probability = await self._model.probability(samples)
        self._told(pause_ns, NO_OPINION if probability is None else probability)
