"""The body room, on virtual time with a simulated body: what moves it, how it begins and ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment import process
from motion.embodiment.bodies import driven, unitree
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.moving import Moving
from motion.embodiment.safety.filter import Command
from runtime import messages as m
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.codec import decode, encode
from runtime.errors import AttuneError
from runtime.house import BODY_ROOM
from tests.motion.embodiment.room_support import BODY, ROW, Play, positions
from tests.motion.embodiment.rooms import late_room
from tests.motion.embodiment.rooms.stage_room import Stage


def test_it_says_what_it_is_and_follows_the_agents_frames_at_once(play: Play) -> None:
    stage = play()
    described = stage.of(m.BodyDescribed)[0]
    assert (described.body, described.joints) == ("attune", BODY.names)
    commands = stage.commands()
    assert [one.index for one in commands] == list(range(len(commands)))
    assert len(commands) == pytest.approx(150, abs=2), "one step in a period"
    moving = [one for one in commands if one.motion_t_ns]
    assert all(one.t_ns == one.motion_t_ns for one in moving), "with the tick of the frame, on a clock without delays"
    assert np.ptp(positions(commands)[:, ROW["right_shoulder_pitch"]]) > 0.5, "it waves"
    assert len(stage.of(m.JointMeasured)) > 140


def test_when_the_agent_falls_silent_it_stops_within_250_ms_and_then_rests(stage: Stage, play: Play) -> None:
    stage.frames_until_s, stage.seconds = 1.5, 7.0
    play()
    last_frame_s = max(one.motion_t_ns for one in stage.commands()) / NS_PER_S
    first = next(one for one in stage.commands(after_s=last_frame_s) if one.state == "stops")
    assert first.t_ns / NS_PER_S - last_frame_s <= 0.25
    assert stage.commands()[-1].state == "rests"
    assert positions(stage.commands())[-1] == pytest.approx(BODY.vector("rest_rad"), abs=2e-3)


def test_a_body_that_nobody_knows_is_said_before_the_session(play: Play) -> None:
    with pytest.raises(AttuneError, match=r"there is no body .*atune"):
        play("mujoco:atune")


def test_at_the_end_it_is_brought_to_rest_and_what_it_does_is_told(stage: Stage, play: Play) -> None:
    stage.gesture, stage.seconds = "up", 1.6
    play()
    commands = [one for one in late_room.heard if isinstance(one, m.JointCommand)]
    assert abs(positions(stage.commands())[-1] - BODY.vector("rest_rad")).max() > 0.5, "amid a gesture"
    assert commands[-1].state == "rests"
    assert positions(commands)[-1] == pytest.approx(BODY.vector("rest_rad"), abs=3e-3)


class SlowToPrepare(SimulatedBody):
    """A body that is led to rest for two seconds before it can be moved, as robots are."""

    async def prepare(self) -> None:
        for _ in range(100):
            self.idle()
            await self._clock.sleep_until_ns(self._clock.now_ns() + NS_PER_S // 50)


@pytest.mark.parametrize(
    ("told", "state"),
    [(m.BodyControl(action="emergency_stop"), "stopped"), (m.PersonDistance(distance_m=0.2), "slowed")],
    ids=["stop", "person"],
)
def test_stops_and_people_are_heeded_while_it_is_prepared(
    stage: Stage, play: Play, monkeypatch: pytest.MonkeyPatch, told: m.Message, state: str
) -> None:
    """The stage plays its script when the session starts; this comes two seconds earlier, from somebody else."""
    states: list[str] = []
    monkeypatch.setattr(process, "open_body", lambda _name, clock, _table: SlowToPrepare(clock))
    hear = process.BodyRoom._take_orders

    async def tell(self: process.BodyRoom) -> None:
        self._context.bus.publish(told)
        await hear(self)

    monkeypatch.setattr(process.BodyRoom, "_take_orders", tell)
    prepare = SlowToPrepare.prepare

    async def watched(self: SlowToPrepare) -> None:
        await prepare(self)
        states.append(self.idle().command.state)

    monkeypatch.setattr(SlowToPrepare, "prepare", watched)
    stage.seconds = 0.5
    play()
    assert states == [state], "before its preparation was over"


class Motors(Link):
    """Motors that hold a body, where they were told to be."""

    holds = True

    def __init__(self) -> None:
        super().__init__("toy")
        self.switched: list[bool] = []
        self.at_rad = np.zeros(1)

    async def _reach(self) -> None: ...

    async def _leave(self) -> None: ...

    async def power(self, on: bool) -> None:
        await super().power(on)
        self.switched.append(on)

    def push(self, command: Command, frame: m.MotionFrame | None, t_ns: int) -> None:
        self.at_rad = command.position_rad


def test_a_body_that_cannot_get_to_rest_has_the_time_to_say_that_its_motors_are_left_on(
    stage: Stage, play: Play, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    toy = described("toy", (Row("one", -90, 90, 100, 800, 16_000),), 50.0, {"head"})
    link = Motors()
    monkeypatch.setattr(
        process, "open_body", lambda _name, clock, _table: DrivenBody(clock, toy, lambda frame: np.ones(1), link)
    )
    stage.script = {at / 10: m.PersonDistance(distance_m=0.2) for at in range(20, 30)}
    play()
    assert link.at_rad[0] == pytest.approx(1.0, abs=0.1), "somebody stands near, and it stays where it is"
    assert link.switched == [True] and "motors are left on: it has not got to its rest pose" in caplog.text
    assert BODY_ROOM.stop_s > process.REST_WITHIN_S + process.SETTLE_S + driven.REST_WITHIN_S + unitree.WEIGHT_S


def test_why_a_body_is_away_is_told_in_words_that_fit_into_a_heartbeat(tmp_path: Path) -> None:
    toy = described("toy", (Row("one", -90, 90, 100, 800, 16_000),), 50.0, {"head"})
    link, told = Motors(), list[m.Message]()
    link.trouble = f"body toy: {'far ' * 100}"
    moving = Moving(
        DrivenBody(MonotonicClock(), toy, lambda frame: np.ones(1), link),
        told.append,
        MonotonicClock(),
        BodySettings(),
        tmp_path,
    )
    moving.step()
    assert moving.status.startswith("the body toy is away: far far")
    beat = m.Heartbeat(pid=1, detail=moving.status)
    assert decode(encode(beat)) == beat
    assert [one.detail for one in told if isinstance(one, m.BodyStatus)] == [moving.status]
