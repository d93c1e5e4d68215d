"""The voice over the last seconds: level, pitch, final slopes and a proxy of the speaking rate.

Fed with blocks and with whether the person speaks; the figures rest on frames of 16 ms within speech only. The rate counts
syllable nuclei after de Jong and Wempe (2009): peaks of the level in voiced frames that stand at least 2 dB over the dip before
them. All figures are cheap enough to be asked for at every block.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.events import ProsodySnapshot
from behavioral.hearing.pitch import HOP_NS, PitchFrame, PitchTracker, SpeakerPitch

_MEMORY_NS = 2_000_000_000
_FINAL_NS = 300_000_000
_LAST_SECOND_NS = 1_000_000_000
_LAST_SOUND_NS = 120_000_000
_FLOOR_PERCENTILE = 10
_MIN_FRAMES = 5  # 80 ms: fewer say nothing about a slope
_NUCLEUS_DB = 2.0
_OCTAVE_JUMP_ST = 7.0  # frames this far from the median of the stretch are taken for octave errors


class Prosody:
    """Follows one speaker's voice."""

    def __init__(self) -> None:
        """Begin without knowledge of the speaker."""
        self.speaker = SpeakerPitch()
        self._tracker = PitchTracker()
        self._frames: deque[PitchFrame] = deque()
        self._nuclei = _NucleusCounter()

    def push(self, block: NDArray[np.float32], t_ns: int, speaking: bool) -> tuple[PitchFrame, PitchFrame]:
        """Take the block (float32 [512]) that begins at `t_ns` and return its two pitch frames."""
        frames = self._tracker.push(block, t_ns)
        if speaking:
            for frame in frames:
                self._frames.append(frame)
                self._nuclei.push(frame)
                if frame.f0_hz:
                    self.speaker.push(frame.f0_hz)
            while self._frames and self._frames[0].t_ns < t_ns - _MEMORY_NS:
                self._frames.popleft()
        return frames

    def begin_speech(self) -> None:
        """Start a fresh stretch of speech: slopes and rate never reach back over the silence before it."""
        self._frames.clear()
        self._nuclei = _NucleusCounter()

    def gap(self) -> None:
        """Say that the next block does not follow the last one."""
        self._tracker.reset()
        self.begin_speech()

    def snapshot(self, until_ns: int | None = None) -> ProsodySnapshot:
        """Describe the speech up to `until_ns` (default: all of it; at an offset, the offset, so that silence is left out)."""
        frames = [frame for frame in self._frames if until_ns is None or frame.t_ns < until_ns]
        if not frames:
            return ProsodySnapshot(speaker_f0_hz=self.speaker.percentile_hz(50))
        end_ns = frames[-1].t_ns
        voiced = [frame for frame in frames if frame.f0_hz]
        recent = [frame.f0_hz for frame in voiced if frame.t_ns > end_ns - _LAST_SECOND_NS]
        last_second = [frame.level_dbfs for frame in frames if frame.t_ns > end_ns - _LAST_SECOND_NS]
        final = [frame for frame in frames if frame.t_ns > end_ns - _FINAL_NS]
        power = float(np.mean(10 ** (np.array(last_second) / 10)))
        median_hz, floor_hz = self.speaker.percentile_hz(50), self.speaker.percentile_hz(_FLOOR_PERCENTILE)
        return ProsodySnapshot(
            level_dbfs=10 * float(np.log10(power)),
            level_slope_db_s=_slope([frame.t_ns for frame in final], [frame.level_dbfs for frame in final]),
            f0_hz=float(np.median(recent)) if recent else 0.0,
            f0_slope_st_s=_final_pitch_slope(voiced),
            f0_range_st=_range_st(voiced),
            speaker_f0_hz=median_hz,
            final_st=_final_st(voiced, median_hz),
            final_floor_st=_final_st(voiced, floor_hz),
            rate_per_s=self._nuclei.rate_per_s(end_ns),
        )


class _NucleusCounter:
    """Counts syllable nuclei in one stretch of speech."""

    def __init__(self) -> None:
        self._first_ns: int | None = None
        self._times: deque[int] = deque()
        self._dip = 0.0
        self._peak: PitchFrame | None = None

    def push(self, frame: PitchFrame) -> None:
        if self._first_ns is None:
            self._first_ns, self._dip = frame.t_ns, frame.level_dbfs
        level = frame.level_dbfs
        if self._peak is None:
            self._dip = min(self._dip, level)
            if frame.f0_hz and level >= self._dip + _NUCLEUS_DB:
                self._peak = frame
        elif level > self._peak.level_dbfs:
            self._peak = frame
        elif level <= self._peak.level_dbfs - _NUCLEUS_DB:
            self._times.append(self._peak.t_ns)
            self._peak, self._dip = None, level

    def rate_per_s(self, end_ns: int) -> float:
        if self._first_ns is None:
            return 0.0
        start_ns = max(self._first_ns, end_ns - _MEMORY_NS)
        while self._times and self._times[0] < start_ns:
            self._times.popleft()
        length_s = (end_ns + HOP_NS - start_ns) / 1e9
        return len(self._times) / length_s if length_s >= 0.3 else 0.0


def _final_pitch_slope(voiced: list[PitchFrame]) -> float:
    """Slope over the last 300 ms of voiced frames, gathered from at most the last 600 ms of speech."""
    final = [frame for frame in voiced[-round(_FINAL_NS / HOP_NS) :] if frame.t_ns > voiced[-1].t_ns - 2 * _FINAL_NS]
    if not final:
        return 0.0
    semitones = 12 * np.log2(np.array([frame.f0_hz for frame in final]))
    near = np.abs(semitones - np.median(semitones)) < _OCTAVE_JUMP_ST
    times = [frame.t_ns for frame, keep in zip(final, near, strict=True) if keep]
    return _slope(times, semitones[near].tolist())


def _final_st(voiced: list[PitchFrame], reference_hz: float) -> float:
    """Return the height of the last voiced sound over a reference, semitones; 0 where either is unknown."""
    if not voiced or reference_hz <= 0:
        return 0.0
    last = [frame.f0_hz for frame in voiced if frame.t_ns > voiced[-1].t_ns - _LAST_SOUND_NS]
    return 12 * float(np.log2(float(np.median(last)) / reference_hz))


def _range_st(voiced: list[PitchFrame]) -> float:
    if len(voiced) < 2 * _MIN_FRAMES:
        return 0.0
    low, high = np.percentile([frame.f0_hz for frame in voiced], (10, 90))
    return 12 * float(np.log2(high / low))


def _slope(times_ns: list[int], values: list[float]) -> float:
    """Least-squares slope per second, 0 with fewer than five points."""
    if len(values) < _MIN_FRAMES:
        return 0.0
    t = np.array(times_ns, np.float64) / 1e9
    t -= t.mean()
    y = np.array(values)
    return float((t * (y - y.mean())).sum() / (t * t).sum())
