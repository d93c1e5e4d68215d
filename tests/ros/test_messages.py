"""Attune's own ROS messages: parsed by a parser of ROS 2 interfaces, built by CMake, documented field by field, and like the wire's."""

from __future__ import annotations

import importlib
import re
import typing
from pathlib import Path

import pytest

from runtime import messages as m
from tests.ros.workspace import BRIDGE, SRC, package

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


def test_the_bridge_without_ros_has_the_same_definitions() -> None:
    copies = BRIDGE / "definitions" / "attune_msgs"

    def bare(path: Path) -> list[str]:
        lines = (re.sub(r"\s*(#.*)?$", "", line) for line in path.read_text().splitlines())
        return [re.sub(r"\s+", " ", line) for line in lines if line]

    for path in FILES:
        assert bare(copies / path.parent.name / path.name) == bare(path), path.name


def test_bags_of_recordings_use_the_bridge_s_types_and_names() -> None:
    """Whoever plays a bag back has the nodes' topics: the same hashes, the same names."""
    contract = BRIDGE / "contract.py"
    from runtime.session import rosbag_topics, rosbag_types

    rows = re.findall(
        r'Row\("\w+", "\w+", "([^"]+)", "\w+", "topic", "([^"]+)", "\w+",\s+"(\w+)"', contract.read_text()
    )
    assert len(rows) > 20
    hashes = {kind: told for _, kind, told in rows}
    for kind in (rosbag_types.JOINTS, rosbag_types.AUDIO, rosbag_types.AUDIO_INFO, rosbag_types.SPEECH, rosbag_types.EXPRESSION,
                 rosbag_types.IDS, rosbag_types.REGION, rosbag_types.PICTURE, rosbag_types.DIAGNOSTICS):  # fmt: skip
        assert rosbag_types.typestore().hash_rihs01(kind) == hashes[kind], kind
    names = {name if name.startswith("/") else f"/{name}": kind for name, kind, _ in rows}
    for topic, kind in {
        rosbag_topics.JOINT_STATES: rosbag_types.JOINTS,
        rosbag_topics.JOINT_COMMANDS: rosbag_types.JOINTS,
        rosbag_topics.USER_AUDIO: rosbag_types.AUDIO,
        rosbag_topics.AGENT_AUDIO: rosbag_types.AUDIO,
        rosbag_topics.CAMERA: rosbag_types.PICTURE,
        rosbag_topics.AGENT_SPEECH: rosbag_types.SPEECH,
        rosbag_topics.DIAGNOSTICS: rosbag_types.DIAGNOSTICS,
        rosbag_topics.PERSONS: rosbag_types.IDS,
        rosbag_topics.FACES: rosbag_types.IDS,
        rosbag_topics.VOICES: rosbag_types.IDS,
        "/humans/voices/<id>/speech": rosbag_types.SPEECH,
        "/humans/faces/<id>/expression": rosbag_types.EXPRESSION,
        "/humans/faces/<id>/roi": rosbag_types.REGION,
    }.items():
        assert names[topic] == kind, topic
