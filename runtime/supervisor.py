"""Starts, watches, restarts and stops the rooms of a house as processes, in real time.

One asyncio loop in the command's process. The rooms meet in a private run folder (`runtime.run_folder`) that is removed at the end.
The session starts when every room hears every other: the start message carries media time zero. A room that dies or
hangs is started again with back-off; the others notice nothing but silence. The house ends when a room says finished
or stop, on Ctrl-C or SIGTERM, or when an essential room has failed for good; then the rooms stop in order, the
recorder last, and no process is left. What the user can mend is raised as one `AttuneError`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runtime.clock import NS_PER_S, MonotonicClock
from runtime.errors import AttuneError
from runtime.health import HouseHealth
from runtime.house import RECORDER, RECORDER_DRAIN_S, SESSION_LEAD_S, SUPERVISOR, HouseResult, RoomSpec, stop_order
from runtime.messages import AnyMessage, Heartbeat, SessionControl
from runtime.processes import processes_of_sessions
from runtime.room_keeper import Departure, RoomKeeper
from runtime.room_launch import Options, RoomLaunch, plain_options
from runtime.run_folder import RunFolder
from runtime.settings import Profile
from runtime.streams import Stream
from runtime.transport.zeromq import ZmqBus
from runtime.transport.zeromq_sockets import check_host, read_endpoints

logger = logging.getLogger(__name__)

WATCH_S = 0.2
"""How often hung rooms are looked for."""
MEASURE_EVERY = 5
"""Memory of workers is measured at each so many looks."""
RECORDER_EXTRA_S = 0.4
"""The recorder may take this much longer than `stop_timeout_s` when the house is interrupted ..."""
RECORDER_FINISH_S = 10.0
"""... and this long when the session has finished: a file that is being completed is worth waiting for."""
OnReady = Callable[[dict[str, object]], None]


class Supervisor:
    """One house in real time; lives for one `run`."""

    def __init__(
        self,
        profile: Profile,
        rooms: Sequence[RoomSpec],
        session_dir: Path | None = None,
        seed: int | None = None,
        options: Options | None = None,
        *,
        on_ready: OnReady | None = None,
    ) -> None:
        """Describe the house.

        Args:
            profile: the validated run profile.
            rooms: rooms in the order of their start.
            session_dir: folder of the recording, or None.
            seed: of random choices, or None for fresh ones.
            options: as in `RoomContext.options`; JSON values or paths.
            on_ready: told once, when the session starts, where outside programs can join: the keys of `endpoints.json`
                (`intentions`, `streams`: URLs or empty; `notice`: a sentence if other ports had to be taken).

        Raises:
            AttuneError: two rooms of one name, an option that cannot be passed on, or an open host without keys.
        """
        names = [room.name for room in rooms]
        if len({*names, SUPERVISOR}) != len(names) + 1:
            raise AttuneError(f"room names must differ from each other and from {SUPERVISOR}: {', '.join(names)}")
        check_host(profile.bus)
        self._profile = profile
        self._rooms = list(rooms)
        self._session_dir = session_dir.resolve() if session_dir is not None else None
        self._seed = seed
        self._options = plain_options(options)
        self._on_ready = on_ready
        self._clock = MonotonicClock()
        self._health = HouseHealth(profile.supervisor.hang_after_s)
        self._keepers: dict[str, RoomKeeper] = {}
        self._started_ns = -1
        self._stopping = False
        self._stop_reason: asyncio.Future[str] | None = None
        self._departed: dict[str, Departure] = {}
        self._defect: BaseException | None = None

    @property
    def health(self) -> HouseHealth:
        """What is known of the rooms while they run."""
        return self._health

    def pids(self) -> dict[str, int]:
        """Return the process id of every running room."""
        return {name: keeper.pid for name, keeper in self._keepers.items() if keeper.pid is not None}

    def request_stop(self, reason: str) -> None:
        """End the session in order; `run` returns with this reason. The first reason counts."""
        if self._stop_reason is not None and not self._stop_reason.done():
            self._stop_reason.set_result(reason)

    async def run(self) -> HouseResult:
        """Run the house until it ends.

        Raises:
            AttuneError: the house could not start, or an essential room met something that the user must mend.
        """
        loop = asyncio.get_running_loop()
        self._stop_reason = loop.create_future()
        folder = RunFolder()
        run_dir = folder.path
        bus: ZmqBus | None = None
        tasks: list[asyncio.Task[None]] = []
        try:
            with self._signals(loop):
                names = [room.name for room in self._rooms]
                bus = ZmqBus(SUPERVISOR, names, run_dir, self._clock)
                control = bus.subscribe(SessionControl)
                tasks = [
                    asyncio.create_task(self._follow_heartbeats(bus)),
                    asyncio.create_task(self._follow_control(control)),
                    asyncio.create_task(self._watch(bus)),
                ]
                bus.listen_for_hello()
                for room in self._rooms:
                    tasks.append(asyncio.create_task(self._keep(room, run_dir)))
                for task in tasks:
                    task.add_done_callback(self._notice_defect)
                reason = ""
                try:
                    reason = await self._session(bus, run_dir)
                finally:
                    ended_ns = self._clock.now_ns()
                    self._measure_workers()
                    await self._stop_rooms(patient=reason == "finished")
        finally:
            self._stopping = True
            for keeper in self._keepers.values():
                keeper.terminate()
                keeper.kill()
            for keeper in self._keepers.values():
                await keeper.ended_within(1.0)
            for task in tasks:
                task.cancel()
            if bus is not None:
                await bus.aclose()
            self._keep_logs(run_dir)
            folder.remove()
        return self._result(reason, ended_ns)

    async def _session(self, bus: ZmqBus, run_dir: Path) -> str:
        assert self._stop_reason is not None
        if not await self._all_ready(bus):
            return self._end_reason()
        self._started_ns = self._clock.now_ns() + round(SESSION_LEAD_S * NS_PER_S)
        bus.publish(SessionControl(t_ns=self._started_ns, action="start"))
        if self._on_ready is not None:
            self._on_ready(read_endpoints(run_dir) or {})
        await asyncio.shield(self._stop_reason)
        return self._end_reason()

    async def _all_ready(self, bus: ZmqBus) -> bool:
        """Wait until every room hears every other; return false when the house is to stop before."""
        assert self._stop_reason is not None
        timeout_s = self._profile.supervisor.ready_timeout_s
        deadline_s = time.monotonic() + timeout_s
        while not self._stop_reason.done():
            bus.say_hello()
            self._raise_expected()
            present = [room.name for room in self._rooms if room.name not in self._departed]
            missing = self._health.missing(present, [SUPERVISOR])
            if not missing and set(present) <= set(bus.hears):
                return True
            if time.monotonic() > deadline_s:
                reasons = "; ".join(f"{name} {reason}" for name, reason in missing.items())
                raise AttuneError(
                    f"not ready after {timeout_s:g} s: {reasons or 'the supervisor does not hear all rooms'}",
                    "Raise supervisor.ready_timeout_s on a slow machine.",
                )
            await asyncio.wait({self._stop_reason}, timeout=0.03)
        return False

    def _end_reason(self) -> str:
        assert self._stop_reason is not None
        self._raise_expected()
        return self._stop_reason.result()

    def _notice_defect(self, task: asyncio.Task[None]) -> None:
        """End the house when a task of ours fails: one that watches nothing any more must not look like one that does."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._defect = self._defect or error
            self.request_stop("a defect")

    def _raise_expected(self) -> None:
        """Raise what a room left for the user: always before the session, later only of essential rooms."""
        if self._defect is not None:
            raise self._defect
        essential = {room.name for room in self._rooms if room.essential}
        for departure in self._departed.values():
            before = self._started_ns < 0
            if departure.error and (before or (departure.expected and departure.room in essential)):
                raise AttuneError(departure.error)

    async def _keep(self, room: RoomSpec, run_dir: Path) -> None:
        keeper = RoomKeeper(
            room,
            self._profile.supervisor,
            run_dir,
            lambda life: self._launch(room, run_dir, life),
            lambda name, pid: self._health.born(name, pid, time.monotonic()),
            self._health.gone,
            lambda: self._started_ns >= 0 and not self._stopping,
        )
        self._keepers[room.name] = keeper
        departure = await keeper.run()
        self._departed[room.name] = departure
        if self._stopping:
            return
        if room.essential or (departure.error and self._started_ns < 0):
            self.request_stop(departure.error or f"{room.name} ended")
        elif departure.error:
            logger.error("%s; the session goes on without it", departure.error)

    def _launch(self, room: RoomSpec, run_dir: Path, life: int) -> RoomLaunch:
        state_dir = run_dir / "state" / room.name
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return RoomLaunch(
            room=room.name,
            module=room.module,
            profile=self._profile,
            run_dir=str(run_dir),
            state_dir=str(state_dir),
            session_dir=str(self._session_dir) if self._session_dir is not None else None,
            seed=self._seed,
            rooms=(*(other.name for other in self._rooms), SUPERVISOR),
            origin_ns=self._clock.origin_ns,
            started_ns=self._started_ns,
            life=life,
            supervisor_pid=os.getpid(),
            options=self._options,
        )

    async def _follow_heartbeats(self, bus: ZmqBus) -> None:
        async for message in bus.subscribe(Heartbeat):
            if isinstance(message, Heartbeat):
                self._health.beat(message, time.monotonic())

    async def _follow_control(self, control: Stream[AnyMessage]) -> None:
        async for message in control:
            if isinstance(message, SessionControl) and message.action != "start":
                self.request_stop("finished" if message.action == "finished" else message.reason or "stopped")

    async def _watch(self, bus: ZmqBus) -> None:
        look = 0
        while True:
            await asyncio.sleep(WATCH_S)
            bus.say_hello()
            for name in self._health.hung(time.monotonic()):
                logger.warning("%s has been silent for %g s", name, self._profile.supervisor.hang_after_s)
                self._keepers[name].kill()
            look += 1
            if look % MEASURE_EVERY == 0:
                self._measure_workers()

    def _measure_workers(self) -> None:
        rooms = {pid: name for name, pid in self.pids().items()}
        for process in processes_of_sessions(set(rooms)):
            room = rooms[process.session]
            own = process.pid == process.session
            self._health.note_size(room if own else f"{room}/{process.name}", process.rss_mb)

    async def _stop_rooms(self, *, patient: bool) -> None:
        self._stopping = True
        timeout_s = self._profile.supervisor.stop_timeout_s
        begun_s = time.monotonic()
        order = [name for name in stop_order(self._keepers) if name != RECORDER]
        longer_s = {room.name: room.stop_s for room in self._rooms}
        for place, name in enumerate(order):
            self._keepers[name].terminate()
            # A room that takes its time does not hold up those after it for longer than its share.
            share_s = begun_s + 0.6 * timeout_s * (place + 1) / len(order) - time.monotonic()
            await self._keepers[name].ended_within(share_s + longer_s[name])
        for name in order:
            await self._end(name, begun_s + 0.6 * timeout_s + longer_s[name])
        if RECORDER in self._keepers:
            await asyncio.sleep(RECORDER_DRAIN_S)
            self._keepers[RECORDER].terminate()
            allowed_s = RECORDER_FINISH_S if patient else timeout_s + RECORDER_EXTRA_S
            allowed_s += max(longer_s.values())  # it waited for them
            await self._end(RECORDER, begun_s + allowed_s)

    async def _end(self, name: str, deadline_s: float) -> None:
        if not await self._keepers[name].ended_within(deadline_s - time.monotonic()):
            if self._health.has_started(name):  # one that is still loading loses nothing
                logger.warning("%s did not end in time and was killed", name)
            self._keepers[name].kill()
            await self._keepers[name].ended_within(1.0)

    def _result(self, reason: str, ended_ns: int) -> HouseResult:
        peaks = self._health.peak_rss_mb
        for name, keeper in self._keepers.items():
            keeper.report.peak_rss_mb = peaks.get(name, 0.0)
        failed = [d.error for d in self._departed.values() if d.error]
        return HouseResult(
            reason=reason,
            ok=reason not in failed and not reason.endswith(" ended"),
            duration_s=max(0.0, (ended_ns - self._started_ns) / NS_PER_S) if self._started_ns >= 0 else 0.0,
            rooms={room.name: self._keepers[room.name].report for room in self._rooms if room.name in self._keepers},
            rss_mb=dict(sorted(peaks.items())),
        )

    def _keep_logs(self, run_dir: Path) -> None:
        """Save the tracebacks of crashed rooms: beside the recording, else on standard error."""
        for log in sorted(run_dir.glob("*.log")):
            with contextlib.suppress(OSError):
                if self._session_dir is not None and self._session_dir.is_dir():
                    shutil.copyfile(log, self._session_dir / log.name)
                else:
                    logger.error("%s crashed:\n%s", log.stem, log.read_text(errors="replace")[-8_000:])

    @contextlib.contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Let Ctrl-C, SIGTERM and a closed terminal end the house in order; a second one at once."""

        def interrupted() -> None:
            if self._stopping:
                for keeper in self._keepers.values():
                    keeper.kill()
            self.request_stop("interrupted")

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        added = []
        for number in numbers:
            # Outside the main thread there are no signal handlers; the owner then calls request_stop.
            with contextlib.suppress(ValueError, RuntimeError):
                loop.add_signal_handler(number, interrupted)
                added.append(number)
        try:
            yield
        finally:
            for number in added:
                loop.remove_signal_handler(number)
