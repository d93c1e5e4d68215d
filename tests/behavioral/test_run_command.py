"""`attune run --operator`: what is wrong with the page's port is said before anything is made."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from behavioral.commands import run
from runtime.errors import AttuneError
from runtime.house import HouseResult
from runtime.settings import Profile


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.mark.parametrize("by_profile", [False, True])
def test_a_port_in_use_is_one_error_with_the_mend_and_no_folder(taken: int, by_profile: bool, tmp_path: Path) -> None:
    asked: dict[str, Any] = {"settings": [f"avatar.port={taken}"]} if by_profile else {"port": taken}
    with pytest.raises(AttuneError, match=rf"port {taken} .*in use.*--port {taken + 1}"):
        run.command("mic", tmp_path / "session", operator=True, **asked)
    assert not (tmp_path / "session").exists()


def test_a_port_without_a_console_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="--port belongs to --operator"):
        run.command("mic", tmp_path / "session", port=0)


def test_port_zero_is_a_free_one_which_the_printed_address_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ports: list[int] = []

    class House:
        def __init__(self, profile: Profile, *_: object, on_ready: Any) -> None:
            ports.append(profile.avatar.port)
            self.on_ready = on_ready

        async def run(self) -> HouseResult:
            self.on_ready({})
            return HouseResult(ok=True, reason=run.INTERRUPTED, duration_s=0.0)

    monkeypatch.setattr(run, "Supervisor", House)
    run.command("mic", tmp_path / "session", operator=True, port=0)
    assert ports[0] > 0
    assert f":{ports[0]}/operator?token=" in capsys.readouterr().out


def test_without_a_console_a_port_in_use_matters_to_nobody(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_nothing(*_: object, **__: object) -> HouseResult:
        return HouseResult(ok=True, reason=run.INTERRUPTED, duration_s=0.0)

    monkeypatch.setattr(run, "run_session", run_nothing)
    run.command("mic", tmp_path / "session", settings=[f"avatar.port={taken}"])


def test_a_body_under_ros_without_the_bridge_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "robot_of", lambda _settings: None)
    with pytest.raises(AttuneError, match=r"body ros:attune: nothing moves it without the ROS nodes.*Add --bridge"):
        run.command("mic", tmp_path / "session", body="ros:attune")
    assert not (tmp_path / "session").exists()
