"""One motion out of many pieces: each joined on at a hold, cross-faded over half a second to a second.

The next piece is the one, among some that are offered, that comes nearest to pose and velocity at a frame where both are low. Where they
meet is the middle of the fade, so that neither moves fast in it. Times of strokes and stillness come along. 30 fps, deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.pairing.material import FPS, Material
from motion.corpus.pairing.search import Stroke

Float64 = NDArray[np.float64]

FADE_FRAMES: Final = (15, 30)
LEAST_FRAMES: Final = 66
"""A shorter piece would be all fade."""
_FRAMES_PER_METRE: Final = 60.0
_FRAMES_PER_RADIAN: Final = 10.0
"""A fade over a wider distance or turn takes longer."""
_SPEED_COST_S: Final = 0.5
_WINDOW: Final = 45
"""How many frames before the last possible one a piece may be left, to find a better place."""
_CANDIDATES: Final = 24
_MARGIN: Final = 12
"""Frames that a splice keeps from the ends of a piece: half of the longest fade that always fits."""


@dataclass(frozen=True, slots=True)
class Splice:
    """Where two pieces meet.

    Attributes:
        middle_s: middle of the fade.
        fade_s: its length.
        speed_mps: the faster wrist of both pieces at the middle.
        apart_m: distance of the poses there, root mean square of the watched joints.
    """

    middle_s: float
    fade_s: float
    speed_mps: float
    apart_m: float


@dataclass(slots=True)
class Reel:
    """The motion so far: pieces with the frames that are used of each, and the fades between them."""

    parts: list[tuple[Material, int, int]] = field(default_factory=list)
    """Piece, first frame, and the frame of the scene at which the first frame stands."""
    ends: list[int] = field(default_factory=list)
    """For each part the scene's frame after its last."""
    splices: list[Splice] = field(default_factory=list)

    @property
    def frames(self) -> int:
        """Length so far, with the whole rest of the last piece."""
        return self.ends[-1] if self.ends else 0

    def begin(self, material: Material) -> None:
        """Start with a piece from one of its low frames in the first third.

        Raises:
            ValueError: the reel has begun already.
        """
        if self.parts:
            raise ValueError("the reel has begun; append to it")
        first = int(np.argmax(material.low[: max(1, len(material.clip) // 3)]))
        self.parts.append((material, first, 0))
        self.ends.append(len(material.clip) - first)

    def append(self, offered: Sequence[Material], leave_by: int | None = None) -> Material | None:
        """Join on the piece that fits best, leaving the last one as late as is good.

        Args:
            offered: pieces; the best is taken.
            leave_by: frame of the scene by which the last piece should be left; as late as possible if None.

        Returns:
            What was taken; None where no offered piece is long enough.
        """
        last, first, begin = self.parts[-1]
        rest = len(last.clip)
        # Not before the fade that led into it is over.
        end = rest - 1 - _MARGIN
        least = min(end, first + (FADE_FRAMES[1] + _MARGIN if len(self.parts) > 1 else _MARGIN))
        latest = end if leave_by is None else int(np.clip(leave_by - begin + first, least, end))
        leaving = _low_frames(last, max(least, latest - _WINDOW), latest)
        if not leaving.size:
            leaving = _low_frames(last, least, end)
        if not leaving.size:
            leaving = _slowest(last, least, end)
        best: tuple[float, Material, int, int] | None = None
        for material in offered:
            if len(material.clip) < LEAST_FRAMES:
                continue
            entering = _low_frames(material, _MARGIN, min(_WINDOW, len(material.clip) // 3))
            if not entering.size:
                entering = _slowest(material, _MARGIN, len(material.clip) // 2)
            cost = np.linalg.norm(last.places[leaving, None] - material.places[None, entering], axis=2)
            cost = cost + _SPEED_COST_S * (last.speed_mps[leaving, None] + material.speed_mps[None, entering])
            # Frames and strokes given away are motion lost, and what is left would be calmer than people are.
            lost = _lost(last, leaving, latest, after=True)[:, None] + _lost(material, entering, _MARGIN, after=False)
            cost = cost + lost
            x, y = np.unravel_index(int(np.argmin(cost)), cost.shape)
            if best is None or cost[x, y] < best[0]:
                best = (float(cost[x, y]), material, int(leaving[x]), int(entering[y]))
        if best is None:
            return None
        self._join(best[1], best[2], best[3])
        return best[1]

    def _join(self, material: Material, leave: int, enter: int) -> None:
        last, first, begin = self.parts[-1]
        gap = last.places[leave, : last.places.shape[1] // 2] - material.places[enter, : last.places.shape[1] // 2]
        apart = float(np.sqrt(np.mean(gap.reshape(-1, 3) ** 2) * 3.0))
        turned = rot.angle_between(
            last.clip.rotations[leave].astype(np.float64), material.clip.rotations[enter].astype(np.float64)
        )
        slow = FADE_FRAMES[0] + max(_FRAMES_PER_METRE * apart, _FRAMES_PER_RADIAN * (float(turned.max()) - 0.5))
        wanted = int(np.clip(slow, *FADE_FRAMES))
        room = 2 * min(len(last.clip) - 1 - leave, enter, leave - first)
        fade = max(2, min(wanted, room)) // 2 * 2
        middle = begin + leave - first
        self.ends[-1] = middle + fade // 2
        self.parts.append((material, enter - fade // 2, middle - fade // 2))
        self.ends.append(middle - fade // 2 + len(material.clip) - (enter - fade // 2))
        speed = max(float(last.speed_mps[leave]), float(material.speed_mps[enter]))
        self.splices.append(Splice(middle / FPS, fade / FPS, speed, apart))

    def clip(self, frames: int) -> Clip:
        """Render the first frames.

        Raises:
            ValueError: there are not as many.
        """
        if not 0 < frames <= self.frames:
            raise ValueError(f"the reel has {self.frames} frames; {frames} were asked for")
        material, first, _ = self.parts[0]
        turns, hips, hands = (
            values[first:].astype(np.float64)
            for values in (material.clip.rotations, material.clip.hips_m, material.clip.hands)
        )
        for index, (material, first, begin) in enumerate(self.parts[1:]):
            fade = self.ends[index] - begin
            share = _eased((np.arange(fade) + 0.5) / fade)
            new = (
                material.clip.rotations[first:].astype(np.float64),
                material.clip.hips_m[first:].astype(np.float64),
                material.clip.hands[first:].astype(np.float64),
            )
            mixed = rot.slerp(turns[begin : begin + fade], new[0][:fade], share[:, None])
            turns = np.concatenate([turns[:begin], mixed, new[0][fade:]])
            hips, hands = (
                np.concatenate(
                    [
                        old[:begin],
                        old[begin : begin + fade] + _like(share, old) * (fresh[:fade] - old[begin : begin + fade]),
                        fresh[fade:],
                    ]
                )
                for old, fresh in ((hips, new[1]), (hands, new[2]))
            )
        turns = rot.continuous(turns[:frames])
        return Clip(FPS, turns.astype(np.float32), hips[:frames].astype(np.float32), hands[:frames].astype(np.float32))

    def strokes(self) -> list[Stroke]:
        """Strokes at the scene's times; those inside of fades count half."""
        out = []
        for (material, first, begin), until, after in self._shown():
            for stroke in material.strokes:
                at = begin + stroke.t_s * FPS - first
                if after <= at < until:
                    faded = any(abs(at / FPS - s.middle_s) < 0.5 * s.fade_s for s in self.splices)
                    out.append(Stroke(at / FPS, stroke.weight * (0.5 if faded else 1.0)))
        return sorted(out)

    def speed_mps(self) -> Float64:
        """Speed of the faster wrist at each frame of the scene; within fades that of either piece up to the middle."""
        out = np.zeros(self.frames)
        for (material, first, begin), until, after in self._shown():
            out[after:until] = material.speed_mps[first + after - begin : first + until - begin]
        return out

    def still(self) -> list[tuple[float, float]]:
        """Stretches in which the hands rest or hold, at the scene's times."""
        out = []
        for (material, first, begin), until, after in self._shown():
            for a, b in material.still:
                start, end = (begin + x * FPS - first for x in (a, b))
                start, end = max(start, after), min(end, until)
                if end > start:
                    out.append((start / FPS, end / FPS))
        return out

    def _shown(self) -> list[tuple[tuple[Material, int, int], int, int]]:
        """Each part with the frames of the scene between the middles of its fades: (part, until, after)."""
        middles = [0, *(round(s.middle_s * FPS) for s in self.splices), self.frames]
        return [(part, middles[i + 1], middles[i]) for i, part in enumerate(self.parts)]


def _low_frames(material: Material, first: int, last: int) -> NDArray[np.int64]:
    """Low frames in a range, at most 24."""
    low = first + np.flatnonzero(material.low[first : last + 1])
    if low.size > _CANDIDATES:
        low = low[np.linspace(0, low.size - 1, _CANDIDATES).round().astype(np.int64)]
    return np.asarray(low, dtype=np.int64)


def _slowest(material: Material, first: int, last: int) -> NDArray[np.int64]:
    return np.array([first + int(np.argmin(material.speed_mps[first : last + 1]))])


def _lost(
    material: Material, at: NDArray[np.int64], edge: int, *, after: bool, frame: float = 0.002, stroke: float = 0.25
) -> Float64:
    """Cost [n] of what isn't seen of a piece that is left, or entered, at frames."""
    peaks = np.array([s.t_s * FPS for s in material.strokes])
    weights = np.array([s.weight for s in material.strokes])
    here, there = at[:, None], peaks[None, :]
    unseen = (there >= here) & (there < edge + _MARGIN) if after else there < here
    return np.asarray(frame * np.abs(edge - at) + stroke * (unseen * weights).sum(axis=1), dtype=np.float64)


def _eased(x: Float64) -> Float64:
    """Minimum jerk from 0 to 1."""
    return np.asarray(x**3 * (10.0 - 15.0 * x + 6.0 * x * x), dtype=np.float64)


def _like(share: Float64, values: Float64) -> Float64:
    return share.reshape(-1, *([1] * (values.ndim - 1)))
