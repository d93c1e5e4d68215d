"""Motion of a foreign skeleton as a file gave it: local rotations and translations of named joints, and the pose they were bound in.

Positions are metres where the file says its unit; retargeting only needs that one unit holds within a clip. World axes are the file's
own. Quaternions are x, y, z, w. Plain data without state; bad shapes raise ValueError with the field's name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot

Array = NDArray[Any]

MAX_JOINTS: Final = 1_024
"""More joints than a character has; a file that claims more is refused."""


@dataclass(frozen=True, slots=True)
class RestPose:
    """The pose in which a skeleton was bound to its skin: who retargets needs to know how it looks.

    Attributes:
        rotations: float64 [J, 4], world rotation of each joint.
        positions_m: float64 [J, 3], world position of each joint; NaN where it is not known.
    """

    rotations: Array
    positions_m: Array


@dataclass(frozen=True, slots=True)
class SourceClip:
    """One named motion on a foreign skeleton.

    Attributes:
        name: the file's name for it.
        fps: frames per second.
        joints: names, in the order of the arrays.
        parents: row of each joint's parent, which stands before the joint; -1 for a root.
        rotations: float [T, J, 4], local unit quaternions.
        translations_m: float [T, J, 3] or [1, J, 3] where they never change: each joint in its parent's frame.
        rest: the bind pose.
    """

    name: str
    fps: float
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    rotations: Array
    translations_m: Array
    rest: RestPose

    def __post_init__(self) -> None:
        """Check shapes and the order of joints.

        Raises:
            ValueError: a shape does not fit, a joint stands before its parent, or the rate is not positive.
        """
        count, frames = len(self.joints), self.rotations.shape[0]
        if not 0 < count <= MAX_JOINTS or len(self.parents) != count:
            raise ValueError(f"SourceClip {self.name!r}: {count} joints and {len(self.parents)} parents")
        if any(not -1 <= parent < index for index, parent in enumerate(self.parents)):
            raise ValueError(f"SourceClip {self.name!r}: parents must stand before their children")
        if self.rotations.shape != (frames, count, 4) or frames == 0:
            raise ValueError(f"SourceClip {self.name!r}: rotations have shape {self.rotations.shape}")
        if self.translations_m.shape not in ((frames, count, 3), (1, count, 3)):
            raise ValueError(f"SourceClip {self.name!r}: translations_m have shape {self.translations_m.shape}")
        if self.rest.rotations.shape != (count, 4) or self.rest.positions_m.shape != (count, 3):
            raise ValueError(f"SourceClip {self.name!r}: the rest pose has another number of joints")
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise ValueError(f"SourceClip {self.name!r}: fps is {self.fps}; it must be positive")

    def __len__(self) -> int:
        """Number of frames."""
        return int(self.rotations.shape[0])

    @property
    def duration_s(self) -> float:
        """Time from the first frame to one frame after the last."""
        return len(self) / self.fps

    def forward(self) -> tuple[Array, Array]:
        """Forward kinematics in the file's own axes: positions float64 [T, J, 3] and world rotations [T, J, 4]."""
        return forward(self.parents, self.rotations, self.translations_m)

    def cut(self, start: int, stop: int) -> SourceClip:
        """Frames start to stop (exclusive) under the name `name@start`.

        Raises:
            ValueError: no frame lies there.
        """
        moves = self.translations_m if self.translations_m.shape[0] == 1 else self.translations_m[start:stop]
        return replace(self, name=f"{self.name}@{start}", rotations=self.rotations[start:stop], translations_m=moves)

    def resampled(self, fps: float) -> SourceClip:
        """The same motion at another rate: rotations on the shorter arc, translations in a straight line.

        Raises:
            ValueError: the rate is not positive.
        """
        if not (np.isfinite(fps) and fps > 0):
            raise ValueError(f"fps is {fps}; it must be positive")
        if abs(fps - self.fps) < 1e-6 * fps:
            return self
        count = max(1, int(np.floor((len(self) - 1) / self.fps * fps + 1e-6)) + 1)
        low, share = spans(np.arange(len(self)) / self.fps, np.arange(count) / fps)
        high = np.minimum(low + 1, len(self) - 1)
        turns = self.rotations.astype(np.float64)
        moves = self.translations_m
        if moves.shape[0] > 1:
            moves = moves[low] + share[:, None, None] * (moves[high] - moves[low])
        turns = rot.slerp(turns[low], turns[high], share[:, None])
        return replace(self, fps=fps, rotations=turns, translations_m=moves)


def spans(times_s: Array, wanted_s: Array) -> tuple[NDArray[np.intp], Array]:
    """For each wanted time the row of the key at or before it, and the share [0, 1] of the way to the next; ends hold."""
    low = np.clip(np.searchsorted(times_s, wanted_s, side="right") - 1, 0, max(len(times_s) - 2, 0))
    if len(times_s) < 2:
        return low, np.zeros(len(wanted_s))
    width = times_s[low + 1] - times_s[low]
    return low, np.clip((wanted_s - times_s[low]) / np.maximum(width, 1e-9), 0.0, 1.0)


def forward(parents: tuple[int, ...], rotations: Array, translations_m: Array) -> tuple[Array, Array]:
    """Forward kinematics of any skeleton.

    Args:
        parents: row of each joint's parent; -1 for a root.
        rotations: local quaternions [T, J, 4].
        translations_m: each joint in its parent's frame, [T, J, 3] or [1, J, 3].

    Returns:
        Positions [T, J, 3] and world rotations [T, J, 4], float64.
    """
    local = rot.normalise(np.asarray(rotations, dtype=np.float64))
    moves = np.broadcast_to(np.asarray(translations_m, dtype=np.float64), (*local.shape[:-1], 3))
    world = np.empty(local.shape)
    positions = np.empty(moves.shape)
    for joint, parent in enumerate(parents):
        if parent < 0:
            world[:, joint], positions[:, joint] = local[:, joint], moves[:, joint]
            continue
        world[:, joint] = rot.multiply(world[:, parent], local[:, joint])
        positions[:, joint] = positions[:, parent] + rot.rotate(world[:, parent], moves[:, joint])
    return positions, world


def zero_rest(parents: tuple[int, ...], offsets_m: Array) -> RestPose:
    """Rest pose of formats where zero rotation is the bind pose (BVH, SMPL-X): all identities over the offsets [J, 3]."""
    turns = np.zeros((1, len(parents), 4))
    turns[..., 3] = 1.0
    positions, world = forward(parents, turns, offsets_m[None])
    return RestPose(world[0], positions[0])
