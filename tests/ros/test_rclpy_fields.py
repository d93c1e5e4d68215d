"""Filling messages as ROS generates them: strict about types, with `get_fields_and_field_types` to say what they hold."""

import array
import sys
import types
from typing import ClassVar

import pytest
from attune_bridge.rclpy_fields import fill


class Generated:
    """A message that takes no wrong type, as those that ROS generates in debug mode."""

    kinds: ClassVar[dict[str, str]] = {}
    start: ClassVar[dict[str, object]] = {}

    def __init__(self):
        for name, value in self.start.items():
            object.__setattr__(self, name, value() if callable(value) else value)

    @classmethod
    def get_fields_and_field_types(cls):
        return dict(cls.kinds)

    def __setattr__(self, name, value):
        kind = self.kinds[name]
        wanted = {"octet": bytes, "double": float, "string": str, "boolean": bool}.get(kind)
        if kind == "sequence<double>":
            wanted = list
            assert all(type(each) is float for each in value)
        elif kind == "sequence<uint8>":
            wanted = array.array
        elif kind == "uint8[16]":
            wanted = list
            assert len(value) == 16
        elif kind.startswith("sequence<stand_in/"):
            wanted = list
            assert all(type(each).__name__ == kind.partition("/")[2].rstrip(">") for each in value)
        assert wanted is None or type(value) is wanted, (name, value)
        object.__setattr__(self, name, value)


class Point(Generated):
    kinds: ClassVar = {"at": "sequence<double>", "level": "octet"}
    start: ClassVar = {"at": list, "level": b"\0"}


class Path(Generated):
    kinds: ClassVar = {
        "name": "string", "points": "sequence<stand_in/Point>", "first": "stand_in/Point", "data": "sequence<uint8>", "uuid": "uint8[16]",
        "effort": "double",
    }  # fmt: skip
    start: ClassVar = {"name": "", "points": list, "first": Point, "data": list, "uuid": list, "effort": 0.0}


@pytest.fixture(autouse=True)
def _package(monkeypatch):
    package, messages = types.ModuleType("stand_in"), types.ModuleType("stand_in.msg")
    messages.Point, messages.Path = Point, Path
    monkeypatch.setitem(sys.modules, "stand_in", package)
    monkeypatch.setitem(sys.modules, "stand_in.msg", messages)


def test_nested_fields_sequences_bytes_and_octets_have_the_types_that_ros_wants():
    fields = {
        "name": "arm", "points": [{"at": [1, 2.5]}, {"level": 2}], "first": {"at": (0,)}, "data": b"\x01\x02", "uuid": bytes(range(16)),
        "effort": 1,
    }  # fmt: skip
    path = fill(Path(), fields)
    assert [point.at for point in path.points] == [[1.0, 2.5], []]
    assert path.points[1].level == b"\x02"
    assert path.first.at == [0.0]
    assert bytes(path.data) == b"\x01\x02"
    assert path.uuid == list(range(16))
    assert path.effort == 1.0


def test_a_field_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="Point has no field 'att'"):
        fill(Path(), {"first": {"att": []}})
