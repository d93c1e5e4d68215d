"""Where the agent looks: at the person, with the aversions of human conversation, eyes first and head after.

Timing is Andrist's (IVA 2013, HRI 2014) from `ListenerSettings`: while speaking and while listening the gaze
leaves the person every so often and comes back; while thinking it is averted at once, until shortly after
one's own speech has begun; in the last seconds of an utterance it rests on the person to hand over. The eyes
reach a target within about 100 ms, the head follows through a critically damped spring and turns only part of
the way (proact.md 4.5).

Angles in radians in the agent's frame: yaw to its left positive, pitch up positive. Times in session seconds.
Deterministic under the given random source; one writer (the tick).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

from runtime.settings import ListenerSettings

Mode = Literal["idle", "listening", "thinking", "speaking"]

HEAD_SHARE = 0.45
"""Share of a gaze shift that the head makes (proact.md 4.5)."""
EYE_TIME_S = 0.035
"""Time constant of the eyes' approach: a 20 degree saccade is over in about 100 ms."""
HEAD_OMEGA = 9.0
"""Natural frequency of the head's critically damped spring, rad/s: settles in about half a second."""
EYE_LIMIT_RAD = math.radians(28.0)
HEAD_YAW_LIMIT_RAD = math.radians(50.0)
HEAD_PITCH_LIMIT_RAD = math.radians(25.0)
IDLE_EVERY_S = (4.0, 1.5)
IDLE_LENGTH_S = (2.0, 0.8)

DIRECTIONS: dict[str, tuple[float, float, float]] = {
    "thinking": (0.29, 0.39, 0.31),
    "speaking": (0.29, 0.14, 0.58),
    "listening": (0.29, 0.14, 0.58),
    "idle": (0.15, 0.25, 0.60),
}
"""Shares of up, down and side (Andrist, IVA 2013: cognitive and intimacy aversions)."""


@dataclass(frozen=True, slots=True)
class GazeState:
    """Gaze of one tick: eye angles relative to the head, head angles relative to the body, and whether it is averted."""

    eyes_rad: tuple[float, float]
    head_rad: tuple[float, float]
    averted: bool
    shifted_rad: float
    """How far the target moved at this tick; a large shift invites a blink."""


