"""Gesture phases from the movement of a wrist: rest, preparation, stroke, hold, retraction.

The units are those of Kita, van Gijn and van der Hulst (1998, LNAI 1371): from rest to rest a gesture unit, in it strokes, each perhaps
with a preparation before and a hold after it, at the end a retraction. Movements are parted at pauses and at valleys of the speed, as
people do it by eye: a valley is an abrupt change of direction. What has no movement of stroke speed is a `shift` (of posture, or a
scratch) and no gesture. A repeated stroke at one speed, as in waving, is as many strokes. Kinematics know no meaning: the labels are
good for statistics and for joining with speech, not for saying what was meant.

Positions are metres in a frame that goes with the trunk, y up; indices are frames. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]
PhaseKind = Literal["rest", "preparation", "stroke", "hold", "retraction", "shift"]

_SMOOTH_S: Final = 0.045
"""Deviation of the smoothing kernel: passes 4 Hz nearly whole, and hands have little above it."""
_VALLEY: Final = 0.6
"""Two movements part where the speed falls under this share of the lesser peak."""
_CREEP: Final = 0.12
"""A movement begins and ends at this share of its greatest speed."""
_PATH_MIN_M: Final = 0.03
_REST_RADIUS_M: Final = 0.10
_HOLD_MIN_S: Final = 0.12
"""Shorter stillness is no hold."""
_REST_MIN_S: Final = 0.3
_LONG_REST_S: Final = 2.5
"""So long a stillness is rest wherever it is."""
_TOWARDS_M: Final = 0.03
_OPPOSED_COS: Final = -0.2
_NEAR_S: Final = 0.25
"""A preparation runs into its stroke within this time."""


@dataclass(frozen=True, slots=True)
class StrokeThresholds:
    """What counts as still and as a stroke, in metres per second."""

    still_mps: float = 0.08
    stroke_mps: float = 0.25


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase.

    Attributes:
        kind: see the module.
        start: first frame.
        end: one after the last.
        peak: frame of the greatest speed.
        peak_mps: that speed.
        displacement_m: from start to end, (x, y, z).
    """

    kind: PhaseKind
    start: int
    end: int
    peak: int
    peak_mps: float
    displacement_m: tuple[float, float, float]

    @property
    def distance_m(self) -> float:
        """Straight distance covered."""
        return float(np.linalg.norm(self.displacement_m))


def smoothed(positions_m: ArrayLike, fps: float) -> Float64:
    """Return positions [T, 3] without the noise of the recording, undelayed (Gaussian kernel, edges repeated).

    Raises:
        ValueError: not [T, 3] with at least two finite rows, or the rate is not positive.
    """
    positions = np.asarray(positions_m, dtype=np.float64)
    if positions.ndim != 2 or positions.shape[1] != 3 or len(positions) < 2:
        raise ValueError(f"positions have shape {positions.shape}; they must be [T, 3] with T of at least 2")
    if not np.isfinite(positions).all():
        raise ValueError("positions hold NaN or infinity; mend the gaps of the recording first")
    if not (np.isfinite(fps) and fps > 0.0):
        raise ValueError(f"fps is {fps}; it must be positive")
    reach = max(1, int(np.ceil(3.0 * _SMOOTH_S * fps)))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (_SMOOTH_S * fps)) ** 2)
    padded = np.pad(positions, ((reach, reach), (0, 0)), mode="edge")
    columns = [np.convolve(padded[:, axis], kernel / kernel.sum(), mode="valid") for axis in range(3)]
    return np.stack(columns, axis=1)


def speed_mps(positions_m: ArrayLike, fps: float) -> Float64:
    """Return the speed [T] of smoothed positions, by central differences."""
    return np.asarray(np.linalg.norm(np.gradient(smoothed(positions_m, fps), axis=0), axis=1) * fps, dtype=np.float64)


