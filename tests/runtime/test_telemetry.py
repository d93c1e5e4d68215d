"""Spans: published one by one or in windows, percentiles within one per cent."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.clock import VirtualClock, run_virtual
from runtime.messages import Span
from runtime.session.summary import percentile
from runtime.telemetry import LogHistogram, Telemetry, window_samples
from runtime.transport.inprocess import InProcessHub


def published(use: Any, **options: Any) -> list[Span]:
    """What a room's telemetry publishes while `use(telemetry)` runs."""

    async def main() -> list[Span]:
        hub = InProcessHub()
        bus = hub.bus("room")
        stream = bus.subscribe(Span)
        clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]
        result = use(Telemetry(bus, clock, **options))
        if asyncio.iscoroutine(result):
            await result
        return [span for span in stream.flush() if isinstance(span, Span)]

    spans: list[Span] = run_virtual(main())
    return spans


def test_a_span_times_its_block_and_carries_numbers() -> None:
    async def use(telemetry: Telemetry) -> None:
        with telemetry.span("think", words=3) as numbers:
            await asyncio.sleep(0.25)
            numbers["tokens"] = 7

    (span,) = published(use)
    assert (span.name, span.duration_ms, span.t_ns) == ("think", pytest.approx(250.0), pytest.approx(250_000_000))
    assert span.attributes == {"words": 3, "tokens": 7}


def test_a_block_that_raises_is_timed_too() -> None:
    def use(telemetry: Telemetry) -> None:
        with pytest.raises(RuntimeError), telemetry.span("broken"):
            raise RuntimeError

    assert [span.name for span in published(use)] == ["broken"]


def test_frame_rate_spans_travel_in_windows_and_nothing_is_lost_of_their_count() -> None:
    def use(telemetry: Telemetry) -> None:
        for i in range(25):
            telemetry.record("vad_frame", 1.0 + i)
        telemetry.flush()

    spans = published(use, windows={"vad_frame": 10})
    assert [span.attributes["count"] for span in spans] == [10, 10, 5]
    assert [span.attributes["max_ms"] for span in spans] == [10.0, 20.0, 25.0]
    assert sum(times for span in spans for _, times in window_samples(span) or []) == 25


@given(st.lists(st.floats(0.01, 5_000.0), min_size=1, max_size=120), st.sampled_from([0.5, 0.95, 0.999]))
def test_percentiles_from_a_window_are_within_one_per_cent(durations: list[float], share: float) -> None:
    def use(telemetry: Telemetry) -> None:
        for duration in durations:
            telemetry.record("x", duration)
        telemetry.flush()

    (span,) = published(use, windows={"x": 1_000})
    exact = sorted(durations)[max(1, math.ceil(share * len(durations))) - 1]
    assert percentile(window_samples(span) or [], share) == pytest.approx(exact, rel=0.0101)
    assert max(value for value, _ in window_samples(span) or []) == max(durations)


@given(st.lists(st.floats(0.0, 1e5), min_size=1, max_size=100))
def test_the_histogram_counts_everything(durations: list[float]) -> None:
    histogram = LogHistogram()
    for duration in durations:
        histogram.add(duration)
    assert histogram.count == len(durations) == sum(histogram.buckets.values())
    assert histogram.max_ms == max(durations)
    assert (histogram.percentile(1.0) or 0.0) <= max(durations)


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_duration_is_not_recorded(odd: float) -> None:
    assert published(lambda telemetry: telemetry.record("x", odd)) == []


def test_a_negative_duration_counts_as_none_and_an_absurd_one_as_an_hour() -> None:
    def use(telemetry: Telemetry) -> None:
        telemetry.record("x", -5.0)
        telemetry.record("x", 1e30, odd=math.nan)

    assert [(span.duration_ms, span.attributes) for span in published(use)] == [(0.0, {}), (3.6e6, {})]


def test_health_gets_count_and_p95() -> None:
    async def main() -> dict[str, float]:
        clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]
        telemetry = Telemetry(InProcessHub().bus("room"), clock)
        for value in np.linspace(1, 100, 100):
            telemetry.record("x", float(value))
        return telemetry.counters()

    counters = run_virtual(main())
    assert counters["x_count"] == 100 and counters["x_p95_ms"] == pytest.approx(95, rel=0.011)
    assert LogHistogram().percentile(0.5) is None
