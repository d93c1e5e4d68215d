"""Clips to tokens and back.

`fit` is for training, offline; `decode` also serves the running generator, a few frames at a time. Rotations that come out are of unit
length whatever the tokens hold, as long as they are finite. numpy, no state.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import HAND_SIZE, Clip, Pose
from motion.skeleton import JOINT_COUNT, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from motion.tokens import layout, spline
from motion.tokens.legs import planted

Array = NDArray[Any]


def values(clip: Clip) -> Array:
    """Each frame as the numbers of a token, float64 [T, 99].

    Raises:
        ValueError: the clip is not at 30 fps, or not finite.
    """
    if abs(clip.fps - layout.FPS) > 0.01:
        raise ValueError(f"the clip has {clip.fps:g} frames per second; tokens need {layout.FPS}: resample it first")
    turns = rot.to_6d(clip.rotations[:, : len(layout.JOINTS)].astype(np.float64)).reshape(len(clip), -1)
    out = np.concatenate([turns, clip.hips_m, clip.hands.reshape(len(clip), -1)], axis=1)
    if not np.isfinite(out).all():
        raise ValueError("the clip holds values that are not finite; cut them out")
    return out


def fit(clip: Clip) -> NDArray[np.float32]:
    """Tokens float32 [points_for(T), 99] of a clip.

    Raises:
        ValueError: see `values`.
    """
    return spline.fit(values(clip)).astype(np.float32)


def of_pose(pose: Pose) -> NDArray[np.float32]:
    """The token [99] that stands still in a pose when it is repeated."""
    turns = rot.to_6d(pose.rotations[: len(layout.JOINTS)].astype(np.float64)).ravel()
    return np.concatenate([turns, pose.hips_m, pose.hands.ravel()]).astype(np.float32)


def neutral() -> NDArray[np.float32]:
    """The token of standing at ease, hands relaxed."""
    hands = np.full((2, HAND_SIZE), 0.25, dtype=np.float32)
    return of_pose(Pose(NEUTRAL_ROTATIONS, np.array(NEUTRAL_HIPS_M, dtype=np.float32), hands))


def decode(tokens: Array, first: int = 0, frames: int | None = None) -> Clip:
    """The clip that tokens [n, 99] describe, on planted feet.

    Args:
        tokens: control points.
        first: first frame.
        frames: how many; by default all that are settled.

    Raises:
        ValueError: see `motion.tokens.spline.evaluate`.
    """
    return from_values(spline.evaluate(np.asarray(tokens, dtype=np.float64), first, frames))


def from_values(rows: Array) -> Clip:
    """The clip of rows [T, 99] as from `values`; they need not be orthonormal."""
    turns = np.zeros((len(rows), JOINT_COUNT, 4))
    turns[..., 3] = 1.0
    turns[:, : len(layout.JOINTS)] = rot.from_6d(rows[:, layout.ROTATIONS].reshape(len(rows), len(layout.JOINTS), 6))
    hips = rows[:, layout.HIPS]
    hands = np.clip(rows[:, layout.HANDS], 0.0, 1.0).reshape(len(rows), 2, HAND_SIZE)
    stood = rot.continuous(planted(turns, hips))
    return Clip(float(layout.FPS), stood.astype(np.float32), hips.astype(np.float32), hands.astype(np.float32))
