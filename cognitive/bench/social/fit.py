"""Moves the weights of the triggers towards labelled scenes: `python -m cognitive.bench.social.fit DIR [DIR ...]`.

The scenes are played by an agent that acts exactly where their labels call for it. What each trigger proposes meanwhile falls
into bags: a window of its type is one that should cross the threshold somewhere, a stretch outside of all windows one that should
cross it nowhere. A bag is judged by its strongest moment (multiple-instance learning, Andrews et al. 2003); logistic loss, false
alarms weighing `ALARM_COST` times a miss, and a Gaussian prior around the present weights keep few scenes from carrying far.
Prints the table for `cognitive/motivation/weights.py`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cognitive.acts import ACTS
from cognitive.bench.social.agents import Attune
from cognitive.bench.social.play import play
from cognitive.bench.social.scene_file import SceneScript, Window, read_scenes
from cognitive.motivation.gate import Decision, Gate
from cognitive.motivation.utility import cost
from cognitive.motivation.weights import WEIGHTS
from cognitive.persona import load_persona
from cognitive.reasoners.contract import Assessment, Proposal
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings

ALARM_COST = 0.7
PRIOR_SD = 0.2
"""How far (nats) a weight may stray from the hand's choice before it costs as much as half a mistake."""
BASE_SD = 0.05
"""The base is what all cases share, also those that no scene shows: it stays nearly where it is."""
STRETCH_S = 10.0
"""A longer stretch outside of windows is several bags."""
STEPS, RATE = 600, 0.05
ACT_FROM, ACT_LATEST = 0.92, 0.7
"""The labelled act is done at the first moment in its window at which a fitting proposal scores so much, or after this share of it."""


@dataclass(slots=True)
class Bag:
    """Moments of one trigger: their signs, and what the odds have to overcome beside the threshold."""

    trigger: str
    wanted: bool
    where: str
    moments: list[tuple[dict[str, float], float]] = field(default_factory=list)


