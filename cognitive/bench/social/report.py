"""What `attune bench social` prints: the agent beside its baselines and without its parts, false beliefs, and how long a cycle takes.

Pure but for the clock that times cycles. Each agent plays every scene from an empty memory, so that the order of scenes means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cognitive.bench.load import run as run_load
from cognitive.bench.social.agents import Attune, FastAlone, MakeAgent, baselines
from cognitive.bench.social.judge import Verdict, figures, judge
from cognitive.bench.social.play import Played, play
from cognitive.bench.social.scene_file import SceneScript
from cognitive.persona import load_persona
from runtime.settings import CognitiveSettings

HISTORY_S, CYCLES = 3_600, 1_000
"""Cycles are timed with three people and an hour of history."""
ANY_TYPE = ("precision", "recall", "f1", "false_alarms_per_hour")


def social_figures(
    scenes: Sequence[SceneScript], settings: CognitiveSettings, stories: Path | None, seed: int
) -> tuple[dict[str, Any], list[Verdict]]:
    """Return all figures, and the agent's verdicts scene by scene.

    Raises:
        AttuneError: the persona or the stories cannot be read.
    """
    persona = load_persona(settings.persona)

    def attune(scene: SceneScript) -> Attune:
        return Attune(scene.agent, settings, persona, seed, goals=scene.declared)

    def without_tom(scene: SceneScript) -> Attune:
        return Attune(scene.agent, settings, persona, seed, theory_of_mind=False)

    false_belief = _false_belief(stories, seed)  # first: a file that cannot be read costs nobody a minute
    played = _play_all(scenes, attune, settings.cycle_s)
    verdicts = [judge(one) for one in played]
    any_type = figures([judge(one, any_type=True) for one in played])
    by_baseline = {
        name: figures([judge(one) for one in _play_all(scenes, make, settings.cycle_s)])
        for name, make in baselines(settings).items()
    }
    ablated = figures([judge(one) for one in _play_all(scenes, without_tom, settings.cycle_s)])
    alone = [FastAlone() for _ in scenes]
    answered = [judge(play(scene, agent, settings.cycle_s)) for scene, agent in zip(scenes, alone, strict=True)]
    return {
        "proactivity": {**figures(verdicts), "any_type": {name: any_type[name] for name in ANY_TYPE}},
        "baselines": {name: _short(one) for name, one in by_baseline.items()},
        "ablation": {
            "without_tom": _short(ablated),
            "without_cognitive": {**_short(figures(answered)), "answers": sum(agent.answers for agent in alone)},
        },
        "false_belief": false_belief,
        "cycle_ms": run_load(settings, history_s=HISTORY_S, cycles=CYCLES, seed=seed).percentiles(),
    }, verdicts


def mishaps(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Return what went wrong, in lines for people."""
    for verdict in verdicts:
        for window in verdict.missed:
            span = f"{window.from_s:g} to {window.to_s:g} s"
            yield f"{verdict.scene.scene}: missed {' or '.join(window.triggers)} from {span}: {window.why}"
        for alarm in verdict.false_alarms:
            said = f" '{alarm.words}'" if alarm.words else ""
            yield f"{verdict.scene.scene}: false alarm at {alarm.at_s:.1f} s, {alarm.trigger} {alarm.score:.2f}{said}"
        for span_, kept in verdict.quiet:
            if not kept:
                yield f"{verdict.scene.scene}: broke the quiet from {span_.from_s:g} to {span_.to_s:g} s: {span_.why}"


def _play_all(scenes: Sequence[SceneScript], make: MakeAgent, cycle_s: float) -> list[Played]:
    return [play(scene, make(scene), cycle_s) for scene in scenes]


def _short(all_figures: dict[str, Any]) -> dict[str, Any]:
    return {name: all_figures[name] for name in ("f1", "precision", "recall", "false_alarms_per_hour", "restraint")}


def _false_belief(stories: Path | None, seed: int) -> dict[str, Any]:
    from cognitive.bench.stories.run import false_belief_figures

    return false_belief_figures(stories, seed)
