"""What the intention classifier is given, the shipped one, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from motion.clip import Clip
from motion.evaluation import classifier
from motion.evaluation.baselines import static
from motion.evaluation.methods import ANYBODY, model_free, request
from motion.procedural.lexicon import LABELS
from runtime.models import model_folder, model_registry


def test_a_window_lies_around_the_stroke_and_stands_still_beyond_the_clip() -> None:
    rows = np.arange(200, dtype=np.float32)[:, None] * np.ones((1, classifier.CHANNELS), np.float32)
    assert classifier.window(rows, 3.0)[:, 0].tolist() == list(range(90 - 40, 90 + 50))
    early, late = classifier.window(rows, 0.5)[:, 0], classifier.window(rows, 6.0)[:, 0]
    assert (early[:26] == 0.0).all() and early[26] == 1.0
    assert late[-1] == 199.0 and len(late) == classifier.FRAMES


def test_frames_hold_hips_and_hands_beside_the_upper_body() -> None:
    clip = static(1.0)
    rows = classifier.frames_of(clip)
    assert rows.shape == (30, classifier.CHANNELS)
    other = Clip(30.0, clip.rotations, clip.hips_m + 0.1, np.full_like(clip.hands, 0.5))
    assert np.flatnonzero(np.abs(classifier.frames_of(other) - rows).max(axis=0) > 1e-6).tolist() == list(
        range(123, 138)
    )


def test_the_shipped_classifier_is_the_registered_one_and_knows_the_whole_lexicon() -> None:
    shipped = classifier.shipped()
    model = model_registry()[classifier.MODEL]
    assert shipped.sha256 == model.files[0].sha256 and model.size < 2 << 20
    assert (model_folder(model) / "card.md").is_file()
    assert shipped.labels == (classifier.NONE, *LABELS) and shipped.unknown(("wave", "levitate")) == ["levitate"]


def test_it_tells_plain_gestures_of_a_body_that_it_has_never_seen_apart_and_from_none() -> None:
    shipped = classifier.shipped()
    silence = np.zeros(16_000 * 6, np.float32)
    wanted = ("wave", "bow", "shrug", "think", "stop", "no")
    rows = []
    for label in wanted:
        asked = request(label, 2.0)
        made, _ = model_free(silence, silence, 0, ANYBODY, (asked,))
        rows.append(classifier.window(classifier.frames_of(made), asked.stroke_s))
    still, _ = model_free(silence, silence, 0, ANYBODY, ())
    rows.append(classifier.window(classifier.frames_of(still), 3.0))
    assert shipped.recognise(np.stack(rows)) == [*wanted, classifier.NONE]


def test_windows_and_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    shipped = classifier.shipped()
    with pytest.raises(ValueError, match=r"must be finite, \[any, 90, 138\]"):
        shipped.recognise(np.zeros((2, 80, 138), np.float32))
    with pytest.raises(ValueError, match="must be finite"):
        shipped.recognise(np.full((1, 90, 138), np.nan, np.float32))
    where = tmp_path / "c.onnx"
    with pytest.raises(ValueError, match=r"c\.onnx is no intention classifier"):
        classifier.load(where)
    where.write_bytes(b"no graph")
    with pytest.raises(ValueError, match="is no intention classifier"):
        classifier.load(where)
    encoder = model_registry()["motion-encoder"]
    with pytest.raises(ValueError, match=r"is no intention classifier: shapes"):
        classifier.load(model_folder(encoder) / encoder.files[0].path)
    with where.open("wb") as file:
        file.truncate(classifier.MAX_FILE_BYTES + 1)
    with pytest.raises(ValueError, match="at most"):
        classifier.load(where)
