"""A body behind ROS in its room, on virtual time: other programs measure its joints."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from runtime import messages as m
from tests.motion.embodiment.room_support import BODY, Play, positions
from tests.motion.embodiment.rooms.stage_room import Stage


def test_a_body_behind_ros_begins_where_its_joints_are_and_is_let_go_when_they_fall_silent(
    stage: Stage, play: Play
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


def test_a_body_behind_ros_is_stepped_by_the_room_in_every_state(stage: Stage, play: Play) -> None:
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
