"""The fast room as a whole, in real time, before a page's camera that freezes while two real people change places."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime import messages as m
from tests.behavioral.test_dialogue_room import House, house
from tests.behavioral.vision.test_swapping import FPS, scene
from tests.behavioral.vision.test_swapping import people as people  # the fixture

BEFORE, AFTER = ((1, 700), (0, 20)), ((1, 20), (0, 700))
"""Who stands where, by the left edge: 0 is the man, 1 the woman; they change sides."""


class Page:
    """Sends pictures at the profile's rate until it is told to send others."""

    def __init__(self, run: House, pictures: list[bytes]) -> None:
        self._run = run
        self.pictures = pictures

    async def send(self) -> None:
        index = 0
        while True:
            self._run.outside.publish(m.UserVideo(jpeg=self.pictures[index % len(self.pictures)], index=index))
            index += 1
            await asyncio.sleep(1 / FPS)


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 - what is looked at tells nobody
            await asyncio.sleep(0.05)


@pytest.mark.slow
def test_a_frozen_camera_is_told_costs_nothing_and_nobody_is_mixed_up(tmp_path: Path, people: Any) -> None:
    before = [scene(people, list(BEFORE), index) for index in range(20)]
    after = [scene(people, list(AFTER), index) for index in range(20, 40)]
    states: list[tuple[str, str]] = []
    places: dict[str, float] = {}
    frames: list[int] = []

    async def main() -> None:
        settings = ("vision.enabled=true", "vision.engine=haar", "vision.leave_after_s=6.0")
        async with house(tmp_path, *settings) as run:
            seen = run.outside.subscribe(m.PersonPercept, m.MotionFrame, capacity=20_000)

            async def watch() -> None:
                async for message in seen:
                    if isinstance(message, m.MotionFrame):
                        frames.append(message.index)
                    elif isinstance(message, m.PersonPercept):
                        if message.state != "present":
                            states.append((message.state, message.person_id))
                        places[message.person_id] = message.box[0] + message.box[2] / 2

            page = Page(run, before)
            tasks = [asyncio.create_task(page.send()), asyncio.create_task(watch())]
            await until(lambda: len(states) == 2)
            await asyncio.sleep(0.5)
            man = min(places, key=lambda person: places[person])
            page.pictures = before[:1]
            await until(lambda: "the page's camera" in run.status["detail"])
            assert run.status["status"] == "degraded"
            run.outside.publish(m.TypedText(text="who are you"))
            answered = await run.until(m.AgentSpeech, ("finished",))
            assert isinstance(answered[-1], m.AgentSpeech) and answered[-1].text, "it carries on"
            page.pictures = after
            await until(lambda: "camera" not in run.status["detail"])
            await asyncio.sleep(1.5)
            assert states == [("arrived", person) for person in sorted(places, key=[p for _, p in states].index)]
            assert len(places) == 2
            assert man == max(places, key=lambda person: places[person]), "each is known again on the other side"
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(main())
    assert frames == list(range(frames[0], frames[0] + len(frames))), "no frame is missing"
