"""Commands of the filter as trajectories: even in time, within the limits, at a standstill in the end."""

import struct

import pytest
from attune_bridge.streaming import BRAKE_S, Stream

from runtime import messages as m
from tests.ros.joint_trajectory_controller import CYCLE_S, JointTrajectoryController

BODY = m.BodyDescribed(
    body="b", joints=("yaw", "pitch"), low_rad=(-1.0, -0.5), high_rad=(1.0, 0.5), velocity_rad_s=(2.0, 2.0), rate_hz=50
)
MS = 1_000_000
DAY_MS = 86_400_000
"""ROS time when the session began."""


def told(index, t_ms):
    nothing = struct.pack("<2f", 0.0, 0.0)
    return m.JointCommand(
        t_ns=t_ms * MS,
        body="b",
        index=index,
        state="follows",
        connected=True,
        position_rad=nothing,
        velocity_rad_s=nothing,
    )


def points(stream, now_ms):
    """Return a trajectory's points: when, from now, where, how fast."""
    made = stream.trajectory((DAY_MS + now_ms) * MS)
    from_s = _seconds(made["header"]["stamp"]) - (DAY_MS + now_ms) / 1e3
    return [
        (from_s + _seconds(each["time_from_start"]), each["positions"], each["velocities"]) for each in made["points"]
    ]


def _seconds(duration):
    return duration["sec"] + duration["nanosec"] / 1e9


def steady(commands, speed=1.0):
    """Return a stream into which commands (index, when they left, when they came, ms) were taken, and whether each was."""
    stream = Stream(BODY, 0.1, 0.04)
    taken = [
        stream.take(told(index, left), (speed * 0.02 * index, 0.0), (speed, 0.0), (DAY_MS + came) * MS)
        for index, left, came in commands
    ]
    return stream, taken


def test_commands_that_come_unevenly_are_played_evenly():
    stream, taken = steady([(0, 0, 5), (1, 26, 40), (2, 40, 43), (3, 60, 66)])
    assert all(taken)
    times = [at for at, _, _ in points(stream, 60)]
    assert times[:4] == pytest.approx([0.045, 0.066, 0.086, 0.107], abs=2e-3)
    assert times[-1] - times[-5] == pytest.approx(BRAKE_S)


def test_each_trajectory_is_a_piece_of_the_same_path_that_begins_in_the_past():
    stream, taken = steady([(number, 20 * number, 20 * number) for number in range(40)])
    assert all(taken)
    times, places = zip(*[(at, where[0]) for at, where, _ in points(stream, 780)], strict=True)
    assert times[0] == pytest.approx(-0.16)
    assert times[-5] == pytest.approx(0.1)
    for at, place in zip(times[:-4], places, strict=False):
        assert place == pytest.approx(0.78 + at - 0.1), "where it is to be then, whichever trajectory says so"


def test_a_command_that_comes_when_the_robot_has_begun_to_stop_is_not_taken():
    _, taken = steady([(0, 0, 0), (1, 20, 20), (2, 40, 140)])
    assert taken == [True, True, False]


def test_after_a_pause_of_what_stands_the_delay_is_what_it_was():
    stream, taken = steady([(0, 0, 0), (1, 20, 20), (2, 300, 300)], speed=0.0)
    assert all(taken)
    held, last = points(stream, 300)[-6:-4]
    assert last[0] == pytest.approx(0.1)
    assert held[0] == pytest.approx(0.08) and held[1] == [pytest.approx(0.0)] * 2, "until then it stands"


@pytest.mark.parametrize("index", [0, 1])
def test_a_command_of_another_life_of_the_house_or_the_same_again_is_not_taken(index):
    _, taken = steady([(0, 0, 0), (1, 20, 20), (index, 40, 40)])
    assert taken == [True, True, False]


@pytest.mark.parametrize("rate", [0.96, 0.9999, 1.0001, 1.04])
def test_clocks_of_other_rates_and_simulators_that_are_nearly_in_time_lose_no_command(rate):
    stream, delays = Stream(BODY, 0.1, 0.04), []
    for index in range(3_000):
        now_ns = round((DAY_MS + rate * 20 * index) * MS)
        assert stream.take(told(index, 20 * index), (0.5, 0.0), (1.0, 0.0), now_ns)
        made = stream.trajectory(now_ns)["points"]
        delays.append(stream._points[-1].at_ns - now_ns)
        assert made[-5]["velocities"][0] == pytest.approx(1.0, abs=0.055)
    assert min(delays) >= 0.04e9 and max(delays) <= 0.2e9


def test_commands_whose_house_stutters_are_not_bent_more_than_they_come_late():
    stream, speeds = Stream(BODY, 0.1, 0.04), []
    for index in range(200):
        t_ms = 20 * index + (index % 3)  # leaves 0 to 2 ms late
        assert stream.take(told(index, t_ms), (0.01 * index, 0.0), (0.5, 0.0), (DAY_MS + t_ms + index % 2) * MS)
        speeds.append(stream._points[-1].velocity_rad_s[0])
    assert speeds[20:] == pytest.approx([0.5] * 180, rel=0.005), "once it is as late as the latest it is even"


@pytest.mark.parametrize("set_ms", [-10_000, -200, 200, 10_000])
def test_when_the_clock_is_set_the_path_is_at_its_end(set_ms):
    _, taken = steady([(0, 0, 0), (1, 20, 20), (2, 40, 40 + set_ms)])
    assert taken == [True, True, False]


def test_near_the_end_of_its_range_a_joint_stops_before_it():
    stream = Stream(BODY, 0.1, 0.04)
    stream.take(told(0, 0), (0.95, -0.49), (1.0, -1.0), DAY_MS * MS)
    made = points(stream, 0)
    assert made[-1] == (pytest.approx(0.26), [pytest.approx(1.0), pytest.approx(-0.5)], [0.0, 0.0])
    joints = JointTrajectoryController((0.95, -0.49), lag_s=0.0)
    joints.follow(0.0, [(at - made[0][0], *rest) for at, *rest in made])
    for cycle in range(1, 50):
        joints.advance(CYCLE_S * cycle)
        assert joints.position[0] <= 1.001 and joints.position[1] >= -0.502
