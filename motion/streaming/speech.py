"""Both people's speech as the generator needs it: the agent's ahead of time and replaceable, the user's as it comes.

The agent's samples are said to begin at a sample of the session and may lie in the future; where nothing was said there is silence. What
was not yet heard can be taken back, as after an interruption: the features are rewound. Rows before those that a chunk can ask for are
forgotten, so a session of hours needs a few kilobytes. One thread.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.features.frames import end_sample
from motion.features.layout import CHANNEL_SIZE, DYAD_SIZE
from motion.features.normalise import normalise
from motion.features.stream import ChannelFeatures, clean
from motion.tokens.conditioning import SILENCE

Float32 = NDArray[np.float32]

_KEEP_FRAMES: Final = 90
"""Rows that stay, behind the newest one asked for."""
MAX_AHEAD_SAMPLES: Final = 16_000 * 120
"""The agent's speech may be known two minutes ahead."""


class Rows:
    """Normalised features of one channel [32], the newest ones."""

    def __init__(self, side: slice) -> None:
        """Begin at frame 0; `side` is the channel's columns in a dyad."""
        self._side = side
        self.first = 0
        self.rows: Float32 = np.zeros((0, CHANNEL_SIZE), dtype=np.float32)

    @property
    def end(self) -> int:
        """First frame that is not there yet."""
        return self.first + len(self.rows)

    def add(self, rows: Float32) -> None:
        """Append features as they come from the stream."""
        if len(rows):
            dyad = np.zeros((len(rows), DYAD_SIZE), dtype=np.float32)
            dyad[:, self._side] = rows
            self.rows = np.concatenate([self.rows, normalise(dyad)[:, self._side]])

    def cut(self, frame: int) -> None:
        """Drop rows from a frame on."""
        self.rows = self.rows[: max(0, frame - self.first)]

    def forget(self, frame: int) -> None:
        """Drop rows before a frame."""
        gone = min(max(0, frame - self.first), len(self.rows))
        self.rows = self.rows[gone:]
        self.first += gone

    def window(self, first: int, count: int) -> Float32:
        """Rows [count, 32] from a frame on; silence where there is none."""
        out = np.tile(SILENCE[self._side], (count, 1))
        begin, end = max(first, self.first), min(first + count, self.end)
        if end > begin:
            out[begin - first : end - first] = self.rows[begin - self.first : end - self.first]
        return out


class DyadTrack:
    """The speech of agent and user over a session."""

    def __init__(self) -> None:
        """Begin with silence on both sides."""
        self._agent, self._user = ChannelFeatures(keep_frames=_KEEP_FRAMES), ChannelFeatures()
        self.agent, self.user = Rows(slice(0, CHANNEL_SIZE)), Rows(slice(CHANNEL_SIZE, DYAD_SIZE))
        self._said: Float32 = np.zeros(0, dtype=np.float32)
        """The agent's samples that features were not yet made of; the first is `_agent.samples`."""

    def say(self, first_sample: int, samples: ArrayLike) -> int:
        """Put the agent's samples at their place; returns how many came too late and were left out.

        Args:
            first_sample: of the session, 16 kHz.
            samples: int16 or float [n].

        Raises:
            ValueError: not one channel of audio, or more than two minutes ahead.
        """
        new = clean(samples)
        late = 0
        if first_sample < self._agent.samples:
            late = self._return_to(first_sample)
            new, first_sample = new[late:], first_sample + late
        end = first_sample + len(new) - self._agent.samples
        if end > MAX_AHEAD_SAMPLES:
            raise ValueError(f"the agent's speech ends {end / 16_000:.0f} s ahead; at most 120 s are taken")
        if end > len(self._said):
            self._said = np.concatenate([self._said, np.zeros(end - len(self._said), dtype=np.float32)])
        at = first_sample - self._agent.samples
        self._said[at : at + len(new)] = new
        return min(late, len(clean(samples)))

    def stop(self, sample: int) -> None:
        """Take back what the agent would have said from a sample of the session on."""
        self._return_to(sample)
        self._said = self._said[: max(0, sample - self._agent.samples)]

    def listen(self, samples: ArrayLike) -> None:
        """Take the user's next samples.

        Raises:
            ValueError: not one channel of audio.
        """
        self.user.add(self._user.push(samples))

    @property
    def heard_samples(self) -> int:
        """Samples of the user taken so far."""
        return self._user.samples

    def prepare(self, agent_end: int, oldest: int) -> None:
        """Make sure that the agent has rows up to a frame (exclusive), silence where nothing was said; forget what lies before `oldest`.

        The user's rows come when they come: a late one is missing in this chunk and there in the next.
        """
        if self.agent.end < agent_end:
            wanted = end_sample(agent_end - 1) - self._agent.samples
            ready, self._said = self._said[:wanted], self._said[wanted:]
            self.agent.add(self._agent.push(np.pad(ready, (0, wanted - len(ready)))))
        self.agent.forget(min(oldest, self.agent.end - _KEEP_FRAMES))
        self.user.forget(oldest)

    def _return_to(self, sample: int) -> int:
        """Go back to the frame that holds a sample, as far as is kept; returns how many samples after it can't be changed any more."""
        if sample >= self._agent.samples:
            return 0
        frame = max((3 * sample + 2) // 1_600, self._agent.frames - _KEEP_FRAMES + 1, 0)
        if frame >= self._agent.frames:
            return self._agent.samples - sample
        was = self._agent.samples
        self._agent.rewind(frame)
        # What had been said before the sample within its frame is lost: a frame is a thirtieth of a second.
        self._said = np.concatenate([np.zeros(was - self._agent.samples, dtype=np.float32), self._said])
        self.agent.cut(frame)
        return max(0, self._agent.samples - sample)
