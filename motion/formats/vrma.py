"""VRM Animation: write a clip as `.vrma`, a GLB with the extension VRMC_vrm_animation 1.0, and read one.

The file holds the T-pose skeleton as nodes (y up, facing +z, metres; node names are the VRM bone names), a rotation track for each of
the 22 joints and 30 finger bones, a translation track for the hips, and optionally weights of the face, each as the x translation of a
node of its own, as the specification has it. Reading goes through `motion.formats.gltf`. Equal motion gives equal bytes. Blocking.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.fingers import FINGER_BONES
from motion.formats import gltf
from motion.formats.glb import GlbBuilder, GltfError, read_glb
from motion.retarget.hands import finger_rotations
from motion.retarget.solve import retarget
from motion.retarget.tables import VRM
from motion.skeleton import PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

EXTENSION: Final = "VRMC_vrm_animation"
SPEC_VERSION: Final = "1.0"
PRESETS: Final = frozenset(
    "happy angry sad relaxed surprised aa ih ou ee oh blink blinkLeft blinkRight neutral".split()
)
"""Expression presets that a VRM animation may drive; other names become custom expressions."""


def _nodes() -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = [
        {"name": name, "translation": [float(v) for v in REST_OFFSETS_M[row]]} for row, name in enumerate(BODY_JOINTS)
    ]
    for row, parent in enumerate(PARENTS):
        if parent >= 0:
            nodes[parent].setdefault("children", []).append(row)
    places = {str(node["name"]): row for row, node in enumerate(nodes)}
    for name, above, offset_m in FINGER_BONES:
        places[name] = len(nodes)
        nodes[places[above]].setdefault("children", []).append(len(nodes))
        nodes.append({"name": name, "translation": list(offset_m)})
    return nodes


def to_bytes(clip: Clip, expressions: NDArray[np.float32] | None = None, expression_names: Sequence[str] = ()) -> bytes:
    """Return the file's content.

    Args:
        clip: the motion.
        expressions: float [T, E], weights 0 to 1, or None.
        expression_names: E names; VRM presets by their name, others become custom expressions.

    Raises:
        ValueError: the clip is empty, or the expressions do not fit it.
    """
    frames = len(clip)
    if not frames:
        raise ValueError("VRMA: the clip has no frames")
    if expressions is not None and expressions.shape != (frames, len(expression_names)):
        raise ValueError(
            f"VRMA: expressions have shape {expressions.shape}; it must be ({frames}, {len(expression_names)})"
        )
    nodes = _nodes()
    rows = {node["name"]: index for index, node in enumerate(nodes)}
    builder = GlbBuilder()
    times = builder.add(np.arange(frames, dtype=np.float64) / clip.fps)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def track(node: int, path: str, values: NDArray[Any]) -> None:
        samplers.append({"input": times, "output": builder.add(values), "interpolation": "LINEAR"})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": path}})

    local = rot.continuous(rot.normalise(clip.rotations.astype(np.float64)))
    for row in range(len(BODY_JOINTS)):
        track(row, "rotation", local[:, row])
    track(0, "translation", clip.hips_m.astype(np.float64) + REST_OFFSETS_M[0])
    for name, turns in finger_rotations(clip.hands.astype(np.float64)).items():
        track(rows[name], "rotation", turns)
    bones = {name: {"node": index} for name, index in rows.items()}
    extension: dict[str, Any] = {"specVersion": SPEC_VERSION, "humanoid": {"humanBones": bones}}
    roots = [0]
    for column, name in enumerate(expression_names if expressions is not None else ()):
        assert expressions is not None
        roots.append(len(nodes))
        nodes.append({"name": f"expression {name}"})
        weights = np.zeros((frames, 3))
        weights[:, 0] = np.clip(expressions[:, column], 0.0, 1.0)
        track(roots[-1], "translation", weights)
        group = extension.setdefault("expressions", {}).setdefault("preset" if name in PRESETS else "custom", {})
        group[name] = {"node": roots[-1]}
    return builder.to_bytes(
        {
            "asset": {"version": "2.0", "generator": "Attune"},
            "extensionsUsed": [EXTENSION],
            "extensions": {EXTENSION: extension},
            "scene": 0,
            "scenes": [{"nodes": roots}],
            "nodes": nodes,
            "animations": [{"name": "motion", "samplers": samplers, "channels": channels}],
        }
    )


def write(
    target: str | os.PathLike[str] | IO[bytes],
    clip: Clip,
    expressions: NDArray[np.float32] | None = None,
    expression_names: Sequence[str] = (),
) -> None:
    """Write a `.vrma`; see `to_bytes`.

    Raises:
        ValueError: as `to_bytes`.
        OSError: the file cannot be written.
    """
    data = to_bytes(clip, expressions, expression_names)
    if isinstance(target, str | os.PathLike):
        with open(target, "wb") as file:
            file.write(data)
    else:
        target.write(data)


def read(source: str | os.PathLike[str] | IO[bytes], fps: float = gltf.FPS) -> Clip:
    """Read the first animation of a `.vrma`, retargeted from the file's own skeleton.

    Raises:
        GltfError: the file is no VRM animation, is damaged, or lacks a needed bone.
        OSError: it cannot be opened.
    """
    glb = read_glb(source)
    extension = glb.document.get("extensions", {})
    extension = extension.get(EXTENSION) if isinstance(extension, dict) else None
    humanoid = extension.get("humanoid") if isinstance(extension, dict) else None
    bones = humanoid.get("humanBones") if isinstance(humanoid, dict) else None
    if not isinstance(bones, dict):
        raise glb.error(f"extensions.{EXTENSION}.humanoid.humanBones", "is absent; not a VRM animation")
    nodes = glb.items("nodes")
    # The bones are told by the extension; the nodes' own names may be anything.
    for index, node in enumerate(nodes):
        node["name"] = f"node {index}"
    for bone, entry in bones.items():
        if isinstance(entry, dict):
            nodes[glb.index(entry, "node", len(nodes), f"humanBones.{bone}")]["name"] = str(bone)
    for clip in gltf.clips(glb, fps):
        try:
            return retarget(clip, VRM, anchor="file")
        except ValueError as error:
            raise GltfError(f"{glb.name}: {error}") from None
    raise glb.error("animations", "there is none")
