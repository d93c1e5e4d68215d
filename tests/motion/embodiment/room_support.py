"""What the tests of the body's room share: the body that moves, goals, and what is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from motion.embodiment.bodies import attune_body
from runtime import messages as m
from tests.motion.embodiment.rooms.stage_room import Stage

BODY = attune_body.description()
ROW = {name: row for row, name in enumerate(BODY.names)}
Play = Callable[..., Stage]
"""The fixture `play`."""


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
