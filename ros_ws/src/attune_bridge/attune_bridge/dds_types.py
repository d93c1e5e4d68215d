"""What DDS has to be told of ROS types: their structures as cyclonedds knows them, for topics that real ROS nodes match.

Made from the type store's fields, so that type information is announced as for hand-written structures. Samples are never built from
these classes: bytes come from rosbags and go to the writer as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cyclonedds.idl import make_idl_struct
from cyclonedds.idl import types as idl

from attune_bridge.ros_types import ARRAY, BASE, NAME, store

PLAIN: dict[str, Any] = {
    "string": str, "bool": bool, "byte": idl.uint8, "char": idl.uint8, "int8": idl.int8, "uint8": idl.uint8, "int16": idl.int16,
    "uint16": idl.uint16, "int32": idl.int32, "uint32": idl.uint32, "int64": idl.int64, "uint64": idl.uint64, "float32": idl.float32,
    "float64": idl.float64,
}  # fmt: skip


def dds_name(type_name: str) -> str:
    """Return the DDS name of a type: `std_msgs/msg/String` is `std_msgs::msg::dds_::String_`."""
    package, kind, name = type_name.split("/")
    return f"{package}::{kind}::dds_::{name}_"


@cache
def struct_of(type_name: str) -> Any:
    """Return the structure of a message type."""
    fields = {name: _of(desc) for name, desc in store().fielddefs[type_name][1]}
    return make_idl_struct(type_name.rpartition("/")[2] + "_", dds_name(type_name), fields)


@cache
def service_struct_of(type_name: str) -> Any:
    """Return the structure of a request or response on the wire of rmw_cyclonedds: who calls, the number of the call, the message."""
    fields = {"rmw_client": idl.uint64, "rmw_sequence": idl.int64}
    fields |= {name: _of(desc) for name, desc in store().fielddefs[type_name][1]}
    return make_idl_struct(type_name.rpartition("/")[2] + "_Wrapper", dds_name(type_name), fields)


def _of(desc: Any) -> Any:
    kind, detail = desc
    if kind == BASE:
        return PLAIN[detail[0]]
    if kind == NAME:
        return struct_of(detail)
    inner, length = detail
    if kind == ARRAY:
        return idl.array[_of(inner), length]
    return idl.sequence[_of(inner), length] if length else idl.sequence[_of(inner)]
