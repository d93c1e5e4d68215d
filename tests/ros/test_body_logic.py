"""The body node's logic: streaming, approaching, goals of others, looking at points."""

import math
import struct

import pytest
from attune_bridge.body_logic import BodyLogic
from attune_bridge.trajectories import HORIZON_S, STEP_S, streamed
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED

from runtime import bridge_protocol as p
from runtime import messages as m
from tests.ros.logics import Stand, plain

BODY = m.BodyDescribed(
    body="b", joints=("yaw", "pitch"), low_rad=(-1.0, -0.5), high_rad=(1.0, 0.5), velocity_rad_s=(2.0, 2.0), rate_hz=50
)
GOAL = "ab" * 16


def command(position=(0.0, 0.0), velocity=(0.0, 0.0)):
    at, speed = struct.pack("<2f", *position), struct.pack("<2f", *velocity)
    return m.JointCommand(body="b", index=0, state="follows", connected=True, position_rad=at, velocity_rad_s=speed)


def state(names=("yaw", "pitch"), position=(0.0, 0.0)):
    return plain({"header": {"stamp": {"sec": 0, "nanosec": 0}}, "name": list(names), "position": list(position)})


def trajectory_goal(joints=("yaw",), points=((0.5, 1.0),)):
    made = [
        {"positions": [at] * len(joints), "time_from_start": {"sec": int(s), "nanosec": round(s % 1 * 1e9)}}
        for at, s in points
    ]
    return plain({"trajectory": {"joint_names": list(joints), "points": made}, "multi_dof_trajectory": {"points": []}})


def robot(**where):
    stand = Stand(BodyLogic, body="ros")
    stand.logic.on_house(BODY)
    stand.logic.on_house(command())
    stand.logic.on_topic("joint_states_in", state(**where))
    return stand


def run(stand, seconds, position=(0.0, 0.0)):
    for _ in range(round(seconds / 0.02)):
        stand.times.go_on(0.02)
        stand.logic.on_house(command(position))
        stand.logic.tick()


def test_a_streamed_trajectory_goes_on_and_ends_at_a_standstill_within_the_limits():
    made = streamed(BODY, (0.0, 0.49), (1.0, 0.4), {})
    soon, still = made["points"]
    assert soon["positions"] == [pytest.approx(STEP_S), 0.5]
    assert still["positions"] == [pytest.approx(STEP_S + (HORIZON_S - STEP_S) / 2), 0.5]
    assert still["velocities"] == [0.0, 0.0]
    assert soon["velocities"] == [1.0, 0.0]  # at its limit a joint does not arrive with speed
    assert still["time_from_start"] == {"sec": 0, "nanosec": 200_000_000}


def test_a_robot_that_is_where_the_agent_is_gets_a_stream_at_25_hz():
    stand = robot()
    run(stand, 1.0)
    assert stand.goals == []
    assert 23 <= len(stand.published["trajectory"]) <= 26


def test_a_robot_that_is_elsewhere_is_taken_there_slowly_first():
    stand = robot(position=(0.8, 0.0))
    run(stand, 0.5)
    ((key, goal, done),) = stand.goals
    assert key == "approach"
    point = goal["trajectory"]["points"][0]
    assert point["positions"] == [0.0, 0.0]
    assert point["time_from_start"]["sec"] >= 2
    assert "trajectory" not in stand.published
    stand.logic.on_topic("joint_states_in", state())
    done(SUCCEEDED, None)
    run(stand, 0.2)
    assert stand.published["trajectory"]


def test_an_approach_that_failed_is_tried_again_later_and_told():
    stand = robot(position=(0.8, 0.0))
    run(stand, 0.1)
    stand.goals[0][2](ABORTED, plain({"error_string": "path tolerance"}))
    run(stand, 0.5)
    assert len(stand.goals) == 1
    run(stand, 1.0)
    assert len(stand.goals) == 2
    assert "approach: path tolerance" in stand.logged[0]


def test_a_robot_that_strays_is_not_jerked_back():
    stand = robot()
    run(stand, 0.2)
    sent = len(stand.published["trajectory"])
    stand.logic.on_topic("joint_states_in", state(position=(0.9, 0.0)))
    run(stand, 0.2)
    assert len(stand.published["trajectory"]) == sent
    assert [key for key, _, _ in stand.goals] == ["approach"]


def test_when_the_house_falls_silent_nothing_more_is_streamed():
    stand = robot()
    run(stand, 0.2)
    sent = len(stand.published["trajectory"])
    for _ in range(50):
        stand.times.go_on(0.02)
        stand.logic.tick()
    assert len(stand.published["trajectory"]) <= sent + 13
    assert stand.logged == ["no commands of the agent: the robot stops"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (state(position=(math.nan, 0.0)), "yaw is nan"),
        (state(position=(0.0,)), "2 names, 1 positions"),
        (state(names=("yaw", "pich")), "no joint 'pitch', 'pich' is the nearest"),
    ],
)
def test_joint_states_that_make_no_sense_are_not_told_to_the_house(wrong, words):
    stand = Stand(BodyLogic, body="ros")
    stand.logic.on_house(BODY)
    stand.logic.on_topic("joint_states_in", wrong)
    assert stand.sent == []
    assert words in stand.logged[0]


