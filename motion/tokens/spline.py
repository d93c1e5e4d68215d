"""Uniform cubic B-splines: smooth motion from control points, whatever writes them.

Control points lie 2 frames apart. A curve of them is continuous up to its acceleration, so pieces that are generated one after the other
join without a seam. Measured on 6 minutes of held-out narration at 30 fps (low-passed at 8 Hz): fitting control points at 15 Hz changes
FGD by less than 0.001 and the log dimensionless jerk by 0.03; at 10 Hz the latter changes by 0.6.

Point k has its greatest weight at frame 2 (k - 1). Frame f needs points f // 2 to f // 2 + 3 (an even one not the last of them). numpy,
pure functions.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.tokens.layout import FRAMES_PER_TOKEN

Array = NDArray[Any]

_STIFFNESS: Final = 1e-4
"""Weight of bending in the fit: decides the end points, which frames alone leave open, and nothing else."""


def _weights(u: Array) -> Array:
    """Weights [..., 4] of four successive points at a share u of the way through their span."""
    return (
        np.stack(
            ((1.0 - u) ** 3, 3.0 * u**3 - 6.0 * u**2 + 4.0, -3.0 * u**3 + 3.0 * u**2 + 3.0 * u + 1.0, u**3), axis=-1
        )
        / 6.0
    )


_AT_FRAMES: Final = _weights(np.arange(FRAMES_PER_TOKEN) / FRAMES_PER_TOKEN)
"""Weights [2, 4] at the frames of one span."""


def points_for(frames: int) -> int:
    """Return how many control points a curve of that many frames has."""
    return (frames - 1) // FRAMES_PER_TOKEN + 4


def frames_of(points: int) -> int:
    """Return how many frames are settled by that many points: those that no further point would change."""
    return max(0, FRAMES_PER_TOKEN * (points - 3) + 1)


def evaluate(points: Array, first: int = 0, frames: int | None = None) -> Array:
    """Values [frames, d] of the curve through control points [n, d].

    Args:
        points: control points, at least four for more than one frame.
        first: first frame; 0 is where the second point has its greatest weight.
        frames: how many; by default all that are settled.

    Raises:
        ValueError: the points do not settle those frames.
    """
    settled = frames_of(len(points))
    count = settled - first if frames is None else frames
    if first < 0 or count < 0 or first + count > settled:
        raise ValueError(
            f"{len(points)} control points settle frames 0 to {settled - 1}, not {first} to {first + count - 1}"
        )
    at = np.arange(first, first + count)
    span = at // FRAMES_PER_TOKEN
    # The last frame may be even: the fourth point then has no weight, and need not be there.
    rows = np.minimum(span[:, None] + np.arange(4), len(points) - 1)
    out: Array = np.einsum("fk,fkd->fd", _AT_FRAMES[at % FRAMES_PER_TOKEN], points[rows])
    return out


def evaluate_at(points: Array, time_frames: Array) -> Array:
    """Values [n, d] of the curve at any times, in frames, within 0 to `frames_of(len(points)) - 1`."""
    position = np.asarray(time_frames, dtype=np.float64) / FRAMES_PER_TOKEN
    span = np.floor(position).astype(np.intp)
    rows = np.minimum(span[:, None] + np.arange(4), len(points) - 1)
    out: Array = np.einsum("fk,fkd->fd", _weights(position - span), points[rows])
    return out


def fit(values: Array) -> Array:
    """Control points [points_for(T), d] whose curve is nearest to values [T, d] in the least-squares sense."""
    frames = len(values)
    count = points_for(frames)
    basis = np.zeros((frames, count))
    at = np.arange(frames)
    for k in range(4):
        basis[at, at // FRAMES_PER_TOKEN + k] = _AT_FRAMES[at % FRAMES_PER_TOKEN, k]
    bend = np.diff(np.eye(count), n=2, axis=0)
    normal = basis.T @ basis + _STIFFNESS * bend.T @ bend
    out: Array = np.linalg.solve(normal, basis.T @ np.asarray(values, dtype=np.float64))
    return out
