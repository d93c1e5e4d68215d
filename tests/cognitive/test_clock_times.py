"""Times of the clock in English, and how long it is until then."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from cognitive.clock_times import clock_times, readable, seconds_until

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=timezone.utc)


def minutes(text: str, now: datetime = NOW) -> list[float]:
    return [seconds_until(time, now) / 60.0 for time in clock_times(readable(text))]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("at half past three", 70),
        ("at three o'clock", 40),
        ("at three.", 40),
        ("at 3 pm", 40),
        ("at 3 p.m., please", 40),
        ("at 15:30", 70),
        ("at 3.30", 70),
        ("at three thirty", 70),
        ("at a quarter past three", 55),
        ("at quarter to four", 85),
        ("at ten to three", 30),
        ("at twenty-five past three", 65),
        ("at five to one", 22 * 60 + 35 - 12 * 60),
        ("at noon", 21 * 60 + 40),
        ("at midnight", 9 * 60 + 40),
        ("at eight tonight", 5 * 60 + 40),
        ("tonight at eleven", 8 * 60 + 40),
        ("at one at night", 10 * 60 + 40),
        ("at seven in the morning", 16 * 60 + 40),
        ("at two", 11 * 60 + 40),  # the next that the dial shows
        ("at 14:20", 24 * 60),
        ("at 03:00", 12 * 60 + 40),
        ("tomorrow at nine", 18 * 60 + 40),
        ("at nine tomorrow morning", 18 * 60 + 40),
        ("at three tomorrow", 24 * 60 + 40),  # in the afternoon: people are awake
        ("for half past six", 4 * 60 + 10),
    ],
)
def test_a_time_is_understood(text, until):
    assert minutes(text) == [until]


@pytest.mark.parametrize(
    "text",
    [
        "at three percent", "at 3 Baker Street", "at 24:10", "at 7:70", "tomorrow", "later", "by three", "three",
        "at one person's wish", "at home",
    ],
)  # fmt: skip
def test_what_is_none_is_not_taken_for_one(text):
    assert minutes(text) == []


def test_several_come_in_order_with_their_places():
    text = readable("At three, and again at half past four.")
    first, second = clock_times(text)
    assert text[first.start : first.end] == "at three" and text[second.start : second.end] == "at half past four"


def test_summer_time_is_respected(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        before = datetime(2026, 10, 24, 22, 0)  # clocks go back at three in the night
        assert minutes("at nine tomorrow", before) == [12 * 60]
    finally:
        monkeypatch.undo()
        time.tzset()
