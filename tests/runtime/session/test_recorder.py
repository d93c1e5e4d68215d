"""The recorder room: nothing is lost, a full disk or a crash leaves readable files, a restart goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mcap.reader import make_reader

from runtime.clock import MonotonicClock
from runtime.messages import (
    AgentAudio,
    Heartbeat,
    MotionFrame,
    SessionControl,
    TypedText,
    UserAudio,
    UserVideo,
    VadFrame,
)
from runtime.offload import ThreadOffload
from runtime.session import files, recorder
from runtime.session.reader import SessionReader
from runtime.settings import Profile, RecorderSettings
from runtime.transport.inprocess import InProcessHub
from tests.runtime.session.support import (
    MS,
    TICK_NS,
    S,
    context_for,
    frame,
    record,
    start,
    stop,
    user_audio,
    write_part,
)


async def speak_for_two_seconds(bus: Any, clock: Any) -> None:
    """A session of 2 s with motion, events and user audio; then the end."""
    zero_ns = clock.now_ns()
    bus.publish(start(zero_ns))
    for index in range(100):
        bus.publish(frame(index, zero_ns=zero_ns))
        bus.publish(user_audio(index, np.full(320, index + 1), zero_ns + index * TICK_NS))
        bus.publish(TypedText(text=f"line {index}", t_ns=zero_ns + index * TICK_NS))
        await clock.sleep_until_ns(zero_ns + (index + 1) * TICK_NS)
    bus.publish(stop(clock.now_ns()))


def test_every_message_is_recorded_in_order_of_arrival(tmp_path: Path) -> None:
    context = record(tmp_path, speak_for_two_seconds)
    reader = SessionReader(tmp_path)
    arrived = [item.message for item in reader.arrivals()]
    assert len(arrived) == context.counters["recorded"] == 302
    assert [m.text for m in arrived if isinstance(m, TypedText)] == [f"line {i}" for i in range(100)]
    assert [type(m) for m in arrived[1:4]] == [MotionFrame, UserAudio, TypedText]
    assert not reader.truncated and not reader.skipped


def test_every_field_comes_back_as_it_was_sent(tmp_path: Path) -> None:
    sent = frame(3, lateness_ms=0.125, intention_ids=("a", "b"))

    async def script(bus: Any, clock: Any) -> None:
        bus.publish(sent)
        bus.publish(VadFrame(probability=0.1 + 0.2, speaking=True))

    record(tmp_path, script)
    (motion,) = SessionReader(tmp_path).messages(MotionFrame)
    (vad,) = SessionReader(tmp_path).messages(VadFrame)
    assert motion.rotations == sent.rotations and motion.intention_ids == ("a", "b") and motion.lateness_ms == 0.125
    assert vad.probability == 0.1 + 0.2
    assert motion.source == "behavioral"


def test_the_file_is_an_mcap_that_other_tools_read(tmp_path: Path) -> None:
    record(tmp_path, speak_for_two_seconds)
    with (tmp_path / "session.mcap").open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None and summary.statistics is not None
        assert summary.statistics.message_count == 302
        topics = {channel.topic: channel for channel in summary.channels.values()}
        schema = summary.schemas[topics["/attune/motion_frame"].schema_id]
        assert topics["/attune/motion_frame"].message_encoding == "json" and schema.encoding == "jsonschema"
        assert b'"type": "object"' in schema.data
        times = [message.log_time for _, _, message in reader.iter_messages(topics=["/attune/motion_frame"])]
    assert times == [index * TICK_NS for index in range(100)]


def test_what_has_arrived_when_the_room_is_cancelled_is_still_written(tmp_path: Path) -> None:
    async def script(bus: Any, clock: Any) -> None:
        bus.publish(start())
        for index in range(50):
            bus.publish(TypedText(text=str(index)))

    record(tmp_path, script)
    assert len(list(SessionReader(tmp_path).messages(TypedText))) == 50


def test_two_runs_on_virtual_time_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        record(tmp_path / name, speak_for_two_seconds)
    for name in ("session.mcap", "user.wav", "agent.wav"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_settings_decide_what_is_kept(tmp_path: Path) -> None:
    async def script(bus: Any, clock: Any) -> None:
        bus.publish(start())
        bus.publish(user_audio(0, np.ones(320), 0))
        bus.publish(AgentAudio(pcm=b"\1\0", sample_rate_hz=16_000, response_id="r"))
        bus.publish(UserVideo(jpeg=b"picture"))
        await clock.sleep_until_ns(S)

    for video in (False, True):
        profile = Profile(recorder=RecorderSettings(user_audio=False, agent_audio=False, video=video))
        record(tmp_path / str(video), script, profile=profile)
        kinds = {type(m) for m in SessionReader(tmp_path / str(video)).messages()}
        assert kinds == {SessionControl} | ({UserVideo} if video else set())
        assert not (tmp_path / str(video) / "user.wav").exists()


def test_without_a_session_folder_nothing_is_recorded(tmp_path: Path) -> None:
    record(None, speak_for_two_seconds, state_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_are_private(tmp_path: Path) -> None:
    record(tmp_path / "new", speak_for_two_seconds)
    assert (tmp_path / "new").stat().st_mode & 0o77 == 0
    assert all(path.stat().st_mode & 0o77 == 0 for path in (tmp_path / "new").iterdir())


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


def test_a_write_that_fails_half_way_leaves_a_readable_file(tmp_path: Path) -> None:
    code = f"""
        import resource, signal
        from pathlib import Path
        from runtime.messages import TypedText, SessionControl, UserAudio
        from runtime.session.files import RecordingStopped, SessionFiles
        from runtime.settings import RecorderSettings
        import random
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        files = SessionFiles(Path({str(tmp_path)!r}), RecorderSettings(agent_audio=False), {{}})
        noise = random.Random(1)
        files.write([(0, SessionControl(action="start"))], 0, 0)
        for number in range(100):
            text = "".join(chr(noise.randrange(33, 126)) for _ in range(3000))
            try:
                files.write([(number, TypedText(text=text, t_ns=number + 1))], 0, number)
            except RecordingStopped as stopped:
                print(number, stopped)
                break
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    number, _, reason = result.stdout.partition(" ")
    assert "File too large" in reason
    reader = SessionReader(tmp_path)
    assert len(list(reader.messages(TypedText))) == int(number) > 3
    assert not reader.truncated
    with (tmp_path / "session.mcap").open("rb") as file:
        assert sum(1 for _ in make_reader(file).iter_messages()) == int(number) + 1


