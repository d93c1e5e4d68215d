"""One room as an operating-system process: `python -m runtime.room_process LAUNCH_FILE`, started by the supervisor.

The process shows as `attune: <room>` in `ps`. SIGTERM cancels the room's `serve`; Ctrl-C is the supervisor's business
and ignored here. Everything runs on one asyncio loop but a watchdog thread that ends the process, and its workers,
when the supervisor is gone. Failures: an `AttuneError` is left as one sentence in `<room>.error` (exit code 3),
anything else as a line on standard error and a traceback in `<room>.log` (exit code 1).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import math
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import setproctitle

from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.house import BODY, EXIT_CRASHED, EXIT_EXPECTED_ERROR, room_seed
from runtime.ids import IdSource
from runtime.messages import Heartbeat, SessionControl
from runtime.offload import ThreadOffload
from runtime.processes import own_rss_mb, set_niceness
from runtime.room import RoomContext
from runtime.room_launch import RoomLaunch, read_launch
from runtime.transport.zeromq import ZmqBus

NICENESS = {"behavioral": -10, BODY: -10, "cognitive": 5, "avatar": 2, "recorder": 3}
"""The behavioral room and the body's go first where the system permits it; the others give way to it in any case."""
FAST_ROOM = "behavioral"
STEADY_ROOMS = (FAST_ROOM, BODY)
"""Rooms that the garbage collector must not hold up."""
FAST_GC_THRESHOLD = (20_000, 20, 100)
WATCHDOG_S = 0.5
"""How often the watchdog looks for the supervisor, and how long it gives the room to end by itself."""

Serve = Callable[[RoomContext], Awaitable[None]]
logger = logging.getLogger(__name__)


class _Room:
    """One life of one room on its loop."""

    def __init__(self, launch: RoomLaunch, loop: asyncio.AbstractEventLoop) -> None:
        self._launch = launch
        self._clock = MonotonicClock(launch.origin_ns)
        self._bus = ZmqBus(
            launch.room,
            launch.rooms,
            Path(launch.run_dir),
            self._clock,
            outside=launch.profile.bus if launch.room == FAST_ROOM else None,
        )
        self._ready = False
        self._started: asyncio.Future[int] = loop.create_future()
        self._control = self._bus.subscribe(SessionControl)
        if launch.started_ns >= 0:
            self._started.set_result(launch.started_ns)
        self.context = self._new_context()

    async def run(self) -> None:
        """Import the module and serve until it is done or cancelled."""
        helpers = [asyncio.create_task(self._beat()), asyncio.create_task(self._listen())]
        try:
            serve: Serve = importlib.import_module(self._launch.module).serve
            await serve(self.context)
        finally:
            for helper in helpers:
                helper.cancel()
            await self._bus.aclose()

    def _new_context(self) -> RoomContext:
        launch = self._launch
        seed = launch.seed if launch.seed is not None else int.from_bytes(os.urandom(4), "little")
        return RoomContext(
            room=launch.room,
            profile=launch.profile,
            clock=self._clock,
            bus=self._bus,
            # A later life must not give out the ids of an earlier one again.
            ids=IdSource(launch.room, launch.seed if launch.life == 0 else None),
            seed=room_seed(seed, launch.room),
            state_dir=Path(launch.state_dir),
            session_dir=Path(launch.session_dir) if launch.session_dir is not None else None,
            virtual=False,
            new_offload=ThreadOffload,
            open_intention_server=self._bus.open_intention_server,
            open_intention_client=self._bus.open_intention_client,
            session_started=self._session_started,
            options=dict(launch.options),
        )

    async def _session_started(self) -> int:
        if not self._ready:
            self._ready = True
            self._bus.listen_for_hello()
            if self._launch.room in STEADY_ROOMS:
                # What start-up made stays for the session: the collector need not look at it during ticks, and
                # seldom at the rest (messages hold no cycles).
                gc.collect()
                gc.freeze()
                gc.set_threshold(*FAST_GC_THRESHOLD)
            self._publish_heartbeat()
        started_ns = await asyncio.shield(self._started)
        await self._clock.sleep_until_ns(started_ns)
        return started_ns

    async def _listen(self) -> None:
        async for message in self._control:
            if isinstance(message, SessionControl) and message.action == "start" and not self._started.done():
                self._started.set_result(message.t_ns)

    async def _beat(self) -> None:
        interval_s = self._launch.profile.supervisor.heartbeat_s
        while True:
            self._publish_heartbeat()
            # Until the session starts rooms find each other as fast as they can, so that nobody waits for a beat.
            quick = not self._started.done() or len(self._bus.hears) < len(self._launch.rooms) - 1
            await asyncio.sleep(min(interval_s, 0.05) if quick else interval_s)

    def _publish_heartbeat(self) -> None:
        context = self.context
        status = context.status.get("status", "ok") if self._ready else "starting"
        totals: dict[str, float] = {**self._bus.counters, **context.counters}
        self._bus.publish(
            Heartbeat(
                t_ns=self._clock.now_ns(),
                pid=os.getpid(),
                status=status if status in ("starting", "ok", "degraded") else "degraded",  # type: ignore[arg-type]
                detail=context.status.get("detail", "")[:128],
                rss_mb=own_rss_mb(),
                hears=self._bus.hears,
                counters={name[:128]: float(value) for name, value in totals.items() if math.isfinite(value)},
            )
        )
        self._bus.say_hello()


async def _main(launch: RoomLaunch) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    room = _Room(launch, loop)
    with contextlib.suppress(asyncio.CancelledError):
        await room.run()


def _watch_supervisor(supervisor_pid: int) -> None:
    """End this process and its workers when the supervisor has gone; runs in a thread, so a hung loop ends as well."""
    while os.getppid() == supervisor_pid:
        time.sleep(WATCHDOG_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(WATCHDOG_S)
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(EXIT_CRASHED)


def main(arguments: list[str]) -> int:
    """Run one room; return its exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m runtime.room_process LAUNCH_FILE\n")
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Until the loop runs, a SIGTERM simply ends the process.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        launch = read_launch(Path(arguments[0]))
    except AttuneError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_EXPECTED_ERROR
    setproctitle.setproctitle(f"attune: {launch.room}")
    set_niceness(NICENESS.get(launch.room, 0))
    logging.basicConfig(level=logging.WARNING, format=f"{launch.room}: %(message)s", stream=sys.stderr)
    if launch.supervisor_pid:
        threading.Thread(target=_watch_supervisor, args=(launch.supervisor_pid,), daemon=True).start()
    run_dir = Path(launch.run_dir)
    try:
        asyncio.run(_main(launch))
    except AttuneError as error:
        (run_dir / f"{launch.room}.error").write_text(str(error))
        return EXIT_EXPECTED_ERROR
    except Exception as error:
        logger.error("stopped by %s: %s", type(error).__name__, _one_line(error))
        with (run_dir / f"{launch.room}.log").open("a") as log:
            traceback.print_exc(file=log)
        return EXIT_CRASHED
    return 0


def _one_line(error: Any) -> str:
    return " ".join(str(error).split())[:300]


def _leave(code: int) -> None:
    """Exit without waiting for threads of blocking work that was left to end."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _leave(main(sys.argv[1:]))
