"""One agent of a running generator: what it says and hears, the gestures asked of it, its noise, and the curve of its body.

Session time 0 is the first frame that is ever returned; samples are 16 kHz of the session. Not thread-safe: calls belong between two chunks
of the generator, in the thread that makes them.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.clip import Clip, Pose
from motion.corpus.scene import PlacedIntent
from motion.limits import JointLimiter
from motion.streaming import aims
from motion.streaming.placing import place
from motion.streaming.speech import DyadTrack
from motion.tokens import codec, conditioning, intents
from motion.tokens.layout import FPS, FRAMES_PER_TOKEN
from motion.tokens.shape import Shape

Float32 = NDArray[np.float32]

PREFIX_TOKENS: Final = 4
"""Tokens of the first pose, before anything is generated."""
_SUPERSEDED_S: Final = 0.1
_MOST_GESTURES: Final = 64
"""Asked for and not over; of more the oldest are dropped."""


class Wish(NamedTuple):
    """What is asked of a block: labels [block] and courses [block, INTENT_SIZE]; where the gesture would bring the body (`aims.around`)."""

    label: NDArray[np.int64]
    course: Float32
    away: Float32
    hold: Float32


class Agent:
    """See the module's docstring."""

    def __init__(self, shape: Shape, first: Float32, seed: int, style: tuple[str, str]) -> None:
        """Stand in the pose of the token `first` [99]."""
        self._shape = shape
        self._rng = np.random.default_rng(seed)
        self._speech = DyadTrack()
        self._limiter = JointLimiter()
        self._points: Float32 = np.tile(first, (PREFIX_TOKENS, 1))
        self._token = PREFIX_TOKENS
        """Index of the next token."""
        self._frame = 0
        self._gestures: list[PlacedIntent] = []
        self._aim: tuple[PlacedIntent, aims.Aim] | None = None
        self._noise: Float32 = self._rng.standard_normal((shape.block_tokens, len(first)), dtype=np.float32)
        self.style = shape.style(*style)
        self.control = 1.0
        """How much of the control is added; 0 is the base bit for bit."""

    # ------------------------------------------------------------ what happens

    def say(self, first_sample: int, samples: ArrayLike) -> int:
        """Tell what the agent says from a sample of the session on; the further ahead the better. See `DyadTrack.say`."""
        return self._speech.say(first_sample, samples)

    def stop(self, sample: int) -> None:
        """The agent is interrupted: nothing is said from a sample on."""
        self._speech.stop(sample)

    def listen(self, samples: ArrayLike) -> None:
        """Take the user's next samples."""
        self._speech.listen(samples)

    def intend(
        self,
        label: str,
        *,
        side: float = 0.0,
        amplitude: float = 1.0,
        direction_rad: tuple[float, float] | None = None,
        duration_s: float | None = None,
        stroke_at_s: float | None = None,
    ) -> PlacedIntent:
        """Ask for a gesture of the lexicon from the next chunk on; it takes over from one in progress.

        Args:
            label: label or alias.
            side: +1 left, -1 right, 0 free.
            amplitude: 1 is ordinary.
            direction_rad: yaw and pitch to point at.
            duration_s: whole length; the hold gives way.
            stroke_at_s: session time at which the stroke is to arrive.

        Returns:
            The gesture with its times: when it will really begin, strike and end.

        Raises:
            ValueError: the gesture is unknown, to the lexicon or to this checkpoint, or a number is not finite.
        """
        gesture = place(
            label, self.now_s, side=side, amplitude=amplitude, direction_rad=direction_rad, duration_s=duration_s,
            stroke_at_s=stroke_at_s,
        )  # fmt: skip
        self.perform(gesture)
        return gesture

    def perform(self, gesture: PlacedIntent) -> None:
        """Make a gesture whose times are settled; what lies before the next chunk is left out.

        Raises:
            ValueError: this checkpoint has not learned it.
        """
        if gesture.label not in self._shape.labels:
            raise ValueError(f"gesture {gesture.label!r} is not one that this checkpoint has learned")
        self._add(gesture)

    def cancel(self, gesture: PlacedIntent | None = None) -> None:
        """Let go of a gesture, by default of all, from the next chunk on; one that has not begun never will."""
        kept = [g for g in self._gestures if gesture is not None and not _same(g, gesture)]
        ended = [replace(g, end_s=min(g.end_s, self.now_s)) for g in self._gestures if g not in kept]
        self._gestures = [*kept, *(g for g in ended if g.start_s < self.now_s)]

    @property
    def heard_samples(self) -> int:
        """Samples of the user taken so far."""
        return self._speech.heard_samples

    @property
    def now_s(self) -> float:
        """Session time of the next frame to be made."""
        return self._frame / FPS

    @property
    def frames(self) -> int:
        """Frames made so far."""
        return self._frame

    @property
    def slowed(self) -> int:
        """Frames in which a joint was held to its speed limit."""
        return self._limiter.slowed

    # ------------------------------------------------------------ for the generator

    def conditions(self) -> tuple[Float32, Float32]:
        """Agent's and user's part of the next block's conditions, [block, ...]."""
        shape = self._shape
        first, last = (conditioning.frame_of(self._token + k) for k in (0, shape.block_tokens - 1))
        end = last + shape.agent_ahead_frames
        begin = first - max(shape.agent_back_frames, shape.user_frames + shape.user_delay_frames)
        begin -= begin % FRAMES_PER_TOKEN
        self._speech.prepare(end, begin)
        rows = np.concatenate(
            [self._speech.agent.window(begin, end - begin), self._speech.user.window(begin, end - begin)], axis=1
        )
        return conditioning.windows(rows, self._token - begin // FRAMES_PER_TOKEN, shape.block_tokens, shape)

    def asked(self) -> Wish:
        """What is asked of the next block."""
        self._gestures = [g for g in self._gestures if g.end_s + intents.TAIL_S > self.now_s - 1.0]
        block = (self._token, self._shape.block_tokens)
        label, course = intents.encode(self._gestures, self._shape.labels, *block)
        chosen = aims.current(self._gestures, *block)
        if chosen is None or not label.any():
            self._aim = None
        elif self._aim is None or not _same(self._aim[0], chosen):
            # Made now and not when it was asked for: of many requests between two chunks only the last one counts.
            self._aim = (chosen, aims.aim(chosen))
        away, hold = aims.around(None if self._aim is None else self._aim[1], *block)
        return Wish(label, course, away, hold)

    def noise(self) -> Float32:
        """Noise of the next block [block, 99].

        Each token keeps its noise from chunk to chunk, so that what was planned beyond the last chunk is carried on and not drawn anew: an
        innovation means the same wherever in a block its token stands.
        """
        count = self._shape.chunk_tokens
        fresh = self._rng.standard_normal((count, self._noise.shape[1]), dtype=np.float32)
        self._noise = np.concatenate([self._noise[count:], fresh])
        return self._noise

    def extend(self, tokens: Float32) -> Clip:
        """Take committed tokens [n, 99] and return the frames that they settle."""
        points = np.concatenate([self._points, tokens])
        offset = FRAMES_PER_TOKEN * (self._token - len(self._points))
        self._token += len(tokens)
        settled = FRAMES_PER_TOKEN * (self._token - 3) + 1
        clip = codec.decode(points, self._frame - offset, settled - self._frame)
        self._frame = settled
        self._points = points[-5:]
        held = [self._limiter.apply(clip.pose(row), 1.0 / FPS) for row in range(len(clip))]
        return Clip.from_poses(held, float(FPS))

    def foreseen(self) -> Pose:
        """The frame after the last one, before its chunk is made: a further token has a weight of 1/48 in it, and is taken to go on."""
        points = np.concatenate([self._points, 2.0 * self._points[-1:] - self._points[-2:-1]])
        first = self._frame - FRAMES_PER_TOKEN * (self._token - len(self._points))
        pose = codec.decode(points, first, 1).pose(0)
        return copy(self._limiter).apply(pose, 1.0 / FPS)

    def _add(self, gesture: PlacedIntent) -> None:
        cut = gesture.start_s + _SUPERSEDED_S
        self._gestures = [replace(g, end_s=min(g.end_s, cut)) for g in self._gestures if g.start_s < gesture.start_s]
        self._gestures = [*self._gestures, gesture][-_MOST_GESTURES:]


def _same(one: PlacedIntent, other: PlacedIntent) -> bool:
    """Whether two are one gesture, which another may have cut short since."""
    return (one.label, one.start_s) == (other.label, other.start_s)
