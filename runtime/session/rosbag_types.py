"""ROS 2 message types for recordings that become rosbags: a typestore of the `rosbags` package, and short ways to fill its messages.

The store is that of Jazzy, whose common types are the same in Humble, and a few types besides that no ROS distribution has in its core:
audio of `audio_common_msgs`, and speech, expression, ids and regions of `hri_msgs` (REP-155). Their definitions are written into each
bag, so that it can be read where those packages are not installed. Pure functions, no state but the store; times in nanoseconds.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from runtime.clock import NS_PER_S

STRING = "std_msgs/msg/String"
JOINTS = "sensor_msgs/msg/JointState"
PICTURE = "sensor_msgs/msg/CompressedImage"
DIAGNOSTICS = "diagnostic_msgs/msg/DiagnosticArray"
AUDIO = "audio_common_msgs/msg/AudioDataStamped"
AUDIO_INFO = "audio_common_msgs/msg/AudioInfo"
SPEECH = "hri_msgs/msg/LiveSpeech"
EXPRESSION = "hri_msgs/msg/Expression"
IDS = "hri_msgs/msg/IdsList"
REGION = "hri_msgs/msg/NormalizedRegionOfInterest2D"

_DEFINITIONS = {
    "audio_common_msgs/msg/AudioData": "uint8[] data",
    AUDIO: "std_msgs/Header header\naudio_common_msgs/AudioData audio",
    AUDIO_INFO: "uint8 channels\nuint32 sample_rate\nstring sample_format\nuint32 bitrate\nstring coding_format",
    SPEECH: "std_msgs/Header header\nstring incremental\nstring final\nfloat64 confidence\nstring locale",
    EXPRESSION: "std_msgs/Header header\nstring expression\nfloat32 valence\nfloat32 arousal\nfloat32 confidence",
    IDS: "std_msgs/Header header\nstring[] ids",
    REGION: "std_msgs/Header header\nfloat32 xmin\nfloat32 ymin\nfloat32 xmax\nfloat32 ymax\nfloat32 c",
}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")


@cache
def typestore() -> Any:
    """Return the store, with the additional types."""
    store = get_typestore(Stores.ROS2_JAZZY)
    for name, text in _DEFINITIONS.items():
        store.register(get_types_from_msg(text, name))
    return store


def make(name: str, *values: object) -> Any:
    """Return a message of a type, its fields in order."""
    return typestore().types[name](*values)


def stamp(t_ns: int) -> Any:
    """Return a time."""
    return make("builtin_interfaces/msg/Time", t_ns // NS_PER_S, t_ns % NS_PER_S)


def header(t_ns: int, frame: str = "") -> Any:
    """Return a header."""
    return make("std_msgs/msg/Header", stamp(t_ns), frame)


def topic_part(text: str) -> str:
    """Return an id as a part of a topic's name: letters, digits and underscores, no digit first."""
    name = _NOT_IN_NAMES.sub("_", text)
    return name if name and not name[0].isdigit() else f"id_{name}"
