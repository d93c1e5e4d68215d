"""Goals of other programs in the body's room, on virtual time: one at a time, and each is answered once."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from runtime import messages as m
from runtime.clock import NS_PER_S
from tests.motion.embodiment.room_support import ROW, Play, answers, goal, positions
from tests.motion.embodiment.rooms.stage_room import Stage


def test_a_goal_of_another_program_takes_the_body_and_gives_it_back(stage: Stage, play: Play) -> None:
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
    stage: Stage, play: Play, wanted: m.JointGoal, why: str
) -> None:
    stage.script, stage.seconds = {0.3: wanted}, 1.0
    play()
    (answer,) = stage.of(m.JointGoalAnswer)
    assert answer.state == "rejected" and why in answer.reason


def test_an_emergency_stop_aborts_a_goal_and_so_does_its_owners_end(stage: Stage, play: Play) -> None:
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
    stage: Stage, play: Play
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
