"""Joint targets to commands that a motor can follow: within position, velocity, acceleration and jerk, in the shortest time.

Each tick Ruckig (Berscheid and Kröger, "Jerk-limited Real-time Trajectory Generation with Arbitrary Target States", RSS 2021) plans
from the present state to the target and the first step of that plan is taken. A target that moves is aimed at with its velocity, so
that it is followed without delay. A joint that could not stop within its range after that step brakes instead: the way to rest from a
state on a way to rest is the same way, so that no joint ever comes where it could not stop any more. Float64 vectors
[joints], radians and seconds. About 50 to 100 microseconds for 26 joints; what Ruckig gives as lists and takes as lists stays one.
A state that Ruckig cannot plan brakes. Stateful, one thread; arrays that it hands out are never changed afterwards; raises nothing
after construction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from motion.embodiment.description import BodyDescription, Float64

MARGIN = 1.0 - 1e-6
"""A target's velocity stays this share below the joint's, as Ruckig asks."""
POSITION_SLACK_RAD = 1e-9
STANDS_RAD_S = 1e-4
PATH_STEP_RAD, PATH_POINTS = 0.12, 8
"""A path to a standstill is looked at this often, and at no more points."""
SLOWEST = 1e-3
"""Share of a joint's velocity below which nothing is planned any more: standing still is a target, not a pace."""


class State(NamedTuple):
    """Of all joints, each [joints]; never changed."""

    position_rad: Float64
    velocity_rad_s: list[float]
    acceleration_rad_s2: list[float]


_Stops = tuple[tuple[State | None, Any], tuple[State | None, Any]]


