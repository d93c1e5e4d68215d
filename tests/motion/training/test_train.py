"""Training learns, is stored without pickles, goes on where it was killed, and says in one sentence what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")

from motion.corpus import store  # noqa: E402 (after the check for torch)
from motion.corpus.store import Corpus  # noqa: E402
from motion.training import checkpoint  # noqa: E402
from motion.training.train import Trainer, TrainSettings  # noqa: E402
from motion.training.windows import Windows, token_scale  # noqa: E402
from tests.motion.training.small import SHAPE, small_corpus  # noqa: E402


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


def settings(steps: int, **others: object) -> TrainSettings:
    return TrainSettings(
        steps=steps, rows=8, length=24, rate=3e-3, warm_up=20, precision="no", decay=0.9,
        save_every=10, validate_every=10, **others,  # type: ignore[arg-type]
    )  # fmt: skip


def quiet(line: str) -> None:
    del line


def test_a_stored_corpus_holds_what_was_put_in(corpus: Corpus) -> None:
    again = store.read(corpus.folder)
    assert [entry.name for entry in again.entries][:2] == ["plain-0", "plain-1"]
    assert again.entries[4].intents[0].label == "wave"
    assert len(again.features(again.entries[0])) == again.entries[0].frames == 240


def test_a_folder_that_is_no_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no corpus"):
        store.read(tmp_path)


def test_windows_are_the_motion_and_speech_of_their_place(corpus: Corpus) -> None:
    mean, deviation = token_scale(corpus)
    drawn = Windows(corpus, "train", SHAPE, (mean, deviation), 24, 0).of([(1, 7)])
    wanted = (corpus.tokens(corpus.entries[1])[7:31] - mean) / deviation
    assert np.allclose(drawn.tokens[0].numpy(), wanted, atol=1e-5)
    assert drawn.style.tolist() == [[1, 1]]
    assert not drawn.label.any()


def test_the_base_never_sees_gestures_and_the_control_always_does(corpus: Corpus) -> None:
    scale = token_scale(corpus)
    assert not Windows(corpus, "train", SHAPE, scale, 24, 0).draw(16).label.any()
    assert Windows(corpus, "train", SHAPE, scale, 24, 0, gestures=True).draw(16).label.any()


@pytest.mark.slow
def test_two_processes_train_one_network_on_windows_of_their_own(corpus: Corpus, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*command, "-m", "tests.motion.training.many", str(corpus.folder), str(tmp_path)],
        cwd=Path(__file__).parents[3], env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    one, two = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert one["weights"] == two["weights"]
    assert one["drawn"] != two["drawn"]
    assert done.stdout.count("validation") == 1, "the first process alone speaks"
    assert (tmp_path / "run" / "base.safetensors").is_file()


@pytest.mark.slow
@pytest.mark.computing
def test_all_three_stages_learn_and_a_killed_one_goes_on(corpus: Corpus, tmp_path: Path) -> None:
    first = Trainer(tmp_path, "base", corpus, SHAPE, settings(120), quiet)
    before = first.validate()
    first.run()
    after = first.validate()
    assert after < before, "half a minute of motion, mostly still, has little to learn"

    again = Trainer(tmp_path, "base", corpus, SHAPE, settings(130), quiet)
    assert again.step == 120
    assert again.validate() == pytest.approx(after, rel=1e-3)
    again.run()

    Trainer(tmp_path, "distill", corpus, SHAPE, settings(6), quiet).run()
    base = checkpoint.load_tensors(tmp_path / "base.safetensors")
    control = Trainer(tmp_path, "control", corpus, SHAPE, settings(30), quiet)
    scales = [layer.weight.detach().clone() for layer in control.control.scale]  # type: ignore[union-attr]
    control.run()
    moved = [not torch.equal(a, layer.weight) for a, layer in zip(scales, control.control.scale, strict=True)]  # type: ignore[union-attr]
    assert all(moved)
    unchanged = checkpoint.load_tensors(tmp_path / "base.safetensors")
    assert all(torch.equal(base[name], unchanged[name]) for name in base)
    assert not list(tmp_path.rglob("*.pt")) and not list(tmp_path.rglob("*.pkl"))


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize("objective", ["shortcut", "consistency"])
def test_the_other_objectives_learn_too(objective: str, corpus: Corpus, tmp_path: Path) -> None:
    Trainer(tmp_path, "base", corpus, SHAPE, settings(20), quiet).run()
    before = checkpoint.load_tensors(tmp_path / "base.safetensors")
    Trainer(tmp_path, "distill", corpus, SHAPE, settings(4, objective=objective), quiet).run()
    after = checkpoint.load_tensors(tmp_path / "base.safetensors")
    assert any(not torch.equal(before[name], after[name]) for name in before)
    assert all(torch.isfinite(value).all() for value in after.values())


def test_a_checkpoint_of_another_shape_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    Trainer(tmp_path, "base", corpus, SHAPE, settings(1), quiet).run()
    from dataclasses import replace

    with pytest.raises(ValueError, match="another shape"):
        Trainer(tmp_path, "base", corpus, replace(SHAPE, width=64), settings(2), quiet)


def test_a_control_without_a_base_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale"):
        Trainer(tmp_path, "control", corpus, SHAPE, settings(1), quiet)
