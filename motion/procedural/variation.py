"""How one performance of a gesture differs from the next: a person's habits, and what changes from time to time.

A `GestureStyle` belongs to a person, drawn from a name and a seed; a `GestureVariation` belongs to one performance, drawn around
the style. Both are applied to the gesture's definition, so that plan, limits and smoothness are those of any gesture. What makes a gesture
that gesture (which fingers are out, what circles, where the palm faces) stays. Degrees, arm lengths, shares; deterministic under the seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motion.procedural import controls as c
from motion.procedural import gestures
from motion.procedural.definition import Definition
from motion.procedural.gestures import GesturePlan

Triple = tuple[float, float, float]

AMPLITUDE: Final = (0.7, 1.3)
TEMPO: Final = (0.8, 1.25)
HOLD: Final = (0.6, 1.8)
RATE: Final = (0.86, 1.14)
"""Of what oscillates: less than the tempo, or a nod would become another nod."""
TRUNK: Final = (0.6, 1.3)
SWIVEL_DEG: Final = 10.0
PLACE: Final = 0.07
"""Largest shift of a hand in the air, arm lengths."""
_PLACE_ON_BODY: Final = 0.02
_ON_BODY: Final = 0.9
"""From this share of following on, a hand lies on the body and is not shifted off it."""
CURL: Final = 0.09
"""Largest change of a finger, so that a straight one stays straight and a folded one folded."""
_PARTICIPATES: Final = 0.3
_SHARE_OF_STYLE: Final = 0.6
"""How much of the spread is between people; the rest is from one time to the next."""


@dataclass(frozen=True, slots=True)
class GestureStyle:
    """A person's habits.

    Attributes:
        amplitude: usual size.
        tempo: usual speed.
        hold: usual length of holds.
        trunk: how much trunk and head go along.
        swivel_deg: how high the elbows are carried.
        place: shift of the hands: outwards, up, forward.
        curl: stiff (negative) or slack fingers.
        left_handed: share of one-handed gestures done by the left.
        participation: share of one-handed gestures in which the other hand comes along.
    """

    amplitude: float = 1.0
    tempo: float = 1.0
    hold: float = 1.0
    trunk: float = 1.0
    swivel_deg: float = 0.0
    place: Triple = (0.0, 0.0, 0.0)
    curl: float = 0.0
    left_handed: float = 0.25
    participation: float = _PARTICIPATES


@dataclass(frozen=True, slots=True)
class GestureVariation:
    """One performance.

    Attributes:
        amplitude: size, `AMPLITUDE`.
        tempo: speed of the phases, `TEMPO`.
        hold: factor of the hold's length, `HOLD`.
        rate: factor of the speed of what oscillates, `RATE`.
        swing: factor of the size of what oscillates.
        trunk: factor of the trunk's and the head's part, `TRUNK`.
        side: -1 right, 1 left, 0 where the gesture has no side.
        swivel_deg: the elbow, up outwards.
        ready: shift of the hand at the start of the stroke, arm lengths outwards, up, forward.
        peak: shift of the hand at its end.
        arc: factor of the path's bulge.
        curls: change of the six finger codes.
        joins: of a one-handed gesture: the other hand comes along a little.
    """

    amplitude: float = 1.0
    tempo: float = 1.0
    hold: float = 1.0
    rate: float = 1.0
    swing: float = 1.0
    trunk: float = 1.0
    side: float = 0.0
    swivel_deg: float = 0.0
    ready: Triple = (0.0, 0.0, 0.0)
    peak: Triple = (0.0, 0.0, 0.0)
    arc: float = 1.0
    curls: tuple[float, ...] = (0.0,) * 6
    joins: bool = False

    def apply(self, definition: Definition) -> Definition:
        """The gesture as it is performed this time, all but its size and side, which `plan` takes."""
        shake, swing = definition.shake, definition.swing
        if shake is not None:
            sizes = {index: self.swing * size for index, size in shake.amplitude.items()}
            shake = replace(shake, amplitude=sizes, hz=self.rate * shake.hz)
        if swing is not None:
            swing = replace(swing, amplitude_deg=self.swing * swing.amplitude_deg, hz=self.rate * swing.hz)
        peak = self._moved(definition.peak, self.peak)
        other = definition.other
        if definition.hands == "both":
            x, y, z = self.peak
            other = self._moved(other, (0.8 * x, 0.8 * y, 0.8 * z))
        elif definition.hands == "one":
            other = (other or _COMES_ALONG) if self.joins else None
        return replace(
            definition,
            ready=self._moved(definition.ready, self.ready),
            peak=peak,
            other=other,
            prepare_s=definition.prepare_s / self.tempo,
            stroke_s=definition.stroke_s / self.tempo,
            hold_s=definition.hold_s * self.hold,
            retract_s=definition.retract_s / self.tempo,
            shake=shake,
            swing=swing,
            trunk=None if definition.trunk is None else self.trunk * definition.trunk,
            arc=(self.arc * definition.arc[0], self.arc * definition.arc[1], self.arc * definition.arc[2]),
        )

    def plan(
        self,
        gesture_id: str,
        definition: Definition,
        t_s: float,
        *,
        stroke_at_s: float | None = None,
        direction_rad: tuple[float, float] | None = None,
    ) -> GesturePlan:
        """Lay this performance out in time; see `motion.procedural.gestures.plan`."""
        return gestures.plan(
            gesture_id, self.apply(definition), t_s,
            side=self.side, amplitude=self.amplitude, stroke_at_s=stroke_at_s, direction_rad=direction_rad,
        )  # fmt: skip

    def _moved(self, shape: c.ArmShape | None, by: Triple) -> c.ArmShape | None:
        if shape is None:
            return None
        most = _PLACE_ON_BODY if shape.follow >= _ON_BODY else PLACE
        x, y, z = (place + min(max(shift, -most), most) for place, shift in zip(shape.wrist, by, strict=True))
        fingers = shape.curls if shape.curls is not None else c.HAND_SHAPES[shape.hand]
        curls = tuple(min(max(a + b, 0.0), 1.0) for a, b in zip(fingers, self.curls, strict=True))
        return replace(shape, wrist=(x, y, z), swivel_deg=shape.swivel_deg + self.swivel_deg, curls=curls)


_COMES_ALONG: Final = c.ArmShape((0.02, -0.78, 0.34), palm=(-0.8, 0.2, -0.5), hand="relaxed", follow=0.7)
"""The hand that has nothing to say rises to the waist."""


def style_of(name: str, seed: int = 0) -> GestureStyle:
    """The habits of a person of that name; the same name and seed give the same habits."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    left = float(rng.uniform(0.05, 0.45))
    return GestureStyle(
        amplitude=_between(rng, AMPLITUDE, 1.0, _SHARE_OF_STYLE),
        tempo=_between(rng, TEMPO, 1.0, _SHARE_OF_STYLE),
        hold=_between(rng, HOLD, 1.0, _SHARE_OF_STYLE),
        trunk=_between(rng, TRUNK, 1.0, _SHARE_OF_STYLE),
        swivel_deg=float(rng.uniform(-1.0, 1.0)) * SWIVEL_DEG * _SHARE_OF_STYLE,
        place=_triple(rng, PLACE * _SHARE_OF_STYLE),
        curl=float(rng.uniform(-1.0, 1.0)) * CURL * _SHARE_OF_STYLE,
        # One person in ten is left-handed.
        left_handed=1.0 - left if rng.random() < 0.1 else left,
        participation=float(rng.uniform(0.1, 0.6)),
    )


