"""Beat alignment in both variants that papers call by that name, from motion and onset times in seconds.

`beat_align_audio` follows the code of BEAT (Liu et al. 2022; PantoMatrix, `metric.py`): for each joint, how near is a motion beat to every
*audio* onset; it punishes missing beats. `beat_align_motion` follows AIST++ (Li et al. 2021): how near is an audio onset to every
*motion* beat; it punishes spurious beats. Both rise with jitter and neither follows what people prefer: never tune for them alone.
Onsets come from anywhere; `motion.evaluation.onsets` finds them. Pure functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import Float64, finite, rate, seconds
from motion.skeleton import INDEX

UPPER_BODY: Final[tuple[int, ...]] = tuple(
    INDEX[name]
    for name in (
        "spine", "chest", "upperChest", "neck", "head", "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand",
        "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand",
    )
)  # fmt: skip
"""The 13 joints of the code, by our names."""
SIGMA_AUDIO_S: Final = 0.3
ORDER: Final = 7
THRESHOLD: Final = 0.3
SIGMA_MOTION_S: Final = 0.1
"""As co-speech papers use the AIST++ form (HA2G, Liu et al. 2022); AIST++ itself has 3 frames at 60 fps, 0.05 s, for dance."""
_SMOOTHING_S: Final = 5.0 / 60.0
"""AIST++ smooths speed by a Gaussian of 5 frames at 60 fps."""


def speeds(positions_m: ArrayLike, fps: float) -> Float64:
    """Speed [T, J] in m/s by central differences, one-sided at both ends.

    Raises:
        ValueError: fewer than three frames, a wrong shape, or values that are not finite.
    """
    p = finite(positions_m, "positions_m", (None, None, 3), minimum=3)
    out: Float64 = np.linalg.norm(np.gradient(p, axis=0), axis=-1) * rate(fps)
    return out


def local_minima(values: ArrayLike, order: int) -> list[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Rows at which each column of [T, J] is strictly below its `order` neighbours to both sides.

    Near an end the end's own value stands for the missing ones, as in `scipy.signal.argrelextrema`, which the code uses.
    """
    x = finite(values, "values", (None, None))
    padded = np.pad(x, ((order, order), (0, 0)), mode="edge")
    below = np.ones(x.shape, dtype=bool)
    for shift in range(1, order + 1):
        below &= (x < padded[order - shift : order - shift + len(x)]) & (
            x < padded[order + shift : order + shift + len(x)]
        )
    return [np.flatnonzero(below[:, column]) for column in range(x.shape[1])]


def _mean_kernel(targets_s: Float64, given_s: Float64, sigma_s: float) -> float:
    """Mean over `given_s` of exp(-d^2 / 2 sigma^2), d the distance to the nearest target; 0 where there is no target."""
    if not targets_s.size:
        return 0.0
    gap = np.abs(given_s[:, None] - targets_s[None, :]).min(axis=1)
    return float(np.exp(-np.square(gap) / (2.0 * sigma_s**2)).mean())


def beat_align_audio(
    positions_m: ArrayLike,
    fps: float,
    onsets_s: ArrayLike,
    mean_speed_mps: ArrayLike | None = None,
    *,
    sigma_s: float = SIGMA_AUDIO_S,
    order: int = ORDER,
    threshold: float = THRESHOLD,
    joints: tuple[int, ...] = UPPER_BODY,
) -> float:
    """Beat alignment of the BEAT code, 0 to 1: average over audio onsets, then over joints.

    A motion beat is a local minimum of a joint's speed that is still above `threshold` of that joint's mean speed. `order` is
    in frames of the code's 30 fps data and is not rescaled.

    Args:
        positions_m: [T, 22, 3], starting at the audio's time 0.
        fps: frames per second.
        onsets_s: onsets [n] in seconds; those outside the clip are left out.
        mean_speed_mps: [22] mean speed of each joint over the *reference* data, so that a nearly still clip has no beats; without it
            the clip's own.
        sigma_s: width of the kernel.
        order: frames to each side that a minimum must lie below.
        threshold: share of the mean speed.
        joints: rows that count.

    Returns:
        The score; NaN where no onset falls into the clip.

    Raises:
        ValueError: wrong shapes or values that are not finite.
    """
    speed = speeds(positions_m, fps)
    onsets = seconds(onsets_s, "onsets_s")
    onsets = onsets[(onsets >= 0.0) & (onsets <= (len(speed) - 1) / fps)]
    if not onsets.size:
        return float("nan")
    mean = speed.mean(axis=0) if mean_speed_mps is None else finite(mean_speed_mps, "mean_speed_mps", (speed.shape[1],))
    normal = speed / np.maximum(mean, 1e-9)
    scores = []
    minima = local_minima(normal, order)
    for joint in joints:
        rows = minima[joint]
        beats = rows[normal[rows, joint] > threshold] / fps
        scores.append(_mean_kernel(beats, onsets, sigma_s))
    return float(np.mean(scores))


def motion_beats(positions_m: ArrayLike, fps: float, joints: tuple[int, ...] = UPPER_BODY) -> Float64:
    """Motion beats in seconds as in AIST++: local minima of the smoothed mean speed of all joints."""
    speed = speeds(positions_m, fps)[:, list(joints)].mean(axis=1)
    width = _SMOOTHING_S * fps
    reach = max(1, int(4.0 * width + 0.5))
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / width))
    padded = np.pad(speed, reach, mode="symmetric") if reach <= len(speed) else np.pad(speed, reach, mode="edge")
    smooth = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    out: Float64 = local_minima(smooth[:, None], 1)[0] / fps
    return out


def beat_align_motion(
    positions_m: ArrayLike, fps: float, onsets_s: ArrayLike, *, sigma_s: float = SIGMA_MOTION_S
) -> float:
    """Beat alignment of AIST++, 0 to 1: average over motion beats of the kernel of the distance to the nearest audio onset.

    Returns:
        The score; NaN where there is no motion beat or no onset.

    Raises:
        ValueError: wrong shapes or values that are not finite.
    """
    beats = motion_beats(positions_m, fps)
    onsets = seconds(onsets_s, "onsets_s")
    if not (beats.size and onsets.size):
        return float("nan")
    return _mean_kernel(onsets, beats, sigma_s)
