"""`attune demo` and `attune replay`: bad input is one clear error, and the transcript reads like one."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec
import pytest

from avatar.commands import demo, replay
from avatar.house import free_port
from runtime.errors import AttuneError
from runtime.settings import AvatarSettings


def line(**fields: object) -> dict[str, object]:
    return {"start_s": 1.25, "end_s": 3.0, "speaker": "user", "text": "", "heard": None, "interrupted": False, **fields}


def test_a_turn_is_one_line_with_its_times() -> None:
    assert replay.transcript_text(line(text="hello there")) == "00:01.2-00:03.0  user:  hello there"
    assert replay.transcript_text(line(start_s=61.0, end_s=None, text="hm")) == "01:01.0-       user:  hm"


def test_what_was_not_heard_stands_in_brackets() -> None:
    cut = line(speaker="agent", text="I am Ada, your guide.", heard="I am Ada,", interrupted=True)
    assert replay.transcript_text(cut).endswith("agent: I am Ada, [interrupted; not heard: your guide.]")


def test_a_port_in_use_is_said_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AttuneError, match=rf"port {port} .*--port {port + 1}"):
            demo.command(port=port, no_browser=True)


def test_port_zero_takes_a_free_one() -> None:
    assert free_port(AvatarSettings(port=0)) > 0


def test_an_open_address_without_a_token_is_refused() -> None:
    with pytest.raises(AttuneError, match="token"):
        demo.command(no_browser=True, settings=["avatar.host=0.0.0.0"])
    with pytest.raises(AttuneError, match="token"):
        free_port(msgspec.structs.replace(AvatarSettings(), host="0.0.0.0"))


def test_a_folder_with_a_session_is_not_recorded_over(tmp_path: Path) -> None:
    (tmp_path / "session.mcap").write_bytes(b"")
    with pytest.raises(AttuneError, match="holds a session already"):
        demo.command(port=0, no_browser=True, record=tmp_path)


def test_replay_names_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="no such folder"):
        replay.command(tmp_path / "nothing")
    with pytest.raises(AttuneError, match=str(tmp_path)):
        replay.command(tmp_path, text=True)
    with pytest.raises(AttuneError, match="--speed"):
        replay.command(tmp_path, speed=0.0)