def test_joint_states_may_come_in_parts_and_in_any_order():
    stand = Stand(BodyLogic, body="ros")
    stand.logic.on_house(BODY)
    stand.logic.on_topic("joint_states_in", state(("pitch", "wheel"), (0.25, 9.0)))
    stand.logic.on_topic("joint_states_in", state(("yaw",), (0.5,)))
    (measured,) = stand.of(m.JointMeasured)
    assert struct.unpack("<2f", measured.position_rad) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (trajectory_goal(("yow",)), "joint_names: no joint 'yow', 'yaw' is the nearest"),
        (trajectory_goal(("yaw", "yaw")), "joint_names: one is named twice"),
        (trajectory_goal(points=((math.inf, 1.0),)), "points[0].positions: yaw is inf"),
        (
            trajectory_goal(points=((0.5, 1.0), (1.2, 2.0))),
            "points[1].positions: yaw 1.200 rad is outside -1.000 to 1.000",
        ),
        (trajectory_goal(points=((0.5, 1.0), (0.6, 1.0))), "points[1].time_from_start: must rise"),
        (trajectory_goal(points=()), "trajectory: needs joint_names and points"),
    ],
)
def test_goals_that_make_no_sense_are_refused_with_the_place(goal, words):
    stand = Stand(BodyLogic)
    assert stand.logic.on_goal("follow", GOAL, goal) == "the agent has no body, or is not there"
    stand.logic.on_house(BODY)
    assert stand.logic.on_goal("follow", GOAL, goal) == words
    assert stand.logic.on_check("follow", goal) == words
    assert stand.sent == []


@pytest.mark.parametrize(
    ("fate", "status"), [("succeeded", SUCCEEDED), ("cancelled", CANCELED), ("aborted", ABORTED), ("rejected", ABORTED)]
)
def test_a_goal_ends_as_the_house_says(fate, status):
    stand = Stand(BodyLogic)
    stand.logic.on_house(BODY)
    stand.logic.on_house(command())
    assert stand.logic.on_goal("follow", GOAL, trajectory_goal()) == ""
    stand.logic.tick()
    assert stand.fed[0][2]["joint_names"] == ["yaw"]
    stand.logic.on_house(m.JointGoalAnswer(goal_id=GOAL, state="accepted"))
    assert stand.ended == []
    stand.logic.on_house(m.JointGoalAnswer(goal_id=GOAL, state=fate, reason="so"))
    ((key, goal_id, ended, result),) = stand.ended
    assert (key, goal_id, ended, result["error_string"]) == ("follow", GOAL, status, "so")


def test_goals_of_an_earlier_life_are_told_after_the_welcome():
    stand = Stand(BodyLogic)
    stand.logic.on_house(
        p.Welcome(session_ns=1, silent_after_ms=200.0, goals={GOAL: "aborted", "not-of-ros": "aborted"})
    )
    assert [(goal_id, status) for _, goal_id, status, _ in stand.ended] == [(GOAL, ABORTED)]


def test_when_the_house_is_gone_goals_are_aborted():
    stand = Stand(BodyLogic)
    stand.logic.on_house(BODY)
    stand.logic.on_goal("follow", GOAL, trajectory_goal())
    stand.logic.lost()
    assert [(goal_id, status) for _, goal_id, status, _ in stand.ended] == [(GOAL, ABORTED)]


def look(frame="base_link", x=1.0, y=0.0, z=1.2):
    target = {"header": {"frame_id": frame}, "point": {"x": x, "y": y, "z": z}}
    return plain({"target": target, "min_duration": {"sec": 0, "nanosec": 0}})


@pytest.mark.parametrize(
    ("goal", "direction"),
    [
        (look(), (0.0, 0.0)),
        (look(x=0.0, y=1.0), (math.pi / 2, 0.0)),
        (look(z=2.2), (0.0, math.pi / 4)),
        (look("head", z=0.0), (0.0, 0.0)),
    ],
)
def test_a_point_becomes_a_direction_from_the_head(goal, direction):
    stand = Stand(BodyLogic)
    assert stand.logic.on_goal("look_at", GOAL, goal) == ""
    (intention,) = stand.of(m.Intention)
    assert intention.kind == "gaze"
    assert intention.target.direction_rad == pytest.approx(direction)


@pytest.mark.parametrize("goal", [look("map"), look(x=math.nan), look(x=0.0)])
def test_a_point_that_cannot_be_looked_at_is_refused(goal):
    stand = Stand(BodyLogic)
    assert stand.logic.on_goal("look_at", GOAL, goal).startswith("target")
    assert stand.sent == []
