"""Write a binary glTF 2.0 file: accessors, skins, meshes with sparse morph targets.

The same arrays give the same bytes on any machine: positions lie on a grid of 2^-16 m, normals on one of 1/256, so that a difference in
the last digit of a sine does not show. One buffer, little-endian, aligned to four bytes.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from avatar.character.mesh import GRID, Array, Finished

FLOAT, UBYTE, USHORT = 5126, 5121, 5123
VERTICES, INDICES = 34962, 34963
NORMAL_GRID = 256.0
UNSEEN_M = 0.0006
"""A morph target leaves out vertices that would move less than this."""


class Glb:
    """A glTF document and its one buffer, growing."""

    def __init__(self, generator: str) -> None:
        """Begin an empty document."""
        self.buffer = bytearray()
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": generator},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "materials": [],
            "meshes": [],
            "skins": [],
            "accessors": [],
            "bufferViews": [],
        }

    def view(self, array: npt.NDArray[Any], target: int | None = None) -> int:
        """Store bytes; return the number of their view."""
        data = array.tobytes()
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.buffer), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.buffer += data + bytes(-len(data) % 4)
        self.document["bufferViews"].append(view)
        return len(self.document["bufferViews"]) - 1

    def accessor(self, kind: str, component: int, count: int, **more: Any) -> int:
        """Describe stored numbers; return the number of the accessor."""
        entry = {"componentType": component, "count": count, "type": kind, **more}
        self.document["accessors"].append(entry)
        return len(self.document["accessors"]) - 1

    def floats(
        self, array: Array, kind: str, *, grid: float, bounds: bool = False, target: int | None = VERTICES
    ) -> int:
        """Store numbers as float32 on a grid."""
        exact = (np.round(array * grid) / grid + 0.0).astype("<f4")
        more = {"min": exact.min(axis=0).tolist(), "max": exact.max(axis=0).tolist()} if bounds else {}
        return self.accessor(kind, FLOAT, len(exact), bufferView=self.view(exact, target), **more)

    def morph(self, deltas: Array) -> dict[str, int]:
        """Store one morph target: only the vertices that move."""
        exact = (np.round(deltas * GRID) / GRID + 0.0).astype("<f4")
        moved = np.flatnonzero((exact * exact).sum(axis=1) > UNSEEN_M**2)
        if len(moved) == 0:
            raise ValueError("a morph target moves no vertex")
        sparse = {
            "count": len(moved),
            "indices": {"bufferView": self.view(moved.astype("<u2")), "componentType": USHORT},
            "values": {"bufferView": self.view(exact[moved])},
        }
        low, high = (edge(exact[moved], axis=0) for edge in (np.min, np.max))
        low, high = np.minimum(low, 0).tolist(), np.maximum(high, 0).tolist()
        return {"POSITION": self.accessor("VEC3", FLOAT, len(exact), sparse=sparse, min=low, max=high)}

    def mesh(
        self, name: str, mesh: Finished, material: int, morphs: dict[str, Array] | None = None, *, skinned: bool = True
    ) -> int:
        """Store a mesh of one primitive; return its number."""
        count = len(mesh.points)
        if count > 65535:
            raise ValueError(f"mesh {name} has {count} vertices; indices of two bytes take 65535")
        color = np.concatenate([np.round(mesh.colors * 255), np.full((count, 1), 255)], axis=1).astype("u1")
        primitive: dict[str, Any] = {
            "attributes": {
                "POSITION": self.floats(mesh.points, "VEC3", grid=GRID, bounds=True),
                "NORMAL": self.floats(mesh.normals, "VEC3", grid=NORMAL_GRID),
                "COLOR_0": self.accessor("VEC4", UBYTE, count, bufferView=self.view(color, VERTICES), normalized=True),
            },
            "indices": self.accessor(
                "SCALAR", USHORT, mesh.triangles.size, bufferView=self.view(mesh.triangles.astype("<u2"), INDICES)
            ),
            "material": material,
            "mode": 4,
        }
        if skinned:
            joints, weights = mesh.joints.astype("u1"), weight_bytes(mesh.weights)
            primitive["attributes"] |= {
                "JOINTS_0": self.accessor("VEC4", UBYTE, count, bufferView=self.view(joints, VERTICES)),
                "WEIGHTS_0": self.accessor(
                    "VEC4", UBYTE, count, bufferView=self.view(weights, VERTICES), normalized=True
                ),
            }
        entry: dict[str, Any] = {"name": name, "primitives": [primitive]}
        if morphs:
            primitive["targets"] = [self.morph(deltas) for deltas in morphs.values()]
            entry["weights"] = [0.0] * len(morphs)
            entry["extras"] = {"targetNames": list(morphs)}
        self.document["meshes"].append(entry)
        return len(self.document["meshes"]) - 1

    def node(self, **fields: Any) -> int:
        """Add a node; return its number."""
        self.document["nodes"].append(fields)
        return len(self.document["nodes"]) - 1

    def encode(self) -> bytes:
        """Return the whole file."""
        document = {**self.document, "buffers": [{"byteLength": len(self.buffer)}]}
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        size = 12 + 8 + len(text) + 8 + len(self.buffer)
        return b"".join(
            (
                struct.pack("<4sII", b"glTF", 2, size),
                struct.pack("<I4s", len(text), b"JSON"),
                text,
                struct.pack("<I4s", len(self.buffer), b"BIN\0"),
                bytes(self.buffer),
            )
        )


def weight_bytes(weights: Array) -> npt.NDArray[np.uint8]:
    """Return weights as bytes whose sum is 255 for each vertex."""
    whole = np.round(weights * 255).astype(np.int64)
    largest = whole.argmax(axis=1)
    whole[np.arange(len(whole)), largest] += 255 - whole.sum(axis=1)
    return whole.astype(np.uint8)
