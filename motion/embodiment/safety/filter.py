"""What must hold whatever arrives: every command leaves here, and nothing else moves a motor.

`SafetyFilter.step` is called once per period of the body, with a new target or without, and always returns a command within the limits
(`Trajectory`). Targets with numbers that are none, or of the wrong length, are refused and counted; the last good one stays. Without a
fresh target for `FRESH_S` the body slows down to a standstill and then goes to its rest pose; with a person nearer than `SLOW_FROM_M`
it moves more slowly, at `STILL_AT_M` not at all; after an emergency stop it stands until it is released. After each of these, and at
the start, it gets up to its pace over `RAMP_S`. Time is given in, in seconds of any clock that does not jump back; where it does, the
target counts as not fresh. Stateful, one thread, in the driver's process.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.safety.trajectory import Trajectory

FRESH_S = 0.2
"""A target older than this is no longer followed."""
RAMP_S = 0.6
"""From a standstill to full pace."""
START_PACE = 0.1
REST_PACE = 0.25
"""Share of the joints' velocities at which a body goes to rest by itself."""
SLOW_FROM_M, STILL_AT_M = 1.2, 0.35
"""Distance of a person from which a body is slowed down, and at which it stands (an assumption for small upper bodies; ISO/TS 15066
has the method by which an integrator replaces it)."""
APART_M, APART_MOVING_S = 0.018, 0.003
"""Parts are stopped where they would come nearer to each other than this, and by so much more for each rad/s of the fastest joint: motors
lag behind their commands, the more so the faster they go (m/(rad/s))."""
CATCHES_UP_S = 0.1
"""Motors have not caught up as soon as their commands slow down: how fast they went is forgotten with this time constant."""
SLOWER = 0.5
"""Share of its pace at which a body goes on after a step that would have brought parts too near."""
LIMIT_SHARE, AT_END_RAD = 0.999, 1e-6
"""A joint that uses this much of its velocity, or is this near an end of its range, is reported to be at a limit."""

State = Literal["follows", "slowed", "stops", "rests", "stopped"]


@dataclass(frozen=True, slots=True)
class Command:
    """What is really sent.

    Attributes:
        position_rad: [joints].
        velocity_rad_s: [joints].
        state: `follows` the targets, `slowed` by a person near, `stops` or `rests` for want of targets, `stopped` in an emergency.
        refused: targets refused so far.
    """

    position_rad: Float64
    velocity_rad_s: Float64
    state: State
    refused: int


def pace_beside(person_m: float) -> float:
    """Return the share of its pace that a body may have with the nearest person so far away."""
    return min(1.0, max(0.0, (person_m - STILL_AT_M) / (SLOW_FROM_M - STILL_AT_M)))


