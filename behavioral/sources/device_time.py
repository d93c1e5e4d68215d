"""Session times for the samples of a sound device, whose own clock is neither the session's nor quite steady.

A device delivers (or asks for) samples at its own rate, which may differ by hundreds of parts per million, and its calls come late by
whatever the machine was busy with, but never early. So samples are counted on from a first call by a model of the device's clock, an
offset and a rate, and once per window the least late call corrects both by a Kalman filter (the two-state clock model of time-keeping,
e.g. Galleani 2008): jitter and bursts do not show, drift is followed without steps, and `drift_ppm` tells it. Sound that was lost shows as
a least lateness of more than `LOST_NS` and is made up for at once, within two windows. Pure; times in nanoseconds. Belongs to one thread.
"""

from __future__ import annotations

from runtime.clock import NS_PER_S

WINDOW_S = 1.0
LOST_NS = 4_000_000
"""A window whose every call is later than this has lost sound: more than the least lateness of a busy machine."""
EARLY_NS = 2_000_000
"""A call this much before its time proves the count late, and moves it at once; smaller ones are weighed as all others."""
DRIFT_MAX_PPM = 1_000.0
TOLD_PPM = 100.0
"""Crystals are within half of this of each other; a drift beyond it is worth a word, though it is followed like any other."""
_START_OFFSET_NS = 10e6  # standard deviations: of the first call's lateness,
_START_DRIFT_PPM = 100.0  # of a crystal's rate,
_LATE_NS = 0.4e6  # of a window's least lateness,
_OFFSET_NOISE_NS = 0.01e6  # of what the offset does by itself in a second,
_DRIFT_NOISE_PPM = 0.3  # and the rate


class DeviceTime:
    """The time line of one device; it goes on over re-openings."""

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
        self._skew = 0.0  # session seconds per second of the device, less one
        self._begin_ns = start_ns
        self._least_late_ns: int | None = None
        self.begin(start_ns)

    @property
    def drift_ppm(self) -> float:
        """How much faster the device's clock runs than the session's, as far as that is known; 0 until it is known to 20 ppm."""
        known = self._skew_var < (20e-6) ** 2
        return -1e6 * self._skew if known else 0.0

    @property
    def next_ns(self) -> int:
        """Session time of the next sample by the count."""
        return self._begin_ns + round(self._counted_ns)

    def begin(self, t_ns: int) -> None:
        """Count on from a session time: the stream was opened, or what was before is lost."""
        self._begin_ns, self._counted_ns = t_ns, 0.0
        self._offset_var, self._covariance, self._skew_var = _START_OFFSET_NS**2, 0.0, (_START_DRIFT_PPM * 1e-6) ** 2
        self._new_window()

    def place(self, latest_ns: int, samples: int) -> int:
        """Return the session time of the first of the next `samples`.

        Args:
            latest_ns: the latest that it can be: for what was heard, the time of the call less the piece's length; for what is
                asked for, the time of the call.
            samples: length of the piece.
        """
        late_ns = latest_ns - self.next_ns
        if late_ns < -EARLY_NS:
            self._move(late_ns)
            late_ns = 0
        self._least_late_ns = late_ns if self._least_late_ns is None else min(self._least_late_ns, late_ns)
        if self._window_left_ns <= 0:
            if self._least_late_ns > LOST_NS:
                self._move(self._least_late_ns)
            else:
                self._correct(float(self._least_late_ns), (self._window_ns - self._window_left_ns) / NS_PER_S)
            self._new_window()
        return self.skip(samples)

    def skip(self, samples: int) -> int:
        """Return the session time of the first of `samples` that were lost, or are made up, without a call of the device."""
        t_ns = self.next_ns
        length_ns = samples * NS_PER_S / self._rate_hz
        self._counted_ns += length_ns * (1.0 + self._skew)
        self._window_left_ns -= length_ns
        return t_ns

    def _move(self, by_ns: int) -> None:
        """Move the count at once; its place is then no better known than a first call's, its rate is."""
        self._counted_ns += by_ns
        self._offset_var, self._covariance = _START_OFFSET_NS**2, 0.0

    def _new_window(self) -> None:
        self._window_left_ns: float = self._window_ns
        self._least_late_ns = None

    def _correct(self, late_ns: float, passed_s: float) -> None:
        """Weigh a lateness against what is known of the offset (ns) and the skew (ns per ns)."""
        passed_ns = passed_s * NS_PER_S
        offset_var = self._offset_var + passed_ns * (2 * self._covariance + passed_ns * self._skew_var)
        offset_var += passed_s * _OFFSET_NOISE_NS**2
        covariance = self._covariance + passed_ns * self._skew_var
        skew_var = self._skew_var + passed_s * (_DRIFT_NOISE_PPM * 1e-6) ** 2
        total = offset_var + _LATE_NS**2
        self._counted_ns += offset_var / total * late_ns
        skew = self._skew + covariance / total * late_ns
        self._skew = min(DRIFT_MAX_PPM * 1e-6, max(-DRIFT_MAX_PPM * 1e-6, skew))
        self._offset_var = offset_var * (1 - offset_var / total)
        self._covariance = covariance * (1 - offset_var / total)
        self._skew_var = skew_var - covariance**2 / total


def drift_remark(device: str, drift_ppm: float) -> str:
    """Return a calm word, for people, on a clock that is further off than most; empty for all others. It changes in steps of 50 ppm."""
    if abs(drift_ppm) < TOLD_PPM:
        return ""
    way = "fast" if drift_ppm > 0 else "slow"
    return f"{device}'s clock runs {50 * round(abs(drift_ppm) / 50)} ppm {way} (followed)"
