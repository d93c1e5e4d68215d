"""A body behind ROS: what leaves its filter is what the room publishes, step by step, and nobody else takes steps."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import numpy as np
import pytest

from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.ros import RosBody, RosLink
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.contract import Measured
from motion.embodiment.moving import Moving
from motion.embodiment.safety.filter import Command, SafetyFilter
from runtime import messages as m
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
BODY = described(
    "toy", (Row("one", -90, 90, 100, 800, 16_000), Row("two", -60, 60, 150, 1_200, 24_000)), 50.0, {"head"}
)
PERIOD_NS = round(BODY.period_s * NS_PER_S)


steps_taken: list[float] = []
"""When the filter took its steps."""


class Hands:
    """A clock that a test turns; who sleeps lets others turn it. What happens between two looks at it takes some time, too."""

    def __init__(self) -> None:
        self.ns = 10 * NS_PER_S
        self._chance = random.Random(2)

    def now_ns(self) -> int:
        self.ns += self._chance.randrange(1_000_000)
        return self.ns

    async def sleep_until_ns(self, t_ns: int) -> None:
        while self.ns < t_ns:  # noqa: ASYNC110 - the test turns it
            await asyncio.sleep(0)


class Toy(RosBody):
    """Its retargeting is the frame's eyes, and nothing of it can touch."""

    def __init__(self, clock: Hands) -> None:
        self._ros = RosLink("body toy")
        DrivenBody.__init__(self, clock, BODY, lambda frame: np.array(frame.eyes_rad), self._ros)


class Scene:
    """The room's side of it: frames come, steps are taken when they are due, joints are where they were last commanded to be."""

    def __init__(self, folder: Path) -> None:
        self.clock = Hands()
        self.body = Toy(self.clock)
        self.commands: list[m.JointCommand] = []
        self.moving = Moving(
            self.body, self._publish, self.clock, BodySettings(name="ros:toy"), folder, tells_measured=False
        )
        self.steps: list[int] = []
        """How many steps the filter had taken at each command."""
        self.wanted = (0.0, 0.0)
        self.measures = True

    def _publish(self, message: m.Message) -> None:
        if isinstance(message, m.JointCommand):
            self.commands.append(message)
            self.steps.append(len(steps_taken))

    async def turn(self, seconds: float, late: float = 0.0) -> None:
        """Let time go by in milliseconds; a step is taken as soon as it is due by so much of a period."""
        for _ in range(round(seconds * 1e3)):
            self.clock.ns += NS_PER_S // 1_000
            await asyncio.sleep(0)
            if self.measures:
                at = self.commands[-1].position_rad if self.commands else np.zeros(2, "<f4").tobytes()
                self.body._ros.take(Measured(np.frombuffer(at, "<f4").astype(float), self.clock.ns))
            if self.moving.due(late):
                self.step()
            await asyncio.sleep(0)

    def step(self) -> None:
        frame = m.MotionFrame(t_ns=self.clock.ns, index=0, rotations=bytes(352), eyes_rad=self.wanted)
        self.moving.take_frame(frame)
        self.moving.step()

    def breaks(self) -> tuple[float, float]:
        """Return how far velocity and acceleration, from one published command to the next, are beyond the limits at most."""
        at = np.array([np.frombuffer(each.position_rad, "<f4") for each in self.commands], float)
        speed = np.diff(at, axis=0) / BODY.period_s
        harder = abs(np.diff(speed, axis=0)) / BODY.period_s / BODY.vector("acceleration_rad_s2")
        return float((abs(speed) / BODY.vector("velocity_rad_s")).max()), float(harder.max())


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    step = SafetyFilter.step

    def counted(self: SafetyFilter, now_s: float) -> Command:
        steps_taken.append(now_s)
        return step(self, now_s)

    made = Scene(tmp_path)
    steps_taken.clear()
    monkeypatch.setattr(SafetyFilter, "step", counted)
    return made


def each_is_one_step(scene: Scene) -> bool:
    return scene.steps == list(range(1, len(scene.commands) + 1))


def test_it_is_prepared_stopped_and_lost_without_a_step_that_is_not_published(scene: Scene) -> None:
    async def story() -> None:
        await scene.body.connect()
        await scene.turn(0.1)
        prepared = asyncio.create_task(scene.body.prepare())
        await scene.turn(1.0)
        assert prepared.done()
        scene.wanted = (1.3, 0.5)
        await scene.turn(0.5, late=0.5)
        scene.moving.control("emergency_stop")
        await scene.turn(0.5, late=0.5)
        assert scene.commands[-1].state == "stopped"
        scene.clock.ns += NS_PER_S  # the room hangs
        for _ in range(20):
            await asyncio.sleep(0)
        await scene.turn(0.5)
        scene.measures = False
        await scene.turn(2.0)
        assert not scene.commands[-1].connected
        await scene.body.disconnect()

    asyncio.run(story())
    assert each_is_one_step(scene)
    fastest, hardest = scene.breaks()
    assert fastest <= 1.01 and hardest <= 1.01


def test_while_it_is_prepared_it_is_led_to_rest_by_the_rooms_steps(scene: Scene) -> None:
    async def story() -> None:
        await scene.body.connect()
        scene.body._ros.take(Measured(np.array([1.0, 0.5]), scene.clock.ns))
        scene.measures = False
        prepared = asyncio.create_task(scene.body.prepare())
        for _ in range(250):
            for _ in range(14):
                scene.clock.ns += NS_PER_S // 1_000
                await asyncio.sleep(0)
            if scene.commands:
                at = np.frombuffer(scene.commands[-1].position_rad, "<f4").astype(float)
                scene.body._ros.take(Measured(at, scene.clock.ns))
            else:
                scene.body._ros.take(Measured(np.array([1.0, 0.5]), scene.clock.ns))
            if scene.moving.due(0.0):
                scene.moving.step()
        assert prepared.done()

    asyncio.run(story())
    assert each_is_one_step(scene)
    assert np.frombuffer(scene.commands[0].position_rad, "<f4") == pytest.approx([1.0, 0.5], abs=0.02)
    assert np.frombuffer(scene.commands[-1].position_rad, "<f4") == pytest.approx([0.0, 0.0], abs=1e-3)
    assert max(scene.breaks()) <= 1.01


def test_however_irregularly_the_room_steps_each_command_is_one_step(scene: Scene) -> None:
    async def story() -> None:
        chance = random.Random(1)
        await scene.body.connect()
        await scene.turn(0.5)
        for turn in range(20):
            scene.wanted = (1.3, 0.5) if turn % 2 else (-1.3, -0.5)
            for _ in range(12):
                await scene.turn(0.02, late=chance.choice((-0.5, 0.0, 0.5)))

    asyncio.run(story())
    assert len(scene.commands) > 230
    assert each_is_one_step(scene)
    fastest, hardest = scene.breaks()
    assert fastest <= 1.01 and hardest <= 1.01