class SafetyFilter:
    """The last stage of one body."""

    def __init__(
        self,
        body: BodyDescription,
        measured_rad: Float64,
        clearance_m: Callable[[Float64], float] | None = None,
    ) -> None:
        """Begin where the body is.

        Args:
            body: its limits.
            measured_rad: [joints] as measured.
            clearance_m: how far apart the nearest parts are in a pose [joints]; None where nothing checks.
        """
        self._clearance_m = clearance_m
        self.touches_avoided = 0
        self._body = body
        self._way = Trajectory(body, measured_rad)
        self._rest = body.vector("rest_rad")
        self._low, self._high = body.vector("low_rad"), body.vector("high_rad")
        self._target = self._way.position_rad.copy()
        self._zeros = np.zeros_like(self._target)
        self._speed = self._zeros
        self._target_s: float | None = None
        self._pace = START_PACE
        self._lately_rad_s = 0.0
        self._forgets = math.exp(-body.period_s / CATCHES_UP_S)
        self._emergency = False
        self._person_m = np.inf
        self._stands_since_fresh = False
        self._straight = True
        self.refused = 0

    @property
    def stopped(self) -> bool:
        """Whether an emergency stop holds."""
        return self._emergency

    def emergency_stop(self) -> None:
        """Stop with the next step, and stay so until `release`."""
        self._emergency = True

    def release(self) -> bool:
        """End the emergency stop; return whether it ended: not while the body still moves."""
        if self._emergency and self._way.stands:
            self._emergency = False
            self._target_s = None  # what was wanted before is not resumed
            self._stands_since_fresh = True
            self._pace = START_PACE
        return not self._emergency

    def person_at(self, distance_m: float) -> None:
        """Say how near the nearest person is; no number counts as touching."""
        self._person_m = distance_m if np.isfinite(distance_m) else (np.inf if distance_m == np.inf else 0.0)

    def target(self, position_rad: Float64, now_s: float) -> bool:
        """Take a target; return whether it was taken. Refused are wrong lengths and numbers that are none."""
        given = np.asarray(position_rad, float)
        if given.shape != self._target.shape or not all(map(math.isfinite, [now_s, *given.tolist()])):
            self.refused += 1
            return False
        aimed = np.minimum(np.maximum(given, self._low), self._high)
        since_s = 0.0 if self._target_s is None else now_s - self._target_s
        known = 0.5 * self._body.period_s <= since_s <= FRESH_S
        self._speed = (aimed - self._target) / since_s if known else self._zeros
        self._target, self._target_s = aimed, now_s
        return True

    def _move(self, target_rad: Float64, target_rad_s: Float64, pace: float, *, together: bool = False) -> bool:
        """Take a step from which the body can still stop without touching itself, else brake, and go on more slowly.

        Returns whether it moved on.
        """
        before = self._way.state()
        self._way.step(target_rad, target_rad_s, pace, together=together)
        if self._clearance_m is None or self._free(before.position_rad):
            return True
        self.touches_avoided += 1
        self._way.back_to(before)
        self._way.brake()
        self._pace = max(START_PACE, SLOWER * self._pace)
        return False

    def _free(self, before_rad: Float64) -> bool:
        """Whether the body could stop from here with its parts apart, or what is too near comes apart."""
        assert self._clearance_m is not None
        apart_m = APART_M + APART_MOVING_S * max(self._lately_rad_s, self._way.fastest_rad_s)
        now_m = self._clearance_m(self._way.position_rad)
        least_m = now_m
        for pose in self._way.stopping_path():
            least_m = min(least_m, self._clearance_m(pose))
            if least_m < min(apart_m, now_m):
                return False
        return least_m >= apart_m or now_m > self._clearance_m(before_rad)

    def _get_up_to(self, pace: float) -> None:
        self._pace = min(pace, self._pace + (1.0 - START_PACE) * self._body.period_s / RAMP_S)

    def forget_target(self) -> None:
        """Follow nothing more until the next target, which begins at a small pace."""
        self._target_s = None
        self._pace = START_PACE

    def step(self, now_s: float) -> Command:
        """Return the next command; call it once per period."""
        self._lately_rad_s = max(self._forgets * self._lately_rad_s, self._way.fastest_rad_s)
        fresh = self._target_s is not None and 0.0 <= now_s - self._target_s <= FRESH_S
        near = pace_beside(self._person_m)
        state: State
        if self._emergency or near == 0.0:
            state = "stopped" if self._emergency else "slowed"
            self._way.brake()
            self._pace = START_PACE
        elif fresh:
            state = "follows" if near == 1.0 else "slowed"
            self._stands_since_fresh = False
            self._get_up_to(1.0)
            self._move(self._target, self._speed, min(self._pace, near))
        else:
            self._stands_since_fresh = self._stands_since_fresh or self._way.stands
            state = "rests" if self._stands_since_fresh else "stops"
            if self._stands_since_fresh:
                # On a straight line; where something is in its way, each joint by itself, and so on in turn.
                self._get_up_to(REST_PACE)
                pace = min(self._pace, near)
                if not self._move(self._rest, self._zeros, pace, together=self._straight) and self._way.stands:
                    self._straight = not self._straight
            else:
                self._way.brake()
                self._pace = START_PACE
        return Command(self._way.position_rad, self._way.velocity_rad_s, state, self.refused)


def at_limit(body: BodyDescription, command: Command) -> NDArray[np.bool_]:
    """Return which joints are at an end of their range or at their velocity, [joints]."""
    position = command.position_rad
    edge = (position <= body.vector("low_rad") + AT_END_RAD) | (position >= body.vector("high_rad") - AT_END_RAD)
    return edge | (abs(command.velocity_rad_s) >= LIMIT_SHARE * body.vector("velocity_rad_s"))
