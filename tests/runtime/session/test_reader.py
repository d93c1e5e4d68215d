"""Reading sessions back: order, filters, and files cut or damaged at any byte."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.writer import Writer

from runtime.errors import AttuneError
from runtime.messages import Message, MotionFrame, SessionControl, Turn, TypedText
from runtime.session.reader import SessionReader
from tests.runtime.session.support import MS, TICK_NS, frame, start, write_part

PER_CHUNK = 10
COUNT = 60


@functools.cache
def recorded() -> tuple[bytes, tuple[int, ...]]:
    """The bytes of a session of six chunks, and where each chunk ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.mcap"
        write_part(path, [TypedText(text=f"text {i}", t_ns=1 + i) for i in range(COUNT)], per_chunk=PER_CHUNK)
        reader = SessionReader(path)
        return path.read_bytes(), tuple(chunk.offset + chunk.length for chunk in reader._chunks)


def texts(reader: SessionReader) -> list[str]:
    """All texts in order."""
    return [message.text for message in reader.messages(TypedText)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(recorded()[0])))
def test_a_file_cut_at_any_byte_gives_every_whole_chunk(tmp_path: Path, cut: int) -> None:
    data, ends = recorded()
    path = tmp_path / "session.mcap"
    path.write_bytes(data[:cut])
    reader = SessionReader(tmp_path)
    whole = sum(end <= cut for end in ends)
    assert texts(reader) == [f"text {i}" for i in range(whole * PER_CHUNK)]
    assert not reader.skipped
    if whole < len(ends):
        assert reader.truncated


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(8, len(recorded()[0]) - 1), flip=st.integers(1, 255))
def test_one_damaged_byte_never_raises_and_costs_at_most_what_it_hit(tmp_path: Path, place: int, flip: int) -> None:
    data, ends = recorded()
    damaged = bytearray(data)
    damaged[place] ^= flip
    (tmp_path / "session.mcap").write_bytes(damaged)
    found = texts(SessionReader(tmp_path))
    before = sum(end <= place for end in ends) * PER_CHUNK
    assert found[:before] == [f"text {i}" for i in range(before)]
    assert set(found) <= {f"text {i}" for i in range(COUNT)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=400))
def test_random_bytes_after_the_magic_never_raise(tmp_path: Path, tail: bytes) -> None:
    (tmp_path / "session.mcap").write_bytes(recorded()[0][:8] + tail)
    assert texts(SessionReader(tmp_path)) == []


def test_messages_come_in_order_of_time_across_chunks_and_parts(tmp_path: Path) -> None:
    order = [50, 10, 40, 40, 30, 60, 20, 55, 5, 70]
    first = [TypedText(text=f"{t}-{i}", t_ns=t) for i, t in enumerate(order)]
    write_part(tmp_path / "session.mcap", list(first), per_chunk=2)
    write_part(tmp_path / "session-2.mcap", [TypedText(text="15-x", t_ns=15)])
    expected = sorted([*order, 15])
    assert [int(text.split("-")[0]) for text in texts(SessionReader(tmp_path))] == expected
    assert [t for t in texts(SessionReader(tmp_path)) if t.startswith("40")] == ["40-2", "40-3"]


def test_filters_by_type_and_time(tmp_path: Path) -> None:
    messages: list[Message] = [start(100)]
    messages += [frame(i, zero_ns=100) for i in range(10)]
    messages.append(Turn(state="ended", speaker="user", turn_id="t", t_ns=300 * MS))
    write_part(tmp_path / "session.mcap", messages)
    reader = SessionReader(tmp_path)
    assert reader.media_zero_ns == 100
    kinds = [type(m) for m in reader.messages(SessionControl, Turn)]
    assert kinds == [SessionControl, Turn]
    window = reader.messages(MotionFrame, start_ns=100 + 2 * TICK_NS, end_ns=100 + 5 * TICK_NS)
    assert [m.index for m in window] == [2, 3, 4]
    assert reader.metadata["seed"] == "1"


def test_media_zero_without_a_start_message_is_the_first_frame(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", [TypedText(text="early", t_ns=3), frame(0, zero_ns=77)])
    assert SessionReader(tmp_path).media_zero_ns == 77


def test_an_empty_session_has_no_messages(tmp_path: Path) -> None:
    write_part(tmp_path / "session.mcap", [])
    reader = SessionReader(tmp_path)
    assert list(reader.messages()) == [] and reader.media_zero_ns == 0 and not reader.truncated


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "not a session folder"), (b"RIFF....WAVE", "not an MCAP file"), (b"x" * 9, "not an MCAP")],
)
def test_what_is_not_a_session_is_one_clear_error(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "session.mcap").write_bytes(content)
    with pytest.raises(AttuneError, match=says) as caught:
        SessionReader(tmp_path)
    assert caught.value.mend


def test_a_folder_that_does_not_exist_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="no such folder"):
        SessionReader(tmp_path / "nowhere")


def test_foreign_future_and_absurd_records_are_counted_and_skipped(tmp_path: Path) -> None:
    with (tmp_path / "session.mcap").open("wb") as file:
        writer = Writer(file)
        writer.start()
        schema = writer.register_schema("x", "jsonschema", b"{}")
        text = writer.register_channel("/attune/typed_text", "json", schema)
        unknown = writer.register_channel("/attune/telepathy", "json", schema)
        foreign = writer.register_channel("/tf", "cdr", schema)
        bad = [b"{}", b"\xff", b'{"type":"typed_text","text":3}', b'{"type":"typed_text","text":"x","t_ns":-1}']
        for data in bad:
            writer.add_message(text, 1, data, 1)
        writer.add_message(text, 1, b'{"type":"typed_text","text":"later","schema":99}', 1)
        writer.add_message(text, 1, b'{"type":"typed_text","text":"good"}', 1)
        writer.add_message(unknown, 1, b"{}", 1)
        writer.add_message(foreign, 1, b"", 1)
        writer.finish()
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages() if isinstance(m, TypedText)] == ["good"]
    assert reader.skipped == {"invalid": 4, "future_schema": 1, "unknown_type": 1, "foreign_channel": 1}
