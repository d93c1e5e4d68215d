"""Finding faces with OpenCV's frontal Haar cascade at a price that a small machine can pay at 15 pictures a second.

The whole picture is searched every `SCAN_EVERY_S` (26 ms at 480 pixels); in between each known face is searched for only around
its last place and at about its size, shrunk to a face of `FACE_PIXELS` (5 ms, found in 98.6 % of 292 real pictures where 36 and 48
pixels found 91.8 and 95.2 %). A face that is not found keeps its place for `REMEMBER_S`, to be found again without a scan. A new face
must be one to a second cascade as well: the first one takes creases of cloth for faces, and closer looks then keep seeing them.

Haar frontal default, 480 pixels wide, scale factor 1.2, 3 neighbours, grey values as they are: on 97 pictures of real
people at every sixth frame (one 640x480, the rest 480x270 video) it found 89 with one double at 35 ms. Equalising the
histogram, as tutorials do, lost a fifth of them; 320 pixels lost a third. OpenCV 5 has no cascades.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from behavioral.vision.engines.contract import MAX_FACES, Frame, PixelBox, Pixels

SCAN_EVERY_S = 0.5
REMEMBER_S = 0.6
SCAN_WIDTH_PIXELS = 480
FACE_PIXELS = 64
MIN_SIDE_PIXELS = 48
"""Shorter sides are padded: the cascade is not defined below its window."""
MEND = "mend: pip install 'opencv-python-headless<5'"
_SCAN_FACTOR, _SCAN_NEIGHBOURS, _MIN_FACE_PIXELS = 1.2, 3, 24
_NEAR_FACTOR, _NEAR_NEIGHBOURS, _MARGIN = 1.1, 2, 0.45
_SIZES = (0.72, 1.4)
"""Between two pictures a face stays between these multiples of its size."""
_SAME = 0.3
"""Boxes that share more than this of their union are one face."""


@dataclass(slots=True)
class Found:
    """One face: box in pixels, confidence, when it was last really found."""

    box: PixelBox
    confidence: float
    t_s: float


class CascadeFinder:
    """Faces of one source of pictures."""

    def __init__(self, cv2: Any) -> None:
        """Load the cascades; ValueError where this OpenCV has none."""
        if not hasattr(cv2, "CascadeClassifier"):
            raise ValueError(f"OpenCV {cv2.__version__} has no face cascades; {MEND}")
        self._cv2 = cv2
        self._first, self._second = (
            cv2.CascadeClassifier(cv2.data.haarcascades + f"haarcascade_frontalface_{name}.xml")
            for name in ("default", "alt2")
        )
        if self._first.empty() or self._second.empty():
            raise ValueError(f"OpenCV's face cascades are missing from its installation; {MEND}")
        self._known: list[Found] = []
        self._scanned_s = -math.inf

    def forget(self) -> None:
        """The next picture is of another source."""
        self._known.clear()
        self._scanned_s = -math.inf

    def find(self, frame: Frame) -> list[Found]:
        """Return the faces found in this picture, most confident first."""
        now_s = frame.t_s
        if not self._scanned_s <= now_s < self._scanned_s + SCAN_EVERY_S:
            self._scanned_s = now_s
            found = []
            for one in self._scan(frame):
                known = any(_shared(one.box, other.box) > 0.0 for other in self._known)
                if known or self._look_near(frame, one, self._second) is not None:
                    found.append(one)
            for known_one in self._known:  # a scan misses what a closer look finds
                if not any(_shared(known_one.box, other.box) > 0.0 for other in found):
                    near = self._look_near(frame, known_one, self._first)
                    found += [] if near is None else [near]
        else:
            found = [near for one in self._known if (near := self._look_near(frame, one, self._first)) is not None]
        found = _distinct(sorted(found, key=lambda one: (-one.confidence, one.box)))[:MAX_FACES]
        unseen = [
            known
            for known in self._known
            if 0.0 <= now_s - known.t_s <= REMEMBER_S and all(_shared(known.box, one.box) == 0.0 for one in found)
        ]
        self._known = (found + unseen)[:MAX_FACES]
        return found

    def _scan(self, frame: Frame) -> list[Found]:
        small, scale = shrunk(self._cv2, frame.grey, SCAN_WIDTH_PIXELS)
        rows = self._search(self._first, small, _SCAN_FACTOR, _SCAN_NEIGHBOURS, _MIN_FACE_PIXELS, 0)
        return [
            Found((x / scale, y / scale, w / scale, h / scale), confidence, frame.t_s)
            for (x, y, w, h), confidence in rows
        ]

    def _look_near(self, frame: Frame, known: Found, cascade: Any) -> Found | None:
        x, y, width, height = known.box
        left, top = max(0, int(x - _MARGIN * width)), max(0, int(y - _MARGIN * height))
        part = frame.grey[top : int(y + (1 + _MARGIN) * height) + 1, left : int(x + (1 + _MARGIN) * width) + 1]
        scale = min(1.0, FACE_PIXELS / max(1.0, width))
        if part.size == 0:
            return None
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        small = self._cv2.resize(part, size, interpolation=self._cv2.INTER_AREA) if scale < 1.0 else part
        if min(small.shape) < _MIN_FACE_PIXELS + 2:
            return None
        least, most = max(_MIN_FACE_PIXELS - 2, int(_SIZES[0] * width * scale)), int(_SIZES[1] * width * scale) + 2
        rows = self._search(cascade, small, _NEAR_FACTOR, _NEAR_NEIGHBOURS, least, most)
        boxes = [
            Found((bx / scale + left, by / scale + top, bw / scale, bh / scale), confidence, frame.t_s)
            for (bx, by, bw, bh), confidence in rows
        ]
        return max(boxes, key=lambda one: (_shared(one.box, known.box), one.confidence), default=None)

    def _search(
        self, cascade: Any, grey: Pixels, factor: float, neighbours: int, least: int, most: int
    ) -> list[tuple[PixelBox, float]]:
        boxes, _, weights = cascade.detectMultiScale3(
            grey,
            scaleFactor=factor,
            minNeighbors=neighbours,
            minSize=(least, least),
            maxSize=(most, most),  # 0 is no limit
            outputRejectLevels=True,
        )
        return [
            # The last stage's margin, 0 to about 8, squashed to 0.5 to 1.
            ((float(x), float(y), float(w), float(h)), 1.0 / (1.0 + math.exp(-0.5 * max(0.0, float(weight)))))
            for (x, y, w, h), weight in zip(boxes, np.ravel(weights), strict=True)
        ]


def shrunk(cv2: Any, grey: Pixels, width_pixels: int) -> tuple[Pixels, float]:
    """Return the picture at the given width (never enlarged), padded to the least size, and its scale."""
    height, width = grey.shape
    scale = min(1.0, width_pixels / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small: Pixels = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if scale < 1.0 else grey
    bottom, right = max(0, MIN_SIDE_PIXELS - size[1]), max(0, MIN_SIDE_PIXELS - size[0])
    if bottom or right:
        small = cv2.copyMakeBorder(small, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    return small, scale


def _shared(a: PixelBox, b: PixelBox) -> float:
    """Return intersection over union."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def _distinct(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        if all(_shared(one.box, other.box) <= _SAME for other in kept):
            kept.append(one)
    return kept