class Gaze:
    """The gaze controller."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Look straight ahead."""
        self._settings = settings
        self._random = source
        self._mode: Mode = "idle"
        self._person_rad = (0.0, 0.0)
        self._forced: tuple[tuple[float, float], float] | None = None
        self._aversion: tuple[tuple[float, float], float] | None = None
        self._next_aversion_s = 2.0
        self._yields_from_s = self._yields_until_s = math.inf
        self._target = (0.0, 0.0)
        self._eyes_world = [0.0, 0.0]
        self._head = [0.0, 0.0]
        self._head_speed = [0.0, 0.0]
        self._last_s: float | None = None

    def person_at(self, bearing_rad: tuple[float, float]) -> None:
        """Say where the person's face is."""
        self._person_rad = bearing_rad

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change what the agent is doing."""
        if mode == self._mode:
            return
        self._mode = mode
        if mode == "thinking":
            self._avert(t_s, 30.0)  # until speech has begun, see `speech_begins`
        elif mode == "speaking":
            until_s = t_s + self._settings.gaze_turn_start_until_s
            if self._aversion is not None:
                self._aversion = (self._aversion[0], min(self._aversion[1], until_s))
            self._schedule(until_s)
        else:
            self._aversion = None
            self._schedule(t_s)

    def utterance_ends_at(self, end_s: float) -> None:
        """Say when the current utterance will end: the gaze rests on the person in its last seconds."""
        self._yields_from_s, self._yields_until_s = end_s - self._settings.gaze_yield_s, end_s

    def look(self, direction_rad: tuple[float, float] | None, until_s: float) -> None:
        """Look in a direction (None: at the person) until a time, whatever else would happen."""
        self._forced = (direction_rad if direction_rad is not None else (math.nan, math.nan), until_s)

    def release(self) -> None:
        """End a forced look."""
        self._forced = None

    def tick(self, t_s: float) -> GazeState:
        """Advance to session time `t_s` and return the gaze."""
        step_s = 0.02 if self._last_s is None else min(0.1, max(0.0, t_s - self._last_s))
        self._last_s = t_s
        target, averted = self._choose(t_s)
        shifted = math.hypot(target[0] - self._target[0], target[1] - self._target[1])
        self._target = target
        approach = 1.0 - math.exp(-step_s / EYE_TIME_S)
        limits = (HEAD_YAW_LIMIT_RAD, HEAD_PITCH_LIMIT_RAD)
        eyes = [0.0, 0.0]
        for axis in (0, 1):
            self._eyes_world[axis] += approach * (target[axis] - self._eyes_world[axis])
            # What the eyes cannot reach the head must do.
            wanted = HEAD_SHARE * target[axis]
            rest = target[axis] - wanted
            if abs(rest) > EYE_LIMIT_RAD:
                wanted = target[axis] - math.copysign(EYE_LIMIT_RAD, target[axis])
            wanted = max(-limits[axis], min(limits[axis], wanted))
            self._spring(axis, wanted, step_s)
            eyes[axis] = max(-EYE_LIMIT_RAD, min(EYE_LIMIT_RAD, self._eyes_world[axis] - self._head[axis]))
        return GazeState((eyes[0], eyes[1]), (self._head[0], self._head[1]), averted, shifted)

    def _choose(self, t_s: float) -> tuple[tuple[float, float], bool]:
        if self._forced is not None:
            direction, until_s = self._forced
            if t_s < until_s:
                return (self._person_rad, False) if math.isnan(direction[0]) else (direction, False)
            self._forced = None
        if self._aversion is not None:
            direction, until_s = self._aversion
            if t_s < until_s and not self._yielding(t_s, 0.0):
                return direction, True
            self._aversion = None
            self._schedule(t_s)
        elif t_s >= self._next_aversion_s and not self._yielding(t_s, 0.3):
            self._avert(t_s, self._draw(self._length()))
            assert self._aversion is not None
            return self._aversion[0], True
        return self._person_rad, False

    def _yielding(self, t_s: float, margin_s: float) -> bool:
        """Whether the agent is handing over: in the last seconds of its utterance."""
        return self._mode == "speaking" and self._yields_from_s - margin_s <= t_s <= self._yields_until_s

    def _avert(self, t_s: float, length_s: float) -> None:
        up, down, _side = DIRECTIONS[self._mode]
        draw = self._random.random()
        sign = self._random.choice((-1.0, 1.0))
        size = self._random.uniform(0.20, 0.36)
        if draw < up:
            offset = (sign * 0.3 * size, 0.7 * size)
        elif draw < up + down:
            offset = (sign * 0.3 * size, -0.8 * size)
        else:
            offset = (sign * size, self._random.uniform(-0.05, 0.05))
        self._aversion = ((self._person_rad[0] + offset[0], self._person_rad[1] + offset[1]), t_s + length_s)

    def _schedule(self, t_s: float) -> None:
        every = {
            "speaking": self._settings.gaze_speaking_every_s,
            "listening": self._settings.gaze_listening_every_s,
        }.get(self._mode, IDLE_EVERY_S)
        self._next_aversion_s = t_s + self._draw(every)

    def _length(self) -> tuple[float, float]:
        return {
            "speaking": self._settings.gaze_speaking_length_s,
            "listening": self._settings.gaze_listening_length_s,
        }.get(self._mode, IDLE_LENGTH_S)

    def _draw(self, mean_sd: tuple[float, float]) -> float:
        return max(0.3, self._random.gauss(*mean_sd))

    def _spring(self, axis: int, wanted: float, step_s: float) -> None:
        # Exact step of a critically damped spring: stable at any step size.
        offset = self._head[axis] - wanted
        decay = math.exp(-HEAD_OMEGA * step_s)
        slope = self._head_speed[axis] + HEAD_OMEGA * offset
        self._head[axis] = wanted + (offset + slope * step_s) * decay
        self._head_speed[axis] = (self._head_speed[axis] - HEAD_OMEGA * slope * step_s) * decay
