"""ZeroEGGS: one actor, styles by name, aligned copies only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets.catalogue import open_dataset
from motion.corpus.datasets.skeletons import ZEROEGGS


@pytest.fixture
def folder(
    tmp_path: Path,
    write_bvh: Callable[..., None],
    write_wav: Callable[..., None],
    arm: Callable[[int, int], np.ndarray],
) -> Path:
    names = (
        "001_Neutral_0_x_1_0",
        "001_Neutral_0_x_0_9",
        "001_Neutral_0_mirror_x_1_0",
        "005_Sad_4_x_1_0",
        "067_Speech_2",
    )
    for name in names:
        write_bvh(tmp_path / f"clean/{name}.bvh", ZEROEGGS, frames=120, fps=60.0, turns={"leftUpperArm": arm(120, 75)})
    write_bvh(tmp_path / "original/001_Neutral_0.bvh", ZEROEGGS, frames=60, fps=60.0)
    write_wav(tmp_path / "clean/001_Neutral_0_x_1_0.wav", 2.0, 1.25, rate_hz=48_000)
    (tmp_path / "info.csv").write_text(
        "style,anim_bvh,validation\nNeutral,001_Neutral_0.bvh,FALSE\nNeutral,001_Neutral_0_mirror.bvh,FALSE\n"
        "Sad,005_Sad_4.bvh,TRUE\nSpeech,067_Speech_2.bvh,FALSE\n"
    )
    return tmp_path


def test_each_take_comes_once_with_its_style(
    folder: Path, raised_at: Callable[..., float], clicked_at: Callable[..., float]
) -> None:
    notes: list[str] = []
    scenes = list(open_dataset("zeroeggs", folder, on_note=notes.append))
    assert [(scene.name, scene.emotion, scene.actor) for scene in scenes] == [
        ("zeroeggs/001_Neutral_0_x_1_0", "neutral", "zeroeggs"),
        ("zeroeggs/005_Sad_4_x_1_0", "sad", "zeroeggs"),
        ("zeroeggs/067_Speech_2", "speech", "zeroeggs"),
    ]
    assert any("2 mirrored or stretched copies" in note for note in notes) and sum("absent" in n for n in notes) == 2
    assert raised_at(scenes[0].clip) == pytest.approx(38 / 30)  # 1.25 s lies between two frames of 30 fps
    assert clicked_at(scenes[0].agent) == pytest.approx(1.25, abs=1e-3)


def test_the_authors_validation_is_at_hand(folder: Path) -> None:
    assert [scene.split for scene in open_dataset("zeroeggs", folder, split_by="given")] == [
        "train",
        "validation",
        "train",
    ]
    # The folder `clean` itself may be named; the table lies above it.
    inner = [scene.split for scene in open_dataset("zeroeggs", folder / "clean", split_by="given")]
    assert inner == ["train", "validation", "train"]
    (folder / "info.csv").write_text("style\nNeutral\n")
    with pytest.raises(ValueError, match=r"info\.csv: the columns anim_bvh and validation"):
        open_dataset("zeroeggs", folder)


def test_one_actor_by_actor_is_one_split(folder: Path) -> None:
    assert len({scene.split for scene in open_dataset("zeroeggs", folder, split_by="actor")}) == 1
