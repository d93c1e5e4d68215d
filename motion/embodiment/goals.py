"""Trajectories that other programs want the body to follow: what is wrong with one, where it is to be at a time, when it is done.

A goal is checked whole before it begins: names, numbers, limits, times. Between its points a joint moves at a constant rate, from where
it was commanded to be when the goal began; the safety filter rounds that off. Pure computation, no clock: times are given in.
"""

from __future__ import annotations

import difflib

import numpy as np

from motion.embodiment.description import BodyDescription, Float64
from runtime.messages import JointGoal

REACHED_RAD = 0.02
"""The goal is reached when every joint of it is commanded to be this near to its last point."""
GRACE_S = 2.0
"""It must be so this long after its last point's time, or it is given up."""
SLACK_RAD = 1e-6
SPEED_SLACK = 1.001


class GoalRefused(Exception):
    """The goal is not one that this body can follow; the message says why, and the mend."""


class RunningGoal:
    """One goal on its way."""

    def __init__(self, goal: JointGoal, body: BodyDescription, now_rad: Float64, now_s: float) -> None:
        """Check it and begin.

        Args:
            goal: as it was asked for.
            body: whose.
            now_rad: [joints of the body] where they are commanded to be.
            now_s: session time.

        Raises:
            GoalRefused: unknown joints, wrong lengths, numbers that are none, points outside the limits, times that do not rise.
        """
        if not goal.joints or not goal.time_from_start_ms:
            raise GoalRefused("it has no joints, or no points")
        rows = _rows(goal, body)
        points = _points(goal, len(rows))
        times_s = np.array(goal.time_from_start_ms) / 1_000.0
        if times_s[0] < 0 or (np.diff(times_s) <= 0).any():
            raise GoalRefused("time_from_start must rise from point to point, from 0 or more on")
        _check_limits(goal, body, rows, points)
        self.goal_id = goal.goal_id
        self._rows, self._began_s = rows, now_s
        start = now_rad[rows]
        if times_s[0] == 0.0:  # where it should be already; the filter takes it there
            times_s, points = times_s[1:], points[1:] if len(points) > 1 else points
            times_s = times_s if len(times_s) else np.array([0.0])
        self._times_s = np.concatenate(([0.0], times_s)) if times_s[0] > 0 else np.array([0.0, 1e-3])
        self._points = np.vstack((start, points))
        fastest = body.vector("velocity_rad_s")[rows]
        asked = abs(np.diff(self._points[1:], axis=0)) / np.diff(self._times_s[1:])[:, None]
        if (asked > SPEED_SLACK * fastest).any():
            point, joint = np.argwhere(asked > SPEED_SLACK * fastest)[0]
            raise GoalRefused(
                f"point {point + 1}: {goal.joints[joint]} would move at {asked[point, joint]:.2f} rad/s, "
                f"its limit is {fastest[joint]:.2f}"
            )

    @property
    def end_s(self) -> float:
        """When its last point is due, session time."""
        return self._began_s + float(self._times_s[-1])

    def target(self, held_rad: Float64, now_s: float) -> Float64:
        """Return where the body is to be now, [joints of the body]; joints that the goal does not name stay where they are held."""
        at_s = now_s - self._began_s
        target = held_rad.copy()
        for column, row in enumerate(self._rows):
            target[row] = np.interp(at_s, self._times_s, self._points[:, column])
        return target

    def reached(self, commanded_rad: Float64, now_s: float) -> bool:
        """Return whether its time has come and the body is commanded to be at its end."""
        return now_s >= self.end_s and bool((abs(commanded_rad[self._rows] - self._points[-1]) <= REACHED_RAD).all())

    def given_up(self, now_s: float) -> bool:
        """Return whether it should have been reached long ago."""
        return now_s > self.end_s + GRACE_S


def _rows(goal: JointGoal, body: BodyDescription) -> list[int]:
    names = body.names
    for name in goal.joints:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(names)}"[:400]
            raise GoalRefused(f"{body.name} has no joint {name!r}{hint}")
    if len(set(goal.joints)) != len(goal.joints):
        raise GoalRefused("a joint is named twice")
    return [names.index(name) for name in goal.joints]


def _points(goal: JointGoal, joints: int) -> Float64:
    count = len(goal.time_from_start_ms)
    if len(goal.position_rad) != 4 * count * joints:
        raise GoalRefused(
            f"{count} points of {joints} joints are {4 * count * joints} bytes, not {len(goal.position_rad)}"
        )
    points = np.frombuffer(goal.position_rad, "<f4").reshape(count, joints).astype(float)
    if not np.isfinite(points).all():
        point, joint = np.argwhere(~np.isfinite(points))[0]
        raise GoalRefused(f"point {point}: {goal.joints[joint]} is no finite number")
    return points


def _check_limits(goal: JointGoal, body: BodyDescription, rows: list[int], points: Float64) -> None:
    low, high = body.vector("low_rad")[rows], body.vector("high_rad")[rows]
    outside = (points < low - SLACK_RAD) | (points > high + SLACK_RAD)
    if outside.any():
        point, joint = np.argwhere(outside)[0]
        raise GoalRefused(
            f"point {point}: {goal.joints[joint]} at {points[point, joint]:.3f} rad lies outside "
            f"{low[joint]:.3f} to {high[joint]:.3f}"
        )
