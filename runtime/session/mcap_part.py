"""One MCAP file of a recording: a channel per message type, chunks that survive a crash.

Every channel is `/attune/<tag>` with message encoding `json` and the JSON Schema that msgspec derives from the
struct, so that Foxglove, `mcap cat` and every MCAP library can read a session without Attune. Audio and motion use
the same encoding, their bytes as base64: one reader and no private format, and since zstd takes back most of what
base64 adds, a file is a fifth larger than with MessagePack (`benchmarks/bench_recorder.py` measures it). The log time
is the time of the content (session nanoseconds), the publish time that of its arrival; records stand in order of
arrival.

A chunk is built in memory and reaches the file in one write, so that the file ends at a chunk's edge except when the
machine dies inside that write. A write that fails is taken back and the file is closed with an empty summary, which
every MCAP reader accepts. The chunks' indexes, which belong to the end of the file, wait in a nameless file beside it, so that a session of
hours needs no more memory than one of minutes. All calls block; they belong to one thread (the recorder's offload).
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from mcap.opcode import Opcode
from mcap.writer import MCAP0_MAGIC

from runtime.codec import MESSAGE_TYPES
from runtime.messages import Message
from runtime.session.mcap_writer import McapWriter

TOPIC_PREFIX = "/attune/"
METADATA_NAME = "attune_session"
CHUNK_BYTES = 1 << 20
"""Uncompressed size at which a chunk is closed even before its second is over."""
INDEX_BYTES = 1 << 18
"""Of the chunks' indexes so much is in memory at once when the file ends."""

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
        self._writer = McapWriter(library="attune", chunk_bytes=CHUNK_BYTES)
        self._writer.add_metadata(METADATA_NAME, metadata)
        self._channels: dict[type[Message], int] = {}
        for tag, message_type in MESSAGE_TYPES.items():
            schema_id = self._writer.register_schema(
                f"attune.{message_type.__name__}", "jsonschema", json_schema(message_type)
            )
            self._channels[message_type] = self._writer.register_channel(TOPIC_PREFIX + tag, "json", schema_id)
        try:
            # Without a name, in the folder of the file: what is left of it after a crash is nothing.
            self._indexes = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 # closed with the part
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
            log_ns=message.t_ns or arrival_ns,
            publish_ns=arrival_ns,
            sequence=message.seq & 0xFFFFFFFF,
            data=_encode(message),
        )
        self.messages += 1

    def flush(self) -> None:
        """End the chunk in progress and write it.

        Raises:
            OSError: the disk refused it; what it left is taken back, the file is closed and stays readable.
        """
        self._writer.flush()
        self._commit_or_end()

    def close(self) -> None:
        """Write what waits and the summary section; harmless when closed."""
        if self._fd < 0:
            return
        self.flush()
        whole = self.bytes_written
        try:
            self._indexes.seek(0)
            for piece in self._writer.ending(iter(lambda: self._indexes.read(INDEX_BYTES), b"")):
                self._write(piece)
        except OSError:
            self.bytes_written = whole
            self._end_plainly()
            raise
        self._release()

    def _commit_or_end(self) -> None:
        try:
            self._commit()
        except OSError:
            self._end_plainly()
            raise

    def _commit(self) -> None:
        self._write(self._writer.take())
        self._indexes.write(self._writer.take_indexes())

    def _write(self, data: bytes) -> None:
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
        self._release()

    def _release(self) -> None:
        os.close(self._fd)
        self._fd = -1
        with contextlib.suppress(OSError):  # a full disk may refuse what nobody needs any more
            self._indexes.close()


def json_schema(message_type: type[Message]) -> bytes:
    """Return the JSON Schema of a message type with its root inlined, as Foxglove expects an object there."""
    schema: dict[str, Any] = msgspec.json.schema(message_type)
    definitions: dict[str, Any] = schema.pop("$defs", {})
    root = definitions.pop(schema["$ref"].rsplit("/", 1)[-1])
    if definitions:
        root["$defs"] = definitions
    return json.dumps(root, sort_keys=True).encode()
