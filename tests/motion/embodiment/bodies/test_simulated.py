"""The simulated body does what the agent's frames say, under physics, and stops as a robot must."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from motion.embodiment.bodies import attune_body, attune_model
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.retarget.direct import DirectRetargeting
from motion.embodiment.safety.collision import SelfCollision
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.lexicon import LABELS
from runtime.clock import NS_PER_S
from runtime.messages import MotionFrame
from runtime.settings import ListenerSettings, MotionSettings

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
TICK_NS = NS_PER_S // 50


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.ns = 0

    def now_ns(self) -> int:
        return self.ns

    async def sleep_until_ns(self, due_ns: int) -> None:
        self.ns = max(self.ns, due_ns)


def frames(label: str, seconds: float) -> list[MotionFrame]:
    made = ProceduralGenerator(7, ListenerSettings(), MotionSettings())
    made.gesture("g1", 0.5, label)
    poses = [made.sample(tick / 50) for tick in range(round(50 * seconds))]
    return [
        MotionFrame(index=tick, rotations=pose.rotations.tobytes(), hands=pose.hands.tobytes(), t_ns=tick * TICK_NS)
        for tick, pose in enumerate(poses)
    ]


def driven(drive: Callable[[SimulatedBody, Clock], Awaitable[None]]) -> SimulatedBody:
    clock = Clock()
    body = SimulatedBody(clock)  # type: ignore[arg-type] # all that it asks of a clock

    async def main() -> None:
        await body.connect()
        await body.prepare()
        await drive(body, clock)

    asyncio.run(main())
    return body


def test_it_follows_every_gesture_within_a_few_degrees() -> None:
    errors: list[float] = []

    async def drive(body: SimulatedBody, clock: Clock) -> None:
        for label in LABELS[::6]:
            for frame in frames(label, 4.0):
                clock.ns += TICK_NS
                sent = body.send(frame)
                measured = body.measured()
                assert sent.connected and measured is not None
                errors.append(float(np.degrees(abs(measured.position_rad - sent.command.position_rad)).mean()))

    driven(drive)
    assert np.percentile(errors, 95) < 3.0


def test_it_never_touches_itself_though_gestures_would() -> None:
    touching = SelfCollision(attune_model.mjcf(), attune_body.description().names, 0.0)
    wanted: list[bool] = []

    async def drive(body: SimulatedBody, clock: Clock) -> None:
        for label in ("reject", "think", "applaud", "hand_on_heart", "apologise"):
            for frame in frames(label, 3.5):
                clock.ns += TICK_NS
                raw = DirectRetargeting().joints(
                    np.frombuffer(frame.rotations, "<f4").reshape(-1, 4),
                    np.frombuffer(frame.hands, "<f4").reshape(2, -1),
                    frame.eyes_rad,
                )
                wanted.append(bool(touching.touching(raw)))
                assert not touching.touching(body.send(frame).command.position_rad)

    body = driven(drive)
    assert np.mean(wanted) > 0.1, "gestures in which a body of this girth would touch itself"
    assert body.self_collisions == 0, "nor under physics"


def test_when_frames_stop_it_rests_and_when_they_come_it_goes_on() -> None:
    async def drive(body: SimulatedBody, clock: Clock) -> None:
        wave = frames("wave", 3.0)
        for frame in wave[:80]:
            clock.ns += TICK_NS
            body.send(frame)
        for _ in range(13):
            clock.ns += TICK_NS
            idle = body.idle()
        assert idle.command.state == "stops"
        await body.rest()
        measured = body.measured()
        assert measured is not None
        assert np.degrees(abs(measured.position_rad - body.describe().vector("rest_rad"))).max() < 1.0
        clock.ns += TICK_NS
        assert body.send(wave[81]).command.state == "follows"

    driven(drive)


def test_an_emergency_stop_holds_whatever_comes() -> None:
    async def drive(body: SimulatedBody, clock: Clock) -> None:
        wave = frames("wave", 4.0)
        for frame in wave[:90]:
            clock.ns += TICK_NS
            body.send(frame)
        body.emergency_stop()
        for frame in wave[90:]:
            clock.ns += TICK_NS
            sent = body.send(frame)
        assert sent.command.state == "stopped" and (abs(sent.command.velocity_rad_s) < 1e-3).all()
        assert body.release()

    driven(drive)


def test_a_stop_and_a_person_of_before_it_was_connected_hold() -> None:
    async def main() -> tuple[SimulatedBody, SimulatedBody]:
        stopped, near = SimulatedBody(Clock()), SimulatedBody(Clock())  # type: ignore[arg-type]
        stopped.emergency_stop()
        near.person_at(0.2)
        for body in (stopped, near):
            await body.connect()
            await body.prepare()
        return stopped, near

    stopped, near = asyncio.run(main())
    frame = frames("wave", 0.02)[0]
    assert stopped.send(frame).command.state == "stopped" and stopped.stopped
    assert near.send(frame).command.state == "slowed" and not near.stopped


def test_without_mujoco_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "mujoco", None)
    with pytest.raises(Exception, match=r"pip install 'attune\[robot\]'|MuJoCo is not installed"):
        asyncio.run(SimulatedBody(Clock()).connect())  # type: ignore[arg-type]
