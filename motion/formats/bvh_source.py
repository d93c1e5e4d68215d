"""BVH files of any skeleton as source clips for retargeting; `motion.formats.bvh` reads files of our own skeleton.

Zero rotation counts as the bind pose; families for which that is no pose of a person bring their own (`NamedSkeleton.rest_zxy_deg`).
Every joint may have its own rotation order and position channels. Faults are BvhError with file and line. Blocking; no state.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO

import numpy as np

from motion import rotations as rot
from motion.formats.bvh import BvhError, _Joint, _Lines, _read_hierarchy, _read_motion_header, _read_rows
from motion.retarget.source import SourceClip, zero_rest


def read(source: str | os.PathLike[str] | IO[bytes], *, units_per_m: float = 100.0, name: str = "") -> SourceClip:
    """Read a BVH file.

    Args:
        source: path or open binary file.
        units_per_m: the file's units in a metre; BVH does not say (centimetres: 100; CMU's original: about 17.7).
        name: the clip's name; by default the file's stem.

    Raises:
        BvhError: the file is no BVH or is cut off; the message names the line.
        ValueError: the unit is not positive.
        OSError: the file cannot be opened.
    """
    if not (np.isfinite(units_per_m) and units_per_m > 0):
        raise ValueError(f"units_per_m is {units_per_m}; it must be positive")
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            return _read(file, str(Path(source)), units_per_m, name or Path(source).stem)
    return _read(source, "BVH stream", units_per_m, name or "clip")


def _read(file: IO[bytes], path: str, units_per_m: float, name: str) -> SourceClip:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace")
    try:
        lines = _Lines(text, path)
        joints = _read_hierarchy(lines)
        frames, fps = _read_motion_header(lines)
        data = _read_rows(lines, frames, sum(len(joint.channels) for joint in joints))
    finally:
        text.detach()
    offsets = np.array([joint.offset for joint in joints]) / units_per_m
    rotations = np.zeros((frames, len(joints), 4))
    rotations[..., 3] = 1.0
    moving = any(channel.endswith("position") for joint in joints for channel in joint.channels)
    moves = np.repeat(offsets[None], frames if moving else 1, axis=0)
    column = 0
    for row, joint in enumerate(joints):
        order, first = _rotation(joint, path)
        if order:
            rotations[:, row] = rot.from_euler(np.radians(data[:, column + first : column + first + 3]), order)
        for i, channel in enumerate(joint.channels):
            if channel.endswith("position"):
                moves[:, row, "XYZ".index(channel[0])] = data[:, column + i] / units_per_m
        column += len(joint.channels)
    parents = tuple(joint.parent for joint in joints)
    names = tuple(joint.name for joint in joints)
    return SourceClip(name, fps, names, parents, rotations, moves, zero_rest(parents, offsets))


def _rotation(joint: _Joint, path: str) -> tuple[str, int]:
    """Rotation order of a joint and where it begins in its channels; empty where it has none."""
    found = [(i, channel[0]) for i, channel in enumerate(joint.channels) if channel.endswith("rotation")]
    if not found:
        return "", 0
    order, first = "".join(letter for _, letter in found), found[0][0]
    if sorted(order) != ["X", "Y", "Z"] or [i for i, _ in found] != [first, first + 1, first + 2]:
        raise BvhError(f"{path}: joint {joint.name[:60]} needs three rotation channels side by side, not {order!r}")
    return order, first
