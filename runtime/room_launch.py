"""The launch file: what the supervisor tells a room's process, as one JSON file in the private run folder.

A file and not the command line, so that no process shows another room's name, an input path or an option in `ps`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import AttuneError
from runtime.settings import Profile

Options = dict[str, Any]


class RoomLaunch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One start of one room.

    Attributes:
        room: its name.
        module: import name of its module.
        profile: the validated run profile.
        run_dir: private folder with the sockets of the house.
        state_dir: folder that survives a restart of the room.
        session_dir: folder of the recording, or None.
        seed: the session's seed, or None.
        rooms: names of all rooms and the supervisor.
        origin_ns: CLOCK_MONOTONIC reading at session time 0.
        started_ns: session time of media zero if it has passed, else -1.
        life: 0 on the first start, counts restarts.
        supervisor_pid: the room ends when this process is not its parent any more.
        options: as in `RoomContext.options`.
    """

    room: str
    module: str
    profile: Profile
    run_dir: str
    state_dir: str
    session_dir: str | None
    seed: int | None
    rooms: tuple[str, ...]
    origin_ns: int
    started_ns: int = -1
    life: int = 0
    supervisor_pid: int = 0
    options: Options = {}


def write_launch(path: Path, launch: RoomLaunch) -> None:
    """Write a launch file; options must be JSON values or paths."""
    path.write_bytes(msgspec.json.encode(launch, enc_hook=_plain))


def read_launch(path: Path) -> RoomLaunch:
    """Read a launch file.

    Raises:
        AttuneError: missing or not a launch file.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=RoomLaunch)
    except (OSError, msgspec.MsgspecError) as error:
        raise AttuneError(f"{path}: {error}", "Launch files are written by the supervisor.") from None


def plain_options(options: Options | None) -> Options:
    """Return options as a room sees them after the journey through a launch file (paths become text).

    Raises:
        AttuneError: a value that is neither a JSON value nor a path.
    """
    try:
        result: Options = msgspec.json.decode(msgspec.json.encode(options or {}, enc_hook=_plain))
    except (TypeError, msgspec.MsgspecError) as error:
        raise AttuneError(f"launch options: {error}", "Options are JSON values or paths.") from None
    return result


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be an option")
