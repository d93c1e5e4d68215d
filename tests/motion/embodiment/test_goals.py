"""Goals are checked whole before they begin, and run from where the body is."""

from __future__ import annotations

import numpy as np
import pytest

from motion.embodiment.description import BodyDescription, Joint
from motion.embodiment.goals import GRACE_S, GoalRefused, RunningGoal
from runtime.messages import JointGoal

BODY = BodyDescription(
    "test", tuple(Joint(name, -1.0, 1.0, 2.0, 20.0, 400.0) for name in ("neck", "elbow", "wrist")), 50.0, frozenset()
)
NOW = np.array([0.0, 0.5, -0.5])


def goal(
    times_ms: tuple[float, ...], points: list[list[float]], joints: tuple[str, ...] = ("wrist", "neck")
) -> JointGoal:
    return JointGoal(
        goal_id="g", joints=joints, time_from_start_ms=times_ms, position_rad=np.array(points, "<f4").tobytes()
    )


def test_it_goes_from_where_the_body_is_through_its_points_and_leaves_other_joints() -> None:
    running = RunningGoal(goal((1_000.0, 2_000.0), [[0.5, 1.0], [0.5, 0.0]]), BODY, NOW, 10.0)
    assert running.target(NOW, 10.0) == pytest.approx(NOW)
    assert running.target(NOW, 10.5) == pytest.approx([0.5, 0.5, 0.0])
    assert running.target(NOW, 11.0) == pytest.approx([1.0, 0.5, 0.5])
    assert running.target(NOW, 99.0) == pytest.approx([0.0, 0.5, 0.5])


def test_it_is_reached_at_its_end_and_given_up_long_after() -> None:
    running = RunningGoal(goal((1_000.0,), [[0.5, 1.0]]), BODY, NOW, 10.0)
    there = np.array([1.0, 0.5, 0.5])
    assert not running.reached(there, 10.9) and running.reached(there, 11.0)
    assert not running.reached(there - 0.1, 11.5)
    assert not running.given_up(11.0 + GRACE_S) and running.given_up(11.1 + GRACE_S)


def test_a_point_at_once_is_where_to_begin() -> None:
    running = RunningGoal(goal((0.0, 1_000.0), [[-0.5, 0.0], [0.5, 1.0]]), BODY, NOW, 0.0)
    assert running.target(NOW, 1.0) == pytest.approx([1.0, 0.5, 0.5])
    only = RunningGoal(goal((0.0,), [[0.5, 1.0]]), BODY, NOW, 0.0)
    assert only.target(NOW, 0.1) == pytest.approx([1.0, 0.5, 0.5])


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (goal((), []), "no joints, or no points"),
        (goal((1_000.0,), [[]], ()), "no joints, or no points"),
        (goal((1_000.0,), [[0.0, 0.0]], ("wrist", "nek")), "did you mean neck"),
        (goal((1_000.0,), [[0.0, 0.0]], ("neck", "neck")), "named twice"),
        (goal((1_000.0,), [[0.0, 1.5]]), "neck at 1.500 rad lies outside -1.000 to 1.000"),
        (goal((1_000.0,), [[0.0, np.inf]]), "neck is no finite number"),
        (goal((1_000.0, 900.0), [[0.0, 0.0]] * 2), "must rise"),
        (goal((-5.0,), [[0.0, 0.0]]), "must rise"),
        (goal((1_000.0,), [[0.0, 0.0]] * 2), "8 bytes, not 16"),
        (goal((1_000.0, 1_100.0), [[0.0, 0.0], [0.0, 0.9]]), "neck would move at 9.00 rad/s, its limit is 2.00"),
    ],
)
def test_what_is_wrong_is_said_with_joint_and_number(wanted: JointGoal, why: str) -> None:
    with pytest.raises(GoalRefused, match=why):
        RunningGoal(wanted, BODY, NOW, 0.0)
