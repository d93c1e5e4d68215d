"""Named spans of time: published for the recording, and summed up per name for health.

`with telemetry.span("asr_final"):` times a block on the session clock (so that under virtual time it measures the
schedule, not the machine); `telemetry.record(name, duration_ms)` takes a duration that the caller knows. Names that
occur at frame rate are published as one `Span` per window, with the count, the mean and the buckets of a histogram
from which a reader gets percentiles within `GROWTH` of the truth; all others as they happen. Attributes are numbers
only, never user content.

Single-threaded: all calls belong to the room's event loop. A call costs a few microseconds and never raises for an
odd duration: what is not a finite number is not recorded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from runtime.bus import Bus
from runtime.clock import NS_PER_MS, Clock
from runtime.messages import Span

SMALLEST_MS = 0.001
GROWTH = 1.02
"""Each bucket of a histogram is 2 % wider than the one before: the relative error of a percentile is at most 1 %."""
LONGEST_MS = 3.6e6
"""Durations beyond an hour count as an hour (the wire's limit is of this order)."""
FRAME_RATE_SPANS: Mapping[str, int] = {"vad_frame": 150}
"""Spans that occur at frame rate, and how many of them make one published window (about 5 s). Motion frames carry their
own lateness and need none."""
_LOG_GROWTH = math.log(GROWTH)


class LogHistogram:
    """Counts of durations in logarithmic buckets (the idea of HdrHistogram, with a constant relative error)."""

    def __init__(self) -> None:
        """Make an empty one."""
        self.buckets: dict[int, int] = {}
        self.count = 0
        self.total_ms = 0.0
        self.max_ms = 0.0

    def add(self, duration_ms: float, times: int = 1) -> None:
        """Count a duration."""
        bucket = bucket_of(duration_ms)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + times
        self.count += times
        self.total_ms += duration_ms * times
        self.max_ms = max(self.max_ms, duration_ms)

    def percentile(self, share: float) -> float | None:
        """Return the duration that a share (0 to 1) of all does not exceed, None where there are none."""
        rank = max(1, math.ceil(share * self.count))
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= rank:
                return min(self.max_ms, value_of(bucket))
        return None


def bucket_of(duration_ms: float) -> int:
    """Return the bucket of a duration; 0 holds everything up to `SMALLEST_MS`."""
    if duration_ms <= SMALLEST_MS:
        return 0
    return 1 + int(math.log(duration_ms / SMALLEST_MS) / _LOG_GROWTH)


def value_of(bucket: int) -> float:
    """Return the duration that stands for a bucket, its geometric middle, ms."""
    return 0.0 if bucket == 0 else float(SMALLEST_MS * GROWTH ** (bucket - 0.5))


def window_samples(span: Span) -> list[tuple[float, int]] | None:
    """Return (duration, how often) of a published window, or None if the span is a single one."""
    if "count" not in span.attributes:
        return None
    max_ms = span.attributes.get("max_ms", span.duration_ms)
    samples: list[tuple[float, int]] = []
    for key, number in span.attributes.items():
        if key[:1] == "b" and key[1:].isdigit():
            samples.append((min(max_ms, value_of(int(key[1:]))), int(number)))
    samples.sort()
    if samples:  # the largest is known exactly
        _, number = samples.pop()
        samples += [(max_ms, 1)] if number == 1 else [(_rest_of_largest(max_ms, samples), number - 1), (max_ms, 1)]
    return samples


def _rest_of_largest(max_ms: float, below: list[tuple[float, int]]) -> float:
    """Return what stands for the other durations of the largest bucket: within `GROWTH` of the maximum."""
    return max(max_ms / math.sqrt(GROWTH), below[-1][0] if below else 0.0)


class Telemetry:
    """One room's spans."""

    def __init__(self, bus: Bus, clock: Clock, *, windows: Mapping[str, int] = FRAME_RATE_SPANS) -> None:
        """Publish on a bus.

        Args:
            bus: where spans go.
            clock: what `span` measures with.
            windows: names that are published once per so many occurrences.
        """
        self.totals: dict[str, LogHistogram] = {}
        self._bus = bus
        self._clock = clock
        self._windows = windows
        self._open: dict[str, LogHistogram] = {}

    @contextmanager
    def span(self, name: str, **numbers: float) -> Iterator[dict[str, float]]:
        """Time a block; numbers may be added to the yielded dictionary. A block that raises is recorded as well."""
        began_ns = self._clock.now_ns()
        try:
            yield numbers
        finally:
            self.record(name, (self._clock.now_ns() - began_ns) / NS_PER_MS, **numbers)

    def record(self, name: str, duration_ms: float, **numbers: float) -> None:
        """Take a duration that ends now."""
        if not math.isfinite(duration_ms):
            return
        duration_ms = min(LONGEST_MS, max(0.0, duration_ms))
        self.totals.setdefault(name, LogHistogram()).add(duration_ms)
        size = self._windows.get(name, 1)
        if size <= 1:
            finite = {key: value for key, value in numbers.items() if math.isfinite(value)}
            self._publish(name, duration_ms, finite)
            return
        window = self._open.setdefault(name, LogHistogram())
        window.add(duration_ms)
        if window.count >= size:
            self._publish_window(name)

    def flush(self) -> None:
        """Publish the windows that are not full; for the end of a room."""
        for name in list(self._open):
            self._publish_window(name)

    def counters(self) -> dict[str, float]:
        """Return p95 and count per name for the room's heartbeat."""
        totals: dict[str, float] = {}
        for name, histogram in self.totals.items():
            totals[f"{name}_p95_ms"] = round(histogram.percentile(0.95) or 0.0, 3)
            totals[f"{name}_count"] = histogram.count
        return totals

    def _publish_window(self, name: str) -> None:
        window = self._open.pop(name)
        attributes: dict[str, float] = {"count": window.count, "max_ms": window.max_ms}
        attributes.update({f"b{bucket}": number for bucket, number in sorted(window.buckets.items())})
        self._publish(name, window.total_ms / window.count, attributes)

    def _publish(self, name: str, duration_ms: float, attributes: dict[str, float]) -> None:
        span = Span(t_ns=self._clock.now_ns(), name=name, duration_ms=duration_ms, attributes=attributes)
        self._bus.publish(span)
