"""Whether a mouth moves as in speech, and whether eyes blink: from openness over time. Pure.

A speaking mouth opens and shuts two to seven times a second; a smile or an open mouth that stays does not, a yawn is slow. A blink
is eyes under half of their usual openness for at most `BLINK_MAX_S`; at 15 pictures a second one of 100 ms is seen once or twice.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from behavioral.vision.swings import swings_of

MOUTH_WINDOW_S = 1.0
MOUTH_SWING = 0.06
"""Least change of openness (shares of half the distance of the outer eye corners, 2.7 mm): the noise on real small faces is under 0.04."""
MOUTH_SWING_S = 0.5
"""Longer swings are not syllables."""
FULL_SWINGS = 5.0
"""So many swings within the window are speech for sure (four syllables a second make eight)."""
SHUT_SHARE = 0.62
OPEN_SHARE = 0.78
"""Shut under, open again over these shares of the usual openness."""
BLINK_MAX_S = 0.5
USUAL_OVER_S = 3.0
MAX_GAP_S = 0.4


@dataclass(slots=True)
class MouthMotion:
    """One person's mouth."""

    _samples: deque[tuple[float, float]] = field(default_factory=deque)

    def update(self, openness: float, t_s: float) -> float | None:
        """Take the mouth's openness; return the probability that it speaks, None before half a window is known."""
        if self._samples and not 0.0 <= t_s - self._samples[-1][0] <= MAX_GAP_S:
            self._samples.clear()
        self._samples.append((t_s, openness))
        while t_s - self._samples[0][0] > MOUTH_WINDOW_S:
            self._samples.popleft()
        if t_s - self._samples[0][0] < MOUTH_WINDOW_S / 2:
            return None
        quick = [s for s in swings_of(self._samples, MOUTH_SWING) if s.length_s <= MOUTH_SWING_S]
        return min(1.0, len(quick) / FULL_SWINGS) if len(quick) > 2 else 0.0


@dataclass(slots=True)
class Blinks:
    """One person's eyes."""

    usual: float = 0.0
    """Openness of this person's open eyes, in the engine's measure; 0 before any was seen."""
    _shut_s: float = -1.0
    _last_s: float = -1.0

    def update(self, openness: float, t_s: float) -> float | None:
        """Take the eyes' openness; return the length in seconds of a blink that has just ended, else None."""
        gap_s = t_s - self._last_s
        self._last_s = t_s
        if self.usual <= 0.0 or openness >= self.usual:
            self.usual = openness if self.usual <= 0.0 else self.usual + 0.5 * (openness - self.usual)
        elif openness > OPEN_SHARE * self.usual and gap_s > 0.0:
            self.usual += min(1.0, gap_s / USUAL_OVER_S) * (openness - self.usual)
        if not 0.0 <= gap_s <= MAX_GAP_S:
            self._shut_s = -1.0
        if self._shut_s < 0.0:
            if openness < SHUT_SHARE * self.usual:
                self._shut_s = t_s
            return None
        if openness < OPEN_SHARE * self.usual:
            if t_s - self._shut_s > BLINK_MAX_S:  # a look down or closed eyes: their usual state adapts
                self.usual += min(1.0, gap_s / USUAL_OVER_S) * (openness - self.usual)
            return None
        length_s, self._shut_s = t_s - self._shut_s, -1.0
        return length_s if length_s <= BLINK_MAX_S else None

    def openness(self, openness: float) -> float:
        """Return 0 for shut eyes and 1 for this person's usual openness; half of the usual counts as shut."""
        if self.usual <= 0.0:
            return 1.0
        return min(1.0, max(0.0, 2.0 * openness / self.usual - 1.0))
