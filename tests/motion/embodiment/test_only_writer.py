"""Of two processes that want to move one robot the second is told so; whoever is killed holds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from motion.embodiment.only_writer import only_writer
from runtime.errors import AttuneError

HOLD = """
import sys, time
from motion.embodiment.only_writer import only_writer
with only_writer("nao:robot.local"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        with (
            pytest.raises(AttuneError, match=r"body nao:robot\.local: another process moves it"),
            only_writer("nao:robot.local"),
        ):
            pass
        with (
            only_writer("nao:another.local"),
            only_writer("mujoco:attune"),
            only_writer("mujoco:attune"),
            only_writer("ros"),
        ):
            pass
        first.kill()
    with only_writer("nao:robot.local"):
        pass
