"""L1 diversity of motion, as the code of EMAGE computes it. A pure function."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import finite


def l1_diversity(clips: Sequence[ArrayLike]) -> float:
    """Mean over all frames of sum_d |x[t, d] - mean over the clip of x[., d]| (PantoMatrix, `metric.py`, `L1div`).

    It grows with every motion, jitter included, and with the number of joints: compare it with ground truth's, do not maximise it.

    Args:
        clips: positions [T, J, 3] in metres (T may differ).

    Returns:
        Metres, summed over joints and axes.

    Raises:
        ValueError: no clip, a wrong shape, or values that are not finite.
    """
    if not len(clips):
        raise ValueError("l1_diversity: there are no clips")
    total, frames = 0.0, 0
    for index, clip in enumerate(clips):
        x = finite(clip, f"clips[{index}]", (None, None, 3))
        total += float(np.abs(x - x.mean(axis=0)).sum())
        frames += len(x)
    return total / frames
