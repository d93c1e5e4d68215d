"""A VRM file of the user's own: read once at start, and checked so that a bad one is one clear error and not an empty page.

What is looked at is the glTF container and the names of the bones (the same checks as `page/glb.js` makes for a file dropped
on the page); meshes and pictures are the browser's to read. Every fault raises AttuneError with the file and the mend.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import AttuneError
from runtime.settings import AvatarSettings

LIMIT_MIB = 64
MAGIC = b"glTF"
JSON_CHUNK = b"JSON"
HEADER_BYTES = 20
DECODERS = {
    "KHR_draco_mesh_compression": "Draco compression",
    "EXT_meshopt_compression": "meshopt compression",
    "KHR_texture_basisu": "KTX2 textures",
}
"""Extensions that need a decoder which the page has not."""

SIDED = ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
REQUIRED_BONES = ("hips", "spine", "head", *(side + bone for side in ("left", "right") for bone in SIDED))
"""Bones that every VRM 1.0 has; VRM 0.x requires more."""

AGAIN = "Export or download it again"


def character_of(settings: AvatarSettings) -> bytes | None:
    """Return the bytes of the character that the settings name, or None for the usual one; raises as `read_vrm`."""
    return read_vrm(Path(settings.character).expanduser()) if settings.character else None


def showing(settings: AvatarSettings, avatar: Path | None) -> AvatarSettings:
    """Return settings whose page shows a file, which is checked first; None leaves them; raises as `read_vrm`."""
    if avatar is None:
        return settings
    read_vrm(avatar)
    return msgspec.structs.replace(settings, character=str(avatar.resolve()))


def read_vrm(path: Path) -> bytes:
    """Return the bytes of a VRM file that the page can show.

    Args:
        path: the file.

    Raises:
        AttuneError: it cannot be read, is too large, is no VRM, or needs what the page has not.
    """
    try:
        size = path.stat().st_size
        if size > LIMIT_MIB << 20:
            raise AttuneError(
                f"{path}: has {size / (1 << 20):.0f} MiB; a character may have {LIMIT_MIB}",
                "Export it with smaller textures",
            )
        body = path.read_bytes()
    except OSError as error:
        raise AttuneError(f"{path}: {error.strerror}", "Give --avatar (avatar.character) a VRM file") from None
    document = _document(path, body)
    extensions = document.get("extensions")
    extensions = extensions if isinstance(extensions, dict) else {}
    if "VRMC_vrm" in extensions:
        missing = [bone for bone in REQUIRED_BONES if bone not in _names_1(extensions["VRMC_vrm"])]
    elif "VRM" in extensions:
        missing = [bone for bone in REQUIRED_BONES if bone not in _names_0(extensions["VRM"])]
    else:
        raise AttuneError(
            f"{path}: is a 3D model, but no VRM: it does not say which bone is which",
            "Export it as VRM, with VRoid Studio or the VRM add-on of Blender",
        )
    if missing:
        raise AttuneError(f"{path}: has no bone {', '.join(missing)}", "Assign all required bones and export it again")
    for name, what in DECODERS.items():
        if name in _list(document, "extensionsRequired"):
            raise AttuneError(f"{path}: uses {what}, which the page cannot read", "Export it without")
    parts = [*_list(document, "buffers"), *_list(document, "images")]
    if any(isinstance(part, dict) and not str(part.get("uri", "data:")).startswith("data:") for part in parts):
        raise AttuneError(f"{path}: parts of it are in other files", "Export it as one file")
    return body


def _document(path: Path, body: bytes) -> dict[str, Any]:
    if len(body) < HEADER_BYTES or body[:4] != MAGIC:
        raise AttuneError(f"{path}: is no VRM file", "Export one with VRoid Studio or the VRM add-on of Blender")
    version, total, length = struct.unpack_from("<III", body, 4)
    if version != 2 or total > len(body) or body[16:20] != JSON_CHUNK or HEADER_BYTES + length > len(body):
        raise AttuneError(f"{path}: is damaged or only a part of a VRM file", AGAIN)
    try:
        document = msgspec.json.decode(body[HEADER_BYTES : HEADER_BYTES + length])
    except (msgspec.DecodeError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise AttuneError(f"{path}: is damaged: its description cannot be read", AGAIN)
    return document


def _names_1(vrm: object) -> set[str]:
    humanoid = vrm.get("humanoid") if isinstance(vrm, dict) else None
    bones = humanoid.get("humanBones") if isinstance(humanoid, dict) else None
    return set(bones) if isinstance(bones, dict) else set()


def _names_0(vrm: object) -> set[str]:
    humanoid = vrm.get("humanoid") if isinstance(vrm, dict) else None
    bones = _list(humanoid, "humanBones") if isinstance(humanoid, dict) else []
    return {str(bone.get("bone")) for bone in bones if isinstance(bone, dict)}


def _list(document: dict[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    return value if isinstance(value, list) else []
