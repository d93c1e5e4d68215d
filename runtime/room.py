"""What a room is given when it starts: its context, and the contract that it fulfils.

A room is a module with `async def serve(context: RoomContext) -> None`. In real time `runtime.supervisor` starts it as an
operating-system process (`python -m runtime.room_process MODULE`); under virtual time `runtime.virtual_house` runs all rooms as tasks
of one loop. The room does not know which: it takes time, bus, ids and threads from its context. `serve` returns when its work is
done and is cancelled when the house stops; on cancellation it closes what it opened within half a second.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.bus import Bus, IntentionClient, IntentionServer
from runtime.clock import Clock
from runtime.ids import IdSource
from runtime.offload import Offload
from runtime.settings import Profile


@dataclass(slots=True)
class RoomContext:
    """Everything a room may use of the house.

    Attributes:
        room: the room's name, as in `Message.source`.
        profile: the validated run profile.
        clock: session time.
        bus: connection to the other rooms.
        ids: identifier source, reproducible under a seed.
        seed: seed for every random choice of the room.
        state_dir: folder that survives a restart of this room within the session (created, private).
        session_dir: folder of the recording, or None where nothing is recorded.
        virtual: whether this is virtual time.
        new_offload: makes a runner for blocking work, named for its owner.
        open_intention_server: only the behavioral room calls it, once.
        open_intention_client: connects a sender under the given name.
        session_started: waits until media time zero and returns it (ns); at once if it has passed.
        counters: totals shown in the room's heartbeat; the room adds its own.
    """

    room: str
    profile: Profile
    clock: Clock
    bus: Bus
    ids: IdSource
    seed: int
    state_dir: Path
    session_dir: Path | None
    virtual: bool
    new_offload: Callable[[str], Offload]
    open_intention_server: Callable[[], IntentionServer]
    open_intention_client: Callable[[str], IntentionClient]
    session_started: Callable[[], Awaitable[int]]
    counters: dict[str, float] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=lambda: {"status": "ok", "detail": ""})
    options: dict[str, Any] = field(default_factory=dict)
    """Options of this launch that are not in the profile (input files of `attune run`, the page's port of `attune demo`)."""
