"""How much the whole picture moves and where: dense optical flow (DIS, Kroeger et al. 2016) at 160 pixels, 0.3 ms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from behavioral.vision.engines.cascade import shrunk
from behavioral.vision.engines.contract import Pixels

WIDTH_PIXELS = 160
_CHANGED_GREY_LEVELS = 10
"""Flow counts only where the grey value changed by more: on flat or noisy ground it is arbitrary."""


class SceneMotion:
    """Flow between the pictures of one source."""

    def __init__(self, cv2: Any) -> None:
        """Use the given OpenCV."""
        self._cv2 = cv2
        self._flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._previous: tuple[Pixels, float] | None = None

    def forget(self) -> None:
        """The next picture is of another source."""
        self._previous = None

    def update(self, grey: Pixels, t_s: float) -> tuple[float, float]:
        """Return mean flow in picture widths per second and where it was, as a share of the width."""
        small, _ = shrunk(self._cv2, grey, WIDTH_PIXELS)
        previous, self._previous = self._previous, (small, t_s)
        if previous is None or previous[0].shape != small.shape or t_s - previous[1] <= 1e-4:
            return 0.0, 0.5
        changed = self._cv2.absdiff(small, previous[0]) > _CHANGED_GREY_LEVELS
        if not changed.any():
            return 0.0, 0.5
        flow = self._flow.calc(previous[0], small, None)
        moved = np.hypot(flow[..., 0], flow[..., 1]) * changed
        total = float(moved.sum())
        width = small.shape[1]
        if not math.isfinite(total) or total <= 0.0:
            return 0.0, 0.5
        where = float((moved.sum(axis=0) * np.arange(width)).sum()) / total / max(1, width - 1)
        return total / moved.size / width / (t_s - previous[1]), where
