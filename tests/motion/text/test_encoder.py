"""The shipped text encoder: what it maps how well, what it refuses, and that a bad file is one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.procedural import lexicon
from motion.text import encoder
from motion.text.matcher import match
from runtime.errors import AttuneError
from runtime.paths import models_dir
from tests.motion.text.texts import HELD_OUT, nothing, positive

LIKELIEST, RIGHT, REFUSED = 0.73, 0.69, 0.83
"""The figures of the model card (0.749, 0.714, 0.861), less a little for another machine's rounding."""
FILE = models_dir() / "intention-text" / "intention_text_v1.npz"


def test_it_knows_the_lexicon_in_its_order() -> None:
    assert encoder.shipped().labels == lexicon.LABELS
    assert FILE.stat().st_size < 1_000_000


def test_how_well_held_out_texts_are_understood() -> None:
    shipped = encoder.shipped()
    asked = positive(HELD_OUT)
    likeliest = [shipped.labels[int(shipped.probabilities(text)[:-1].argmax())] for _, text in asked]
    assert np.mean([found == label for found, (label, _) in zip(likeliest, asked, strict=True)]) >= LIKELIEST
    found = [match(text).label for _, text in asked]
    assert np.mean([one == label for one, (label, _) in zip(found, asked, strict=True)]) >= RIGHT
    refused = [match(text).label == "" for text in nothing(HELD_OUT)]
    assert np.mean(refused) >= REFUSED


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("raise your right hand and wave", "wave"),
        ("wave hello to the visitor", "wave"),
        ("wave goodbye", "farewell"),
        ("nod", "yes"),
        ("shake your head", "no"),
        ("point at the poster", "point"),
        ("shrug your shoulders", "shrug"),
        ("clap your hands", "applaud"),
        ("take a bow", "bow"),
        ("put your hand on your heart", "hand_on_heart"),
        ("open your arms in welcome", "welcome"),
        ("tilt your head", "tilt"),
        ("show the number two", "count_2"),
        ("lean back", "lean_back"),
        ("beckon them to come closer", "beckon"),
        ("tell them to stop", "stop"),
    ],
)
def test_plain_requests_are_understood(text: str, label: str) -> None:
    found = match(text)
    assert found.label == label and encoder.FLOOR <= found.score <= 1.0


@pytest.mark.parametrize("name", [*lexicon.LABELS, *lexicon.ALIASES])
def test_a_name_of_the_lexicon_is_certain_in_any_spelling(name: str) -> None:
    for spelling in (name, name.replace("_", " "), name.upper().replace("_", "-")):
        found = match(spelling)
        assert found.label == lexicon.find(name).label and found.score == 1.0


def test_a_description_scores_less_than_a_name_and_carries_its_hints() -> None:
    found = match("please wave with your left hand")
    assert found.label == "wave" and found.score < 1.0
    assert found.side == 1.0 and found.hints.direction_rad is None


@pytest.mark.parametrize("text", ["", "!!!", "the weather in Paris", "quantum chromodynamics"])
def test_text_about_nothing_finds_nothing(text: str) -> None:
    assert match(text).label == ""


def test_vectors_are_finite_and_near_for_texts_that_mean_the_same() -> None:
    one, same, other = encoder.shipped().encode(["clap your hands", "applaud them", "shake your head"])
    assert encoder.shipped().encode([]).shape == (0, len(one))

    def near(a: np.ndarray, b: np.ndarray) -> float:
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert near(one, same) > near(one, other) + 0.2


@given(st.text(max_size=400))
def test_no_string_breaks_it(text: str) -> None:
    found = match(text)
    assert 0.0 <= found.score <= 1.0
    assert found.label == "" or found.label in lexicon.LEXICON


class TestABadFile:
    def refused(self, path: Path) -> str:
        with pytest.raises(AttuneError) as caught:
            encoder.load(path)
        assert str(path) in str(caught.value) and caught.value.mend
        return str(caught.value)

    def arrays(self) -> dict[str, np.ndarray]:
        with np.load(FILE) as file:
            return {key: file[key] for key in file.files}

    def test_that_is_missing(self, tmp_path: Path) -> None:
        self.refused(tmp_path / "none.npz")

    def test_that_is_no_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "text.npz"
        path.write_bytes(b"not a model")
        self.refused(path)

    def test_that_is_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "large.npz"
        with path.open("wb") as file:
            file.truncate(encoder.MAX_FILE_BYTES + 1)
        assert "larger than" in self.refused(path)

    def test_that_lacks_an_array(self, tmp_path: Path) -> None:
        arrays = self.arrays()
        del arrays["bias"]
        np.savez(tmp_path / "text.npz", **arrays)
        assert "'bias'" in self.refused(tmp_path / "text.npz")

    def test_whose_arrays_do_not_fit(self, tmp_path: Path) -> None:
        arrays = self.arrays()
        arrays["weights"] = arrays["weights"][:-1]
        np.savez_compressed(tmp_path / "text.npz", **arrays)
        assert "weights has shape" in self.refused(tmp_path / "text.npz")
