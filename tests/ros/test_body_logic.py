"""The body node's logic: joint states, goals of others, looking at points (test_robot_drive.py: what moves a robot)."""

import math
import struct

import pytest
from attune_bridge.body_logic import BodyLogic
from attune_bridge.trajectories import POSITION_BYTES_MAX, TIME_MAX_S
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED

from runtime import bridge_protocol as p
from runtime import codec
from runtime import messages as m
from runtime.messages.body import JOINTS_MAX
from tests.ros.logics import Stand, Times, plain

BODY = m.BodyDescribed(
    body="b", joints=("yaw", "pitch"), low_rad=(-1.0, -0.5), high_rad=(1.0, 0.5), velocity_rad_s=(2.0, 2.0), rate_hz=50
)
GOAL = "ab" * 16
NOW_NS = Times().ros


def command(position=(0.0, 0.0), velocity=(0.0, 0.0), connected=True):
    at, speed = struct.pack("<2f", *position), struct.pack("<2f", *velocity)
    return m.JointCommand(
        body="b", index=0, state="follows", connected=connected, position_rad=at, velocity_rad_s=speed
    )


def state(names=("yaw", "pitch"), position=(0.0, 0.0), ros_ns=NOW_NS):
    stamp = {"sec": ros_ns // 10**9, "nanosec": ros_ns % 10**9}
    return plain({"header": {"stamp": stamp}, "name": list(names), "position": list(position)})


def trajectory_goal(joints=("yaw",), points=((0.5, 1.0),), stamp_s=0, settle_s=0, speeds=(), effort=(), **tolerances):
    still = {"velocities": list(speeds), "accelerations": [], "effort": list(effort)}
    made = [
        {"positions": [at] * len(joints), "time_from_start": {"sec": int(s), "nanosec": round(s % 1 * 1e9)}, **still}
        for at, s in points
    ]
    header = {"stamp": {"sec": stamp_s, "nanosec": 0}}
    fields = {
        name: tolerances.get(name, [])
        for name in ("path_tolerance", "goal_tolerance", "component_path_tolerance", "component_goal_tolerance")
    }
    trajectory = {"header": header, "joint_names": list(joints), "points": made}
    settle = {"sec": settle_s, "nanosec": 0}
    return plain(
        {"trajectory": trajectory, "multi_dof_trajectory": {"points": []}, "goal_time_tolerance": settle, **fields}
    )


def within(position=0.0, name="yaw", velocity=0.0):
    return [{"name": name, "position": position, "velocity": velocity, "acceleration": 0.0}]


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
    stand.logic.on_house(command(connected=False))
    stand.logic.on_topic("joint_states_in", state(("pitch", "wheel"), (0.25, 9.0)))
    stand.logic.on_topic("joint_states_in", state(("yaw",), (0.5,)))
    (measured,) = stand.of(m.JointMeasured)
    assert struct.unpack("<2f", measured.position_rad) == (0.5, 0.25)
    stand.times.go_on(0.3)
    stand.logic.on_topic("joint_states_in", state(("yaw",), (0.5,), stand.times.ros))
    assert len(stand.of(m.JointMeasured)) == 1, "half a robot is none"
    assert "clock" not in stand.logic.troubles


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
        (
            trajectory_goal(points=((0.5, 2_000_000_000.0),)),
            "points[0].time_from_start: 2000000000 s, at most 3600000 s (1000 h)",
        ),
        (trajectory_goal(speeds=(0.1,)), "points[0].velocities: the last point must be a standstill"),
        (trajectory_goal(speeds=(0.0, 0.0)), "points[0].velocities: must be one number for each joint, or none"),
        (trajectory_goal(effort=(1.0,)), "points[0].effort: efforts are not followed"),
        (trajectory_goal(stamp_s=5), "trajectory.header.stamp: must be zero or now; a goal begins when it arrives"),
        (trajectory_goal(path_tolerance=within(0.1)), "path_tolerance: paths are not watched; leave it empty"),
        (
            trajectory_goal(component_goal_tolerance=within()),
            "component tolerances: joints of several degrees of freedom are not supported",
        ),
        (trajectory_goal(goal_tolerance=within(0.1, "pitch")), "goal_tolerance: no joint 'pitch'; there are yaw"),
        (
            trajectory_goal(goal_tolerance=within(velocity=0.1)),
            "goal_tolerance: of yaw only a position can be watched",
        ),
    ],
)
def test_goals_that_make_no_sense_are_refused_with_the_place(goal, words):
    stand = Stand(BodyLogic)
    assert stand.logic.on_goal("follow", GOAL, goal) == "the agent has no body, or is not there"
    stand.logic.on_house(BODY)
    assert stand.logic.on_goal("follow", GOAL, goal) == words
    assert stand.logic.on_check("follow", goal) == words
    assert stand.sent == []


