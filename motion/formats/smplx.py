"""SMPL-X pose parameters (55 joints, axis-angle) as source clips, e.g. from AMASS or BEAT2 `.npz` files.

A zero pose is SMPL-X's T-pose: y up, facing +z, left along +x, metres. The body model with its licensed shape data is not needed: for
retargeting a T-pose of a grown person stands in for its rest joints. Faults are NpzError. Blocking; no state.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.formats.npz import NpzArrays, NpzError
from motion.retarget.source import SourceClip, zero_rest

_BODY: Final = (
    ("pelvis", -1, (0.0, 0.0, 0.0)),
    ("left_hip", 0, (0.06, -0.09, 0.0)),
    ("right_hip", 0, (-0.06, -0.09, 0.0)),
    ("spine1", 0, (0.0, 0.12, -0.02)),
    ("left_knee", 1, (0.0, -0.38, 0.0)),
    ("right_knee", 2, (0.0, -0.38, 0.0)),
    ("spine2", 3, (0.0, 0.13, 0.0)),
    ("left_ankle", 4, (0.0, -0.41, 0.0)),
    ("right_ankle", 5, (0.0, -0.41, 0.0)),
    ("spine3", 6, (0.0, 0.06, 0.0)),
    ("left_foot", 7, (0.0, -0.06, 0.12)),
    ("right_foot", 8, (0.0, -0.06, 0.12)),
    ("neck", 9, (0.0, 0.21, 0.0)),
    ("left_collar", 9, (0.05, 0.11, 0.0)),
    ("right_collar", 9, (-0.05, 0.11, 0.0)),
    ("head", 12, (0.0, 0.09, 0.02)),
    ("left_shoulder", 13, (0.12, 0.05, 0.0)),
    ("right_shoulder", 14, (-0.12, 0.05, 0.0)),
    ("left_elbow", 16, (0.26, 0.0, 0.0)),
    ("right_elbow", 17, (-0.26, 0.0, 0.0)),
    ("left_wrist", 18, (0.25, 0.0, 0.0)),
    ("right_wrist", 19, (-0.25, 0.0, 0.0)),
    ("jaw", 15, (0.0, 0.0, 0.02)),
    ("left_eye", 15, (0.03, 0.06, 0.06)),
    ("right_eye", 15, (-0.03, 0.06, 0.06)),
)
_DIGITS: Final = (
    # name, knuckle from the wrist, bone; of the left hand, in the order of SMPL-X
    ("index", (0.10, 0.0, 0.025), (0.032, 0.0, 0.0)),
    ("middle", (0.105, 0.0, 0.0), (0.032, 0.0, 0.0)),
    ("pinky", (0.085, 0.0, -0.042), (0.024, 0.0, 0.0)),
    ("ring", (0.095, 0.0, -0.022), (0.030, 0.0, 0.0)),
    ("thumb", (0.035, -0.015, 0.03), (0.022, -0.004, 0.022)),
)


def _skeleton() -> tuple[tuple[str, ...], tuple[int, ...], NDArray[np.float64]]:
    rows: list[tuple[str, int, tuple[float, float, float]]] = list(_BODY)
    for side, sign, wrist in (("left", 1.0, 20), ("right", -1.0, 21)):
        for digit, knuckle, bone in _DIGITS:
            for n in range(3):
                x, y, z = knuckle if n == 0 else bone
                rows.append((f"{side}_{digit}{n + 1}", wrist if n == 0 else len(rows) - 1, (sign * x, y, z)))
    return tuple(r[0] for r in rows), tuple(r[1] for r in rows), np.array([r[2] for r in rows])


JOINTS, PARENTS, OFFSETS_M = _skeleton()
"""The 55 joints in SMPL-X's order, their parents, and rest offsets [55, 3] of a stand-in body."""


def clip(
    poses: NDArray[Any], transl_m: NDArray[Any], fps: float, name: str = "clip", *, z_up: bool = False
) -> SourceClip:
    """Make a source clip of pose parameters.

    Args:
        poses: rotation vectors [T, 165] or [T, 55, 3], radians; [T, 66] (body only) is filled up with zeros.
        transl_m: translation of the pelvis [T, 3], metres.
        fps: frames per second.
        name: the clip's name.
        z_up: the world is z up, as in AMASS; it is turned so that y is up.

    Raises:
        ValueError: a shape does not fit.
    """
    frames = poses.shape[0]
    flat = np.zeros((frames, 3 * len(JOINTS)))
    given = poses.reshape(frames, -1)
    if given.shape[1] not in (66, 165) or transl_m.shape != (frames, 3):
        raise ValueError(
            f"SMPL-X: poses have shape {poses.shape} and transl {transl_m.shape}; [T, 165] or [T, 66] and [T, 3] belong"
        )
    flat[:, : given.shape[1]] = given
    turns = rot.exp(flat.reshape(frames, len(JOINTS), 3))
    moves = np.repeat(OFFSETS_M[None], frames, axis=0)
    moves[:, 0] = transl_m
    if z_up:
        stand = rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), -np.pi / 2)
        turns[:, 0] = rot.multiply(np.broadcast_to(stand, (frames, 4)), turns[:, 0])
        moves[:, 0] = rot.rotate(np.broadcast_to(stand, (frames, 4)), moves[:, 0])
    return SourceClip(name, fps, JOINTS, PARENTS, turns, moves, zero_rest(PARENTS, OFFSETS_M))


def read(path: str | os.PathLike[str], *, z_up: bool = False) -> SourceClip:
    """Read an `.npz` with `poses`, `trans` and `mocap_frame_rate` (AMASS, BEAT2).

    Raises:
        NpzError: an array is absent or does not fit.
        OSError: the file cannot be opened.
    """
    with NpzArrays(path) as arrays:
        poses = arrays.get("poses", "f", (None, None))
        trans = arrays.get("trans", "f", (poses.shape[0], 3))
        rate = "mocap_frame_rate" if "mocap_frame_rate" in arrays.names else "mocap_framerate"
        fps = float(arrays.get(rate, "fiu", ()))
        try:
            return clip(poses.astype(np.float64), trans.astype(np.float64), fps, Path(path).stem, z_up=z_up)
        except ValueError as error:
            raise NpzError(f"{arrays.name}: {error}") from None
