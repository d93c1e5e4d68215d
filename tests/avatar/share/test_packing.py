"""Packing keeps what the page shows, within what 16 bits can tell."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from avatar.share.packing import COLUMNS, FULL_SCALE, Packed, pack
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from tests.avatar.share.recorded import SECONDS, session


def packed(folder: Path, from_s: float = 0.0, until_s: float = SECONDS) -> Packed:
    return pack(SessionReader(session(folder)), from_s, until_s)


def test_every_frame_is_kept_within_a_ten_thousandth(tmp_path: Path) -> None:
    told = packed(tmp_path)
    frames = list(SessionReader(tmp_path).messages(m.MotionFrame))
    assert told.times_us.tolist() == [20_000 * i for i in range(len(frames))]
    scales = np.concatenate([np.full(size, scale) for _, size, scale in COLUMNS]) / FULL_SCALE
    rows = told.frames * scales
    assert np.abs(rows[:, :88] - [np.frombuffer(f.rotations, np.float32) for f in frames]).max() < 1e-4
    assert np.abs(rows[:, 103:107] - [(*f.eyes_rad, *f.blink) for f in frames]).max() < 1e-4
    assert told.duration_s == pytest.approx(SECONDS, abs=0.03)


def test_events_come_at_their_arrival_with_times_from_the_start(tmp_path: Path) -> None:
    events = msgspec.json.decode(packed(tmp_path).events)
    assert [(event["m"]["type"], event["at"]) for event in events] == [
        ("word", 1.0),
        ("turn", 1.5),
        ("agent_speech", 2.0),
        ("intention", 3.0),
        ("cognitive_cycle", 3.0),
        ("knowledge", 3.0),
        ("span", 3.0),
    ]
    assert events[1]["m"]["t_ns"] == 2_000_000_000


def test_a_part_begins_at_zero_and_knows_what_was_before(tmp_path: Path) -> None:
    part = packed(tmp_path, 2.5, 3.5)
    assert part.times_us[0] == 0 and part.duration_s == pytest.approx(1.0, abs=0.03)
    events = msgspec.json.decode(part.events)
    assert [event["at"] for event in events] == [0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5]
    assert [event["m"]["t_ns"] / 1e9 for event in events] == [-1.5, -0.5, -0.5, 0.5, 0.5, 0.5, 0.5], (
        "not as if it were now"
    )
    [evidence] = events[4]["m"]["minds"][0]["estimates"][0]["evidence"]
    assert evidence["t_ns"] / 1e9 == -1.5


def test_a_span_without_motion_says_so(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"no motion between 60 and 70 s.*replay DIR --text"):
        packed(tmp_path, 60.0, 70.0)


def test_of_what_the_agent_thought_the_page_gets_what_a_live_page_gets(tmp_path: Path) -> None:
    events = [event["m"] for event in json.loads(pack(SessionReader(session(tmp_path)), 0.0, 10.0).events)]
    cycle = next(e for e in events if e["type"] == "cognitive_cycle")
    assert cycle["memory"] == {}
    [evidence] = cycle["minds"][0]["estimates"][0]["evidence"]
    assert (evidence["t_ns"], cycle["t_ns"]) == (1_000_000_000, 3_000_000_000), "both from media time zero"
    [knowledge] = [e for e in events if e["type"] == "knowledge"]
    assert knowledge["facts"] == ["has a dog"] and knowledge["persona"] == ""
    assert [e["name"] for e in events if e["type"] == "span"] == ["end_of_turn_to_first_audio"]
