"""Play a recorded session on the bus again, at its own times or faster.

Messages are published in the order and at the distances at which they reached the recorder, so that sound still comes
ahead of its playback as it did; their own times are moved to the replaying session's clock. As a room
(`options["replay_dir"]`, `options["replay_speed"]`) it takes the place of the behavioral and cognitive rooms: the
avatar page shows it like a live session. Heartbeats and the old session's start and end stay out; at the end it says
that the input is finished.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from runtime.clock import Clock
from runtime.codec import MESSAGE_TYPES
from runtime.errors import AttuneError
from runtime.messages import Heartbeat, Message, SessionControl, Viewer
from runtime.room import RoomContext
from runtime.session.reader import Arrival, SessionReader

NOT_REPLAYED: tuple[type[Message], ...] = (Heartbeat, SessionControl)
READ_AHEAD = 2_000
"""Messages read from disk at a time by the room, tens of seconds of a session."""


async def replay(
    reader: SessionReader,
    clock: Clock,
    publish: Callable[[Message], None],
    speed: float = 1.0,
    types: Collection[type[Message]] | None = None,
) -> int:
    """Publish a recording, media time zero being now; return the number of messages.

    Args:
        reader: the recording.
        clock: what the messages' new times are on.
        publish: takes each message, for example `bus.publish`.
        speed: 2 is twice as fast.
        types: only these message types; all where None.

    Raises:
        ValueError: for a speed that is not above 0.
    """
    if not speed > 0:
        raise ValueError(f"speed must be above 0, not {speed}")
    schedule = Schedule(reader.media_zero_ns, clock.now_ns(), speed)
    count = 0
    for item in reader.arrivals(*(types if types is not None else ())):
        await clock.sleep_until_ns(schedule.new(item.arrival_ns))
        publish(schedule.moved(item.message))
        count += 1
    return count


async def serve(context: RoomContext) -> None:
    """Replay `options["replay_dir"]` on the bus and end the session; with `replay_waits_for_viewer`, from the first page on.

    Raises:
        AttuneError: no folder was named, or it holds no recording.
    """
    folder = context.options.get("replay_dir")
    if not folder:
        raise AttuneError("replay: no session folder was named", "Use attune replay DIR.")
    speed = float(context.options.get("replay_speed", 1.0))
    if not speed > 0:
        raise AttuneError(f"replay_speed: {speed} is not above 0", "Use 1 for the speed of the recording.")
    offload = context.new_offload("replay")
    try:
        reader = await offload.run(SessionReader, Path(folder))
        kinds = tuple(kind for kind in MESSAGE_TYPES.values() if kind not in NOT_REPLAYED)
        old_zero_ns = await offload.run(lambda: reader.media_zero_ns)
        viewers = context.bus.subscribe(Viewer)
        zero_ns = await context.session_started()
        if context.options.get("replay_waits_for_viewer"):
            async for viewer in viewers:
                if isinstance(viewer, Viewer) and viewer.state == "joined":
                    break
            zero_ns = context.clock.now_ns()
        schedule = Schedule(old_zero_ns, zero_ns, speed)
        items = reader.arrivals(*kinds)
        while batch := await offload.run(_next_items, items):
            for item in batch:
                await context.clock.sleep_until_ns(schedule.new(item.arrival_ns))
                context.bus.publish(schedule.moved(item.message))
        finished = SessionControl(action="finished", reason="replay", t_ns=context.clock.now_ns())
        context.bus.publish(finished)
    finally:
        offload.close()


def _next_items(items: Iterator[Arrival]) -> list[Arrival]:
    """Return the next messages; reading is blocking work."""
    return list(itertools.islice(items, READ_AHEAD))


class Schedule:
    """Moves recorded session times to the clock of the replaying session."""

    def __init__(self, old_zero_ns: int, new_zero_ns: int, speed: float, *, earliest_ns: float = 0) -> None:
        """Map one media time zero to the other, `speed` times as fast; on a bus no time is below 0 (`earliest_ns`)."""
        self._old_zero_ns = old_zero_ns
        self._new_zero_ns = new_zero_ns
        self._speed = speed
        self._earliest_ns = earliest_ns

    def new(self, t_ns: int) -> int:
        """Return when a recorded time is now."""
        return int(max(self._earliest_ns, self._new_zero_ns + round((t_ns - self._old_zero_ns) / self._speed)))

    def moved(self, message: Message) -> Message:
        """Return a message with its times moved; a field of 0 says "none" and stays so, except `t_ns`."""
        return msgspec.structs.replace(message, **{"t_ns": self.new(message.t_ns), **self._times(message)})

    def _times(self, part: msgspec.Struct) -> dict[str, object]:
        """Return the fields of a message, or of a part such as its evidence, that are or hold times, moved."""
        changes: dict[str, object] = {}
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if name.endswith("_ns"):
                if value:
                    changes[name] = self.new(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
                changes[name] = tuple(msgspec.structs.replace(one, **self._times(one)) for one in value)
        return changes
