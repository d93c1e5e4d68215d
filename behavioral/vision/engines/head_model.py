"""A head as a rigid thing: points of a mean face in metres, and the pose that puts them where they are seen.

Head frame: x to the person's left, y up, z forward out of the face, origin midway between the outer corners of the eyes. The points are
the mean of a face mesh over real clips of three people (216 pictures), made symmetric and scaled to the mean distance of the outer
eye corners of adults, 89 mm (Farkas 1994). The "sight frame" has the same axes for a head that faces the camera: x to the picture's
right, y up, z along the ray from the person to the camera. A face far from the middle of the picture that looks at the camera
looks straight ahead in it, which is what a picture cut out around the face shows.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from behavioral.vision.contract import Angles

Matrix = NDArray[np.float64]

EYE_CORNERS_M = 0.089
"""Distance of the outer corners of the eyes."""
RIGHT_EYE_M, LEFT_EYE_M = (-0.0316, 0.0, 0.0026), (0.0316, 0.0, 0.0026)
"""Midway between the corners of each eye: what a five-point detector calls the eye."""
NOSE_TIP_M = (0.0, -0.0330, 0.0435)
RIGHT_MOUTH_M, LEFT_MOUTH_M = (-0.0245, -0.0629, 0.0071), (0.0245, -0.0629, 0.0071)

MESH_POINTS_M: dict[int, tuple[float, float, float]] = {
    33: (-0.0445, 0.0, 0.0),
    133: (-0.0187, 0.0, 0.0051),
    362: (0.0187, 0.0, 0.0051),
    263: (0.0445, 0.0, 0.0),
    168: (0.0, 0.0058, 0.0213),
    6: (0.0, -0.0017, 0.0257),
    197: (0.0, -0.0086, 0.0307),
    195: (0.0, -0.0152, 0.0361),
    9: (0.0, 0.0219, 0.0227),
    151: (0.0, 0.0388, 0.0200),
    98: (-0.0175, -0.0406, 0.0191),
    327: (0.0175, -0.0406, 0.0191),
    1: (0.0, -0.0371, 0.0420),
    4: (0.0, -0.0305, 0.0441),
}
"""Points of the 468-point mesh that neither speech nor smiling moves, by index."""


def fit_similarity(model: Matrix, seen: Matrix) -> tuple[Matrix, float, Matrix]:
    """Return rotation [3, 3], scale and translation [3] with `seen` about `scale * rotation @ model + translation` (Umeyama 1991).

    Args:
        model: [n, 3] points of the head frame.
        seen: [n, 3] the same points in the sight frame.

    Raises:
        ValueError: the points do not span a plane.
    """
    from_model, from_seen = model - model.mean(axis=0), seen - seen.mean(axis=0)
    spread = float((from_model**2).sum())
    if spread <= 0.0 or not np.isfinite(from_seen).all() or float((from_seen**2).sum()) <= 0.0:
        raise ValueError("the points of the face lie in one place")
    u, strengths, vt = np.linalg.svd(from_seen.T @ from_model)
    signs = np.array([1.0, 1.0, 1.0 if np.linalg.det(u @ vt) >= 0 else -1.0])
    rotation = (u * signs) @ vt
    scale = float((strengths * signs).sum()) / spread
    return rotation, scale, seen.mean(axis=0) - scale * rotation @ model.mean(axis=0)


def angles_of(rotation: Matrix) -> Angles:
    """Return yaw (own left), pitch (up), roll (to the own right shoulder) of a rotation from the head to the sight frame."""
    forward = rotation[:, 2]
    yaw = math.atan2(forward[0], forward[2])
    pitch = math.atan2(forward[1], math.hypot(forward[0], forward[2]))
    # Undo yaw and pitch: what is left of the head's own left axis is the roll.
    left = rotation[:, 0]
    level = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    upward = np.cross(forward, level)
    return yaw, pitch, math.atan2(float(left @ upward), float(left @ level))


def rotation_of(yaw: float, pitch: float, roll: float) -> Matrix:
    """Return the rotation of which `angles_of` gives these angles."""
    forward = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    level = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    upward = np.cross(forward, level)
    left = math.cos(roll) * level + math.sin(roll) * upward
    return np.stack([left, np.cross(forward, left), forward], axis=1)
