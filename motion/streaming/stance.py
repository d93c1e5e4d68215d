"""How the body is held while it moves: mode and posture as turns of spine, neck and head over generated motion, and folded or open arms.

The network knows neither postures by name nor whose turn it is but by sound; these are the procedural body's own, taken as differences from
its standing pose. Changes are eased. Hips stay where the generator has them, since planted legs follow from them. Session seconds; local
rotations [22, 4]; one thread; a few dozen microseconds a pose.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.procedural import controls as c
from motion.procedural import posture
from motion.procedural.solver import solve
from motion.procedural.track import ease
from motion.skeleton import INDEX

Float64 = NDArray[np.float64]

FADE_S: Final = 1.0
_TRUNK: Final = [INDEX[name] for name in ("spine", "chest", "upperChest", "neck", "head")]
_ARMS: Final = [INDEX[f"{side}{part}"] for side in ("left", "right") for part in ("UpperArm", "LowerArm", "Hand")]
_ARM_SHARE: Final = 0.85
"""A posture's arms leave this much of the generator's own life in them."""


class Stance:
    """See the module's docstring."""

    def __init__(self) -> None:
        """Stand at ease."""
        self._rest = solve(c.neutral()).rotations.astype(np.float64)
        self._mode: posture.Mode = "idle"
        self._posture, self._strength = "neutral", 0.0
        self._since_s = -math.inf
        self._from, self._to = np.zeros((len(_TRUNK), 3)), np.zeros((len(_TRUNK), 3))
        self._arms_from = self._arms_to = self._rest[_ARMS]
        self._share_from = self._share_to = 0.0

    def set_mode(self, t_s: float, mode: posture.Mode) -> None:
        """Hold oneself as one does when idle, listening, thinking or speaking.

        Raises:
            ValueError: no such mode.
        """
        if mode not in posture.MODES:
            raise ValueError(f"unknown mode {mode!r}; one of: {', '.join(posture.MODES)}")
        self._mode = mode
        self._aim(t_s)

    def take_up(self, t_s: float, name: str, strength: float) -> None:
        """Take up a posture until the next call; strength 0 to 1.

        Raises:
            ValueError: no such posture, or no finite numbers.
        """
        found = posture.find(name)
        if not (math.isfinite(strength) and math.isfinite(t_s)):
            raise ValueError(f"posture {found}: time {t_s} and strength {strength} must be finite")
        self._posture, self._strength = found, min(max(strength, 0.0), 1.0)
        self._aim(t_s)

    def apply(self, t_s: float, rotations: NDArray[np.floating]) -> Float64:
        """Lay the stance over local rotations [22, 4] at a time that does not go back; returns new ones."""
        out = rotations.astype(np.float64)
        turns, arms, share = self._now(t_s)
        out[_TRUNK] = rot.multiply(out[_TRUNK], rot.exp(turns))
        if share > 0.0:
            out[_ARMS] = rot.slerp(out[_ARMS], arms, share)
        return out

    def _now(self, t_s: float) -> tuple[Float64, Float64, float]:
        passed = ease(min(max((t_s - self._since_s) / FADE_S, 0.0), 1.0))
        turns = self._from + passed * (self._to - self._from)
        share = self._share_from + passed * (self._share_to - self._share_from)
        return turns, rot.slerp(self._arms_from, self._arms_to, passed), share

    def _aim(self, t_s: float) -> None:
        self._from, self._arms_from, self._share_from = self._now(t_s)
        chosen = posture.POSTURES[self._posture]
        held = c.neutral() + posture.MODE_TRUNK[self._mode]
        posture.blend(held, chosen, self._strength)
        posed = solve(held).rotations.astype(np.float64)
        self._to = rot.log(rot.multiply(rot.conjugate(self._rest[_TRUNK]), posed[_TRUNK]))
        shaped = chosen.left is not None or chosen.right is not None
        self._share_to = _ARM_SHARE * self._strength if shaped else 0.0
        self._arms_to = posed[_ARMS] if shaped else self._arms_from
        if self._share_from == 0.0:
            self._arms_from = self._arms_to
        self._since_s = t_s
