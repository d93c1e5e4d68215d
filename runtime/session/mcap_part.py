"""One MCAP file of a recording: a channel per message type, chunks that survive a crash.

Every channel is `/attune/<tag>` with message encoding `json` and the JSON Schema that msgspec derives from the
struct, so that Foxglove, `mcap cat` and every MCAP library can read a session without Attune. Audio and motion use
the same encoding, their bytes as base64: one reader and no private format, and since zstd takes back most of what
base64 adds, a file is a fifth larger than with MessagePack (`benchmarks/bench_recorder.py` measures it). The log time
is the time of the content (session nanoseconds), the publish time that of its arrival; records stand in order of
arrival.

A chunk is built in memory and reaches the file in one write, so that the file ends at a chunk's edge except when the
machine dies inside that write. A write that fails is taken back and the file is closed with an empty summary, which
every MCAP reader accepts. All calls block; they belong to one thread (the recorder's offload).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from mcap.opcode import Opcode
from mcap.writer import MCAP0_MAGIC, CompressionType, Writer

from runtime.codec import MESSAGE_TYPES
from runtime.messages import Message

TOPIC_PREFIX = "/attune/"
METADATA_NAME = "attune_session"
CHUNK_BYTES = 1 << 20
"""Uncompressed size at which a chunk is closed even before its second is over."""

_PLAIN_END = (
    struct.pack("<BQI", Opcode.DATA_END, 4, 0) + struct.pack("<BQQQI", Opcode.FOOTER, 20, 0, 0, 0) + MCAP0_MAGIC
)
"""End of an MCAP file without summary section (MCAP specification, "Footer": offsets 0 where there is none)."""

_encode = msgspec.json.Encoder().encode


class McapPart:
    """An MCAP file being written."""

    def __init__(self, path: Path, metadata: Mapping[str, str]) -> None:
        """Create the file, private to the user, with its header and metadata.

        Raises:
            FileExistsError: a recording never overwrites another.
            OSError: the file cannot be made or written.
        """
        self.path = path
        self.messages = 0
        self.bytes_written = 0
        self._fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._sink = _Sink()
        output = cast("io.BufferedWriter", self._sink)  # the library asks for no more than `_Sink` has
        self._writer = Writer(output, chunk_size=CHUNK_BYTES, compression=CompressionType.ZSTD)
        self._writer.start(profile="", library="attune")
        self._writer.add_metadata(METADATA_NAME, dict(metadata))
        self._channels: dict[type[Message], int] = {}
        for tag, message_type in MESSAGE_TYPES.items():
            schema_id = self._writer.register_schema(
                f"attune.{message_type.__name__}", "jsonschema", json_schema(message_type)
            )
            self._channels[message_type] = self._writer.register_channel(TOPIC_PREFIX + tag, "json", schema_id)
        try:
            self._commit()
        except OSError:
            os.close(self._fd)
            raise

    def add(self, message: Message, arrival_ns: int) -> None:
        """Add a message to the chunk in progress.

        A message without a time of its own (`t_ns` 0, as a simple outside client may send) is logged at its arrival.
        """
        self._writer.add_message(
            self._channels[type(message)],
            log_time=message.t_ns or arrival_ns,
            data=_encode(message),
            publish_time=arrival_ns,
            sequence=message.seq & 0xFFFFFFFF,
        )
        self.messages += 1

    def flush(self) -> None:
        """End the chunk in progress and write it.

        Raises:
            OSError: the disk refused it; what it left is taken back, the file is closed and stays readable.
        """
        self._writer.flush()  # type: ignore[no-untyped-call] # mcap leaves it unannotated
        self._commit_or_end()

    def close(self) -> None:
        """Write what waits and the summary section; harmless when closed."""
        if self._fd < 0:
            return
        self.flush()
        self._writer.finish()  # type: ignore[no-untyped-call] # as above
        self._commit_or_end()
        os.close(self._fd)
        self._fd = -1

    def _commit_or_end(self) -> None:
        try:
            self._commit()
        except OSError:
            self._end_plainly()
            raise

    def _commit(self) -> None:
        data = self._sink.take()
        offset = self.bytes_written
        view = memoryview(data)
        while view:
            written = os.pwrite(self._fd, view, offset)
            offset += written
            view = view[written:]
        self.bytes_written = offset

    def _end_plainly(self) -> None:
        """Take back a write that failed half-way and end the file without a summary."""
        # If not even these 50 bytes fit, the file ends after its last whole chunk, as after a crash, and reads like
        # that.
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, self.bytes_written)
            if os.pwrite(self._fd, _PLAIN_END, self.bytes_written) < len(_PLAIN_END):
                os.ftruncate(self._fd, self.bytes_written)
        os.close(self._fd)
        self._fd = -1


class _Sink:
    """Collects what the MCAP library writes until it goes to the file in one piece; knows the offset in the file."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._base = 0

    def write(self, data: bytes) -> int:
        self._buffer += data
        return len(data)

    def tell(self) -> int:
        return self._base + len(self._buffer)

    def flush(self) -> None:
        """Nothing to do: `take` empties the buffer."""

    def take(self) -> bytes:
        data = bytes(self._buffer)
        self._base += len(data)
        self._buffer.clear()
        return data


def json_schema(message_type: type[Message]) -> bytes:
    """Return the JSON Schema of a message type with its root inlined, as Foxglove expects an object there."""
    schema: dict[str, Any] = msgspec.json.schema(message_type)
    definitions: dict[str, Any] = schema.pop("$defs", {})
    root = definitions.pop(schema["$ref"].rsplit("/", 1)[-1])
    if definitions:
        root["$defs"] = definitions
    return json.dumps(root, sort_keys=True).encode()
