"""Commands of the filter as trajectories: even in time, within the limits, at a standstill in the end."""

import struct

import pytest
from attune_bridge.streaming import BRAKE_S, Stream

from runtime import messages as m
from tests.ros.spline import Spline

BODY = m.BodyDescribed(
    body="b", joints=("yaw", "pitch"), low_rad=(-1.0, -0.5), high_rad=(1.0, 0.5), velocity_rad_s=(2.0, 2.0), rate_hz=50
)
MS = 1_000_000


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
    made = stream.trajectory(now_ms * MS)["points"]
    return [
        (
            each["time_from_start"]["sec"] + each["time_from_start"]["nanosec"] / 1e9,
            each["positions"],
            each["velocities"],
        )
        for each in made
    ]


def steady(commands, speed=1.0):
    """Return a stream into which commands (index, when they left, when they came, ms) were taken, and whether each was."""
    stream = Stream(BODY, 0.1, 0.04)
    taken = [
        stream.take(told(index, left), (speed * 0.02 * index, 0.0), (speed, 0.0), came * MS)
        for index, left, came in commands
    ]
    return stream, taken


def test_commands_that_come_unevenly_are_played_evenly():
    stream, taken = steady([(0, 0, 5), (1, 26, 40), (2, 40, 43), (3, 60, 66)])
    assert all(taken)
    times = [at for at, _, _ in points(stream, 60)]
    assert times[:4] == pytest.approx([0.045, 0.066, 0.086, 0.107], abs=2e-3)
    assert times[-1] - times[-5] == pytest.approx(BRAKE_S)


def test_points_that_lie_too_near_ahead_are_left_out_but_never_the_newest():
    stream, _ = steady([(0, 0, 0), (1, 20, 20), (2, 40, 40)])
    assert points(stream, 75)[0][1] == [pytest.approx(0.02), 0.0]
    assert points(stream, 139)[0][:2] == (pytest.approx(0.04), [pytest.approx(0.04), 0.0])


def test_a_command_that_comes_when_the_robot_has_begun_to_stop_is_not_taken():
    _, taken = steady([(0, 0, 0), (1, 20, 20), (2, 40, 140)])
    assert taken == [True, True, False]


def test_after_a_pause_of_what_stands_the_delay_is_what_it_was():
    stream, taken = steady([(0, 0, 0), (1, 20, 20), (2, 300, 300)], speed=0.0)
    assert all(taken)
    assert points(stream, 300)[0][0] == pytest.approx(0.1)


@pytest.mark.parametrize("index", [0, 1])
def test_a_command_of_another_life_of_the_house_or_the_same_again_is_not_taken(index):
    _, taken = steady([(0, 0, 0), (1, 20, 20), (index, 40, 40)])
    assert taken == [True, True, False]


def test_near_the_end_of_its_range_a_joint_stops_before_it():
    stream = Stream(BODY, 0.1, 0.04)
    stream.take(told(0, 0), (0.95, -0.49), (1.0, -1.0), 0)
    made = points(stream, 0)
    assert made[-1] == (pytest.approx(0.26), [pytest.approx(1.0), pytest.approx(-0.5)], [0.0, 0.0])
    joints = Spline((0.95, -0.49))
    joints.velocity = [1.0, -1.0]
    joints.follow(0.0, [(at - made[0][0], *rest) for at, *rest in made[1:]])
    for tick in range(1, 200):
        joints.advance(tick / 1_000)
        assert joints.position[0] <= 1.001 and joints.position[1] >= -0.502
