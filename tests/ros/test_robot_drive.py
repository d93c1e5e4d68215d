"""A robot under ros2_control and the agent's house, in virtual time: what moves it, what does not, and how smoothly."""

import dataclasses
import itertools
import math

import pytest

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")

from attune_bridge.trajectories import floats

from motion.embodiment.description import BodyDescription, Joint
from tests.ros.robot_loop import BODY, Loop

FASTEST = 1.01 * BODY.joints[0].velocity_rad_s
HARDEST = 1.1 * BODY.joints[0].acceleration_rad_s2
"""The filter's, with some for where it begins."""


def wave(t):
    return 0.6 * math.sin(2 * math.pi * 0.4 * t), 0.2 * math.sin(2 * math.pi * 0.7 * t)


def streams(loop):
    return lambda: loop.logic._drive.phase == "streams"


def off(loop):
    """Return how far the robot is from what was commanded a tenth of a second ago."""
    then = [each for each in loop.commands if each.t_ns <= loop.clock.ns - 100_000_000][-1]
    return max(abs(a - b) for a, b in zip(floats(then.position_rad), loop.robot.set_point, strict=True))


def stands(loop):
    return not any(loop.robot.set_speed)


@pytest.mark.parametrize("controller", ["topic", "action"])
def test_a_robot_that_is_anywhere_is_led_from_there_within_the_filters_limits_while_the_agent_moves(
    tmp_path, controller
):
    loop = Loop(tmp_path, at=(1.2, -0.4), controller=controller)
    loop.wanted = wave
    assert loop.run(3.0, streams(loop))
    assert loop.robot.position == [1.2, -0.4]
    loop.run(4.0)
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST
    if controller == "topic":
        assert off(loop) < 0.03
        assert loop.goals == []
    else:
        assert loop.streamed == []
        assert len(loop.goals) > 30
        assert not any(goal.cancelled for goal, _ in loop.goals)


