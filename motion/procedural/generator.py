"""The model-free generator of body motion: idle life, speaking head, beats, nods, gestures and postures as one stream of poses.

One instance per embodiment, called from one thread. All times are session seconds; `sample` is called with times that do not go back.
The plan is a pure function of time between edits; at every edit (a gesture begins, speech stops, the mode changes) the
difference between old and new plan fades as a quintic with matched velocity and acceleration, so that nothing ever jumps. An edit
for a later time waits until `sample` reaches it. Deterministic under the seed and the calls. Gaze, eyes and face are not here.

Nothing in here raises on odd timing; unknown names and numbers that are not finite are refused with a `ValueError` and change nothing.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from motion.clip import Pose
from motion.limits import JointLimiter
from motion.procedural import controls as c
from motion.procedural import gestures, lexicon, posture
from motion.procedural.beats import BeatPlanner, Stroke, build_track
from motion.procedural.gestures import GesturePlan, GestureRun
from motion.procedural.head import MOST_NODS, Nod, NodKind, SpeakingHead, SpokenWord, nod_asked_for
from motion.procedural.idle import Idle
from motion.procedural.posture import Mode
from motion.procedural.solver import solve
from motion.procedural.track import ArmTrack, Offset
from runtime.settings import ListenerSettings, MotionSettings

__all__ = ["GestureRun", "ProceduralGenerator", "SpokenWord"]

_GESTURE_FADE_S: Final = 0.45
_CANCEL_FADE_S: Final = 0.60
_STOP_FADE_S: Final = 0.50
"""Barge-in: hands are a fifth of the way back after 200 ms."""
_POSTURE_FADE_S: Final = 1.0
_MODE_FADE_S: Final = 0.8
_PLAN_FADE_S: Final = 0.5
_PROBE_S: Final = 0.01
"""Step of the differences that measure velocity and acceleration at an edit."""
_KEEP_STROKES_S: Final = 6.0
"""Past beats that may still shape an arm; older ones are forgotten, however long the speech."""
_MOST_WAITING: Final = 256
"""Edits that may wait for their time; further ones push out the earliest by being done at once."""


class ProceduralGenerator:
    """The baseline body. See the module's docstring for the contract."""

    def __init__(self, seed: int, listener: ListenerSettings, motion: MotionSettings) -> None:
        """Draw all noise from `seed`; constants come from the profile's sections."""
        seeds = np.random.SeedSequence(abs(seed)).spawn(3)
        self._head_rng = np.random.default_rng(seeds[1])
        self._idle = Idle(np.random.default_rng(seeds[0]), listener.breaths_per_min)
        self._beats = BeatPlanner(motion.gesture_rate_per_min, motion.amplitude, np.random.default_rng(seeds[2]))
        self._listener, self._motion = listener, motion
        self._limiter = JointLimiter()
        self._neutral = c.neutral()
        self._mode: Mode = "idle"
        self._posture, self._posture_strength = "neutral", 0.0
        self._speaking: list[tuple[float, SpeakingHead]] = []
        self._strokes: list[Stroke] = []
        self._tracks: tuple[ArmTrack, ArmTrack] = (ArmTrack(()), ArmTrack(()))
        self._nods: list[Nod] = []
        # One gesture of the arms and one of the head alone may run together.
        self._arms: GesturePlan | None = None
        self._trunk: GesturePlan | None = None
        self._shaping: dict[str, tuple[float, float]] = {}
        self._offsets: list[Offset] = []
        self._waiting: list[tuple[float, int, str, Callable[[float], None]]] = []
        self._order = itertools.count()
        self._now_s = -math.inf

    # ------------------------------------------------------------ what to do

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change between idle, listening, thinking and speaking.

        Raises:
            ValueError: no such mode.
        """
        if mode not in posture.MODES:
            raise ValueError(f"unknown mode {mode!r}; one of: {', '.join(posture.MODES)}")

        def change() -> None:
            self._mode = mode

        self._when(t_s, "", lambda when: self._edit(when, change, _MODE_FADE_S))

    def posture(self, t_s: float, name: str, strength: float) -> None:
        """Take up a posture (`motion.procedural.posture.POSTURES`) until the next call; strength 0 to 1.

        Raises:
            ValueError: no such posture; the message lists the nearest.
        """
        found = posture.find(name)
        if not math.isfinite(strength):
            raise ValueError(f"posture {found}: strength is {strength}; it must be between 0 and 1")

        def change() -> None:
            self._posture, self._posture_strength = found, min(max(strength, 0.0), 1.0)

        self._when(t_s, "", lambda when: self._edit(when, change, _POSTURE_FADE_S))

    def speech_planned(self, response_id: str, start_s: float, words: Sequence[SpokenWord]) -> None:
        """Plan head and beats for words of the agent's own speech; times of words are session times.

        Args:
            response_id: the reply that the words belong to; further clauses of a reply come in further calls.
            start_s: session time at which the clause is heard.
            words: in order of time.

        Raises:
            ValueError: a word's times are not finite or run backwards.
        """
        del response_id  # one voice: what is planned is what will be heard, until `speech_stopped`
        for word in words:
            if not (math.isfinite(word.start_s) and math.isfinite(word.end_s) and word.end_s >= word.start_s):
                raise ValueError(f"speech_planned: word times {word.start_s}..{word.end_s} must be finite and in order")
        if not words:
            return
        ordered = sorted(words, key=lambda word: word.start_s)
        now = self._now_s if math.isfinite(self._now_s) else min(start_s, ordered[0].start_s) - 1.0

        def change() -> None:
            head = SpeakingHead(ordered, self._listener, self._head_rng)
            self._speaking.append((ordered[-1].end_s + 1.5, head))
            planned = self._beats.plan(ordered, now, [stroke.t_s for stroke in self._strokes])
            recent = [stroke for stroke in self._strokes if stroke.t_s > now - _KEEP_STROKES_S]
            self._strokes = sorted([*recent, *planned], key=lambda stroke: (stroke.t_s, stroke.side))
            self._build_tracks()

        self._edit(now, change, _PLAN_FADE_S)

    def speech_stopped(self, t_s: float) -> None:
        """The agent was interrupted: drop what is not yet played and let the hands sink, visibly within 200 ms."""

        def change() -> None:
            self._speaking.clear()
            self._strokes.clear()
            self._build_tracks()

        self._when(t_s, "", lambda when: self._edit(when, change, _STOP_FADE_S))

    def nod(self, t_s: float, kind: NodKind, amplitude: float = 1.0) -> float:
        """Nod from `t_s` on and return how long it takes, seconds.

        Raises:
            ValueError: no such kind, or the amplitude is not a finite number.
        """
        nod = nod_asked_for(t_s, self._now_s, kind, amplitude, self._listener, self._head_rng)

        def change() -> None:
            self._nods = [*self._nods, nod][-MOST_NODS:]

        # Adding a nod changes nothing at its start; the edit covers an older one that has to give way.
        self._when(nod.start_s, "", lambda when: self._edit(when, change, _GESTURE_FADE_S))
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
        """Perform a gesture of the lexicon; it takes over smoothly from a running one of the same kind (arms, or head alone).

        Arguments are those of `motion.procedural.gestures.plan`; `label` may be an alias.

        Returns:
            When it begins, strikes and ends.

        Raises:
            ValueError: unknown label (the message lists the nearest), or a number that is not finite.
        """
        definition = lexicon.find(label)
        plan = gestures.plan(
            gesture_id, definition, max(t_s, self._now_s) if math.isfinite(t_s) else t_s,
            side=side, strength=strength, amplitude=self._motion.amplitude, duration_s=duration_s,
            stroke_at_s=stroke_at_s, direction_rad=direction_rad,
        )  # fmt: skip

        def change() -> None:
            for other in (self._arms, self._trunk):
                same_kind = other is not None and (other.definition.hands == "none") == (definition.hands == "none")
                if other is not None and (same_kind or other.gesture_id == gesture_id):
                    self._let_go(other, plan.run.start_s + _GESTURE_FADE_S)
            if definition.hands == "none":
                self._trunk = plan
            else:
                self._arms = plan
            self._shaping[gesture_id] = (plan.run.start_s, plan.run.end_s)

        self._when(plan.run.start_s, gesture_id, lambda when: self._edit(when, change, _GESTURE_FADE_S))
        return plan.run

    def cancel_gesture(self, gesture_id: str, t_s: float) -> None:
        """Let a gesture go and return smoothly; one that has not begun never will. Unknown ids are ignored."""

        def change() -> None:
            for other in (self._arms, self._trunk):
                if other is not None and other.gesture_id == gesture_id:
                    self._let_go(other, max(t_s, self._now_s) + _CANCEL_FADE_S)

        def act(when: float) -> None:
            self._waiting = [entry for entry in self._waiting if entry[2] != gesture_id]
            heapq.heapify(self._waiting)
            self._edit(when, change, _CANCEL_FADE_S)

        self._when(t_s, "", act)

    # ------------------------------------------------------------ what comes out

    def sample(self, t_s: float) -> Pose:
        """Return the pose at a session time; times that go back count as the last one.

        Raises:
            ValueError: the time is not finite.
        """
        if not math.isfinite(t_s):
            raise ValueError(f"sample: t_s is {t_s}; it must be a finite number")
        last = self._now_s
        t_s = max(t_s, last)
        while self._waiting and self._waiting[0][0] <= t_s:
            when, _, _, act = heapq.heappop(self._waiting)
            act(max(when, last))
        self._now_s = t_s
        self._prune(t_s)
        controls = self._plan(t_s)
        for offset in self._offsets:
            controls += offset.at(t_s)
        return self._limiter.apply(solve(controls), t_s - last if math.isfinite(last) else 0.0)

    def active(self, t_s: float) -> tuple[str, ...]:
        """Ids of the gestures that shape the pose at a time, those that are just fading out included."""
        return tuple(name for name, (start, end) in self._shaping.items() if start <= t_s < end)

    # ------------------------------------------------------------ how

    def _plan(self, t_s: float) -> c.Vector:
        """Controls at a time, without the offsets that fade."""
        controls = self._neutral.copy()
        controls += posture.MODE_TRUNK[self._mode]
        if self._posture_strength > 0.0:
            posture.blend(controls, posture.POSTURES[self._posture], self._posture_strength)
        drift = self._idle.at(t_s, posture.MODE_LIVELINESS[self._mode])
        controls += drift
        pitch = yaw = roll = 0.0
        for _, head in self._speaking:
            p, y, r = head.at(t_s)
            pitch, yaw, roll = pitch + p, yaw + y, roll + r
        for nod in self._nods:
            pitch += nod.pitch(t_s)
        controls[9] += pitch
        controls[10] += yaw
        controls[11] += roll
        # The trunk goes along with the head a little.
        controls[6] += 0.10 * pitch
        controls[7] += 0.20 * yaw
        for where, track in ((c.LEFT, self._tracks[0]), (c.RIGHT, self._tracks[1])):
            controls[where] = track.blend(controls[where], t_s, drift[where])
        for running in (self._arms, self._trunk):
            if running is not None:
                running.apply(controls, drift, t_s)
        return controls

    def _edit(self, t_s: float, change: Callable[[], None], fade_s: float) -> None:
        """Change the plan and let the difference fade.

        The differences look back only: what begins now must not be mistaken for a jump.
        """
        times = (t_s - 2.0 * _PROBE_S, t_s - _PROBE_S, t_s)
        before = [self._plan(t) for t in times]
        change()
        a, b, d = (old - self._plan(t) for old, t in zip(before, times, strict=True))
        if max(np.abs(a).max(), np.abs(b).max(), np.abs(d).max()) < 1e-7:
            return
        velocity = (3.0 * d - 4.0 * b + a) / (2.0 * _PROBE_S)
        self._offsets.append(Offset(t_s, fade_s, d, velocity, (a - 2.0 * b + d) / _PROBE_S**2))

    def _when(self, t_s: float, name: str, act: Callable[[float], None]) -> None:
        if not math.isfinite(t_s):
            raise ValueError(f"time is {t_s}; it must be a finite number of seconds")
        if t_s <= self._now_s:
            act(self._now_s)
            return
        heapq.heappush(self._waiting, (t_s, next(self._order), name, act))
        if len(self._waiting) > _MOST_WAITING:
            _, _, _, first = heapq.heappop(self._waiting)
            first(self._now_s if math.isfinite(self._now_s) else t_s)

    def _let_go(self, plan: GesturePlan, until_s: float) -> None:
        if self._arms is plan:
            self._arms = None
        if self._trunk is plan:
            self._trunk = None
        start, end = self._shaping.get(plan.gesture_id, (plan.run.start_s, plan.run.end_s))
        self._shaping[plan.gesture_id] = (start, min(end, until_s))

    def _build_tracks(self) -> None:
        amplitude = self._motion.amplitude
        self._tracks = (build_track(self._strokes, 0, amplitude), build_track(self._strokes, 1, amplitude))

    def _prune(self, t_s: float) -> None:
        """Forget what has ended; nothing here changes the plan from now on."""
        if self._offsets:
            self._offsets = [offset for offset in self._offsets if offset.end_s > t_s]
        if self._nods:
            self._nods = [nod for nod in self._nods if nod.end_s > t_s]
        if self._speaking:
            self._speaking = [entry for entry in self._speaking if entry[0] > t_s]
        if self._strokes and max(track.end_s for track in self._tracks) < t_s:
            self._strokes = []
            self._build_tracks()
        for plan in (self._arms, self._trunk):
            if plan is not None and plan.run.end_s + 0.25 < t_s:
                self._let_go(plan, plan.run.end_s)
        if self._shaping:
            self._shaping = {name: span for name, span in self._shaping.items() if span[1] > t_s - 1.0}