class Trajectory:
    """The state of one body's joints, and the way from each command to the next."""

    def __init__(self, body: BodyDescription, start_rad: Float64) -> None:
        """Begin at rest where the joints are.

        Args:
            body: limits and rate.
            start_rad: [joints] as measured. A joint outside of its range is led back into it, as fast as its limits allow.

        Raises:
            ImportError: the extra `robot` is not installed.
            ValueError: a position is no finite number, or there are too few or too many.
        """
        import ruckig

        self._ruckig = ruckig
        count = len(body.joints)
        self._low, self._high = body.vector("low_rad"), body.vector("high_rad")
        self._velocity = body.vector("velocity_rad_s")
        self._generator = ruckig.Ruckig(count, body.period_s)
        self._input, self._to_rest = ruckig.InputParameter(count), ruckig.InputParameter(count)
        self._planned = ruckig.Trajectory(count)
        self._stops: _Stops = (None, ruckig.Trajectory(count)), (None, ruckig.Trajectory(count))
        """The last two ways to a standstill, the newest first, and the states from which they lead."""
        self._step_s = body.period_s
        for given in (self._input, self._to_rest):
            given.synchronization = ruckig.Synchronization.No
            given.max_velocity = self._velocity.tolist()
            given.max_acceleration = body.vector("acceleration_rad_s2").tolist()
            given.max_jerk = body.vector("jerk_rad_s3").tolist()
        self._to_rest.control_interface = ruckig.ControlInterface.Velocity
        self._to_rest.target_velocity = self._to_rest.current_position = [0.0] * count
        self.unplanned = 0
        """Steps for which no plan could be computed, and which braked instead."""
        self._together = False
        self._pace, self._most = 1.0, MARGIN * self._velocity
        start = np.array(start_rad, float)
        if start.shape != self._low.shape or not np.isfinite(start).all():
            raise ValueError(f"body {body.name}: {len(self._low)} measured positions must be finite numbers")
        self.back_to(State(start, [0.0] * count, [0.0] * count))

    def step(self, target_rad: Float64, target_rad_s: Float64, pace: float = 1.0, *, together: bool = False) -> Float64:
        """Take one step towards a target and return the new command, [joints].

        Args:
            target_rad: where each joint should be, finite; clipped to its range.
            target_rad_s: how fast the target moves, finite.
            pace: 0 to 1, share of each joint's velocity that is allowed now. A joint that is faster than that slows down within its limits.
            together: whether all joints arrive at one time, from a standstill on a straight line; else each as soon as it can.
        """
        target = np.minimum(np.maximum(target_rad, self._low), self._high)
        if together != self._together:
            self._together = together
            way = self._ruckig.Synchronization
            self._input.synchronization = way.Phase if together else way.No
        if pace != self._pace:
            self._pace, self._most = pace, MARGIN * self._velocity * min(1.0, max(SLOWEST, pace))
            self._input.max_velocity = (self._most / MARGIN).tolist()
        moves = np.minimum(np.maximum(target_rad_s, -self._most), self._most)
        try:
            ahead = self._planned_step(target, moves)
            leaves = self._leaving(ahead)
            if leaves:
                ahead = self._braking(ahead, leaves)
        except self._ruckig.RuckigError:  # a state whose plan it cannot compute, for want of digits: some in a million
            self.unplanned += 1
            return self.brake()
        return self._come_to(ahead)

    def brake(self) -> Float64:
        """Take one step towards a standstill, as soon as the limits allow, and return the new command."""
        try:
            moved, velocity, acceleration = self._stop_from(self._at).at_time(self._step_s)
        except self._ruckig.RuckigError:
            self.unplanned += 1
            return self._coast()
        return self._come_to(State(self._within(self.position_rad + moved), velocity, acceleration))

    def stopping_path(self) -> Iterator[Float64]:
        """Yield poses on the way to a standstill if it braked now, [joints], beginning with the one where it stops."""
        try:
            way = self._stop_from(self._at)
        except self._ruckig.RuckigError:
            yield self.position_rad
            return
        duration_s = way.duration
        end = way.at_time(duration_s)[0]
        yield self.position_rad + end
        farthest_rad = max(map(abs, end))
        points = min(PATH_POINTS, math.ceil(farthest_rad / PATH_STEP_RAD))
        for point in range(points - 1, 0, -1):
            yield self.position_rad + way.at_time(duration_s * point / points)[0]

    def state(self) -> State:
        """Return the present one, to come back to."""
        return self._at

    def back_to(self, state: State) -> None:
        """Take the last step back."""
        self._at = state
        self._keep_within(state.position_rad)

    @property
    def position_rad(self) -> Float64:
        """The last command, [joints]."""
        return self._at.position_rad

    @property
    def velocity_rad_s(self) -> Float64:
        """Its velocity, [joints]."""
        return np.array(self._at.velocity_rad_s)

    @property
    def acceleration_rad_s2(self) -> Float64:
        """Its acceleration, [joints]."""
        return np.array(self._at.acceleration_rad_s2)

    @property
    def fastest_rad_s(self) -> float:
        """How fast the fastest joint is."""
        return max(map(abs, self._at.velocity_rad_s))

    @property
    def stands(self) -> bool:
        """Whether nothing moves."""
        return self.fastest_rad_s < STANDS_RAD_S

    def _coast(self) -> Float64:
        """Slow down for one step without a plan: as much as acceleration and jerk allow."""
        step_s = self._step_s
        jerk = np.array(self._to_rest.max_jerk) * step_s
        most = np.array(self._to_rest.max_acceleration)
        velocity, before = self.velocity_rad_s, self.acceleration_rad_s2
        wanted = np.minimum(np.maximum(-velocity / step_s, -most), most)
        after = np.minimum(np.maximum(wanted, before - jerk), before + jerk)
        moved = velocity * step_s + (2.0 * before + after) * step_s**2 / 6.0
        slower = np.minimum(np.maximum(velocity + 0.5 * (before + after) * step_s, -self._velocity), self._velocity)
        return self._come_to(State(self._within(self.position_rad + moved), slower.tolist(), after.tolist()))

    def _within(self, position_rad: Float64 | list[float]) -> Float64:
        return np.minimum(np.maximum(position_rad, self._floor), self._ceiling)  # np.clip takes four times as long

    def _come_to(self, state: State) -> Float64:
        self._at = state
        if self._outside:
            self._keep_within(state.position_rad)
        return state.position_rad

    def _keep_within(self, position_rad: Float64) -> None:
        """Let no joint leave its range from here on; one that is outside of it already may not go farther out."""
        self._floor, self._ceiling = np.minimum(self._low, position_rad), np.maximum(self._high, position_rad)
        self._outside = bool((self._floor < self._low).any() or (self._ceiling > self._high).any())
        self._lowest: list[float] = (self._floor - POSITION_SLACK_RAD).tolist()
        self._highest: list[float] = (self._ceiling + POSITION_SLACK_RAD).tolist()

    def _planned_step(self, target: Float64, moves: Float64) -> State:
        """Plan from the present state to a target and return the state after the plan's first step."""
        given = self._input
        position, given.current_velocity, given.current_acceleration = self._at
        given.current_position = position.tolist()
        given.target_position, given.target_velocity = target.tolist(), moves.tolist()
        self._generator.calculate(given, self._planned)
        position, velocity, acceleration = self._planned.at_time(self._step_s)
        return State(self._within(position), velocity, acceleration)

    def _leaving(self, state: State) -> list[int]:
        """Return which joints could not stop within their range from a state."""
        ends_of, start = self._stop_from(state).position_extrema, state.position_rad.tolist()
        ranges = enumerate(zip(start, ends_of, self._lowest, self._highest, strict=True))  # quicker than by arrays
        return [joint for joint, (at, ends, low, high) in ranges if at + ends.min < low or at + ends.max > high]

    def _braking(self, state: State, joints: list[int]) -> State:
        """Return a next state in which some joints have braked instead."""
        position, velocity, acceleration = (
            state.position_rad.tolist(),
            [*state.velocity_rad_s],
            [*state.acceleration_rad_s2],
        )
        moved, slower_rad_s, slower_rad_s2 = self._stop_from(self._at).at_time(self._step_s)
        before = self._at.position_rad.tolist()
        for joint in joints:
            position[joint], velocity[joint] = before[joint] + moved[joint], slower_rad_s[joint]
            acceleration[joint] = slower_rad_s2[joint]
        return State(self._within(position), velocity, acceleration)

    def _stop_from(self, state: State) -> Any:
        """Plan a standstill from a state, as soon as the limits allow.

        Its positions count from the state's: the extrema of such a plan are those of its way and 0 (Ruckig 0.19).
        """
        newest, older = self._stops
        for known, way in self._stops:
            if known is state:
                return way
        way = older[1]
        self._stops = newest, (None, way)
        _, self._to_rest.current_velocity, self._to_rest.current_acceleration = state
        self._generator.calculate(self._to_rest, way)
        self._stops = (state, way), newest
        return way
