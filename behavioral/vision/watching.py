"""Looks at the person's picture at the profile's rate and tells bus and people what it sees.

Runs as a task of the behavioral room; the pictures are decoded and searched in vision's own process. A look
that takes longer than its period costs pictures, never time: the next look is at the newest picture. Where
nothing has been seen for `leave_after_s` (the camera is off, the page is gone, vision hangs or has given up), everybody
has left: nobody stays in the room unseen. The session goes on without vision and health says why (`Sight.note`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from behavioral.people import People
from behavioral.vision.contract import Picture, Sight
from behavioral.vision.tracks import Tracks
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import AnyMessage, PersonAct, PersonPercept, UserVideo, Viewer, VisualChange
from runtime.streams import Stream

CAMERA_RETRY_S = 10.0
"""Between two attempts to open a camera that is missing or has stopped giving pictures."""


class Watching:
    """Vision of one session; run one of the `watch_` methods, once, in a task of its own."""

    def __init__(self, clock: Clock, bus: Bus, sight: Sight, tracks: Tracks, people: People, fps: float) -> None:
        """Wire the parts."""
        self._clock = clock
        self._bus = bus
        self._sight = sight
        self._tracks = tracks
        self._people = people
        self._period_ns = round(NS_PER_S / fps)
        self._blind_after_ns = max(round(tracks.settings.leave_after_s * NS_PER_S), 2 * self._period_ns)
        self._seen_ns = 0

    async def watch_file(self, start_ns: int) -> None:
        """Follow an opened video file from media time zero to its end; then everybody has left."""
        await self._beside(self._look_at_file(start_ns), self._end_when_blind())

    async def watch_pages(self, pictures: Stream[AnyMessage], viewers: Stream[AnyMessage] | None = None) -> None:
        """Follow the camera pictures that pages send, at most at the profile's rate.

        Args:
            pictures: `UserVideo`.
            viewers: `Viewer`, a subscription of its own: where a page says that its camera is off, everybody leaves at
                once; without it, after `leave_after_s` without a picture.
        """
        await self._beside(
            self._look_at_pages(pictures),
            self._end_when_blind(),
            *(() if viewers is None else (self._end_when_off(viewers),)),
        )

    async def watch_camera(self, index: int = 0) -> None:
        """Follow a camera of this machine; where it is missing or stops, try again every `CAMERA_RETRY_S`, for ever."""
        await self._beside(self._look_at_camera(index), self._end_when_blind())

    async def _look_at_file(self, start_ns: int) -> None:
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

    async def _look_at_pages(self, pictures: Stream[AnyMessage]) -> None:
        next_ns = 0
        async for message in pictures:
            while (newer := pictures.take()) is not None:  # what came during a slow look
                message = newer
            now_ns = self._clock.now_ns()
            if now_ns < next_ns or not isinstance(message, UserVideo):
                continue
            next_ns = now_ns + self._period_ns
            picture = await self._sight.look_jpeg(message.jpeg, now_ns / NS_PER_S)
            if picture is not None:
                self._take(picture, now_ns)

    async def _look_at_camera(self, index: int) -> None:
        while True:
            try:
                await self._sight.open_camera(index)
            except ValueError:  # the sight's note says which and why
                pass
            else:
                await self._look_while_it_gives_pictures()
            await self._clock.sleep_until_ns(self._clock.now_ns() + round(CAMERA_RETRY_S * NS_PER_S))

    async def _look_while_it_gives_pictures(self) -> None:
        due_ns = seen_ns = self._clock.now_ns()
        while due_ns - seen_ns < self._blind_after_ns:
            await self._clock.sleep_until_ns(due_ns)
            now_ns = self._clock.now_ns()
            picture = await self._sight.look_camera(now_ns / NS_PER_S)
            if picture is not None:
                seen_ns = now_ns
                self._take(picture, now_ns)
            due_ns = max(due_ns + self._period_ns, self._clock.now_ns())

    async def _end_when_blind(self) -> None:
        """End the tracks where nothing has been seen for too long, also while a look hangs."""
        while True:
            due_ns = self._seen_ns + self._blind_after_ns
            now_ns = self._clock.now_ns()
            if now_ns >= due_ns:
                self._end(now_ns)
                due_ns = now_ns + self._blind_after_ns
            await self._clock.sleep_until_ns(due_ns)

    async def _end_when_off(self, viewers: Stream[AnyMessage]) -> None:
        async for message in viewers:
            if isinstance(message, Viewer) and message.state == "camera_off":
                self._end(self._clock.now_ns())

    async def _beside(self, looking: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
        """Run all until the looking ends; a failure of one ends all and is raised. Whoever was in view has left then."""
        tasks = [asyncio.create_task(one) for one in (looking, *others)]
        try:
            waiting = set(tasks)
            while not tasks[0].done():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    if task in done:
                        task.result()
            self._end(self._clock.now_ns())
        except Exception:
            self._end(self._clock.now_ns())
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, now_ns: int) -> None:
        for event in self._tracks.end(now_ns):
            self._tell(event, now_ns)

    def _take(self, picture: Picture, now_ns: int) -> None:
        self._seen_ns = now_ns
        for event in self._tracks.update(picture, now_ns):
            self._tell(event, now_ns)
        for percept in self._tracks.present(now_ns):
            self._people.take(percept)

    def _tell(self, event: PersonPercept | PersonAct | VisualChange, now_ns: int) -> None:
        if isinstance(event, PersonPercept):
            self._people.take(event)
        elif isinstance(event, PersonAct):
            self._people.take_act(event, now_ns)
        self._bus.publish(event)
