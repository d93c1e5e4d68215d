"""Smoothness: log dimensionless jerk, raw jerk, and the jerk at the seams of a stream relative to elsewhere.

Positions are metres [T, J, 3]; derivatives are plain forward differences. Pure functions. A joint that stays where it is has no
dimensionless jerk: its value is NaN, and means leave it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.evaluation.arrays import Float64, finite, rate

MINIMUM_PATH_M: Final = 1e-3
"""A joint that travels less than this in a window is standing still, and its jerk is rounding."""
SEAM_FRAMES: Final = 5


def jerk(positions_m: ArrayLike, fps: float) -> Float64:
    """Size of the third derivative [T - 3, J] in m/s^3; row t stands for the time of frame t + 1.5.

    Raises:
        ValueError: fewer than four frames, a wrong shape, or values that are not finite.
    """
    p = finite(positions_m, "positions_m", (None, None, 3), minimum=4)
    out: Float64 = np.linalg.norm(np.diff(p, n=3, axis=0), axis=-1) * rate(fps) ** 3
    return out


def mean_jerk(positions_m: ArrayLike, fps: float) -> float:
    """Mean of `jerk` over frames and joints, m/s^3."""
    return float(jerk(positions_m, fps).mean())


def ldlj(positions_m: ArrayLike, fps: float, minimum_path_m: float = MINIMUM_PATH_M) -> Float64:
    """Log dimensionless jerk [J]: -ln(T^5 / L^2 * integral of |d3p/dt3|^2 dt), L the length of the path (Hogan and Sternad 2009).

    Larger (nearer to zero) is smoother; a straight minimum-jerk move has -ln 720 = -6.58. It depends on duration and on the number of
    moves inside, so compare windows of one length. The integral is the mean square over the T - 3 differences times the duration:
    otherwise short windows would lose their ends, where a move's jerk is greatest.

    Raises:
        ValueError: see `jerk`.
    """
    p = finite(positions_m, "positions_m", (None, None, 3), minimum=4)
    duration_s = (len(p) - 1) / rate(fps)
    path_m = np.linalg.norm(np.diff(p, axis=0), axis=-1).sum(axis=0)
    mean_square = np.square(jerk(p, fps)).mean(axis=0)
    # Uniform motion has no jerk at all; the smallest double keeps its logarithm finite.
    value = duration_s**6 / np.square(np.maximum(path_m, 1e-12)) * mean_square
    out: Float64 = np.where(path_m < minimum_path_m, np.nan, -np.log(np.maximum(value, np.finfo(np.float64).tiny)))
    return out


def mean_ldlj(clips: Sequence[ArrayLike], fps: float) -> float:
    """Mean of `ldlj` over joints that move and over clips [T, J, 3] of one length; NaN where nothing moves.

    Raises:
        ValueError: no clip, clips of different lengths, or see `jerk`.
    """
    if not len(clips):
        raise ValueError("mean_ldlj: there are no clips")
    lengths = {len(np.asarray(clip)) for clip in clips}
    if len(lengths) > 1:
        raise ValueError(
            f"mean_ldlj: clips of {min(lengths)} to {max(lengths)} frames cannot be compared; cut them to one length"
        )
    values = np.stack([ldlj(clip, fps) for clip in clips])
    moving = values[~np.isnan(values)]
    return float(moving.mean()) if moving.size else float("nan")


def relative_ldlj(real: Sequence[ArrayLike], generated: Sequence[ArrayLike], fps: float) -> float:
    """LDLJ of real minus LDLJ of generated motion: 0 is as smooth as people, positive is jerkier, negative smoother.

    NaN where one of them does not move at all.

    Raises:
        ValueError: see `mean_ldlj`, or the two differ in length.
    """
    if len(real) and len(generated) and len(np.asarray(real[0])) != len(np.asarray(generated[0])):
        raise ValueError("relative_ldlj: real and generated clips differ in length; cut both to one length")
    return mean_ldlj(real, fps) - mean_ldlj(generated, fps)


def boundary_jerk_ratio(
    positions_m: ArrayLike, fps: float, boundaries: Sequence[int], around: int = SEAM_FRAMES
) -> float:
    """Median jerk near seams over median jerk elsewhere; 1 means that seams cannot be told from the rest.

    The jerk of a frame is the greatest over joints, as in FlowMDM's peak jerk (Barquero et al. 2024).

    Args:
        positions_m: [T, J, 3].
        fps: frames per second.
        boundaries: frames at which a new piece begins.
        around: frames to each side that count as near. Where pieces are shorter than twice this nothing is left elsewhere: use fewer.

    Returns:
        The ratio; NaN where the rest does not move.

    Raises:
        ValueError: a boundary is outside, none is given, or no frame lies near or elsewhere; or see `jerk`.
    """
    if not len(boundaries) or around < 1:
        raise ValueError("boundary_jerk_ratio: at least one boundary, and one frame around it, are needed")
    peak, near = _near(positions_m, fps, boundaries, around)
    if near.all() or not near.any():
        where = "elsewhere" if near.all() else "near a boundary"
        raise ValueError(
            f"no frame lies {where}: {len(boundaries)} boundaries, {around} frames around, in {len(peak) + 3} frames"
        )
    return _ratio(peak, near)


def pooled_jerk_ratio(runs: Sequence[tuple[ArrayLike, Sequence[int], int]], fps: float) -> float:
    """`boundary_jerk_ratio` over many short runs, each with its positions, boundaries and frames around them, taken together.

    Returns:
        The ratio; NaN where there is no run, or nothing moves or lies elsewhere.

    Raises:
        ValueError: a boundary is outside; or see `jerk`.
    """
    parts = [_near(places, fps, boundaries, around) for places, boundaries, around in runs if len(boundaries)]
    if not parts:
        return float("nan")
    return _ratio(np.concatenate([peak for peak, _ in parts]), np.concatenate([near for _, near in parts]))


def seam_width(boundaries: Sequence[int]) -> int:
    """Frames around a boundary that count as near it: `SEAM_FRAMES`, or a quarter of a chunk where chunks are short."""
    shortest = int(np.diff(boundaries).min()) if len(boundaries) > 1 else 4 * SEAM_FRAMES
    return min(SEAM_FRAMES, max(1, shortest // 4))


def _near(
    positions_m: ArrayLike, fps: float, boundaries: Sequence[int], around: int
) -> tuple[Float64, NDArray[np.bool_]]:
    """Greatest jerk over joints [T - 3], and which rows lie near a boundary."""
    peak: Float64 = jerk(positions_m, fps).max(axis=1)
    frames = len(peak) + 3
    if min(boundaries) < 0 or max(boundaries) >= frames:
        raise ValueError(
            f"boundaries run from {min(boundaries)} to {max(boundaries)}; the clip has frames 0 to {frames - 1}"
        )
    # A seam before frame b lies at b - 1/2; difference t covers frames t to t + 3 and stands at t + 1.5.
    seams = np.asarray(boundaries, dtype=np.float64)[None, :] - 0.5
    near: NDArray[np.bool_] = np.abs(np.arange(len(peak))[:, None] + 1.5 - seams).min(axis=1) <= around
    return peak, near


def _ratio(peak: Float64, near: NDArray[np.bool_]) -> float:
    if near.all() or not near.any():
        return float("nan")
    rest = float(np.median(peak[~near]))
    return float(np.median(peak[near])) / rest if rest > 0.0 else float("nan")
