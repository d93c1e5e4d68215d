"""What the supervisor knows of the rooms from their heartbeats: ready, hung, how big.

Pure bookkeeping on times that the caller passes in (seconds of any monotonic clock): no tasks, no clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from runtime.messages import Heartbeat

WATCH_GAP_S = 2.0
"""If the watcher itself did not run for this long (a suspended machine), nobody is called hung for it."""


@dataclass(slots=True)
class RoomHealth:
    """The last heartbeat of a room's present process and when it came."""

    pid: int
    seen_s: float
    beats: int = 0
    status: str = "starting"
    detail: str = ""
    hears: frozenset[str] = frozenset()
    counters: dict[str, float] = field(default_factory=dict)
    rss_mb: float = 0.0


class HouseHealth:
    """All rooms of one house."""

    def __init__(self, hang_after_s: float) -> None:
        """Call a room hung when it has been silent for this long."""
        self._hang_after_s = hang_after_s
        self._rooms: dict[str, RoomHealth] = {}
        self._watched_s: float | None = None
        self.peak_rss_mb: dict[str, float] = {}

    def born(self, room: str, pid: int, now_s: float) -> None:
        """Note a new process of a room."""
        self._rooms[room] = RoomHealth(pid, now_s)

    def gone(self, room: str) -> None:
        """Note that a room has no process."""
        self._rooms.pop(room, None)

    def beat(self, heartbeat: Heartbeat, now_s: float) -> None:
        """Take a heartbeat; one of an earlier process of the room is ignored."""
        health = self._rooms.get(heartbeat.source)
        if health is None or health.pid != heartbeat.pid:
            return
        health.seen_s = now_s
        health.beats += 1
        health.status = heartbeat.status
        health.detail = heartbeat.detail
        health.hears = frozenset(heartbeat.hears)
        health.counters = dict(heartbeat.counters)
        health.rss_mb = heartbeat.rss_mb
        self.note_size(heartbeat.source, heartbeat.rss_mb)

    def note_size(self, name: str, rss_mb: float) -> None:
        """Keep the largest memory of a process by name."""
        self.peak_rss_mb[name] = max(self.peak_rss_mb.get(name, 0.0), rss_mb)

    def has_started(self, room: str) -> bool:
        """Whether a room is past its start, and so may have something to lose."""
        health = self._rooms.get(room)
        return health is not None and health.beats > 0 and health.status != "starting"

    def missing(self, rooms: Iterable[str], others: Iterable[str]) -> dict[str, str]:
        """Return the rooms that are not ready, with the reason for people.

        A room is ready when it waits for the session (or is in it) and hears every other room and all of `others`.
        """
        names = list(rooms)
        reasons: dict[str, str] = {}
        for name in names:
            health = self._rooms.get(name)
            if health is None:
                reasons[name] = "is not running"
            elif health.beats == 0:
                reasons[name] = "has not said anything"
            elif health.status == "starting":
                reasons[name] = "is still starting"
            elif unheard := sorted({*names, *others} - {name} - health.hears):
                reasons[name] = f"does not hear {', '.join(unheard)}"
        return reasons

    def hung(self, now_s: float) -> list[str]:
        """Return the rooms that have been silent for too long; to be called often."""
        if self._watched_s is not None and now_s - self._watched_s > WATCH_GAP_S:
            for health in self._rooms.values():
                health.seen_s = now_s
        self._watched_s = now_s
        return [name for name, health in self._rooms.items() if now_s - health.seen_s > self._hang_after_s]
