"""The join: which clauses, and when, so that strokes that were made to other words meet the accents of these.

A beam search over sequences of clauses on a grid of 1/30 s. A clause gains where strong strokes peak shortly before its accents and
loses where they miss, both against what it would gain by chance, and where the hands speed up as its syllables set in; a pause loses
where strokes fall into it and gains on stillness. Pauses are about as long as in AMI. Nothing is said twice in one stretch, and what was
used often is used less. Deterministic under the generator's seed; seconds on the motion's clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from motion.corpus.pairing.speech import Utterance
from motion.features.frames import SAMPLE_RATE_HZ

Float64 = NDArray[np.float64]

GRID_HZ: Final = 30.0
LEAD_S: Final = 0.05
"""A stroke is fastest so long before its accent (the accent is where it arrives)."""
TOLERANCE_S: Final = 0.07
"""Deviation of the kernel in which stroke and accent meet; a quarter of its height is left at 0.12 s."""
PAUSE_S: Final = (0.15, 1.0)
_USUAL_PAUSE_S: Final = 0.40
_PAUSE_SPREAD: Final = 0.6
_BEAM: Final = 8
_TRIED: Final = 240
"""Clauses looked at in each step."""
_PAUSE_COST: Final = 0.12
_STROKE_IN_PAUSE: Final = 0.5
_STILL_GAIN: Final = 0.3
_USE_COST: Final = 0.06
_MATCH_S: Final = 0.25
_FLOW_GAIN: Final = 0.6
"""Weight of a second of hand speed in full step with the syllables, where one perfectly met stroke has 1."""
_FLOW_MASS: Final = 0.3


class Stroke(NamedTuple):
    """The fastest moment of a stroke, and how strong it is, 0 to 1."""

    t_s: float
    weight: float


class Spoken(NamedTuple):
    """A clause at its place."""

    utterance: Utterance
    start_s: float

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.start_s + self.utterance.duration_s


class Match(NamedTuple):
    """A stroke and the accent that it is to meet."""

    stroke_s: float
    accent_s: float
    weight: float

    @property
    def wanted_s(self) -> float:
        """When the stroke should peak."""
        return self.accent_s - LEAD_S


class Pool:
    """The clauses of one speaker, with what the search needs of them in arrays; counts their use."""

    def __init__(self, clauses: Sequence[Utterance]) -> None:
        """Prepare.

        Raises:
            ValueError: there are none.
        """
        if not clauses:
            raise ValueError("a pool needs at least one clause")
        self.clauses = tuple(clauses)
        self.frames = np.array([int(np.ceil(u.duration_s * GRID_HZ)) for u in clauses])
        self.uses: Counter[str] = Counter()
        longest = int(self.frames.max())
        # One column on either side stays zero: what is outside of the clause.
        self.gain = np.zeros((len(clauses), longest + 2))
        self.flow = np.zeros((len(clauses), longest))
        grid = np.arange(longest) / GRID_HZ + LEAD_S
        for row, (utterance, count) in enumerate(zip(self.clauses, self.frames, strict=True)):
            curve = np.zeros(longest)
            for accent in utterance.accents:
                near = np.exp(-0.5 * ((grid - accent.t_s) / TOLERANCE_S) ** 2)
                curve = np.maximum(curve, (0.4 + 0.6 * accent.prominence) * near)
            self.gain[row, 1 : count + 1] = curve[:count] - curve[:count].mean()
            self.flow[row, :count] = _syllables(utterance, int(count))


@dataclass(frozen=True, slots=True)
class _Path:
    end: int
    score: float
    mass: float
    said: tuple[tuple[int, int], ...] = ()

    @property
    def rank(self) -> float:
        """Gain for each stroke that was dealt with; short and long paths compare."""
        return self.score / (self.mass + 1.0)


def find_speech(
    strokes: Sequence[Stroke],
    still: Sequence[tuple[float, float]],
    start_s: float,
    end_s: float,
    pool: Pool,
    rng: np.random.Generator,
    speed_mps: NDArray[np.float64] | None = None,
) -> list[Spoken]:
    """Choose clauses for a stretch of motion.

    Args:
        strokes: of the motion, in any order.
        still: when the hands rest or hold.
        start_s: speech begins up to 0.5 s after it.
        end_s: speech is over by then.
        pool: what can be said; its counts of use are raised.
        rng: chooses which clauses are tried.
        speed_mps: of the hands at 30 Hz from second 0 on; without it only strokes count.

    Returns:
        Clauses in order; none where the stretch is shorter than every clause.
    """
    first, last = int(np.ceil(start_s * GRID_HZ)), int(np.floor(end_s * GRID_HZ))
    inside = sorted(s for s in strokes if start_s - 0.5 <= s.t_s <= end_s + 0.5)
    at = np.array([round(s.t_s * GRID_HZ) for s in inside], dtype=np.int64)
    weight = np.array([s.weight for s in inside])
    quiet = np.zeros(max(0, last - first) + 64)
    for a, b in still:
        quiet[max(0, round(a * GRID_HZ) - first) : max(0, round(b * GRID_HZ) - first)] = 1.0
    cumulated = np.concatenate(([0.0], np.cumsum(quiet)))
    moving = np.zeros(last + 1)
    if speed_mps is not None and last > first:
        part = speed_mps[: last + 1]
        level, spread = float(part[first:].mean()), float(part[first:].std())
        moving[: len(part)] = np.clip((part - level) / max(spread, 1e-6), -1.5, 2.5)
    beam = [_Path(first, 0.0, 0.0)]
    done: list[_Path] = []
    while beam:
        grown: list[_Path] = []
        for path in beam:
            more = _extended(path, first, last, at, weight, cumulated, moving, pool, rng)
            if path.said:
                done.append(_closed(path, last, at, weight))
            grown += more
        grown.sort(key=lambda p: (-p.rank, p.end, p.said))
        beam = grown[:_BEAM]
    if not done:
        return []
    best = max(done, key=lambda p: p.rank)
    out = [Spoken(pool.clauses[index], start / GRID_HZ) for index, start in best.said]
    pool.uses.update(spoken.utterance.name for spoken in out)
    return out


def _extended(
    path: _Path,
    first: int,
    last: int,
    at: NDArray[np.int64],
    weight: Float64,
    cumulated: Float64,
    moving: Float64,
    pool: Pool,
    rng: np.random.Generator,
) -> list[_Path]:
    """Paths by one clause longer, the best start for each of the best clauses."""
    used = {index for index, _ in path.said}
    fitting = np.flatnonzero(path.end + 1 + pool.frames <= last)
    if used:
        fitting = fitting[~np.isin(fitting, list(used))]
    if not fitting.size:
        return []
    tried = np.sort(rng.choice(fitting, size=min(_TRIED, fitting.size), replace=False))
    low, high = (round(x * GRID_HZ) for x in PAUSE_S)
    pauses = np.arange(low, high + 1) if path.said else np.arange(0, high // 2 + 1)
    starts = path.end + pauses
    frames = pool.frames[tried]
    # Strokes up to the end of the longest clause tried.
    lies = (at >= path.end) & (at < starts[-1] + frames.max())
    here, mass = at[lies], weight[lies]
    offset = here[None, :] - starts[:, None]
    column = np.clip(offset + 1, 0, pool.gain.shape[1] - 1)
    met = np.einsum("csj,j->cs", pool.gain[tried][:, column], mass)
    in_pause = ((offset < 0) * mass).sum(axis=1)
    covered = ((offset[None] < frames[:, None, None]) * mass).sum(axis=2) + _FLOW_MASS * frames[:, None] / GRID_HZ
    longest = int(frames.max())
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(moving, (0, longest)), longest)
    flow = pool.flow[tried, :longest] @ windows[np.minimum(starts, len(windows) - 1)].T
    score = met + _FLOW_GAIN / GRID_HZ * flow - _STROKE_IN_PAUSE * in_pause
    if path.said:
        clear = cumulated[np.minimum(starts - first, len(cumulated) - 1)] - cumulated[path.end - first]
        usual = (np.log(pauses / GRID_HZ / _USUAL_PAUSE_S) / _PAUSE_SPREAD) ** 2
        score = score + _STILL_GAIN * clear / pauses - _PAUSE_COST * usual
    score = score - _USE_COST * np.array([pool.uses[pool.clauses[i].name] for i in tried])[:, None]
    score = np.where(starts[None, :] + frames[:, None] <= last, score, -np.inf)
    best = np.argmax(score, axis=1)
    rows = np.arange(len(tried))
    value, weighed = score[rows, best], covered[rows, best]
    rank = (path.score + value) / (path.mass + weighed + 1.0)
    out = []
    for row in np.argsort(-rank, kind="stable")[:_BEAM]:
        if np.isfinite(value[row]):
            begin = int(starts[best[row]])
            said = (*path.said, (int(tried[row]), begin))
            out.append(
                _Path(begin + int(frames[row]), path.score + float(value[row]), path.mass + float(weighed[row]), said)
            )
    return out


def _closed(path: _Path, last: int, at: NDArray[np.int64], weight: Float64) -> _Path:
    """Let a path end here: what is left is a pause, and a long one is dear."""
    left = float(weight[(at >= path.end) & (at < last)].sum())
    long = max(0.0, (last - path.end) / GRID_HZ - 0.6)
    return replace(path, score=path.score - _STROKE_IN_PAUSE * left - 0.8 * long, mass=path.mass + left)


def _syllables(utterance: Utterance, count: int) -> Float64:
    """How strongly syllables set in, at 30 Hz, a little ahead as hands are; mean 0 and deviation 1."""
    hop = round(SAMPLE_RATE_HZ / GRID_HZ)
    lead = round(LEAD_S * SAMPLE_RATE_HZ)
    audio = np.pad(utterance.samples.astype(np.float64), (0, lead + hop * (count + 2)))[lead:]
    power = np.mean(audio[: hop * (count + 1)].reshape(count + 1, hop) ** 2, axis=1)
    rise = np.maximum(0.0, np.diff(10.0 * np.log10(power + 1e-5)))
    smooth = np.convolve(rise, [0.25, 0.5, 0.25], mode="same")
    return np.asarray((smooth - smooth.mean()) / max(float(smooth.std()), 1e-6), dtype=np.float64)


def matches(strokes: Sequence[Stroke], spoken: Sequence[Spoken], least: float = 0.3) -> list[Match]:
    """Pair strokes with accents one to one, in order, within a quarter second, for the greatest total of weight and prominence."""
    marks = sorted(s for s in strokes if s.weight >= least)
    accents = sorted((p.start_s + a.t_s, a.prominence) for p in spoken for a in p.utterance.accents)
    total = np.zeros((len(marks) + 1, len(accents) + 1))
    for i, mark in enumerate(marks, 1):
        for j, (when, prominence) in enumerate(accents, 1):
            apart = (when - LEAD_S - mark.t_s) / _MATCH_S
            gain = mark.weight * (0.5 + prominence) * (1.0 - apart * apart)
            total[i, j] = max(total[i - 1, j], total[i, j - 1], total[i - 1, j - 1] + max(0.0, gain))
    out: list[Match] = []
    i, j = len(marks), len(accents)
    while i and j:
        if total[i, j] == total[i - 1, j]:
            i -= 1
        elif total[i, j] == total[i, j - 1]:
            j -= 1
        else:
            out.append(Match(marks[i - 1].t_s, accents[j - 1][0], marks[i - 1].weight * (0.5 + accents[j - 1][1])))
            i, j = i - 1, j - 1
    return out[::-1]
