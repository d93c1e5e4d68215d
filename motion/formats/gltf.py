"""Skeletal animations from GLB files (glTF 2.0): named source clips at a fixed rate, with the bind pose of the skin.

Every node that is a joint of a skin, is animated, or stands above one, becomes a joint of the clip. Rotations are resampled on the shorter
arc (LINEAR), held (STEP) or by cubic Hermite (CUBICSPLINE); scale is left out: a body does not change its size. Axes and metres as in
glTF: y up, facing +z. Faults are GltfError; blocking; no state.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.formats.glb import Glb, GltfError, read_glb
from motion.retarget.source import MAX_JOINTS, RestPose, SourceClip, forward, spans

__all__ = ["GltfError", "clips", "read", "read_names", "read_rest"]

FPS: Final = 30.0
MAX_SECONDS: Final = 3_600.0
Array = NDArray[Any]
Source = str | os.PathLike[str] | IO[bytes]


@dataclass(frozen=True, slots=True)
class _Tree:
    glb: Glb
    rows: dict[int, int]
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    rotations: Array
    translations: Array
    rest: RestPose


def _parents(glb: Glb, nodes: list[dict[str, Any]]) -> list[int]:
    above = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        children = node.get("children", [])
        if not isinstance(children, list):
            raise glb.error(f"nodes[{index}].children", "must be a list")
        for child in children:
            if not isinstance(child, int) or not 0 <= child < len(nodes) or above[child] >= 0 or child == index:
                raise glb.error(f"nodes[{index}].children", f"{str(child)[:20]!r} is out of range or has two parents")
            above[child] = index
    return above


def _targets(glb: Glb, count: int) -> set[int]:
    """Nodes that skins or animations name."""
    wanted: set[int] = set()
    for s, skin in enumerate(glb.items("skins")):
        joints = skin.get("joints", [])
        if not isinstance(joints, list) or not all(isinstance(j, int) and 0 <= j < count for j in joints):
            raise glb.error(f"skins[{s}].joints", f"must be a list of 0 to {count - 1}")
        wanted.update(joints)
    if not wanted:
        for a, animation in enumerate(glb.items("animations")):
            for c, channel in enumerate(glb.items("channels", animation, f"animations[{a}].")):
                target = channel.get("target")
                if isinstance(target, dict) and "node" in target:
                    wanted.add(glb.index(target, "node", count, f"animations[{a}].channels[{c}].target"))
    return wanted


def _tree(glb: Glb) -> _Tree:
    nodes = glb.items("nodes")
    above = _parents(glb, nodes)
    keep: set[int] = set()
    for node in sorted(_targets(glb, len(nodes))):
        trail: set[int] = set()
        while node >= 0 and node not in keep:
            if node in trail:
                raise glb.error(f"nodes[{node}]", "is its own ancestor")
            trail.add(node)
            node = above[node]
        keep |= trail
    if not 0 < len(keep) <= MAX_JOINTS:
        raise glb.error("skins", f"{len(keep)} joints; between 1 and {MAX_JOINTS} can be read")
    order: list[int] = []
    for node in sorted(keep):
        chain = []
        while node >= 0 and node not in order:
            chain.append(node)
            node = above[node]
        order.extend(reversed(chain))
    rows = {node: row for row, node in enumerate(order)}
    parents = tuple(rows[above[node]] if above[node] >= 0 else -1 for node in order)
    rotations, translations = np.empty((len(order), 4)), np.empty((len(order), 3))
    for row, node in enumerate(order):
        place = f"nodes[{node}]"
        if "matrix" in nodes[node]:
            matrix = glb.numbers(nodes[node], "matrix", np.eye(4).ravel().tolist(), place).reshape(4, 4).T
            rotations[row] = rot.from_matrix(_orthonormal(matrix[:3, :3]))
            translations[row] = matrix[:3, 3]
        else:
            rotations[row] = rot.normalise(glb.numbers(nodes[node], "rotation", (0.0, 0.0, 0.0, 1.0), place))
            translations[row] = glb.numbers(nodes[node], "translation", (0.0, 0.0, 0.0), place)
    names = tuple(str(nodes[node].get("name", f"node{node}"))[:128] for node in order)
    positions, world = forward(parents, rotations[None], translations[None])
    rest = _bind(glb, rows, RestPose(world[0], positions[0]))
    return _Tree(glb, rows, names, parents, rotations, translations, rest)


def _orthonormal(matrix: Array) -> Array:
    """Nearest rotation of a 3 x 3 matrix with scale (polar decomposition)."""
    u, _, v = np.linalg.svd(matrix)
    turned: Array = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v)) or 1.0]) @ v
    return turned


def _bind(glb: Glb, rows: dict[int, int], nodes_rest: RestPose) -> RestPose:
    """Bind pose from the inverse bind matrices of the first skin; the nodes' own pose where there is none."""
    skins = glb.items("skins")
    if not skins or "inverseBindMatrices" not in skins[0]:
        return nodes_rest
    joints = [rows[node] for node in skins[0]["joints"]]
    matrices = glb.accessor(glb.index(skins[0], "inverseBindMatrices", len(glb.accessors), "skins[0]"))
    if matrices.shape != (len(joints), 16):
        raise glb.error("skins[0].inverseBindMatrices", f"must be {len(joints)} matrices")
    try:
        bind = np.linalg.inv(matrices.reshape(-1, 4, 4).transpose(0, 2, 1))
    except np.linalg.LinAlgError:
        raise glb.error("skins[0].inverseBindMatrices", "cannot be inverted") from None
    turned = rot.from_matrix(np.stack([_orthonormal(m[:3, :3]) for m in bind]))
    # Bind matrices live in the mesh's space. How that is turned against the world follows from the first joint's node, which may itself
    # be posed: exporters turn by whole quarters, so the nearest such turn is meant.
    frame = _quarters(rot.multiply(nodes_rest.rotations[joints[0]], rot.conjugate(turned[0])))
    rotations, positions = nodes_rest.rotations.copy(), np.full_like(nodes_rest.positions_m, np.nan)
    rotations[joints] = rot.multiply(np.broadcast_to(frame, turned.shape), turned)
    positions[joints] = rot.rotate(np.broadcast_to(frame, turned.shape), bind[:, :3, 3])
    return RestPose(rotations, positions)