def test_no_command_is_sent_twice_and_each_trajectory_ends_at_a_standstill(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(3.0)
    assert len(loop.streamed) > 50
    assert len(loop.streamed) <= len([each for each in loop.commands if each.connected])
    for trajectory in loop.streamed:
        times = [p["time_from_start"]["sec"] * 1e9 + p["time_from_start"]["nanosec"] for p in trajectory["points"]]
        assert times == sorted(set(times)) and times[0] >= 0
        assert trajectory["points"][-1]["velocities"] == [0.0, 0.0]
        assert all(-1.5 <= p["positions"][0] <= 1.5 and -0.5 <= p["positions"][1] <= 0.5 for p in trajectory["points"])


def test_when_the_house_dies_in_full_motion_the_robot_slows_down_evenly_and_stands(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = (1.3, 0.0)
    assert loop.run(5.0, lambda: loop.robot.velocity[0] > 1.2)
    loop.house_lives = False
    sent = len(loop.streamed)
    loop.run(0.32)
    assert stands(loop)
    assert loop.robot.hardest <= HARDEST
    assert 0.0 < loop.robot.position[0] < 1.3
    loop.run(2.0)
    assert len(loop.streamed) == sent
    loop.start_house()
    held = list(loop.robot.position)
    assert loop.run(3.0, streams(loop))
    assert loop.robot.position == pytest.approx(held, abs=1e-3)
    loop.run(3.0)
    assert loop.robot.position[0] == pytest.approx(1.3, abs=0.01)
    assert loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("controller", ["topic", "action"])
@pytest.mark.parametrize("lag_s", [0.0, 0.03, 0.06])
@pytest.mark.parametrize("begins", ["desired", "humble", "measured"])
def test_however_joints_lag_and_wherever_its_controller_begins_a_trajectory_set_points_keep_the_filters_limits(
    tmp_path, begins, lag_s, controller
):
    loop = Loop(tmp_path, at=(0.3, 0.1), controller=controller, begins=begins, lag_s=lag_s)
    loop.wanted = wave
    loop.run(6.0)
    assert streams(loop)() and loop.logic.troubles == {}
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("differ_s", [-0.03, 0.03])
def test_clocks_may_differ_by_a_little(tmp_path, differ_s):
    loop = Loop(tmp_path)
    loop.wanted, loop.clocks_differ_s = wave, differ_s
    loop.run(6.0)
    assert streams(loop)() and loop.logic.troubles == {}
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("differ_s", [-0.2, 0.2])
def test_a_robot_whose_clock_is_another_is_not_moved_and_that_is_said(tmp_path, differ_s):
    loop = Loop(tmp_path, at=(0.5, 0.0))
    loop.clocks_differ_s = differ_s
    loop.run(4.0)
    assert loop.streamed == [] and loop.robot.position == [0.5, 0.0]
    assert "keep both clocks by NTP" in " ".join(loop.stand.logged)


def test_a_robot_whose_joint_states_have_no_stamp_is_not_moved_since_its_clock_is_not_known(tmp_path):
    loop = Loop(tmp_path, at=(0.5, 0.0))
    loop.clocks_differ_s, loop.stamp = 0.1, lambda ago_s: {"sec": 0, "nanosec": 0}
    loop.run(4.0)
    assert loop.streamed == [] and loop.robot.position == [0.5, 0.0]
    assert "no stamp" in " ".join(loop.stand.logged)


def test_joint_states_of_which_a_wireless_network_brings_some_late_are_taken(tmp_path):
    loop = Loop(tmp_path, controller="action")
    ways = itertools.cycle([0.005, 0.08, 0.12, 0.06, 0.09, 0.02])
    loop.wanted, loop.joints_late_s = wave, lambda: next(ways)
    loop.run(6.0)
    assert streams(loop)() and loop.logic.troubles == {}
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("late_s", [0.08, 0.3])
def test_joint_states_that_all_come_late_are_not_taken_and_the_message_speaks_of_their_way_too(tmp_path, late_s):
    loop = Loop(tmp_path, at=(0.5, 0.0))
    loop.joints_late_s = lambda: late_s
    loop.run(4.0)
    assert loop.streamed == [] and loop.robot.position == [0.5, 0.0]
    assert f"joint states come {late_s:.3f} s after their stamp" in " ".join(loop.stand.logged)
    assert "the way within 0.050 s" in " ".join(loop.stand.logged)


@pytest.mark.parametrize(("behind_s", "within_s"), [(0.2, 1.3), (-0.2, 0.3), (0.5, 0.3)])
def test_when_the_robots_clock_alone_is_set_that_is_noticed_within_a_second(tmp_path, behind_s, within_s):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(3.0)
    loop.clocks_differ_s = -behind_s
    assert loop.run(within_s, lambda: loop.logic._drive.phase == "waits")
    assert loop.logic.troubles["clock"] > 1


@pytest.mark.parametrize("controller", ["topic", "action"])
@pytest.mark.parametrize("set_s", [-5.0, -0.7, -0.095, -0.02, 0.015, 0.05, 0.7, 5.0])
def test_when_the_clock_of_bridge_and_controller_is_set_handing_on_ends_and_goes_on_from_where_the_robot_is(
    tmp_path, set_s, controller
):
    loop = Loop(tmp_path, controller=controller)
    loop.wanted = (1.3, 0.0)
    assert loop.run(5.0, lambda: loop.robot.velocity[0] > 1.2)
    loop.set_clock(set_s)
    assert loop.run(0.025, lambda: loop.logic._drive.phase == "waits")
    assert f"by {set_s:+.3f} s" in " ".join(loop.stand.logged)
    sent = len(loop.streamed) + len(loop.goals)
    loop.run(0.5)
    assert stands(loop) and len(loop.streamed) + len(loop.goals) == sent
    loop.robot.fastest = loop.robot.hardest = 0.0  # of the step itself, which nothing sent could have prevented
    loop.run(4.0)
    assert loop.logic.troubles == {"the clock was set": 1}
    assert loop.robot.position[0] == pytest.approx(1.3, abs=0.01)
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("controller", ["topic", "action"])
def test_a_clock_that_is_slewed_and_looks_at_it_that_are_held_up_are_no_step(tmp_path, controller):
    loop = Loop(tmp_path, controller=controller)
    loop.wanted, times = wave, loop.stand.times
    times.ros_ns = lambda: times.ros + loop.clock.ns // 2_000  # 500 ppm
    held_up = itertools.cycle([0, 0, -30_000_000, 0, 0, 0, 0, 30_000_000, 0, 0])  # each look reads it before and after
    times.steady_ns = lambda: times.steady + next(held_up)
    loop.run(6.0)
    assert streams(loop)() and loop.logic.troubles == {}


def test_a_fast_joint_whose_motor_lags_does_not_stray(tmp_path):
    eye = Joint("yaw", -0.7, 0.7, 8.7, 260.0, 12_000.0)
    quick = BodyDescription("b", (eye, dataclasses.replace(eye, name="pitch")), rate_hz=50.0, parts=frozenset({"head"}))
    loop = Loop(tmp_path, body=quick, lag_s=0.06)
    loop.wanted = lambda t: (0.6 if int(t / 0.7) % 2 else -0.6, 0.0)
    loop.run(10.0)
    assert max(abs(speed) for each in loop.commands for speed in floats(each.velocity_rad_s)) > 5.0
    assert loop.logic.troubles == {}
    loop.wanted = (0.0, 0.0)
    loop.run(1.0)
    loop.push(0.35, 0.0)
    assert loop.run(0.1, lambda: loop.logic._drive.phase == "waits"), (
        "of one that stands no more is allowed than of a slow one"
    )


@pytest.mark.parametrize("stall_s", [0.04, 0.2])
def test_a_house_that_stalls_does_no_harm(tmp_path, stall_s):
    loop = Loop(tmp_path)
    loop.wanted = (1.3, 0.0)
    assert loop.run(5.0, lambda: loop.robot.velocity[0] > 1.2)
    loop.house_lives = False
    loop.run(stall_s)
    loop.house_lives = True
    loop.run(4.0)
    assert loop.robot.hardest <= HARDEST
    assert loop.robot.position[0] == pytest.approx(1.3, abs=0.01)
    assert ("late commands" in loop.logic.troubles) == (stall_s > 0.1)


def test_an_emergency_stop_is_braked_with_the_filter_and_then_nothing_is_sent_until_its_release(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = (1.3, 0.0)
    assert loop.run(5.0, lambda: loop.robot.velocity[0] > 1.2)
    loop.moving.control("emergency_stop")
    loop.run(0.5)
    assert stands(loop) and loop.robot.hardest <= HARDEST
    assert off(loop) < 1e-3
    sent, held = len(loop.streamed), list(loop.robot.set_point)
    loop.run(2.0)
    assert (len(loop.streamed), loop.robot.set_point) == (sent, held)
    loop.moving.control("release")
    loop.run(3.0)
    assert loop.robot.position[0] == pytest.approx(1.3, abs=0.01)
    assert loop.robot.hardest <= HARDEST


def test_a_robot_that_is_pushed_in_an_emergency_stop_is_sent_nowhere_and_goes_on_from_where_it_is_then(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(2.0)
    loop.moving.control("emergency_stop")
    loop.run(0.5)
    sent, held = len(loop.streamed), list(loop.robot.set_point)
    for place in (0.2, 0.9):
        loop.push(place, 0.0)
        loop.run(3.0)
        assert loop.robot.position == [place, 0.0]
        loop.push(None)
        loop.run(1.0)
        assert (len(loop.streamed), loop.robot.set_point) == (sent, held)
        assert loop.robot.position == pytest.approx(held)
        assert loop.commands[-1].state == "stopped"
    loop.moving.control("release")
    loop.run(4.0)
    assert off(loop) < 0.02
    assert loop.robot.hardest <= HARDEST and loop.robot.fastest < 2.01


def test_a_robot_that_strays_is_let_go_and_led_on_from_where_it_is(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(2.0)
    loop.push(1.2, 0.3)
    assert loop.run(0.1, lambda: loop.logic._drive.phase == "waits")
    sent = len(loop.streamed)
    loop.run(0.3)
    loop.push(None)
    loop.run(0.1)
    assert len(loop.streamed) == sent
    assert "the robot strays" in loop.logic.troubles
    loop.run(3.0)
    assert off(loop) < 0.02
    assert loop.robot.hardest <= HARDEST


def test_to_a_joint_that_is_held_elsewhere_the_set_point_goes_at_once_which_the_docs_except_and_then_keeps_the_limits(
    tmp_path,
):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(2.0)
    loop.push(1.2, 0.3)
    loop.wanted = (1.2, 0.3)
    assert loop.run(0.1, lambda: loop.logic._drive.phase == "waits")
    assert loop.run(3.0, streams(loop))
    assert loop.robot.set_point[0] < 0.0 and loop.robot.hardest <= HARDEST
    gaps = []
    loop.run(0.15, lambda: gaps.append(1.2 - loop.robot.set_point[0]))
    assert gaps[-1] < 0.01 and min(gaps) > -0.001, "as far as the joint, and no further"
    assert loop.robot.fastest > FASTEST
    loop.robot.fastest = loop.robot.hardest = 0.0
    loop.push(None)
    loop.wanted = wave
    loop.run(4.0)
    assert off(loop) < 0.02
    assert loop.robot.fastest <= FASTEST
    assert loop.robot.hardest <= HARDEST


def test_joint_states_that_fall_silent_stop_the_robot_and_it_goes_on_from_where_it_is(tmp_path):
    loop = Loop(tmp_path)
    loop.wanted = wave
    loop.run(2.5)
    loop.joints_tell = False
    loop.run(0.7)
    sent, held = len(loop.streamed), list(loop.robot.set_point)
    assert stands(loop)
    loop.run(1.0)
    assert not loop.commands[-1].connected
    assert len(loop.streamed) == sent
    loop.joints_tell = True
    assert loop.run(1.0, streams(loop))
    assert loop.robot.set_point == held
    loop.run(3.0)
    assert off(loop) < 0.02 and loop.robot.hardest <= HARDEST


@pytest.mark.parametrize("end", ["emergency stop", "lost", "joints silent", "house dies"])
def test_goals_to_the_controller_are_cancelled_where_handing_on_ends(tmp_path, end):
    loop = Loop(tmp_path, controller="action")
    loop.wanted = wave
    loop.run(3.0)
    assert len(loop.goals) > 10 and not loop.goals[-1][0].cancelled
    if end == "emergency stop":
        loop.moving.control("emergency_stop")
    elif end == "lost":
        loop.house_lives = False
        loop.logic.lost()
    elif end == "joints silent":
        loop.joints_tell = False
    else:
        loop.house_lives = False
    loop.run(0.4)
    sent = len(loop.goals)
    assert loop.goals[-1][0].cancelled and stands(loop)
    loop.run(1.5)
    assert len(loop.goals) == sent


def test_a_body_of_the_house_that_does_not_wait_for_the_robot_is_told_and_nothing_moves(tmp_path):
    loop = Loop(tmp_path, at=(0.5, 0.0))
    loop.body._ros.look = lambda now_ns: None  # as a simulated body, always there
    loop.body._ros.connected = True
    loop.run(5.0)
    assert loop.streamed == []
    assert "body" in loop.logic.troubles
