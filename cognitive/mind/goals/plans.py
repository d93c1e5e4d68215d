"""Declared goals as plans: which acts bring each one nearer, and how probable an act is of who has it.

People choose among the acts that can be observed by what each costs to the goal (a Boltzmann policy):

    P(a | g, s) = exp(-beta (c(a) + J_g(s') - J_g(s))) / Z_g(s)

where s is what has been done, J_g(s) the cost-to-go, c(a) the effort of the act. An act on the plan costs what it saves, so its
difference is 0; any other one is wasted effort. Who wants none of the goals has J = 0, so that every act is wasted, and dear acts are
rare. Sources: Baker, Saxe & Tenenbaum (2009), Action understanding as inverse planning, Cognition 113; the difference of costs as
likelihood: Ramirez & Geffner (2010), Probabilistic plan recognition using off-the-shelf classical planners. Pure; no failure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from runtime.goals import Declared, Goal

NONE = "none of these"
"""The hypothesis that somebody wants nothing that is declared."""
EFFORT: dict[str, float] = {"looks_at": 0.7, "approaches": 1.0, "handles": 1.5, "does": 1.5, "says": 2.0}
"""What an act costs, in acts: eyes wander for nothing, hardly anybody speaks for nothing (design choices)."""
OTHERS: dict[str, int] = {"looks_at": 6, "does": 4}
"""How many acts that no plan names are open at any time: other things to look at, other deeds."""
UNSEEN = 0.3
"""Probability that a step of an ordered plan is done without anybody noticing."""

Other = Literal["looks_at", "does"]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a step names: a field of `runtime.goals.GoalStep` and its text."""

    kind: str
    text: str

    @property
    def words(self) -> str:
        """The act as a clause without its subject."""
        match self.kind:
            case "looks_at":
                return f"looks at {self.text}"
            case "approaches":
                return f"goes to {self.text}"
            case "handles":
                return f"handles {self.text}"
            case "says":
                return f"says '{self.text}'"
        return self.text


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """One goal: its steps as sets of acts (numbers in `Plans.acts`). What is done of it is a bit mask over the steps."""

    id: str
    wish: str
    prior: float
    steps: tuple[frozenset[int], ...]
    ordered: bool
    offer: str

    def open_steps(self, done: int) -> range | list[int]:
        """Return the steps that are still to be done, in order."""
        if self.ordered:
            return range(done.bit_length(), len(self.steps))
        return [index for index in range(len(self.steps)) if not done >> index & 1]

    def step_of(self, act: int, done: int) -> int:
        """Return the first open step that the act does, -1 for none."""
        return next((index for index in self.open_steps(done) if act in self.steps[index]), -1)

    def after(self, act: int, done: int) -> int:
        """Return what is done after the act; a later step of an ordered plan shows that the earlier ones were done unseen."""
        step = self.step_of(act, done)
        if step < 0:
            return done
        return (2 << step) - 1 if self.ordered else done | 1 << step

    def complete(self, done: int) -> bool:
        """Return whether the goal is reached."""
        return done == (1 << len(self.steps)) - 1


class Plans:
    """The plans of all declared goals over one alphabet of acts."""

    def __init__(self, declared: Declared, beta: float) -> None:
        """Compile; `beta` is how rational people are taken to be, per act of effort."""
        self.beta = beta
        numbers: dict[Act, int] = {}
        self.goals = tuple(_compiled(goal, numbers) for goal in declared.goals)
        self.acts: tuple[Act, ...] = tuple(numbers)
        self.by_id = {goal.id: goal for goal in self.goals}
        self.prior: dict[str, float] = {goal.id: goal.prior for goal in self.goals}
        self.prior[NONE] = 1.0 - sum(self.prior.values())
        self._idle = [math.exp(-beta * EFFORT[act.kind]) for act in self.acts]
        self._others = {kind: math.exp(-beta * EFFORT[kind]) for kind in OTHERS}
        self._others_total = sum(OTHERS[kind] * weight for kind, weight in self._others.items())

    def open_acts(self, done: Mapping[str, int]) -> set[int]:
        """Return the acts that would bring some goal nearer."""
        return {
            act for goal in self.goals for step in goal.open_steps(done.get(goal.id, 0)) for act in goal.steps[step]
        }

    def likelihoods(
        self, observed: Collection[int] | Other, done: Mapping[str, int], sure: float = 1.0
    ) -> dict[str, float]:
        """Return how probable an observation is of who has each goal, and of who has none.

        Args:
            observed: open acts of which what was seen may be any, or the kind of an act that no plan names.
            done: by goal, what has been done of it.
            sure: probability that the report is right; a wrong one comes as if nobody had a goal.
        """
        open_acts = self.open_acts(done)
        chance = self._of(None, 0, observed, open_acts)
        found = {goal.id: self._of(goal, done.get(goal.id, 0), observed, open_acts) for goal in self.goals}
        found = {name: sure * share + (1.0 - sure) * chance for name, share in found.items()}
        found[NONE] = chance
        return found

    def _of(self, goal: GoalPlan | None, done: int, observed: Collection[int] | Other, open_acts: set[int]) -> float:
        """Return the probability of what was observed under one policy; under that of nobody's goal where None."""
        weights = {act: self._idle[act] for act in open_acts}
        if goal is not None:
            for skipped, step in enumerate(goal.open_steps(done)):
                for act in goal.steps[step]:
                    weight = UNSEEN**skipped if goal.ordered else 1.0
                    weights[act] = max(weights[act], weight)
        total = sum(weights.values()) + self._others_total
        if isinstance(observed, str):
            return self._others[observed] / total
        return sum(weights[act] for act in observed) / total


def _compiled(goal: Goal, numbers: dict[Act, int]) -> GoalPlan:
    """Return the plan of a goal; new acts are numbered."""
    steps = tuple(
        frozenset(numbers.setdefault(Act(kind, text), len(numbers)) for kind, text in step.observables())
        for step in goal.steps
    )
    return GoalPlan(goal.id, goal.wish, goal.prior, steps, goal.order == "in_order", goal.offer)
