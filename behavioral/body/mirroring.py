"""The person's mood, taken up a little: a smile for a smile, concern for sadness, leaning in to excitement.

People in conversation mirror each other's faces and postures unaware, later and smaller (Chartrand and Bargh 1999).
An estimate of valence and arousal (`AffectPercept`) or a seen smile becomes a goal after a delay, at a reduced share,
if it is strong enough; it fades by its half-life unless it is renewed, and what has begun ends only well under the
threshold at which it began. Anger is answered with concern, never with anger. What comes out moves through a
critically damped spring, so that face and trunk never jump, and is laid over any body.

Lean: radians forwards. Tilt: radians to the right. Weights in the order of `EXPRESSIONS`. Session seconds;
deterministic under the random source; the estimates come on the room's loop, `tick` once a frame.
"""

from __future__ import annotations

import math
import random
from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS

OMEGA: Final = 4.0
"""Natural frequency of the spring, rad/s: a second to settle."""
SURE: Final = 0.5
"""An estimate of this confidence counts in full, of less in proportion."""
SMILE_EVERY_S: Final = 0.5
"""A smile is taken from a picture this often at most."""
_WAITING_MAX: Final = 16
_HAPPY, _SAD, _SURPRISED = (EXPRESSIONS.index(name) for name in ("happy", "sad", "surprised"))
_SURPRISE_SHARE: Final = 0.5
"""Excitement raises the brows by this share of what a smile would get."""
_VALENCE_LEAN: Final = 0.4
"""Share of the lean that goes with valence; the rest goes with arousal."""
_HIGH_MOOD_TILT: Final = 0.5

Feeling = Literal["valence", "arousal", "smile"]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the body takes up at one tick."""

    lean_rad: float
    tilt_rad: float
    weights: NDArray[np.float32]


@dataclass(slots=True)
class _Trace:
    """One followed figure: what it was when last renewed, and whether it is mirrored."""

    value: float = 0.0
    since_s: float = 0.0
    shown: bool = False

    def now(self, t_s: float, half_life_s: float) -> float:
        return float(self.value * 0.5 ** (max(0.0, t_s - self.since_s) / half_life_s))


class Mirroring:
    """Follows one person."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Begin untouched."""
        self._settings = settings
        self._random = source
        self._waiting: deque[tuple[float, Feeling, float]] = deque()
        self._traces: dict[Feeling, _Trace] = {"valence": _Trace(), "arousal": _Trace(), "smile": _Trace()}
        self._side = 1.0
        self._goal = np.zeros(2 + len(EXPRESSIONS))
        """Lean, tilt, weights."""
        self._at, self._speed = self._goal.copy(), self._goal.copy()
        self._last_s: float | None = None
        self._smile_s = -math.inf

    def felt(self, t_s: float, valence: float, arousal: float, confidence: float) -> None:
        """Take an estimate of how the person feels: -1 to 1 each, confidence 0 to 1."""
        worth = min(1.0, max(0.0, confidence) / SURE)
        due_s = t_s + self._random.uniform(*self._settings.mirror_delay_s)
        self._wait(due_s, "valence", worth * valence)
        self._wait(due_s, "arousal", worth * arousal)

    def smiled(self, t_s: float, smile: float) -> None:
        """Take how much the person is seen to smile, 0 to 1; with every picture."""
        if t_s - self._smile_s < SMILE_EVERY_S:
            return
        self._smile_s = t_s
        self._wait(t_s + self._random.uniform(*self._settings.mirror_delay_s), "smile", min(1.0, max(0.0, smile)))

    def tick(self, t_s: float) -> Mirrored:
        """Advance to `t_s` and return what the body shows of it."""
        step_s = 0.02 if self._last_s is None else min(0.1, max(0.0, t_s - self._last_s))
        self._last_s = t_s
        while self._waiting and self._waiting[0][0] <= t_s:
            due_s, feeling, value = self._waiting.popleft()
            trace = self._traces[feeling]
            if feeling == "valence" and not trace.shown:
                self._side = self._random.choice((-1.0, 1.0))
            trace.value, trace.since_s = value, due_s
        self._aim(t_s)
        # Exact step of a critically damped spring: stable at any step size.
        offset = self._at - self._goal
        decay = math.exp(-OMEGA * step_s)
        slope = self._speed + OMEGA * offset
        self._at = self._goal + (offset + slope * step_s) * decay
        self._speed = (self._speed - OMEGA * slope * step_s) * decay
        weights = np.clip(self._at[2:], 0.0, 1.0).astype(np.float32)
        return Mirrored(float(self._at[0]), float(self._at[1]), weights)

    def _aim(self, t_s: float) -> None:
        valence, arousal, smile = (self._strength(name, t_s) for name in ("valence", "arousal", "smile"))
        settings, goal = self._settings, self._goal
        mood = max(valence, smile) if valence >= 0.0 else valence
        lean = (1.0 - _VALENCE_LEAN) * arousal + _VALENCE_LEAN * max(-1.0, min(1.0, mood))
        goal[0] = math.radians(settings.mirror_lean_deg) * lean
        tilt = -mood if mood < 0.0 else _HIGH_MOOD_TILT * mood
        goal[1] = self._side * math.radians(settings.mirror_tilt_deg) * tilt
        goal[2:] = 0.0
        goal[2 + _HAPPY] = settings.mirror_share * max(0.0, mood)
        goal[2 + _SAD] = settings.mirror_share * max(0.0, -mood)
        goal[2 + _SURPRISED] = settings.mirror_share * _SURPRISE_SHARE * max(0.0, arousal)

    def _strength(self, feeling: Feeling, t_s: float) -> float:
        """The figure now, or 0 while it is not mirrored."""
        trace = self._traces[feeling]
        value = trace.now(t_s, self._settings.mirror_half_life_s)
        trace.shown = abs(value) >= (self._settings.mirror_off if trace.shown else self._settings.mirror_on)
        return value if trace.shown else 0.0

    def _wait(self, due_s: float, feeling: Feeling, value: float) -> None:
        self._waiting.append((due_s, feeling, value))
        if len(self._waiting) > _WAITING_MAX:
            self._waiting.popleft()
        if len(self._waiting) > 1 and self._waiting[-2][0] > due_s:
            self._waiting = deque(sorted(self._waiting))
