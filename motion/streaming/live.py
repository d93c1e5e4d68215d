"""The learned body in a live session: chunks made a little before they are due, and a pose at any time.

Two sides. Everything public is called from the session's event loop and returns at once; what it changes is taken along with the next
chunk, which is made in an offload (a thread; inline under virtual time) by `run`. So no call here waits for the network, and the network's
state has one owner. `sample` interpolates between frames at 30 fps; where a chunk is late the body holds still, fades over to where it
should be when the chunk is there, and it is counted.

Times are session seconds. The generator's frame 0 stands at the time at which `run` began; after a standstill of more than
`MOST_BEHIND_S` it is moved, and what was missed is not made up for. Calls that cannot be done (an unknown gesture, numbers that are not
finite) are refused with a `ValueError` and change nothing. `run` ends when it is cancelled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.corpus.scene import PlacedIntent
from motion.procedural.gestures import GestureRun
from motion.procedural.head import MOST_NODS, Nod, NodKind, SpokenWord, nod_asked_for
from motion.procedural.posture import Mode
from motion.procedural.track import ease
from motion.skeleton import INDEX
from motion.streaming.agent import Agent
from motion.streaming.generator import Generator
from motion.streaming.placing import place
from motion.streaming.stance import Stance
from motion.streaming.steady import SteadyHead
from motion.tokens.layout import FPS
from runtime.clock import NS_PER_S, Clock
from runtime.offload import Offload
from runtime.settings import ListenerSettings, MotionSettings

RATE_HZ: Final = 16_000
LEAD_S: Final = (0.02, 0.08)
"""A chunk is begun so long before its first frame is due, least and most; the less, the sooner it answers. Making it takes 10 ms."""
_LEAD_MARGIN_S: Final = 0.01
_LEAD_FALL_S: Final = 0.002
"""A slow chunk has the next ones begun earlier at once; every other one lets that sink by so much."""
MOST_BEHIND_S: Final = 2.0
_JITTER_SAMPLES: Final = 1_024
"""Blocks of the user's sound that are off their place by less are taken as they come."""
_UNHEARD_S: Final = 0.3
"""Where no sound comes for longer (a closed microphone) it is silence."""
_CATCH_UP_S: Final = 0.4
_NECK_SHARE: Final = 0.4
_MOST_CALLS: Final = 1_024
"""Calls that may wait for a chunk; the oldest go first."""


