"""Looks at the person's picture at the profile's rate and tells bus and people what it sees.

Runs as a task of the behavioral room; the pictures are decoded and searched in vision's own process. A look
that takes longer than its period costs pictures, never time: the next look is at the newest picture. Where
vision fails, the loop goes on without it and health says why.
"""

from __future__ import annotations

from behavioral.people import People
from behavioral.vision.contract import Picture, Sight
from behavioral.vision.tracks import Tracks
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import AnyMessage, PersonPercept, UserVideo, VisualChange
from runtime.streams import Stream


class Watching:
    """Vision of one session."""

    def __init__(self, clock: Clock, bus: Bus, sight: Sight, tracks: Tracks, people: People, fps: float) -> None:
        """Wire the parts."""
        self._clock = clock
        self._bus = bus
        self._sight = sight
        self._tracks = tracks
        self._people = people
        self._period_ns = round(NS_PER_S / fps)

    async def watch_file(self, start_ns: int) -> None:
        """Follow an opened video file from media time zero to its end; then everybody has left."""
        look = 0
        while True:
            due_ns = start_ns + look * self._period_ns
            await self._clock.sleep_until_ns(due_ns)
            now_ns = self._clock.now_ns()
            picture = await self._sight.look_at((now_ns - start_ns) / NS_PER_S)
            if picture is not None and picture.ended:
                self._take(Picture(picture.t_s, (), 0.0, 0.5, picture.luminance, ended=True), now_ns)
                if self._people.nearest is None:
                    return
            elif picture is not None:
                self._take(picture, now_ns)
            # Looks that would be late are skipped: the next one is at the newest picture.
            look = max(look + 1, -(-(self._clock.now_ns() - start_ns) // self._period_ns))

    async def watch_pages(self, pictures: Stream[AnyMessage]) -> None:
        """Follow the camera pictures that pages send, at most at the profile's rate."""
        next_ns = 0
        async for message in pictures:
            now_ns = self._clock.now_ns()
            if now_ns < next_ns or not isinstance(message, UserVideo):
                continue
            next_ns = now_ns + self._period_ns
            picture = await self._sight.look_jpeg(message.jpeg, now_ns / NS_PER_S)
            if picture is not None:
                self._take(picture, now_ns)

    def _take(self, picture: Picture, now_ns: int) -> None:
        for event in self._tracks.update(picture, now_ns):
            if isinstance(event, PersonPercept):
                self._people.take(event)
            elif not isinstance(event, VisualChange):
                continue
            self._bus.publish(event)
