"""The folder of a session: private, new, on a disk with space; said before anything is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runtime.errors import AttuneError
from runtime.session import files
from runtime.session.folder import REMAINS, prepare_session_folder, remove_unbegun
from tests.runtime.session.support import start, write_part


def test_a_new_folder_is_made_private_and_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o000)
    try:
        folder = prepare_session_folder(Path("sessions/today"), 1, "--out")
    finally:
        os.umask(before)
    assert folder == (tmp_path / "sessions" / "today").resolve()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["session.mcap", "session-2.mcap", *REMAINS])
def test_a_folder_with_anything_of_a_session_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"precious")
    with pytest.raises(AttuneError, match=rf"--record {tmp_path}: holds a session already\. Give a new folder"):
        prepare_session_folder(tmp_path, 1, "--record")
    assert (tmp_path / name).read_bytes() == b"precious"


def test_a_folder_with_other_files_is_taken(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert prepare_session_folder(tmp_path, 1, "--out") == tmp_path.resolve()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_its_place_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(AttuneError, match=rf"--out {out}: cannot be written \(.+\)\. Give a folder"):
            prepare_session_folder(out, 1, "--out")


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 63_999_999

    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: Usage)
    with pytest.raises(AttuneError, match=r"only 63 MB are free there, recorder\.min_free_mb is 64"):
        prepare_session_folder(tmp_path / "a" / "b", 64, "--out")
    assert list(tmp_path.iterdir()) == []


def test_only_a_session_that_never_began_is_removed(tmp_path: Path) -> None:
    for name, messages in (("begun", [start()]), ("unbegun", [])):
        (tmp_path / name).mkdir()
        write_part(tmp_path / name / "session.mcap", messages)
        remove_unbegun(tmp_path / name)
    (tmp_path / "empty").mkdir()
    remove_unbegun(tmp_path / "empty")
    assert [path.name for path in tmp_path.iterdir()] == ["begun"]