class LiveMotion:
    """Moves one body; the calls of `motion.procedural.generator.ProceduralGenerator`, and what both people say as sound."""

    def __init__(self, generator: Generator, seed: int, listener: ListenerSettings, motion: MotionSettings) -> None:
        """Stand ready; the first pose is the generator's until `run` begins.

        Args:
            generator: of one agent, fresh.
            seed: of the nods' variety.
            listener: constants of nods.
            motion: size of gestures.
        """
        self._generator, self._listener, self._motion = generator, listener, motion
        self._rng = np.random.default_rng(abs(seed))
        self._stance = Stance()
        self._steady = SteadyHead()
        self._nods: list[Nod] = []
        self._asked: dict[str, PlacedIntent] = {}
        self._calls: list[Callable[[Agent], object]] = []
        self._frames: list[Pose] = []
        """Those made, and one foreseen (`Agent.foreseen`), which the next chunk replaces: ticks fall between two frames."""
        self._first = 0
        """Index of the oldest frame that is kept."""
        self._due = 0
        """First frame of the next chunk that is not yet being made."""
        self._lead_s = LEAD_S[0]
        self._begin_s = 0.0
        self._now_s = -math.inf
        self._stuck: Pose | None = None
        """The pose in which a late chunk left the body, until it has caught up."""
        self._resumed_s = math.inf
        self.held = 0
        """Samples that a late chunk left without motion."""
        self.refused = 0
        """Calls that the generator could not follow."""
        self._show(*self._make([]))
        self._shown = self._frames[0]

    # ------------------------------------------------------------ what to do

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change between idle, listening, thinking and speaking; raises `ValueError` where there is no such mode."""
        self._stance.set_mode(t_s, mode)
        self._steady.set_mode(t_s, mode)

    def posture(self, t_s: float, name: str, strength: float) -> None:
        """Take up a posture until the next call; raises `ValueError` where there is no such posture."""
        self._stance.take_up(t_s, name, strength)

    def speech_planned(self, response_id: str, start_s: float, words: Sequence[SpokenWord]) -> None:
        """Nothing: this body moves to the sound of speech (`say`), not to its words."""

    def say(self, start_s: float, pcm: NDArray[np.int16], rate_hz: int) -> None:
        """The agent will be heard saying this from a time on."""
        at = self._sample(start_s)
        self._call(lambda agent: agent.say(at, _resampled(pcm, rate_hz)))

    def speech_stopped(self, t_s: float) -> None:
        """The agent was interrupted: nothing of what was planned is said from a time on."""
        at = self._sample(t_s)
        self._call(lambda agent: agent.stop(at))

    def hear(self, t_s: float, samples: NDArray[np.float32]) -> None:
        """The user was heard: samples at 16 kHz, the first at a time."""
        at = self._sample(t_s)
        self._call(lambda agent: _listen(agent, at, samples))

    def nod(self, t_s: float, kind: NodKind, amplitude: float = 1.0) -> float:
        """Nod from `t_s` on and return how long it takes, seconds; raises `ValueError` for numbers that are not finite."""
        nod = nod_asked_for(t_s, self._now_s, kind, amplitude, self._listener, self._rng)
        self._nods = [*self._nods, nod][-MOST_NODS:]
        return nod.duration_s

    def gesture(
        self,
        gesture_id: str,
        t_s: float,
        label: str,
        *,
        side: float = 0.0,
        strength: float = 1.0,
        duration_s: float | None = None,
        stroke_at_s: float | None = None,
        direction_rad: tuple[float, float] | None = None,
    ) -> GestureRun:
        """Perform a gesture of the lexicon with the next chunk, or for a stroke at a time; it takes over from a running one.

        Raises:
            ValueError: unknown label (the message lists the nearest), one that the checkpoint has not learned, or a number that is not
                finite.
        """
        if not math.isfinite(t_s):
            raise ValueError(f"gesture {label}: t_s is {t_s}; it must be finite")
        begin = self._begin_s
        placed = place(
            label, max(self._due / FPS, t_s - begin), asked_s=t_s - begin, side=side,
            amplitude=strength * self._motion.amplitude, direction_rad=direction_rad, duration_s=duration_s,
            stroke_at_s=None if stroke_at_s is None else stroke_at_s - begin,
        )  # fmt: skip
        if placed.label not in self._generator.model.shape.labels:
            raise ValueError(f"gesture {placed.label!r} is not one that this checkpoint has learned")
        now_s = t_s - begin
        self._asked = {name: one for name, one in self._asked.items() if one.end_s > now_s - 1.0}
        self._asked[gesture_id] = placed
        self._call(lambda agent: agent.perform(placed))
        return GestureRun(placed.start_s + begin, placed.stroke_s + begin, placed.end_s + begin, placed.label, side)

    def cancel_gesture(self, gesture_id: str, t_s: float) -> None:
        """Let a gesture go with the next chunk; one that has not begun never will. Unknown ids are ignored."""
        del t_s  # the next chunk is as soon as it gets
        placed = self._asked.pop(gesture_id, None)
        if placed is not None:
            self._call(lambda agent: agent.cancel(placed))

    # ------------------------------------------------------------ what comes out

    def sample(self, t_s: float) -> Pose:
        """Return the pose at a session time; times that go back count as the last one.

        Raises:
            ValueError: the time is not finite.
        """
        if not math.isfinite(t_s):
            raise ValueError(f"sample: t_s is {t_s}; it must be a finite number")
        t_s = self._now_s = max(t_s, self._now_s)
        at = max(0.0, (t_s - self._begin_s) * FPS) - self._first
        # A tick that is itself late may ask for a time from before a shift of `_begin_s`: it gets the oldest frame there is.
        before = max(0, min(int(at), len(self._frames) - 1))
        if before > 8:
            del self._frames[: before - 1]
            self._first += before - 1
            at, before = at - (before - 1), 1
        after = min(before + 1, len(self._frames) - 1)
        pose = _between(self._frames[before], self._frames[after], min(max(at - before, 0.0), 1.0))
        pose = self._caught_up(t_s, pose, late=at > len(self._frames) - 1)
        rotations = pose.rotations.astype(np.float64)
        begin = self._begin_s
        self._steady.apply(t_s, rotations, ((one.start_s + begin, one.end_s + begin) for one in self._asked.values()))
        turned = self._stance.apply(t_s, rotations)
        self._nods = [nod for nod in self._nods if nod.end_s > t_s]
        pitch = sum(nod.pitch(t_s) for nod in self._nods)
        for joint, part in (("neck", _NECK_SHARE), ("head", 1.0 - _NECK_SHARE)):
            row = INDEX[joint]
            turned[row] = rot.multiply(turned[row], rot.exp(np.array([part * pitch, 0.0, 0.0])))
        return Pose(turned.astype(np.float32), pose.hips_m, pose.hands)

    async def run(self, clock: Clock, offload: Offload) -> None:
        """Make chunks in time until cancelled."""
        self._begin_s = clock.now_ns() / NS_PER_S
        while True:
            due_s = self._begin_s + self._due / FPS
            await clock.sleep_until_ns(round((due_s - self._lead_s) * NS_PER_S))
            start_s = clock.now_ns() / NS_PER_S
            behind_s = start_s - due_s
            if behind_s > MOST_BEHIND_S:
                self._begin_s += behind_s
            calls, self._calls = self._calls, []
            # What is asked from now on can show in the chunk after this one at the earliest.
            self._due += self._generator.model.shape.chunk_frames
            self._show(*await offload.run(self._make, calls))
            needed_s = clock.now_ns() / NS_PER_S - start_s + _LEAD_MARGIN_S
            self._lead_s = min(max(LEAD_S[0], needed_s, self._lead_s - _LEAD_FALL_S), LEAD_S[1])

    def _make(self, calls: list[Callable[[Agent], object]]) -> tuple[Clip, Pose]:
        """In the offload: do what was asked for, then make the next chunk, and foresee the frame after it."""
        agent = self._generator.agents[0]
        missing = round((agent.now_s - _UNHEARD_S) * RATE_HZ) - agent.heard_samples
        if missing > 0:
            agent.listen(np.zeros(missing, dtype=np.float32))
        for call in calls:
            try:
                call(agent)
            except ValueError:
                self.refused += 1
        return self._generator.chunk()[0], agent.foreseen()

    # ------------------------------------------------------------ how

    def _caught_up(self, t_s: float, pose: Pose, *, late: bool) -> Pose:
        """The pose, or the way to it from where a late chunk left the body."""
        if late:
            self.held += 1
            # Still, also while it was on its way back from an earlier halt.
            held = self._stuck if self._stuck is not None and self._resumed_s == math.inf else self._shown
            self._stuck, self._resumed_s = held, math.inf
            pose = held
        elif self._stuck is not None:
            self._resumed_s = min(self._resumed_s, t_s)
            pose = _between(self._stuck, pose, ease((t_s - self._resumed_s) / _CATCH_UP_S))
            if t_s >= self._resumed_s + _CATCH_UP_S:
                self._stuck, self._resumed_s = None, math.inf
        self._shown = pose
        return pose

    def _show(self, clip: Clip, foreseen: Pose) -> None:
        self._frames[-1:] = [*(clip.pose(row) for row in range(len(clip))), foreseen]
        self._due = max(self._due, self._first + len(self._frames) - 1)

    def _call(self, call: Callable[[Agent], object]) -> None:
        self._calls.append(call)
        del self._calls[:-_MOST_CALLS]

    def _sample(self, t_s: float) -> int:
        """The generator's sample at a session time.

        Raises:
            ValueError: the time is not finite.
        """
        if not math.isfinite(t_s):
            raise ValueError(f"time is {t_s}; it must be a finite number of seconds")
        return round((t_s - self._begin_s) * RATE_HZ)


def _between(a: Pose, b: Pose, share: float) -> Pose:
    if share <= 0.0:
        return a
    turned = rot.slerp(a.rotations.astype(np.float64), b.rotations.astype(np.float64), share)
    hips, hands = (x + np.float32(share) * (y - x) for x, y in ((a.hips_m, b.hips_m), (a.hands, b.hands)))
    return Pose(turned.astype(np.float32), hips, hands)


def _resampled(pcm: NDArray[np.int16], rate_hz: int) -> NDArray[np.float32]:
    import soxr

    samples = pcm.astype(np.float32) / np.float32(32_768.0)
    resampled: Any = samples if rate_hz == RATE_HZ else soxr.resample(samples, rate_hz, RATE_HZ)
    return np.asarray(resampled, dtype=np.float32)


def _listen(agent: Agent, at: int, samples: NDArray[np.float32]) -> None:
    """Take a block at its place: a gap before it is silence, what overlaps is left out."""
    off = min(at - agent.heard_samples, RATE_HZ)
    if off > _JITTER_SAMPLES:
        agent.listen(np.zeros(off, dtype=np.float32))
    elif off < -_JITTER_SAMPLES:
        samples = samples[-off:]
    if len(samples):
        agent.listen(samples)
