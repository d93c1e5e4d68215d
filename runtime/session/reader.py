"""Read a session folder: every message in time order, also from files that a crash cut off and from several parts.

The MCAP records are walked by their lengths rather than by the summary at the end, which a crashed recorder never
wrote: whatever stands before the cut is read, and `truncated` says that there was one. A chunk whose checksum or
content is broken is skipped and counted, as are messages of unknown types, future schemas and impossible values
(`skipped`). Sizes are checked before memory is taken. Blocking, single-threaded; memory stays at a few chunks for any
length of session.
"""

from __future__ import annotations

import heapq
import io
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast, overload

import msgspec
import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, Metadata
from mcap.records import Message as Record
from mcap.stream_reader import CRCValidationError, breakup_chunk
from mcap.writer import MCAP0_MAGIC

from runtime.codec import MESSAGE_TYPES
from runtime.errors import AttuneError
from runtime.messages import SCHEMA_VERSION, AnyMessage, Message, MotionFrame, SessionControl
from runtime.session.files import session_parts
from runtime.session.mcap_part import METADATA_NAME, TOPIC_PREFIX

MAX_CHUNK_BYTES = 64 << 20
"""Largest uncompressed chunk that is opened; the recorder writes about 1 MiB, plus at most one camera picture."""
_HEAD = struct.Struct("<BQ")
_TIMES = struct.Struct("<QQ")

M = TypeVar("M", bound=Message)


class Arrival(NamedTuple):
    """A message, the session time at which it reached the recorder, and the time it is logged at, ns."""

    arrival_ns: int
    log_ns: int
    message: AnyMessage


@dataclass(frozen=True, slots=True)
class _ChunkPlace:
    """Where a chunk lies, and the log times that it spans."""

    part: int
    offset: int
    length: int
    start_ns: int


