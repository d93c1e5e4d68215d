"""BEAT2: SMPL-X, speech, words, semantic labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motion.corpus.datasets.beat2 import emotion_of
from motion.corpus.datasets.catalogue import open_dataset
from motion.corpus.datasets.recording import split_of
from motion.formats import smplx
from motion.kinematics import forward
from motion.skeleton import INDEX


def write_motion(path: Path, frames: int, at: int, *, z_up: bool = False) -> None:
    poses = np.zeros((frames, 55, 3))
    poses[at:, smplx.JOINTS.index("left_shoulder"), 2] = np.radians(60.0)
    poses[:, 0, 0] = np.pi / 2 if z_up else 0.0
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"poses": poses.reshape(frames, 165), "trans": np.tile([0.0, 1.0, 0.0], (frames, 1))}
    np.savez(path, **arrays, betas=np.zeros(300), mocap_frame_rate=np.array(30), gender=np.array("neutral"))


@pytest.fixture
def folder(tmp_path: Path, write_wav: Callable[..., None], textgrid: Callable[..., str]) -> Path:
    root = tmp_path / "beat_english_v2.0.0"
    for name, at in (("2_scott_0_65_65", 30), ("2_scott_1_1_1", 45), ("4_lawrence_0_1_1", 20)):
        write_motion(root / f"smplxflame_30/{name}.npz", 60, at)
    write_wav(root / "wave16k/2_scott_0_65_65.wav", 2.5, 1.0)
    (root / "textgrid").mkdir()
    (root / "textgrid/2_scott_0_65_65.TextGrid").write_text(textgrid((0.0, 0.9, ""), (0.9, 1.4, "you")))
    (root / "sem").mkdir()
    labels = [
        "01_beat_align\t0\t2.0\t2.0\t0.1",
        "02_deictic_l\t0.8\t1.4\t0.6\t0.2\tyou",
        "05_iconic_l\t0.2\t1.8\t1.6\t0.5\tspiral",
        "00_nogesture\t1.9\t2.0\t0.1\t0",
        "08_metaphoric_l\t5.0\t6.0\t1.0\t0.8\tafter the motion's end",
    ]
    (root / "sem/2_scott_0_65_65.txt").write_text("\n".join(labels))
    (root / "train_test_split.csv").write_text(
        "id,type\n2_scott_0_65_65,test\n2_scott_1_1_1,val\n4_lawrence_0_1_1,additional\n"
    )
    return tmp_path


def test_all_parts_of_a_recording_come_together(
    folder: Path, raised_at: Callable[..., float], clicked_at: Callable[..., float]
) -> None:
    notes: list[str] = []
    scenes = {scene.name: scene for scene in open_dataset("beat2", folder, on_note=notes.append)}
    assert list(scenes) == ["beat2/2_scott_0_65_65", "beat2/2_scott_1_1_1", "beat2/4_lawrence_0_1_1"]
    one = scenes["beat2/2_scott_0_65_65"]
    assert (one.actor, one.emotion, len(one.clip), len(one.agent)) == ("2_scott", "happiness", 60, 32_000)
    assert raised_at(one.clip) == pytest.approx(1.0, abs=1e-6) and clicked_at(one.agent) == pytest.approx(1.0, abs=1e-3)
    assert one.words == (("you", 0.9, 1.4),)
    assert [(intent.label, intent.start_s) for intent in one.intents] == [
        ("iconic gesture spiral", pytest.approx(0.2)),
        ("you", pytest.approx(0.8)),
    ]
    assert one.intents[0].side == 1.0 and one.intents[0].stroke_s == pytest.approx(1.0, abs=0.05)
    assert len(notes) == 2 and "wave16k/2_scott_1_1_1.wav is absent" in notes[0]
    assert not scenes["beat2/2_scott_1_1_1"].agent.any() and scenes["beat2/2_scott_1_1_1"].emotion == "neutral"


def test_a_speaker_has_one_split_and_the_sets_own_is_at_hand(folder: Path) -> None:
    by_actor = {scene.name: scene.split for scene in open_dataset("beat2", folder)}
    assert by_actor["beat2/2_scott_0_65_65"] == by_actor["beat2/2_scott_1_1_1"] == split_of("beat2/2_scott")
    given = [scene.split for scene in open_dataset("beat2", folder, split_by="given")]
    assert given == ["test", "validation", "train"]
    (folder / "beat_english_v2.0.0/train_test_split.csv").unlink()
    with pytest.raises(ValueError, match="puts it into no split"):
        list(open_dataset("beat2", folder, split_by="given"))


def test_a_world_that_is_z_up_is_stood_up(tmp_path: Path) -> None:
    write_motion(tmp_path / "smplxflame_30/1_wayne_0_1_1.npz", 30, 15, z_up=True)
    (scene,) = open_dataset("beat2", tmp_path)
    places, _ = forward(scene.clip.rotations, scene.clip.hips_m)
    assert places[0, INDEX["head"], 1] > places[0, INDEX["leftFoot"], 1] + 1.2


@pytest.mark.parametrize(
    ("number", "emotion"),
    [("0_1_1", "neutral"), ("0_64_64", "neutral"), ("0_65_a", "happiness"), ("2_80_80", "anger"), ("0_86_86", "sadness"),
     ("0_87_87", "contempt"), ("0_102_102", "surprise"), ("0_110_110", "fear"), ("0_118_118", "disgust"), ("1_70_70", "neutral")],
)  # fmt: skip
def test_the_number_tells_the_emotion(number: str, emotion: str) -> None:
    assert emotion_of(f"5_stewart_{number}") == emotion


def test_one_bad_file_is_one_fault_and_costs_only_itself(folder: Path) -> None:
    bad = folder / "beat_english_v2.0.0/smplxflame_30/2_scott_0_65_65.npz"
    bad.write_bytes(bad.read_bytes()[:200])
    with pytest.raises(ValueError, match=r"2_scott_0_65_65\.npz: not an NPZ file"):
        list(open_dataset("beat2", folder))
    faults: list[ValueError] = []
    assert len(list(open_dataset("beat2", folder, on_error=faults.append))) == 2
    assert [("2_scott_0_65_65" in str(fault)) for fault in faults] == [True]


def test_a_label_without_times_and_a_strange_name_are_named(folder: Path) -> None:
    labels = folder / "beat_english_v2.0.0/sem/2_scott_0_65_65.txt"
    labels.write_text("01_beat_align\t0\t2\n02_deictic_l\tsoon\t1\n")
    with pytest.raises(ValueError, match=r"2_scott_0_65_65\.txt, line 2: type, start and end"):
        list(open_dataset("beat2", folder))
    labels.unlink()
    write_motion(folder / "beat_english_v2.0.0/smplxflame_30/mine.npz", 30, 5)
    with pytest.raises(ValueError, match=r"mine\.npz: its name is not speaker"):
        list(open_dataset("beat2", folder))
