"""What a face engine gets and gives.

An engine lives in vision's worker process, single-threaded, and sees the pictures of one source in order; `forget` is called where the
source changes. `ValueError` from `find` is a picture not seen, with a message for people. Pixels: x right, y down, origin top left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.vision.contract import Face

Pixels = NDArray[np.uint8]
PixelBox = tuple[float, float, float, float]
"""x, y, width, height in pixels."""
MAX_FACES = 16


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    Attributes:
        bgr: uint8 [height, width, 3].
        grey: uint8 [height, width].
        t_s: its time.
        focal_px: focal length in pixels, from the camera's assumed field of view.
    """

    bgr: Pixels
    grey: Pixels
    t_s: float
    focal_px: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.grey.shape
        return width, height


class FaceEngine(Protocol):
    """Finds the faces of a picture and says of each what it can."""

    name: str

    def find(self, frame: Frame) -> list[Face]:
        """Return at most `MAX_FACES` faces, most confident first."""
        ...

    def forget(self) -> None:
        """The next picture is of another source."""
        ...

    def close(self) -> None:
        """End what the engine has started."""
        ...


def focal_px(width: int, horizontal_fov_deg: float) -> float:
    """Return the focal length in pixels of a pinhole camera whose picture is `width` pixels wide."""
    return width / 2.0 / math.tan(math.radians(horizontal_fov_deg) / 2.0)


def share_box(box: PixelBox, size: tuple[int, int]) -> PixelBox:
    """Return a box in pixels as shares of the picture, cut to it."""
    width, height = size
    left, top = (min(1.0, max(0.0, v)) for v in (box[0] / width, box[1] / height))
    right, bottom = (box[0] + box[2]) / width, (box[1] + box[3]) / height
    return left, top, min(1.0, max(left, right)) - left, min(1.0, max(top, bottom)) - top
