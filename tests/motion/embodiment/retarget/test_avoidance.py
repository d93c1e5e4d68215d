"""Of a pose in which the body would touch itself each limb goes as far as it is free, and the others all the way."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import attune_body, attune_model
from motion.embodiment.retarget.avoidance import AIM_APART_M, SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision

BODY = attune_body.description()
ROW = {name: row for row, name in enumerate(BODY.names)}


@pytest.fixture
def touch() -> SelfCollision:
    return SelfCollision(attune_model.mjcf(), BODY.names, 0.04)


@pytest.fixture
def avoidance(touch: SelfCollision) -> SelfCollisionAvoidance:
    return SelfCollisionAvoidance(BODY, touch.clearance_m, attune_body.LIMBS)


def pose(**degrees: float) -> np.ndarray:
    joints = BODY.vector("rest_rad").copy()
    for name, angle in degrees.items():
        joints[ROW[name]] = np.radians(angle)
    return joints


def test_a_free_pose_is_left_alone(avoidance: SelfCollisionAvoidance) -> None:
    free = pose(left_shoulder_pitch=-60.0, neck_yaw=30.0)
    assert avoidance.target(free) is free
    assert avoidance.avoided == 0


def test_the_arm_that_would_touch_stops_before_and_the_rest_goes_on(
    touch: SelfCollision, avoidance: SelfCollisionAvoidance
) -> None:
    into_the_belly = pose(right_shoulder_yaw=85.0, right_elbow=-100.0, left_shoulder_pitch=-60.0, neck_yaw=30.0)
    assert touch.touching(into_the_belly)
    reached = avoidance.target(into_the_belly)
    assert touch.clearance_m(reached) >= AIM_APART_M
    for name in ("left_shoulder_pitch", "neck_yaw"):
        assert reached[ROW[name]] == into_the_belly[ROW[name]]
    assert abs(reached - BODY.vector("rest_rad"))[ROW["right_elbow"]] > 0.2, "as far as it is free"
    assert avoidance.avoided == 1


def test_no_pose_at_random_comes_nearer_than_it_aims(touch: SelfCollision, avoidance: SelfCollisionAvoidance) -> None:
    chosen = np.random.default_rng(0)
    low, high = BODY.vector("low_rad"), BODY.vector("high_rad")
    for _ in range(300):
        assert touch.clearance_m(avoidance.target(chosen.uniform(low, high))) >= AIM_APART_M
    assert avoidance.avoided > 30
