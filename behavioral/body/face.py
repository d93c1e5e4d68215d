"""The face at each tick: lids and expression.

Blinks come in gamma-distributed intervals at conversational rates (Bentivoglio 1997), are drawn to phrase ends and
large gaze shifts, follow the speaker's where those are seen (Nakano 2010), and are never longer than `blink_max_s`
(Hoemke 2018). A blink that is drawn forward lends its time to the next interval, so that events place blinks but do
not make them more. Two layers of expression: what the agent means to show, and under it what it mirrors of the person
while it means nothing. Both move through a first-order filter, so that nothing pops. Times in session seconds;
deterministic under the random source.
"""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray

from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS

BLINK_CLOSE_S = 0.07
BLINK_OPEN_S = 0.12
LEAST_INTERVAL_S = 0.4
PHRASE_SHARE, SHIFT_SHARE, FOLLOW_SHARE = 0.5, 0.7, 0.6
"""Shares of phrase ends, large gaze shifts and seen blinks of the speaker that draw a blink."""
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
        self._shift_rad = math.radians(settings.blink_gaze_shift_deg)
        self._mirrored = np.zeros(len(EXPRESSIONS), dtype=np.float32)
        self._lent_s = 0.0
        """Time by which blinks came too early, to be given back."""
        self._blink_start_s = -1.0
        self._next_blink_s = 1.0 + source.random()
        self._resting = _rest()
        self._wanted = self._resting
        self._shown = self._wanted.copy()
        self._until_s = -1.0
        self._last_s: float | None = None

    def set_speaking(self, speaking: bool) -> None:
        """Say whether the agent speaks: blinks come more often."""
        self._speaking = speaking

    def phrase_ended(self, t_s: float) -> None:
        """A phrase boundary invites a blink."""
        if t_s - self._blink_start_s > 1.0 and self._random.random() < PHRASE_SHARE:
            self._draw_forward(t_s + self._random.uniform(0.0, 0.25))

    def gaze_shifted(self, t_s: float, angle_rad: float) -> None:
        """A large gaze shift comes with a blink."""
        if angle_rad > self._shift_rad and t_s - self._blink_start_s > 0.5 and self._random.random() < SHIFT_SHARE:
            self._draw_forward(t_s)

    def person_blinked(self, t_s: float) -> None:
        """The speaker blinked in a pause of speech: a listener's blink follows."""
        if not self._speaking and t_s - self._blink_start_s > 0.5 and self._random.random() < FOLLOW_SHARE:
            self._draw_forward(t_s + self._random.uniform(*self._settings.blink_follow_s))

    def mirror(self, weights: NDArray[np.float32]) -> None:
        """Show these weights [5], 0 to 1, on top of the resting face while nothing else is meant."""
        self._mirrored = weights

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
        self._wanted = self._resting

    def tick(self, t_s: float) -> tuple[tuple[float, float], NDArray[np.float32]]:
        """Advance to `t_s`; return lid closure (left, right) and expression weights, float32 [5]."""
        step_s = 0.02 if self._last_s is None else min(0.1, max(0.0, t_s - self._last_s))
        self._last_s = t_s
        if 0.0 <= self._until_s <= t_s:
            self.release()
        if self._until_s < 0.0:
            self._wanted = np.minimum(np.float32(1.0), self._resting + self._mirrored)
        self._shown += (1.0 - math.exp(-step_s / EXPRESSION_TIME_S)) * (self._wanted - self._shown)
        if t_s >= self._next_blink_s:
            self._blink_start_s = t_s
            self._next_blink_s = t_s + self._interval_s()
        lid = self._lid(t_s - self._blink_start_s)
        return (lid, lid), self._shown

    def _draw_forward(self, to_s: float) -> None:
        if to_s < self._next_blink_s:
            self._lent_s += self._next_blink_s - to_s
            self._next_blink_s = to_s

    def _interval_s(self) -> float:
        settings = self._settings
        shape = settings.blink_gamma_shape
        mean_s = 60.0 / (settings.blinks_per_min_speaking if self._speaking else settings.blinks_per_min_listening)
        back_s, self._lent_s = self._lent_s, 0.0
        return max(LEAST_INTERVAL_S, self._random.gammavariate(shape, mean_s / shape) + back_s)

    def _lid(self, since_s: float) -> float:
        longest_s = self._settings.blink_max_s
        close_s = min(BLINK_CLOSE_S, 0.4 * longest_s)
        open_s = min(BLINK_OPEN_S, 0.6 * longest_s)
        if not 0.0 <= since_s < close_s + open_s or self._blink_start_s < 0.0:
            return 0.0
        if since_s < close_s:
            return 0.5 - 0.5 * math.cos(math.pi * since_s / close_s)
        return 0.5 + 0.5 * math.cos(math.pi * (since_s - close_s) / open_s)


def _rest() -> NDArray[np.float32]:
    rest = np.zeros(len(EXPRESSIONS), dtype=np.float32)
    for name, weight in AT_REST.items():
        rest[EXPRESSIONS.index(name)] = weight
    return rest
