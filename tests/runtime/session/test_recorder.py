"""The recorder room: every message is kept as it was sent, in files that other tools read and nobody else may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.reader import make_reader

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
from runtime.session.reader import SessionReader
from runtime.settings import Profile, RecorderSettings
from tests.runtime.session.support import (
    MS,
    TICK_NS,
    S,
    frame,
    record,
    speak_for_two_seconds,
    start,
    user_audio,
    write_part,
)


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
