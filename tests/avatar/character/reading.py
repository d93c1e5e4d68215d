"""A small reader of binary glTF for the tests: it checks what it reads, and shares no line with the writer."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

COMPONENTS = {5121: np.dtype("<u1"), 5123: np.dtype("<u2"), 5126: np.dtype("<f4")}
WIDTHS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Read:
    """A parsed file."""

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON" and size % 4 == 0
        self.document: dict[str, Any] = json.loads(data[20 : 20 + size])
        rest, kind = struct.unpack_from("<I4s", data, 20 + size)
        assert kind == b"BIN\0" and rest % 4 == 0 and 28 + size + rest == len(data)
        self.buffer = data[28 + size :]
        assert self.document["buffers"] == [{"byteLength": len(self.buffer)}]
        self.vrm: dict[str, Any] = self.document["extensions"]["VRMC_vrm"]
        self.nodes: list[dict[str, Any]] = self.document["nodes"]

    def _numbers(self, view: int, component: int, kind: str, count: int) -> np.ndarray:
        entry = self.document["bufferViews"][view]
        dtype, width = COMPONENTS[component], WIDTHS[kind]
        assert entry["byteOffset"] % dtype.itemsize == 0
        assert entry["byteOffset"] + entry["byteLength"] <= len(self.buffer)
        assert entry["byteLength"] == count * width * dtype.itemsize
        return np.frombuffer(self.buffer, dtype, count * width, entry["byteOffset"]).reshape(count, width)

    def accessor(self, number: int) -> np.ndarray:
        entry = self.document["accessors"][number]
        count, kind, component = entry["count"], entry["type"], entry["componentType"]
        if "sparse" not in entry:
            found = self._numbers(entry["bufferView"], component, kind, count)
        else:
            sparse = entry["sparse"]
            rows = self._numbers(
                sparse["indices"]["bufferView"], sparse["indices"]["componentType"], "SCALAR", sparse["count"]
            )[:, 0]
            assert 0 < sparse["count"] <= count and np.all(np.diff(rows.astype(int)) > 0) and rows[-1] < count
            found = np.zeros((count, WIDTHS[kind]), COMPONENTS[component])
            found[rows] = self._numbers(sparse["values"]["bufferView"], component, kind, sparse["count"])
        if "min" in entry:
            assert found.min(axis=0).tolist() == entry["min"] and found.max(axis=0).tolist() == entry["max"]
        return found

    def mesh(self, name: str) -> dict[str, Any]:
        found = [mesh for mesh in self.document["meshes"] if mesh["name"] == name]
        assert len(found) == 1
        return found[0]

    def attribute(self, mesh: str, name: str) -> np.ndarray:
        return self.accessor(self.mesh(mesh)["primitives"][0]["attributes"][name])

    def triangles(self, mesh: str) -> np.ndarray:
        return self.accessor(self.mesh(mesh)["primitives"][0]["indices"]).reshape(-1, 3).astype(int)

    def morph(self, name: str) -> np.ndarray:
        """How each vertex of the face moves at full weight."""
        mesh = self.mesh("Face")
        target = mesh["primitives"][0]["targets"][mesh["extras"]["targetNames"].index(name)]
        return self.accessor(target["POSITION"])

    def node(self, name: str) -> int:
        found = [index for index, node in enumerate(self.nodes) if node["name"] == name]
        assert len(found) == 1
        return found[0]

    def parent(self, node: int) -> int | None:
        found = [index for index, other in enumerate(self.nodes) if node in other.get("children", [])]
        assert len(found) <= 1
        return found[0] if found else None

    def place(self, node: int) -> np.ndarray:
        """Where a node is in the rest pose."""
        above = self.parent(node)
        return np.array(self.nodes[node].get("translation", (0, 0, 0))) + (
            self.place(above) if above is not None else 0
        )
