"""Where the agent looks: at the person, with the aversions of human conversation, eyes first and head after.

Timing and directions are Andrist's (IVA 2013, HRI 2014) from `ListenerSettings`. Three reasons to look away, the
earlier ones first: thought (an answer that takes long), the start of a turn, and intimacy, while speaking and while
listening. In the last seconds of an utterance the gaze rests on the person to hand over; no aversion begins or lasts
there. An aversion that runs when speech begins ends at the time that its reason has for that.

The eyes reach a target in one saccade of 30 to 120 ms and follow small movements smoothly; the head sets out when
they have arrived, through a critically damped spring, and turns only part of the way (proact.md 4.5).

Angles in radians in the agent's frame: yaw to its left positive, pitch up positive. Times in session seconds.
Deterministic under the given random source; one writer (the tick).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

from behavioral.body.saccade import Saccade
from runtime.settings import ListenerSettings

Mode = Literal["idle", "listening", "thinking", "speaking"]
Reason = Literal["thought", "turn", "intimacy", "idle"]

HEAD_OMEGA = 9.0
"""Natural frequency of the head's critically damped spring, rad/s: settles in about half a second."""
EYE_LIMIT_RAD = math.radians(28.0)
HEAD_YAW_LIMIT_RAD = math.radians(50.0)
HEAD_PITCH_LIMIT_RAD = math.radians(25.0)
AVERSION_RAD = (0.20, 0.36)
"""Least and most distance of an aversion from the person's face."""
IDLE_EVERY_S = (4.0, 1.5)
IDLE_LENGTH_S = (2.0, 0.8)
IDLE_DIRECTIONS = (0.15, 0.25, 0.60)
LEAST_S = 0.3
"""No aversion and no look between two is shorter."""


@dataclass(frozen=True, slots=True)
class GazeState:
    """Gaze of one tick.

    Attributes:
        eyes_rad: of the eyes relative to a head that is turned by `head_rad` and by nothing else.
        head_rad: turn of the head relative to the body.
        averted: whether the target is not the person.
        shifted_rad: how far the target moved at this tick; a large shift invites a blink.
        look_rad: where the eyes look, in the agent's frame.
    """

    eyes_rad: tuple[float, float]
    head_rad: tuple[float, float]
    averted: bool
    shifted_rad: float
    look_rad: tuple[float, float]


@dataclass(slots=True)
class _Aversion:
    direction: tuple[float, float]
    until_s: float
    reason: Reason


