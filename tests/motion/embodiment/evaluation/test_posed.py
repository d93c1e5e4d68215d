"""A robot shown as the person who would stand so: back from our own humanoid comes the figure's pose."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
from motion import rotations as rot
from motion.embodiment.bodies import catalogue
from motion.embodiment.evaluation.posed import Posed
from motion.embodiment.evaluation.retargeting import perform
from motion.kinematics import forward
from motion.skeleton import INDEX


@pytest.mark.parametrize("label", ["wave", "point", "yes", "salute", "big"])
def test_limbs_hands_and_head_of_the_person_are_the_figures(label: str) -> None:
    robot = catalogue.own()
    posed, done = Posed(robot), perform(robot, label, 3)
    errors = []
    for tick in range(0, len(done.angles), 10):
        posed.pose(done.angles[tick])
        shown = posed.person()
        for side in ("left", "right"):
            turns = []
            for pose in (done.poses[tick], shown):
                at, world = forward(pose.rotations.astype(float)[None], np.zeros((1, 3)))
                turns.append((at[0], world[0]))
            for one, other in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
                lines = [at[INDEX[f"{side}{other}"]] - at[INDEX[f"{side}{one}"]] for at, _ in turns]
                cosine = lines[0] @ lines[1] / np.linalg.norm(lines[0]) / np.linalg.norm(lines[1])
                errors.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
        heads = [world[INDEX["head"]] for _, world in turns]
        errors.append(np.degrees(float(rot.angle_between(heads[0][None], heads[1][None])[0])))
    assert np.percentile(errors, 90) < 3.0, "but where the body's ranges end"


def test_a_grip_is_seen_as_closed_fingers() -> None:
    robot = catalogue.own()
    posed, angles = Posed(robot), robot.description.vector("rest_rad")
    angles[robot.description.names.index("left_grip")] = -np.radians(80)
    posed.pose(angles)
    left, right = posed.person().hands
    assert left[1:5] == pytest.approx(np.ones(4)) and (right[1:5] < 0.3).all()
