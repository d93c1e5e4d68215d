"""The MCAP writer: the bytes of the package's own, and no more memory for hours than for minutes."""

from __future__ import annotations

import gc
import io
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

from runtime.messages import TypedText
from runtime.session.mcap_part import McapPart
from runtime.session.mcap_writer import McapWriter
from runtime.session.reader import SessionReader
from tests.runtime.session.support import S, frame, user_audio

CHUNK_BYTES = 2_000
CHANNELS = 3
Step = tuple[int, int, int, bytes] | None
"""Channel, time, sequence and data of a message; None ends the chunk."""
steps = st.lists(
    st.none() | st.tuples(st.integers(1, CHANNELS), st.integers(0, 2**62), st.integers(0, 2**32 - 1), st.binary())
)


def of_the_package(script: list[Step]) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, chunk_size=CHUNK_BYTES, compression=CompressionType.ZSTD)  # type: ignore[arg-type] # all it needs
    writer.start(profile="", library="attune")
    writer.add_metadata("m", {"a": "1", "b": "2"})
    for number in range(CHANNELS):
        schema = writer.register_schema(f"s{number}", "jsonschema", b"{}")
        writer.register_channel(f"/c/{number}", "json", schema)
    for step in script:
        if step is None:
            writer.flush()  # type: ignore[no-untyped-call]
        else:
            writer.add_message(step[0], log_time=step[1], data=step[3], publish_time=step[1] + 1, sequence=step[2])
    writer.finish()  # type: ignore[no-untyped-call]
    return file.getvalue()


def of_ours(script: list[Step]) -> bytes:
    writer = McapWriter(library="attune", chunk_bytes=CHUNK_BYTES)
    writer.add_metadata("m", {"a": "1", "b": "2"})
    for number in range(CHANNELS):
        schema = writer.register_schema(f"s{number}", "jsonschema", b"{}")
        writer.register_channel(f"/c/{number}", "json", schema)
    out, indexes = bytearray(), []
    for step in script:
        if step is None:
            writer.flush()
            out += writer.take()
            indexes.append(writer.take_indexes())
        else:
            writer.add_message(step[0], step[1], step[1] + 1, step[2], step[3])
    writer.flush()
    out += writer.take()
    indexes.append(writer.take_indexes())
    return bytes(out + b"".join(writer.ending(indexes)))


@settings(max_examples=150, deadline=None)
@given(script=steps)
def test_it_writes_byte_for_byte_what_the_package_writes(script: list[Step]) -> None:
    assert of_ours(script) == of_the_package(script)


def test_a_chunk_that_is_full_ends_by_itself() -> None:
    script: list[Step] = [(1 + n % CHANNELS, n, n, bytes(500)) for n in range(50)]
    assert of_ours(script) == of_the_package(script)
    summary = make_reader(io.BytesIO(of_ours(script))).get_summary()
    assert summary is not None and len(summary.chunk_indexes) > 5


def test_others_find_a_moment_by_the_index(tmp_path: Path) -> None:
    part = McapPart(tmp_path / "session.mcap", {"seed": "1"})
    for second in range(200):
        part.add(TypedText(text=f"text {second}", t_ns=second * S), second * S)
        part.flush()
    part.close()
    with (tmp_path / "session.mcap").open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None and summary.statistics is not None
        assert (len(summary.chunk_indexes), summary.statistics.message_count) == (200, 200)
        found = [
            m.data
            for _s, _c, m in reader.iter_messages("/attune/typed_text", starting_at=150 * S, ending_before=152 * S)
        ]
    assert [b"text 150" in found[0], b"text 151" in found[1], len(found)] == [True, True, 2]


def test_hours_need_no_more_memory_than_minutes(tmp_path: Path) -> None:
    """Chunks as the recorder ends them twice a second; each index was once kept as objects, 1 kB for three channels."""
    part = McapPart(tmp_path / "session.mcap", {})
    rng = np.random.default_rng(1)

    def minutes(first: int, last: int) -> None:
        for chunk in range(120 * first, 120 * last):
            at_ns = chunk * S // 2
            part.add(frame(chunk), at_ns)
            part.add(user_audio(chunk, rng.integers(-99, 99, 64), at_ns), at_ns)
            part.add(TypedText(text=str(chunk), t_ns=at_ns), at_ns)
            part.flush()

    tracemalloc.start()
    try:
        minutes(0, 2)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        minutes(2, 32)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()
    part.close()
    assert os.listdir(tmp_path) == ["session.mcap"], "the indexes' file has no name"
    assert [m.text for m in SessionReader(tmp_path).messages(TypedText)] == [str(n) for n in range(120 * 32)]


def test_a_disk_that_refuses_the_indexes_leaves_the_chunks_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = McapPart(tmp_path / "session.mcap", {})
    part.add(TypedText(text="kept", t_ns=1), 1)
    part.flush()
    monkeypatch.setattr(part, "_indexes", (tmp_path / "session.mcap").open("rb"))  # takes nothing
    part.add(TypedText(text="kept too", t_ns=2), 2)
    with pytest.raises(OSError):
        part.flush()
    part.close()
    reader = SessionReader(tmp_path)
    assert [m.text for m in reader.messages(TypedText)] == ["kept", "kept too"]
    assert not reader.truncated
    with (tmp_path / "session.mcap").open("rb") as file:
        assert len(list(make_reader(file).iter_messages())) == 2
