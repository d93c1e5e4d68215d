"""A robot's model and a mapping make a body; what is wrong in either is said with file, field and the nearest name."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("mink", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import catalogue, mapped
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.physics import Physics
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.safety.collision import SelfCollision
from runtime.errors import AttuneError
from tests.motion.embodiment import toy_robot
from tests.motion.embodiment.bodies.test_simulated import TICK_NS, Clock, frames
from tests.motion.embodiment.conftest import PULLED


def test_the_body_has_the_mappings_joints_with_the_models_ranges(tmp_path: Path) -> None:
    robot = mapped.load(toy_robot.write(tmp_path, {"joints.waist": {"motor": "any", "range_deg": [-30, 20]}}))
    body, model = robot.description, robot.make()
    assert list(body.names) == sorted(toy_robot.MAPPING["joints"], key=list(body.names).index)
    assert [model.actuator(row).name for row in range(model.nu)] == list(body.names)
    joints = {joint.name: joint for joint in body.joints}
    assert (joints["waist"].low_rad, joints["waist"].high_rad) == pytest.approx((math.radians(-30), math.radians(20)))
    assert math.degrees(joints["left_elbow"].low_rad) == pytest.approx(-140)
    assert math.degrees(joints["left_elbow"].velocity_rad_s) == pytest.approx(300)
    for joint in body.joints:
        assert model.joint(joint.name).range == pytest.approx([joint.low_rad, joint.high_rad], abs=1e-6)


def test_its_base_and_legs_stand_and_each_call_makes_a_model_of_its_own(tmp_path: Path) -> None:
    robot = mapped.load(toy_robot.write(tmp_path))
    one, other = robot.make(), robot.make()
    assert one.njnt == len(robot.description.joints), "no free joint and no hip"
    one.geom_margin[:] = 1.0
    assert other.geom_margin.max() < 1.0


def test_arms_are_limbs_of_their_own(tmp_path: Path) -> None:
    trunk, left, right = mapped.load(toy_robot.write(tmp_path)).limbs
    assert trunk == ("waist",)
    assert len(left) == len(right) == 5
    assert all(name.startswith("left_") for name in left) and all(name.startswith("right_") for name in right)


def test_a_hand_without_a_shape_gets_one_that_collides(tmp_path: Path) -> None:
    robot = mapped.load(toy_robot.write(tmp_path))
    touch = SelfCollision(robot.make(), robot.description.names, 0.04)
    pose = robot.description.vector("rest_rad")
    assert touch.clearance_m(pose) > 0.0
    rows = {name: row for row, name in enumerate(robot.description.names)}
    for name, angle in (("left_shoulder_pitch", -0.3), ("left_shoulder_yaw", -1.5), ("left_elbow", -1.7)):
        pose[rows[name]] = angle
    assert touch.clearance_m(pose) < 0.0


WRONG = [
    ({"jionts": {}}, r"jionts: there is no such field.*did you mean 'joints'"),
    ({"joints.left_elbw": {"motor": "any"}}, r"joints.left_elbw: .*toy.xml has no such joint.*did you mean 'left_elbow'"),
    ({"joints.waist.motor": "anny"}, r"joints.waist.motor: there is no motor 'anny'.*did you mean 'any'"),
    ({"figure.left.elbow": "left_foer"}, r"figure.left.elbow: .*toy.xml has no body 'left_foer'.*did you mean 'left_fore'"),
    ({"figure.left.hand.tip_m": [0, 0, 0]}, r"figure.left.hand.tip_m: it has no length"),
    ({"figure.left.hand.palm": [0, 0, 1]}, r"figure.left.hand.palm: it points along the fingers"),
    ({"joints.waist.range_deg": [-90, 20]}, r"joints.waist.range_deg: the model allows only -60.0 to 60.0"),
    ({"joints.waist.range_deg": [20, -20]}, r"joints.waist.range_deg: the first is not below the second"),
    ({"joints.left_elbow.rest_deg": 20}, r"joints.left_elbow.rest_deg: 20 is not in -140.0 to 0.0"),
    ({"motors.any.kp_nm_rad": float("nan")}, r"motors.any.kp_nm_rad: not a finite number"),
    ({"motors.any.velocity_deg_s": -1}, r"motors.*velocity_deg_s|velocity"),
    ({"parts": ["arms", "waist", "head"]}, r"parts: names head, but figure.head says otherwise"),
    ({"parts": ["arms", "wings"]}, r"parts.*'wings'"),
    ({"model": {"path": "other.xml"}}, r"model.path: there is no .*other.xml"),
    ({"collision": {"exclude": [["torso", "lef_upper"]]}}, r"collision.exclude\[0\]: .*did you mean 'left_upper'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=[next(iter(changes)) for changes, _ in WRONG])
def test_a_mistake_names_file_field_and_mend(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = toy_robot.write(tmp_path, changes)
    with pytest.raises(AttuneError, match=said) as caught:
        mapped.load(path)
    assert str(path) in str(caught.value)


def test_a_model_without_a_joint_that_the_mapping_moves_is_named(tmp_path: Path) -> None:
    path = toy_robot.write(tmp_path, mjcf=toy_robot.MJCF.replace('name="right_elbow" ', ""))
    with pytest.raises(AttuneError, match=r"joints.right_elbow: .*toy.xml has no such joint"):
        mapped.load(path)


def test_a_joint_without_a_range_needs_one(tmp_path: Path) -> None:
    mjcf = toy_robot.MJCF.replace('axis="0 0 1" range="-60 60"', 'axis="0 0 1"')
    with pytest.raises(AttuneError, match=r"joints.waist: .*toy.xml gives it no range.*range_deg"):
        mapped.load(toy_robot.write(tmp_path, mjcf=mjcf))
    robot = mapped.load(toy_robot.write(tmp_path, {"joints.waist.range_deg": [-30, 30]}, mjcf))
    assert math.degrees(robot.description.joints[robot.description.names.index("waist")].high_rad) == pytest.approx(30)


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"toy.xml: MuJoCo cannot read it"):
        mapped.load(toy_robot.write(tmp_path, mjcf="<mujoco><worldbdy/></mujoco>"))
    with pytest.raises(AttuneError, match="there is no model"):
        mapped.load(toy_robot.write(tmp_path), tmp_path / "nowhere.xml")


def test_parts_far_from_each_other_that_touch_at_rest_are_a_mistake(tmp_path: Path) -> None:
    path = toy_robot.write(tmp_path, {"joints.left_shoulder_roll.rest_deg": -10, "joints.left_elbow.rest_deg": -5})
    mjcf = toy_robot.MJCF.replace('pos="0 0.18 0.4"', 'pos="0 0.12 0.4"')
    (tmp_path / "toy.xml").write_text(mjcf)
    with pytest.raises(AttuneError, match=r"at rest .* touch.*collision.exclude"):
        mapped.load(path)


def test_bodies_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    assert {"attune", "unitree_g1", "gr1", "booster_t1", "apptronik_apollo"} <= set(catalogue.names())
    assert catalogue.find("mujoco:attune").description.name == "attune"
    assert catalogue.find(str(toy_robot.write(tmp_path))).description.name == "toy"
    with pytest.raises(AttuneError, match="did you mean 'unitree_g1'"):
        catalogue.find("unitree_g2")


@pytest.mark.parametrize("name", PULLED)
def test_a_pulled_robot_stands_still_at_rest_and_follows_a_wave(name: str, pulled: Callable[[str], RobotModel]) -> None:
    robot, clock = pulled(name), Clock()
    body = SimulatedBody(clock, robot)  # type: ignore[arg-type] # all that it asks of a clock
    errors = []

    async def main() -> None:
        await body.connect()
        await body.prepare()
        for _ in range(25):
            clock.ns += TICK_NS
            body.idle()
        measured = body.measured()
        assert measured is not None
        assert np.degrees(abs(measured.position_rad - robot.description.vector("rest_rad"))).max() < 1.0
        for frame in frames("wave", 3.0):
            clock.ns += TICK_NS
            sent, measured = body.send(frame), body.measured()
            assert measured is not None
            errors.append(np.degrees(abs(measured.position_rad - sent.command.position_rad)).mean())

    asyncio.run(main())
    assert np.percentile(errors, 95) < 3.0
    assert body.self_collisions == 0


@pytest.mark.parametrize("name", ["attune", "unitree_g1"])
def test_from_amid_a_gesture_a_robot_finds_its_way_to_rest(name: str, pulled: Callable[[str], RobotModel]) -> None:
    """Joint by joint its hands would come too near its hips, and stay there."""
    robot, clock = catalogue.own() if name == "attune" else pulled(name), Clock()
    body = SimulatedBody(clock, robot)  # type: ignore[arg-type] # as above

    async def drive() -> None:
        await body.connect()
        for label in ("up", "comfort", "think"):
            for frame in frames(label, 2.2):
                clock.ns += TICK_NS
                body.send(frame)
            await body.rest()
            measured = body.measured()
            assert measured is not None
            off = np.degrees(abs(measured.position_rad - robot.description.vector("rest_rad")))
            assert off.max() < 1.0, (label, robot.description.names[int(off.argmax())])

    asyncio.run(drive())


@pytest.mark.parametrize("rate_hz", [60.0, 1_000.0])
def test_a_rate_that_the_physics_cannot_keep_is_refused(tmp_path: Path, rate_hz: float) -> None:
    robot = mapped.load(toy_robot.write(tmp_path, {"rate_hz": rate_hz}))
    with pytest.raises(AttuneError, match=r"rate_hz: a period of .* is no whole number of steps of 0\.002 s"):
        Physics(robot)
