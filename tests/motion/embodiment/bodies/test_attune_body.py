"""Our own humanoid: one table, two forms; it stands, moves and is where it is told to be."""

from __future__ import annotations

import numpy as np
import pytest

from motion.embodiment.bodies.attune_body import description
from motion.embodiment.bodies.attune_model import SUBSTEP_S, mjcf

mujoco = pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")


@pytest.fixture(scope="module")
def model():
    return mujoco.MjModel.from_xml_string(mjcf())


def test_the_model_has_the_descriptions_joints_in_its_order_with_its_ranges(model) -> None:
    body = description()
    assert [model.joint(i).name for i in range(model.njnt)] and model.nu == len(body.joints)
    assert [model.actuator(i).name for i in range(model.nu)] == list(body.names)
    for joint in body.joints:
        assert model.joint(joint.name).range == pytest.approx([joint.low_rad, joint.high_rad], abs=1e-6)


def test_left_and_right_mirror_each_other() -> None:
    joints = {joint.name: joint for joint in description().joints}
    for name, left in joints.items():
        if not name.startswith("left_"):
            continue
        right = joints["right_" + name.removeprefix("left_")]
        same = (right.low_rad, right.high_rad) == (left.low_rad, left.high_rad)
        assert same or (right.low_rad, right.high_rad) == pytest.approx((-left.high_rad, -left.low_rad))


def test_it_goes_to_its_rest_pose_and_stays_there(model) -> None:
    data = mujoco.MjData(model)
    rest = description().vector("rest_rad")
    data.ctrl[:] = rest
    for _ in range(round(2.0 / SUBSTEP_S)):
        mujoco.mj_step(model, data)
    angles = np.array([data.joint(name).qpos[0] for name in description().names])
    assert np.degrees(abs(angles - rest)).max() < 1.0
    assert abs(data.qvel).max() < 0.02
    assert data.ncon == 0, "at rest nothing touches"
