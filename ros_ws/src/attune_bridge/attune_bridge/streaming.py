"""What leaves the agent's safety filter, as trajectories for a robot's controller: the same motion, `delay_s` later.

A new trajectory replaces the one before, and where its first point lies ahead the controller first goes there from the state of the joints:
the measured one, behind which lagging motors are, or the commanded one, dated a cycle too early or too late. Fifty times a second that is
a motion of its own, far beyond the filter's limits. So each trajectory is stamped and begins in the past: all are pieces of one path
through time, and a controller that plays them by cubic splines changes from one to the next without a seam. A trajectory has the commands
that are still to come, at an even rate however irregularly they arrive, and then slows down to a standstill: where nothing more comes, the
robot stops by itself. Nothing is made up but that standstill. Radians, ROS time in ns (the controller's clock must be nearly the same);
pure computation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attune_bridge.logic import NS_PER_S
from runtime import messages as m

BRAKE_S = 0.16
"""A robot that gets nothing more slows down evenly within this time."""
BRAKE_POINTS = 4
CATCH_UP = 0.05
"""After commands have come late, the motion is slower by at most this share until the delay is what it was."""
AHEAD_NS = NS_PER_S // 50
AHEAD_SHARE = 0.02
"""Where the delay is longer than it should be by more than that, it is shortened by this share of the rest with each command."""
WAY_SHARE = 1 / 16
"""How fast it is noticed that the two clocks, or a simulator's, run at different rates."""
STANDS_RAD_S = 1e-3
PAST_NS = NS_PER_S * 3 // 20
"""A trajectory goes back by so much: further than it takes to arrive, and than the clocks may differ."""
JUMP_NS = NS_PER_S // 10
"""Commands that lie further ahead than is their delay and this are of a clock that was set back (by less, the path goes back to then)."""


@dataclass(frozen=True)
class Point:
    """Where the robot is to be at `at_ns`, ROS time; `index` is of the command."""

    index: int
    at_ns: int
    position_rad: tuple[float, ...]
    velocity_rad_s: tuple[float, ...]

    @property
    def stands(self) -> bool:
        """Whether nothing moves."""
        return stands(self.velocity_rad_s)


