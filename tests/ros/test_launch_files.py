"""Launch files, read without ROS: each starts only executables that exist, with files and arguments that exist.

Where ROS is installed they are also executed as far as `ros2 launch --show-args` does.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from tests.ros.workspace import LAUNCH_FILES, PACKAGES, ROOT, SRC, argument, calls, constants, depends, executables

KNOWN = {
    "controller_manager": {"ros2_control_node", "spawner"},
    "joint_state_publisher": {"joint_state_publisher"},
    "joint_state_publisher_gui": {"joint_state_publisher_gui"},
    "robot_state_publisher": {"robot_state_publisher"},
    "rviz2": {"rviz2"},
}
"""Executables of packages that are not ours, as Humble and Jazzy have them."""
MODULES_OF = {
    "ament_index_python": "launch",
    "launch": "launch",
    "launch_ros": "launch_ros",
    "lifecycle_msgs": "lifecycle_msgs",
}
"""Package that brings a module which launch files import (launch_ros itself needs ament_index_python)."""
every_launch_file = pytest.mark.parametrize("path", LAUNCH_FILES, ids=lambda path: str(path.relative_to(ROOT)))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), feature_version=(3, 10))


def package_of(path: Path) -> str:
    """Return the ROS package of a launch file; those at the top stand for attune_bringup's."""
    return path.relative_to(SRC).parts[0] if path.is_relative_to(SRC) else "attune_bringup"


def included(path: Path) -> list[Path]:
    """Return the launch files that one includes."""
    names = {
        node.value
        for call in calls(tree_of(path), "PythonLaunchDescriptionSource")
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and str(node.value).endswith(".launch.py")
    }
    if not path.is_relative_to(SRC):  # it includes the package's file of its own name
        names = {path.name}
    return [SRC / package_of(path) / "launch" / name for name in sorted(names)]


def declared(path: Path) -> set[str]:
    """Return the arguments that a launch file takes, those of what it includes with them."""
    own = {
        call.args[0].value
        for call in calls(tree_of(path), "DeclareLaunchArgument")
        if isinstance(call.args[0], ast.Constant)
    }
    return own.union(*(declared(file) for file in included(path)))


def used(path: Path) -> set[str]:
    """Return the arguments that a launch file or one that it includes makes use of."""
    own = {
        call.args[0].value
        for call in calls(tree_of(path), "LaunchConfiguration")
        if isinstance(call.args[0], ast.Constant)
    }
    return own.union(*(used(file) for file in included(path)))


def test_there_is_one_for_each_purpose_in_the_package_and_from_a_checkout() -> None:
    assert {path.name for path in LAUNCH_FILES if path.is_relative_to(SRC)} == {
        "agent.launch.py", "bridge.launch.py", "robot.launch.py", "sim.launch.py", "view.launch.py",
    }  # fmt: skip
    assert {path.name for path in LAUNCH_FILES if not path.is_relative_to(SRC)} == {
        "agent.launch.py", "robot.launch.py", "sim.launch.py",
    }  # fmt: skip


@every_launch_file
def test_it_says_what_it_is_and_has_the_function_that_ros_calls(path: Path) -> None:
    tree = tree_of(path)
    assert len(ast.get_docstring(tree) or "") > 40
    assert "generate_launch_description" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@every_launch_file
def test_it_starts_only_what_exists_and_what_its_package_needs(path: Path) -> None:
    tree = tree_of(path)
    for call in calls(tree, "Node", "LifecycleNode"):
        (name,) = constants(tree, argument(call, "package"))
        started = constants(tree, argument(call, "executable"))
        assert started, ast.unparse(call)
        there = set(executables(name)) if name in PACKAGES else KNOWN[name]
        assert started <= there, f"{name} has no {started - there}"
        assert name in depends(package_of(path)), f"{package_of(path)}/package.xml: no exec_depend on {name}"


@every_launch_file
def test_it_imports_only_what_its_package_needs(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            for top in {name.partition(".")[0] for name in names} - {"pathlib", "time", "__future__"}:
                assert MODULES_OF[top] in depends(package_of(path)), top


@every_launch_file
def test_its_files_exist(path: Path) -> None:
    for file in included(path):
        assert file.is_file()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and re.fullmatch(r"[\w.]+\.(yaml|rviz|urdf)", str(node.value)):
            places = [*SRC.glob(f"{package_of(path)}/*/{node.value}"), *SRC.glob(f"attune_description/*/{node.value}")]
            assert places, f"{path.name} names {node.value}"


@every_launch_file
def test_its_arguments_are_declared_described_and_used(path: Path) -> None:
    assert used(path) == declared(path)
    for call in calls(tree_of(path), "DeclareLaunchArgument"):
        assert argument(call, "description") is not None and argument(call, "default_value") is not None, ast.unparse(
            call
        )


def test_the_agent_is_started_with_options_that_its_command_has() -> None:
    """`attune run` must take what the launch file gives it."""
    import inspect
    import typing

    from behavioral.commands.run import command

    (process,) = calls(tree_of(SRC / "attune_bringup" / "launch" / "agent.launch.py"), "ExecuteProcess")
    line = argument(process, "cmd")
    assert isinstance(line, ast.List)
    words = [item.value for item in line.elts if isinstance(item, ast.Constant)]
    assert words[0] == "run"
    options: set[str] = set()
    hints = typing.get_type_hints(command, include_extras=True)
    for name in inspect.signature(command).parameters:
        told = next((extra for extra in hints[name].__metadata__ if hasattr(extra, "param_decls")), None)
        options |= set(told.param_decls or ()) if told else set()
        options.add(f"--{name.replace('_', '-')}")
    assert set(words[1:]) <= options, f"attune run has no {set(words[1:]) - options}"


@every_launch_file
def test_where_ros_is_installed_the_file_is_executed(path: Path) -> None:
    pytest.importorskip("launch.actions", reason="rclpy is not installed, nor launch")
    spec = importlib.util.spec_from_file_location("launch_file", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    description = module.generate_launch_description()
    own = {
        call.args[0].value
        for call in calls(tree_of(path), "DeclareLaunchArgument")
        if isinstance(call.args[0], ast.Constant)
    }
    assert own <= {told.name for told in description.get_launch_arguments()}
