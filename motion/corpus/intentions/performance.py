"""A placed intention as a gesture laid out in time: phases that meet its three moments, and when it gives way to the next.

Scene seconds, radians. Pure but for the random numbers that are handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.corpus.scene import PlacedIntent
from motion.procedural import controls as c
from motion.procedural import gestures, lexicon
from motion.procedural.definition import Definition
from motion.procedural.gestures import GesturePlan
from motion.procedural.idle import Idle
from motion.procedural.track import ease, envelope

Float64 = NDArray[np.float64]
Variation = Callable[[Definition, np.random.Generator], Definition]
"""Makes one performance of a gesture differ from the next."""

TAIL_S: Final = 0.2
"""The body is back at `end_s` but for what follows through; this much later nothing of the gesture is left."""
LET_GO_S: Final = 0.6
"""How long a gesture that is superseded takes to give way."""
SHORTEST_HOLD_S: Final = 0.08
HURRIED: Final = 0.6
"""Phases can be hurried to this share of their natural length and no further."""
STRETCHED: Final = 1.25
"""Phases are slowed up to this; what is longer waits before the stroke."""
_DAMP_RISE_S: Final = 0.35
_LIVELINESS: Final = 0.75


@dataclass(frozen=True, slots=True)
class Performance:
    """One gesture in time.

    Attributes:
        plan: when and how.
        let_go_s: when it begins to give way to the next one; infinity where it plays to its end.
    """

    plan: GesturePlan
    let_go_s: float = math.inf

    @property
    def start_s(self) -> float:
        """Before this nothing changes."""
        return self.plan.run.start_s

    @property
    def end_s(self) -> float:
        """From here on nothing of it is left."""
        return min(self.plan.run.end_s + TAIL_S, self.let_go_s + LET_GO_S)

    def moments(self, count: int, fps: float) -> tuple[int, int]:
        """The frames [first, last) that it may change, of `count` frames."""
        first = min(max(math.floor(self.start_s * fps) + 1, 0), count)
        return first, min(max(math.ceil(self.end_s * fps), first), count)

    def controls(self, times_s: Float64, idle: Idle) -> tuple[Float64, Float64]:
        """What the gesture asks for [T, 44], and how strongly [T, 44].

        Trunk and head are additions in radians and metres, with a strength of 1 throughout. An arm's controls are those of the arm
        itself, to be blended onto another by the strength, which rises over the preparation and falls over the retraction.
        """
        asked = np.zeros((len(times_s), c.SIZE))
        left = np.ones((len(times_s), c.SIZE))
        for row, t_s in enumerate(times_s.tolist()):
            drift = idle.at(t_s, _LIVELINESS)
            # The plan is affine in what it is laid over: over 0 it gives strength * arm, over 1 also 1 - strength.
            self.plan.apply(asked[row], drift, t_s)
            self.plan.apply(left[row], drift, t_s)
        strength = 1.0 - (left - asked)
        strength[:, : c.LEFT.start] = 1.0
        some = strength > 1e-7
        asked[:, c.ARMS] = np.where(some, asked / np.where(some, strength, 1.0), 0.0)[:, c.ARMS]
        return asked, np.clip(strength, 0.0, 1.0)

    def remaining(self, times_s: Float64) -> Float64:
        """How much [T] is left of it while it gives way, 1 to 0."""
        if not math.isfinite(self.let_go_s):
            return np.ones(len(times_s))
        return np.array([1.0 - ease((t - self.let_go_s) / LET_GO_S) for t in times_s.tolist()])

    def stillness(self, times_s: Float64) -> Float64:
        """How far [T] the base's own movement of head and trunk has to rest for it, 0 to 1."""
        run, fall_s = self.plan.run, self.plan.fall_s
        full_s = min(run.start_s + _DAMP_RISE_S, fall_s)
        return np.array([envelope(t, run.start_s, full_s, fall_s, run.end_s) for t in times_s.tolist()])


def planned(intent: PlacedIntent, rng: np.random.Generator, variation: Variation | None = None) -> GesturePlan:
    """Lay an intention out so that it begins, strikes and ends when it says, as far as phases may be hurried.

    Raises:
        ValueError: unknown label, or times that are not finite and in order.
    """
    definition = lexicon.find(intent.label)
    times = (intent.start_s, intent.stroke_s, intent.end_s)
    if not (all(map(math.isfinite, times)) and times[0] < times[1] < times[2]):
        raise ValueError(
            f"intention {definition.label}: start_s, stroke_s and end_s are {times}; they must be finite and rise"
        )
    if variation is not None:
        definition = variation(definition, rng)
    natural_s = definition.prepare_s + definition.stroke_s
    slower = min(max((intent.stroke_s - intent.start_s) / natural_s, 1.0), STRETCHED)
    definition = replace(definition, prepare_s=definition.prepare_s * slower, stroke_s=definition.stroke_s * slower)
    rest_s, least_s = intent.end_s - intent.stroke_s, SHORTEST_HOLD_S + definition.retract_s
    # `gestures.plan` takes one length and shares it out: hold first, then all phases alike. This is that length.
    hurry = min(max(rest_s / least_s, HURRIED), 1.0)
    whole_s = hurry * (natural_s * slower + max(rest_s, least_s))
    return gestures.plan(
        definition.label, definition, intent.start_s,
        side=intent.side, amplitude=intent.amplitude, duration_s=whole_s, stroke_at_s=intent.stroke_s,
        direction_rad=intent.direction_rad,
    )  # fmt: skip


def performances(
    intents: Sequence[PlacedIntent], rng: np.random.Generator, variation: Variation | None = None
) -> list[Performance]:
    """All gestures of a scene in order of their start; each gives way where the next begins.

    A running generator may nod during a gesture of the arms. Here one intention counts at a time, because that is all that the control
    network is told (`motion.tokens.intents`).

    Raises:
        ValueError: see `planned`.
    """
    plans = [planned(intent, rng, variation) for intent in sorted(intents, key=lambda intent: intent.start_s)]
    following = [*(plan.run.start_s for plan in plans), math.inf][1:]
    return [
        Performance(plan, next_s if next_s < plan.run.end_s + TAIL_S else math.inf)
        for plan, next_s in zip(plans, following, strict=True)
    ]
