"""What a house is made of, whether its rooms are processes or tasks: rooms, the order in which they stop, the result.

Pure data and pure functions, shared by `runtime.supervisor` (real time) and `runtime.virtual_house` (virtual time).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from runtime.body_settings import BodySettings
from runtime.errors import AttuneError

INPUT_ENDED = "the recording has ended"
"""Reason of `SessionControl.finished` where the input was heard to its end; any other says what was wrong with it."""

SUPERVISOR = "supervisor"
"""Name under which the house itself speaks on the bus."""

STOP_ORDER = ("cognitive", "behavioral", "avatar")
"""Rooms that stop in this order; others follow in reverse order of their start, and the recorder is always last."""
RECORDER = "recorder"
BODY = "body"
RECORDER_DRAIN_S = 0.1
"""Time that the recorder gets after the last other room has stopped, so that last messages reach it."""
SESSION_LEAD_S = 0.1
"""Media time zero lies this far after the start message, so that every room begins on time. Zero in virtual time."""

EXIT_CRASHED = 1
"""Exit code of a room's process after an unexpected exception."""
EXIT_EXPECTED_ERROR = 3
"""Exit code of a room's process after an error that the user can mend."""


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """One room of a house.

    Attributes:
        name: as in `Message.source`; at most one of each.
        module: import name of a module with `async def serve(context)`.
        restart: whether the supervisor starts it again when it dies or hangs.
        essential: whether the session ends when it ends for good.
        stop_s: how much longer than `stop_timeout_s` it may take to stop: a robot goes to rest first.
    """

    name: str
    module: str
    restart: bool = True
    essential: bool = False
    stop_s: float = 0.0


@dataclass(slots=True)
class RoomReport:
    """What became of a room: restarts, last exit code (None in virtual time, negative a signal), largest memory, MB."""

    restarts: int = 0
    exit_code: int | None = None
    peak_rss_mb: float = 0.0


@dataclass(slots=True)
class HouseResult:
    """How a session ended.

    Attributes:
        reason: `finished`, `interrupted` (Ctrl-C, SIGTERM), a room's reason to stop, or a sentence on what failed.
        ok: whether it ended as meant.
        duration_s: session time from media zero to the end.
        rooms: report by room name.
        rss_mb: largest memory by process: rooms by name, their workers as `room/worker`.
    """

    reason: str
    ok: bool = True
    duration_s: float = 0.0
    rooms: dict[str, RoomReport] = field(default_factory=dict)
    rss_mb: dict[str, float] = field(default_factory=dict)


BODY_ROOM = RoomSpec(BODY, "motion.embodiment.process", stop_s=20.0)
"""Moves a body with motors; a house has it where the profile names one (`body.name`). At the end it may take 5.5 s to bring it to rest and,
where that was not enough, its driver 10 s more; then its motors are switched off or, with a warning, left on."""
BRIDGE_ROOM = RoomSpec("bridge", "runtime.bridge")
"""Lets outside programs take part, such as the ROS 2 nodes; a house has it where `--bridge` asks for it."""


def body_rooms(settings: BodySettings, *, bridge: bool) -> list[RoomSpec]:
    """Return the rooms of a house for a body with motors and for outside programs; raises AttuneError for a body that needs the bridge."""
    if settings.needs_bridge and not bridge:
        raise AttuneError(
            f"body {settings.name}: nothing moves it without the ROS nodes, which come through the bridge",
            "Add --bridge and start them (docs/ros.md)",
        )
    return ([BRIDGE_ROOM] if bridge else []) + ([BODY_ROOM] if settings.name else [])


def stop_order(names: Iterable[str]) -> list[str]:
    """Return room names in the order in which they are stopped."""
    started = list(names)
    first = [name for name in STOP_ORDER if name in started]
    middle = [name for name in reversed(started) if name not in STOP_ORDER and name != RECORDER]
    return first + middle + [name for name in started if name == RECORDER]


def room_seed(seed: int, room: str) -> int:
    """Return a seed of 31 bits for one room, so that rooms do not draw the same numbers."""
    return (seed * 1_000_003 + zlib.crc32(room.encode())) & 0x7FFF_FFFF
