"""`attune motion train`, `distill`, `export` and `bench`: from a corpus to figures, by their commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from motion import commands
from tests.motion.training.small import small_corpus

RUN = CliRunner()
FIGURES = {
    "rtf_one_core", "rtf_one_core_with_gestures", "p99_chunk_fraction", "cost_ratio_vs_50_steps", "steps",
    "batch8_rtf_two_cores", "chunk_ms", "ms_per_chunk", "streams_per_device", "provider",
}  # fmt: skip


def run(*arguments: str | Path) -> str:
    done = RUN.invoke(commands.app, [str(one) for one in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def test_bench_gives_its_published_figures(small_export: Path) -> None:
    found = json.loads(run("bench", "--model", small_export, "--seconds", "2", "--json"))
    assert set(found) == FIGURES and found["steps"] == 2 and found["provider"] == "CPUExecutionProvider"
    assert all(found[name] > 0.0 for name in FIGURES - {"provider"})
    assert "rtf_one_core" in run("bench", "--model", small_export, "--seconds", "2")


def test_bench_does_not_measure_another_provider_than_it_was_asked_for(small_export: Path) -> None:
    done = RUN.invoke(commands.app, ["bench", "--model", str(small_export), "--seconds", "2", "--provider", "Foo"])
    assert done.exit_code != 0 and "--provider Foo is not there" in str(done.exception)


@pytest.mark.slow
@pytest.mark.computing
def test_from_a_corpus_to_files_that_move(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
    corpus, folder, out = tmp_path / "corpus", tmp_path / "run", tmp_path / "out"
    small_corpus(corpus)
    few = ("--steps", "2", "--rows", "2", "--exact")  # one precision a process
    run("train", "--corpus", corpus, "--out", folder, "--width", "32", "--layers", "2", *few)
    run("distill", "--corpus", corpus, "--out", folder, *few)
    run("train", "--corpus", corpus, "--out", folder, "--stage", "control", *few)
    run("export", folder, "--out", out, "--steps", "1")
    assert json.loads(run("bench", "--model", out, "--seconds", "2", "--json"))["steps"] == 1
