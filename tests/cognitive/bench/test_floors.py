"""What must hold, as figures of the bench: a change that costs initiative, restraint or the cycle's work fails here.

The floors lie below the figures of the day they were written (26 November 2026; F1 0.92, restraint 99 %, 1.0 false alarms an hour on all of
`launch/scenes/dev`), so that they do not stand in the way of work on single signs. Nothing here measures time: a cycle's p95 in
milliseconds is a figure of `attune bench social`, what is asserted is the work that it does.
"""

from __future__ import annotations

import re
import statistics
from typing import Any

import pytest

from cognitive.bench.load import Load
from cognitive.bench.load import run as run_load
from cognitive.bench.social.agents import Attune
from cognitive.bench.social.judge import figures, judge
from cognitive.bench.social.play import play
from cognitive.bench.social.scene_file import read_scenes
from cognitive.persona import load_persona
from runtime.paths import launch_dir
from runtime.settings import CognitiveSettings

F1_MIN = 0.85
RESTRAINT_MIN = 0.97
ALARMS_PER_HOUR_MAX = 1.5
TOM_GAIN_MIN = 0.05
"""So much is the model of minds worth at least, in F1."""
CALLS_MAX = 30_000
"""Functions that a cycle calls, p95: about 17,000 with three people, which take 2.5 ms. 20 ms are some 130,000."""
ROOT = launch_dir().parent


@pytest.fixture(scope="module")
def third() -> dict[str, dict[str, Any]]:
    """The figures of a fixed third of the scenes that signs and weights are set on, with and without the model of minds."""
    settings = CognitiveSettings()
    persona = load_persona(settings.persona)
    scenes = read_scenes(launch_dir() / "scenes" / "dev")[::3]
    assert len(scenes) >= 150
    return {
        name: figures(
            [
                judge(play(scene, Attune(scene.agent, settings, persona, 0, theory_of_mind=minds), settings.cycle_s))
                for scene in scenes
            ]
        )
        for name, minds in (("full", True), ("without_tom", False))
    }


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_initiative_and_restraint_stay_above_their_floors(third: dict[str, dict[str, Any]]) -> None:
    full = third["full"]
    assert full["f1"] >= F1_MIN
    assert full["restraint"] >= RESTRAINT_MIN
    assert full["false_alarms_per_hour"] <= ALARMS_PER_HOUR_MAX


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_the_model_of_minds_is_worth_its_place(third: dict[str, dict[str, Any]]) -> None:
    assert third["full"]["f1"] >= third["without_tom"]["f1"] + TOM_GAIN_MIN


def p95(load: Load) -> float:
    assert len(load.calls) >= 200
    return statistics.quantiles(load.calls, n=20)[-1]


@pytest.mark.slow
@pytest.mark.computing
def test_a_cycle_with_three_people_does_bounded_work_that_history_does_not_add_to() -> None:
    settings = CognitiveSettings()
    early = run_load(settings, history_s=300, cycles=240, count_calls=True)
    late = run_load(settings, history_s=3_600, cycles=240, count_calls=True)
    assert p95(early) > 1_000, "it counts"
    assert p95(late) <= CALLS_MAX and max(late.calls) <= 3 * CALLS_MAX
    assert p95(late) <= 1.3 * p95(early), "an hour of history adds nothing"


def test_the_time_of_a_cycle_and_the_command_that_measures_it_are_in_the_readme() -> None:
    row = next(line for line in (ROOT / "README.md").read_text().splitlines() if "a cycle of the slow loop" in line)
    assert "three people" in row and "hour of history" in row and "p95" in row and "`attune bench social`" in row
    told_ms = re.search(r"([\d.]+) ms", row)
    assert told_ms is not None and float(told_ms[1]) <= 20
