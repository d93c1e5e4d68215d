"""Messages of rclpy from dicts, by what each message says of its fields. Needs the message packages, not rclpy. Pure functions."""

from __future__ import annotations

import array
import importlib
from typing import Any


def ros_type(type_name: str) -> Any:
    """Return the class of `sensor_msgs/msg/JointState`, or of `sensor_msgs/JointState`; of services and actions alike."""
    package, *kind, name = type_name.split("/")
    return getattr(importlib.import_module(f"{package}.{kind[0] if kind else 'msg'}"), name)


def fill(message: Any, fields: dict[str, Any]) -> Any:
    """Set a message's fields from a dict, with dicts and lists of dicts in it; return the message.

    Raises:
        ValueError: a field that the type does not have.
    """
    kinds = message.get_fields_and_field_types()
    for name, value in fields.items():
        kind = kinds.get(name)
        if kind is None:
            raise ValueError(f"{type(message).__name__} has no field {name!r}")
        if isinstance(value, dict):
            fill(getattr(message, name), value)
            continue
        inner = kind.removeprefix("sequence<").rstrip(">").partition(",")[0].partition("[")[0]
        if kind == "octet":
            value = bytes([value])
        elif kind in ("float", "double"):
            value = float(value)
        elif isinstance(value, bytes):
            value = array.array("B", value) if kind.startswith("sequence<") else list(value)
        elif isinstance(value, list | tuple):
            if "/" in inner:
                value = [fill(ros_type(inner)(), each) for each in value]
            elif inner in ("float", "double"):
                value = [float(each) for each in value]
            else:
                value = list(value)
        setattr(message, name, value)
    return message
