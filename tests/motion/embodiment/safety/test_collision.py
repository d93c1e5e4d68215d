"""How near the parts of a body are, held against MuJoCo's own distance of every two parts."""

from __future__ import annotations

import numpy as np
import pytest

from motion.embodiment.bodies import attune_model, catalogue
from motion.embodiment.bodies.simulated import TOUCH_MARGIN_M
from motion.embodiment.safety.collision import SelfCollision

mujoco = pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")

ROBOT = catalogue.own()
EXCLUDED = {frozenset(pair) for pair in attune_model.ALWAYS_TOUCH}


def distance_m(model, data, position_rad: np.ndarray) -> float:
    """The least distance of two parts that may not touch, by GJK over all pairs."""
    data.qpos[[int(model.joint(name).qposadr[0]) for name in ROBOT.description.names]] = position_rad
    mujoco.mj_forward(model, data)
    least = TOUCH_MARGIN_M
    touching = np.flatnonzero(model.geom_contype)
    for one in touching:
        for other in touching[touching > one]:
            bodies = [int(model.geom_bodyid[geom]) for geom in (one, other)]
            names = frozenset(model.body(body).name for body in bodies)
            related = bodies[0] == bodies[1] or model.body_parentid[bodies[0]] == bodies[1]
            if related or model.body_parentid[bodies[1]] == bodies[0] or names in EXCLUDED:
                continue
            least = min(least, mujoco.mj_geomDistance(model, data, int(one), int(other), least, None))
    return least


def test_it_is_the_distance_of_the_nearest_two_parts() -> None:
    model = ROBOT.make()
    data = mujoco.MjData(model)
    check = SelfCollision(ROBOT.make(), ROBOT.description.names, TOUCH_MARGIN_M)
    low, high = ROBOT.description.vector("low_rad"), ROBOT.description.vector("high_rad")
    chosen, near = np.random.default_rng(0), 0
    for _ in range(120):
        pose = chosen.uniform(low, high)
        truth = distance_m(model, data, pose)
        near += truth < TOUCH_MARGIN_M
        if truth > 0:
            assert check.clearance_m(pose) == pytest.approx(truth, abs=1e-6)
        else:
            assert check.clearance_m(pose) < 0 and check.touching(pose)
    assert near > 40


def test_at_rest_nothing_is_near() -> None:
    check = SelfCollision(ROBOT.make(), ROBOT.description.names, 0.03)
    assert check.clearance_m(ROBOT.description.vector("rest_rad")) == 0.03
