"""What moves in a piece, for joining it with speech: strokes with their weight, spans of stillness, and liveliness.

Strokes are `motion.corpus.strokes` of both wrists beside the upper chest, with thresholds and weights by actor, because a calm person's
strong stroke is slower than a lively person's weak one. Times are seconds from the piece's start, positions metres. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.people.piece import Piece
from motion.corpus.strokes import Phase, StrokeThresholds, phases, speed_mps, stroke_phases, style_thresholds
from motion.kinematics import positions
from motion.skeleton import INDEX

Array = NDArray[Any]
Hand = Literal["left", "right", "both"]

TOGETHER_S: Final = 0.2
"""Strokes of the two hands with peaks this near are one stroke of both."""
STILL_LEAST_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class StrokeMark:
    """One stroke.

    Attributes:
        t_s: when the hand is fastest; of both hands, the faster one.
        weight: 0 to 1, the share of the actor's strokes that are no faster.
        hand: whose.
    """

    t_s: float
    weight: float
    hand: Hand


@dataclass(frozen=True, slots=True)
class Movement:
    """What moves in one piece.

    Attributes:
        strokes: in order of time.
        still_spans: start and end of each stretch in which both hands rest or hold, in order.
        activity_mps: mean speed of both wrists beside the chest.
    """

    strokes: tuple[StrokeMark, ...]
    still_spans: tuple[tuple[float, float], ...]
    activity_mps: float


@dataclass(frozen=True, slots=True)
class ActorStyle:
    """How an actor moves: what counts as still and as a stroke, and the peak speeds of all strokes in rising order [N]."""

    thresholds: StrokeThresholds
    peaks_mps: Array

    def weight(self, peak_mps: float) -> float:
        """Share of this actor's strokes that are no faster; 0.5 where none is known."""
        if not len(self.peaks_mps):
            return 0.5
        return float(np.searchsorted(self.peaks_mps, peak_mps, side="right") / len(self.peaks_mps))


def wrists_m(clip: Clip) -> tuple[Array, Array]:
    """Left and right wrist [T, 3] beside the upper chest, axes of the room."""
    places = positions(clip.rotations, clip.hips_m)
    chest = places[:, INDEX["upperChest"]]
    return places[:, INDEX["leftHand"]] - chest, places[:, INDEX["rightHand"]] - chest


def actor_style(clips: Sequence[Clip]) -> ActorStyle:
    """How the person in these clips moves.

    Raises:
        ValueError: there is no clip of at least two frames.
    """
    wrists = [wrist for clip in clips if len(clip) > 1 for wrist in wrists_m(clip)]
    if not wrists:
        raise ValueError("actor_style: there is no clip of at least two frames")
    fps = clips[0].fps
    thresholds = style_thresholds([speed_mps(wrist, fps) for wrist in wrists])
    peaks = [stroke.peak_mps for wrist in wrists for stroke in stroke_phases(phases(wrist, fps, thresholds))]
    return ActorStyle(thresholds, np.sort(np.array(peaks, dtype=np.float64)))


def movement(clip: Clip, style: ActorStyle) -> Movement:
    """What moves in a clip.

    Raises:
        ValueError: it has fewer than two frames.
    """
    both = wrists_m(clip)
    found = [phases(wrist, clip.fps, style.thresholds) for wrist in both]
    speed = np.mean([speed_mps(wrist, clip.fps).mean() for wrist in both])
    return Movement(_marks(found, clip.fps, style), still_spans(clip, style.thresholds), float(speed))


def movements(pieces: Iterable[Piece]) -> dict[str, Movement]:
    """What moves in each piece, by its name, weighed against all given pieces of its actor.

    Raises:
        ValueError: two pieces have one name, or one has fewer than two frames.
    """
    actors: dict[str, list[Piece]] = {}
    for piece in pieces:
        actors.setdefault(piece.actor, []).append(piece)
    out: dict[str, Movement] = {}
    for of_actor in actors.values():
        style = actor_style([piece.clip for piece in of_actor])
        for piece in of_actor:
            if piece.name in out:
                raise ValueError(f"two pieces are named {piece.name!r}; names must differ")
            out[piece.name] = movement(piece.clip, style)
    return out


def still_spans(
    clip: Clip, thresholds: StrokeThresholds, least_s: float = STILL_LEAST_S
) -> tuple[tuple[float, float], ...]:
    """Start and end in seconds of each stretch of at least `least_s` in which neither hand moves; splices belong here.

    Raises:
        ValueError: the clip has fewer than two frames.
    """
    fast = np.max([speed_mps(wrist, clip.fps) for wrist in wrists_m(clip)], axis=0)
    still = np.concatenate(([False], fast < thresholds.still_mps, [False]))
    edges = [int(edge) for edge in np.flatnonzero(np.diff(still.astype(np.int8)))]
    return tuple(
        (start / clip.fps, end / clip.fps)
        for start, end in zip(edges[0::2], edges[1::2], strict=True)
        if end - start >= least_s * clip.fps
    )


def _marks(found: Sequence[Sequence[Phase]], fps: float, style: ActorStyle) -> tuple[StrokeMark, ...]:
    sides: tuple[Hand, Hand] = ("left", "right")
    strokes: list[tuple[float, float, Hand]] = sorted(
        (
            (stroke.peak / fps, stroke.peak_mps, side)
            for side, one in zip(sides, found, strict=True)
            for stroke in stroke_phases(one)
        ),
        key=lambda stroke: stroke[0],
    )
    out: list[StrokeMark] = []
    while strokes:
        t_s, peak, side = strokes.pop(0)
        if strokes and strokes[0][2] != side and strokes[0][0] - t_s <= TOGETHER_S:
            other_s, other_peak, _ = strokes.pop(0)
            t_s, peak, side = (t_s, peak, "both") if peak >= other_peak else (other_s, other_peak, "both")
        out.append(StrokeMark(t_s, style.weight(peak), side))
    return tuple(out)
