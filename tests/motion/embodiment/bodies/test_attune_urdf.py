"""The URDF of our humanoid: it is what is committed, ROS tools and MuJoCo can load it, and it is the same body as the MJCF."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

mujoco = pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")

from motion.embodiment.bodies import attune_urdf  # noqa: E402 # needs mujoco
from motion.embodiment.bodies.attune_body import ROWS, description  # noqa: E402
from motion.embodiment.bodies.attune_model import mjcf  # noqa: E402

FOLDER = Path(__file__).resolve().parents[4] / "ros_ws" / "src" / "attune_description" / "urdf"
MUJOCO_OPTIONS = '<mujoco><compiler fusestatic="false" discardvisual="false"/></mujoco>'
"""Without these MuJoCo drops fixed frames and what cannot be touched."""
POSES = 50
POSITION_M, TURN_RAD = 1e-5, 1e-5
MASS_OF_MOTORS_KG = attune_urdf.MOTOR_KG * 14
"""Two of waist and neck each, one of each eye, two of each shoulder and wrist."""


@pytest.fixture(scope="module")
def tree() -> Xml.Element:
    return Xml.fromstring(attune_urdf.urdf())


@pytest.fixture(scope="module")
def from_urdf() -> Any:
    text = attune_urdf.urdf().replace("</robot>", MUJOCO_OPTIONS + "</robot>")
    return mujoco.MjModel.from_xml_string(text)


@pytest.fixture(scope="module")
def from_mjcf() -> Any:
    return mujoco.MjModel.from_xml_string(mjcf())


@pytest.mark.parametrize(("name", "controlled"), [(attune_urdf.PLAIN, False), (attune_urdf.CONTROLLED, True)])
def test_the_committed_file_is_what_the_table_makes(name: str, controlled: bool) -> None:
    made = attune_urdf.urdf(ros2_control=controlled)
    assert (FOLDER / name).read_text(encoding="utf-8") == made, (
        f"write it again: python -m motion.embodiment.bodies.attune_urdf {FOLDER.relative_to(FOLDER.parents[3])}"
    )


def test_the_program_writes_both_files_and_says_how_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune_urdf.main([str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((attune_urdf.PLAIN, attune_urdf.CONTROLLED))
    assert attune_urdf.main([str(tmp_path / "missing")]) == 2
    assert "usage" in capsys.readouterr().err


def test_links_form_one_tree_from_base_link(tree: Xml.Element) -> None:
    links = [link.get("name") for link in tree.iter("link") if link.get("name")]
    joints = tree.findall("joint")
    children = [joint.find("child").get("link") for joint in joints]  # type: ignore[union-attr]
    parents = {joint.find("parent").get("link") for joint in joints}  # type: ignore[union-attr]
    assert len(set(links)) == len(links)
    assert len({joint.get("name") for joint in joints}) == len(joints)
    assert sorted([*children, "base_link"]) == sorted(links)  # type: ignore[type-var,list-item]
    assert parents <= set(links)


def test_the_frames_of_rep_120_are_there_and_hang_together_as_it_wants(tree: Xml.Element) -> None:
    above = {
        joint.find("child").get("link"): joint.find("parent").get("link")  # type: ignore[union-attr]
        for joint in tree.findall("joint")
    }

    def ancestors(link: str | None) -> list[str | None]:
        return [] if link not in above else [above[link], *ancestors(above[link])]

    assert above["base_footprint"] == "base_link"
    for frame in ("gaze", "l_gripper", "r_gripper", "l_wrist", "r_wrist", "camera_optical_frame"):
        assert "torso" in ancestors(frame), frame
    lowest = [link for link in ancestors("gaze") if link in ancestors("l_gripper") and link in ancestors("r_gripper")]
    assert lowest[0] == "torso"


def test_limits_are_those_of_the_body_and_never_beyond_them(tree: Xml.Element) -> None:
    joints = {joint.get("name"): joint for joint in tree.findall("joint") if joint.get("type") == "revolute"}
    assert list(joints) and set(joints) == set(description().names)
    for joint in description().joints:
        limit = joints[joint.name].find("limit")
        assert limit is not None
        low, high, velocity, effort = (float(limit.get(key, "")) for key in ("lower", "upper", "velocity", "effort"))
        assert joint.low_rad <= low < joint.low_rad + 2e-6
        assert joint.high_rad - 2e-6 < high <= joint.high_rad
        assert joint.velocity_rad_s - 2e-6 < velocity <= joint.velocity_rad_s
        damping = joints[joint.name].find("dynamics")
        assert damping is not None
        assert effort == pytest.approx(float(damping.get("damping", "")) * velocity, rel=1e-5)


def test_forward_kinematics_agree_in_random_poses(from_urdf: Any, from_mjcf: Any) -> None:
    rng = np.random.default_rng(7)
    one, other = mujoco.MjData(from_urdf), mujoco.MjData(from_mjcf)
    compared = 0
    for _ in range(POSES):
        for row in ROWS:
            angle = rng.uniform(math.radians(row.low), math.radians(row.high))
            one.joint(row.name).qpos[0] = other.joint(row.name).qpos[0] = angle
        mujoco.mj_kinematics(from_urdf, one)
        mujoco.mj_kinematics(from_mjcf, other)
        pelvis = other.body("pelvis").xpos
        for number in range(1, from_mjcf.nbody):
            name = from_mjcf.body(number).name
            apart_m = np.linalg.norm(one.body(name).xpos - (other.body(name).xpos - pelvis))
            turn = one.body(name).xmat.reshape(3, 3).T @ other.body(name).xmat.reshape(3, 3)
            assert apart_m < POSITION_M, name
            assert np.abs(turn - np.eye(3)).max() < TURN_RAD, name
            compared += 1
        for side in ("left", "right"):
            tip = other.site(f"{side}_fingertip").xpos - pelvis
            assert np.linalg.norm(one.body(f"{side}_fingertip").xpos - tip) < POSITION_M
    assert compared == POSES * (from_mjcf.nbody - 1)


def test_frames_point_where_rep_103_and_120_say(from_urdf: Any) -> None:
    data = mujoco.MjData(from_urdf)
    mujoco.mj_kinematics(from_urdf, data)

    def axes(name: str) -> Any:
        return data.body(name).xmat.reshape(3, 3).T  # rows: x, y, z of the frame

    forward, left, up = np.eye(3)
    assert np.allclose(axes("gaze"), np.eye(3), atol=1e-6)
    assert np.allclose(axes("camera_optical_frame"), [-left, -up, forward], atol=1e-6)
    assert np.allclose(axes("l_gripper"), [-up, left, forward], atol=1e-6)  # arms hang at zero
    footprint = data.body("base_footprint").xpos
    assert np.allclose(footprint[:2], 0) and 0.7 < -footprint[2] < 1.1


def test_every_link_weighs_what_it_does_in_the_mjcf(from_urdf: Any, from_mjcf: Any) -> None:
    for number in range(1, from_mjcf.nbody):
        body = from_mjcf.body(number)
        same = from_urdf.body(body.name)
        assert same.mass[0] == pytest.approx(body.mass[0], rel=1e-6)
        assert np.allclose(same.ipos, body.ipos, atol=1e-6)
        assert np.allclose(sorted(same.inertia), sorted(body.inertia), rtol=1e-4)
    total = from_urdf.body_mass.sum() - from_mjcf.body_mass.sum()
    assert total == pytest.approx(MASS_OF_MOTORS_KG, rel=1e-6)


def test_what_can_be_touched_is_the_same(from_urdf: Any, from_mjcf: Any) -> None:
    """Capsules have become cylinders with round ends: as wide and as long."""
    for number in range(1, from_mjcf.nbody):
        name = from_mjcf.body(number).name
        geoms = [from_mjcf.geom(k) for k in range(from_mjcf.ngeom) if from_mjcf.geom(k).bodyid[0] == number]
        solid = [geom for geom in geoms if geom.contype[0]]
        same = [from_urdf.geom(k) for k in range(from_urdf.ngeom)]
        same = [geom for geom in same if geom.bodyid[0] == from_urdf.body(name).id and geom.contype[0]]
        capsule = mujoco.mjtGeom.mjGEOM_CAPSULE
        assert len(same) == sum(3 if geom.type[0] == capsule else 1 for geom in solid), name
        assert sorted(geom.size[0] for geom in same) == pytest.approx(
            sorted(s for geom in solid for s in [geom.size[0]] * (3 if geom.type[0] == capsule else 1)), abs=1e-6
        )


def test_what_can_be_seen_is_what_is_seen_in_mujoco(tree: Xml.Element, from_mjcf: Any) -> None:
    shown = {geom.name for geom in map(from_mjcf.geom, range(from_mjcf.ngeom)) if geom.group[0] < 3} - {"floor"}
    names = {visual.get("name", "") for visual in tree.iter("visual")}
    assert {name for name in names if "_end_" not in name} == shown


def test_ros2_control_names_every_joint_and_begins_at_rest() -> None:
    control = Xml.fromstring(attune_urdf.urdf(ros2_control=True)).find("ros2_control")
    assert control is not None and control.findtext("hardware/plugin") == "mock_components/GenericSystem"
    assert control.findtext("hardware/param[@name='calculate_dynamics']") == "true", "else its velocities are always 0"
    joints = control.findall("joint")
    assert [joint.get("name") for joint in joints] == list(description().names)
    for joint, told in zip(description().joints, joints, strict=True):
        assert [kind.get("name") for kind in told.findall("command_interface")] == ["position"]
        assert [kind.get("name") for kind in told.findall("state_interface")] == ["position", "velocity"]
        assert float(told.findtext("state_interface/param", "")) == pytest.approx(joint.rest_rad, abs=1e-6)