def style_thresholds(speeds_mps: Sequence[ArrayLike]) -> StrokeThresholds:
    """Set the thresholds by how a person, or an emotion, moves: calm people's strokes are slower.

    Args:
        speeds_mps: speeds [T] of each clip of one style, both hands.

    Raises:
        ValueError: there are none.
    """
    if not speeds_mps:
        raise ValueError("speeds_mps is empty; give at least one clip")
    speeds = np.concatenate([np.asarray(one, dtype=np.float64) for one in speeds_mps])
    still = float(np.clip(np.percentile(speeds, 40), 0.05, 0.12))
    moving = speeds[speeds > still]
    stroke = float(np.percentile(moving, 55)) if moving.size else 0.0
    return StrokeThresholds(still, float(np.clip(stroke, 0.15, 0.6)))


def rest_position(positions_m: ArrayLike, fps: float, thresholds: StrokeThresholds | None = None) -> Float64 | None:
    """Return where the hand rests, [3]: the median of its lowest still frames; None if it is never still for 0.3 s."""
    thresholds = thresholds or StrokeThresholds()
    positions = smoothed(positions_m, fps)
    still = speed_mps(positions_m, fps) < thresholds.still_mps
    lasting = [run for run in _runs(still) if run[1] - run[0] >= _REST_MIN_S * fps]
    if not lasting:
        return None
    frames = np.concatenate([np.arange(start, end) for start, end in lasting])
    low = positions[frames, 1] <= np.percentile(positions[frames, 1], 50)
    return np.asarray(np.median(positions[frames[low]], axis=0), dtype=np.float64)


def phases(
    positions_m: ArrayLike,
    fps: float,
    thresholds: StrokeThresholds | None = None,
    rest_m: ArrayLike | None = None,
) -> list[Phase]:
    """Cut one wrist's movement into phases that cover the clip without gaps.

    Args:
        positions_m: [T, 3] in a frame that goes with the trunk, y up.
        fps: frames per second.
        thresholds: of the style (`style_thresholds`).
        rest_m: where this hand rests [3], best from a longer recording; found in the clip by default.

    Raises:
        ValueError: see `smoothed`.
    """
    thresholds = thresholds or StrokeThresholds()
    positions, speed = smoothed(positions_m, fps), speed_mps(positions_m, fps)
    rest = rest_position(positions_m, fps, thresholds) if rest_m is None else np.asarray(rest_m, dtype=np.float64)
    moves = _closed(_movements(positions, speed, thresholds), speed, fps)
    spans: list[Phase] = []
    at = 0
    for start, end in [*moves, (len(speed), len(speed))]:
        if start > at:
            spans.append(
                _phase(_still_kind(positions, (at, start), len(speed), rest, fps), (at, start), positions, speed)
            )
        if end > start:
            spans.append(_phase("shift", (start, end), positions, speed))
        at = end
    return _labelled(spans, positions, rest, thresholds, fps)


def stroke_phases(found: Sequence[Phase]) -> list[Phase]:
    """Return the strokes among phases."""
    return [phase for phase in found if phase.kind == "stroke"]


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[0::2], edges[1::2], strict=True)]


def _movements(positions: Float64, speed: Float64, thresholds: StrokeThresholds) -> list[tuple[int, int]]:
    """Spans of single movements: one peak of speed each, long enough to be seen."""
    out: list[tuple[int, int]] = []
    for start, end in _runs(speed > thresholds.still_mps):
        cuts = [start, *_valleys(speed[start:end], start), end]
        for first, last in pairwise(cuts):
            # A hand creeps on a little when a movement is over: that is the hold.
            fast = first + np.flatnonzero(speed[first:last] >= _CREEP * speed[first:last].max())
            a, b = int(fast[0]), int(fast[-1]) + 1
            path_m = float(np.linalg.norm(np.diff(positions[a:b], axis=0), axis=1).sum())
            if path_m >= _PATH_MIN_M:
                out.append((a, b))
    return out


def _closed(moves: list[tuple[int, int]], speed: Float64, fps: float) -> list[tuple[int, int]]:
    """Let movements meet where the stillness between them is but the instant of turning round."""
    out = list(moves)
    for index, (before, after) in enumerate(pairwise(moves)):
        if 0 < after[0] - before[1] <= _HOLD_MIN_S * fps:
            slowest = before[1] + int(np.argmin(speed[before[1] : after[0]]))
            out[index] = (out[index][0], slowest)
            out[index + 1] = (slowest, after[1])
    return out


