"""Examples for the intention classifier, and that training and its file go together."""

from pathlib import Path

import numpy as np
import pytest

from motion.corpus.scene import PlacedIntent
from motion.evaluation import classifier as running
from motion.evaluation.baselines import static

pytest.importorskip("torch", reason="torch is not installed: pip install attune[train]")

from motion.training import classifier

LABELS = (running.NONE, "bow", "shrug", "stop")


@pytest.fixture(scope="module")
def drawn() -> classifier.Examples:
    return classifier.examples([static(14.0), static(5.0)], LABELS, 96, seed=1)


def test_short_clips_are_played_back_and_forth() -> None:
    clip = static(5.0)
    clip.hips_m[:, 0] = np.arange(150)
    long = classifier.lasting(clip, 12.0)
    assert len(long) == 360 and np.abs(np.diff(long.hips_m[:, 0])).max() == 1.0
    assert classifier.lasting(clip, 4.0) is clip


def test_only_gestures_that_can_be_seen_and_free_stretches_are_taken() -> None:
    intents = (
        PlacedIntent("bow", 1.0, 1.9, 3.0),
        PlacedIntent("stop", 2.1, 2.8, 4.0),
        PlacedIntent("bow", 5.0, 6.0, 7.0),
    )
    assert [one.label for one in classifier.shown(intents)] == ["stop", "bow"], "the first is interrupted too early"
    assert classifier.shown(()) == []
    (at_s,) = classifier.idle(intents, 12.0)
    assert 7.0 + 40 / 30 < at_s < 12.0 - 50 / 30
    assert classifier.idle(intents, 9.0) == []


def test_examples_are_seeded_and_of_every_label(drawn: classifier.Examples) -> None:
    again = classifier.examples([static(14.0), static(5.0)], LABELS, 96, seed=1)
    assert np.array_equal(drawn.windows, again.windows) and np.array_equal(drawn.rows, again.rows)
    assert set(drawn.rows.tolist()) == {0, 1, 2, 3}
    with pytest.raises(ValueError, match="no clip is long enough"):
        classifier.examples([], LABELS, 1, seed=0)


def test_what_is_trained_is_what_the_file_answers(drawn: classifier.Examples, tmp_path: Path) -> None:
    model = classifier.train(drawn, len(LABELS), epochs=25, seed=0, batch=32)
    classifier.write(model, LABELS, tmp_path / "c.onnx")
    read = running.load(tmp_path / "c.onnx")
    assert read.labels == LABELS
    found = [LABELS.index(label) for label in read.recognise(drawn.windows)]
    assert np.mean(found == drawn.rows) > 0.9
    data = (tmp_path / "c.onnx").read_bytes()
    assert b"site-packages" not in data and b"stack_trace" not in data, "nothing of this machine"
