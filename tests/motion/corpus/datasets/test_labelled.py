"""Labelled gestures, one a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets.catalogue import open_dataset
from motion.corpus.datasets.labelled import label_of
from motion.corpus.datasets.skeletons import SEG


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("bvh/HAND_WAVE-1.bvh", "HAND_WAVE"),
        ("SeG_dataset/bvh/EYE_'TELESCOPE'-12.bvh", "EYE_'TELESCOPE'"),
        ("shrug (2).bvh", "shrug"),
        ("count_1.bvh", "count"),
        ("wave hand/take7.bvh", "wave hand"),
        ("big/bvh/x.bvh", "big"),
    ],
)
def test_the_label_is_in_the_name_or_the_folder(path: str, label: str) -> None:
    assert label_of(Path("/set") / path, Path("/set")) == label


def test_the_gesture_spans_its_file(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    bump = 80.0 * np.sin(np.linspace(0.0, np.pi, 121))
    write_bvh(tmp_path / "bvh/HAND_WAVE-1.bvh", SEG, frames=121, fps=60.0, turns={"rightUpperArm": -bump})
    write_bvh(tmp_path / "bvh/ARM_FLEX-2.bvh", SEG, frames=121, fps=60.0, turns={"leftUpperArm": bump})
    flex, wave = open_dataset("labelled", tmp_path)
    assert (flex.name, flex.intents[0].label, flex.intents[0].side) == ("labelled/bvh/ARM_FLEX-2", "arm flex", 1.0)
    (intent,) = wave.intents
    assert (intent.label, intent.side, intent.start_s) == ("wave", -1.0, 0.0)
    assert intent.stroke_s == pytest.approx(1.0, abs=0.05) and intent.end_s == pytest.approx(wave.clip.duration_s)
    assert not wave.agent.any() and wave.actor == ""


def test_a_file_without_a_label_says_how_to_name_it(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    write_bvh(tmp_path / "---.bvh", SEG, frames=30)
    with pytest.raises(ValueError, match=r"---\.bvh: .* name it LABEL-1\.bvh"):
        list(open_dataset("labelled", tmp_path))
