"""The valence of a person over their story: one point an utterance, smoothed, with its shape.

The task is that of OMG-Empathy (Barros et al. 2019: valence over a told story) and of
EmpathicStories++ (Shen et al. 2024, arXiv 2405.15708: personal stories told to a social robot). There listeners rate how a story moves
them, with learned models of voice, face and words; ours estimates the teller's own valence from words alone (`cues.valence_of`), or
takes a language model's values, and carries the mood over sentences without feeling words by `CARRY`. Pure; valence in [-1, 1], session ns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cognitive import cues
from cognitive.memory.bank import Line

GAIN = 0.6
"""Share of a new value in the smoothed one."""
CARRY = 0.85
"""A sentence without feeling words keeps this much of the mood."""


@dataclass(frozen=True, slots=True)
class Point:
    """Smoothed valence after one utterance."""

    t_ns: int
    valence: float
    felt: bool
    """Whether the utterance itself held a feeling."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a curve looks like at its end.

    Attributes:
        now: last value.
        lowest: of the curve.
        highest: of the curve.
        change: last value minus that of `TREND_POINTS` felt points before, or of the first.
    """

    now: float
    lowest: float
    highest: float
    change: float


TREND_POINTS = 2


def curve_of(lines: Sequence[Line]) -> tuple[Point, ...]:
    """Return the curve of what a person says in a transcript, by rule."""
    spoken = [line for line in lines if line.speaker == "user"]
    values: list[float | None] = []
    for line in spoken:
        valence, hits = cues.valence_of(line.text)
        values.append(valence if hits else None)
    return smooth([line.t_ns for line in spoken], values)


def smooth(times_ns: Sequence[int], values: Sequence[float | None]) -> tuple[Point, ...]:
    """Return the smoothed curve of single values; None is an utterance without any feeling."""
    mood: float | None = None
    points: list[Point] = []
    for t_ns, value in zip(times_ns, values, strict=True):
        if value is None:
            mood = CARRY * (mood or 0.0)
        elif mood is None:
            mood = value
        else:
            mood += GAIN * (value - mood)
        points.append(Point(t_ns, max(-1.0, min(1.0, mood)), value is not None))
    return tuple(points)


def shape_of(points: Sequence[Point]) -> Shape | None:
    """Return the shape of a curve, None without a felt point."""
    felt = [point.valence for point in points if point.felt]
    if not felt:
        return None
    all_values = [point.valence for point in points]
    before = felt[-1 - TREND_POINTS] if len(felt) > TREND_POINTS else felt[0]
    return Shape(all_values[-1], min(all_values), max(all_values), felt[-1] - before)
