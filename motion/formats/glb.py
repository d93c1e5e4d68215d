"""The GLB container and its accessors: what reading and writing glTF 2.0 animations needs, and no more.

Sizes are bounded before memory is taken; external buffers, sparse accessors and compression extensions are refused by name. Every fault
of a file is one GltfError that names the file and the place (for example `accessors[3]`). Blocking; no state.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = 0x46546C67
_JSON_CHUNK: Final = 0x4E4F534A
_BIN_CHUNK: Final = 0x004E4942
MAX_FILE_BYTES: Final = 512 << 20
MAX_JSON_BYTES: Final = 64 << 20
MAX_ITEMS: Final = 200_000
"""Most entries of one list in the JSON part; Mesh2Motion's file with 50 clips has 8,019 accessors."""

FLOAT: Final = 5126
_COMPONENTS: Final[dict[int, tuple[str, float]]] = {
    5120: ("<i1", 127.0),
    5121: ("<u1", 255.0),
    5122: ("<i2", 32767.0),
    5123: ("<u2", 65535.0),
    5125: ("<u4", 0.0),
    FLOAT: ("<f4", 0.0),
}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class GltfError(ValueError):
    """A glTF file that cannot be read; the message names file, place and fault."""


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


@dataclass(frozen=True)
class Glb:
    """A parsed GLB: the JSON part and the binary chunk.

    Attributes:
        name: file name for messages.
        document: the JSON object.
        binary: the binary chunk; empty where there is none.
    """

    name: str
    document: dict[str, Any]
    binary: bytes

    @cached_property
    def accessors(self) -> list[dict[str, Any]]:
        """The accessors, checked once: a file has thousands, and each is looked up."""
        return self.items("accessors")

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        """The buffer views, checked once."""
        return self.items("bufferViews")

    def error(self, place: str, text: str) -> GltfError:
        """Make an error for a place in the document."""
        return GltfError(f"{self.name}: {place}: {text}")

    def items(self, key: str, owner: dict[str, Any] | None = None, place: str = "") -> list[dict[str, Any]]:
        """A list of objects in the document (or in `owner`); absent is empty.

        Raises:
            GltfError: it is no list of objects, or too long.
        """
        value = (self.document if owner is None else owner).get(key, [])
        if not isinstance(value, list) or len(value) > MAX_ITEMS or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{place}{key}", f"must be a list of at most {MAX_ITEMS} objects")
        return value

    def index(self, owner: dict[str, Any], key: str, count: int, place: str) -> int:
        """A reference into a list of `count` entries.

        Raises:
            GltfError: it is absent, no whole number, or out of range.
        """
        value = owner.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < count:
            raise self.error(f"{place}.{key}", f"is {str(value)[:40]!r}; it must be 0 to {count - 1}")
        return value

    def numbers(self, owner: dict[str, Any], key: str, default: Sequence[float], place: str) -> NDArray[np.float64]:
        """A short list of finite numbers with a default.

        Raises:
            GltfError: another length, or not numbers.
        """
        value = owner.get(key, default)
        if (
            not isinstance(value, Sequence)
            or len(value) != len(default)
            or not all(isinstance(v, int | float) and abs(v) < 1e12 for v in value)
        ):
            raise self.error(f"{place}.{key}", f"must be {len(default)} numbers")
        return np.array(value, dtype=np.float64)

    def accessor(self, index: int) -> NDArray[np.float64]:
        """Values of an accessor as float64 [count, width]; normalised integers become shares.

        Raises:
            GltfError: it is broken, leaves the binary chunk, or needs what is not supported.
        """
        place = f"accessors[{index}]"
        accessors, views = self.accessors, self.views
        if not 0 <= index < len(accessors):
            raise self.error(place, f"there are only {len(accessors)}")
        entry = accessors[index]
        if "sparse" in entry or "bufferView" not in entry:
            raise self.error(place, "sparse or empty accessors are not supported; export without optimisation")
        kind, scale = _COMPONENTS.get(self._whole(entry, "componentType", place), ("", 0.0))
        width = _WIDTHS.get(str(entry.get("type")), 0)
        if not kind or not width:
            raise self.error(place, "unknown componentType or type")
        count = self._whole(entry, "count", place)
        view = views[self.index(entry, "bufferView", len(views), place)]
        if "extensions" in view:
            raise self.error(place, "its bufferView is compressed; export without compression")
        if self._whole(view, "buffer", place) != 0 or "uri" in (self.items("buffers") or [{}])[0]:
            raise self.error(place, "its data lie outside the file; export as GLB")
        size = np.dtype(kind).itemsize * width
        stride = self._whole(view, "byteStride", place) or size
        first, length = self._whole(view, "byteOffset", place), self._whole(view, "byteLength", place)
        offset = self._whole(entry, "byteOffset", place)
        if (
            stride < size
            or (count and offset + stride * (count - 1) + size > length)
            or first + length > len(self.binary)
        ):
            raise self.error(
                place, f"{count} values do not lie within the {len(self.binary)} bytes of data; the file is cut off"
            )
        raw: NDArray[Any] = np.ndarray(
            (count, width), kind, self.binary, first + offset, (stride, np.dtype(kind).itemsize)
        )
        values = raw.astype(np.float64)
        if entry.get("normalized") is True and scale:
            values = np.maximum(values / scale, -1.0)
        if not np.isfinite(values).all():
            raise self.error(place, "holds numbers that are not finite")
        return values

    def _whole(self, owner: dict[str, Any], key: str, place: str) -> int:
        value = owner.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_FILE_BYTES:
            raise self.error(f"{place}.{key}", f"is {str(value)[:40]!r}; it must be a whole number")
        return value