def test_the_house_can_read_the_largest_goal_that_is_taken_and_a_larger_one_is_refused():
    joints = tuple(f"j{number}" for number in range(JOINTS_MAX))
    same = {
        name: (bound,) * len(joints) for name, bound in (("low_rad", -1.0), ("high_rad", 1.0), ("velocity_rad_s", 2.0))
    }
    stand = Stand(BodyLogic)
    stand.logic.on_house(m.BodyDescribed(body="b", joints=joints, rate_hz=50, **same))
    fits = POSITION_BYTES_MAX // (4 * len(joints))
    late_s = TIME_MAX_S - fits
    points = [(0.5, late_s + number + 1) for number in range(fits)]
    assert stand.logic.on_goal("follow", GOAL, trajectory_goal(joints, points)) == ""
    (sent,) = stand.of(m.JointGoal)
    assert codec.decode(codec.encode(sent)) == sent
    wrong = stand.logic.on_goal("follow", GOAL, trajectory_goal(joints, [*points, (0.5, TIME_MAX_S)]))
    assert "points" in wrong and str(len(points) + 1) in wrong


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
    assert (key, goal_id, ended) == ("follow", GOAL, status)
    assert result["error_string"] == ("" if fate == "succeeded" else "so")


def measured(*position):
    return m.JointMeasured(body="b", position_rad=struct.pack("<2f", *position))


def test_feedback_says_what_joints_measure_and_by_how_much_they_are_off():
    stand = Stand(BodyLogic)
    stand.logic.on_house(BODY)
    stand.logic.on_house(command((0.25, 0.0), (0.5, 0.0)))
    stand.logic.on_goal("follow", GOAL, trajectory_goal())
    stand.logic.tick()
    assert "actual" not in stand.fed[0][2], "nothing was measured yet"
    stand.logic.on_house(measured(0.125, 0.0))
    stand.times.go_on(0.1)
    stand.logic.tick()
    told = stand.fed[1][2]
    assert told["desired"] == {"positions": [0.25], "velocities": [0.5]}
    assert told["actual"] == {"positions": [0.125]}
    assert told["error"] == {"positions": [0.125]}


@pytest.mark.parametrize(
    ("places", "ends"),
    [
        ([0.5], [(SUCCEEDED, 0, "")]),
        ([0.4, 0.47], [(SUCCEEDED, 0, "")]),
        ([0.4, 0.4], []),
        ([0.4, 0.4, 0.4, 0.4], [(ABORTED, -5, "goal_tolerance: yaw is 0.100 rad off")]),
        ([], []),
    ],
)
def test_a_goal_with_a_tolerance_succeeds_when_joints_measure_within_it_and_is_aborted_when_they_do_not(places, ends):
    stand = Stand(BodyLogic)
    stand.logic.on_house(BODY)
    assert stand.logic.on_goal("follow", GOAL, trajectory_goal(goal_tolerance=within(0.05), settle_s=2)) == ""
    stand.logic.on_house(m.JointGoalAnswer(goal_id=GOAL, state="succeeded"))
    for place in places:
        stand.logic.on_house(measured(place, 0.0))
        stand.logic.tick()
        stand.times.go_on(0.8)
    assert [(status, result["error_code"], result["error_string"]) for _, _, status, result in stand.ended] == ends


def test_a_goal_that_settles_can_be_cancelled():
    stand = Stand(BodyLogic)
    stand.logic.on_house(BODY)
    stand.logic.on_goal("follow", GOAL, trajectory_goal(goal_tolerance=within(0.05)))
    stand.logic.on_house(m.JointGoalAnswer(goal_id=GOAL, state="succeeded"))
    stand.logic.on_cancel("follow", GOAL)
    assert [status for _, _, status, _ in stand.ended] == [CANCELED]


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
