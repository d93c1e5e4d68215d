"""The recorder room: everything that is said on the bus goes into the session folder.

One subscription to all message types keeps the order of arrival (camera pictures, if recorded, have their own bounded
one, so that a slow disk costs pictures and never events). The room's loop only moves messages into a list; a few
times a second the list goes to the blocking side (`runtime.session.files`) through an offload, which ends an MCAP
chunk with every write: after `kill -9` the last written moment is at most `WRITE_EVERY_S` old. A full disk stops the
recording, not the session: the status becomes `degraded` and says so once, and later messages are counted as
discarded. On cancellation what has arrived is written and the files are closed.

Nothing is recorded where the session has no folder. Message content never reaches the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import platform
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec

import runtime
from runtime.codec import MESSAGE_TYPES
from runtime.errors import AttuneError
from runtime.messages import SCHEMA_VERSION, AgentAudio, AnyMessage, Message, UserAudio, UserVideo
from runtime.offload import Offload
from runtime.room import RoomContext
from runtime.session.files import RecordingStopped, SessionFiles
from runtime.settings import RecorderSettings
from runtime.streams import Stream

WRITE_EVERY_S = 0.5
"""Time between two writes: what a crash can cost."""
QUEUE_MESSAGES = 65_536
"""Messages that may wait while the disk is slow: minutes of a session."""
QUEUE_PICTURES = 32

_log = logging.getLogger("attune.recorder")


async def serve(context: RoomContext) -> None:
    """Record until cancelled.

    Raises:
        AttuneError: the session folder cannot be written at all.
    """
    if context.session_dir is None:
        await context.session_started()
        return
    settings = context.profile.recorder
    streams = [context.bus.subscribe(*recorded_types(settings), capacity=QUEUE_MESSAGES)]
    if settings.video:
        streams.append(context.bus.subscribe(UserVideo, capacity=QUEUE_PICTURES))
    offload = context.new_offload("recorder")
    try:
        await _Recording(context, context.session_dir, streams, offload).run()
    finally:
        offload.close()


def recorded_types(settings: RecorderSettings) -> list[type[Message]]:
    """Return the message types of the main subscription under the given settings."""
    left_out: set[type[Message]] = {UserVideo}
    if not settings.user_audio:
        left_out.add(UserAudio)
    if not settings.agent_audio:
        left_out.add(AgentAudio)
    return [message_type for message_type in MESSAGE_TYPES.values() if message_type not in left_out]


def session_metadata(context: RoomContext) -> dict[str, str]:
    """Return what a recording says of its origin: versions, profile, seed, speed, and in real time the date."""
    metadata = {
        "attune": runtime.__version__,
        "schema": str(SCHEMA_VERSION),
        "python": platform.python_version(),
        "profile": context.profile.name,
        "settings": msgspec.json.encode(context.profile).decode(),
        "seed": str(context.options.get("seed", context.seed)),
        "speed": "max" if context.virtual else "realtime",
    }
    if not context.virtual:
        metadata["recorded_at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return metadata


class _Recording:
    """One run of the room."""

    def __init__(self, context: RoomContext, folder: Path, streams: list[Stream[AnyMessage]], offload: Offload) -> None:
        self._context = context
        self._folder = folder
        self._streams = streams
        self._offload = offload
        self._arrived: list[tuple[int, AnyMessage]] = []
        self._zero_ns: int | None = None
        self._files: SessionFiles | None = None
        context.counters.update(recorded=0.0, discarded=0.0)

    async def run(self) -> None:
        try:
            self._files = await self._offload.run(self._open)
        except RecordingStopped as stopped:
            self._say_stopped(stopped)
        tasks = [asyncio.create_task(coroutine) for coroutine in self._tasks()]
        try:
            # Ends only by cancellation or by the error of a task.
            await asyncio.gather(*tasks)
            await asyncio.Event().wait()
        finally:
            for task in tasks:
                task.cancel()
            await _outlive_cancellation(asyncio.gather(*tasks, return_exceptions=True))
            for stream in self._streams:
                now_ns = self._context.clock.now_ns()
                self._arrived += [(now_ns, message) for message in stream.flush()]
            await _outlive_cancellation(asyncio.ensure_future(self._finish()))

    def _tasks(self) -> list[Coroutine[Any, Any, None]]:
        return [self._wait_for_zero(), self._write_often(), *(self._listen(stream) for stream in self._streams)]

    def _open(self) -> SessionFiles:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return SessionFiles(self._folder, self._context.profile.recorder, session_metadata(self._context))
        except OSError as error:
            raise AttuneError(
                f"session folder {self._folder}: {error.strerror or error}", "Choose a folder that you may write to."
            ) from error

    async def _wait_for_zero(self) -> None:
        self._zero_ns = await self._context.session_started()

    async def _listen(self, stream: Stream[AnyMessage]) -> None:
        now_ns, arrived = self._context.clock.now_ns, self._arrived
        async for message in stream:
            arrived.append((now_ns(), message))

    async def _write_often(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            await self._write()

    async def _write(self) -> None:
        """Hand over what has arrived; the write survives a cancellation of its waiter, so that no message gets lost."""
        batch = self._arrived[:]
        self._arrived.clear()
        if self._files is None:
            self._context.counters["discarded"] += len(batch)
            return
        writing = asyncio.ensure_future(
            self._offload.run(self._files.write, batch, self._zero_ns, self._context.clock.now_ns())
        )
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await self._guard(writing, len(batch))
            raise
        except RecordingStopped as stopped:
            self._give_up(stopped, len(batch))
        else:
            self._count(len(batch))

    async def _finish(self) -> None:
        await self._write()
        if self._files is not None:
            files, self._files = self._files, None
            await self._guard(self._close(files), 0)

    async def _close(self, files: SessionFiles) -> None:
        await self._offload.run(files.close, self._context.clock.now_ns())

    async def _guard(self, writing: Any, messages: int) -> None:
        try:
            await writing
        except RecordingStopped as stopped:
            self._give_up(stopped, messages)
        else:
            self._count(messages)

    def _count(self, messages: int) -> None:
        self._context.counters["recorded"] += messages
        if self._files is not None and self._files.misplaced:
            self._context.counters["audio_misplaced"] = self._files.misplaced

    def _give_up(self, stopped: RecordingStopped, messages: int) -> None:
        self._files = None
        self._context.counters["recorded" if stopped.written else "discarded"] += messages
        self._say_stopped(stopped)

    def _say_stopped(self, stopped: RecordingStopped) -> None:
        text = f"recording stopped: {stopped}"
        self._context.status.update(status="degraded", detail=text[:128])
        _log.error("%s; the session goes on, what was recorded is readable", text)


async def _outlive_cancellation(future: asyncio.Future[Any]) -> None:
    """Wait for a future to the end even if the waiter is cancelled once more meanwhile."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(future)