def _quarters(turn: Array) -> Array:
    """The turn by whole quarters within 35 degrees of this one, or else this one."""
    whole = np.round(rot.to_matrix(turn))
    if np.array_equal(whole @ whole.T, np.eye(3)) and np.linalg.det(whole) > 0.5:
        near = rot.from_matrix(whole)
        if rot.angle_between(turn, near) < np.radians(35.0):
            return near
    return turn


def read_rest(source: Source) -> tuple[tuple[str, ...], RestPose]:
    """Names of the joints and the bind pose of a GLB.

    Raises:
        GltfError: the file cannot be read or has no joints.
        OSError: it cannot be opened.
    """
    tree = _tree(read_glb(source))
    return tree.joints, tree.rest


def read_names(source: Source) -> tuple[str, ...]:
    """Names of the animations in a GLB, in its order.

    Raises:
        GltfError: the file cannot be read.
        OSError: it cannot be opened.
    """
    return tuple(str(item.get("name", f"animation{i}")) for i, item in enumerate(read_glb(source).items("animations")))


def read(source: Source, fps: float = FPS) -> Iterator[SourceClip]:
    """Every animation of a GLB, resampled.

    Args:
        source: path or open binary file.
        fps: frames per second of the clips.

    Raises:
        GltfError: the file is broken, cut off, or needs what is not supported; the message names the place.
        ValueError: the rate is not positive.
        OSError: the file cannot be opened.
    """
    yield from clips(read_glb(source), fps)


def clips(glb: Glb, fps: float = FPS) -> Iterator[SourceClip]:
    """As `read`, from a parsed file."""
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps is {fps}; it must be positive")
    tree = _tree(glb)
    for index, animation in enumerate(tree.glb.items("animations")):
        yield _clip(tree, index, animation, fps)


def _clip(tree: _Tree, index: int, animation: dict[str, Any], fps: float) -> SourceClip:
    glb, place = tree.glb, f"animations[{index}]"
    samplers = glb.items("samplers", animation, f"{place}.")
    tracks: list[tuple[int, str, str, Array, Array]] = []
    end = 0.0
    for c, channel in enumerate(glb.items("channels", animation, f"{place}.")):
        here = f"{place}.channels[{c}]"
        target = channel.get("target")
        if not isinstance(target, dict) or target.get("path") not in ("rotation", "translation"):
            continue
        if target.get("node") not in tree.rows:
            continue
        sampler = samplers[glb.index(channel, "sampler", len(samplers), here)]
        times = glb.accessor(glb.index(sampler, "input", len(glb.accessors), here))[:, 0]
        values = glb.accessor(glb.index(sampler, "output", len(glb.accessors), here))
        mode = str(sampler.get("interpolation", "LINEAR"))
        width = 4 if target["path"] == "rotation" else 3
        keys = len(times) * (3 if mode == "CUBICSPLINE" else 1)
        if mode not in ("LINEAR", "STEP", "CUBICSPLINE") or not keys or values.shape != (keys, width):
            raise glb.error(here, f"{len(times)} keys of {mode[:20]!r} with values of shape {values.shape} do not fit")
        if times[0] < 0 or times[-1] > MAX_SECONDS or (np.diff(times) < 0).any():
            raise glb.error(here, f"times must rise and lie within 0 to {MAX_SECONDS:.0f} s")
        end = max(end, float(times[-1]))
        tracks.append((tree.rows[target["node"]], str(target["path"]), mode, times, values))
    frames = int(np.floor(end * fps + 1e-4)) + 1
    wanted = np.arange(frames) / fps
    rotations = np.repeat(tree.rotations[None], frames, axis=0)
    translations = np.repeat(tree.translations[None], frames, axis=0)
    for row, path, mode, times, values in tracks:
        if path == "rotation":
            rotations[:, row] = rot.normalise(_sample(wanted, times, values, mode, turns=True))
        else:
            translations[:, row] = _sample(wanted, times, values, mode, turns=False)
    name = str(animation.get("name", f"animation{index}"))[:128]
    return SourceClip(name, fps, tree.joints, tree.parents, rotations, translations, tree.rest)


def _sample(wanted: Array, times: Array, values: Array, mode: str, *, turns: bool) -> Array:
    low, share = spans(times, wanted)
    high = np.minimum(low + 1, len(times) - 1)
    if mode == "CUBICSPLINE":
        # glTF 2.0 appendix C: values are in-tangent, value, out-tangent; tangents are per second.
        keys = values.reshape(len(times), 3, -1)
        t, width = share[:, None], (times[high] - times[low])[:, None]
        smooth: Array = (
            (2 * t**3 - 3 * t**2 + 1) * keys[low, 1]
            + (t**3 - 2 * t**2 + t) * width * keys[low, 2]
            + (3 * t**2 - 2 * t**3) * keys[high, 1]
            + (t**3 - t**2) * width * keys[high, 0]
        )
        return smooth
    if mode == "STEP":
        return values[np.where(share >= 1.0, high, low)]
    if turns:
        unit = rot.normalise(values)
        return rot.slerp(unit[low], unit[high], share)
    moved: Array = values[low] + share[:, None] * (values[high] - values[low])
    return moved
