"""Joint targets to commands that a motor can follow: within position, velocity, acceleration and jerk, in the shortest time.

Each tick Ruckig (Berscheid and Kröger, "Jerk-limited Real-time Trajectory Generation with Arbitrary Target States", RSS 2021) plans
from the present state to the target and the first step of that plan is taken. A target that moves is aimed at with its velocity, so
that it is followed without delay; where that plan would leave a joint's range on its way, the joint is planned to a standstill at the
target instead, which cannot: the way to rest from a state that lay on a way to rest within the range stays within it. Float64 vectors
[joints], radians and seconds. About 50 microseconds for 26 joints. Stateful, one thread; raises nothing after construction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motion.embodiment.description import BodyDescription, Float64

MARGIN = 1.0 - 1e-6
"""A target's velocity stays this share below the joint's, as Ruckig asks."""
POSITION_SLACK_RAD = 1e-9
STANDS_RAD_S = 1e-4
SLOWEST = 1e-3
"""Share of a joint's velocity below which nothing is planned any more: standing still is a target, not a pace."""


class Trajectory:
    """The state of one body's joints, and the way from each command to the next."""

    def __init__(self, body: BodyDescription, start_rad: Float64) -> None:
        """Begin at rest where the joints are.

        Args:
            body: limits and rate.
            start_rad: [joints] as measured; what lies outside the range is taken to be at its edge.

        Raises:
            ImportError: the extra `robot` is not installed.
        """
        import ruckig

        self._ruckig = ruckig
        count = len(body.joints)
        self._low, self._high = body.vector("low_rad"), body.vector("high_rad")
        self._velocity = body.vector("velocity_rad_s")
        self._generator = ruckig.Ruckig(count, body.period_s)
        self._input, self._output = ruckig.InputParameter(count), ruckig.OutputParameter(count)
        self._input.synchronization = ruckig.Synchronization.No
        self._input.max_velocity = self._velocity.tolist()
        self._acceleration, self._jerk = body.vector("acceleration_rad_s2"), body.vector("jerk_rad_s3")
        self._input.max_acceleration, self._input.max_jerk = self._acceleration.tolist(), self._jerk.tolist()
        self.position_rad = np.clip(start_rad, self._low, self._high)
        self.velocity_rad_s = np.zeros(count)
        self.acceleration_rad_s2 = np.zeros(count)

    def step(self, target_rad: Float64, target_rad_s: Float64, pace: float = 1.0) -> Float64:
        """Take one step towards a target and return the new command, [joints].

        Args:
            target_rad: where each joint should be, finite; clipped to its range.
            target_rad_s: how fast the target moves, finite.
            pace: 0 to 1, share of each joint's velocity that is allowed now. A joint that is faster than that slows down within its limits.
        """
        target = np.clip(target_rad, self._low, self._high)
        most = MARGIN * self._velocity * min(1.0, max(SLOWEST, pace))
        self._input.max_velocity = (most / MARGIN).tolist()
        moves = np.clip(target_rad_s, -most, most)
        stops = np.zeros(len(target), bool)
        leaves = self._plan(target, moves, stops)
        if leaves.any():  # their targets move towards an end of the range too fast to be met there
            moves = np.where(leaves, 0.0, moves)
            stops = self._plan(target, moves, stops)
            if stops.any():  # numerics alone: a standstill as soon as possible
                self._plan(target, moves, stops)
        return self._take()

    def brake(self) -> Float64:
        """Take one step towards a standstill, as soon as the limits allow, and return the new command."""
        everything = np.ones(len(self.position_rad), bool)
        self._input.max_velocity = self._velocity.tolist()
        self._plan(self.position_rad, np.zeros_like(self.position_rad), everything)
        return self._take()

    def where_it_stops(self) -> Float64:
        """Return where every joint would come to a standstill if it braked now, rather too far than too near, [joints]."""
        speed = abs(self.velocity_rad_s)
        ahead = np.maximum(0.0, np.sign(self.velocity_rad_s) * self.acceleration_rad_s2)
        # While the acceleration is turned round (at most twice its bound over the jerk) it goes on, and faster by what it still gains.
        turn_s = (ahead + self._acceleration) / self._jerk
        fastest = speed + 0.5 * ahead * ahead / self._jerk
        way = fastest * turn_s + fastest * fastest / (2.0 * self._acceleration)
        return np.clip(self.position_rad + np.sign(self.velocity_rad_s) * way, self._low, self._high)

    def state(self) -> tuple[Float64, Float64, Float64]:
        """Return position, velocity and acceleration, to come back to."""
        return self.position_rad, self.velocity_rad_s, self.acceleration_rad_s2

    def back_to(self, state: tuple[Float64, Float64, Float64]) -> None:
        """Take the last step back."""
        self.position_rad, self.velocity_rad_s, self.acceleration_rad_s2 = state

    @property
    def stands(self) -> bool:
        """Whether nothing moves."""
        return bool((abs(self.velocity_rad_s) < STANDS_RAD_S).all())

    def _take(self) -> Float64:
        self.position_rad = np.clip(self._output.new_position, self._low, self._high)
        self.velocity_rad_s = np.array(self._output.new_velocity)
        self.acceleration_rad_s2 = np.array(self._output.new_acceleration)
        return self.position_rad.copy()

    def _plan(self, target: Float64, moves: Float64, stops: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Plan from the present state; return which joints would leave their range on the way."""
        given = self._input
        given.current_position, given.target_position = self.position_rad.tolist(), target.tolist()
        given.current_velocity, given.target_velocity = (
            self.velocity_rad_s.tolist(),
            np.where(stops, 0.0, moves).tolist(),
        )
        given.current_acceleration = self.acceleration_rad_s2.tolist()
        interface = self._ruckig.ControlInterface
        given.per_dof_control_interface = [interface.Velocity if stop else interface.Position for stop in stops]
        self._generator.update(given, self._output)
        extrema = self._output.trajectory.position_extrema
        low, high = np.array([one.min for one in extrema]), np.array([one.max for one in extrema])
        below = (low < self._low - POSITION_SLACK_RAD) & (low < self.position_rad - POSITION_SLACK_RAD)
        above = (high > self._high + POSITION_SLACK_RAD) & (high > self.position_rad + POSITION_SLACK_RAD)
        return below | above
