"""The ROS 2 packages as their tools read them: manifests, versions, what is installed, and joints that are the body's."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import yaml

from motion.embodiment.bodies.attune_body import description
from tests.ros.joint_trajectory_controller import CYCLE_S
from tests.ros.workspace import (
    BRIDGE,
    PACKAGES,
    PYTHON_PACKAGES,
    SRC,
    calls,
    declared_parameters,
    depends,
    executables,
    package,
    setup_arguments,
    version,
)

CONFIG = SRC / "attune_bringup" / "config"
NONE: dict[str, dict[str, object]] = {"ros__parameters": {}}


def test_these_are_all_packages() -> None:
    assert sorted(path.parent.name for path in SRC.rglob("package.xml")) == sorted(PACKAGES)


@pytest.mark.parametrize("name", PACKAGES)
def test_the_manifest_is_valid_and_of_this_version(name: str) -> None:
    manifest, warnings = package(name)
    assert warnings == []
    assert (manifest.name, manifest.version, manifest.licenses) == (name, version(), ["Apache-2.0"])
    assert len(manifest.description) > 30 and manifest.maintainers
    build = {"attune_msgs": "ament_cmake"}.get(name, "ament_python")
    assert manifest.get_build_type() == build


@pytest.mark.parametrize("name", PYTHON_PACKAGES)
def test_setup_py_says_the_same_as_the_manifest_and_installs_what_ros_looks_for(name: str) -> None:
    arguments = setup_arguments(name)
    constant = {key: value.value for key, value in arguments.items() if isinstance(value, ast.Constant)}
    manifest, _ = package(name)
    assert constant["version"] == version() and constant["license"] == "Apache-2.0"
    assert constant["maintainer_email"] == manifest.maintainers[0].email
    assert (SRC / name / "resource" / name).read_text() == ""
    installed = ast.unparse(arguments["data_files"])
    assert "share/ament_index/resource_index/packages" in installed and "package.xml" in installed
    for kind in ("launch", "config", "rviz", "urdf"):
        if (SRC / name / kind).is_dir():
            assert f"/{kind}'" in installed, f"{kind} is not installed"
    config = (SRC / name / "setup.cfg").read_text()
    assert config.count(f"$base/lib/{name}") == 2


def test_every_executable_has_its_function() -> None:
    assert set(executables("attune_bridge")) == {"agent_node", "body_node", "perception_node"}
    for name, target in executables("attune_bridge").items():
        module, _, function = target.partition(":")
        path = SRC / "attune_bridge" / (module.replace(".", "/") + ".py")
        tree = ast.parse(path.read_text())
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def test_the_bridge_s_manifest_names_what_it_imports() -> None:
    """Attune's base install brings the rest; two modules are only for machines without ROS (extra `dds`)."""
    with_attune = {"attune_bridge", "msgspec", "runtime", "zmq"}
    without_ros = {"cyclonedds", "numpy", "rosbags"}
    rosdep = {"yaml": "python3-yaml"}
    needed = depends("attune_bridge")
    for told in re.findall(r'"(\w+)/(?:msg|srv|action)/\w+"', (BRIDGE / "contract.py").read_text()):
        assert told in needed, f"contract.py: {told}"
    for path in BRIDGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - with_attune - without_ros:
                assert rosdep.get(top, top) in needed, f"{path.name} imports {top}"


def test_ros_machines_have_python_3_10() -> None:
    """Humble's Python parses all that runs there."""
    for path in [*SRC.rglob("*.py")]:
        ast.parse(path.read_text(), feature_version=(3, 10))


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.name)
def test_parameters_are_those_that_nodes_declare(path: Path) -> None:
    told = yaml.safe_load(path.read_text())
    assert told and all(set(settings) == {"ros__parameters"} for settings in told.values())
    if "controller_manager" in told:
        return
    launched = (SRC / "attune_bringup" / "launch" / "bridge.launch.py").read_text()
    names = {
        call.args[0].value
        for call in calls(ast.parse(launched), "lifecycle_node")
        if isinstance(call.args[0], ast.Constant)
    }
    assert names == {"attune_agent", "attune_body", "attune_perception"} and set(told) <= {*names, "/**"}
    for name in names:
        declared = declared_parameters(name.removeprefix("attune_"))
        settings = {
            key: value for section in ("/**", name) for key, value in told.get(section, NONE)["ros__parameters"].items()
        }
        for key, value in settings.items():
            assert key in declared, f"{name}: {key}"
            assert type(value) is type(declared[key]), f"{name}: {key}: ROS takes no {type(value).__name__} here"


def test_the_body_node_knows_where_the_humanoid_s_eyes_are() -> None:
    urdf = Xml.parse(SRC / "attune_description" / "urdf" / "attune.urdf")
    heights = {
        joint.find("child").get("link"): (
            joint.find("parent").get("link"),
            float(joint.find("origin").get("xyz").split()[2]),
        )  # type: ignore[union-attr]
        for joint in urdf.findall("joint")
    }

    def height_m(link: str | None) -> float:
        return 0.0 if link == "base_link" else heights[link][1] + height_m(heights[link][0])

    for path in (CONFIG / "bridge.yaml", CONFIG / "robot.yaml"):
        told = yaml.safe_load(path.read_text())["attune_body"]["ros__parameters"]
        assert told["base_frame"] == "base_link"
        assert told["head_height_m"] == pytest.approx(height_m(told["head_frame"]), abs=1e-6)


def test_controllers_move_exactly_the_joints_of_the_body() -> None:
    told = yaml.safe_load((CONFIG / "controllers.yaml").read_text())
    controller = told["joint_trajectory_controller"]["ros__parameters"]
    assert controller["joints"] == list(description().names)
    assert controller["command_interfaces"] == ["position"]
    assert controller["state_interfaces"] == ["position", "velocity"]
    assert controller["interpolate_from_desired_state"] is True  # not from where lagging motors are
    assert controller["open_loop_control"] is True, "the same in Humble"
    assert controller["interpolation_method"] == "splines"
    assert told["controller_manager"]["ros__parameters"]["update_rate"] * CYCLE_S == pytest.approx(1.0)
    kinds = {
        key: value["type"]
        for key, value in told["controller_manager"]["ros__parameters"].items()
        if isinstance(value, dict)
    }
    assert kinds == {
        "joint_state_broadcaster": "joint_state_broadcaster/JointStateBroadcaster",
        "joint_trajectory_controller": "joint_trajectory_controller/JointTrajectoryController",
    }


def test_views_name_frames_and_topics_that_exist() -> None:
    urdf = (SRC / "attune_description" / "urdf" / "attune.urdf").read_text()
    for path in SRC.rglob("*.rviz"):
        told = yaml.safe_load(path.read_text())["Visualization Manager"]
        frames = {told["Global Options"]["Fixed Frame"], told["Views"]["Current"]["Target Frame"]}
        frames |= {display["Reference Frame"] for display in told["Displays"] if "Reference Frame" in display}
        assert all(re.search(f'<link name="{frame}"', urdf) for frame in frames), frames
