"""Any folder of BVH files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.datasets.catalogue import open_dataset
from motion.retarget.tables import MIXAMO, MVN


def test_actors_are_folders_and_sound_is_found_by_name(
    tmp_path: Path,
    write_bvh: Callable[..., None],
    write_wav: Callable[..., None],
    arm: Callable[[int, int], np.ndarray],
    raised_at: Callable[..., float],
    clicked_at: Callable[..., float],
) -> None:
    write_bvh(tmp_path / "ann/bvh/talk.bvh", MIXAMO, frames=40, fps=20.0, turns={"leftUpperArm": arm(40, 20)})
    write_wav(tmp_path / "ann/wav/talk.wav", 2.0, 1.0, rate_hz=8_000)
    (tmp_path / "ann/tsv").mkdir()
    (tmp_path / "ann/tsv/talk.tsv").write_text("0.9\t1.3\there\n")
    write_bvh(tmp_path / "ben/walk.bvh", MVN, frames=30)
    notes: list[str] = []
    talk, walk = open_dataset("bvh", tmp_path, on_note=notes.append)
    assert [(s.name, s.actor) for s in (talk, walk)] == [("bvh/ann/bvh/talk", "ann"), ("bvh/ben/walk", "ben")]
    assert raised_at(talk.clip) == pytest.approx(1.0) and clicked_at(talk.agent) == pytest.approx(1.0, abs=2e-3)
    assert talk.words == (("here", 0.9, 1.3),)
    assert not walk.agent.any() and len(walk.agent) == 16_000 and "1 files have no .wav" in notes[0]


def test_together_they_stay_after_a_cut(
    tmp_path: Path,
    write_bvh: Callable[..., None],
    write_wav: Callable[..., None],
    arm: Callable[[int, int], np.ndarray],
    raised_at: Callable[..., float],
    clicked_at: Callable[..., float],
) -> None:
    write_bvh(tmp_path / "long.bvh", MIXAMO, frames=700, fps=10.0, turns={"leftUpperArm": arm(700, 500)})
    write_wav(tmp_path / "long.wav", 70.0, 50.0)
    first, second = open_dataset("bvh", tmp_path)
    assert (first.name, second.name, first.split) == ("bvh/long#00", "bvh/long#01", second.split)
    start_s = first.clip.duration_s
    assert clicked_at(second.agent) == pytest.approx(50.0 - start_s, abs=1e-3) and not first.agent.any()
    # Between two frames at 10 fps the arm goes up within a tenth of a second.
    assert raised_at(second.clip) == pytest.approx(50.0 - start_s, abs=0.1)


def test_a_cut_off_file_is_named(tmp_path: Path, write_bvh: Callable[..., None]) -> None:
    write_bvh(tmp_path / "a.bvh", MIXAMO, frames=30)
    (tmp_path / "a.bvh").write_text("\n".join((tmp_path / "a.bvh").read_text().splitlines()[:-4]))
    with pytest.raises(ValueError, match=r"a\.bvh, line \d+: the header says 30 frames, but only 26"):
        list(open_dataset("bvh", tmp_path))
