"""Where somebody walks, as evidence of where they want to go.

Of who wants to get to L, the heading of a leg of so many metres is chosen by what it leaves to walk: P(heading) ~ exp(-beta w |p' - L|)
over `HEADINGS` of equal length, which is close to a von Mises density around the way to L. A leg says nothing for or against goals
that lead nowhere. Positions are metres from the agent, x straight ahead, y to its left. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cognitive.mind.goals.plans import NONE, GoalPlan, Plans

Point = tuple[float, float]

PER_M = 0.3
"""Effort of walking a metre, in acts (design choice)."""
HEADINGS = 16
LEG_M = 0.8
"""Less than this may be sway, or an error of the distance."""


_TURNS = [(math.cos(2.0 * math.pi * n / HEADINGS), math.sin(2.0 * math.pi * n / HEADINGS)) for n in range(HEADINGS)]


def position(bearing_rad: float, distance_m: float) -> Point:
    """Return where somebody is."""
    return distance_m * math.cos(bearing_rad), distance_m * math.sin(bearing_rad)


def leads_to(goal: GoalPlan, plans: Plans, done: int, places: Mapping[int, Point]) -> list[tuple[int, Point]]:
    """Return where the next steps lead that are somewhere: acts and positions. Of an ordered plan those of the first such step."""
    found: list[tuple[int, Point]] = []
    for step in goal.open_steps(done):
        found += [(act, places[act]) for act in sorted(goal.steps[step]) if act in places]
        if found and goal.ordered:
            break
    return found


def likelihoods(
    plans: Plans, done: Mapping[str, int], start: Point, end: Point, places: Mapping[int, Point]
) -> dict[str, float]:
    """Return how probable a leg is of who has each goal, and of who has none.

    Args:
        plans: of the goals.
        done: by goal, what has been done of it.
        start: of the leg.
        end: of the leg.
        places: by act, where it leads, where that is known.
    """
    even = 1.0 / HEADINGS
    found = {NONE: even}
    for goal in plans.goals:
        targets = [point for _, point in leads_to(goal, plans, done.get(goal.id, 0), places)]
        found[goal.id] = heading_likelihood(start, end, targets, plans.beta) if targets else even
    return found


def heading_likelihood(start: Point, end: Point, targets: Sequence[Point], beta: float) -> float:
    """Return the probability of the heading among all, of who wants to get to the nearest of the targets."""
    ahead_m, left_m = end[0] - start[0], end[1] - start[1]
    rest_m = []
    for cos, sin in _TURNS:
        there = start[0] + ahead_m * cos - left_m * sin, start[1] + ahead_m * sin + left_m * cos
        rest_m.append(min([math.dist(there, target) for target in targets]))
    least_m = min(rest_m)
    weights = [math.exp(-beta * PER_M * (rest - least_m)) for rest in rest_m]
    return weights[0] / sum(weights)
