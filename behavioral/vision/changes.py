"""When the picture changes more than it usually does: bursts of motion and jumps of light.

Pure. Motion is held against its own recent mean and spread, so that a fidgeting person or a noisy camera raises the bar
for itself. Each kind is told at most once per `REFRACTORY_S`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from behavioral.vision.contract import Picture
from runtime.clock import NS_PER_S

BASELINE_S = 4.0
"""Time constant of what counts as usual."""
WARM_UP_S = 1.0
"""No event before this much has been seen."""
SPREADS = 4.0
"""Motion must exceed the usual mean by this many usual deviations ..."""
MOTION_FLOOR = 0.003
"""... and this much, in picture widths per second, averaged over the picture (signing hands at 1 m: 0.002 to 0.008)."""
MOTION_FULL = 0.015
"""Excess of motion at which the magnitude is 1 - 1/e."""
LIGHT_STEP = 0.15
"""Change of mean brightness against the usual that is an event."""
REFRACTORY_S = 2.0


Change = tuple[float, Literal["motion", "light"]]


@dataclass(slots=True)
class ChangeDetector:
    """What is usual in one camera's picture."""

    _first_ns: int = -1
    _last_ns: int = -1
    _motion: float = 0.0
    _spread: float = 0.0
    _light: float = 0.0
    _told_ns: dict[str, int] = field(default_factory=dict)

    def update(self, picture: Picture, t_ns: int) -> Change | None:
        """Take one picture; return magnitude 0 to 1 and kind (`motion` or `light`) of an unusual change, or None."""
        if self._first_ns < 0:
            self._first_ns = self._last_ns = t_ns
            self._light = picture.luminance
            return None
        share = 1.0 - math.exp(-max(0.0, (t_ns - self._last_ns) / NS_PER_S) / BASELINE_S)
        self._last_ns = t_ns
        warm = (t_ns - self._first_ns) / NS_PER_S >= WARM_UP_S
        step = abs(picture.luminance - self._light)
        if step >= LIGHT_STEP:
            # The new light is the usual from now on; the flow that it feigned is not motion.
            self._light = picture.luminance
            return self._tell("light", min(1.0, step), t_ns) if warm else None
        self._light += share * (picture.luminance - self._light)
        excess = picture.motion - self._motion
        unusual = warm and excess > max(MOTION_FLOOR, SPREADS * self._spread)
        self._motion += share * excess
        self._spread += share * (abs(excess) - self._spread)
        return self._tell("motion", 1.0 - math.exp(-excess / MOTION_FULL), t_ns) if unusual else None

    def _tell(self, what: Literal["motion", "light"], magnitude: float, t_ns: int) -> Change | None:
        told_ns = self._told_ns.get(what)
        if told_ns is not None and (t_ns - told_ns) / NS_PER_S < REFRACTORY_S:
            return None
        self._told_ns[what] = t_ns
        return magnitude, what