class Stream:
    """Commands of one stretch in which the robot follows."""

    def __init__(self, described: m.BodyDescribed, delay_s: float, soonest_s: float) -> None:
        """Begin with none; `described` is the body's. A command is too late where it is due sooner than `soonest_s` ahead."""
        self._described, self._delay_ns = described, round(delay_s * NS_PER_S)
        self._soonest_ns = round(soonest_s * NS_PER_S)
        self._period_ns = round(NS_PER_S / described.rate_hz)
        self._way_ns = 0
        """By how much our clock is later than the house's when commands come."""
        self._points: deque[Point] = deque()

    def take(
        self, command: m.JointCommand, position: tuple[float, ...], velocity: tuple[float, ...], now_ns: int
    ) -> bool:
        """Take a new command; False where it comes so late that the moving robot has begun to stop, or is of another life of the house.

        Also where the clock was set: nothing of the path is where it was.
        """
        if not self._points:
            self._way_ns = now_ns - command.t_ns
        self._way_ns += round(WAY_SHARE * (now_ns - command.t_ns - self._way_ns))
        due_ns = command.t_ns + self._way_ns + self._delay_ns
        if self._points:
            last = self._points[-1]
            if command.index <= last.index:
                return False
            due_ns, slower = self._next_ns(last, (command.index - last.index) * self._period_ns, due_ns)
            velocity = tuple(speed / slower for speed in velocity)
        soonest_ns = now_ns + self._soonest_ns
        if due_ns < soonest_ns:
            if self._points and not self._points[-1].stands:
                return False
            due_ns = soonest_ns
        if due_ns - now_ns > self._delay_ns + JUMP_NS:
            return False
        if self._points and (last := self._points[-1]).stands and due_ns - last.at_ns > 2 * self._period_ns:
            held_ns = due_ns - self._period_ns  # it stands until then, and does not creep for all of a pause
            self._points.append(Point(last.index, held_ns, last.position_rad, (0.0,) * len(position)))
        self._points.append(Point(command.index, due_ns, position, velocity))
        return True

    def expected(self, now_ns: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return where the robot is to be now, and how fast each joint was to be at most lately; empty without a point."""
        begun = [point for point in self._points if point.at_ns <= now_ns] or list(self._points)[:1]
        position = begun[-1].position_rad if begun else ()
        lately = [point.velocity_rad_s for point in begun if point.at_ns >= now_ns - PAST_NS]
        return position, tuple(
            max((abs(speeds[each]) for speeds in lately), default=0.0) for each in range(len(position))
        )

    def trajectory(self, now_ns: int) -> dict[str, Any]:
        """Return the fields of a JointTrajectory; needs a point."""
        while len(self._points) > 1 and self._points[1].at_ns <= now_ns - PAST_NS:
            self._points.popleft()
        from_ns = min(self._points[0].at_ns, now_ns)  # a controller may put off what is stamped in the future
        points = [_point(point.at_ns - from_ns, point.position_rad, point.velocity_rad_s) for point in self._points]
        last = self._points[-1]
        for number in range(1, BRAKE_POINTS + 1):
            after_s = BRAKE_S * number / BRAKE_POINTS
            points.append(_point(last.at_ns - from_ns + round(after_s * NS_PER_S), *self._braked(last, after_s)))
        points[-1]["velocities"] = [0.0] * len(last.position_rad)
        return {"header": {"stamp": _duration(from_ns)}, "joint_names": list(self._described.joints), "points": points}

    def _next_ns(self, last: Point, after_ns: int, wanted_ns: int) -> tuple[int, float]:
        """Return when the next point is due, and by which factor the motion to it is slower."""
        even_ns = last.at_ns + after_ns
        if even_ns < wanted_ns and last.stands:  # nobody sees a pause of what stands
            return wanted_ns, 1.0
        most_ns, ahead_ns = round(CATCH_UP * after_ns), even_ns - wanted_ns - AHEAD_NS
        sooner_ns = min(most_ns, round(AHEAD_SHARE * max(0, ahead_ns)))
        due_ns = min(max(even_ns - sooner_ns, wanted_ns), even_ns + most_ns)
        return due_ns, (due_ns - last.at_ns) / after_ns

    def _braked(self, last: Point, after_s: float) -> tuple[list[float], list[float]]:
        """Return position and velocity so long after the last point: each joint slows down evenly, sooner where its range ends sooner."""
        low, high = self._described.low_rad, self._described.high_rad
        positions, velocities = [], []
        for each, (at, speed) in enumerate(zip(last.position_rad, last.velocity_rad_s, strict=True)):
            room = max(0.0, high[each] - at) if speed > 0 else max(0.0, at - low[each])
            time_s = min(BRAKE_S, 2.0 * room / abs(speed)) if speed else 0.0
            moving_s = min(after_s, time_s)
            share = moving_s / time_s if time_s else 1.0
            positions.append(at + speed * moving_s * (1.0 - share / 2.0))
            velocities.append(speed * (1.0 - share))
        return positions, velocities


def stands(velocity_rad_s: Sequence[float]) -> bool:
    """Return whether joints with these velocities stand."""
    return all(abs(speed) < STANDS_RAD_S for speed in velocity_rad_s)


def _duration(nanoseconds: int) -> dict[str, int]:
    return {"sec": nanoseconds // NS_PER_S, "nanosec": nanoseconds % NS_PER_S}


def _point(after_ns: int, positions: Sequence[float], velocities: Sequence[float]) -> dict[str, Any]:
    return {"positions": list(positions), "velocities": list(velocities), "time_from_start": _duration(after_ns)}
