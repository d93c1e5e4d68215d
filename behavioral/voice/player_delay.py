"""How much later than scheduled a player sounds, smoothed over its reports and bounded. Pure; milliseconds."""

from __future__ import annotations

PLAYER_DELAY_MAX_MS = 1_500.0
_SMOOTHING = 0.25


class PlayerDelay:
    """The delay of whoever plays."""

    def __init__(self) -> None:
        """Know of no player."""
        self.ms = 0.0
        self._known = False

    def take(self, late_ms: float) -> None:
        """Take one report: how late what is heard now is by it."""
        late_ms = min(PLAYER_DELAY_MAX_MS, max(0.0, late_ms))
        self.ms = self.ms + _SMOOTHING * (late_ms - self.ms) if self._known else late_ms
        self._known = True

    def forget(self) -> None:
        """Trust the schedule again: the player that reported is gone."""
        self.ms, self._known = 0.0, False
