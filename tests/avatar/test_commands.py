"""`attune demo` and `attune replay`: bad input is one clear error, and the transcript reads like one."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec
import pytest

from avatar.commands import demo, replay
from avatar.house import checked_port
from runtime.errors import AttuneError
from runtime.house import HouseResult
from runtime.settings import AvatarSettings, Profile
from tests.avatar.share.recorded import session
from tests.avatar.vrm_files import vrm


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


def test_with_a_console_a_port_in_use_is_said_the_same_way_and_no_folder_stays(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AttuneError, match=rf"port {port} .*in use.*--port {port + 1}"):
            demo.command(port=port, no_browser=True, operator=True, record=tmp_path / "session")
    assert not (tmp_path / "session").exists()


def test_port_zero_takes_a_free_one() -> None:
    assert checked_port(AvatarSettings(port=0)) > 0


def test_an_open_address_without_a_token_is_refused() -> None:
    with pytest.raises(AttuneError, match="token"):
        demo.command(no_browser=True, settings=["avatar.host=0.0.0.0"])
    with pytest.raises(AttuneError, match="token"):
        checked_port(msgspec.structs.replace(AvatarSettings(), host="0.0.0.0"))


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


def test_replay_shows_another_character(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "other.vrm"
    model.write_bytes(vrm())
    shown: list[str] = []

    def run(profile: Profile, *_: object, **__: object) -> HouseResult:
        shown.append(profile.avatar.character)
        return HouseResult(ok=True, reason="", duration_s=0.0)

    monkeypatch.setattr(replay, "run_with_page", run)
    replay.command(session(tmp_path), no_browser=True, avatar=model)
    replay.command(tmp_path, no_browser=True)
    assert shown == [str(model.resolve()), ""]


@pytest.mark.parametrize("body", [None, b"not a model", vrm()[:100]], ids=["missing", "no VRM", "cut"])
def test_replay_says_of_a_bad_character_what_the_demo_says(tmp_path: Path, body: bytes | None) -> None:
    model = tmp_path / "bad.vrm"
    if body is not None:
        model.write_bytes(body)
    with pytest.raises(AttuneError) as by_demo:
        demo.command(port=0, no_browser=True, avatar=model)
    with pytest.raises(AttuneError) as by_replay:
        replay.command(session(tmp_path), port=0, no_browser=True, avatar=model)
    assert str(by_demo.value) == str(by_replay.value) and str(model) in str(by_demo.value)
