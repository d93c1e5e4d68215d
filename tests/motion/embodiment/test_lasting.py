"""What a body's room knows again after its process has died, and what becomes of it where the disk takes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from motion.embodiment.lasting import PEOPLE_FILE, STOP_FILE, Lasting
from runtime.clock import NS_PER_S


def test_a_stop_and_a_rest_are_known_again_until_they_end(tmp_path: Path) -> None:
    lasting = Lasting(tmp_path)
    assert not lasting.stopped and not lasting.resting
    lasting.stop(True)
    lasting.rest(True)
    assert Lasting(tmp_path).stopped and Lasting(tmp_path).resting
    lasting.stop(False)
    assert not Lasting(tmp_path).stopped and Lasting(tmp_path).resting
    lasting.rest(False)
    assert not Lasting(tmp_path).resting


def test_distances_are_written_where_they_change_and_at_most_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda path, to: (written.append(to), replace(path, to))[1])
    lasting = Lasting(tmp_path)
    for tick in range(500):  # ten seconds
        lasting.near({"sensor:left": 0.5 if tick % 2 and tick < 400 else 0.6}, tick * NS_PER_S // 50)
    assert 5 <= len(written) <= 10
    assert Lasting(tmp_path).people == {"sensor:left": 0.6}, "the last of them, too"
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".new")]


@pytest.mark.parametrize("text", ["", "[1]", '{"sensor:a": "near"}', '{"sensor:a": NaN}', "\udcff"])
def test_a_file_that_is_no_record_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / PEOPLE_FILE).write_bytes(text.encode(errors="surrogateescape"))
    assert Lasting(tmp_path).people == {}
    assert "no record of distances" in caplog.text


def test_a_disk_that_takes_nothing_is_said_once_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / STOP_FILE).mkdir()  # cannot be removed as a file
    (tmp_path / f"{PEOPLE_FILE}.new").mkdir()
    lasting = Lasting(tmp_path)
    lasting.stop(False)
    lasting.near({"sensor:left": 0.5}, 0)
    assert caplog.text.count("could not be kept") == 1
    assert not lasting.stopped and Lasting(tmp_path).stopped, "after a restart it holds again: the safe side"
