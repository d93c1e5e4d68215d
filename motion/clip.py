"""One pose of the body, and a clip: poses over time at a fixed rate.

Both hold local rotations (parent frame) as unit quaternions x, y, z, w in the order of `runtime.vocabulary.BODY_JOINTS`, the hips'
translation from rest in metres, and two hand shape codes in the order of `runtime.vocabulary.FINGERS`. Plain data, safe to share
between threads as long as nobody writes into the arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motion.skeleton import JOINT_COUNT

Float32 = NDArray[np.float32]
HAND_SIZE = 6


def rest_rotations() -> Float32:
    """Identity rotations float32 [22, 4]: the T-pose."""
    rotations = np.zeros((JOINT_COUNT, 4), dtype=np.float32)
    rotations[:, 3] = 1.0
    return rotations


@dataclass(frozen=True, slots=True)
class Pose:
    """The body at one instant.

    Attributes:
        rotations: float32 [22, 4], local unit quaternions.
        hips_m: float32 [3], translation of the hips from rest.
        hands: float32 [2, 6], left then right hand.
    """

    rotations: Float32 = field(default_factory=rest_rotations)
    hips_m: Float32 = field(default_factory=lambda: np.zeros(3, dtype=np.float32))
    hands: Float32 = field(default_factory=lambda: np.zeros((2, HAND_SIZE), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Clip:
    """Poses at a fixed rate.

    Attributes:
        fps: frames per second.
        rotations: float32 [T, 22, 4].
        hips_m: float32 [T, 3].
        hands: float32 [T, 2, 6].
    """

    fps: float
    rotations: Float32
    hips_m: Float32
    hands: Float32

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: a shape does not fit, or the rate is not positive.
        """
        frames = self.rotations.shape[0]
        wanted = {
            "rotations": (self.rotations.shape, (frames, JOINT_COUNT, 4)),
            "hips_m": (self.hips_m.shape, (frames, 3)),
            "hands": (self.hands.shape, (frames, 2, HAND_SIZE)),
        }
        for name, (got, want) in wanted.items():
            if got != want:
                raise ValueError(f"Clip.{name} has shape {got}; it must be {want}")
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise ValueError(f"Clip.fps is {self.fps}; it must be positive")

    @classmethod
    def from_poses(cls, poses: Iterable[Pose], fps: float) -> Clip:
        """Stack poses sampled at `fps`.

        Raises:
            ValueError: there are none.
        """
        frames = list(poses)
        if not frames:
            raise ValueError("a clip needs at least one pose")
        return cls(
            fps=fps,
            rotations=np.stack([pose.rotations for pose in frames]),
            hips_m=np.stack([pose.hips_m for pose in frames]),
            hands=np.stack([pose.hands for pose in frames]),
        )

    def __len__(self) -> int:
        """Number of frames."""
        return int(self.rotations.shape[0])

    @property
    def duration_s(self) -> float:
        """Time from the first frame to one frame after the last."""
        return len(self) / self.fps

    def pose(self, index: int) -> Pose:
        """Return one frame; the arrays are views.

        Raises:
            IndexError: there is no such frame.
        """
        return Pose(self.rotations[index], self.hips_m[index], self.hands[index])
