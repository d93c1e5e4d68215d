"""A recording as a rosbag2: a folder with `metadata.yaml` and one MCAP file, as ROS 2 Humble and later, Foxglove and `rosbags` read it.

Messages are written one by one in order of their time, so that memory does not grow with the session. The bag is made beside its place
and moved there whole: after a failure there is none. Its times are those of the session (nanoseconds since its clock began, as in
`session.mcap`), or, where asked for, moved so that the recording begins at the second at which it was made. The folder is private to its
owner, like the session's. Blocking.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.rosbag2 import StoragePlugin, Writer

from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.messages import BodyDescribed
from runtime.session.reader import SessionReader
from runtime.session.rosbag_topics import LATCHED, Told, Topics
from runtime.session.rosbag_types import typestore

BAG_VERSION = 8
"""Of rosbag2's metadata. From 9 on QoS profiles are lists, which Humble does not read."""
_FOREVER = QosTime(2147483647, 4294967295)
LATCHED_QOS = Qos(
    history=QosHistory.KEEP_LAST,
    depth=1,
    reliability=QosReliability.RELIABLE,
    durability=QosDurability.TRANSIENT_LOCAL,
    deadline=_FOREVER,
    lifespan=_FOREVER,
    liveliness=QosLiveliness.AUTOMATIC,
    liveliness_lease_duration=_FOREVER,
    avoid_ros_namespace_conventions=False,
)


@dataclass(frozen=True, slots=True)
class BagSummary:
    """What was written.

    Attributes:
        topics: messages by topic.
        duration_s: from the first to the last.
        left_out: what of the recording could not be read, or has no standard topic, by reason.
        truncated: whether the recording breaks off, as after a crash.
    """

    topics: dict[str, int]
    duration_s: float
    left_out: dict[str, int]
    truncated: bool


def write_rosbag(folder: Path, out: Path, *, wall_time: bool = False) -> BagSummary:
    """Write a recording as a new rosbag2 folder.

    Args:
        folder: of the session.
        out: the bag's folder, which must not exist.
        wall_time: whether times count from 1970 (to the second) instead of from the session's beginning.

    Raises:
        AttuneError: there is no recording or nothing in it, it does not say when it was made, or the bag cannot be written.
    """
    if os.path.lexists(out):
        raise AttuneError(f"{out}: exists already", "Give a new folder for the bag, or remove that one")
    reader = SessionReader(folder)
    offset_ns = _offset_ns(reader) if wall_time else 0
    try:
        with tempfile.TemporaryDirectory(dir=_parent(out), prefix=".rosbag-") as beside:
            made = Path(beside) / out.name  # the MCAP file is named after its folder
            summary = _write(reader, made, offset_ns)
            made.rename(out)
    except OSError as error:
        raise AttuneError(
            f"{out}: cannot be written ({error.strerror or error})",
            "Give a place that you may write, with enough space",
        ) from None
    return summary


def _parent(out: Path) -> Path:
    parent = out.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    return parent


def _write(reader: SessionReader, path: Path, offset_ns: int) -> BagSummary:
    store = typestore()
    topics = Topics(_joints(reader), offset_ns)
    counts: Counter[str] = Counter()
    first_ns = last_ns = None
    writer = Writer(path, version=BAG_VERSION, storage_plugin=StoragePlugin.MCAP)
    with writer:
        path.chmod(0o700)
        connections: dict[tuple[str, str], Any] = {}
        for item in reader.timed():
            at_ns = item.log_ns + offset_ns
            for told in topics.of(item.message, item.log_ns):
                key = (told.topic, told.kind)
                if key not in connections:
                    connections[key] = _connection(writer, told, store)
                writer.write(connections[key], at_ns, store.serialize_cdr(told.message, told.kind))
                counts[told.topic] += 1
                first_ns = at_ns if first_ns is None else first_ns
                last_ns = at_ns
        if first_ns is None or last_ns is None:
            raise AttuneError(f"{reader.path}: holds no messages", "Name the folder of a session that was recorded")
        for name, value in _told_of(reader, offset_ns).items():
            writer.set_custom_data(name, value)
    left_out = Counter(reader.skipped) + topics.left_out
    return BagSummary(dict(sorted(counts.items())), (last_ns - first_ns) / NS_PER_S, dict(left_out), reader.truncated)


def _connection(writer: Any, told: Told, store: Any) -> Any:
    qos = [LATCHED_QOS] if told.topic in LATCHED else []
    return writer.add_connection(told.topic, told.kind, typestore=store, offered_qos_profiles=qos)


def _joints(reader: SessionReader) -> dict[str, tuple[str, ...]]:
    return {described.body: described.joints for described in reader.messages(BodyDescribed)}


def _told_of(reader: SessionReader, offset_ns: int) -> dict[str, str]:
    """Return what the bag says of its origin."""
    kept = ("attune", "schema", "profile", "seed", "speed", "recorded_at")
    told = {f"attune_{key}": reader.metadata[key] for key in kept if key in reader.metadata}
    return {**told, "attune_media_zero_ns": str(reader.media_zero_ns), "attune_offset_ns": str(offset_ns)}


def _offset_ns(reader: SessionReader) -> int:
    """Return what must be added to session times so that the recording begins when it was made."""
    first = next(reader.arrivals(), None)
    try:
        made = datetime.datetime.fromisoformat(reader.metadata["recorded_at"])
    except (KeyError, ValueError):
        raise AttuneError(
            f"{reader.path}: does not say when it was recorded (--speed max does not)", "Leave out --wall-time"
        ) from None
    return int(made.timestamp()) * NS_PER_S - (first.arrival_ns if first else 0)
