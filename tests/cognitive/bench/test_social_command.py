"""`attune bench social`: the frozen part as shipped, scenes of one's own, and what is refused."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cognitive.bench.load import run as run_load
from cognitive.bench.social.agents import Attune, FastAlone, baselines
from cognitive.bench.social.judge import figures, judge
from cognitive.bench.social.play import play
from cognitive.bench.social.scene_file import AgentSays, SceneScript, read_scenes
from cognitive.motivation.thresholds import THRESHOLDS
from cognitive.persona import load_persona
from runtime.benches import app
from runtime.errors import AttuneError
from runtime.paths import launch_dir
from runtime.settings import CognitiveSettings

FOLDER = launch_dir() / "scenes"


def bench(*arguments: str) -> dict:
    done = CliRunner().invoke(app, ["social", "--json", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@cache
def scenes_of(part: str) -> tuple[SceneScript, ...]:
    return tuple(read_scenes(FOLDER / part))


@pytest.fixture(scope="module")
def shipped() -> dict:
    return bench()


def test_the_scenes_are_as_many_as_promised_and_half_of_them_are_about_restraint() -> None:
    for part in ("dev", "test"):
        scenes = scenes_of(part)
        called = [scene for scene in scenes if scene.windows]
        assert len(called) >= 30 and len(scenes) >= 60
        assert sum(bool(scene.quiet) for scene in scenes) >= 60
        assert {trigger for scene in called for window in scene.windows for trigger in window.triggers} == set(
            THRESHOLDS
        )


def test_the_frozen_part_is_as_it_was_written() -> None:
    digest = hashlib.sha256()
    for path in sorted((FOLDER / "test").glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    assert digest.hexdigest() == (FOLDER / "test.sha256").read_text().split()[0]


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(900)  # the scenes are played seven times, half a minute to a minute each
def test_all_figures_have_their_names(shipped: dict) -> None:
    for name in ("f1", "precision", "recall", "false_alarms_per_hour", "restraint"):
        assert isinstance(shipped["proactivity"][name], float)
    assert set(shipped["baselines"]) == {"never", "always", "periodic", "threshold"}
    assert 0 < shipped["cycle_ms"]["p50"] <= shipped["cycle_ms"]["p95"] <= shipped["cycle_ms"]["max"]
    assert {"without_tom", "without_cognitive"} == set(shipped["ablation"])
    assert shipped["false_belief"]["first_order"] >= 0.99 and shipped["false_belief"]["second_order"] >= 0.95


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(900)
def test_the_agent_is_ahead_of_every_baseline_and_needs_its_parts(shipped: dict) -> None:
    own = shipped["proactivity"]["f1"]
    assert all(own > one["f1"] for one in shipped["baselines"].values())
    assert own >= shipped["ablation"]["without_tom"]["f1"] + 0.05


def test_the_fast_system_alone_answers_as_the_script_says_and_begins_nothing() -> None:
    scenes = [scene for scene in scenes_of("test") if scene.windows][:6]
    alone = [FastAlone() for _ in scenes]
    played = [play(scene, agent, CognitiveSettings().cycle_s) for scene, agent in zip(scenes, alone, strict=True)]
    found = figures([judge(one) for one in played])
    assert (found["f1"], found["restraint"], found["false_alarms_per_hour"]) == (0.0, 1.0, 0.0), "by construction"
    assert [agent.answers for agent in alone] == [
        sum(isinstance(event, AgentSays) for event in s.script) for s in scenes
    ]
    assert sum(agent.answers for agent in alone) > 6


def test_never_keeps_every_quiet_span_and_always_breaks_nearly_all() -> None:
    scenes = scenes_of("test")[:12]
    settings = CognitiveSettings()
    made = baselines(settings)
    never = figures([judge(play(scene, made["never"](scene), settings.cycle_s)) for scene in scenes])
    always = figures([judge(play(scene, made["always"](scene), settings.cycle_s)) for scene in scenes])
    assert never["restraint"] == 1.0 and never["false_alarms_per_hour"] == 0.0
    assert always["restraint"] < 0.1 and always["false_alarms_per_hour"] > 100


def test_the_same_scene_gives_the_same_initiatives() -> None:
    persona, settings = load_persona("default"), CognitiveSettings()
    for scene in scenes_of("dev")[:8]:
        one, other = (play(scene, Attune(scene.agent, settings, persona, 3), settings.cycle_s) for _ in range(2))
        assert one == other


def test_scenes_of_ones_own_are_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cognitive.bench.social.report.HISTORY_S", 60)
    monkeypatch.setattr("cognitive.bench.social.report.CYCLES", 10)
    (tmp_path / "fire.yaml").write_text(
        """
scene: fire
seconds: 60
script:
  - {at: 1.0, arrives: anna}
  - {at: 2.0, agent: "Hello!"}
  - {at: 20.0, event: "The curtain is on fire", kind: hazard}
windows:
  - {from: 20, to: 30, trigger: safety}
quiet:
  - {from: 4, to: 19}
"""
    )
    found = bench("--scenes", str(tmp_path))["proactivity"]
    assert (found["scenes"], found["f1"], found["restraint"]) == (1, 1.0, 1.0)


def test_wrong_input_is_one_error(tmp_path: Path) -> None:
    for arguments, told in (
        (("--scenes", str(tmp_path / "none")), "is not a folder"),
        (("--part", "all"), "Give test or dev"),
        (("--stories", str(tmp_path / "none.txt")), "none.txt"),
    ):
        with pytest.raises(AttuneError, match=told):
            CliRunner().invoke(app, ["social", *arguments], catch_exceptions=False)


def test_hours_of_a_lively_room_keep_the_state_bounded() -> None:
    short = run_load(CognitiveSettings(), history_s=1_200, cycles=2)
    more = run_load(CognitiveSettings(), history_s=3_600, cycles=2)
    assert more.file_bytes <= 1.4 * short.file_bytes and more.plans > short.plans
    assert more.saved.bank.size_bytes() <= CognitiveSettings().memory_bytes_max