class Oracle:
    """Stands for the gate: notes all proposals, and passes those that the labels call for."""

    def __init__(self, scene: SceneScript, gate: Gate) -> None:
        """Play this scene."""
        self._scene = scene
        self.state = gate.state
        self._done: set[int] = set()
        self.bags: dict[tuple[str, str, int], Bag] = {}

    def decide(self, assessment: Assessment, situation: Situation, running_priority: int, *, regular: bool) -> Decision:
        """Note what is proposed; pass what is called for."""
        at_s = situation.now_ns / NS_PER_S
        chosen: Proposal | None = None
        best: dict[str, Proposal] = {}
        for proposal in assessment.proposals:
            blocked = situation.floor != "free" and proposal.trigger != "safety" and ACTS[proposal.act].speaks
            if blocked or not proposal.signs:
                continue
            if proposal.trigger not in best or proposal.score > best[proposal.trigger].score:
                best[proposal.trigger] = proposal
        for trigger, proposal in best.items():
            index = self._window(at_s, trigger)
            if index is None:
                self._note(trigger, False, int(at_s // STRETCH_S), proposal, situation)
            elif index not in self._done:
                self._note(trigger, True, index, proposal, situation)
                window = self._scene.windows[index]
                if proposal.score >= ACT_FROM or at_s >= window.from_s + ACT_LATEST * (window.to_s - window.from_s):
                    chosen = proposal
                    self._done.add(index)
        return Decision(chosen, "" if chosen is not None else "labels")

    def _window(self, at_s: float, trigger: str) -> int | None:
        """Return the window of the type that is open now."""
        for index, window in enumerate(self._scene.windows):
            if window.from_s <= at_s <= window.to_s and trigger in window.triggers:
                return index
        return None

    def _note(self, trigger: str, wanted: bool, number: int, proposal: Proposal, situation: Situation) -> None:
        key = (trigger, "window" if wanted else "stretch", number)
        bag = self.bags.setdefault(key, Bag(trigger, wanted, f"{self._scene.scene}/{number}"))
        sizes: dict[str, float] = {"": 1.0}
        for sign, size in proposal.signs:
            sizes[sign] = sizes.get(sign, 0.0) + size
        bag.moments.append((sizes, math.log(max(1e-3, cost(proposal, situation)))))

    def acted(self, proposal: Proposal, now_ns: int) -> None:
        """Keep no cool-downs: the labels know."""

    def failed(self, act: str, person_id: str, now_ns: int) -> None:
        """Nothing fails here."""

    def new_encounter(self, person_id: str) -> None:
        """Nothing was tried in vain."""


def collect(scenes: Sequence[SceneScript], settings: CognitiveSettings) -> list[Bag]:
    """Return the bags of all scenes."""
    persona = load_persona(settings.persona)
    bags: list[Bag] = []
    for scene in scenes:
        agent = Attune(scene.agent, settings, persona, 0, goals=scene.declared)
        oracle = Oracle(scene, agent.cycle.gate)
        agent.cycle.gate = oracle  # type: ignore[assignment] # the same methods
        play(scene, agent, settings.cycle_s)
        bags += oracle.bags.values()
    return bags


def fit(bags: Sequence[Bag], trigger: str, threshold: float) -> tuple[dict[str, float], str]:
    """Return the moved weights of one trigger, and how many bags they judge rightly before and after."""
    own = [bag for bag in bags if bag.trigger == trigger]
    names = list(WEIGHTS[trigger])
    prior = np.array([WEIGHTS[trigger][name] for name in names])
    if not own:
        return dict(WEIGHTS[trigger]), "no bags"
    stacked = [
        (
            np.array([[sizes.get(name, 0.0) for name in names] for sizes, _ in bag.moments]),
            np.array([toll for _, toll in bag.moments]),
            1.0 if bag.wanted else -1.0,
        )
        for bag in own
    ]
    meaning = np.array([bool(name) for name in names])
    base = math.log(threshold / (1.0 - threshold))
    spread = np.where(meaning, PRIOR_SD, BASE_SD)
    weights = prior.copy()
    moment, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = (weights - prior) / spread**2
        for sizes, toll, sign in stacked:
            margins = sizes @ weights - toll - base
            top = int(np.argmax(margins))
            slope = -sign / (1.0 + math.exp(min(30.0, sign * float(margins[top]))))
            gradient += slope * sizes[top] * (1.0 if sign > 0 else ALARM_COST)
        moment = 0.9 * moment + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        weights -= RATE * (moment / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        # A sign may come to weigh nothing, never the opposite of what it means.
        weights = np.where(meaning & (prior > 0.0), np.maximum(weights, 0.0), weights)
        weights = np.where(meaning & (prior < 0.0), np.minimum(weights, 0.0), weights)
    told = f"{_right(stacked, prior, base)} -> {_right(stacked, weights, base)}"
    return {name: round(float(value), 2) for name, value in zip(names, weights, strict=True)}, told


def _right(
    stacked: Sequence[tuple[NDArray[np.float64], NDArray[np.float64], float]], weights: NDArray[np.float64], base: float
) -> str:
    hits = sum(float(np.max(sizes @ weights - toll)) > base for sizes, toll, sign in stacked if sign > 0)
    alarms = sum(float(np.max(sizes @ weights - toll)) > base for sizes, toll, sign in stacked if sign < 0)
    return (
        f"{hits}/{sum(sign > 0 for *_, sign in stacked)} hit, {alarms}/{sum(sign < 0 for *_, sign in stacked)} alarms"
    )


def windows_without(bags: Sequence[Bag], scenes: Sequence[SceneScript]) -> list[tuple[str, Window]]:
    """Return the windows in which no trigger of a fitting type proposed anything: no weight can find those."""
    found = {(bag.where, bag.trigger) for bag in bags if bag.wanted}
    return [
        (scene.scene, window)
        for scene in scenes
        for index, window in enumerate(scene.windows)
        if not any((f"{scene.scene}/{index}", trigger) in found for trigger in window.triggers)
    ]


def main(arguments: Sequence[str]) -> int:
    """Fit and print."""
    from cognitive.motivation.thresholds import THRESHOLDS

    scenes = [scene for name in arguments for scene in read_scenes(Path(name))]
    bags = collect(scenes, CognitiveSettings())
    for name, window in windows_without(bags, scenes):
        print(f"# nothing proposed: {name} {window.from_s:g} to {window.to_s:g} {window.triggers} {window.why}")
    for trigger, threshold in THRESHOLDS.items():
        weights, told = fit(bags, trigger, threshold)
        print(f"# {trigger}: {told}")
        print(f"    {trigger!r}: {weights},")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
