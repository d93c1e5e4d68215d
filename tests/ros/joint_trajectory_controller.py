"""ros2_control's joint_trajectory_controller, cycle by cycle as its source has it (`update`, `sample`), and joints that lag behind it.

Cubic splines through a trajectory's points. A stamp of zero is the cycle that takes the trajectory up; of a stamped one that has begun
already, the segment of now is gone on with. Only before the first point does it matter from where it begins (`begins`): from the `desired`
state (`interpolate_from_desired_state`: the set point of the cycle before, which is dated a cycle too early, since it is of that cycle's
end), from the desired state as Humble's `open_loop_control` dates it (`humble`: a cycle too late), or, by default of the controller, from
the `measured` one.
"""

from __future__ import annotations

import math
from itertools import pairwise

CYCLE_S = 0.01
"""As `update_rate` in controllers.yaml says."""
LAG_S = 0.03
HELD_UP_S = 0.05
"""A controller that had no time for so long goes on with one cycle, which is not judged: a machine that runs tests may stand still."""
LATE_S = {"topic": 0.08, "action": 0.28}
"""Trajectories come every 0.02 or 0.1 s: one that comes so long after the one before is more than the promised 0.06 or 0.18 s late."""
ANEW_S = 0.5
"""After so long handing on has begun anew, from a standstill: that is judged."""


class JointTrajectoryController:
    """`fastest` and `hardest` are the greatest velocity and acceleration of any joint's set point so far, from cycle to cycle.

    Where a trajectory is late the robot has begun to stop: the one cycle that changes to it is not judged, and `late` counts it.
    """

    def __init__(self, at, lag_s=LAG_S, begins="desired"):
        self.lag_s, self.begins = lag_s, begins
        self.fastest = self.hardest = 0.0
        self.late, self._came_s, self._is_late = 0, None, False
        self.position, self.set_point = list(at), list(at)
        self._still()
        self._at_s, self._taken, self._before, self._points = None, None, None, []

    def hold_joints(self, position):
        """Hold the joints there by hand, against their motors; the set point knows nothing of it."""
        self.position, self.velocity = list(position), [0.0] * len(position)

    def hold(self):
        """Stand where the joints are, at once, as after a cancel."""
        self._points, self._taken = [], None
        self.set_point = list(self.position)
        self._still()

    def _still(self):
        self.velocity, self.set_speed, self._speed = ([0.0] * len(self.position) for _ in range(3))

    @property
    def moves(self):
        return self._taken is not None or bool(self._points and self._at_s < self._points[-1][0])

    @property
    def stands(self):
        """Whether neither the set point nor, to a thousandth, the joints move."""
        return not any(self.set_speed) and all(abs(speed) < 1e-3 for speed in self.velocity)

    def follow(self, now_s, points, stamp_s=0.0, late_s=math.inf):
        """Replace what was followed by points (seconds after the stamp, positions, velocities); they are late so long after others."""
        if not self.is_held_up(now_s):
            self.advance(now_s)
        times = [point[0] for point in points]
        assert times[0] >= 0 and times == sorted(set(times)), "times must rise"
        assert not any(points[-1][2]), "the end must be a standstill"
        if stamp_s and stamp_s + times[-1] < now_s:
            return  # it ends in the past: ignored
        self._is_late |= self._came_s is not None and late_s < now_s - self._came_s < ANEW_S
        self._came_s = now_s
        self._taken = (stamp_s, points)

    def set_clock(self, by_s):
        """Set the clock it runs by: its cycles go on as before, but at another place of the trajectory."""
        self._at_s += by_s

    def is_held_up(self, now_s):
        return self._at_s is not None and now_s - self._at_s > HELD_UP_S

    def advance(self, now_s):
        """Go through all cycles until now."""
        if self._at_s is None:
            self._at_s = now_s
        if self.is_held_up(now_s):
            self._cycle(now_s, judged=False)
        while self._at_s + CYCLE_S <= now_s + 1e-9:
            self._cycle(self._at_s + CYCLE_S)

    def _cycle(self, now_s, *, judged=True):
        since_s = now_s - self._at_s
        share = 1.0 - math.exp(-since_s / self.lag_s) if self.lag_s else 1.0
        before, self.position = (
            self.position,
            [at + share * (to - at) for at, to in zip(self.position, self.set_point, strict=True)],
        )
        self.velocity = [(new - old) / since_s for old, new in zip(before, self.position, strict=True)]
        if self._taken is not None:
            stamp_s, points = self._taken
            self._taken = None
            if self._is_late:
                self._is_late, judged, self.late = False, False, self.late + 1
            self._points = [((stamp_s or now_s) + at, *rest) for at, *rest in points]
            self._before = {
                "measured": (now_s, self.position, self.velocity),
                "desired": (self._at_s, self.set_point, self.set_speed),
                "humble": (now_s, self.set_point, self.set_speed),
            }[self.begins]
        self._at_s = now_s
        if self._points:
            self._command(*self._sample(now_s if self.begins == "humble" else now_s + CYCLE_S), judged)

    def _sample(self, at_s):
        points = [self._before, *self._points]
        if at_s < self._before[0]:
            return list(self.set_point), [0.0] * len(self.set_point)  # the clock was set back: no command until then
        for before, after in pairwise(points):
            if before[0] <= at_s < after[0]:
                return _cubic(before, after, at_s)
        last = points[-1]
        return list(last[1]), [0.0] * len(last[1])

    def _command(self, position, speed, judged):
        if not judged:
            self.set_point, self.set_speed, self._speed = position, speed, speed
            return
        moved = [(new - old) / CYCLE_S for old, new in zip(self.set_point, position, strict=True)]
        self.hardest = max(self.hardest, *(abs(b - a) / CYCLE_S for a, b in zip(self._speed, moved, strict=True)))
        self.fastest = max(self.fastest, *map(abs, moved))
        self.set_point, self.set_speed, self._speed = position, speed, moved


def _cubic(before, after, at_s):
    time_s, t = after[0] - before[0], at_s - before[0]
    position, speed = [], []
    for p0, v0, p1, v1 in zip(before[1], before[2], after[1], after[2], strict=True):
        c = 3 * (p1 - p0) / time_s**2 - (2 * v0 + v1) / time_s
        d = -2 * (p1 - p0) / time_s**3 + (v0 + v1) / time_s**2
        position.append(p0 + v0 * t + c * t**2 + d * t**3)
        speed.append(v0 + 2 * c * t + 3 * d * t**2)
    return position, speed
