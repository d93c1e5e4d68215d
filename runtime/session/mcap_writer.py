"""Writes the bytes of an MCAP file (https://mcap.dev/spec), with memory that does not grow with the file.

The writer of the `mcap` package keeps every chunk's index as objects until the end, a kilobyte each: at two chunks a second,
which is what a session that survives a crash needs, that is seven megabytes an hour. Here an index becomes its bytes at once and is
handed out beside the file's own; who writes the file keeps them elsewhere and gives them back for the summary at the end. Byte for
byte the files are those of the package's writer with its defaults (zstd, all indexes, statistics, summary offsets), which a test holds
it to.

Nothing here touches a disk and nothing blocks. Belongs to one thread. Times are in nanoseconds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import zstandard
from mcap import records
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.writer import MCAP0_MAGIC

_MESSAGE = struct.Struct("<BQHIQQ")
_MESSAGE_BYTES = 22  # of a message record's content, before its data
_INDEX_ENTRY = struct.Struct("<QQ")
_FOOTER_START = struct.Struct("<BQQQ")


class McapWriter:
    """One file in the making: `take` and `take_indexes` hand out what it came to since they were last asked."""

    def __init__(self, *, library: str, chunk_bytes: int) -> None:
        """Begin the file.

        Args:
            library: who writes it, for its header.
            chunk_bytes: uncompressed size from which on a chunk is ended without `flush`.
        """
        self._chunk_bytes = chunk_bytes
        self._taken_bytes = 0
        self._out = bytearray(MCAP0_MAGIC)
        self._indexes = bytearray()
        self._chunk = bytearray()
        self._index_entries: dict[int, bytearray] = {}
        self._chunk_messages = 0
        self._chunk_times = (0, 0)
        self._schemas: list[bytes] = []
        self._channels: list[bytes] = []
        self._metadata_indexes: list[bytes] = []
        self._messages_of: dict[int, int] = {}
        self._times: tuple[int, int] | None = None
        self._chunks = 0
        self._out += _record(records.Header("", library))

    def add_metadata(self, name: str, metadata: Mapping[str, str]) -> None:
        """Write a metadata record."""
        record = _record(records.Metadata(name=name, metadata=dict(metadata)))
        offset = self._taken_bytes + len(self._out)
        self._metadata_indexes.append(_record(records.MetadataIndex(offset=offset, length=len(record), name=name)))
        self._out += record

    def register_schema(self, name: str, encoding: str, data: bytes) -> int:
        """Add a schema to the chunk in progress and return its id."""
        schema = records.Schema(id=len(self._schemas) + 1, name=name, encoding=encoding, data=data)
        self._schemas.append(_record(schema))
        self._chunk += self._schemas[-1]
        return len(self._schemas)

    def register_channel(self, topic: str, message_encoding: str, schema_id: int) -> int:
        """Add a channel to the chunk in progress and return its id."""
        channel = records.Channel(
            id=len(self._channels) + 1,
            topic=topic,
            message_encoding=message_encoding,
            metadata={},
            schema_id=schema_id,
        )
        self._channels.append(_record(channel))
        self._chunk += self._channels[-1]
        return len(self._channels)

    def add_message(self, channel_id: int, log_ns: int, publish_ns: int, sequence: int, data: bytes) -> None:
        """Add a message to the chunk in progress; a chunk that is full then ends."""
        times = (log_ns, log_ns)
        self._chunk_times = _widened(self._chunk_times, log_ns) if self._chunk_messages else times
        self._times = _widened(self._times, log_ns) if self._times is not None else times
        self._messages_of[channel_id] = self._messages_of.get(channel_id, 0) + 1
        self._index_entries.setdefault(channel_id, bytearray()).extend(_INDEX_ENTRY.pack(log_ns, len(self._chunk)))
        self._chunk_messages += 1
        length = _MESSAGE_BYTES + len(data)
        self._chunk += _MESSAGE.pack(Opcode.MESSAGE, length, channel_id, sequence, log_ns, publish_ns)
        self._chunk += data
        if len(self._chunk) > self._chunk_bytes:
            self.flush()

    def flush(self) -> None:
        """End the chunk in progress; one without messages goes on."""
        if not self._chunk_messages:
            return
        data = bytes(self._chunk)
        packed = zstandard.compress(data)
        start_ns, end_ns = self._chunk_times
        chunk = records.Chunk(
            compression="zstd",
            data=packed,
            message_start_time=start_ns,
            message_end_time=end_ns,
            uncompressed_crc=zlib.crc32(data),
            uncompressed_size=len(data),
        )
        offset, record = self._taken_bytes + len(self._out), _record(chunk)
        self._out += record
        places: dict[int, int] = {}
        indexes_at = len(self._out)
        for channel_id, entries in self._index_entries.items():
            places[channel_id] = self._taken_bytes + len(self._out)
            content = struct.pack("<HI", channel_id, len(entries)) + entries
            self._out += struct.pack("<BQ", Opcode.MESSAGE_INDEX, len(content)) + content
        self._indexes += _record(
            records.ChunkIndex(
                message_start_time=start_ns,
                message_end_time=end_ns,
                chunk_start_offset=offset,
                chunk_length=len(record),
                message_index_offsets=places,
                message_index_length=len(self._out) - indexes_at,
                compression="zstd",
                compressed_size=len(packed),
                uncompressed_size=len(data),
            )
        )
        self._chunks += 1
        self._chunk.clear()
        self._index_entries.clear()
        self._chunk_messages = 0

    def take(self) -> bytes:
        """Return the file's next bytes."""
        data = bytes(self._out)
        self._taken_bytes += len(data)
        self._out.clear()
        return data

    def take_indexes(self) -> bytes:
        """Return what `ending` needs of the chunks that have ended since."""
        data = bytes(self._indexes)
        self._indexes.clear()
        return data

    def ending(self, indexes: Iterable[bytes]) -> Iterator[bytes]:
        """Iterate over the file's last bytes, piece by piece; nothing may wait in `take` before nor be added afterwards.

        Args:
            indexes: all that `take_indexes` returned, in order, in pieces of any size.
        """
        data_end = _record(records.DataEnd(0))
        yield data_end
        summary_at = at = self._taken_bytes + len(data_end)
        crc = 0
        offsets: list[bytes] = []
        groups: list[tuple[int, Iterable[bytes]]] = [
            (Opcode.SCHEMA, self._schemas),
            (Opcode.CHANNEL, self._channels),
            (Opcode.STATISTICS, [_record(self._statistics())]),
            (Opcode.CHUNK_INDEX, indexes),
            (Opcode.ATTACHMENT_INDEX, ()),
            (Opcode.METADATA_INDEX, self._metadata_indexes),
        ]
        for opcode, pieces in groups:
            group_at = at
            for piece in pieces:
                crc, at = zlib.crc32(piece, crc), at + len(piece)
                yield piece
            offset = records.SummaryOffset(group_opcode=opcode, group_start=group_at, group_length=at - group_at)
            offsets.append(_record(offset))
        listed = b"".join(offsets)
        yield listed
        footer_length = 20
        crc = zlib.crc32(_FOOTER_START.pack(Opcode.FOOTER, footer_length, summary_at, at), zlib.crc32(listed, crc))
        yield _record(records.Footer(summary_start=summary_at, summary_offset_start=at, summary_crc=crc)) + MCAP0_MAGIC

    def _statistics(self) -> Any:
        start_ns, end_ns = self._times or (0, 0)
        return records.Statistics(
            attachment_count=0,
            channel_count=len(self._channels),
            channel_message_counts=self._messages_of,
            chunk_count=self._chunks,
            message_count=sum(self._messages_of.values()),
            message_end_time=end_ns,
            message_start_time=start_ns,
            metadata_count=len(self._metadata_indexes),
            schema_count=len(self._schemas),
        )


def _record(record: Any) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    data: bytes = builder.end()  # type: ignore[no-untyped-call] # mcap leaves it unannotated
    return data


def _widened(times: tuple[int, int], at_ns: int) -> tuple[int, int]:
    return min(times[0], at_ns), max(times[1], at_ns)
