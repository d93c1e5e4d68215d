"""Of two processes that want to move one robot the second is told so; whoever is killed holds nothing."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from motion.embodiment.only_writer import only_writer
from runtime.errors import AttuneError

SAME = [
    ("reachy-mini", "reachy-mini:127.0.0.1"),
    ("reachy-mini:localhost", "reachy-mini:127.0.0.1:8000"),
    ("reachy-mini:ws://127.0.0.1/", "reachy-mini:127.0.1.1"),
    ("unitree-g1", "unitree-g1:eth0"),
    ("unitree-g1:eth0", "unitree-g1:eth1"),
    ("nao:tcp://192.0.2.5", "nao:192.0.2.5:9559"),
    ("pepper:ROBOT.invalid", "pepper:tcp://robot.invalid:9559"),
    ("bvh", "bvh:7001"),
]
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


@pytest.mark.parametrize(("name", "other"), SAME)
def test_one_robot_has_one_writer_however_its_name_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: str
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with only_writer(name), pytest.raises(AttuneError, match="another process moves it"), only_writer(other):
        pass
    with only_writer(other):
        pass


def test_robots_elsewhere_or_of_another_kind_or_port_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    names = ("nao", "pepper", "nao:192.0.2.5", "nao:192.0.2.6", "nao:192.0.2.5:9560", "bvh", "bvh:7002", "unitree-g1")
    with contextlib.ExitStack() as held:
        for name in names:
            held.enter_context(only_writer(name))
