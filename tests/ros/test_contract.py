"""The contract table is true: hashes, bytes and structures agree with what ROS makes of the definitions, and the manual shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("cyclonedds", reason="cyclonedds is not installed: pip install 'attune[dds]'")
pytest.importorskip("rosbags", reason="rosbags is not installed: pip install 'attune[dds]'")

from attune_bridge import ros_types
from attune_bridge.agent_logic import AgentLogic
from attune_bridge.body_logic import BodyLogic
from attune_bridge.contract import CONTRACT, QOS, hashed_type, row
from attune_bridge.contract_table import markdown
from attune_bridge.dds_types import struct_of
from attune_bridge.perception_logic import PerceptionLogic

ROOT = Path(__file__).resolve().parents[2]
WORKSPACE = ROOT / "ros_ws" / "src"
KNOWN = {  # as a real ROS 2 Jazzy says (`ros2 topic info -v`)
    "std_msgs/msg/String": "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
    "sensor_msgs/msg/JointState": "RIHS01_a13ee3a330e346c9d87b5aa18d24e11690752bd33a0350f11c5882bc9179260e",
}


def test_hashes_are_those_of_the_definitions():
    for each in CONTRACT:
        assert each.hash == ros_types.type_hash(hashed_type(each)), each.name


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_hashes_are_computed_as_ros_computes_them(name):
    assert ros_types.type_hash(name) == KNOWN[name]


@pytest.mark.parametrize("name", sorted({hashed_type(each) for each in CONTRACT}))
def test_bytes_of_both_ways_of_writing_are_equal(name):
    message = filled(name)
    by_rosbags = ros_types.encode(name, message)
    by_cyclone = as_struct(name, message).serialize(use_version_2=False)
    assert by_rosbags == by_cyclone[: len(by_rosbags)]
    assert not any(by_cyclone[len(by_rosbags) :])
    assert ros_types.encode(name, ros_types.decode(name, by_rosbags)) == by_rosbags


def filled(name, depth=0):
    """Return a dict with something in each field."""
    made = {}
    for field, (kind, detail) in ros_types.store().fielddefs[name][1]:
        if kind == ros_types.NAME:
            made[field] = filled(detail, depth + 1)
        elif kind == ros_types.BASE:
            made[field] = _some(detail[0])
        else:
            (inner, inner_name), length = detail
            count = length if kind == ros_types.ARRAY else 2
            made[field] = [
                filled(inner_name, depth + 1) if inner == ros_types.NAME else _some(inner_name[0]) for _ in range(count)
            ]
    return made


def _some(kind):
    return {"string": "grüß", "bool": True}.get(kind, 7 if "int" in kind or kind in ("byte", "char") else 0.25)


def as_struct(name, message):
    values = {}
    for field, (kind, detail) in ros_types.store().fielddefs[name][1]:
        value = message[field]
        if kind == ros_types.NAME:
            value = as_struct(detail, value)
        elif kind != ros_types.BASE and detail[0][0] == ros_types.NAME:
            value = [as_struct(detail[0][1], each) for each in value]
        values[field] = value
    return struct_of(name)(**values)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x00\x00", b"\x00\x01\x00\x00" + b"\xff" * 64, bytes(400)], ids=len)
def test_bytes_that_are_no_message_are_one_kind_of_error(data):
    with pytest.raises(ValueError, match="sensor_msgs/msg/JointState"):
        ros_types.decode("sensor_msgs/msg/JointState", data)


def test_a_field_that_does_not_exist_or_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"sensor_msgs/msg/JointState has no field 'positions'"):
        ros_types.build("sensor_msgs/msg/JointState", {"positions": [1.0]})
    with pytest.raises(ValueError, match=r"sensor_msgs/msg/JointState: position: "):
        ros_types.build("sensor_msgs/msg/JointState", {"position": "left"})


def test_names_are_names_of_ros_and_each_row_is_once_there():
    for each in CONTRACT:
        assert re.fullmatch(r"/?([a-z][a-z0-9_]*|<id>)(/([a-z][a-z0-9_]*|<id>))*", each.name), each.name
        assert each.qos in QOS
        assert each.what
    assert len({(each.node, each.key) for each in CONTRACT}) == len(CONTRACT)
    assert len({(each.node, each.name, each.direction) for each in CONTRACT}) == len(CONTRACT)
    with pytest.raises(KeyError, match="agent: nothing"):
        row("agent", "nothing")


def test_what_the_logic_publishes_is_in_the_contract():
    for node, logic in (("agent", AgentLogic), ("perception", PerceptionLogic), ("body", BodyLogic)):
        modules = [logic.__module__, *(["attune_bridge.robot_drive"] if node == "body" else [])]
        text = "".join(Path(__import__(each, fromlist=["_"]).__file__).read_text() for each in modules)
        published = set(re.findall(r'ports\.publish\(\s*"(\w+)"', text))
        rows = {each.key for each in CONTRACT if each.node == node and each.direction == "out"}
        assert published <= rows
        assert {key for key in rows if row(node, key).kind == "topic"} == published


def test_definitions_of_our_own_messages_are_those_of_attune_msgs():
    ours = {
        path.relative_to(ros_types.DEFINITIONS / "attune_msgs")
        for path in ros_types.DEFINITIONS.glob("attune_msgs/*/*")
    }
    assert ours
    package = WORKSPACE / "attune_msgs"
    if package.is_dir():
        theirs = {path.relative_to(package) for kind in ("msg", "srv", "action") for path in package.glob(f"{kind}/*")}
        assert ours == theirs
        for path in ours:
            assert (ros_types.DEFINITIONS / "attune_msgs" / path).read_text() == (package / path).read_text(), path


def test_each_borrowed_definition_says_where_it_is_from():
    for path in ros_types.DEFINITIONS.glob("*/*/*"):
        if path.parts[-3] != "attune_msgs":
            assert re.match(r"# .*https://github\.com/\S+, .*(BSD|Apache)", path.read_text().splitlines()[0]), path


def test_the_manual_shows_the_table():
    manual = (ROOT / "docs" / "ros.md").read_text()
    assert markdown() in manual, "write it anew: python -m attune_bridge.contract_table docs/ros.md"
