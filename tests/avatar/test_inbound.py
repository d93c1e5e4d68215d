"""The timeline of microphone blocks and the allowances of a page."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from avatar.inbound import Allowance, AudioTimeline, PageInput, Refused
from runtime import messages as m

MS = 1_000_000
BLOCK_MS = 32


def test_network_jitter_does_not_reach_the_time_stamps() -> None:
    timeline = AudioTimeline()
    rng = random.Random(1)
    errors = []
    for index in range(1_000):
        true_ns = index * BLOCK_MS * MS
        arrival = true_ns + BLOCK_MS * MS + 5 * MS + int(rng.expovariate(1 / 8) * MS)
        errors.append((timeline.stamp(512, arrival) - true_ns) / MS)
    settled = errors[100:]
    assert max(settled) - min(settled) < 8, "arrivals vary by tens of milliseconds, stamps by a few"
    assert min(settled) > 4 and max(settled) < 16


def test_a_gap_moves_the_timeline_at_once() -> None:
    timeline = AudioTimeline()
    timeline.stamp(512, 1_032 * MS)
    assert timeline.stamp(512, 6_032 * MS) == 6_000 * MS


def test_a_faster_or_slower_sound_card_is_followed() -> None:
    for skew in (0.999, 1.001):
        timeline = AudioTimeline()
        for index in range(20_000):
            arrival = int((index + 1) * BLOCK_MS * MS * skew) + 10 * MS
            error = timeline.stamp(512, arrival) - (arrival - BLOCK_MS * MS)
        assert abs(error) < 3 * MS


@given(st.lists(st.integers(min_value=0, max_value=2_000 * MS), min_size=2, max_size=60))
@settings(max_examples=200, deadline=None)
def test_time_never_runs_backwards(waits: list[int]) -> None:
    timeline, now, last = AudioTimeline(), BLOCK_MS * MS, -1
    for wait in waits:
        now += wait
        stamp = timeline.stamp(512, now)
        assert last < stamp
        last = stamp


def test_an_allowance_refills_at_its_rate_and_saves_no_more_than_its_burst() -> None:
    allowance = Allowance(rate=2, burst=4)
    assert [allowance.take(1, 0) for _ in range(5)] == [True] * 4 + [False]
    assert allowance.take(1, 500 * MS)
    assert not allowance.take(1, 500 * MS)
    assert [allowance.take(1, 10**12) for _ in range(5)] == [True] * 4 + [False]


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused_and_never_crash(payload: bytes) -> None:
    page = PageInput("page-1")
    for call in (lambda: page.message(payload, 0), lambda: page.control(payload.decode("latin-1"), 0)):
        try:
            result = call()
        except Refused as refused:
            assert refused.reason
        else:
            assert isinstance(result, m.Message)
