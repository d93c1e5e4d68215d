"""The private folder of a house: kept while its house lives, removed by the next one when it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import AttuneError
from runtime.run_folder import RunFolder, sweep

HOUSE = """
import sys, time
from pathlib import Path
from runtime.run_folder import RunFolder
folder = RunFolder(Path(sys.argv[1]))
(folder.path / "state").mkdir()
(folder.path / "state" / "memory.json").write_text("what was said")
print(folder.path, flush=True)
time.sleep(60)
"""


def test_a_folder_is_private_and_gone_at_the_end(tmp_path):
    folder = RunFolder(tmp_path)
    assert folder.path.parent == tmp_path and folder.path.stat().st_mode & 0o77 == 0
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_living_house_stays_and_that_of_a_killed_one_goes(tmp_path):
    house = subprocess.Popen([sys.executable, "-c", HOUSE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert house.stdout is not None
    left = Path(house.stdout.readline().strip())
    assert sweep(tmp_path) == []
    assert (left / "state" / "memory.json").exists()
    house.send_signal(signal.SIGKILL)
    house.wait()
    folder = RunFolder(tmp_path)
    assert list(tmp_path.iterdir()) == [folder.path]
    folder.remove()


def test_what_is_not_a_left_run_folder_is_not_touched(tmp_path):
    (tmp_path / "attune-notes").mkdir()
    (tmp_path / "attune-notes" / "mine.txt").write_text("not a run folder")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "house.lock").touch()
    (tmp_path / "attune-link").symlink_to(elsewhere)
    (tmp_path / "attune-tricked").mkdir()
    (tmp_path / "attune-tricked" / "house.lock").symlink_to(elsewhere / "house.lock")
    assert sweep(tmp_path) == []
    assert sorted(os.listdir(tmp_path)) == ["attune-link", "attune-notes", "attune-tricked", "elsewhere"]


def test_a_base_that_cannot_be_written_is_one_clear_error(tmp_path):
    with pytest.raises(AttuneError, match=r"no temporary folder can be made: No such file .*TMPDIR"):
        RunFolder(tmp_path / "absent")
