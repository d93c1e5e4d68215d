"""Causal features of speech, in a stream or offline: the same numbers to the last bit, whatever the chunks.

`ChannelFeatures` turns one person's 16 kHz samples into frames as they complete; `DyadFeatures` aligns both people's and may look ahead
in the agent's speech, which is known before it is heard. Frames are defined in `motion.features.frames`, columns in `layout`. Before the
first sample there was silence. One thread each, no clock; about 0.2 ms per frame of a dyad. Input that is no number never gets in: NaN
counts as silence, infinities and everything beyond full scale as full scale.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.features import layout
from motion.features.frames import (
    PITCH_SAMPLES,
    WINDOW_SAMPLES,
    end_sample,
    frame_count,
    half_end_sample,
)
from motion.features.mel import FLOOR_DB, band_power_db, level_dbfs
from motion.features.onset import LAG_WINDOWS, flux_db
from motion.features.pitch import RunningMean, semitones, yin

Float32 = NDArray[np.float32]

_BATCH_FRAMES: Final = 256
"""Bounds the memory of long recordings; results don't depend on it."""
_LONGEST_FRAME: Final = 534
MAX_LOOKAHEAD_FRAMES: Final = 60
"""Two seconds."""


class _State(NamedTuple):
    """All that a frame takes from the frames before it, besides samples."""

    bands: NDArray[np.float64]
    mean: RunningMean


_START: Final = _State(np.full((LAG_WINDOWS, layout.MEL_BANDS), FLOOR_DB), RunningMean())


def clean(samples: ArrayLike) -> Float32:
    """Return samples as finite float32 in -1 to 1.

    Args:
        samples: int16 [n], or float [n] with full scale 1; NaN becomes 0, what lies beyond full scale is clipped.

    Raises:
        ValueError: not one-dimensional, or neither int16 nor floating point.
    """
    array: NDArray[Any] = np.asarray(samples)
    if array.ndim != 1:
        raise ValueError(f"samples have shape {array.shape}; one channel at a time, [n]")
    if array.dtype == np.int16:
        array = array / np.float32(32_768.0)
    elif not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"samples are {array.dtype}; give int16 or floating point")
    bounded: Float32 = np.clip(array, -1.0, 1.0).astype(np.float32)
    bounded[np.isnan(bounded)] = 0.0
    return bounded


