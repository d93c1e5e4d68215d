"""The installed programs: how they are used, what they lack, and that they start the node that they are named after."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from tests.ros.workspace import BRIDGE, executables

PROGRAMS = sorted(executables("attune_bridge"))


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of the programs."""
    monkeypatch.syspath_prepend(str(BRIDGE.parent))
    return importlib.import_module("attune_bridge.programs")


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_says_what_the_node_is_for(
    name: str, flag: str, programs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [name, flag])
    assert getattr(programs, name)() == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: {name} ") and programs.PURPOSES[name] in told


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_starts_the_node_of_its_name_with_its_arguments(
    name: str, programs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    module = importlib.import_module(f"attune_bridge.{name}")
    monkeypatch.setattr(module, "main", started.append)
    monkeypatch.setattr(sys, "argv", [name, "--ros-args", "-p", "endpoint:=tcp://127.0.0.1:9"])
    assert getattr(programs, name)() == 0
    assert started == [["--ros-args", "-p", "endpoint:=tcp://127.0.0.1:9"]]


@pytest.mark.parametrize(
    ("missing", "mend"),
    [("rclpy", "--wire cyclonedds"), ("runtime", "pip install attune"), ("hri_msgs", "rosdep install")],
)
def test_a_missing_library_is_one_line_with_the_mend(
    missing: str, mend: str, programs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(_: list[str]) -> None:
        raise ModuleNotFoundError(f"No module named '{missing}'", name=f"{missing}.msg")

    monkeypatch.setattr(importlib.import_module("attune_bridge.agent_node"), "main", main)
    monkeypatch.setattr(sys, "argv", ["agent_node"])
    assert programs.agent_node() == 1
    told = capsys.readouterr().err
    assert told.startswith(f"agent_node: {missing} is not installed") and mend in told and told.count("\n") == 1


def test_without_ros_a_node_says_so(
    programs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rclpy", None)  # as where it is not installed
    monkeypatch.delitem(sys.modules, "attune_bridge.wire_rclpy", raising=False)
    monkeypatch.setattr(sys, "argv", ["body_node"])
    assert programs.body_node() == 1
    assert "rclpy is not installed" in capsys.readouterr().err


def test_a_module_of_the_bridge_itself_that_is_missing_is_no_excuse(
    programs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["agent_node"])
    monkeypatch.setitem(sys.modules, "attune_bridge.agent_node", None)
    with pytest.raises(ModuleNotFoundError):
        programs.agent_node()
