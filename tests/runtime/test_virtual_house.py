"""The whole house on virtual time: the same rooms, one loop, the same session every time."""

import time
from pathlib import Path

import pytest

from runtime.errors import AttuneError
from runtime.house import RoomSpec, room_seed, stop_order
from runtime.settings import Profile
from runtime.virtual_house import run_virtual_house

BEHAVIORAL = RoomSpec("behavioral", "ticking_room", essential=True)
DICING = RoomSpec("cognitive", "dicing_room")
RECORDER = RoomSpec("recorder", "listening_room")
pytestmark = pytest.mark.timeout(30)


@pytest.fixture(autouse=True)
def _rooms_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "rooms"))


def session(folder, seed, ticks=400, rooms=(BEHAVIORAL, DICING, RECORDER), **options):
    folder.mkdir()
    result = run_virtual_house(Profile(), rooms, folder, seed, {"ticks": ticks, **options})
    return result, (folder / "words.txt").read_text().splitlines()


def test_a_session_starts_at_zero_runs_on_the_grid_and_ends_by_finished(tmp_path):
    result, words = session(tmp_path / "a", 1, ticks=10)
    times = [int(line.split()[0]) for line in words if " behavioral " in line]
    assert times == [50_000_000 * index for index in range(10)]
    assert (result.reason, result.ok, result.duration_s) == ("finished", True, 0.45)
    assert list(result.rooms) == ["behavioral", "cognitive", "recorder"]
    assert result.rss_mb["house"] > 1
    assert words[-1] == "closed"


def test_the_same_seed_gives_the_same_session_and_another_another(tmp_path):
    sessions = [session(tmp_path / name, seed)[1] for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    assert len([line for line in sessions[0] if " cognitive " in line]) > 10
    assert sessions[0] == sessions[1]
    assert sessions[0] != sessions[2]


def test_minutes_pass_in_moments(tmp_path):
    begun = time.monotonic()
    result, _ = session(tmp_path / "a", 1, ticks=20 * 60 * 5)
    assert result.duration_s > 299
    assert time.monotonic() - begun < 25


def test_an_exception_in_a_room_comes_out_after_the_others_were_stopped(tmp_path):
    listener = RoomSpec("avatar", "failing_listener")
    with pytest.raises(LookupError, match="third word"):
        session(tmp_path / "a", 1, rooms=(BEHAVIORAL, listener, RECORDER))
    assert (tmp_path / "a" / "words.txt").read_text().endswith("closed\n")


def test_an_expected_error_before_the_session_comes_out(tmp_path):
    with pytest.raises(AttuneError, match=r"silero\.onnx is missing"):
        session(
            tmp_path / "a", 1, rooms=(BEHAVIORAL, RoomSpec("cognitive", "broken_rooms"), RECORDER), failure="expected"
        )


def test_the_end_of_an_essential_room_ends_the_session(tmp_path):
    essential = RoomSpec("behavioral", "broken_rooms", essential=True)
    with pytest.raises(RuntimeError, match="boom"):
        session(tmp_path / "a", 1, rooms=(essential, RECORDER), failure="crash")


def test_options_are_what_a_process_would_get(tmp_path):
    with pytest.raises(AttuneError, match="launch options"):
        session(tmp_path / "a", 1, callback=print)


def test_the_recorder_stops_last_and_the_slow_system_first():
    assert stop_order(["recorder", "behavioral", "cognitive", "avatar", "bridge"]) == [
        "cognitive",
        "behavioral",
        "avatar",
        "bridge",
        "recorder",
    ]


def test_rooms_of_one_session_draw_different_numbers():
    assert room_seed(1, "behavioral") != room_seed(1, "cognitive") != room_seed(2, "cognitive")
    assert 0 <= room_seed(-(2**70), "x") < 2**31
