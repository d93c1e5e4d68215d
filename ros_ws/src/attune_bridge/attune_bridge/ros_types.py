"""ROS message types without ROS: rosbags' type store with the packages that it lacks, and messages from plain dicts.

`definitions/` holds the fields of those packages, each file with its source and licence. Type names are ROS's
(`sensor_msgs/msg/JointState`); of a service `X` there are `X_Request` and `X_Response`, of an action the eight types that ROS makes of
it. Needs rosbags and numpy, so only the wire without ROS imports this module. Pure functions over one store per process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

DEFINITIONS = Path(__file__).parent / "definitions"
BASE, NAME, ARRAY, SEQUENCE = 1, 2, 3, 4
"""rosbags' node types of a field."""
GOAL_ID = "unique_identifier_msgs/UUID goal_id\n"
NUMPY = {"bool": np.bool_, "byte": np.uint8, "char": np.uint8}


@cache
def store() -> Any:
    """Return the type store, made once."""
    made = get_typestore(Stores.ROS2_JAZZY)
    known: dict[str, Any] = {}
    for path in sorted(DEFINITIONS.glob("*/*/*")):
        package, kind, name = path.parts[-3], path.parts[-2], path.stem
        parts = _parts(path)
        if kind == "msg":
            known |= _parsed(f"{package}/msg/{name}", parts[0])
        elif kind == "srv":
            for part, text in zip(("Request", "Response"), parts, strict=True):
                known |= _parsed(f"{package}/srv/{name}_{part}", text)
        else:
            known |= _action(f"{package}/action/{name}", *parts)
    made.register(known)
    return made


def build(type_name: str, fields: Any) -> Any:
    """Return a message of the type from a dict of some of its fields; the others are zero or empty.

    Raises:
        ValueError: a field that the type does not have, or a value that does not fit, naming it.
    """
    types = store()
    if not isinstance(fields, dict):
        return fields
    fielddefs = types.fielddefs[type_name][1]
    unknown = set(fields) - {name for name, _ in fielddefs}
    if unknown:
        raise ValueError(f"{type_name} has no field {sorted(unknown)[0]!r}")
    values = {}
    for name, desc in fielddefs:
        try:
            values[name] = _value(desc, fields.get(name))
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{type_name}: {name}: {error}") from None
    return types.types[type_name](**values)


def encode(type_name: str, fields: Any) -> bytes:
    """Return the CDR bytes of a message or of a dict of its fields."""
    return bytes(store().serialize_cdr(build(type_name, fields), type_name))


def decode(type_name: str, data: bytes) -> Any:
    """Return the message in CDR bytes.

    Raises:
        ValueError: whatever is wrong with the bytes.
    """
    try:
        return store().deserialize_cdr(data, type_name)
    except Exception as error:  # rosbags lets several through: index, struct, memory
        raise ValueError(f"{type_name}: {type(error).__name__}") from None


def type_hash(type_name: str) -> str:
    """Return the RIHS01 hash of a message type."""
    return str(store().hash_rihs01(type_name))


def _parts(path: Path) -> list[str]:
    """Return the texts between the lines of three dashes."""
    parts: list[list[str]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() == "---":
            parts.append([])
        else:
            parts[-1].append(line)
    return ["\n".join(lines) + "\n" for lines in parts]


def _parsed(type_name: str, text: str) -> dict[str, Any]:
    """Parse one part under its own name; rosbags would name parts of services otherwise."""
    stand_in = type_name.replace("/srv/", "/msg/").replace("/action/", "/msg/")
    return {type_name: get_types_from_msg(text, stand_in)[stand_in]}


def _action(name: str, goal: str, result: str, feedback: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part, text in {
        "Goal": goal,
        "Result": result,
        "Feedback": feedback,
        "SendGoal_Request": GOAL_ID,
        "SendGoal_Response": "bool accepted\nbuiltin_interfaces/Time stamp\n",
        "GetResult_Request": GOAL_ID,
        "GetResult_Response": "int8 status\n",
        "FeedbackMessage": GOAL_ID,
    }.items():
        made |= _parsed(f"{name}_{part}", text)
    for part, inner in (
        ("SendGoal_Request", "goal"),
        ("GetResult_Response", "result"),
        ("FeedbackMessage", "feedback"),
    ):
        constants, fields = made[f"{name}_{part}"]
        made[f"{name}_{part}"] = (constants, [*fields, (inner, (NAME, f"{name}_{inner.title()}"))])
    return made


def _value(desc: Any, value: Any) -> Any:
    kind, detail = desc
    if kind == NAME:
        return build(detail, {} if value is None else value)
    if kind == BASE:
        return _base(detail[0], value)
    (inner_kind, inner), length = detail
    if inner_kind == BASE and inner[0] != "string":
        dtype = NUMPY.get(inner[0]) or np.dtype(inner[0])
        if isinstance(value, bytes | bytearray | memoryview):
            return np.frombuffer(value, dtype)
        if value is None:
            return np.zeros(length if kind == ARRAY else 0, dtype)
        return np.asarray(value, dtype)
    items = [None] * (length if kind == ARRAY else 0) if value is None else value
    return [_value((inner_kind, inner), item) for item in items]


def _base(name: str, value: Any) -> Any:
    if name == "string":
        return "" if value is None else str(value)
    if name == "bool":
        return bool(value)
    if name.startswith("float"):
        return 0.0 if value is None else float(value)
    return 0 if value is None else int(value)
