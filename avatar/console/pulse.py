"""Which rooms of the house have fallen silent, so that a console does not show an agent as ready that is gone.

Pure bookkeeping on times of the caller's monotonic clock, seconds. A room that was never heard is not missed.
"""

from __future__ import annotations

SILENT_AFTER_S = 3.0
"""Of a room whose heart beats four times a second (`supervisor.heartbeat_s`)."""
WATCH_GAP_S = 2.0
"""If nobody looked for so long (a suspended machine), no room is called silent for it."""


class Pulse:
    """When each room was last heard."""

    def __init__(self, silent_after_s: float = SILENT_AFTER_S) -> None:
        """Call a room silent after so much time without a heartbeat."""
        self._silent_after_s = silent_after_s
        self._heard_s: dict[str, float] = {}
        self._looked_s: float | None = None

    def beat(self, room: str, now_s: float) -> None:
        """Take a heartbeat."""
        self._heard_s[room] = now_s

    def silent(self, now_s: float) -> list[str]:
        """Return the rooms that have been silent for too long, by name; to be asked at least every second."""
        if self._looked_s is not None and now_s - self._looked_s > WATCH_GAP_S:
            self._heard_s = dict.fromkeys(self._heard_s, now_s)
        self._looked_s = now_s
        return sorted(room for room, at_s in self._heard_s.items() if now_s - at_s > self._silent_after_s)