def test_after_kill_9_every_written_chunk_is_there(tmp_path: Path) -> None:
    code = f"""
        import time
        from pathlib import Path
        import numpy as np
        from runtime.messages import SessionControl
        from runtime.session.files import SessionFiles
        from runtime.settings import RecorderSettings
        from tests.runtime.session.support import TICK_NS, frame, user_audio
        files = SessionFiles(Path({str(tmp_path)!r}), RecorderSettings(), {{}})
        files.write([(0, SessionControl(action="start"))], 0, 0)
        for number in range(10_000):
            batch = [(number * TICK_NS, frame(number)), (number * TICK_NS, user_audio(number, np.ones(320), number * TICK_NS))]
            files.write(batch, 0, (number + 1) * TICK_NS)
            print(number + 1, flush=True)
            time.sleep(0.001)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    written = 0
    while written < 20:
        written = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    reader = SessionReader(tmp_path)
    frames = [m.index for m in reader.messages(MotionFrame)]
    assert len(frames) >= 20 and frames == list(range(len(frames)))
    assert reader.truncated
    info = soundfile.info(tmp_path / "user.wav")
    assert info.samplerate == 16_000 and info.frames >= 19 * 320


def test_a_restarted_recorder_goes_on_beside_what_exists(tmp_path: Path) -> None:
    async def crashed(bus: Any, clock: Any) -> None:
        bus.publish(start())
        bus.publish(user_audio(0, np.full(16_000, 7), 0))
        bus.publish(TypedText(text="first", t_ns=1))
        await clock.sleep_until_ns(S)

    async def restarted(bus: Any, clock: Any) -> None:
        await clock.sleep_until_ns(2 * S)
        bus.publish(TypedText(text="second", t_ns=2 * S))
        bus.publish(user_audio(9, np.full(16_000, 9), 2 * S))
        await clock.sleep_until_ns(3 * S)
        bus.publish(stop(3 * S))

    record(tmp_path, crashed)
    whole = (tmp_path / "session.mcap").read_bytes()
    (tmp_path / "session.mcap").write_bytes(whole[: whole.rindex(b"attune.UserAudio") - 1])
    record(tmp_path, restarted)
    assert (tmp_path / "session-2.mcap").exists()
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["first", "second"]
    samples, _ = soundfile.read(tmp_path / "user.wav", dtype="int16")
    assert len(samples) == 48_000
    assert set(samples[:16_000]) == {7} and set(samples[16_000:32_000]) == {0} and set(samples[32_000:]) == {9}


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Exception, match="session folder") as caught:
        record(tmp_path / "file" / "below", speak_for_two_seconds)
    assert type(caught.value).__name__ == "AttuneError"


def test_a_message_without_a_time_is_logged_at_its_arrival(tmp_path: Path) -> None:
    async def script(bus: Any, clock: Any) -> None:
        await clock.sleep_until_ns(700 * MS)
        bus.publish(Heartbeat(pid=1))

    record(tmp_path, script)
    (item,) = SessionReader(tmp_path).timed(Heartbeat)
    assert item.log_ns == item.arrival_ns == 700 * MS


def test_parts_are_numbered_not_sorted_by_name(tmp_path: Path) -> None:
    for name in ("session.mcap", "session-2.mcap", "session-10.mcap"):
        write_part(tmp_path / name, [TypedText(text=name, t_ns=5)])
    assert [m.text for m in SessionReader(tmp_path).messages(TypedText)] == [
        "session.mcap",
        "session-2.mcap",
        "session-10.mcap",
    ]


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
        clock, hub = MonotonicClock(), InProcessHub()
        context = context_for(
            tmp_path, hub.bus("recorder"), clock, 0, virtual=False, new_offload=lambda name: ThreadOffload(name)
        )
        room = asyncio.create_task(recorder.serve(context))
        bus = hub.bus("behavioral")
        await asyncio.sleep(0)
        bus.publish(TypedText(text="in the write"))
        await asyncio.to_thread(writing.wait, 10.0)
        bus.publish(TypedText(text="behind it"))
        await asyncio.sleep(0)
        bus.publish(TypedText(text="at the last moment"))
        room.cancel()
        await asyncio.wait({room})
        assert room.cancelled()

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
        clock, hub = MonotonicClock(), InProcessHub()
        context = context_for(
            tmp_path, hub.bus("recorder"), clock, 0, virtual=False, new_offload=lambda name: ThreadOffload(name)
        )
        room = asyncio.create_task(recorder.serve(context))
        bus = hub.bus("behavioral")
        await asyncio.sleep(0)
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
        room.cancel()
        await asyncio.wait({room})
        assert room.cancelled()
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