class Gaze:
    """The gaze controller."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Look straight ahead."""
        self._settings = settings
        self._random = source
        self._mode: Mode = "idle"
        self._mode_since_s = 0.0
        self._person_rad = (0.0, 0.0)
        self._forced: tuple[tuple[float, float] | None, float] | None = None
        self._aversion: _Aversion | None = None
        self._next_aversion_s = 2.0
        self._yield_s = self._draw_yield()
        self._end_s = math.inf
        self._target = (0.0, 0.0)
        self._eyes = Saccade(settings.gaze_saccade_s)
        self._head = [0.0, 0.0]
        self._head_speed = [0.0, 0.0]
        self._last_s: float | None = None

    @property
    def averting_for(self) -> Reason | None:
        """Why the agent looks away from the person, or None."""
        return None if self._aversion is None else self._aversion.reason

    def person_at(self, bearing_rad: tuple[float, float]) -> None:
        """Say where the person's face is."""
        self._person_rad = bearing_rad

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change what the agent is doing."""
        if mode == self._mode:
            return
        before, self._mode, self._mode_since_s = self._mode, mode, t_s
        settings = self._settings
        if mode == "thinking":
            self._aversion = None
            if self._random.random() < settings.gaze_turn_start_share:
                # Until speech has begun, see below; or until it turns out to be thought.
                self._avert(t_s, math.inf, "turn")
            self._next_aversion_s = t_s + settings.gaze_thinking_after_s
        elif mode == "speaking":
            self._yield_s = self._draw_yield()
            if before == "thinking" and self._aversion is not None:
                thought = self._aversion.reason == "thought"
                end = settings.gaze_thinking_end_s if thought else settings.gaze_turn_start_end_s
                self._aversion.until_s = min(self._aversion.until_s, t_s + max(0.0, self._random.gauss(*end)))
            elif before != "thinking":  # the answer was there at once, or it is no answer
                self._aversion = None
                if self._random.random() < settings.gaze_turn_start_share:
                    self._avert(t_s, self._draw(settings.gaze_turn_start_end_s), "turn")
            self._schedule(t_s if self._aversion is None else self._aversion.until_s)
        else:
            self._aversion = None
            self._schedule(t_s)

    def utterance_ends_at(self, end_s: float) -> None:
        """Say when the current utterance will end: the gaze rests on the person in its last seconds."""
        self._end_s = end_s

    def look(self, direction_rad: tuple[float, float] | None, until_s: float) -> None:
        """Look in a direction (None: at the person) until a time, whatever else would happen."""
        self._forced = (direction_rad, until_s)

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
        look, landed = self._eyes.tick(t_s, step_s, target)
        limits = (HEAD_YAW_LIMIT_RAD, HEAD_PITCH_LIMIT_RAD)
        eyes = [0.0, 0.0]
        for axis in (0, 1):
            # The head sets out for where the eyes have landed; what the eyes cannot reach the head must do.
            wanted = self._settings.gaze_head_share * landed[axis]
            if abs(landed[axis] - wanted) > EYE_LIMIT_RAD:
                wanted = landed[axis] - math.copysign(EYE_LIMIT_RAD, landed[axis])
            wanted = max(-limits[axis], min(limits[axis], wanted))
            self._spring(axis, wanted, step_s)
            eyes[axis] = max(-EYE_LIMIT_RAD, min(EYE_LIMIT_RAD, look[axis] - self._head[axis]))
        return GazeState((eyes[0], eyes[1]), (self._head[0], self._head[1]), averted, shifted, look)

    def _choose(self, t_s: float) -> tuple[tuple[float, float], bool]:
        if self._forced is not None:
            direction, until_s = self._forced
            if t_s < until_s:
                return (self._person_rad, False) if direction is None else (direction, False)
            self._forced = None
        if self._aversion is not None and (t_s >= self._aversion.until_s or self._yields_within(t_s, 0.0)):
            self._aversion = None
            self._schedule(t_s)
        if self._mode == "thinking":
            self._think(t_s)
        elif self._aversion is None and t_s >= self._next_aversion_s and not self._yields_within(t_s, LEAST_S):
            self._avert(t_s, self._draw(self._length()), "idle" if self._mode == "idle" else "intimacy")
        return (self._person_rad, False) if self._aversion is None else (self._aversion.direction, True)

    def _think(self, t_s: float) -> None:
        """An answer that takes long: look away in thought, and back between two aversions."""
        if t_s < self._next_aversion_s:
            return
        settings = self._settings
        if self._aversion is None:
            self._avert(t_s, self._draw(settings.gaze_thinking_length_s), "thought")
        elif self._aversion.reason == "turn":  # the same look, but now it is thought that it lasts for
            length_s = self._draw(settings.gaze_thinking_length_s)
            until_s = max(t_s, self._mode_since_s + length_s)
            self._aversion = _Aversion(self._aversion.direction, until_s, "thought")

    def _yields_within(self, t_s: float, seconds: float) -> bool:
        """Whether the agent is handing over, or soon will: in the last seconds of its utterance."""
        return self._mode == "speaking" and self._end_s - self._yield_s - seconds <= t_s <= self._end_s

    def _avert(self, t_s: float, length_s: float, reason: Reason) -> None:
        settings = self._settings
        shares = {
            "thought": settings.gaze_thinking_directions,
            "turn": settings.gaze_turn_directions,
            "intimacy": settings.gaze_intimacy_directions,
            "idle": IDLE_DIRECTIONS,
        }[reason]
        where = self._random.choices(("up", "down", "side"), weights=shares)[0]
        sign = self._random.choice((-1.0, 1.0))
        size = self._random.uniform(*AVERSION_RAD)
        if where == "up":
            offset = (sign * 0.3 * size, 0.95 * size)
        elif where == "down":
            offset = (sign * 0.3 * size, -0.95 * size)
        else:
            offset = (sign * size, self._random.uniform(-0.05, 0.05))
        direction = (self._person_rad[0] + offset[0], self._person_rad[1] + offset[1])
        self._aversion = _Aversion(direction, t_s + length_s, reason)

    def _schedule(self, t_s: float) -> None:
        if self._mode == "thinking":
            away = self._settings.gaze_thinking_share
            mean_s = self._settings.gaze_thinking_length_s[0] * (1.0 - away) / max(1e-3, away)
            self._next_aversion_s = t_s + max(LEAST_S, mean_s * self._random.uniform(0.7, 1.3))
            return
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
        return max(LEAST_S, self._random.gauss(*mean_sd))

    def _draw_yield(self) -> float:
        return max(self._settings.gaze_yield_least_s, self._random.gauss(*self._settings.gaze_yield_s))

    def _spring(self, axis: int, wanted: float, step_s: float) -> None:
        # Exact step of a critically damped spring: stable at any step size.
        offset = self._head[axis] - wanted
        decay = math.exp(-HEAD_OMEGA * step_s)
        slope = self._head_speed[axis] + HEAD_OMEGA * offset
        self._head[axis] = wanted + (offset + slope * step_s) * decay
        self._head_speed[axis] = (self._head_speed[axis] - HEAD_OMEGA * slope * step_s) * decay
