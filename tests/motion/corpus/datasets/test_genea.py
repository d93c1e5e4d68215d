"""GENEA 2022 and 2023: dyads of Talking With Hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets.catalogue import open_dataset
from motion.corpus.datasets.skeletons import TALKING_WITH_HANDS
from motion.retarget.hands import RELAXED


@pytest.fixture
def folder(
    tmp_path: Path,
    write_bvh: Callable[..., None],
    write_wav: Callable[..., None],
    arm: Callable[[int, int], np.ndarray],
) -> Path:
    for split, samples in (("trn", ("000", "001")), ("val", ("000",))):
        for sample in samples:
            prefix = f"{split}_2023_v0_{sample}"
            agent, other = tmp_path / split / "main-agent", tmp_path / split / "interloctr"
            write_bvh(
                agent / f"bvh/{prefix}_main-agent.bvh",
                TALKING_WITH_HANDS,
                frames=60,
                turns={"leftUpperArm": arm(60, 36)},
            )
            write_bvh(other / f"bvh/{prefix}_interloctr.bvh", TALKING_WITH_HANDS, frames=60)
            write_wav(agent / f"wav/{prefix}_main-agent.wav", 2.0, 1.2, rate_hz=44_100)
            write_wav(other / f"wav/{prefix}_interloctr.wav", 2.0, 0.4, rate_hz=44_100)
            (agent / "tsv").mkdir(exist_ok=True)
            (agent / f"tsv/{prefix}_main-agent.tsv").write_text("0.9\t1.5\tover there\n1.6\t1.7\t#\n")
        head = "prefix,main-agent_id,main-agent_has_fingers,interloctr_id,interloctr_has_fingers\n"
        rows = [
            f"{split}_2023_v0_000,16,fingers_excl,5,fingers_incl",
            f"{split}_2023_v0_001,5,fingers_incl,16,fingers_excl",
        ]
        (tmp_path / split / "metadata.csv").write_text(head + "\n".join(rows) + "\n")
    return tmp_path


def test_both_sides_motion_and_words_stay_together(
    folder: Path, raised_at: Callable[..., float], clicked_at: Callable[..., float]
) -> None:
    scenes = list(open_dataset("genea", folder))
    assert [(scene.name, scene.actor) for scene in scenes] == [
        ("genea/trn_2023_v0_000", "16"),
        ("genea/trn_2023_v0_001", "05"),
        ("genea/val_2023_v0_000", "16"),
    ]
    for scene in scenes:
        assert raised_at(scene.clip) == pytest.approx(1.2)
        assert clicked_at(scene.agent) == pytest.approx(1.2, abs=1e-3)
        assert clicked_at(scene.user) == pytest.approx(0.4, abs=1e-3)
        assert [word.text for word in scene.words] == ["over", "there"]
        assert scene.words[1] == ("there", pytest.approx(1.2), pytest.approx(1.5))


def test_the_same_two_people_are_never_parted(folder: Path) -> None:
    assert len({scene.split for scene in open_dataset("genea", folder)}) == 1
    assert [scene.split for scene in open_dataset("genea", folder, split_by="given")] == [
        "train",
        "train",
        "validation",
    ]


def test_fingers_that_were_not_captured_are_at_ease(folder: Path) -> None:
    without, captured, _ = open_dataset("genea", folder)
    assert np.allclose(without.clip.hands, RELAXED, atol=1e-6)
    assert captured.clip.hands[..., 1:5].max() < 0.1  # straight in the file


def test_what_is_absent_is_noted_and_silent(folder: Path) -> None:
    (folder / "trn/interloctr/wav/trn_2023_v0_000_interloctr.wav").unlink()
    (folder / "val/metadata.csv").unlink()
    notes: list[str] = []
    first, _, last = open_dataset("genea", folder, on_note=notes.append)
    assert not first.user.any() and first.agent.any() and last.actor == ""
    assert any("interloctr/wav/trn_2023_v0_000_interloctr.wav is absent" in note for note in notes)
    assert any("val: metadata.csv is absent" in note for note in notes)


def test_the_layout_of_2022_has_one_side(
    tmp_path: Path, write_bvh: Callable[..., None], write_wav: Callable[..., None]
) -> None:
    write_bvh(tmp_path / "trn/bvh/trn_2022_v1_000.bvh", TALKING_WITH_HANDS, frames=30)
    write_wav(tmp_path / "trn/wav/trn_2022_v1_000.wav", 1.0, 0.5)
    (tmp_path / "trn/trn_2022_v1_metadata.csv").write_text("trn_2022_v1_000,finger_incl,7\n")
    (scene,) = open_dataset("genea", tmp_path)
    assert scene.actor == "07" and scene.agent.any() and not scene.user.any()
