"""`motion.bvh` of a session: private, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from behavioral import session_motion
from behavioral.session_motion import write_motion
from tests.runtime.session.support import frame, start, write_part


def session(folder: Path) -> Path:
    write_part(folder / "session.mcap", [start(), *(frame(index) for index in range(3))])
    return folder


def test_the_file_is_private_whatever_the_umask_and_holds_every_frame(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        curves = write_motion(session(tmp_path), 50.0)
    finally:
        os.umask(before)
    assert (tmp_path / "motion.bvh").stat().st_mode & 0o777 == 0o600
    assert b"\nFrames: 3" in (tmp_path / "motion.bvh").read_bytes()
    assert len(curves.head_pitch_deg) == len(curves.hand_speed_m_s) == 3


def test_a_write_that_fails_leaves_the_earlier_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_motion(session(tmp_path), 50.0)
    whole = (tmp_path / "motion.bvh").read_bytes()

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(session_motion.bvh, "write", full)
    with pytest.raises(OSError, match="full"):
        write_motion(tmp_path, 50.0)
    assert (tmp_path / "motion.bvh").read_bytes() == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["motion.bvh", "session.mcap"]
