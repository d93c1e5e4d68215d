"""The recorder room: everything that is said on the bus goes into the session folder.

One subscription to all message types keeps the order of arrival (camera pictures, if recorded, have their own). The
room's loop only moves messages into a list; a few times a second the list goes to the blocking side
(`runtime.session.files`) through an offload, which ends an MCAP chunk with every write: after `kill -9` the last
written moment is at most `WRITE_EVERY_S` old. While the disk is slow, messages wait up to `WAITING_BYTES_MAX`; pictures
give way before that, events never do. A disk that is full, or that takes nothing until that much waits, stops the
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
from runtime.settings import Profile, RecorderSettings
from runtime.streams import Stream

WRITE_EVERY_S = 0.5
"""Time between two writes: what a crash can cost."""
WAITING_BYTES_MAX = 64 << 20
"""What may wait while the disk is slow: minutes of a session. As much again may be on its way to the disk."""
WAITING_BYTES_WITH_PICTURES = WAITING_BYTES_MAX // 4
"""A picture that arrives while more than this waits is discarded."""
MESSAGE_BYTES = 1_024
"""Counted for a message beside its text and bytes fields, which is more than it has of its own."""
QUEUE_MESSAGES = 65_536
QUEUE_PICTURES = 32
"""Messages and pictures that may arrive between two turns of the room's loop."""

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


def waiting_bytes(message: Message) -> int:
    """Return what a waiting message is counted for."""
    values = (getattr(message, name) for name in message.__struct_fields__)
    return MESSAGE_BYTES + sum(len(value) for value in values if isinstance(value, bytes | str))


def session_metadata(context: RoomContext) -> dict[str, str]:
    """Return what a recording says of its origin: versions, profile, seed, speed, and in real time the date."""
    metadata = {
        "attune": runtime.__version__,
        "schema": str(SCHEMA_VERSION),
        "python": platform.python_version(),
        "profile": context.profile.name,
        "settings": msgspec.json.encode(_without_tokens(context.profile)).decode(),
        "seed": str(context.options.get("seed", context.seed)),
        "speed": "max" if context.virtual else "realtime",
    }
    if not context.virtual:
        metadata["recorded_at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return metadata


def _without_tokens(profile: Profile) -> Profile:
    """A recording is handed on; what opens the page and the console is not."""
    return msgspec.structs.replace(profile, avatar=msgspec.structs.replace(profile.avatar, token="", operator_token=""))


class _Recording:
    """One run of the room."""

    def __init__(self, context: RoomContext, folder: Path, streams: list[Stream[AnyMessage]], offload: Offload) -> None:
        self._context = context
        self._folder = folder
        self._streams = streams
        self._offload = offload
        self._arrived: list[tuple[int, AnyMessage]] = []
        self._waiting_bytes = 0
        self._overflowed_ns: int | None = None
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
                for message in stream.flush():
                    self._take_in(message)
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
        async for message in stream:
            self._take_in(message)

    def _take_in(self, message: AnyMessage) -> None:
        """Let a message wait for the next write; stop the recording when too much waits."""
        waiting = self._waiting_bytes + waiting_bytes(message)
        crowded_out = isinstance(message, UserVideo) and self._waiting_bytes > WAITING_BYTES_WITH_PICTURES
        if self._overflowed_ns is not None or crowded_out:
            self._context.counters["discarded"] += 1
        elif waiting > WAITING_BYTES_MAX:
            self._overflowed_ns = self._context.clock.now_ns()
            self._context.counters["discarded"] += 1 + len(self._take_out())
            if self._files is not None:
                self._say_stopped(RecordingStopped(f"the disk is too slow, {waiting >> 20} MiB waited for it"))
        else:
            self._waiting_bytes = waiting
            self._arrived.append((self._context.clock.now_ns(), message))

    def _take_out(self) -> list[tuple[int, AnyMessage]]:
        """Return what waits, which waits no more."""
        batch, self._arrived = self._arrived, []
        self._waiting_bytes = 0
        return batch

    async def _write_often(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            await self._write()
            if self._overflowed_ns is not None:
                await _outlive_cancellation(asyncio.ensure_future(self._close()))
                return

    async def _write(self) -> None:
        """Hand over what has arrived; the write survives a cancellation of its waiter, so that no message gets lost."""
        batch = self._take_out()
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
        await self._close()

    async def _close(self) -> None:
        """End the files, if they are open, where the recording ended."""
        files, self._files = self._files, None
        if files is not None:
            end_ns = self._context.clock.now_ns() if self._overflowed_ns is None else self._overflowed_ns
            await self._guard(self._offload.run(files.close, end_ns), 0)

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
        if self._overflowed_ns is None:  # else it has been said
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
