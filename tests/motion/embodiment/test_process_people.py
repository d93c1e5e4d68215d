"""People near a body, in its room on virtual time: whom it heeds, and that it outlives its process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from runtime import messages as m
from tests.motion.embodiment.room_support import BODY, Play, positions
from tests.motion.embodiment.rooms.stage_room import Stage


def test_near_a_person_it_is_slowed_and_a_sensor_that_falls_silent_counts_as_blind(stage: Stage, play: Play) -> None:
    stage.script = {0.2: m.PersonDistance(distance_m=3.0)}
    stage.seconds = 2.5
    play()
    assert {one.state for one in stage.commands(after_s=0.1, until_s=1.1)} == {"follows"}
    assert stage.commands()[-1].state == "slowed"


def percept(distance_m: float | None, person_id: str = "p1", state: str = "present") -> m.PersonPercept:
    return m.PersonPercept(state=state, person_id=person_id, distance_m=distance_m)  # type: ignore[arg-type]


def test_a_body_in_the_world_is_slowed_by_a_person_that_the_agent_sees_until_that_one_goes_off(
    stage: Stage, play: Play
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


def test_a_camera_that_is_not_the_robots_may_be_left_out(stage: Stage, play: Play) -> None:
    stage.robot_rad, stage.robot_s = BODY.vector("rest_rad"), (0.0, 9.0)
    stage.script = {at: percept(0.1) for at in (0.5, 1.0, 1.5)}
    play("ros:attune", heeds_people_seen=False)
    assert "slowed" not in {one.state for one in stage.commands()}


def test_a_simulated_body_touches_nobody_and_is_not_slowed_by_whom_the_agent_sees(stage: Stage, play: Play) -> None:
    stage.script = {at: percept(0.1) for at in (0.5, 1.0, 1.5)}
    play()
    assert "slowed" not in {one.state for one in stage.commands()}


def test_how_near_people_are_outlives_the_process(stage: Stage, play: Play, tmp_path: Path) -> None:
    stage.script = {at / 2: m.PersonDistance(distance_m=0.2, sensor="front") for at in range(1, 6)}
    play(state=tmp_path)
    stage.script = {2.0: m.PersonDistance(distance_m=3.0, sensor="front")}
    play(state=tmp_path)
    assert np.ptp(positions(stage.commands(until_s=1.9)), axis=0).max() < 1e-4, "until the sensor speaks it stands"
    assert "follows" in {one.state for one in stage.commands(after_s=2.1, until_s=2.9)}


def test_of_several_sensors_the_nearest_person_counts(stage: Stage, play: Play) -> None:
    stage.script = {at: m.PersonDistance(distance_m=3.0, sensor="left") for at in (0.25, 0.95, 1.65, 2.35)}
    stage.script |= {at: m.PersonDistance(distance_m=0.5, sensor="right") for at in (0.2, 0.9, 1.6)}
    stage.seconds = 2.5
    play()
    assert {one.state for one in stage.commands(after_s=0.4)} == {"slowed"}
