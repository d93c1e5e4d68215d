"""The face at each tick: lids, mouth and expression.

Blinks follow a gamma distribution at conversational rates (Bentivoglio 1997: 17 a minute at rest, 26 in
conversation), are drawn to phrase ends and large gaze shifts, and never last longer than `blink_max_s`
(longer ones shorten the person's answers, Hoemke 2018). Expressions move through a first-order filter, so
that nothing pops. Times in session seconds; deterministic under the random source.
"""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray

from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS

GAMMA_SHAPE = 2.2
"""Blink intervals are skewed, neither regular nor memoryless."""
BLINK_CLOSE_S = 0.07
BLINK_OPEN_S = 0.12
SHIFT_BLINK_RAD = math.radians(15.0)
"""Gaze shifts larger than this come with a blink most of the time."""
EXPRESSION_TIME_S = 0.25
AT_REST: dict[str, float] = {"relaxed": 0.15, "happy": 0.12}
"""A friendly resting face."""


class Face:
    """Lids and expression."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Start with open eyes and the resting expression."""
        self._settings = settings
        self._random = source
        self._speaking = False
        self._blink_start_s = -1.0
        self._next_blink_s = 1.0 + source.random()
        self._wanted = self._rest()
        self._shown = self._wanted.copy()
        self._until_s = -1.0
        self._last_s: float | None = None

    def set_speaking(self, speaking: bool) -> None:
        """Say whether the agent speaks: blinks come more often."""
        self._speaking = speaking

    def phrase_ended(self, t_s: float) -> None:
        """A phrase boundary invites a blink."""
        if t_s - self._blink_start_s > 1.0 and self._random.random() < 0.5:
            self._next_blink_s = min(self._next_blink_s, t_s + self._random.uniform(0.0, 0.25))

    def gaze_shifted(self, t_s: float, angle_rad: float) -> None:
        """A large gaze shift comes with a blink."""
        if angle_rad > SHIFT_BLINK_RAD and t_s - self._blink_start_s > 0.5 and self._random.random() < 0.7:
            self._next_blink_s = t_s

    def express(self, name: str, strength: float, until_s: float) -> None:
        """Show an expression until a time.

        Raises:
            ValueError: when `name` is not one of `EXPRESSIONS`.
        """
        if name not in EXPRESSIONS:
            raise ValueError(f"no expression {name!r}; there are: {', '.join(EXPRESSIONS)}")
        self._wanted = np.zeros(len(EXPRESSIONS), dtype=np.float32)
        self._wanted[EXPRESSIONS.index(name)] = min(1.0, max(0.0, strength))
        self._until_s = until_s

    def release(self) -> None:
        """Go back to the resting expression."""
        self._until_s = -1.0
        self._wanted = self._rest()

    def tick(self, t_s: float) -> tuple[tuple[float, float], NDArray[np.float32]]:
        """Advance to `t_s`; return lid closure (left, right) and expression weights, float32 [5]."""
        step_s = 0.02 if self._last_s is None else min(0.1, max(0.0, t_s - self._last_s))
        self._last_s = t_s
        if 0.0 <= self._until_s <= t_s:
            self.release()
        self._shown += (1.0 - math.exp(-step_s / EXPRESSION_TIME_S)) * (self._wanted - self._shown)
        if t_s >= self._next_blink_s:
            self._blink_start_s = t_s
            rate = self._settings.blinks_per_min_speaking if self._speaking else self._settings.blinks_per_min_listening
            mean_s = 60.0 / rate
            self._next_blink_s = t_s + max(0.4, self._random.gammavariate(GAMMA_SHAPE, mean_s / GAMMA_SHAPE))
        lid = self._lid(t_s - self._blink_start_s)
        return (lid, lid), self._shown

    def _lid(self, since_s: float) -> float:
        longest_s = self._settings.blink_max_s
        close_s = min(BLINK_CLOSE_S, 0.4 * longest_s)
        open_s = min(BLINK_OPEN_S, 0.6 * longest_s)
        if not 0.0 <= since_s < close_s + open_s or self._blink_start_s < 0.0:
            return 0.0
        if since_s < close_s:
            return 0.5 - 0.5 * math.cos(math.pi * since_s / close_s)
        return 0.5 + 0.5 * math.cos(math.pi * (since_s - close_s) / open_s)

    @staticmethod
    def _rest() -> NDArray[np.float32]:
        rest = np.zeros(len(EXPRESSIONS), dtype=np.float32)
        for name, weight in AT_REST.items():
            rest[EXPRESSIONS.index(name)] = weight
        return rest