def read_glb(source: str | os.PathLike[str] | IO[bytes]) -> Glb:
    """Read a GLB file (`.glb`, `.vrm`, `.vrma`).

    Raises:
        GltfError: it is none, is cut off, or is too large.
        OSError: it cannot be opened.
    """
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            return _parse(file.read(MAX_FILE_BYTES + 1), str(Path(source)))
    return _parse(source.read(MAX_FILE_BYTES + 1), "GLB stream")


def _parse(data: bytes, name: str) -> Glb:
    if len(data) > MAX_FILE_BYTES:
        raise GltfError(f"{name}: larger than {MAX_FILE_BYTES >> 20} MiB")
    if len(data) < 20:
        raise GltfError(f"{name}: only {len(data)} bytes; not a GLB file")
    magic, version, length = struct.unpack_from("<III", data)
    if magic != MAGIC or version != 2:
        raise GltfError(f"{name}: not a GLB file of version 2; export as binary glTF 2.0")
    if length > len(data):
        raise GltfError(f"{name}: the header says {length} bytes, but only {len(data)} are there; the file is cut off")
    chunks: list[tuple[int, bytes]] = []
    at = 12
    while at + 8 <= length and len(chunks) < 16:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise GltfError(f"{name}: chunk {len(chunks)} leaves the file; the file is damaged")
        chunks.append((kind, data[at + 8 : at + 8 + size]))
        at += 8 + size
    if not chunks or chunks[0][0] != _JSON_CHUNK or len(chunks[0][1]) > MAX_JSON_BYTES:
        raise GltfError(f"{name}: the first chunk must be JSON of at most {MAX_JSON_BYTES >> 20} MiB")
    try:
        document = json.loads(chunks[0][1].decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise GltfError(f"{name}: the JSON part cannot be read: {str(error)[:100]}") from None
    if not isinstance(document, dict):
        raise GltfError(f"{name}: the JSON part is not an object")
    binary = chunks[1][1] if len(chunks) > 1 and chunks[1][0] == _BIN_CHUNK else b""
    return Glb(name, document, binary)


class GlbBuilder:
    """Collects float accessors and writes a GLB. One thread."""

    def __init__(self) -> None:
        """Start empty."""
        self._parts: list[bytes] = []
        self._size = 0
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, values: NDArray[Any]) -> int:
        """Append a float accessor of [count] or [count, 3 or 4] values and return its index; `min` and `max` are filled in."""
        flat = np.ascontiguousarray(values.reshape(values.shape[0], -1), dtype="<f4")
        kind = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}[flat.shape[1]]
        data = flat.tobytes()
        self.views.append({"buffer": 0, "byteOffset": self._size, "byteLength": len(data)})
        self.accessors.append(
            {
                "bufferView": len(self.views) - 1,
                "componentType": FLOAT,
                "count": flat.shape[0],
                "type": kind,
                "min": [float(v) for v in flat.min(axis=0)],
                "max": [float(v) for v in flat.max(axis=0)],
            }
        )
        self._parts.append(data)
        self._size += len(data)
        return len(self.accessors) - 1

    def to_bytes(self, document: dict[str, Any]) -> bytes:
        """The file: the document completed by accessors, views and buffer. Equal input gives equal bytes."""
        whole = {
            **document,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": self._size}],
        }
        text = json.dumps(whole, separators=(",", ":"), ensure_ascii=True).encode("ascii")
        text += b" " * (-len(text) % 4)
        binary = b"".join(self._parts)
        head = struct.pack("<III", MAGIC, 2, 12 + 8 + len(text) + 8 + len(binary))
        return b"".join(
            [
                head,
                struct.pack("<II", len(text), _JSON_CHUNK),
                text,
                struct.pack("<II", len(binary), _BIN_CHUNK),
                binary,
            ]
        )
