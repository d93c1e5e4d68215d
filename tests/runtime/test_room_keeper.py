"""One room under supervision: what becomes of it when it cannot even be started."""

import asyncio
import errno
import os
import signal

import pytest

from runtime import room_keeper
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.room_keeper import QUICK_DEATHS_MAX, RoomKeeper
from runtime.settings import BusSettings, Profile, SupervisorSettings
from runtime.supervisor import Supervisor
from tests.runtime.test_supervisor import ROOMS, run, until

pytestmark = pytest.mark.timeout(60)
QUICK = SupervisorSettings(restart_backoff_s=0.001, restart_backoff_max_s=0.002)


@pytest.fixture(autouse=True)
def _rooms_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOMS))


@pytest.fixture
def full_disk(monkeypatch):
    """Fill the disk for the launch files of one room, from a life on."""

    def fill(room, from_life):
        write = room_keeper.write_launch

        def write_or_fail(path, launch):
            if launch.room == room and launch.life >= from_life:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            write(path, launch)

        monkeypatch.setattr(room_keeper, "write_launch", write_or_fail)

    return fill


def keeper(run_dir, *, restarts):
    def no_launch(life):
        raise PermissionError(errno.EACCES, "Permission denied", str(run_dir))

    return RoomKeeper(RoomSpec("cognitive", "thinking_room"), QUICK, run_dir, no_launch, print, print, lambda: restarts)


def test_a_room_that_cannot_be_started_before_the_session_departs_with_the_reason(tmp_path):
    departure = asyncio.run(keeper(tmp_path, restarts=False).run())
    assert departure.error.startswith(f"cognitive could not be started: Permission denied ({tmp_path}). Free ")
    assert departure.exit_code != 0


def test_a_room_that_cannot_be_started_is_tried_again_and_then_given_up(tmp_path):
    room = keeper(tmp_path, restarts=True)
    departure = asyncio.run(room.run())
    assert room.report.restarts == QUICK_DEATHS_MAX - 1
    assert departure.error and not departure.expected


def house(essential_restarts=True):
    profile = Profile(bus=BusSettings(intentions_port=0, streams_port=0), supervisor=QUICK)
    rooms = [
        RoomSpec("behavioral", "ticking_room", essential=True, restart=essential_restarts),
        RoomSpec("cognitive", "thinking_room"),
    ]
    return Supervisor(profile, rooms, None, 1)


def test_a_house_whose_room_cannot_be_started_says_so_at_once(full_disk):
    full_disk("cognitive", 0)
    with pytest.raises(AttuneError, match="cognitive could not be started: No space left on device"):
        run(house())


def test_an_essential_room_that_cannot_be_started_again_ends_the_session(full_disk):
    full_disk("behavioral", 1)
    ours = house()

    async def kill(task, sessions):
        os.kill(ours.pids()["behavioral"], signal.SIGKILL)
        await until(task.done)

    result = run(ours, kill)
    assert not result.ok
    assert result.reason.startswith("behavioral could not be started: No space left on device")


def test_a_defect_of_the_supervisor_ends_the_house_and_is_raised(monkeypatch):
    ours = house()

    async def spoil(task, sessions):
        monkeypatch.setattr(ours.health, "hung", lambda now_s: 1 / 0)
        await until(task.done)

    with pytest.raises(ZeroDivisionError):
        run(ours, spoil)
