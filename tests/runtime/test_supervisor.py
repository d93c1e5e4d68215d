"""The supervisor with real processes: start, restart, patience, order, and nothing left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.processes import processes_of_sessions
from runtime.run_folder import RunFolder
from runtime.settings import BusSettings, Profile, SupervisorSettings
from runtime.supervisor import Supervisor

ROOMS = Path(__file__).parent / "rooms"
PROFILE = Profile(bus=BusSettings(intentions_port=0, streams_port=0))
HOUSE = [
    RoomSpec("behavioral", "ticking_room", essential=True),
    RoomSpec("cognitive", "thinking_room"),
    RoomSpec("recorder", "listening_room"),
]
pytestmark = pytest.mark.timeout(60)


@pytest.fixture(autouse=True)
def _rooms_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOMS))


async def until(condition, timeout_s=15.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.02)


def words(folder):
    path = folder / "words.txt"
    return path.read_text().splitlines() if path.exists() else []


def run(house, during=None):
    """Run a house with something happening to it; check that no process and no run folder is left."""

    async def main():
        task = asyncio.create_task(house.run())
        sessions = set()
        try:
            if during is not None:
                await until(lambda: house._started_ns >= 0 or task.done())
                sessions.update(house.pids().values())
                await during(task, sessions)
            return await task
        finally:
            house.request_stop("test over")
            await asyncio.wait({task})
            assert processes_of_sessions(sessions) == []

    return asyncio.run(main())


def test_a_session_runs_until_a_room_says_finished(tmp_path):
    ready = []
    result = run(Supervisor(PROFILE, HOUSE, tmp_path, 1, {"ticks": 10}, on_ready=ready.append))
    assert (result.reason, result.ok) == ("finished", True)
    assert len(ready) == 1
    assert [room.restarts for room in result.rooms.values()] == [0, 0, 0]
    assert [room.exit_code for room in result.rooms.values()] == [0, 0, 0]
    assert all(room.peak_rss_mb > 1 for room in result.rooms.values())
    heard = [line.split()[2] for line in words(tmp_path) if " behavioral " in line]
    assert heard == [f"unit-b{number}" for number in range(1, 11)]
    assert words(tmp_path)[-1] == "closed"


def test_a_killed_room_comes_back_hears_and_keeps_its_state(tmp_path):
    async def kill(task, sessions):
        house_pid = house.pids()["behavioral"]
        os.kill(house_pid, signal.SIGKILL)
        await until(lambda: house.pids().get("behavioral", house_pid) != house_pid)
        sessions.update(house.pids().values())
        await until(lambda: any(line.endswith("life 2") for line in words(tmp_path)))
        names = [room.name for room in HOUSE]
        await until(lambda: not house.health.missing(names, ["supervisor"]))
        house.request_stop("enough")

    house = Supervisor(PROFILE, HOUSE, tmp_path, 1)
    result = run(house, kill)
    assert result.rooms["behavioral"].restarts == 1
    assert result.rooms["cognitive"].restarts == 0
    assert result.reason == "enough"


def test_a_stopped_room_is_waited_for(tmp_path):
    async def stop(task, sessions):
        os.kill(house.pids()["cognitive"], signal.SIGSTOP)
        before = len(words(tmp_path))
        await until(lambda: len(words(tmp_path)) > before + 10)
        os.kill(house.pids()["cognitive"], signal.SIGCONT)
        await until(lambda: any(" cognitive " in line for line in words(tmp_path)[before + 10 :]))
        house.request_stop("enough")

    house = Supervisor(PROFILE, HOUSE, tmp_path, 1)
    assert run(house, stop).rooms["cognitive"].restarts == 0


def test_a_room_stopped_for_good_does_not_hold_up_the_end(tmp_path):
    async def stop(task, sessions):
        os.kill(house.pids()["cognitive"], signal.SIGSTOP)
        begun = time.monotonic()
        house.request_stop("enough")
        await asyncio.wait({task})
        assert time.monotonic() - begun < 5.0

    house = Supervisor(PROFILE, HOUSE, tmp_path, 1)
    assert run(house, stop).rooms["cognitive"].exit_code == -signal.SIGKILL
    assert words(tmp_path)[-1] == "closed"


def test_the_recorder_is_completed_after_a_room_that_takes_its_time_to_stop(tmp_path):
    house = Supervisor(PROFILE, [*HOUSE, RoomSpec("body", "slow_to_stop_room", stop_s=4.0)], tmp_path, 1, {})

    async def enough(_task, _sessions):
        await until(lambda: words(tmp_path))
        house.request_stop("enough")

    result = run(house, enough)
    assert result.rooms["body"].exit_code == 0, "it was waited for"
    assert words(tmp_path)[-1] == "closed"


def test_a_hung_room_is_killed_and_restarted(tmp_path):
    async def wait(task, sessions):
        await until(lambda: house._keepers["cognitive"].report.restarts >= 1)
        house.request_stop("enough")

    profile = Profile(bus=PROFILE.bus, supervisor=SupervisorSettings(hang_after_s=1.0))
    rooms = [HOUSE[0], RoomSpec("cognitive", "broken_rooms"), HOUSE[2]]
    house = Supervisor(profile, rooms, tmp_path, 1, {"failure": "hang"})
    assert run(house, wait).rooms["behavioral"].restarts == 0


def test_an_expected_error_of_a_room_is_one_sentence(tmp_path):
    rooms = [HOUSE[0], RoomSpec("cognitive", "broken_rooms")]
    with pytest.raises(AttuneError) as caught:
        run(Supervisor(PROFILE, rooms, tmp_path, 1, {"failure": "expected"}))
    assert str(caught.value) == "model hearing/silero.onnx is missing. Run attune models pull silero."


def test_a_crash_before_the_session_names_room_and_exception(tmp_path):
    rooms = [HOUSE[0], RoomSpec("cognitive", "broken_rooms")]
    with pytest.raises(AttuneError, match="cognitive ended with exit code 1: RuntimeError: boom at start"):
        run(Supervisor(PROFILE, rooms, tmp_path, 1, {"failure": "crash at start"}))
    assert "Traceback" in (tmp_path / "cognitive.log").read_text()


def test_a_room_that_keeps_crashing_is_given_up_and_the_session_goes_on(tmp_path):
    async def wait(task, sessions):
        await until(lambda: "cognitive" in house._departed)
        assert not task.done()
        house.request_stop("enough")

    profile = Profile(
        bus=PROFILE.bus, supervisor=SupervisorSettings(restart_backoff_s=0.01, restart_backoff_max_s=0.02)
    )
    rooms = [HOUSE[0], RoomSpec("cognitive", "broken_rooms"), HOUSE[2]]
    house = Supervisor(profile, rooms, tmp_path, 1, {"failure": "crash"})
    result = run(house, wait)
    assert result.rooms["cognitive"].restarts == 5
    assert result.rooms["behavioral"].restarts == 0


def test_the_end_of_an_essential_room_ends_the_session(tmp_path):
    rooms = [RoomSpec("behavioral", "broken_rooms", restart=False, essential=True), HOUSE[2]]
    result = run(Supervisor(PROFILE, rooms, tmp_path, 1, {"failure": "crash"}))
    assert not result.ok
    assert result.reason == "behavioral ended with exit code 1: RuntimeError: boom"


def test_two_rooms_of_one_name_are_refused():
    with pytest.raises(AttuneError, match="names must differ"):
        Supervisor(PROFILE, [HOUSE[0], HOUSE[0]])


def test_an_open_host_without_keys_is_refused():
    with pytest.raises(AttuneError, match=r"curve_keys is empty.*attune keys create DIR"):
        Supervisor(Profile(bus=BusSettings(host="0.0.0.0")), HOUSE)


SCRIPT = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {rooms!r})
from runtime.house import RoomSpec
from runtime.settings import BusSettings, Profile
from runtime.supervisor import Supervisor
profile = Profile(bus=BusSettings(intentions_port=0, streams_port=0))
rooms = [RoomSpec("behavioral", "ticking_room", essential=True), RoomSpec("cognitive", "thinking_room"),
         RoomSpec("recorder", "listening_room")]
house = Supervisor(profile, rooms, Path({out!r}), 1, on_ready=lambda _: print(*house.pids().values(), flush=True))
print(asyncio.run(house.run()).reason, flush=True)
"""


