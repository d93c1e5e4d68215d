"""Watching: nobody stays in the room unseen, whatever ends the pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from behavioral.people import People
from behavioral.vision.contract import Face, Picture, VideoFacts
from behavioral.vision.tracks import Tracks
from behavioral.vision.watching import CAMERA_RETRY_S, Watching
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.ids import IdSource
from runtime.messages import AnyMessage, Message, PersonPercept, UserVideo, Viewer
from runtime.settings import VisionSettings
from runtime.streams import Overflow, Stream

FPS = 6.0
FACE = Face((0.4, 0.3, 0.2, 0.3), 0.9)


class Bus:
    """Writes down what is published, with the time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.told: list[tuple[float, Message]] = []

    def publish(self, message: Message) -> None:
        self.told.append((self._clock.now_ns() / NS_PER_S, message))

    def states(self) -> list[tuple[float, str]]:
        return [
            (round(t_s, 2), message.state)
            for t_s, message in self.told
            if isinstance(message, PersonPercept) and message.state != "present"
        ]


class Sight:
    """Sees a face from every source until told otherwise."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.note = ""
        self.sees: Callable[[float], bool] = lambda t_s: True
        self.camera: Callable[[float], bool] = lambda t_s: True
        self.hangs_from_s = float("inf")
        self.look_s = 0.0
        self.opened: list[float] = []
        self.jpegs: list[bytes] = []

    async def open_file(self, path: str) -> VideoFacts:
        return VideoFacts(25.0, 0, 640, 480)

    async def open_camera(self, index: int) -> VideoFacts:
        t_s = self._clock.now_ns() / NS_PER_S
        self.opened.append(round(t_s, 2))
        if not self.camera(t_s):
            raise ValueError(f"camera {index} cannot be opened")
        return VideoFacts(30.0, 0, 640, 480)

    async def look_at(self, t_s: float) -> Picture | None:
        if t_s >= self.hangs_from_s:
            await asyncio.sleep(20.0)
        await asyncio.sleep(self.look_s)
        return Picture(t_s, (FACE,), 0.0, 0.5, 0.5) if self.sees(t_s) else None

    async def look_camera(self, t_s: float) -> Picture | None:
        return await self.look_at(t_s)

    async def look_jpeg(self, jpeg: bytes, t_s: float) -> Picture | None:
        self.jpegs.append(jpeg)
        return await self.look_at(t_s)

    async def aclose(self) -> None:
        return


class Room:
    """Watching with a scripted sight on virtual time."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop)
        self.bus = Bus(self.clock)
        self.sight = Sight(self.clock)
        self.people = People()
        self.pictures: Stream[AnyMessage] = Stream(4, Overflow.DROP_OLDEST, "pictures")
        self.viewers: Stream[AnyMessage] = Stream(16, Overflow.REFUSE, "viewers")
        tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        self.watching = Watching(self.clock, self.bus, self.sight, tracks, self.people, FPS)  # type: ignore[arg-type] # only publishes

    async def at(self, t_s: float) -> None:
        await self.clock.sleep_until_ns(round(t_s * NS_PER_S))

    async def send(self, from_s: float, to_s: float, every_s: float = 0.1) -> None:
        for index in range(round((to_s - from_s) / every_s)):
            await self.at(from_s + index * every_s)
            self.pictures.push(UserVideo(jpeg=b"\xff\xd8%d" % index, index=index))


def play(script: Callable[[Room], Coroutine[Any, Any, None]]) -> Room:
    async def main() -> Room:
        room = Room()
        await script(room)
        return room

    return run_virtual(main())  # type: ignore[no-any-return] # run_virtual is untyped in its result


def test_when_the_pictures_of_a_page_stop_everybody_has_left() -> None:
    async def script(room: Room) -> None:
        task = asyncio.create_task(room.watching.watch_pages(room.pictures))
        await room.send(0.0, 2.0)
        await room.at(3.0)
        assert room.people.nearest is not None
        await room.at(10.0)
        assert room.people.nearest is None
        assert not task.done()
        await room.send(10.0, 11.0)
        assert room.people.nearest is not None

    room = play(script)
    (arrived, _), (left, state), _again = room.bus.states()
    assert arrived < 1.0
    assert state == "left"
    assert left == pytest.approx(1.9 + 1.5, abs=0.2)


