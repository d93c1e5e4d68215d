"""A gentle warp of time that brings strokes to their accents: never faster or slower than 10 %, without corners.

The warp is a displacement u(t) with source time = t + u(t). Between knots it is linear with a slope of at most the bound; smoothing it
with a kernel keeps the bound, since the slope of an average is an average of slopes. Its ends stay where they are. Which displacement
each knot gets, where not all wishes fit the bound, is the cheapest path over a grid. Seconds; pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion import rotations as rot
from motion.clip import Clip

Float64 = NDArray[np.float64]

RATE_BOUND: Final = 0.10
_STEP_S: Final = 0.005
_REACH_S: Final = 0.20
_SMOOTH_S: Final = 0.12
"""Half width of the kernel."""
_FINE_S: Final = 1.0 / 120.0


@dataclass(frozen=True, slots=True)
class Warp:
    """Source time as a function of time, on a grid that begins at 0; identity outside."""

    times_s: Float64
    source_s: Float64

    def at(self, t_s: ArrayLike) -> Float64:
        """Time in the motion as it was, for times in the result."""
        t = np.asarray(t_s, dtype=np.float64)
        return np.asarray(t + np.interp(t, self.times_s, self.source_s - self.times_s), dtype=np.float64)

    def inverse(self, source_s: ArrayLike) -> Float64:
        """When something that was at a time happens now."""
        s = np.asarray(source_s, dtype=np.float64)
        return np.asarray(s + np.interp(s, self.source_s, self.times_s - self.source_s), dtype=np.float64)

    def rate(self) -> Float64:
        """Speed of play on the grid, 1 where unchanged."""
        return np.asarray(np.diff(self.source_s) / np.diff(self.times_s), dtype=np.float64)


def plan(
    length_s: float,
    strokes_s: Sequence[float],
    wanted_s: Sequence[float],
    weights: Sequence[float],
    bound: float = RATE_BOUND,
) -> Warp:
    """Plan the warp of a motion of some length.

    Args:
        length_s: the motion's.
        strokes_s: moments of the motion, in order.
        wanted_s: when they should be, in order.
        weights: how much each wish counts.
        bound: greatest departure of the rate from 1.

    Raises:
        ValueError: the lists don't fit together.
    """
    if not len(strokes_s) == len(wanted_s) == len(weights):
        raise ValueError(
            f"{len(strokes_s)} strokes, {len(wanted_s)} wishes and {len(weights)} weights; give one of each"
        )
    grid = np.arange(0.0, max(length_s, _FINE_S) + 0.5 * _FINE_S, _FINE_S)
    # Knots keep clear of the ends and of each other, else the smoothing takes them along.
    knots = [
        (w, s - w, g)
        for s, w, g in zip(strokes_s, wanted_s, weights, strict=True)
        if 2 * _SMOOTH_S < w < length_s - 2 * _SMOOTH_S
    ]
    kept: list[tuple[float, float, float]] = []
    for knot in sorted(knots):
        if kept and knot[0] - kept[-1][0] < 0.1:
            kept[-1] = max(kept[-1], knot, key=lambda k: k[2])
        else:
            kept.append(knot)
    times = np.array([_SMOOTH_S, *(k[0] for k in kept), length_s - _SMOOTH_S])
    if not kept:
        return Warp(grid, grid.copy())
    values = _cheapest(times, np.array([k[1] for k in kept]), np.array([k[2] for k in kept]), bound)
    line = np.interp(grid, times, values, left=0.0, right=0.0)
    reach = round(_SMOOTH_S / _FINE_S)
    kernel = np.hanning(2 * reach + 1)
    smooth = np.convolve(np.pad(line, reach), kernel / kernel.sum(), mode="valid")
    return Warp(grid, grid + smooth)


def _cheapest(times: Float64, wishes: Float64, weights: Float64, bound: float) -> Float64:
    """Displacement at each of times; 0 at both ends."""
    levels = np.arange(-_REACH_S, _REACH_S + 0.5 * _STEP_S, _STEP_S)
    zero = len(levels) // 2
    cost = np.full(len(levels), np.inf)
    cost[zero] = 0.0
    back = []
    for index in range(1, len(times)):
        span = bound * float(times[index] - times[index - 1])
        step = np.abs(levels[:, None] - levels[None, :])
        through = np.where(step <= span + 1e-9, cost[:, None] + 0.02 * (step / max(span, 1e-9)) ** 2, np.inf)
        back.append(np.argmin(through, axis=0))
        cost = through[back[-1], np.arange(len(levels))]
        if index <= len(wishes):
            cost = cost + weights[index - 1] * np.minimum(((levels - wishes[index - 1]) / 0.05) ** 2, 16.0)
    at = zero
    path = [at]
    for pointers in reversed(back):
        at = int(pointers[at])
        path.append(at)
    return np.asarray(levels[path[::-1]] - levels[zero], dtype=np.float64)


def warped(clip: Clip, warp: Warp) -> Clip:
    """Return the clip played along the warp; it stays as long as it was."""
    at = np.clip(warp.at(np.arange(len(clip)) / clip.fps) * clip.fps, 0.0, len(clip) - 1.0)
    first = np.minimum(at.astype(np.int64), max(0, len(clip) - 2))
    share = at - first
    after = np.minimum(first + 1, len(clip) - 1)

    def between(values: NDArray[np.float32]) -> NDArray[np.float32]:
        part = share.reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray((1.0 - part) * values[first] + part * values[after], dtype=np.float32)

    turned = rot.slerp(
        clip.rotations[first].astype(np.float64), clip.rotations[after].astype(np.float64), share[:, None]
    )
    return Clip(clip.fps, turned.astype(np.float32), between(clip.hips_m), between(clip.hands))
