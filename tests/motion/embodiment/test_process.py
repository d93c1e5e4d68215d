"""The body room, on virtual time with a simulated body: who moves it, and what stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment import process
from motion.embodiment.bodies import attune_body, driven, unitree
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.contract import Sent
from motion.embodiment.moving import Moving
from motion.embodiment.safety.filter import Command
from runtime import messages as m
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.codec import decode, encode
from runtime.errors import AttuneError
from runtime.house import BODY_ROOM, RoomSpec
from runtime.settings import Profile
from runtime.virtual_house import run_virtual_house
from tests.motion.embodiment.rooms import late_room, stage_room
from tests.motion.embodiment.rooms.stage_room import Stage

BODY = attune_body.description()
ROW = {name: row for row, name in enumerate(BODY.names)}
LATE = RoomSpec("recorder", "tests.motion.embodiment.rooms.late_room")
AGENT = RoomSpec("behavioral", "tests.motion.embodiment.rooms.stage_room", essential=True)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage_room.stage = Stage()
    yield stage_room.stage


@pytest.fixture
def play(stage: Stage, tmp_path: Path) -> Callable[..., Stage]:
    def run(name: str = "mujoco:attune", state: Path | None = None, **settings: Any) -> Stage:
        profile = Profile(body=BodySettings(name=name, **settings))
        result = run_virtual_house(profile, (LATE, BODY_ROOM, AGENT), None, 1, state_dir=state or tmp_path)
        assert result.ok
        return stage

    return run


def positions(commands: list[m.JointCommand]) -> np.ndarray:
    return np.array([np.frombuffer(one.position_rad, "<f4") for one in commands])


def goal(goal_id: str = "g", **degrees: float) -> m.JointGoal:
    return m.JointGoal(
        goal_id=goal_id,
        joints=tuple(degrees),
        time_from_start_ms=(1_000.0,),
        position_rad=np.radians([*degrees.values()]).astype("<f4").tobytes(),
    )


def answers(stage: Stage) -> list[tuple[str, str]]:
    return [(one.goal_id, one.state) for one in stage.of(m.JointGoalAnswer)]


def test_it_says_what_it_is_and_follows_the_agents_frames_at_once(play: Callable[..., Stage]) -> None:
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


def test_when_the_agent_falls_silent_it_stops_within_250_ms_and_then_rests(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.frames_until_s, stage.seconds = 1.5, 7.0
    play()
    last_frame_s = max(one.motion_t_ns for one in stage.commands()) / NS_PER_S
    first = next(one for one in stage.commands(after_s=last_frame_s) if one.state == "stops")
    assert first.t_ns / NS_PER_S - last_frame_s <= 0.25
    assert stage.commands()[-1].state == "rests"
    assert positions(stage.commands())[-1] == pytest.approx(BODY.vector("rest_rad"), abs=2e-3)


def test_an_emergency_stop_is_obeyed_with_the_next_step_and_outlives_the_process(
    stage: Stage, play: Callable[..., Stage], tmp_path: Path
) -> None:
    stage.script = {1.0: m.BodyControl(action="emergency_stop")}
    play(state=tmp_path)
    stopped = [one.state == "stopped" for one in stage.commands()]
    assert stopped.index(True) == pytest.approx(50, abs=1)
    assert all(stopped[stopped.index(True) :])
    still = positions(stage.commands(after_s=1.6))
    assert np.ptp(still, axis=0).max() < 1e-4

    stage.script = {0.5: m.BodyControl(action="release")}
    play(state=tmp_path)
    states = [one.state for one in stage.commands()]
    assert states[0] == "stopped", "a restart does not end it"
    assert states[-1] == "follows"


def test_a_stop_that_is_only_said_again_undoes_no_release(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {
        0.5: m.BodyControl(action="emergency_stop"),
        1.5: m.BodyControl(action="release"),
        1.6: m.BodyControl(action="emergency_stop", reason=m.SAID_AGAIN),
    }
    play()
    assert stage.commands()[-1].state == "follows"
    stage.script = {0.5: m.BodyControl(action="emergency_stop", reason=m.SAID_AGAIN)}
    play()
    assert stage.commands()[-1].state == "stopped"


def test_the_operators_emergency_stop_stops_it_too(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {1.0: m.OperatorAct(id="1", deed="emergency_stop")}
    play()
    assert stage.commands()[-1].state == "stopped"


def test_a_goal_of_another_program_takes_the_body_and_gives_it_back(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {0.5: goal("g", left_elbow=-90.0, left_shoulder_pitch=-40.0), 0.6: goal("second", neck_yaw=10.0)}
    stage.gesture, stage.seconds = "nod", 4.0
    play()
    assert answers(stage) == [("g", "accepted"), ("second", "rejected"), ("g", "succeeded")]
    assert "while goal g does" in stage.of(m.JointGoalAnswer)[1].reason
    done_s = stage.of(m.JointGoalAnswer)[-1].t_ns / NS_PER_S
    at = positions(stage.commands(until_s=done_s + 0.001))[-1]
    assert np.degrees(at[ROW["left_elbow"]]) == pytest.approx(-90.0, abs=1.5)
    assert np.degrees(positions(stage.commands())[-1][ROW["left_elbow"]]) > -60.0, "the agent's motion again"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (goal(left_elbo=-90.0), "left_elbow"),
        (goal(left_elbow=float("nan")), "left_elbow is no finite number"),
        (goal(left_elbow=200.0), r"left_elbow at 3.491 rad lies outside -2.531 to 0.000"),
    ],
    ids=["name", "nan", "outside"],
)
def test_a_goal_that_it_cannot_follow_is_refused_with_the_reason(
    stage: Stage, play: Callable[..., Stage], wanted: m.JointGoal, why: str
) -> None:
    stage.script, stage.seconds = {0.3: wanted}, 1.0
    play()
    (answer,) = stage.of(m.JointGoalAnswer)
    assert answer.state == "rejected" and why in answer.reason


def test_an_emergency_stop_aborts_a_goal_and_so_does_its_owners_end(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {
        0.3: goal("a", left_elbow=-90.0),
        0.6: m.JointGoalCancel(goal_id="a", state="aborted", reason="bridge lost"),
        0.7: goal("b", left_elbow=-90.0),
        0.9: m.BodyControl(action="emergency_stop"),
        1.0: goal("c", left_elbow=-90.0),
    }
    play()
    assert answers(stage) == [
        ("a", "accepted"), ("a", "aborted"), ("b", "accepted"), ("b", "aborted"), ("c", "rejected"),
    ]  # fmt: skip
    assert "release it first" in stage.of(m.JointGoalAnswer)[-1].reason


def test_who_cancels_a_goal_that_an_earlier_life_of_the_process_had_is_answered_and_nobody_is_twice(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.script = {
        0.2: m.JointGoalCancel(goal_id="of an earlier life", state="aborted"),
        0.3: goal("a", left_elbow=-90.0),
        0.6: m.JointGoalCancel(goal_id="a"),
        0.7: m.JointGoalCancel(goal_id="a"),
        0.8: goal("b", left_elbo=-90.0),
        0.9: m.JointGoalCancel(goal_id="b"),
    }
    stage.seconds = 1.2
    play()
    assert answers(stage) == [
        ("of an earlier life", "aborted"), ("a", "accepted"), ("a", "cancelled"), ("b", "rejected"),
    ]  # fmt: skip


def test_near_a_person_it_is_slowed_and_a_sensor_that_falls_silent_counts_as_blind(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.script = {0.2: m.PersonDistance(distance_m=3.0)}
    stage.seconds = 2.5
    play()
    assert {one.state for one in stage.commands(after_s=0.1, until_s=1.1)} == {"follows"}
    assert stage.commands()[-1].state == "slowed"


def percept(distance_m: float | None, person_id: str = "p1", state: str = "present") -> m.PersonPercept:
    return m.PersonPercept(state=state, person_id=person_id, distance_m=distance_m)  # type: ignore[arg-type]


def test_a_body_in_the_world_is_slowed_by_a_person_that_the_agent_sees_until_that_one_goes_off(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.robot_rad, stage.robot_s, stage.seconds = BODY.vector("rest_rad"), (0.0, 9.0), 5.5
    stage.script = {1.5: percept(0.7), 2.0: percept(1.5), 3.0: percept(1.5)}
    play("ros:attune")
    assert {one.state for one in stage.commands(after_s=1.0, until_s=1.5)} == {"follows"}
    assert {one.state for one in stage.commands(after_s=1.6, until_s=4.4)} == {"slowed"}
    assert stage.commands()[-1].state == "follows"
    stage.script = {1.5: percept(0.7), 2.0: percept(None, state="left")}
    play("ros:attune")
    assert {one.state for one in stage.commands(after_s=1.6)} == {"slowed"}, "it may be too near to be seen"
    stage.script = {1.5: percept(0.1), 2.5: percept(0.1)}
    play("ros:attune")
    assert np.ptp(positions(stage.commands(after_s=1.6, until_s=2.4)), axis=0).max() > 0.02, (
        "one estimate stops nothing"
    )
    assert np.ptp(positions(stage.commands(after_s=3.5, until_s=4.4)), axis=0).max() < 1e-4, "two do"


def test_a_camera_that_is_not_the_robots_may_be_left_out(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.robot_rad, stage.robot_s = BODY.vector("rest_rad"), (0.0, 9.0)
    stage.script = {at: percept(0.1) for at in (0.5, 1.0, 1.5)}
    play("ros:attune", heeds_people_seen=False)
    assert "slowed" not in {one.state for one in stage.commands()}


def test_a_simulated_body_touches_nobody_and_is_not_slowed_by_whom_the_agent_sees(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.script = {at: percept(0.1) for at in (0.5, 1.0, 1.5)}
    play()
    assert "slowed" not in {one.state for one in stage.commands()}


def test_a_rest_outlives_the_process_until_it_may_go_on(
    stage: Stage, play: Callable[..., Stage], tmp_path: Path
) -> None:
    stage.script = {0.5: m.BodyControl(action="rest")}
    play(state=tmp_path)
    stage.script = {2.0: m.BodyControl(action="resume")}
    play(state=tmp_path)
    assert "follows" not in {one.state for one in stage.commands(until_s=1.9)}, "a restart does not end it"
    assert stage.commands()[-1].state == "follows"
    stage.script = {}
    play(state=tmp_path)
    assert stage.commands(after_s=0.1)[0].state == "follows", "nor is the rest at a session's end an order"


def test_a_rest_or_a_resume_that_is_only_said_again_is_obeyed_but_undoes_nothing_that_was_ordered_just_before(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    rest, resume = (m.BodyControl(action=order, reason=m.SAID_AGAIN) for order in ("rest", "resume"))
    stage.script = {
        0.5: rest,
        1.5: resume,
        2.0: m.BodyControl(action="rest"),
        2.5: resume,
        3.5: m.BodyControl(action="resume"),
        4.0: rest,
    }
    stage.seconds = 5.0
    play()
    assert "follows" not in {one.state for one in stage.commands(after_s=0.8, until_s=1.5)}, "it was missed before"
    assert stage.commands(until_s=1.9)[-1].state == "follows"
    assert "follows" not in {one.state for one in stage.commands(after_s=2.3, until_s=3.5)}
    assert stage.commands()[-1].state == "follows"


def test_what_is_said_again_once_a_second_does_not_disturb_it(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.seconds = 4.0
    quiet = positions(play().commands())
    stage.script = {at / 4: m.BodyControl(action="resume", reason=m.SAID_AGAIN) for at in range(2, 16)}
    assert (positions(play().commands()) == quiet).all()


def test_a_resume_that_comes_while_the_room_ends_does_not_keep_the_body_from_its_rest(tmp_path: Path) -> None:
    class Still(SimulatedBody):
        sent = 0

        def send(self, frame: m.MotionFrame) -> Sent:
            self.sent += 1
            return super().send(frame)

    body = Still(MonotonicClock())
    moving = Moving(body, list[m.Message]().append, MonotonicClock(), BodySettings(), tmp_path)
    frame = m.MotionFrame(index=0, rotations=np.tile(np.array([0, 0, 0, 1], "<f4"), 22).tobytes())
    moving.end()
    moving.control("resume")
    moving.take_frame(frame)
    moving.step()
    assert not body.sent


def test_how_near_people_are_outlives_the_process(stage: Stage, play: Callable[..., Stage], tmp_path: Path) -> None:
    stage.script = {at / 2: m.PersonDistance(distance_m=0.2, sensor="front") for at in range(1, 6)}
    play(state=tmp_path)
    stage.script = {2.0: m.PersonDistance(distance_m=3.0, sensor="front")}
    play(state=tmp_path)
    assert np.ptp(positions(stage.commands(until_s=1.9)), axis=0).max() < 1e-4, "until the sensor speaks it stands"
    assert "follows" in {one.state for one in stage.commands(after_s=2.1, until_s=2.9)}


def test_a_stop_whose_file_cannot_be_removed_is_released_all_the_same(
    stage: Stage, play: Callable[..., Stage], tmp_path: Path
) -> None:
    stage.script = {
        0.4: m.BodyControl(action="emergency_stop"),
        1.2: m.BodyControl(action="release"),
        2.0: goal("g", left_elbow=-30.0),
    }
    (tmp_path / "body" / "emergency_stop").mkdir(parents=True)
    play(state=tmp_path)
    assert stage.commands()[-1].state == "follows"
    assert answers(stage)[0] == ("g", "accepted"), "the body is asked, not the file"


def test_sent_to_rest_it_stays_there_until_it_may_go_on(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {0.5: m.BodyControl(action="rest"), 4.0: m.BodyControl(action="resume")}
    stage.seconds = 5.0
    play()
    assert stage.commands(until_s=3.9)[-1].state == "rests"
    assert stage.commands()[-1].state == "follows"


def test_a_body_that_nobody_knows_is_said_before_the_session(play: Callable[..., Stage]) -> None:
    with pytest.raises(AttuneError, match=r"there is no body .*atune"):
        play("mujoco:atune")


def test_a_body_behind_ros_begins_where_its_joints_are_and_is_let_go_when_they_fall_silent(
    stage: Stage, play: Callable[..., Stage]
) -> None:
    stage.robot_rad = BODY.vector("rest_rad") + 0.2 * np.array([name.endswith("_elbow") for name in BODY.names]) * -1.0
    stage.robot_s, stage.seconds = (1.0, 3.0), 4.5
    play("ros:attune")
    commands = stage.commands()
    assert not any(one.connected for one in stage.commands(until_s=1.0))
    first = next(one for one in commands if one.connected)
    assert np.frombuffer(first.position_rad, "<f4") == pytest.approx(stage.robot_rad, abs=0.01), (
        "no jump to anywhere else"
    )
    assert any(one.state == "follows" for one in stage.commands(after_s=1.5, until_s=3.0))
    assert not any(one.connected for one in stage.commands(after_s=3.6)), "half a second without joint states"
    details = [one.detail for one in stage.of(m.BodyStatus)]
    assert details[0] == "the body attune is away: no joint states from ROS yet"
    assert details[-1] == "the body attune is away: no joint states from ROS for 0.5 s"
    steps = np.diff(positions([one for one in commands if one.connected]), axis=0) / BODY.period_s
    assert (abs(steps) <= 1.001 * BODY.vector("velocity_rad_s")).all()


def test_a_body_behind_ros_is_stepped_by_the_room_in_every_state(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.robot_rad = BODY.vector("rest_rad")
    stage.robot_s, stage.frames_until_s, stage.seconds = (0.5, 3.5), 1.5, 5.0
    stage.script = {
        2.0: m.BodyControl(action="emergency_stop"),
        2.5: m.BodyControl(action="release"),
        3.0: m.BodyControl(action="rest"),
    }
    play("ros:attune")
    halves = [stage.commands(after_s=half / 2, until_s=half / 2 + 0.5) for half in range(10)]
    assert [len(half) for half in halves] == pytest.approx([25] * 10, abs=1)
    assert [half[-1].state for half in halves[2:7]] == ["follows", "rests", "stopped", "rests", "rests"]
    assert [half[-1].connected for half in halves] == [False] + [True] * 6 + [False] * 3


def test_of_several_sensors_the_nearest_person_counts(stage: Stage, play: Callable[..., Stage]) -> None:
    stage.script = {at: m.PersonDistance(distance_m=3.0, sensor="left") for at in (0.25, 0.95, 1.65, 2.35)}
    stage.script |= {at: m.PersonDistance(distance_m=0.5, sensor="right") for at in (0.2, 0.9, 1.6)}
    stage.seconds = 2.5
    play()
    assert {one.state for one in stage.commands(after_s=0.4)} == {"slowed"}


def test_at_the_end_it_is_brought_to_rest_and_what_it_does_is_told(stage: Stage, play: Callable[..., Stage]) -> None:
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
    stage: Stage, play: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, told: m.Message, state: str
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
    stage: Stage, play: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
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
