"""Feet: share of frames in contact with the floor, its error against real motion, and skating.

Three points of each sole (heel, big toe, small toe) stand on the floor, y = 0, at rest. Metres, world of the agent's root. Meaningful
for standing motion only: a seated person's legs say nothing. Pure functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion import rotations as rot
from motion.evaluation.arrays import Float64, finite, rate
from motion.kinematics import forward
from motion.skeleton import INDEX

CONTACT_HEIGHT_M: Final = 0.03
CONTACT_SPEED_MPS: Final = 0.10
CONTACT_POINTS: Final = 2
"""Contact: at least two of the three points within 3 cm of the floor and slower than 0.10 m/s along it (benchmark's rule)."""
SKATE_HEIGHT_M: Final = 0.05
SKATE_SPEED_MPS: Final = 0.5
"""Skating: the foot below 5 cm and stepping more than 2.5 cm a frame at 20 fps (GMD, Karunratanakul et al. 2023)."""

_POINTS: Final[tuple[tuple[str, tuple[float, float, float]], ...]] = (
    ("leftFoot", (0.0, -0.08, -0.05)),
    ("leftToes", (-0.02, -0.025, 0.05)),
    ("leftToes", (0.04, -0.025, 0.02)),
    ("rightFoot", (0.0, -0.08, -0.05)),
    ("rightToes", (0.02, -0.025, 0.05)),
    ("rightToes", (-0.04, -0.025, 0.02)),
)
"""Joint and offset in its frame: heel, big toe, small toe of the left, then of the right foot. The skeleton has no heel of its own."""


def soles(rotations: ArrayLike, hips_m: ArrayLike) -> Float64:
    """Sole points [T, 2, 3, 3]: foot (left, right), point (heel, big toe, small toe), axis.

    Args:
        rotations: local quaternions [T, 22, 4].
        hips_m: translation of the hips from rest [T, 3].
    """
    positions, world = forward(np.asarray(rotations), np.asarray(hips_m))
    rows = [INDEX[name] for name, _ in _POINTS]
    offsets = np.array([offset for _, offset in _POINTS])
    points = positions[:, rows] + rot.rotate(world[:, rows], offsets)
    return points.reshape(len(points), 2, 3, 3)


def in_contact(points_m: ArrayLike, fps: float) -> NDArray[np.bool_]:
    """Which foot stands in which frame, bool [T, 2]; `points_m` as from `soles`, at least two frames.

    Raises:
        ValueError: wrong shape, too short, or values that are not finite.
    """
    points = finite(points_m, "points_m", (None, 2, 3, 3), minimum=2)
    standing = (points[..., 1] < CONTACT_HEIGHT_M) & (_floor_speed(points, fps) < CONTACT_SPEED_MPS)
    out: NDArray[np.bool_] = standing.sum(axis=2) >= CONTACT_POINTS
    return out


def contact_share(points_m: ArrayLike, fps: float) -> float:
    """Share of frames with at least one foot in contact."""
    return float(in_contact(points_m, fps).any(axis=1).mean())


def contact_error(real_points_m: ArrayLike, generated_points_m: ArrayLike, fps: float) -> float:
    """Foot-contact error: the difference of the two contact shares, absolute."""
    return abs(contact_share(real_points_m, fps) - contact_share(generated_points_m, fps))


def skate_rate(points_m: ArrayLike, fps: float) -> float:
    """Share of frames in which a foot is near the floor and slides along it.

    Raises:
        ValueError: see `in_contact`.
    """
    points = finite(points_m, "points_m", (None, 2, 3, 3), minimum=2)
    feet = points.mean(axis=2, keepdims=True)
    sliding = (feet[..., 1] < SKATE_HEIGHT_M) & (_floor_speed(feet, fps) > SKATE_SPEED_MPS)
    return float(sliding.any(axis=(1, 2)).mean())


def _floor_speed(points: Float64, fps: float) -> Float64:
    """Horizontal speed by backward differences; the first frame has the second's."""
    step = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1) * rate(fps)
    return np.concatenate([step[:1], step])
