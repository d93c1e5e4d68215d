"""Keeps one room's process alive: starts it, starts it again with back-off when it ends, ends it with all its workers.

A room leads its own session and process group, so that one signal reaches its workers too and Ctrl-C in the terminal
reaches none of them. Loop-bound to the supervisor's asyncio loop. Nothing is raised for a room that dies or cannot be
started (a full disk, no more processes): the outcome is a `Departure`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.house import EXIT_CRASHED, EXIT_EXPECTED_ERROR, RoomReport, RoomSpec
from runtime.room_launch import RoomLaunch, write_launch
from runtime.settings import SupervisorSettings

logger = logging.getLogger(__name__)

STEADY_S = 10.0
"""A life this long was a healthy one: the next back-off starts small again."""
QUICK_DEATHS_MAX = 6
"""Deaths in a row, each within `STEADY_S`, after which a room has failed for good."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Set to 1 where the user has not set them: the rooms share few cores."""


@dataclass(frozen=True, slots=True)
class Departure:
    """How a room ended for good.

    Attributes:
        room: its name.
        exit_code: of its last process, negative for a signal.
        error: a sentence for people, empty where it ended as meant.
        expected: whether the error is one that the user can mend.
    """

    room: str
    exit_code: int
    error: str = ""
    expected: bool = False


class RoomKeeper:
    """One room under supervision."""

    def __init__(
        self,
        spec: RoomSpec,
        settings: SupervisorSettings,
        run_dir: Path,
        launch: Callable[[int], RoomLaunch],
        on_born: Callable[[str, int], None],
        on_gone: Callable[[str], None],
        restarts_allowed: Callable[[], bool],
    ) -> None:
        """Describe the room; `run` starts it.

        Args:
            spec: the room.
            settings: back-off times.
            run_dir: private folder of the house.
            launch: makes the launch file's content for a life (0, 1, ...).
            on_born: told name and pid of each new process.
            on_gone: told the name when a process has ended.
            restarts_allowed: false before the session and during the stop.
        """
        self.spec = spec
        self.report = RoomReport()
        self._settings = settings
        self._run_dir = run_dir
        self._launch = launch
        self._on_born = on_born
        self._on_gone = on_gone
        self._restarts_allowed = restarts_allowed
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._ended = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Process id while the room runs; also the id of its session and process group."""
        return self._process.pid if self._process is not None else None

    async def run(self) -> Departure:
        """Keep the room until it ends for good."""
        backoff_s = self._settings.restart_backoff_s
        quick_deaths = 0
        try:
            while True:
                born_s = time.monotonic()
                try:
                    code = await self._live(self.report.restarts)
                    error, expected = self._error(code)
                except OSError as failure:
                    code, error, expected = EXIT_CRASHED, _not_started(self.spec.name, failure), False
                self.report.exit_code = code
                if code == 0 or self._stopping:
                    return Departure(self.spec.name, code)
                quick_deaths = quick_deaths + 1 if time.monotonic() - born_s < STEADY_S else 1
                if quick_deaths == 1:
                    backoff_s = self._settings.restart_backoff_s
                final = expected or quick_deaths >= QUICK_DEATHS_MAX
                if final or not self.spec.restart or not self._restarts_allowed():
                    return Departure(self.spec.name, code, error, expected)
                logger.warning("%s; it is started again in %.1f s", error, backoff_s)
                await asyncio.sleep(backoff_s)
                backoff_s = min(2 * backoff_s, self._settings.restart_backoff_max_s)
                if not self._restarts_allowed():
                    return Departure(self.spec.name, code)
                self.report.restarts += 1
        finally:
            self._ended.set()

    def terminate(self) -> None:
        """Ask the room to end, and do not start it again."""
        self._stopping = True
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the room's present process and its workers at once."""
        self._kill_group()

    async def ended_within(self, timeout_s: float) -> bool:
        """Wait for the room's end, at most so long; return whether it has ended."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ended.wait(), max(0.0, timeout_s))
        return self._ended.is_set()

    async def _live(self, life: int) -> int:
        name = self.spec.name
        path = self._run_dir / f"{name}.launch.json"
        (self._run_dir / f"{name}.error").unlink(missing_ok=True)
        write_launch(path, self._launch(life))
        paths = [entry or os.getcwd() for entry in sys.path]
        environment = {
            **dict.fromkeys(THREAD_VARIABLES, "1"),
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUNBUFFERED": "1",
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "runtime.room_process",
            str(path),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=2,  # standard output belongs to the command that started the house
            env=environment,
            start_new_session=True,
        )
        self._on_born(name, self._process.pid)
        if self._stopping:  # asked to end while it was being started
            self._signal(signal.SIGTERM)
        try:
            return await self._process.wait()
        finally:
            self._kill_group()
            self._process = None
            self._on_gone(name)

    def _error(self, code: int) -> tuple[str, bool]:
        name = self.spec.name
        if code == EXIT_EXPECTED_ERROR:
            try:
                return (self._run_dir / f"{name}.error").read_text().strip(), True
            except OSError:
                return f"{name} ended with an error that it could not write down", True
        if code < 0:
            number = -code
            known = number in signal.Signals.__members__.values()  # most real-time signals have no name
            cause = "; the machine may have run out of memory or been too busy" if number == signal.SIGKILL else ""
            return f"{name} was ended by {signal.Signals(number).name if known else f'signal {number}'}{cause}", False
        return f"{name} ended with exit code {code}{self._last_log_line()}", False

    def _last_log_line(self) -> str:
        try:
            lines = (self._run_dir / f"{self.spec.name}.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return f": {lines[-1][:300]}" if lines else ""

    def _signal(self, number: signal.Signals) -> None:
        # Only the room itself: it ends its workers in its own order.
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _kill_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _not_started(name: str, failure: OSError) -> str:
    where = f" ({failure.filename})" if failure.filename else ""
    return f"{name} could not be started: {failure.strerror or failure}{where}. Free disk space, memory or processes on this machine."
