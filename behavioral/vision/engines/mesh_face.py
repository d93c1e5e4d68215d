"""From the 478 points of a face mesh with irises to what a face shows.

Pure. Points come as picture pixels (x right, y down, z of about the same scale, away from the camera), indices as in MediaPipe's face
mesh. Pose is a rigid fit of points that neither speech nor a smile moves (`head_model`), so that talking is not nodding. Gaze is
the iris on an eyeball whose centre moves with the head. The mouth, lids and brows are measured in the head's own frame, in
metres of a mean head, so that turning away neither opens nor shuts them.
"""

from __future__ import annotations

import math

import numpy as np

from behavioral.vision.contract import Face
from behavioral.vision.engines.contract import PixelBox, share_box
from behavioral.vision.engines.head_model import EYE_CORNERS_M, MESH_POINTS_M, Matrix, angles_of, fit_similarity

POINTS = 478
EYEBALL_RADIUS_M = 0.012
EYEBALL_CENTRE_M = (0.0, 0.001, -0.008)
"""From midway between the corners of an eye; by these a man who looks into the camera looks at it within 3 degrees."""
_MAX_EYE_SINE = 0.95
_RIGID = list(MESH_POINTS_M)
_MODEL = np.array(list(MESH_POINTS_M.values()))
_EYES = ((33, 133, 468), (362, 263, 473))  # corner, corner, iris: the person's right eye, then the left
_LIDS = ((160, 144, 158, 153, 33, 133), (385, 380, 387, 373, 362, 263))
_UPPER_LIP, _LOWER_LIP, _RIGHT_CORNER, _LEFT_CORNER = 13, 14, 61, 291
_BROWS, _UPPER_LIDS = (105, 334), (159, 386)

SMILE_LIFT_M = (0.001, 0.008)
"""Corners of the mouth above its middle: neutral faces of the real clips -0.004 to 0.001, a broad smile 0.009 ..."""
SMILE_WIDTH_M = (0.050, 0.065)
"""... and width of the mouth: neutral 0.044 to 0.050, a broad smile 0.066."""
FROWN_LIFT_M = (-0.002, -0.008)
FROWN_BROW_M = (0.018, 0.012)
"""Brows above the upper lids: neutral 0.018 to 0.020."""


def face_of(points: Matrix, size: tuple[int, int], focal_px: float, appearance: tuple[float, ...] | None) -> Face:
    """Return what the mesh shows.

    Args:
        points: float [478, 3] in pixels of the picture.
        size: width and height of the picture.
        focal_px: focal length in pixels.
        appearance: passed through.

    Raises:
        ValueError: the points are no face.
    """
    if points.shape != (POINTS, 3):
        raise ValueError(f"a face mesh of {points.shape}; {POINTS} points are expected")
    seen = points * np.array([1.0, -1.0, -1.0])
    rotation, scale, shift = fit_similarity(_MODEL, seen[_RIGID])
    if scale <= 0.0:
        raise ValueError("a face mesh without size")
    own = (seen - shift) @ rotation / scale
    lips = own[_UPPER_LIP] - own[_LOWER_LIP]
    lift = float(own[_RIGHT_CORNER, 1] + own[_LEFT_CORNER, 1] - own[_UPPER_LIP, 1] - own[_LOWER_LIP, 1]) / 2
    width = float(np.linalg.norm(own[_RIGHT_CORNER] - own[_LEFT_CORNER]))
    brow = float(np.mean([own[b, 1] - own[u, 1] for b, u in zip(_BROWS, _UPPER_LIDS, strict=True)]))
    return Face(
        share_box(box_of_mesh(points), size),
        1.0,
        head_rad=angles_of(rotation),
        gaze_rad=_gaze(seen, rotation, scale),
        distance_m=focal_px / scale,
        mouth_open=float(np.linalg.norm(lips)) / (EYE_CORNERS_M / 2),
        eyes_open=float(np.mean([_lid_ratio(own, *lid) for lid in _LIDS])),
        smile=(_ramp(lift, SMILE_LIFT_M) + _ramp(width, SMILE_WIDTH_M)) / 2,
        frown=(_ramp(lift, FROWN_LIFT_M) + _ramp(brow, FROWN_BROW_M)) / 2,
        appearance=appearance,
    )


def box_of_mesh(points: Matrix) -> PixelBox:
    """Return the box in pixels that a detector of faces would give: brows to chin, cheek to cheek."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def _gaze(seen: Matrix, rotation: Matrix, scale: float) -> tuple[float, float] | None:
    """Return yaw and pitch of both eyes' mean line of sight in the sight frame."""
    centre = scale * rotation @ np.array(EYEBALL_CENTRE_M)
    sight = np.zeros(3)
    for corner, other, iris in _EYES:
        off = (seen[iris] - (seen[corner] + seen[other]) / 2 - centre)[:2] / (scale * EYEBALL_RADIUS_M)
        off *= min(1.0, _MAX_EYE_SINE / max(1e-9, float(np.hypot(*off))))
        sight += (off[0], off[1], math.sqrt(1.0 - float(off @ off)))
    if not np.isfinite(sight).all():
        return None
    return math.atan2(sight[0], sight[2]), math.atan2(sight[1], math.hypot(sight[0], sight[2]))


def _lid_ratio(own: Matrix, top: int, bottom: int, top2: int, bottom2: int, corner: int, other: int) -> float:
    """Return height over width of an eye (eye aspect ratio, Soukupova and Cech 2016)."""
    height = (np.linalg.norm(own[top] - own[bottom]) + np.linalg.norm(own[top2] - own[bottom2])) / 2
    return float(height / max(1e-9, float(np.linalg.norm(own[corner] - own[other]))))


def _ramp(value: float, ends: tuple[float, float]) -> float:
    """Return 0 at the first end, 1 at the second, clipped."""
    return min(1.0, max(0.0, (value - ends[0]) / (ends[1] - ends[0])))
