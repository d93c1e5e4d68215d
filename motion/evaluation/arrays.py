"""Shared checks of what the measures are given, and how clips become windows of one length.

Several measures depend on the length of what they look at (dimensionless jerk grows with its fifth power), so methods are compared
on windows of one length. Pure functions; a bad array raises `ValueError` naming argument, shape and mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]


def finite(array: ArrayLike, name: str, axes: Sequence[int | None], minimum: int = 1) -> Float64:
    """Return an array as float64 after checking it.

    Args:
        array: what was given.
        name: what to call it in an error.
        axes: wanted length of each axis; None for any.
        minimum: least length of the first axis.

    Raises:
        ValueError: wrong number of axes, a wrong length, too short, or a value that is not finite.
    """
    out = np.asarray(array, dtype=np.float64)
    wanted = "[" + ", ".join("any" if length is None else str(length) for length in axes) + "]"
    if out.ndim != len(axes) or any(
        length is not None and got != length for got, length in zip(out.shape, axes, strict=True)
    ):
        raise ValueError(f"{name} has shape {list(out.shape)}; it must be {wanted}")
    if out.shape[0] < minimum:
        raise ValueError(f"{name} has {out.shape[0]} rows; at least {minimum} are needed")
    bad = np.flatnonzero(~np.isfinite(out.reshape(out.shape[0], -1)).all(axis=1)) if out.size else np.empty(0)
    if bad.size:
        raise ValueError(
            f"{name} is not finite in {bad.size} of {out.shape[0]} rows, first in row {bad[0]}; leave them out"
        )
    return out


def rate(fps: float) -> float:
    """Return a frame rate after checking it.

    Raises:
        ValueError: it is not a positive finite number.
    """
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps is {fps}; it must be a positive number of frames per second")
    return float(fps)


def seconds(times_s: ArrayLike, name: str) -> Float64:
    """Return times [n] sorted, after checking that they are finite.

    Raises:
        ValueError: not one axis, or not finite.
    """
    return np.sort(finite(times_s, name, (None,), minimum=0))


def windows(clips: Iterable[NDArray[Any]], length: int, hop: int) -> NDArray[Any]:
    """Cut arrays [T, ...] into windows [n, length, ...], `hop` frames apart; what is left at an end is dropped.

    Raises:
        ValueError: length or hop is not positive, or no array is long enough.
    """
    if length < 1 or hop < 1:
        raise ValueError(f"windows of {length} frames, {hop} apart: both must be positive")
    arrays = list(clips)
    cut = [array[begin : begin + length] for array in arrays for begin in range(0, len(array) - length + 1, hop)]
    if not cut:
        longest = max((len(array) for array in arrays), default=0)
        raise ValueError(f"no clip holds a window of {length} frames; the longest of {len(arrays)} clips has {longest}")
    return np.stack(cut)
