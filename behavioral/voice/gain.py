"""Level of the agent's voice: a ramp between full and ducked, without steps. Pure; gain of each sample, 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GAIN_RAMP_MS = 80.0
"""Ducking and its end take this long for the whole range of gain."""


class Gain:
    """Where the level is, and where it goes."""

    def __init__(self) -> None:
        """Start at full level."""
        self.level = self.target = 1.0

    def restore(self) -> None:
        """Be at full level at once; only while nothing sounds."""
        self.level = self.target = 1.0

    def ramp(self, size: int, rate_hz: int) -> NDArray[np.float32] | None:
        """Return float32 [size] of the next samples, None where it is 1 throughout."""
        start, target = self.level, self.target
        if start == target:
            return None if start == 1.0 else np.full(size, start, dtype=np.float32)
        step = 1_000.0 / (GAIN_RAMP_MS * rate_hz)
        change = np.minimum(np.arange(1, size + 1) * step, abs(target - start))
        gain: NDArray[np.float32] = (start + np.sign(target - start) * change).astype(np.float32)
        reached = abs(target - start) <= size * step
        self.level = target if reached else float(gain[-1])
        return gain

    def fade(self, size: int) -> NDArray[np.float32]:
        """Return float32 [size] from the present level to silence."""
        return (self.level * np.linspace(1.0, 0.0, size)).astype(np.float32)
