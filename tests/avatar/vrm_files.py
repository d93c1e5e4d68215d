"""Small VRM files made by the tests: any set of bones, any size, version 0.x or 1.0, with a picture inside."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from motion.skeleton import PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

OPTIONAL = ("chest", "upperChest", "neck", "leftShoulder", "rightShoulder", "leftToes", "rightToes")
EYES = ("leftEye", "rightEye")
FINGER = ("leftIndexProximal", "leftIndexIntermediate", "leftIndexDistal")
PLAIT, PLAIT_LINK_M = 4, 0.08
"""Loose bones of `springs`, and how long each is."""
HEAD_TO_EYE_M = (0.032, 0.09, 0.08)


def without(*names: str, eyes: bool = True) -> list[str]:
    """Return the names of all bones of the wire's body, less some."""
    return [*(name for name in BODY_JOINTS if name not in names), *(EYES if eyes else ())]


def vrm(
    version: int = 1,
    *,
    bones: Sequence[str] = (*BODY_JOINTS, *EYES, *FINGER),
    expressions: Iterable[str] = ("happy", "blinkLeft", "blinkRight", "aa", "ih", "ou", "ee", "oh"),
    scale: float = 1.0,
    springs: bool = False,
    **document: Any,
) -> bytes:
    """Return a VRM file.

    Args:
        version: 1, or 0 for VRM 0.x, which looks to the back.
        bones: VRM 1.0 names of the bones that it has; what would hang on one that is left out hangs on the next.
        expressions: names of its expressions, each with a morph of its own; names that are no presets are custom.
        scale: size, 1 for the wire's body.
        springs: whether a plait of loose bones (spring bones) hangs at the back of its head.
        document: parts of the glTF document to replace.
    """
    nodes: list[dict[str, Any]] = []
    number: dict[str, int] = {}
    turned = 1 if version == 1 else -1
    at: dict[str, np.ndarray[Any, Any]] = {}
    rest = {}
    for joint, name in enumerate(BODY_JOINTS):
        parent = BODY_JOINTS[PARENTS[joint]] if joint else None
        rest[name] = (rest[parent] if parent else 0) + np.array(REST_OFFSETS_M[joint], float)
        above = parent
        while above is not None and above not in bones:
            up = PARENTS[BODY_JOINTS.index(above)]
            above = BODY_JOINTS[up] if up >= 0 else None
        if name in bones:
            _add(nodes, number, at, name, above, rest[name] * scale, turned)
    for eye in EYES:
        if eye in bones:
            side = 1 if eye == "leftEye" else -1
            place = rest["head"] + np.array(HEAD_TO_EYE_M) * (side, 1, 1)
            _add(nodes, number, at, eye, "head", place * scale, turned)
    for segment, finger in enumerate(FINGER):
        if finger in bones:
            above = FINGER[segment - 1] if segment else "leftHand"
            _add(
                nodes, number, at, finger, above, (rest["leftHand"] + (0.08 + 0.03 * segment, 0, 0.02)) * scale, turned
            )
    names = list(expressions)
    binary, mesh, rest_of_document = _mesh(len(names), scale)
    face = len(nodes)
    nodes.append({"name": "face", "mesh": 0})
    nodes[number["head"]].setdefault("children", []).append(face)
    extension = _extension_1(number, names, face) if version == 1 else _extension_0(number, names)
    if springs:
        _hang_plait(nodes, number["head"], extension, scale, turned)
    gltf = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": nodes,
        "meshes": [mesh],
        "extensionsUsed": list(extension),
        "extensions": extension,
        **rest_of_document,
        **document,
    }
    return glb(gltf, binary)


def glb(document: dict[str, Any], binary: bytes = b"") -> bytes:
    """Return a binary glTF file."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def _add(
    nodes: list[dict[str, Any]],
    number: dict[str, int],
    at: dict[str, np.ndarray[Any, Any]],
    name: str,
    above: str | None,
    place: np.ndarray[Any, Any],
    turned: int,
) -> None:
    number[name] = len(nodes)
    at[name] = place
    offset = (place - (at[above] if above else 0)) * (turned, 1, turned)
    nodes.append({"name": f"J_{name}", "translation": [float(v) for v in offset]})
    if above is not None:
        nodes[number[above]].setdefault("children", []).append(number[name])


def _hang_plait(nodes: list[dict[str, Any]], head: int, extension: dict[str, Any], scale: float, turned: int) -> None:
    """Hang bones `plait0` to `plait3` at the back of the head, which swing by the rules of the file's version."""
    first = len(nodes)
    nodes[head].setdefault("children", []).append(first)
    for link in range(PLAIT):
        offset = (0.0, -PLAIT_LINK_M * scale, 0.0) if link else (0.0, 0.05 * scale, -0.12 * scale * turned)
        nodes.append({"name": f"plait{link}", "translation": list(offset)})
        if link < PLAIT - 1:
            nodes[-1]["children"] = [first + link + 1]
    how = {"hitRadius": 0.01, "gravityPower": 0.0, "dragForce": 0.4}
    if "VRM" in extension:
        group = {"stiffiness": 1.0, "gravityDir": {"x": 0, "y": -1, "z": 0}, "center": -1, "bones": [first]}
        extension["VRM"]["secondaryAnimation"] = {
            "boneGroups": [{**group, **how, "colliderGroups": []}],
            "colliderGroups": [],
        }
        return
    joints = [{"node": first + link, "stiffness": 1.0, "gravityDir": [0, -1, 0], **how} for link in range(PLAIT)]
    extension["VRMC_springBone"] = {"specVersion": "1.0", "springs": [{"name": "plait", "joints": joints}]}


