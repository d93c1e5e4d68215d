"""Which gesture comes when: moments, sides, sizes, tempos and directions drawn for a scene.

Moments do not depend on the sound, so gestures fall into speech, listening and silence as often as these come. Labels come from a bag
that is emptied before it is filled again: all equally often, however long or short the scenes. Seconds and radians.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from motion.corpus.intentions.performance import SHORTEST_HOLD_S, TAIL_S
from motion.corpus.scene import PlacedIntent
from motion.procedural import lexicon
from motion.procedural.definition import Definition

GAP_S: Final = (0.5, 6.0)
"""From the end of one gesture to the arrival of the next, log-uniform: mean 2.2 s, about as long as a gesture."""
REACTION_S: Final = 0.06
"""A gesture begins up to this long after its request arrives."""
SUPERSEDED: Final = 0.12
"""Share of gestures that the next one interrupts."""
_INTERRUPTED: Final = (0.3, 0.9)
"""How much of a gesture that is interrupted is played."""
AMPLITUDE: Final = (0.75, 1.2)
_LEAD: Final = (0.85, 1.2)
"""Preparation and stroke, in natural lengths."""
_HOLD: Final = (0.7, 1.6)
_WAITS: Final = 0.2
"""Share of gestures that are held before the stroke, as one that waits for its word."""
_WAIT_S: Final = (0.1, 0.6)
YAW_RAD: Final = math.radians(70.0)
PITCH_RAD: Final = math.radians(30.0)
_UNDIRECTED: Final = 0.15
"""Share of directed gestures without a target."""
_ACROSS_RAD: Final = math.radians(30.0)
"""No hand is asked to point further across the body than this."""
_SIDE_LEFT_OPEN: Final = 0.4


class Placer:
    """Draws the gestures of one scene after another. One thread."""

    def __init__(self, rng: np.random.Generator, labels: Sequence[str] | None = None) -> None:
        """Draw from `labels`, by default the whole lexicon.

        Raises:
            ValueError: unknown label, or none.
        """
        names = tuple(lexicon.LEXICON) if labels is None else tuple(labels)
        if not names:
            raise ValueError("Placer: labels is empty; name at least one gesture")
        self._definitions = [lexicon.find(name) for name in names]
        self._rng = rng
        self._bag: list[Definition] = []

    def draw(self, duration_s: float) -> tuple[PlacedIntent, ...]:
        """Gestures that begin and end within a scene, in order; none where it is too short."""
        out: list[PlacedIntent] = []
        at_s = float(self._rng.uniform(0.1, 4.0))
        while True:
            intent = self._next(at_s, duration_s, out[-1] if out else None)
            if intent is None:
                return tuple(out)
            out.append(intent)
            if self._rng.random() < SUPERSEDED:
                share = float(self._rng.uniform(*_INTERRUPTED))
                at_s = intent.start_s + share * (intent.end_s - intent.start_s)
            else:
                low, high = np.log(GAP_S)
                at_s = intent.end_s + float(np.exp(self._rng.uniform(low, high)))

    def _next(self, at_s: float, duration_s: float, last: PlacedIntent | None) -> PlacedIntent | None:
        """The first gesture of the bag that fits; those that don't stay for the next scene."""
        if len(self._bag) < len(self._definitions):
            order = self._rng.permutation(len(self._definitions))
            self._bag.extend(self._definitions[index] for index in order)
        # Where the next one interrupts, it must outlast what it interrupts, or that would seem to come back.
        earliest_s = last.end_s if last is not None else 0.0
        for index, definition in enumerate(self._bag[: len(self._definitions)]):
            intent = self._drawn(definition, at_s + float(self._rng.uniform(0.0, REACTION_S)))
            if earliest_s < intent.end_s <= duration_s - TAIL_S:
                del self._bag[index]
                return intent
        return None

    def _drawn(self, definition: Definition, start_s: float) -> PlacedIntent:
        rng = self._rng
        lead_s = (definition.prepare_s + definition.stroke_s) * float(rng.uniform(*_LEAD))
        if rng.random() < _WAITS:
            lead_s += float(rng.uniform(*_WAIT_S))
        hold_s = max(definition.hold_s * float(rng.uniform(*_HOLD)), SHORTEST_HOLD_S)
        side = 0.0
        if definition.sided and rng.random() >= _SIDE_LEFT_OPEN:
            side = 1.0 if rng.random() < 0.5 else -1.0
        direction: tuple[float, float] | None = None
        if definition.directed and rng.random() >= _UNDIRECTED:
            direction = float(rng.uniform(-YAW_RAD, YAW_RAD)), float(rng.uniform(-PITCH_RAD, PITCH_RAD))
            if side * direction[0] < -_ACROSS_RAD:
                side = 0.0
        stroke_s = start_s + lead_s
        return PlacedIntent(
            label=definition.label,
            start_s=start_s,
            stroke_s=stroke_s,
            end_s=stroke_s + hold_s + definition.retract_s,
            side=side,
            amplitude=float(rng.uniform(*AMPLITUDE)),
            direction_rad=direction,
        )