def draw(definition: Definition, style: GestureStyle, rng: np.random.Generator) -> GestureVariation:
    """One performance of a gesture by a person."""
    rest = 1.0 - _SHARE_OF_STYLE
    side = 0.0
    if definition.sided:
        side = 1.0 if rng.random() < style.left_handed else -1.0
    joins = False
    if definition.hands == "one":
        # Where the other arm is part of the gesture, most people use it.
        share = 1.0 - 0.5 * style.participation if definition.other is not None else style.participation
        joins = bool(rng.random() < share)
    x, y, z = style.place
    dx, dy, dz = _triple(rng, PLACE * rest)
    rx, ry, rz = _triple(rng, PLACE * rest)
    curls = np.clip(style.curl + rng.normal(0.0, 0.4 * CURL, 6), -CURL, CURL)
    return GestureVariation(
        amplitude=_between(rng, AMPLITUDE, style.amplitude, rest),
        tempo=_between(rng, TEMPO, style.tempo, rest),
        hold=_between(rng, HOLD, style.hold, rest),
        rate=_between(rng, RATE, 1.0 + 0.5 * (style.tempo - 1.0), rest),
        swing=float(rng.uniform(0.85, 1.15)),
        trunk=_between(rng, TRUNK, style.trunk, rest),
        side=side,
        swivel_deg=style.swivel_deg + float(rng.uniform(-1.0, 1.0)) * SWIVEL_DEG * rest,
        ready=(x + rx, y + ry, z + rz),
        peak=(x + dx, y + dy, z + dz),
        arc=float(rng.uniform(0.5, 1.6)),
        curls=tuple(curls.tolist()),
        joins=joins,
    )


def varying(style: GestureStyle) -> Callable[[Definition, np.random.Generator], Definition]:
    """For corpora that draw moments, size and side themselves: makes each performance of a definition this person's own."""

    def vary(definition: Definition, rng: np.random.Generator) -> Definition:
        return draw(definition, style, rng).apply(definition)

    return vary


def _between(rng: np.random.Generator, limits: tuple[float, float], middle: float, share: float) -> float:
    """A number around the middle, as far as that share of the range reaches, within the limits."""
    low, high = limits
    x = float(rng.uniform(-1.0, 1.0))
    return min(max(middle + share * (x * (high - 1.0) if x > 0.0 else x * (1.0 - low)), low), high)


def _triple(rng: np.random.Generator, most: float) -> Triple:
    x, y, z = (rng.uniform(-1.0, 1.0, 3) * most).tolist()
    return x, y, z
