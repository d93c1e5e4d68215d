"""Readers for the three NPZ layouts of the shipped corpus: mpi-ebedb, Rocketbox gestures, Mesh2Motion. Each gives named source clips.

Centimetres become metres; axes stay the file's (y up, facing +z in all three). Clips are made one by one while iterating, so that an
hour of motion is never expanded at once. Faults are NpzError with file and array. Blocking; no state.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.formats.gltf import read_rest
from motion.formats.npz import NpzArrays, NpzError, unit_quaternions
from motion.retarget.source import RestPose, SourceClip, forward, zero_rest

_CM: Final = 0.01
_FPS: Final = 30.0
"""Both packed layouts are at 30 fps by definition; they do not store it."""

Path_ = str | os.PathLike[str]


def _packed(
    path: Path_,
) -> Iterator[tuple[str, tuple[str, ...], tuple[int, ...], NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """Clips of the packed layout: name, joints, parents, rotations [T, J, 4], root [T, 3] m, offsets [J, 3] m."""
    with NpzArrays(path) as arrays:
        joints = tuple(str(name) for name in arrays.get("joints", "U", (None,)))
        count = len(joints)
        parents = tuple(int(parent) for parent in arrays.get("parents", "iu", (count,)))
        names = [str(name) for name in arrays.get("name", "U", (None,))]
        start = arrays.get("start", "iu", (len(names) + 1,))
        turns = arrays.get("quat_xyzw", "f", (None, count, 4))
        root = arrays.get("root_cm", "f", (turns.shape[0], 3))
        offsets = arrays.get("offsets_cm", "f", (len(names), count, 3))
        bounds = [int(row) for row in start]
        if any(not -1 <= parent < row for row, parent in enumerate(parents)):
            raise NpzError(f"{arrays.name}: array 'parents' must name an earlier row each, or -1")
        if bounds[0] < 0 or bounds[-1] > turns.shape[0] or any(b <= a for a, b in pairwise(bounds)):
            raise NpzError(f"{arrays.name}: array 'start' must rise from 0 to at most {turns.shape[0]} frames")
        for index, name in enumerate(names):
            a, b = bounds[index], bounds[index + 1]
            local = unit_quaternions(turns[a:b], f"{arrays.name}: clip {name[:60]!r}")
            yield name, joints, parents, local, root[a:b] * _CM, offsets[index].astype(np.float64) * _CM


def _moves(parents: tuple[int, ...], offsets_m: NDArray[Any], root_m: NDArray[Any]) -> NDArray[Any]:
    moves = np.repeat(offsets_m[None], root_m.shape[0], axis=0)
    moves[:, parents.index(-1)] = root_m
    return moves


def read_mvn(path: Path_) -> Iterator[SourceClip]:
    """Clips of `mpi_ebedb_30fps.npz` (Xsens MVN joints; zero rotation is the bind pose: upright, arms hanging).

    Raises:
        NpzError: an array is absent or does not fit.
        OSError: the file cannot be opened.
    """
    for name, joints, parents, local, root_m, offsets_m in _packed(path):
        moves = _moves(parents, offsets_m, root_m)
        yield SourceClip(name, _FPS, joints, parents, local, moves, zero_rest(parents, offsets_m))


def read_rocketbox(path: Path_, rest_path: Path_ | None = None) -> Iterator[SourceClip]:
    """Clips of `rocketbox_30fps.npz` with the bind pose of the female (`f_...`) or male character.

    Args:
        path: the clips.
        rest_path: file of both bind poses; by default `rest_pose.npz` beside the clips.

    Raises:
        NpzError: an array is absent or does not fit.
        OSError: a file cannot be opened.
    """
    rests: dict[tuple[str, tuple[str, ...]], RestPose] = {}
    for name, joints, parents, local, root_m, offsets_m in _packed(path):
        who = "f" if name.startswith("f_") else "m"
        if (who, joints) not in rests:
            rests[who, joints] = read_rocketbox_rest(rest_path or Path(path).with_name("rest_pose.npz"), who, joints)
        yield SourceClip(name, _FPS, joints, parents, local, _moves(parents, offsets_m, root_m), rests[who, joints])


def read_rocketbox_rest(path: Path_, who: str, joints: tuple[str, ...]) -> RestPose:
    """The bind pose of one Rocketbox character for the named joints; positions that the file lacks are NaN.

    Args:
        path: `rest_pose.npz`.
        who: `f` or `m`.
        joints: names in the order that is wanted; those that the file lacks get the identity.

    Raises:
        NpzError: an array is absent or does not fit.
    """
    with NpzArrays(path) as arrays:
        names = [str(name) for name in arrays.get("joints", "U", (None,))]
        turns = arrays.get(f"{who}_quat_xyzw", "f", (len(names), 4)).astype(np.float64)
        places = arrays.get(f"{who}_pos_cm", "f", (len(names), 3), finite=False).astype(np.float64) * _CM
    rotations = np.tile(rot.IDENTITY, (len(joints), 1))
    positions = np.full((len(joints), 3), np.nan)
    for row, joint in enumerate(joints):
        if joint in names:
            rotations[row], positions[row] = turns[names.index(joint)], places[names.index(joint)]
    return RestPose(rot.normalise(rotations), positions)


def read_mesh2motion(path: Path_, glb_path: Path_ | None = None) -> Iterator[SourceClip]:
    """Clips of a `*.conversational_30fps.npz`; the bind pose comes from the GLB that they were taken from.

    Args:
        path: the clips.
        glb_path: by default the GLB of the same name beside the clips.

    Raises:
        NpzError: an array is absent or does not fit, or the GLB lacks a joint.
        GltfError: the GLB cannot be read.
        OSError: a file cannot be opened.
    """
    suffix = "__local_quat_xyzw"
    with NpzArrays(path) as arrays:
        joints = tuple(str(name) for name in arrays.get("joint_names", "U", (None,)))
        parents = tuple(int(parent) for parent in arrays.get("parents", "iu", (len(joints),)))
        fps = float(arrays.get("fps", "fiu", ()))
        glb = Path(glb_path) if glb_path else Path(path).with_name(Path(path).name.split(".")[0] + ".glb")
        rest_joints, known = read_rest(glb)
        missing = [joint for joint in joints if joint not in rest_joints]
        if missing or any(not -1 <= parent < row for row, parent in enumerate(parents)):
            raise NpzError(
                f"{arrays.name}: joint {(missing or joints)[0]!r} is not in {glb.name}, or 'parents' is out of order"
            )
        rows = [rest_joints.index(joint) for joint in joints]
        rest = RestPose(known.rotations[rows], known.positions_m[rows])
        for key in arrays.names:
            if not key.endswith(suffix):
                continue
            name = key.removesuffix(suffix)
            local = unit_quaternions(arrays.get(key, "f", (None, len(joints), 4)), f"{arrays.name}: array {key!r}")
            places = arrays.get(f"{name}__pos_m", "f", (local.shape[0], len(joints), 3)).astype(np.float64)
            yield SourceClip(name, fps, joints, parents, local, _local_moves(parents, local, places), rest)


def _local_moves(parents: tuple[int, ...], local: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """Each joint's position in its parent's frame from world positions [T, J, 3]."""
    _, world = forward(parents, local, np.zeros((1, len(parents), 3)))
    moves = places.copy()
    for row, parent in enumerate(parents):
        if parent >= 0:
            moves[:, row] = rot.rotate(rot.conjugate(world[:, parent]), places[:, row] - places[:, parent])
    return moves
