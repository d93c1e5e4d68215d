"""Folders, partners of files, and word times in tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from motion.corpus.datasets import files
from motion.corpus.datasets.files import files_under, partner, rows_of, text_of, tsv_words


def test_files_are_found_sorted_and_hidden_folders_are_not_entered(tmp_path: Path) -> None:
    for name in ("b/1.BVH", "a/2.bvh", "a/2.wav", ".git/3.bvh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path, ".bvh")] == ["a/2.bvh", "b/1.BVH"]
    with pytest.raises(ValueError, match="is no folder"):
        files_under(tmp_path / "absent", ".bvh")


def test_a_folder_with_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 2)
    for n in range(3):
        (tmp_path / str(n)).touch()
    with pytest.raises(ValueError, match="more than 2 files"):
        files_under(tmp_path, ".bvh")


def test_a_partner_is_beside_or_in_a_sibling_folder(tmp_path: Path) -> None:
    for name in ("bvh/a.bvh", "wav/a.wav", "bvh/b.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert partner(tmp_path / "bvh/a.bvh", ".wav", ("wav",)) == tmp_path / "wav/a.wav"
    assert partner(tmp_path / "bvh/b.bvh", ".wav", ("wav",)) == tmp_path / "bvh/b.wav"
    assert partner(tmp_path / "bvh/a.bvh", ".tsv", ("tsv",)) is None


def test_several_words_share_their_time_and_laughter_is_no_word(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('0.5\t0.9\tthe "big" one\n1.0\t1.2\t#\n\n2\t3\tyes,\n')
    said = tsv_words(tmp_path / "a.tsv")
    assert [word.text for word in said] == ["the", '"big"', "one", "yes,"]
    assert said[1].start_s == pytest.approx(0.5 + 0.4 / 3) and said[2].end_s == pytest.approx(0.9)
    (tmp_path / "empty.tsv").write_text("")
    assert tsv_words(tmp_path / "empty.tsv") == ()


def test_faults_name_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tsv").write_text("0.5\t0.9\tone\n1.9\t1.0\ttwo\n")
    with pytest.raises(ValueError, match=r"a\.tsv, line 2: '1\.9' to '1\.0'"):
        tsv_words(tmp_path / "a.tsv")
    (tmp_path / "b.csv").write_bytes(b"a,\xff\xff\xc3\n")
    with pytest.raises(ValueError, match=r"b\.csv is no text"):
        rows_of(tmp_path / "b.csv")
    with pytest.raises(ValueError, match=r"c\.csv cannot be read"):
        text_of(tmp_path / "c.csv")
    monkeypatch.setattr(files, "MAX_TEXT_BYTES", 4)
    with pytest.raises(ValueError, match=r"a\.tsv has more than"):
        text_of(tmp_path / "a.tsv")