def test_what_a_killed_house_leaves_is_removed_by_the_next(tmp_path):
    code = SCRIPT.format(rooms=str(ROOMS), out=str(tmp_path))
    with tempfile.TemporaryDirectory() as base:  # tmp_path is too long for sockets
        environment = {**os.environ, "TMPDIR": base}
        house = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
        sessions = {int(pid) for pid in house.stdout.readline().split()}
        (left,) = Path(base).glob("attune-*")
        assert (left / "state" / "cognitive").is_dir()
        house.kill()
        house.wait(timeout=10)
        folder = RunFolder(Path(base))
        assert list(Path(base).glob("attune-*")) == [folder.path]
        folder.remove()
        deadline = time.monotonic() + 10.0
        while processes_of_sessions(sessions):
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_house_ends_everything(tmp_path, number):
    code = SCRIPT.format(rooms=str(ROOMS), out=str(tmp_path))
    house = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    sessions = {int(pid) for pid in house.stdout.readline().split()}
    assert len(sessions) == 3
    assert sorted(p.name for p in processes_of_sessions(sessions) if p.pid == p.session) == [
        "behavioral",
        "cognitive",
        "recorder",
    ]
    begun = time.monotonic()
    house.send_signal(number)
    house.wait(timeout=10)
    while processes_of_sessions(sessions):
        assert time.monotonic() - begun < 5.0
        time.sleep(0.02)
    if number is not signal.SIGKILL:  # a killed supervisor cannot say anything; its rooms notice and end
        assert house.stdout.read().strip() == "interrupted"
        assert words(tmp_path)[-1] == "closed"