def test_a_camera_that_is_switched_off_ends_the_presence_at_once() -> None:
    async def script(room: Room) -> None:
        task = asyncio.create_task(room.watching.watch_pages(room.pictures, room.viewers))
        await room.send(0.0, 2.0)
        await room.at(2.1)
        room.viewers.push(Viewer(state="microphone_off"))
        await room.at(2.2)
        assert room.people.nearest is not None
        room.viewers.push(Viewer(state="camera_off"))
        await room.at(2.3)
        assert room.people.nearest is None
        await room.pictures.aclose()
        await task

    assert [(t_s, state) for t_s, state in play(script).bus.states() if state == "left"] == [(2.2, "left")]


def test_vision_that_gives_up_or_hangs_leaves_nobody_behind() -> None:
    async def gives_up(room: Room) -> None:
        room.sight.sees = lambda t_s: t_s < 3.0
        task = asyncio.create_task(room.watching.watch_file(0))
        await room.at(6.0)
        assert room.people.nearest is None
        task.cancel()

    async def hangs(room: Room) -> None:
        room.sight.hangs_from_s = 3.0
        task = asyncio.create_task(room.watching.watch_file(0))
        await room.at(6.0)
        assert room.people.nearest is None
        task.cancel()

    for script in (gives_up, hangs):
        states = play(script).bus.states()
        assert [state for _, state in states] == ["arrived", "left"]
        assert states[1][0] == pytest.approx(2.83 + 1.5, abs=0.05)


def test_a_single_missed_look_ends_nobody() -> None:
    async def script(room: Room) -> None:
        room.sight.sees = lambda t_s: round(t_s * FPS) % 8 < 2
        task = asyncio.create_task(room.watching.watch_file(0))
        await room.at(20.0)
        task.cancel()

    assert [state for _, state in play(script).bus.states()] == ["arrived"]


def test_a_slow_look_is_followed_by_one_at_the_newest_picture() -> None:
    async def script(room: Room) -> None:
        room.sight.look_s = 1.0
        task = asyncio.create_task(room.watching.watch_pages(room.pictures))
        await room.send(0.0, 3.0, every_s=0.3)
        await room.at(5.0)
        task.cancel()

    # Looks begin at 0, 1, 2 and 3 s; pictures come each 0.3 s.
    assert play(script).sight.jpegs == [b"\xff\xd80", b"\xff\xd83", b"\xff\xd86", b"\xff\xd89"]


def test_a_local_camera_is_followed_and_opened_again_after_it_was_unplugged() -> None:
    async def script(room: Room) -> None:
        plugged = [True]
        room.sight.camera = room.sight.sees = lambda t_s: plugged[0]
        task = asyncio.create_task(room.watching.watch_camera(0))
        await room.at(5.0)
        assert room.people.nearest is not None
        plugged[0] = False
        await room.at(8.0)
        assert room.people.nearest is None
        await room.at(12.0)
        plugged[0] = True
        await room.at(30.0)
        assert room.people.nearest is not None
        assert not task.done()
        task.cancel()

    room = play(script)
    assert [state for _, state in room.bus.states()] == ["arrived", "left", "arrived"]
    assert len(room.sight.opened) == 2


def test_a_missing_camera_is_asked_for_now_and_then_and_is_no_error() -> None:
    async def script(room: Room) -> None:
        room.sight.camera = lambda t_s: False
        task = asyncio.create_task(room.watching.watch_camera(3))
        await room.at(2.5 * CAMERA_RETRY_S)
        assert not task.done()
        task.cancel()

    assert play(script).sight.opened == [0.0, CAMERA_RETRY_S, 2 * CAMERA_RETRY_S]


def test_a_failure_of_looking_is_raised_and_leaves_nobody_behind() -> None:
    async def script(room: Room) -> None:
        def fail(t_s: float) -> bool:
            if t_s > 2.0:
                raise RuntimeError("broken")
            return True

        room.sight.sees = fail
        with pytest.raises(RuntimeError, match="broken"):
            await room.watching.watch_file(0)
        assert room.people.nearest is None

    assert [state for _, state in play(script).bus.states()] == ["arrived", "left"]
