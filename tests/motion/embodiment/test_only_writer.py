"""Of two processes that want to move one robot the second is told so; whoever is killed holds nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from motion.embodiment.bodies.registry import one_thing
from motion.embodiment.only_writer import only_writer, thing_of
from runtime.errors import AttuneError
from runtime.offload import ThreadOffload

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
with only_writer("nao:robot.local", "nao:robot.local:9559"):
    print("held", flush=True)
    time.sleep(60)
"""


def only(name: str) -> AbstractContextManager[None]:
    return only_writer(name, one_thing(name))


def test_a_second_process_is_refused_until_the_first_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        with (
            pytest.raises(AttuneError, match=r"body nao:robot\.local: another process moves it"),
            only("nao:robot.local"),
        ):
            pass
        with (
            only("nao:another.local"),
            only("mujoco:attune"),
            only("mujoco:attune"),
            only("ros"),
        ):
            pass
        first.kill()
    with only("nao:robot.local"):
        pass


@pytest.mark.parametrize(("name", "other"), SAME)
def test_one_robot_has_one_writer_however_its_name_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: str
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with only(name), pytest.raises(AttuneError, match="another process moves it"), only(other):
        pass
    with only(other):
        pass


def test_robots_elsewhere_or_of_another_kind_or_port_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    names = ("nao", "pepper", "nao:192.0.2.5", "nao:192.0.2.6", "nao:192.0.2.5:9560", "bvh", "bvh:7002", "unitree-g1")
    with contextlib.ExitStack() as held:
        for name in names:
            held.enter_context(only(name))


def test_a_machine_that_lets_any_address_be_bound_still_tells_robots_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `net.ipv4.ip_nonlocal_bind=1`."""
    monkeypatch.setattr(socket.socket, "bind", lambda *_: None)
    assert one_thing("nao:192.0.2.5") == "nao:192.0.2.5:9559"


def slow_look_up(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = socket.getaddrinfo

    def look_up(*asked: Any) -> Any:
        time.sleep(seconds)
        return real(*asked)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_slow_name_server_holds_no_heartbeat_up(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_look_up(monkeypatch, 0.5)

    async def main() -> int:
        beats, offload = 0, ThreadOffload("body")
        asked = asyncio.create_task(thing_of("nao:localhost", offload))
        while not asked.done():
            await asyncio.sleep(0.02)
            beats += 1
        assert await asked == "nao:127.0.0.1:9559"
        offload.close()
        return beats

    assert asyncio.run(main()) > 5


def test_a_name_server_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_look_up(monkeypatch, 0.3)
    monkeypatch.setattr("motion.embodiment.only_writer.LOOK_UP_S", 0.05)
    with pytest.raises(AttuneError, match=r"body nao:localhost: no name server has said within 0\.05 s") as error:
        asyncio.run(thing_of("nao:localhost", ThreadOffload("body")))
    assert "address in numbers" in error.value.mend
