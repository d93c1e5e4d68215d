"""Any robot does what the figure does: arms, head and hands point where its do, within the robot's ranges and without touching itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("mink", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import mapped
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.evaluation.posed import Posed
from motion.embodiment.evaluation.retargeting import measure_retargeting
from motion.embodiment.safety.collision import SelfCollision
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from tests.motion.embodiment import toy_robot
from tests.motion.embodiment.conftest import PULLED

GESTURES = ("wave", "point", "shrug", "yes", "think", "applaud", "stop", "big")
AT_EASE = np.full((2, 6), 0.25)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> RobotModel:
    return mapped.load(toy_robot.write(tmp_path_factory.mktemp("toy")))


def raised(side: str) -> np.ndarray:
    """The figure at ease with one arm as in the T-pose."""
    rotations = NEUTRAL_ROTATIONS.astype(float).copy()
    for part in ("Shoulder", "UpperArm", "LowerArm", "Hand"):
        rotations[INDEX[f"{side}{part}"]] = (0.0, 0.0, 0.0, 1.0)
    return rotations


def settled(robot: RobotModel, rotations: np.ndarray, eyes_rad: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    retargeting = robot.retargeting()
    for _ in range(150):
        angles = retargeting.joints(rotations, AT_EASE, eyes_rad)
    return angles


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_a_raised_arm_is_raised_on_its_own_side(toy: RobotModel, side: str, sign: float) -> None:
    posed = Posed(toy)
    posed.pose(settled(toy, raised(side)))
    assert posed.limb(side).upper[1] * sign > 0.99 and posed.limb(side).fore[1] * sign > 0.99
    other = "right" if side == "left" else "left"
    assert posed.limb(other).upper[2] < -0.9


def test_whatever_is_asked_for_is_in_range_and_a_step_is_no_faster_than_the_joint(toy: RobotModel) -> None:
    random, retargeting, body = np.random.default_rng(1), toy.retargeting(), toy.description
    before = body.vector("rest_rad")
    most = body.vector("velocity_rad_s") * body.period_s
    for _ in range(300):
        rotations = random.normal(size=(22, 4))
        rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
        angles = retargeting.joints(rotations, random.uniform(0, 1, (2, 6)), (2.0, -2.0))
        assert (angles >= body.vector("low_rad")).all() and (angles <= body.vector("high_rad")).all()
        assert (abs(angles - before) <= most + 1e-9).all()
        before = angles


def test_numbers_that_are_none_change_nothing_and_harm_nothing(toy: RobotModel) -> None:
    retargeting = toy.retargeting()
    before = retargeting.joints(raised("left"), AT_EASE, (0.0, 0.0))
    broken = raised("left")
    broken[INDEX["head"]] = np.nan
    assert retargeting.joints(broken, AT_EASE, (0.0, 0.0)) == pytest.approx(before)
    assert retargeting.joints(raised("left"), AT_EASE, (np.inf, 0.0)) == pytest.approx(before)
    assert np.isfinite(retargeting.joints(raised("left"), AT_EASE, (0.0, 0.0))).all()


def test_parts_are_kept_apart_where_the_figures_pose_would_press_them_together(toy: RobotModel) -> None:
    touch = SelfCollision(toy.make(), toy.description.names, 0.04)
    rotations = NEUTRAL_ROTATIONS.astype(float).copy()
    half = np.sqrt(0.5)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        rotations[INDEX[f"{side}UpperArm"]] = (0.0, -sign * half, 0.0, half)  # arms forward
        rotations[INDEX[f"{side}LowerArm"]] = (0.0, -sign * half, 0.0, half)  # forearms across the chest
    retargeting = toy.retargeting()
    clearances = [touch.clearance_m(retargeting.joints(rotations, AT_EASE, (0.0, 0.0))) for _ in range(150)]
    assert min(clearances) > 0.015
    assert clearances[-1] < 0.04, "as near as it may come"


def test_without_a_neck_the_waist_takes_a_share_of_the_heads_and_the_eyes_turn(toy: RobotModel) -> None:
    row = toy.description.names.index("waist")
    rotations = NEUTRAL_ROTATIONS.astype(float).copy()
    assert abs(settled(toy, rotations)[row]) < 0.02
    rotations[INDEX["head"]] = (0.0, np.sin(0.3), 0.0, np.cos(0.3))
    assert settled(toy, rotations)[row] == pytest.approx(0.3, abs=0.05), "half of the head's 0.6 rad to the left"
    assert settled(toy, NEUTRAL_ROTATIONS.astype(float), (0.5, 0.0))[row] == pytest.approx(0.25, abs=0.05)


def test_a_head_without_eyes_looks_where_the_figures_eyes_look(pulled: Callable[[str], RobotModel]) -> None:
    robot = pulled("gr1")
    posed = Posed(robot)
    posed.pose(settled(robot, NEUTRAL_ROTATIONS.astype(float), (0.5, 0.15)))
    x, y, z = posed.face
    assert (np.arctan2(y, x), np.arcsin(z)) == pytest.approx((0.5, 0.15), abs=0.05)


def test_fingers_close_as_the_figures_do(tmp_path: Path) -> None:
    mjcf = toy_robot.MJCF.replace(
        '<joint name="left_wrist" axis="0 0 1" range="-90 90"/>',
        '<joint name="left_wrist" axis="0 0 1" range="-90 90"/>'
        '<body name="left_fingers" pos="0 0 -0.08"><joint name="left_grip" axis="1 0 0" range="-95 0"/>'
        '<geom type="box" size="0.03 0.01 0.03" pos="0 0 -0.03"/></body>',
    )
    changes = {
        "joints.left_grip": {"motor": "any"},
        "figure.left.fingers": [{"joint": "left_grip", "open_deg": 0, "closed_deg": -80}],
    }
    robot = mapped.load(toy_robot.write(tmp_path, changes, mjcf))
    row, retargeting = robot.description.names.index("left_grip"), robot.retargeting()
    closed = retargeting.joints(NEUTRAL_ROTATIONS.astype(float), np.ones((2, 6)), (0.0, 0.0))[row]
    opened = retargeting.joints(NEUTRAL_ROTATIONS.astype(float), np.zeros((2, 6)), (0.0, 0.0))[row]
    assert np.degrees([closed, opened]) == pytest.approx([-80, 0])


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize("name", PULLED)
def test_a_pulled_robots_limbs_point_where_the_figures_do(name: str, pulled: Callable[[str], RobotModel]) -> None:
    found = measure_retargeting(pulled(name), labels=GESTURES)
    print(name, found)
    assert found["arm_direction_error_deg"]["p50"] <= 3.0
    assert found["arm_direction_error_all_deg"]["p50"] <= 6.0, "also where arms hang beside wide hips"
    assert found["pointing_error_deg"]["p95"] <= 5.0
    assert found["touching_share"] == 0.0
    assert found["recognised"] >= 0.8


@pytest.mark.parametrize("name", PULLED)
def test_a_step_takes_little_of_a_period(name: str, pulled: Callable[[str], RobotModel]) -> None:
    retargeting, rotations = pulled(name).retargeting(), raised("left")
    taken = []
    for _ in range(200):
        before = time.process_time()
        retargeting.joints(rotations, AT_EASE, (0.0, 0.0))
        taken.append(time.process_time() - before)
    assert 1e3 * float(np.percentile(taken, 50)) < 2.5