class SessionReader:
    """A recorded session.

    Attributes:
        path: the folder (or single MCAP file) that was opened.
        parts: its MCAP files in order.
        metadata: versions, profile, seed and speed as the first part states them.
        truncated: whether a part ends without its end mark, as after a crash.
        skipped: what could not be read so far, counted by reason; grows while messages are read.
    """

    def __init__(self, path: Path | str) -> None:
        """Open a session folder, or one MCAP file of it.

        Raises:
            AttuneError: there is no recording.
        """
        self.path = Path(path)
        self.parts = self._find_parts()
        self.metadata: dict[str, str] = {}
        self.truncated = False
        self.skipped: Counter[str] = Counter()
        self._decoders = {tag: msgspec.json.Decoder(kind) for tag, kind in MESSAGE_TYPES.items()}
        self._chunks: list[_ChunkPlace] = []
        self._channels: dict[int, dict[int, Channel]] = {}
        self._broken: set[tuple[int, int]] = set()
        for number, part in enumerate(self.parts):
            self._index(number, part)
        self._media_zero_ns: int | None = None

    @property
    def media_zero_ns(self) -> int:
        """Session time of media time zero; without a start message that of the first motion frame or message."""
        if self._media_zero_ns is None:
            self._media_zero_ns = self._find_zero()
        return self._media_zero_ns

    @overload
    def messages(self, *, start_ns: int | None = ..., end_ns: int | None = ...) -> Iterator[AnyMessage]: ...
    @overload
    def messages(
        self, kind: type[M], /, *more: type[M], start_ns: int | None = ..., end_ns: int | None = ...
    ) -> Iterator[M]: ...

    def messages(self, *kinds: type[Any], start_ns: int | None = None, end_ns: int | None = None) -> Iterator[Any]:
        """Iterate over messages in order of their time, those of one time in order of arrival.

        Args:
            kinds: only these message types; all where none is given.
            start_ns: only from this session time on.
            end_ns: only before this session time.
        """
        for item in self._by_time(kinds):
            if (start_ns is None or item.log_ns >= start_ns) and (end_ns is None or item.log_ns < end_ns):
                yield item.message

    def timed(self, *kinds: type[Message]) -> Iterator[Arrival]:
        """Iterate as `messages`, with the times of logging and arrival."""
        return self._by_time(kinds)

    def arrivals(self, *kinds: type[Message]) -> Iterator[Arrival]:
        """Iterate over messages in the order in which they reached the recorder."""
        for chunk in self._chunks:
            yield from self._read(chunk, kinds)

    def _by_time(self, kinds: tuple[type[Message], ...]) -> Iterator[Arrival]:
        """Merge the chunks: one is opened when the next message might lie in it."""
        waiting = sorted(range(len(self._chunks)), key=lambda number: (self._chunks[number].start_ns, number))
        heap: list[tuple[int, int, int, Arrival]] = []
        for position, number in enumerate(waiting):
            for place, item in enumerate(self._read(self._chunks[number], kinds)):
                heapq.heappush(heap, (item.log_ns, number, place, item))
            following = waiting[position + 1] if position + 1 < len(waiting) else None
            while heap and (following is None or heap[0][0] < self._chunks[following].start_ns):
                yield heapq.heappop(heap)[3]
        while heap:
            yield heapq.heappop(heap)[3]

    def _find_parts(self) -> list[Path]:
        if self.path.is_file():
            parts = [self.path]
        elif self.path.is_dir():
            parts = session_parts(self.path)
        else:
            raise AttuneError(f"{self.path}: no such folder", "Name a session folder, as written by attune run --out.")
        if not parts:
            raise AttuneError(
                f"{self.path}: not a session folder, it holds no session.mcap",
                "Name the folder given to attune run --out.",
            )
        return parts

    def _index(self, number: int, path: Path) -> None:
        """Note where the chunks of a part lie and read its metadata; stops without error where the file is cut."""
        try:
            with path.open("rb") as file:
                self._index_records(number, path, file)
        except OSError as error:
            raise AttuneError(f"{path}: {error.strerror or error}", "Check its permissions.") from error

    def _index_records(self, number: int, path: Path, file: io.BufferedReader) -> None:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        magic = file.read(len(MCAP0_MAGIC))
        if magic != MCAP0_MAGIC:
            if MCAP0_MAGIC.startswith(magic):
                self.truncated = True
                return
            raise AttuneError(f"{path}: not an MCAP file", "The file was damaged or is something else; remove it.")
        while True:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                break
            opcode, length = _HEAD.unpack(head)
            offset = file.tell()
            if length > size - offset or opcode == 0:
                break
            if opcode == Opcode.CHUNK and length >= _TIMES.size:
                start_ns, _ = _TIMES.unpack(file.read(_TIMES.size))
                self._chunks.append(_ChunkPlace(number, offset, length, start_ns))
            elif opcode == Opcode.METADATA:
                self._take_metadata(file.read(length))
            elif opcode == Opcode.DATA_END:
                return
            file.seek(offset + length)
        self.truncated = True

    def _take_metadata(self, data: bytes) -> None:
        try:
            record = Metadata.read(_stream(data))
        except (McapError, struct.error, ValueError):
            self.skipped["damaged_metadata"] += 1
            return
        if record.name == METADATA_NAME and not self.metadata:
            self.metadata = dict(record.metadata)

    def _read(self, place: _ChunkPlace, kinds: tuple[type[Message], ...]) -> Iterator[Arrival]:
        """Decode one chunk's messages in order of arrival."""
        # Stated once a part, in its first chunk, which may be wanted after a later one.
        if place.part not in self._channels:
            self._channels[place.part] = self._first_channels(place.part)
        channels = self._channels[place.part]
        for record in self._open(place):
            if isinstance(record, Channel):
                channels[record.id] = record
            elif isinstance(record, Record):
                message = self._decode(channels.get(record.channel_id), record.data, kinds)
                if message is not None:
                    yield Arrival(record.publish_time, record.log_time, message)

    def _first_channels(self, part: int) -> dict[int, Channel]:
        """Return the channels of a part's first readable chunk, where the recorder states them all."""
        for place in self._chunks:
            if place.part == part and (found := {r.id: r for r in self._open(place) if isinstance(r, Channel)}):
                return found
        return {}

    def _open(self, place: _ChunkPlace) -> list[Any]:
        """Return a chunk's records; none, and counted once, where it is damaged."""
        with self.parts[place.part].open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
        try:
            chunk = Chunk.read(_stream(data))
            _check_size(chunk)
            return cast("list[Any]", breakup_chunk(chunk, validate_crc=True))
        except (
            McapError,
            CRCValidationError,
            struct.error,
            zstandard.ZstdError,
            ValueError,
            OverflowError,
            MemoryError,
        ):
            if (place.part, place.offset) not in self._broken:
                self._broken.add((place.part, place.offset))
                self.skipped["damaged_chunk"] += 1
            return []

    def _decode(self, channel: Channel | None, data: bytes, kinds: tuple[type[Message], ...]) -> AnyMessage | None:
        if channel is None or channel.message_encoding != "json" or not channel.topic.startswith(TOPIC_PREFIX):
            self.skipped["foreign_channel"] += 1
            return None
        tag = channel.topic[len(TOPIC_PREFIX) :]
        if tag not in MESSAGE_TYPES:
            self.skipped["unknown_type"] += 1
            return None
        if kinds and MESSAGE_TYPES[tag] not in kinds:
            return None
        try:
            message = self._decoders[tag].decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.skipped["invalid"] += 1
            return None
        if message.schema > SCHEMA_VERSION:
            self.skipped["future_schema"] += 1
            return None
        return cast(AnyMessage, message)

    def _find_zero(self) -> int:
        for control in self.messages(SessionControl):
            if control.action == "start":
                return control.t_ns
        for kinds in ((MotionFrame,), ()):
            for item in self._by_time(kinds):
                return item.log_ns
        return 0


def _stream(data: bytes) -> ReadDataStream:
    return ReadDataStream(io.BytesIO(data))


def _check_size(chunk: Chunk) -> None:
    """Refuse a chunk that would grow beyond all measure."""
    size = chunk.uncompressed_size
    if chunk.compression == "zstd":
        size = max(size, zstandard.get_frame_parameters(chunk.data).content_size)
    if size > MAX_CHUNK_BYTES:
        raise ValueError(f"a chunk of {size} bytes, the limit is {MAX_CHUNK_BYTES}")
