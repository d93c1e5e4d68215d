"""YuNet by model path (Wu et al. 2023, MIT): boxes and five points of each face by OpenCV's `FaceDetectorYN`.

The model file (face_detection_yunet_2023mar.onnx, 230 kB) is the user's: no package ships it and a run downloads nothing. Head pose is
the rigid head of `head_model` put where eyes, nose and the corners of the mouth are; five points, two of which talk and
smile, make it coarser than the mesh's. No irises, so no gaze beyond the head; no lids.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from behavioral.vision.contract import Face
from behavioral.vision.engines.appearance import appearance_of
from behavioral.vision.engines.contract import MAX_FACES, Frame, share_box
from behavioral.vision.engines.head_model import (
    LEFT_EYE_M,
    LEFT_MOUTH_M,
    NOSE_TIP_M,
    RIGHT_EYE_M,
    RIGHT_MOUTH_M,
    Matrix,
    angles_of,
    rotation_of,
)

WIDTH_PIXELS = 320
MIN_SIDE_PIXELS = 32
SCORE = 0.7
_OVERLAP, _CANDIDATES = 0.3, 200
_MODEL = np.array(
    [RIGHT_EYE_M, LEFT_EYE_M, NOSE_TIP_M, RIGHT_MOUTH_M, LEFT_MOUTH_M]
)  # the order of the detector's points
_TO_CV = np.diag([1.0, -1.0, -1.0])
"""From axes like those of `head_model` to OpenCV's (y down, z away), and back."""
_MOST_M = 30.0


class YuNetEngine:
    """YuNet through OpenCV's DNN module."""

    name = "yunet"

    def __init__(self, cv2: Any, model: str) -> None:
        """Load the model; ValueError where it is missing or is no YuNet."""
        if not hasattr(cv2, "FaceDetectorYN"):
            raise ValueError(
                f"OpenCV {cv2.__version__} has no FaceDetectorYN; mend: pip install -U opencv-python-headless"
            )
        if not Path(model).is_file():
            raise ValueError(f"vision.yunet_model: {model or 'nothing'} is not there")
        self._cv2 = cv2
        self._size = (WIDTH_PIXELS, WIDTH_PIXELS)
        try:
            self._detector = cv2.FaceDetectorYN.create(model, "", self._size, SCORE, _OVERLAP, _CANDIDATES)
            self._detector.detect(np.zeros((WIDTH_PIXELS, WIDTH_PIXELS, 3), np.uint8))
        except cv2.error as error:
            raise ValueError(f"vision.yunet_model: {model} is not a YuNet model ({error.err or error})") from error

    def forget(self) -> None:
        """Each picture stands for itself."""

    def close(self) -> None:
        """Nothing was started."""

    def find(self, frame: Frame) -> list[Face]:
        """Return the faces, most confident first."""
        width, height = frame.size
        scale = min(1.0, WIDTH_PIXELS / width)
        size = (max(MIN_SIDE_PIXELS, round(width * scale)), max(MIN_SIDE_PIXELS, round(height * scale)))
        small = self._cv2.resize(frame.bgr, size, interpolation=self._cv2.INTER_AREA) if scale < 1.0 else frame.bgr
        if small.shape[0] < MIN_SIDE_PIXELS or small.shape[1] < MIN_SIDE_PIXELS:
            return []
        if size != self._size:
            self._detector.setInputSize((small.shape[1], small.shape[0]))
            self._size = size
        _, rows = self._detector.detect(small)
        faces = [self._face(frame, np.asarray(row, np.float64), scale) for row in (() if rows is None else rows)]
        return sorted(faces, key=lambda face: -face.confidence)[:MAX_FACES]

    def _face(self, frame: Frame, row: Matrix, scale: float) -> Face:
        x, y, width, height = (float(v) / scale for v in row[:4])
        pose = self._pose(frame, row[4:14].reshape(5, 2) / scale)
        return Face(
            share_box((x, y, width, height), frame.size),
            min(1.0, max(0.0, float(row[14]))),
            head_rad=None if pose is None else angles_of(pose[0]),
            distance_m=None if pose is None else pose[1],
            appearance=appearance_of(self._cv2, frame.bgr, (x, y, width, height)),
        )

    def _pose(self, frame: Frame, points: Matrix) -> tuple[Matrix, float] | None:
        """Return rotation (head to sight frame) and distance by which the head fits the points; None where it fits none."""
        width, height = frame.size
        camera = np.array([[frame.focal_px, 0, width / 2], [0, frame.focal_px, height / 2], [0, 0, 1.0]])
        # It starts from a head that faces the camera at the distance that the eyes tell, so that it cannot end behind it.
        apart = max(1.0, float(np.linalg.norm(points[1] - points[0])))
        away = frame.focal_px * (LEFT_EYE_M[0] - RIGHT_EYE_M[0]) / apart
        middle = points.mean(axis=0) - camera[:2, 2]
        start = np.array([middle[0] * away / frame.focal_px, middle[1] * away / frame.focal_px, away])
        turn, _ = self._cv2.Rodrigues(_TO_CV)
        good, turn, shift = self._cv2.solvePnP(
            _MODEL, points, camera, None, turn, start.reshape(3, 1), True, self._cv2.SOLVEPNP_ITERATIVE
        )
        right, up, back = _TO_CV @ shift[:, 0]
        away = float(np.linalg.norm(shift))
        if not good or not np.isfinite(away) or back >= 0.0 or not 0.05 < away < _MOST_M:
            return None
        ray = rotation_of(float(np.arctan2(-right, -back)), float(np.arctan2(-up, np.hypot(right, back))), 0.0)
        rotation = ray.T @ _TO_CV @ self._cv2.Rodrigues(turn)[0]
        return (rotation, away) if rotation[2, 2] > 0.0 else None
