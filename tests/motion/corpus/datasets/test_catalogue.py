"""The way in: names, recognition, splits, faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motion.corpus import store
from motion.corpus.datasets.catalogue import KINDS, NAMES, open_dataset, recognise
from motion.corpus.datasets.skeletons import SEG
from motion.retarget.tables import MIXAMO


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("beat_english_v2.0.0/smplxflame_30/2_scott_0_1_1.npz", "beat2"),
        ("trn/main-agent/bvh/trn_2023_v0_000_main-agent.bvh", "genea"),
        ("trn/bvh/trn_2022_v1_000.bvh", "genea"),
        ("clean/067_Speech_2_x_1_0.bvh", "zeroeggs"),
        ("PXB184/scene01_body_pose.npy", "dyadic"),
        ("scene01_motion.npz", "dyadic"),
        ("SeG_dataset/bvh/ARMS_WELCOME-1.bvh", "labelled"),
        ("anything/walk.bvh", "bvh"),
    ],
)
def test_a_folder_is_recognised_by_what_it_holds(tmp_path: Path, file: str, kind: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    assert recognise(tmp_path) == kind


def test_a_folder_of_nothing_known_lists_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as fault:
        recognise(tmp_path)
    assert all(f"{name}: {kind.looks_for}" in str(fault.value) for name, kind in KINDS.items())
    for name in NAMES:
        with pytest.raises(ValueError, match=r"holds no recording of .*; looked for"):
            open_dataset(name, tmp_path)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"kind": "beat3"}, r"unknown data set 'beat3'; known are beat2, genea"),
        ({"kind": "bvh", "split_by": "given"}, r"for bvh it must be one of actor, session$"),
        ({"kind": "beat2", "split_by": "take"}, r"one of actor, session, given"),
        ({"kind": "bvh", "folder": "/nowhere/at/all"}, r"is no folder"),
    ],
)
def test_a_wrong_question_is_answered_before_anything_is_read(
    tmp_path: Path, arguments: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        open_dataset(**({"folder": tmp_path} | arguments))


def test_nothing_that_can_be_read_is_a_fault_though_faults_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_text("no BVH")
    faults: list[ValueError] = []
    with pytest.raises(ValueError, match="none of 1 recordings could be read"):
        list(open_dataset("bvh", tmp_path, on_error=faults.append))
    assert len(faults) == 1 and "a.bvh, line 1" in str(faults[0])


def test_what_is_read_can_be_stored_as_a_corpus(
    tmp_path: Path, write_bvh: Callable[..., None], write_wav: Callable[..., None]
) -> None:
    write_bvh(tmp_path / "set/talk.bvh", MIXAMO, frames=60)
    write_wav(tmp_path / "set/talk.wav", 2.0, 1.0)
    write_bvh(tmp_path / "seg/HAND_WAVE-1.bvh", SEG, frames=45)
    read = [*open_dataset("bvh", tmp_path / "set"), *open_dataset("labelled", tmp_path / "seg")]
    corpus = store.write(tmp_path / "corpus", read, {"seed": 0})
    assert [(entry.name, entry.frames) for entry in corpus.entries] == [("bvh/talk", 60), ("labelled/HAND_WAVE-1", 45)]
    assert corpus.entries[1].intents[0].label == "wave"