def _valleys(speed: Float64, offset: int) -> list[int]:
    inner = np.flatnonzero((speed[1:-1] <= speed[:-2]) & (speed[1:-1] < speed[2:])) + 1
    valleys = [int(v) for v in inner]
    while valleys:
        bounds = [0, *valleys, len(speed)]
        peaks = [float(speed[a:b].max()) for a, b in pairwise(bounds)]
        depth = [float(speed[v]) / min(peaks[i], peaks[i + 1]) for i, v in enumerate(valleys)]
        shallowest = int(np.argmax(depth))
        if depth[shallowest] <= _VALLEY:
            break
        valleys.pop(shallowest)
    return [offset + valley for valley in valleys]


def _still_kind(
    positions: Float64, span: tuple[int, int], length: int, rest: Float64 | None, fps: float
) -> Literal["rest", "hold"]:
    start, end = span
    if (end - start) >= _LONG_REST_S * fps:
        return "rest"
    near = rest is not None and np.linalg.norm(positions[start:end].mean(axis=0) - rest) <= _REST_RADIUS_M
    # At the edges of the clip we see only part of the stillness.
    lasting = (end - start) >= _REST_MIN_S * fps or start == 0 or end == length
    return "rest" if near and lasting else "hold"


def _phase(kind: PhaseKind, span: tuple[int, int], positions: Float64, speed: Float64) -> Phase:
    start, end = span
    peak = start + int(np.argmax(speed[start:end]))
    moved = positions[min(end, len(positions) - 1)] - positions[start]
    return Phase(kind, start, end, peak, float(speed[peak]), (float(moved[0]), float(moved[1]), float(moved[2])))


def _labelled(
    spans: list[Phase], positions: Float64, rest: Float64 | None, thresholds: StrokeThresholds, fps: float
) -> list[Phase]:
    out = list(spans)
    unit: list[int] = []
    for index in range(len(out) + 1):
        if index < len(out) and out[index].kind != "rest":
            unit.append(index)
            continue
        _label_unit(out, unit, index < len(out), positions, rest, thresholds, fps)
        unit = []
    return out


def _label_unit(
    out: list[Phase],
    unit: list[int],
    rest_follows: bool,
    positions: Float64,
    rest: Float64 | None,
    thresholds: StrokeThresholds,
    fps: float,
) -> None:
    """Label the movements of one gesture unit in place."""
    moves = [index for index in unit if out[index].kind == "shift"]
    if not moves or max(out[index].peak_mps for index in moves) < thresholds.stroke_mps:
        # Nothing of stroke speed: a shift of posture. Its pauses are rest.
        for index in unit:
            if out[index].kind == "hold":
                out[index] = replace(out[index], kind="rest")
        return
    inner = list(moves)
    if rest_follows and rest is not None and (len(inner) > 1 or unit[0] == 0):
        last = out[inner[-1]]
        before, after = (
            float(np.linalg.norm(positions[min(f, len(positions) - 1)] - rest)) for f in (last.start, last.end)
        )
        if before - after >= _TOWARDS_M:
            out[inner[-1]] = replace(last, kind="retraction")
            inner.pop()
    for here, index in enumerate(inner):
        move = out[index]
        following = out[inner[here + 1]] if here + 1 < len(inner) else None
        kind: PhaseKind = "stroke"
        if following is not None:
            near = following.start - move.end <= _NEAR_S * fps
            opposed = _cosine(move, following) < _OPPOSED_COS
            first = index == unit[0] and unit[0] > 0
            slower = move.peak_mps < following.peak_mps
            if (first and near) or (near and opposed and slower) or move.peak_mps < thresholds.stroke_mps:
                kind = "preparation"
        elif move.peak_mps < thresholds.stroke_mps:
            kind = "retraction"
        out[index] = replace(move, kind=kind)
    if inner and not any(out[index].kind == "stroke" for index in inner):
        fastest = max(inner, key=lambda index: out[index].peak_mps)
        out[fastest] = replace(out[fastest], kind="stroke")


def _cosine(a: Phase, b: Phase) -> float:
    return float(np.dot(a.displacement_m, b.displacement_m)) / max(a.distance_m * b.distance_m, 1e-9)
