"""What a body does when it does nothing: breathing, postural sway, shifts of weight, small movements of head, arms and fingers.

Noise is a sum of sines at incommensurate frequencies with power falling like 1/f, as in quiet standing (Duarte and Zatsiorsky 2000). It
is a pure function of continuous time and the seed: the same at any frame rate, any sampling order.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from motion.procedural import controls as c

_SINES: Final = 7


class Noise:
    """Independent smooth noise channels of unit standard deviation."""

    __slots__ = ("_amplitude", "_omega", "_phase")

    def __init__(
        self, rng: np.random.Generator, channels: int, low_hz: float, high_hz: float, slope: float = 0.5
    ) -> None:
        """Draw frequencies between the bounds, evenly in octaves, amplitude proportional to f**-slope."""
        steps = np.linspace(0.0, 1.0, _SINES)[None, :] + rng.uniform(-0.06, 0.06, (channels, _SINES))
        frequency = low_hz * (high_hz / low_hz) ** np.clip(steps, 0.0, 1.0)
        amplitude = frequency**-slope
        self._amplitude = amplitude * math.sqrt(2.0) / np.sqrt((amplitude**2).sum(axis=1, keepdims=True))
        self._omega = 2.0 * np.pi * frequency
        self._phase = rng.uniform(0.0, 2.0 * np.pi, (channels, _SINES))

    def at(self, t_s: float) -> c.Vector:
        """Values [channels] at a time."""
        wave = np.sin(self._omega * t_s + self._phase)
        wave *= self._amplitude
        out: c.Vector = wave.sum(axis=1)
        return out


def _amplitudes() -> tuple[c.Vector, c.Vector]:
    """Standard deviations [44] of trunk sway and of arm drift."""
    trunk, arms = np.zeros(c.SIZE), np.zeros(c.SIZE)
    trunk[c.HIPS_M] = (0.0030, 0.0006, 0.0045)
    trunk[c.HIPS] = np.radians((0.35, 0.9, 0.25))
    trunk[c.SPINE] = np.radians((0.6, 0.8, 0.4))
    trunk[c.HEAD] = np.radians((0.9, 1.5, 0.7))
    trunk[c.SHOULDERS] = np.radians((0.5, 0.7, 0.5, 0.7))
    for arm in (c.LEFT, c.RIGHT):
        one = np.zeros(c.ARM_SIZE)
        one[c.WRIST] = (0.009, 0.006, 0.014)
        one[c.SWIVEL] = 0.03
        one[c.TWIST] = 0.05
        one[c.FLEX], one[c.DEVIATION] = 0.05, 0.02
        one[c.FINGERS] = (0.03, 0.03, 0.03, 0.03, 0.03, 0.02)
        arms[arm] = one
    return trunk, arms


class Idle:
    """The ground layer: an addition to the controls at any time."""

    def __init__(self, rng: np.random.Generator, breaths_per_min: float) -> None:
        """Draw the noise; `breaths_per_min` as in `ListenerSettings`."""
        self._trunk_sd, self._arms_sd = _amplitudes()
        self._noise = Noise(rng, c.SIZE, 0.05, 1.1, 0.55)
        self._shift = Noise(rng, 2, 0.022, 0.11, 0.3)
        self._breath_omega = 2.0 * math.pi * breaths_per_min / 60.0
        self._breath_phase = float(rng.uniform(0.0, 2.0 * math.pi))

    def breath(self, t_s: float, drift: float) -> float:
        """Volume of the lungs 0 to 1; breathing in is quicker than out (about 2:3)."""
        phase = self._breath_omega * t_s + self._breath_phase + 0.5 * drift
        return 0.5 - 0.5 * math.cos(phase - 0.35 * math.sin(phase))

    def at(self, t_s: float, liveliness: float) -> c.Vector:
        """Addition [44] to the controls.

        Args:
            t_s: session time.
            liveliness: 1 for idling; less holds the body stiller.
        """
        out = self._noise.at(t_s)
        out *= self._trunk_sd + self._arms_sd
        out *= liveliness
        slow, tempo = self._shift.at(t_s)
        # Weight rests on one leg for a while, then moves to the other within a second or two.
        lean = math.tanh(2.6 * slow)
        out[0] += 0.024 * lean
        out[c.HIPS.start + 2] += 0.030 * lean
        out[c.HIPS.start + 1] += 0.020 * lean
        out[c.SPINE.start + 2] -= 0.042 * lean
        out[c.HEAD.start + 2] += 0.012 * lean
        air = self.breath(t_s, float(tempo)) - 0.5
        out[c.SPINE.start] -= 0.020 * air
        out[c.HEAD.start] += 0.014 * air
        out[12] += 0.030 * air
        out[14] += 0.030 * air
        for arm in (c.LEFT, c.RIGHT):
            out[arm.start] += 0.008 * air
        return out
