"""Attune's own ROS messages: parsed by a parser of ROS 2 interfaces, built by CMake, documented field by field, and like the wire's."""

from __future__ import annotations

import importlib
import re
import typing
from pathlib import Path

import pytest

from runtime import messages as m
from tests.ros.workspace import SRC, package

pytest.importorskip("rosbags", reason="pip install 'attune[dds]'")

from rosbags.typesys import Stores, get_types_from_msg, get_typestore  # of an extra

MSGS = SRC / "attune_msgs"
FILES = sorted([*MSGS.glob("msg/*.msg"), *MSGS.glob("srv/*.srv")])


def halves(path: Path) -> dict[str, str]:
    """Return the texts of an interface by the name of each type that it makes."""
    name = f"attune_msgs/{path.parent.name}/{path.stem}"
    texts = path.read_text().split("\n---\n")
    return (
        {name: texts[0]}
        if path.suffix == ".msg"
        else dict(zip((f"{name}_Request", f"{name}_Response"), texts, strict=True))
    )


def fields(path: Path) -> dict[str, list[tuple[str, typing.Any]]]:
    """Return the fields of each type of an interface, and check that they can be serialised."""
    store = get_typestore(Stores.ROS2_JAZZY)
    found = {}
    for name, text in halves(path).items():
        types = get_types_from_msg(text, name)
        store.register(types)
        ((made, (_, found[name])),) = types.items()
        assert store.hash_rihs01(made).startswith("RIHS01_")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_interface_is_one_that_ros_can_build(path: Path) -> None:
    for name, content in fields(path).items():
        names = [field for field, _ in content]
        assert names and all(re.fullmatch(r"[a-z](_?[a-z0-9]+)*", field) for field in names), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_field_says_what_it_is(path: Path) -> None:
    assert path.read_text().startswith("# ")
    for line in path.read_text().splitlines():
        if line and line != "---" and not line.startswith("#") and "=" not in line:
            assert re.search(r"# \S", line), f"{path.name}: {line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_debian_s_rosidl_reads_it_too(path: Path) -> None:
    parser = pytest.importorskip("rosidl_adapter.parser", reason="rclpy is not installed, nor Debian's python3-rosidl")
    parse = parser.parse_message_string if path.suffix == ".msg" else parser.parse_service_string
    assert parse("attune_msgs", path.stem, path.read_text())


def test_cmake_builds_every_interface_and_knows_what_they_use() -> None:
    cmake = (MSGS / "CMakeLists.txt").read_text()
    assert re.findall(r'"((?:msg|srv)/\w+\.\w+)"', cmake) == [f"{path.parent.name}/{path.name}" for path in FILES]
    used = {name for path in FILES for name in re.findall(r"^(\w+)/\w+ ", path.read_text(), re.MULTILINE)}
    (listed,) = re.findall(r"DEPENDENCIES ([^)\n]+)", cmake)
    manifest, _ = package("attune_msgs")
    assert used == set(listed.split()) == {depend.name for depend in manifest.build_export_depends}
    for needed in (*used, "ament_cmake", "rosidl_default_generators"):
        assert f"find_package({needed} REQUIRED)" in cmake
    assert [group.name for group in manifest.member_of_groups] == ["rosidl_interface_packages"]


def constants(path: Path, prefix: str = "") -> dict[str, int]:
    """Return a message's constants of a prefix, in small letters, by value."""
    found = re.findall(rf"^uint8 {prefix}([A-Z]+)=(\d+)", path.read_text(), re.MULTILINE)
    return {name.lower(): int(value) for name, value in found}


def test_states_are_those_of_the_wire() -> None:
    body = importlib.import_module("runtime.messages.body")
    assert set(constants(MSGS / "msg" / "AgentState.msg", "BODY_")) == {"none", *typing.get_args(body.BodyState)}
    answers = constants(MSGS / "msg" / "IntentionAnswer.msg")
    assert set(answers) == set(typing.get_args(m.IntentionState))
    assert {state for state, value in answers.items() if value >= answers["finished"]} == m.FINAL_STATES
    kinds = re.search(r"^string kind +# (.*)$", (MSGS / "srv" / "SendIntention.srv").read_text(), re.MULTILINE)
    assert kinds and re.split(r", | or ", kinds[1]) == list(typing.get_args(m.IntentionKind))