class ChannelFeatures:
    """The features of one person's speech."""

    def __init__(self, keep_frames: int = 0) -> None:
        """Begin with silence.

        Args:
            keep_frames: how many frames back `rewind` may go.
        """
        self._keep = keep_frames
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next sample is the first of frame 0."""
        self.frames = 0
        """Frames returned so far: the index of the next one."""
        self._first = -PITCH_SAMPLES
        self._samples: Float32 = np.zeros(PITCH_SAMPLES, np.float32)
        self._states: deque[_State] = deque([_START], maxlen=self._keep + 1)

    @property
    def samples(self) -> int:
        """Samples taken so far."""
        return self._first + len(self._samples)

    def push(self, samples: ArrayLike) -> Float32:
        """Take any number of samples and return the frames that they complete, float32 [n, 32].

        Raises:
            ValueError: see `clean`.
        """
        self._samples = np.concatenate((self._samples, clean(samples)))
        count = frame_count(self.samples) - self.frames
        rows = np.zeros((count, layout.CHANNEL_SIZE), np.float32)
        for start in range(0, count, _BATCH_FRAMES):
            rows[start : start + _BATCH_FRAMES] = self._frames(min(_BATCH_FRAMES, count - start))
        needed = end_sample(self.frames - len(self._states)) - PITCH_SAMPLES
        if needed > self._first:
            self._samples = self._samples[needed - self._first :].copy()
            self._first = needed
        return rows

    def rewind(self, frame: int) -> None:
        """Forget all samples from the beginning of a frame on: other ones will follow.

        Raises:
            ValueError: the frame has not begun, or lies further back than is kept.
        """
        back = self.frames - frame
        if not 0 <= back < len(self._states):
            raise ValueError(
                f"frame {frame}: only frames {self.frames - len(self._states) + 1} to {self.frames} can be returned to"
            )
        for _ in range(back):
            self._states.pop()
        self.frames = frame
        self._samples = self._samples[: end_sample(frame - 1) - self._first].copy()

    def _frames(self, count: int) -> NDArray[np.float64]:
        frames = np.arange(self.frames, self.frames + count, dtype=np.int64)
        halves = np.arange(2 * self.frames, 2 * (self.frames + count), dtype=np.int64)
        state = self._states[-1]
        bands = np.concatenate((state.bands, band_power_db(self._windows(half_end_sample(halves), WINDOW_SAMPLES))))
        own = bands[LAG_WINDOWS:]
        f0_hz, periodicity = yin(self._windows(end_sample(frames), PITCH_SAMPLES))

        rows = np.zeros((count, layout.CHANNEL_SIZE))
        rows[:, layout.MEL] = 0.5 * (own[0::2] + own[1::2])
        rows[:, layout.LEVEL] = self._levels(frames)
        flux = flux_db(bands)
        rows[:, layout.ONSET] = np.maximum(flux[0::2], flux[1::2])
        rows[:, layout.VOICING] = periodicity
        mean = state.mean
        for index in range(count):
            if f0_hz[index] > 0.0:
                f0_st = semitones(float(f0_hz[index]))
                rows[index, layout.F0] = f0_st
                rows[index, layout.F0_RELATIVE] = f0_st - mean.mean_st
                mean = mean.after(f0_st)
            if index >= count - self._keep - 1:
                last = bands[2 * index + 2 : 2 * index + 2 + LAG_WINDOWS].copy()
                self._states.append(_State(last, mean))
        self.frames += count
        return rows

    def _windows(self, ends: NDArray[np.int64], size: int) -> Float32:
        windows: Float32 = self._samples[(ends - self._first)[:, None] + np.arange(-size, 0)]
        return windows

    def _levels(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        ends = end_sample(frames)
        lengths = ends - end_sample(frames - 1)
        squares = self._windows(ends, _LONGEST_FRAME).astype(np.float64) ** 2
        squares[lengths < _LONGEST_FRAME, 0] = 0.0
        return level_dbfs(squares.sum(axis=1) / lengths)


class DyadFeatures:
    """The agent's and the user's features side by side.

    Row k is the user's frame k beside the agent's frame k + `lookahead_frames`, so the agent's sound has to be given that much ahead
    of the user's; a row comes as soon as both are there.
    """

    def __init__(self, lookahead_frames: int = 0) -> None:
        """Begin with silence on both sides.

        Raises:
            ValueError: the look-ahead is not within 0 to 60 frames.
        """
        if not 0 <= lookahead_frames <= MAX_LOOKAHEAD_FRAMES:
            raise ValueError(f"lookahead_frames is {lookahead_frames}; it must be 0 to {MAX_LOOKAHEAD_FRAMES}")
        self.lookahead_frames = lookahead_frames
        self.frames = 0
        """Rows returned so far."""
        self._agent = ChannelFeatures(keep_frames=lookahead_frames)
        self._user = ChannelFeatures()
        self._agent_rows = self._user_rows = np.zeros((0, layout.CHANNEL_SIZE), np.float32)

    @property
    def agent_samples(self) -> int:
        """Samples of the agent taken so far."""
        return self._agent.samples

    @property
    def user_samples(self) -> int:
        """Samples of the user taken so far."""
        return self._user.samples

    def push(self, agent: ArrayLike = (), user: ArrayLike = ()) -> Float32:
        """Take the next samples of either side, any number, and return the rows that are complete, float32 [n, 64].

        Raises:
            ValueError: see `clean`.
        """
        agent_rows = self._agent.push(agent)
        begun = self._agent.frames - len(agent_rows)
        wanted = self.frames + self.lookahead_frames + len(self._agent_rows)
        skipped = max(0, min(len(agent_rows), wanted - begun))
        self._agent_rows = np.concatenate((self._agent_rows, agent_rows[skipped:]))
        self._user_rows = np.concatenate((self._user_rows, self._user.push(user)))
        count = min(len(self._agent_rows), len(self._user_rows))
        rows = np.concatenate((self._agent_rows[:count], self._user_rows[:count]), axis=1)
        self._agent_rows, self._user_rows = self._agent_rows[count:], self._user_rows[count:]
        self.frames += count
        return rows

    def revoke_agent(self) -> int:
        """Forget the agent's sound after the last returned row, as after an interruption: what is pushed next replaces it.

        Rows already returned keep what was then expected to be said. Returns the agent's sample that must come next, the first of
        frame `frames` (look-ahead not counted: what has been heard stays).

        Raises:
            ValueError: the agent's sound doesn't reach the present, or ran further ahead than the look-ahead.
        """
        self._agent.rewind(self.frames)
        self._agent_rows = self._agent_rows[:0]
        return self._agent.samples


def channel_features(samples: ArrayLike) -> Float32:
    """Return the features of a whole recording, float32 [frames, 32].

    Args:
        samples: int16 or float [n], 16 kHz.

    Raises:
        ValueError: see `clean`.
    """
    return ChannelFeatures().push(samples)


def dyad_features(agent: ArrayLike, user: ArrayLike, lookahead_frames: int = 0) -> Float32:
    """Return the features of a whole conversation, float32 [frames, 64].

    The shorter side, and the agent's end under look-ahead, are filled up with silence; frames are those of the longer side.

    Raises:
        ValueError: see `clean` and `DyadFeatures`.
    """
    sides = [clean(agent), clean(user)]
    length = max(len(side) for side in sides)
    ahead = end_sample(frame_count(length) + lookahead_frames - 1)
    said, heard = (
        np.pad(side, (0, max(0, wanted - len(side)))) for side, wanted in zip(sides, (ahead, length), strict=True)
    )
    return DyadFeatures(lookahead_frames).push(said, heard)[: frame_count(length)]
