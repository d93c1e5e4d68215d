"""The embedded engine: boxes by Haar cascade, distance by the box, turning of the head by optical flow inside it.

What it does not tell is left out: no head pose (a frontal cascade only says that the face is turned this way), no gaze, eyes or
mouth. Mouth motion by flow was tried and dropped: over 12 real clips its correlation with the mouth opening of a face mesh was
between -0.2 and 0.8, about 0.1 in the middle. Turning by flow correlates with the mesh's head pose by 0.98 on
one clip of a turning head and by 0.87 on one of a nod, much less on most others, and it cannot tell a nod from a body that bobs: good
for counting nods, not for angles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from behavioral.vision.contract import Face
from behavioral.vision.engines.appearance import appearance_of
from behavioral.vision.engines.cascade import CascadeFinder
from behavioral.vision.engines.contract import Frame, PixelBox, Pixels, share_box

FACE_BOX_M = 0.17
"""Width of the cascade's box at the face: against the mesh's distances on the real clips."""
RAD_PER_WIDTH = 1.75
"""Turn of the head that shifts the face by one box width (least squares against the mesh, one clip each of
turning and nodding: 1.6 and 2.1)."""
_SIDE = 96
_MARGIN = 0.1
_SMOOTHING = 0.5
_SAME_FACE = 0.5
"""The same face's box moves less than this many widths between two pictures."""
_MAX_GAP_S = 0.35


class HaarEngine:
    """Haar cascade and flow."""

    name = "haar"

    def __init__(self, cv2: Any) -> None:
        """Load the cascade; ValueError where this OpenCV has none."""
        self._cv2 = cv2
        self._finder = CascadeFinder(cv2)
        self._flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._previous: Frame | None = None
        self._boxes: list[PixelBox] = []

    def forget(self) -> None:
        """The next picture is of another source."""
        self._finder.forget()
        self._previous, self._boxes = None, []

    def close(self) -> None:
        """Nothing was started."""

    def find(self, frame: Frame) -> list[Face]:
        """Return the faces, most confident first."""
        faces, boxes = [], []
        previous = self._previous
        if previous is not None and (previous.size != frame.size or not 1e-4 < frame.t_s - previous.t_s <= _MAX_GAP_S):
            previous = None
        for found in self._finder.find(frame):
            last = self._last(found.box) if previous is not None else None
            turned = None
            box = found.box
            if last is not None and previous is not None:
                turned = self._turned(previous.grey, frame.grey, last)
                box = tuple(o + _SMOOTHING * (n - o) for o, n in zip(last, found.box, strict=True))  # type: ignore[assignment]
            boxes.append(box)
            faces.append(
                Face(
                    share_box(found.box, frame.size),
                    found.confidence,
                    distance_m=FACE_BOX_M * frame.focal_px / found.box[2],
                    turned_rad=turned,
                    appearance=appearance_of(self._cv2, frame.bgr, found.box),
                )
            )
        self._previous, self._boxes = frame, boxes
        return faces

    def _last(self, box: PixelBox) -> PixelBox | None:
        """Return the same face's box of the previous picture; the cascade's jitter is smoothed out of it."""
        near = min(self._boxes, key=lambda other: _apart(box, other), default=None)
        return near if near is not None and _apart(box, near) < _SAME_FACE else None

    def _turned(self, before: Pixels, now: Pixels, box: PixelBox) -> tuple[float, float]:
        """Return yaw and pitch by which the head has turned: the median flow between brows and nose, in one box of both pictures."""
        x, y, width, height = box
        across, down = _SIDE / (width * (1 + 2 * _MARGIN)), _SIDE / (height * (1 + 2 * _MARGIN))
        shift = ((x - _MARGIN * width) * across, (y - _MARGIN * height) * down)
        cut = np.array([[across, 0.0, -shift[0]], [0.0, down, -shift[1]]], dtype=np.float32)
        pair = [
            self._cv2.warpAffine(picture, cut, (_SIDE, _SIDE), borderMode=self._cv2.BORDER_REPLICATE)
            for picture in (before, now)
        ]
        flow = self._flow.calc(pair[0], pair[1], None)
        middle = flow[_SIDE // 5 : _SIDE * 5 // 8, _SIDE // 4 : _SIDE * 3 // 4].reshape(-1, 2)
        moved = np.median(middle, axis=0) * (1 + 2 * _MARGIN) / _SIDE
        return float(moved[0]) * RAD_PER_WIDTH, float(-moved[1]) * RAD_PER_WIDTH


def _apart(a: PixelBox, b: PixelBox) -> float:
    across, down = a[0] + a[2] / 2 - b[0] - b[2] / 2, a[1] + a[3] / 2 - b[1] - b[3] / 2
    return float(np.hypot(across, down)) / max(1e-6, (a[2] + b[2]) / 2)
