"""Joint trajectories as dicts of ROS fields, and what is wrong with those of others. Radians, seconds; pure functions."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from attune_bridge.logic import NS_PER_S, unknown_name
from runtime import messages as m

HORIZON_S = 0.2
"""Each streamed trajectory ends at a standstill after this long, so that a robot stops by itself when nothing more comes."""
STEP_S = 0.04
POINTS_MAX = 4_096
SLACK_RAD = 1e-4
"""Rounding to float32 on the way is no violation of a limit."""


def duration(seconds: float) -> dict[str, int]:
    """Return a ROS duration."""
    nanoseconds = round(seconds * NS_PER_S)
    return {"sec": nanoseconds // NS_PER_S, "nanosec": nanoseconds % NS_PER_S}


def streamed(
    described: m.BodyDescribed, position: Sequence[float], velocity: Sequence[float], header: dict[str, Any]
) -> dict[str, Any]:
    """Return a trajectory that goes on as commanded for one step, then slows down evenly to a standstill at the horizon."""
    left_s = HORIZON_S - STEP_S
    soon, still = [], []
    for low, high, at, speed in zip(described.low_rad, described.high_rad, position, velocity, strict=True):
        ahead = min(high, max(low, at + speed * STEP_S))
        soon.append(ahead)
        still.append(min(high, max(low, ahead + speed * left_s / 2)))
    # At a limit a joint that is still moving would run past it: it gets there without the speed.
    limits = zip(described.low_rad, described.high_rad, still, velocity, strict=True)
    speeds = [0.0 if end in (low, high) else speed for low, high, end, speed in limits]
    return {
        "header": header,
        "joint_names": list(described.joints),
        "points": [
            {"positions": soon, "velocities": speeds, "time_from_start": duration(STEP_S)},
            {"positions": still, "velocities": [0.0] * len(still), "time_from_start": duration(HORIZON_S)},
        ],
    }


def approach(joints: Sequence[str], target: Sequence[float], seconds: float) -> dict[str, Any]:
    """Return a FollowJointTrajectory goal that ends at a pose, at rest."""
    point = {"positions": list(target), "velocities": [0.0] * len(target), "time_from_start": duration(seconds)}
    return {"trajectory": {"joint_names": list(joints), "points": [point]}, "goal_time_tolerance": duration(1.0)}


def goal_message(goal_id: str, goal: Any, described: m.BodyDescribed) -> m.JointGoal | str:
    """Return another node's FollowJointTrajectory goal as a message of the house, or why it cannot be one."""
    trajectory = goal.trajectory
    joints = list(trajectory.joint_names)
    if len(goal.multi_dof_trajectory.points):
        return "multi_dof_trajectory: joints of several degrees of freedom are not supported"
    if not joints or not len(trajectory.points):
        return "trajectory: needs joint_names and points"
    if len(set(joints)) != len(joints):
        return "joint_names: one is named twice"
    if len(trajectory.points) > POINTS_MAX:
        return f"points: {len(trajectory.points)}, at most {POINTS_MAX}"
    for name in joints:
        if name not in described.joints:
            return f"joint_names: {unknown_name('joint', name, described.joints)}"
    limits = [(described.low_rad[i], described.high_rad[i]) for i in map(described.joints.index, joints)]
    times: list[float] = []
    values = bytearray()
    for number, point in enumerate(trajectory.points):
        at_ms = (point.time_from_start.sec * NS_PER_S + point.time_from_start.nanosec) / 1e6
        if at_ms < 0 or (times and at_ms <= times[-1]):
            return f"points[{number}].time_from_start: must rise"
        times.append(at_ms)
        positions = [float(value) for value in point.positions]
        if len(positions) != len(joints):
            return f"points[{number}].positions: {len(positions)} of {len(joints)} joints"
        for name, value, (low, high) in zip(joints, positions, limits, strict=True):
            if not math.isfinite(value):
                return f"points[{number}].positions: {name} is {value}"
            if not low - SLACK_RAD <= value <= high + SLACK_RAD:
                return f"points[{number}].positions: {name} {value:.3f} rad is outside {low:.3f} to {high:.3f}"
        clamped = [min(high, max(low, value)) for value, (low, high) in zip(positions, limits, strict=True)]
        values += struct.pack(f"<{len(joints)}f", *clamped)
    return m.JointGoal(
        goal_id=goal_id, joints=tuple(joints), time_from_start_ms=tuple(times), position_rad=bytes(values)
    )


def measured_positions(state: Any) -> Mapping[str, float] | str:
    """Return joint positions by name from a JointState, or what is wrong with it."""
    positions = [float(value) for value in state.position]
    names = list(state.name)
    if len(positions) != len(names):
        return f"{len(names)} names, {len(positions)} positions"
    for name, value in zip(names, positions, strict=True):
        if not math.isfinite(value):
            return f"{name} is {value}"
    return dict(zip(names, positions, strict=True))


def floats(data: bytes) -> tuple[float, ...]:
    """Return the float32 numbers of a message of the house."""
    return struct.unpack(f"<{len(data) // 4}f", data)


def packed(values: Sequence[float]) -> bytes:
    """Return numbers as float32 for a message of the house."""
    return struct.pack(f"<{len(values)}f", *values)
