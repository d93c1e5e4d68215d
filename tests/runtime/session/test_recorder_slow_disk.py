"""The recorder on a disk that is slow, hangs or fills up: what is kept, what is given up, and that the session goes on."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from runtime.messages import TypedText, UserVideo
from runtime.session import files, recorder
from runtime.session.reader import SessionReader
from runtime.settings import Profile, RecorderSettings
from tests.runtime.session.support import MS, S, record, recorder_on_a_thread, start, user_audio


def test_little_disk_space_ends_the_recording_cleanly_and_the_session_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Usage:
        free = 1 << 40

    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: Usage)

    async def script(bus: Any, clock: Any) -> None:
        bus.publish(start())
        bus.publish(user_audio(0, np.ones(320), 0))
        bus.publish(TypedText(text="before"))
        await clock.sleep_until_ns(1_100 * MS)
        Usage.free = 63_999_999
        bus.publish(TypedText(text="the last"))
        await clock.sleep_until_ns(2 * S)
        bus.publish(TypedText(text="after"))
        await clock.sleep_until_ns(5 * S)

    with caplog.at_level(logging.ERROR, "attune.recorder"):
        context = record(tmp_path, script)
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["before", "the last"]
    assert not reader.truncated
    assert context.status["status"] == "degraded" and "min_free_mb" in context.status["detail"]
    assert context.counters["discarded"] == 1
    assert len(caplog.records) == 1
    assert soundfile.info(tmp_path / "user.wav").frames > 16_000


def test_a_cancellation_in_the_middle_of_a_slow_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real time, a real thread: the room is cancelled while the disk still works on the batch before."""
    write = files.SessionFiles.write
    writing = threading.Event()

    def slow_write(self: Any, *arguments: Any) -> None:
        writing.set()
        time.sleep(0.2)
        write(self, *arguments)

    monkeypatch.setattr(files.SessionFiles, "write", slow_write)
    monkeypatch.setattr(recorder, "WRITE_EVERY_S", 0.01)

    async def main() -> None:
        async with recorder_on_a_thread(tmp_path) as (bus, _room, _context):
            bus.publish(TypedText(text="in the write"))
            await asyncio.to_thread(writing.wait, 10.0)
            bus.publish(TypedText(text="behind it"))
            await asyncio.sleep(0)
            bus.publish(TypedText(text="at the last moment"))

    asyncio.run(main())
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["in the write", "behind it", "at the last moment"]
    assert not reader.truncated and "recorded_at" in reader.metadata


def test_a_disk_that_hangs_costs_the_recording_and_neither_the_memory_nor_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Real time, a real thread: the second write hangs while the session goes on, and returns after a while."""
    write = files.SessionFiles.write
    hanging, recovered = threading.Event(), threading.Event()

    def hanging_write(self: Any, batch: Any, *arguments: Any) -> None:
        if any(isinstance(message, TypedText) and message.text == "second" for _, message in batch):
            hanging.set()
            recovered.wait(20.0)
        write(self, batch, *arguments)

    monkeypatch.setattr(files.SessionFiles, "write", hanging_write)
    monkeypatch.setattr(recorder, "WRITE_EVERY_S", 0.01)
    monkeypatch.setattr(recorder, "WAITING_BYTES_MAX", 100_000)

    async def main() -> Any:
        async with recorder_on_a_thread(tmp_path) as (bus, room, context):
            bus.publish(TypedText(text="first"))
            while context.counters["recorded"] < 1:  # noqa: ASYNC110 - the room's own account is what is tested
                await asyncio.sleep(0.01)
            bus.publish(TypedText(text="second"))
            await asyncio.to_thread(hanging.wait, 10.0)
            for number in range(100):
                bus.publish(TypedText(text=str(number).rjust(4_000)))
                await asyncio.sleep(0)
            assert context.counters["discarded"] > 75
            assert context.status["status"] == "degraded" and "disk is too slow" in context.status["detail"]
            assert not room.done()
            recovered.set()
            while context.counters["recorded"] < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            bus.publish(TypedText(text="after the end of the recording"))
            await asyncio.sleep(0.05)
        return context

    with caplog.at_level(logging.ERROR, "attune.recorder"):
        context = asyncio.run(main())
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["first", "second"]
    assert not reader.truncated
    assert context.counters["recorded"] == 2 and context.counters["discarded"] == 101
    assert len(caplog.records) == 1


def test_a_slow_disk_costs_pictures_before_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "WAITING_BYTES_WITH_PICTURES", 200_000)

    async def script(bus: Any, clock: Any) -> None:
        bus.publish(start())
        for index in range(20):  # all between two writes
            bus.publish(UserVideo(jpeg=bytes(50_000), t_ns=index))
            bus.publish(TypedText(text=str(index), t_ns=index))
            await clock.sleep_until_ns((index + 1) * MS)
        await clock.sleep_until_ns(S)

    context = record(tmp_path, script, profile=Profile(recorder=RecorderSettings(video=True)))
    reader = SessionReader(tmp_path)
    assert len(list(reader.messages(TypedText))) == 20
    assert len(list(reader.messages(UserVideo))) == 4
    assert context.counters["discarded"] == 16 and context.status["status"] == "ok"