def _mesh(morphs: int, scale: float) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    """Return a box of a head with `morphs` morphs and a picture on it."""
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (0, 2) for z in (-1, 1)], "<f4") * np.float32(0.1 * scale)
    faces = "0 1 3 0 3 2 4 6 7 4 7 5 0 4 5 0 5 1 2 3 7 2 7 6 0 2 6 0 6 4 1 5 7 1 7 3"
    parts = [corners.tobytes(), np.zeros((8, 2), "<f4").tobytes(), np.array(faces.split(), "<u2").tobytes(), _png()]
    parts += [np.full((8, 3), 0.001 * (i + 1), "<f4").tobytes() for i in range(morphs)]
    views, binary = [], b""
    for part in parts:
        binary += bytes(-len(binary) % 4)
        views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(part)})
        binary += part
    spans = {"min": corners.min(0).tolist(), "max": corners.max(0).tolist()}
    accessors: list[dict[str, Any]] = [
        {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3", **spans},
        {"bufferView": 1, "componentType": 5126, "count": 8, "type": "VEC2"},
        {"bufferView": 2, "componentType": 5123, "count": 36, "type": "SCALAR"},
    ]
    for i in range(morphs):
        move = {"min": [0.001 * (i + 1)] * 3, "max": [0.001 * (i + 1)] * 3}
        accessors.append({"bufferView": 4 + i, "componentType": 5126, "count": 8, "type": "VEC3", **move})
    primitive: dict[str, Any] = {"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}
    if morphs:
        primitive["targets"] = [{"POSITION": 3 + i} for i in range(morphs)]
    document = {
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(binary)}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "textures": [{"source": 0}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
    }
    return binary, {"primitives": [primitive]}, document


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"\0\xd0\x50\x40\xd0\x50\x40" * 2
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PRESETS = frozenset(
    "neutral happy sad angry surprised relaxed blink blinkLeft blinkRight lookUp lookDown lookLeft lookRight"
    " aa ih ou ee oh".split()
)
OLD_PRESETS = {
    "happy": "joy", "sad": "sorrow", "angry": "angry", "relaxed": "fun", "blink": "blink", "blinkLeft": "blink_l", "blinkRight": "blink_r",
    "aa": "a", "ih": "i", "ou": "u", "ee": "e", "oh": "o",
}  # fmt: skip


def _extension_1(number: dict[str, int], names: list[str], face: int) -> dict[str, Any]:
    made = {n: {"morphTargetBinds": [{"node": face, "index": i, "weight": 1.0}]} for i, n in enumerate(names)}
    ranges = {
        f"rangeMap{way}": {"inputMaxValue": 90.0, "outputScale": 90.0}
        for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
    }
    return {
        "VRMC_vrm": {
            "specVersion": "1.0",
            "meta": {"name": "test", "authors": ["the tests"], "licenseUrl": "https://vrm.dev/licenses/1.0/"},
            "humanoid": {"humanBones": {name: {"node": index} for name, index in number.items()}},
            "expressions": {
                "preset": {n: e for n, e in made.items() if n in PRESETS},
                "custom": {n: e for n, e in made.items() if n not in PRESETS},
            },
            "lookAt": {"type": "bone", "offsetFromHeadBone": [0, 0.09, 0.08], **ranges},
        }
    }


def _extension_0(number: dict[str, int], names: list[str]) -> dict[str, Any]:
    groups = [
        {"name": n, "presetName": OLD_PRESETS.get(n, "unknown"), "binds": [{"mesh": 0, "index": i, "weight": 100}]}
        for i, n in enumerate(names)
    ]
    wide = {"curve": [0, 0, 0, 1, 1, 1, 1, 0], "xRange": 90, "yRange": 90}
    looks = {f"lookAt{way}": wide for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")}
    return {
        "VRM": {
            "specVersion": "0.0",
            "meta": {"title": "test", "author": "the tests"},
            "humanoid": {"humanBones": [{"bone": name, "node": index} for name, index in number.items()]},
            "firstPerson": {"firstPersonBone": number["head"], "lookAtTypeName": "Bone", **looks},
            "blendShapeMaster": {"blendShapeGroups": groups},
            "materialProperties": [{"name": "m", "shader": "VRM_USE_GLTFSHADER"}],
        }
    }
