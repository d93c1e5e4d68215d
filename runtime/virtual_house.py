"""The whole house in one process on virtual time: deterministic under its seed, as fast as its code computes.

The same rooms by module name as under the supervisor, as tasks of one `VirtualTimeLoop`, joined by the in-process
bus. Blocking work runs inline. The session starts at t = 0 once every room has awaited `session_started`. An
exception in a room ends the house and is raised to the caller; rooms are always cancelled in order, the recorder
last.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.errors import AttuneError
from runtime.house import (
    RECORDER,
    RECORDER_DRAIN_S,
    SUPERVISOR,
    HouseResult,
    RoomReport,
    RoomSpec,
    room_seed,
    stop_order,
)
from runtime.ids import IdSource
from runtime.messages import AnyMessage, SessionControl
from runtime.offload import InlineOffload, Offload
from runtime.room import RoomContext
from runtime.room_launch import plain_options
from runtime.run_folder import RunFolder
from runtime.settings import Profile
from runtime.streams import Stream
from runtime.transport.inprocess import InProcessBus, InProcessHub


def run_virtual_house(
    profile: Profile,
    rooms: Sequence[RoomSpec],
    session_dir: Path | None,
    seed: int,
    options: dict[str, Any] | None = None,
    *,
    state_dir: Path | None = None,
) -> HouseResult:
    """Run a session on virtual time until a room publishes `SessionControl` finished or stop, and return how it ended.

    Args:
        profile: the validated run profile.
        rooms: the rooms in the order of their start.
        session_dir: folder of the recording, or None.
        seed: of every random choice; the same seed and input give the same session.
        options: as in `RoomContext.options`.
        state_dir: where rooms keep state; a private temporary folder that is removed at the end if None.

    Raises:
        AttuneError: a room did not get ready, or said what the user must mend.
        Exception: whatever a room raised.
    """
    own_state = RunFolder() if state_dir is None else None
    folder = state_dir if own_state is None else own_state.path
    assert folder is not None
    try:
        house = _VirtualHouse(profile, list(rooms), session_dir, folder, seed, plain_options(options))
        return cast(HouseResult, run_virtual(house.run()))
    finally:
        if own_state is not None:
            own_state.remove()


class _VirtualHouse:
    """One session; lives for one `run`."""

    def __init__(
        self,
        profile: Profile,
        rooms: list[RoomSpec],
        session_dir: Path | None,
        state_dir: Path,
        seed: int,
        options: dict[str, Any],
    ) -> None:
        self._profile = profile
        self._rooms = rooms
        self._session_dir = session_dir
        self._state_dir = state_dir
        self._seed = seed
        self._options = options
        self._hub = InProcessHub()
        self._ready: dict[str, bool] = {room.name: False for room in rooms}
        self._all_ready = asyncio.Event()
        self._started = asyncio.Event()
        self._started_ns = 0

    async def run(self) -> HouseResult:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        bus = self._hub.bus(SUPERVISOR)
        control = bus.subscribe(SessionControl)
        tasks: dict[str, asyncio.Task[None]] = {}
        reason = ""
        try:
            for room in self._rooms:
                serve = importlib.import_module(room.module).serve
                context = self._context(room, clock)
                tasks[room.name] = asyncio.create_task(self._serve(room, serve, context), name=room.name)
            await self._get_ready(tasks)
            self._started_ns = clock.now_ns()
            bus.publish(SessionControl(t_ns=self._started_ns, action="start"))
            self._started.set()
            reason = await self._until_end(control, tasks)
        finally:
            ended_ns = clock.now_ns()
            await self._stop(tasks)
        for name in stop_order(tasks):
            _raise_failure(tasks[name])
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6
        return HouseResult(
            reason=reason,
            duration_s=(ended_ns - self._started_ns) / NS_PER_S,
            rooms={room.name: RoomReport(peak_rss_mb=peak_mb) for room in self._rooms},
            rss_mb={"house": peak_mb},
        )

    def _context(self, room: RoomSpec, clock: VirtualClock) -> RoomContext:
        bus: InProcessBus = self._hub.bus(room.name)
        state_dir = self._state_dir / room.name
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

        async def session_started() -> int:
            self._mark_ready(room.name)
            await self._started.wait()
            return self._started_ns

        def new_offload(_name: str) -> Offload:
            return InlineOffload()

        return RoomContext(
            room=room.name,
            profile=self._profile,
            clock=clock,
            bus=bus,
            ids=IdSource(room.name, self._seed),
            seed=room_seed(self._seed, room.name),
            state_dir=state_dir,
            session_dir=self._session_dir,
            virtual=True,
            new_offload=new_offload,
            open_intention_server=lambda: self._hub.intention_server(bus, clock),
            open_intention_client=lambda name: self._hub.intention_client(bus, clock, name),
            session_started=session_started,
            options=dict(self._options),
        )

    async def _serve(self, room: RoomSpec, serve: Any, context: RoomContext) -> None:
        try:
            await serve(context)
        finally:
            self._mark_ready(room.name)
            await context.bus.aclose()

    def _mark_ready(self, name: str) -> None:
        self._ready[name] = True
        if all(self._ready.values()):
            self._all_ready.set()

    async def _get_ready(self, tasks: dict[str, asyncio.Task[None]]) -> None:
        timeout_s = self._profile.supervisor.ready_timeout_s
        waiter: asyncio.Task[Any] = asyncio.create_task(self._all_ready.wait())
        deadline: asyncio.Task[Any] = asyncio.create_task(asyncio.sleep(timeout_s))
        try:
            while not waiter.done() and not deadline.done():
                await _first_of(tasks, waiter, deadline)
        finally:
            waiter.cancel()
            deadline.cancel()
        late = [name for name, ready in self._ready.items() if not ready]
        if late:
            raise AttuneError(
                f"not ready after {timeout_s:g} s: {', '.join(late)}", "A room must await session_started."
            )

    async def _until_end(self, control: Stream[AnyMessage], tasks: dict[str, asyncio.Task[None]]) -> str:
        ending = asyncio.create_task(_first_end(control))
        try:
            while not ending.done():
                essential = {room.name: tasks[room.name] for room in self._rooms if room.essential}
                await _first_of(tasks, ending)
                ended = [name for name, task in essential.items() if task.done()]
                if ended and not ending.done():
                    # A room that says finished and returns at once has finished, it did not vanish.
                    await asyncio.sleep(0)
                    return ending.result() if ending.done() else f"{ended[0]} ended"
            return ending.result()
        finally:
            ending.cancel()

    async def _stop(self, tasks: dict[str, asyncio.Task[None]]) -> None:
        timeout_s = self._profile.supervisor.stop_timeout_s
        longer_s = {room.name: room.stop_s for room in self._rooms}
        for name in stop_order(tasks):
            if name == RECORDER:
                await asyncio.sleep(RECORDER_DRAIN_S)
            tasks[name].cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({tasks[name]}, timeout=timeout_s + longer_s[name])


async def _first_of(tasks: dict[str, asyncio.Task[None]], *others: asyncio.Task[Any]) -> None:
    """Return when one of the others is done or a room ends; raise what a room raised.

    Rooms are looked at in the order of their start, not of the set, so that the outcome does not depend on addresses.
    """
    running = {task for task in tasks.values() if not task.done()}
    await asyncio.wait(running.union(others), return_when=asyncio.FIRST_COMPLETED)
    for task in tasks.values():
        _raise_failure(task)


async def _first_end(control: Stream[AnyMessage]) -> str:
    async for message in control:
        if isinstance(message, SessionControl) and message.action != "start":
            return "finished" if message.action == "finished" else message.reason or "stopped"
    return "stopped"


def _raise_failure(task: asyncio.Task[None]) -> None:
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise error
