"""Does the motion go with this speech at all? Correlation of hand speed and onset strength against the same speech moved in time.

Beat alignment cannot say it: speech has so many onsets that any motion is near one. Here the mean correlation over clips at its best lag is
compared with what the same clips reach when each one's speech is moved around by a random time (a permutation test). A z of 2 and more says
that the audio is used; mismatched speech has about 0. Silent about style: a metronome on the syllables would do well. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import Float64, finite, rate

LAG_S: Final = 0.5
"""Strokes may lead or follow their word by this much."""
DRAWS: Final = 400
_SEED: Final = 20_260_101


@dataclass(frozen=True, slots=True)
class Coupling:
    """What was found.

    Attributes:
        correlation: mean correlation at the best lag.
        lag_s: that lag; positive where motion follows speech.
        z: correlation against moved speech, in its standard deviations.
        p: share of draws that reached as much, at least 1 / (draws + 1).
    """

    correlation: float
    lag_s: float
    z: float
    p: float


def coupling(
    speeds_mps: Sequence[ArrayLike], strengths: Sequence[ArrayLike], fps: float, draws: int = DRAWS
) -> Coupling | None:
    """Test all clips of a method together; the draws are seeded, so the result is deterministic.

    Args:
        speeds_mps: speed of the hands [T], one for each clip.
        strengths: onset strength [T] at the same frames.
        fps: frames per second.
        draws: permutations.

    Returns:
        The result; None where no clip of four times the lag both moves and sounds.

    Raises:
        ValueError: unequal lengths or values that are not finite.
    """
    reach = round(LAG_S * rate(fps))
    circles: list[Float64] = []
    for index, (speed, strength) in enumerate(zip(speeds_mps, strengths, strict=True)):
        v = finite(speed, f"speeds_mps[{index}]", (None,))
        e = finite(strength, f"strengths[{index}]", (len(v),))
        if len(v) < 4 * (2 * reach + 1) or min(float(v.std()), float(e.std())) < 1e-9:
            continue
        v, e = (v - v.mean()) / v.std(), (e - e.mean()) / e.std()
        # Correlation at every circular lag at once; a lag of l says that motion comes l frames after speech.
        circles.append(np.fft.irfft(np.fft.rfft(v) * np.conj(np.fft.rfft(e)), n=len(v)) / len(v))
    if not circles:
        return None
    weights = np.array([len(circle) for circle in circles], dtype=np.float64)
    weights /= weights.sum()
    lags = np.arange(-reach, reach + 1)

    def curve(moved: Sequence[int]) -> Float64:
        rows = [circle[(lags + by) % len(circle)] for circle, by in zip(circles, moved, strict=True)]
        out: Float64 = weights @ np.stack(rows)
        return out

    found = curve([0] * len(circles))
    best = int(found.argmax())
    rng = np.random.default_rng(_SEED)
    # At least the width of the lags away from the truth, on either side.
    away = [(2 * reach + 1, len(circle) - 2 * reach) for circle in circles]
    chance = np.array([curve([int(rng.integers(low, high)) for low, high in away]).max() for _ in range(draws)])
    reached = int((chance >= found[best]).sum())
    return Coupling(
        correlation=float(found[best]),
        lag_s=float(lags[best]) / fps,
        z=float((found[best] - chance.mean()) / max(float(chance.std()), 1e-12)),
        p=(reached + 1) / (draws + 1),
    )
