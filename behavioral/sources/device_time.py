"""Session times for the samples of a sound device, whose own clock is neither the session's nor quite steady.

A device delivers (or asks for) samples at its own rate, which may differ by hundreds of parts per million, and its calls come late by
whatever the machine was busy with, but never early. So samples are counted from a first call on, and the count is moved to the
least late call of each window: jitter and bursts do not show, drift is followed in steps of a fraction of a millisecond,
and lost samples are made up for within two windows. Pure; times in nanoseconds. Belongs to one thread.
"""

from __future__ import annotations

from runtime.clock import NS_PER_S

WINDOW_S = 1.0


class DeviceTime:
    """The time line of one opened stream."""

    def __init__(self, rate_hz: int, start_ns: int = 0, window_s: float = WINDOW_S) -> None:
        """Say when the first sample is expected; the first `place` knows better.

        Args:
            rate_hz: of the device.
            start_ns: session time of the first sample.
            window_s: longer than the device makes up for a pause with a burst: seconds with a microphone's server, some
                tenths with an output, whose buffer is short.
        """
        self._rate_hz = rate_hz
        self._window_ns = round(window_s * NS_PER_S)
        self.begin(start_ns)

    def begin(self, t_ns: int) -> None:
        """Count on from a session time: the stream was opened, or what was before is lost."""
        self.next_ns = t_ns
        """Session time of the next sample by the count."""
        self._window_left_ns = self._window_ns
        self._least_late_ns: int | None = None

    def place(self, latest_ns: int, samples: int) -> int:
        """Return the session time of the first of the next `samples`.

        Args:
            latest_ns: the latest that it can be: for what was heard, the time of the call less the piece's length; for what is
                asked for, the time of the call.
            samples: length of the piece.
        """
        self.next_ns = min(self.next_ns, latest_ns)
        late_ns = latest_ns - self.next_ns
        self._least_late_ns = late_ns if self._least_late_ns is None else min(self._least_late_ns, late_ns)
        if self._window_left_ns <= 0:
            self.next_ns += self._least_late_ns
            self._window_left_ns, self._least_late_ns = self._window_ns, None
        return self.skip(samples)

    def skip(self, samples: int) -> int:
        """Return the session time of the first of `samples` that were lost, or are made up, without a call of the device."""
        t_ns = self.next_ns
        length_ns = samples * NS_PER_S // self._rate_hz
        self.next_ns += length_ns
        self._window_left_ns -= length_ns
        return t_ns
