"""Goals of other nodes: what is wrong with them, and the house's messages that they become. Radians, seconds; pure functions.

Between the points of a goal joints move evenly, and the safety filter rounds that off; velocities and accelerations of points are checked
but do not shape the motion. A goal begins when it arrives. `goal_tolerance` is of what joints measure; what else there is to ask for and
is not kept (paths, velocities, efforts, several degrees of freedom) is refused.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attune_bridge.logic import NS_PER_S, unknown_name
from runtime import messages as m

POINTS_MAX = 4_096
TIME_MAX_S = 3_600_000
POSITION_BYTES_MAX = 1 << 20
"""What `JointGoal` can carry. The house could not even read a goal beyond, and so not answer it."""
SLACK_RAD = 1e-4
"""Rounding to float32 on the way is no violation of a limit."""


STAMP_SLACK_NS = NS_PER_S // 2
"""A goal whose stamp is so near to now begins when it arrives."""
SETTLE_S = 1.0
"""So long joints may take into the goal's tolerances, where the goal does not say."""


@dataclass(frozen=True)
class Asked:
    """A goal and how it is to end: the joints with a tolerance measure within it of `last_rad`, at most `settle_s` after the command."""

    message: m.JointGoal
    last_rad: Mapping[str, float]
    tolerance_rad: Mapping[str, float]
    settle_s: float

    def outside(self, measured: Mapping[str, float]) -> str:
        """Return what is not within the tolerances, or an empty text."""
        for name, tolerance in self.tolerance_rad.items():
            if name not in measured:
                return f"goal_tolerance: {name} is not measured"
            if (off := abs(measured[name] - self.last_rad[name])) > tolerance:
                return f"goal_tolerance: {name} is {off:.3f} rad off"
        return ""


def asked(goal_id: str, goal: Any, described: m.BodyDescribed, ros_ns: int) -> Asked | str:
    """Return another node's FollowJointTrajectory goal, or why it is refused."""
    message = _goal_message(goal_id, goal, described)
    if isinstance(message, str):
        return message
    stamp = goal.trajectory.header.stamp
    stamped_ns = stamp.sec * NS_PER_S + stamp.nanosec
    if stamped_ns and abs(stamped_ns - ros_ns) > STAMP_SLACK_NS:
        return "trajectory.header.stamp: must be zero or now; a goal begins when it arrives"
    if any(max(each.position, each.velocity, each.acceleration) > 0 for each in goal.path_tolerance):
        return "path_tolerance: paths are not watched; leave it empty"
    if len(goal.component_path_tolerance) or len(goal.component_goal_tolerance):
        return "component tolerances: joints of several degrees of freedom are not supported"
    tolerances: dict[str, float] = {}
    for each in goal.goal_tolerance:
        if each.name not in message.joints:
            return f"goal_tolerance: {unknown_name('joint', each.name, message.joints)}"
        if each.velocity > 0 or each.acceleration > 0 or not math.isfinite(each.position):
            return f"goal_tolerance: of {each.name} only a position can be watched"
        if each.position > 0:
            tolerances[each.name] = float(each.position)
    settle_s = goal.goal_time_tolerance.sec + goal.goal_time_tolerance.nanosec / NS_PER_S
    last = floats(message.position_rad)[-len(message.joints) :]
    return Asked(
        message, dict(zip(message.joints, last, strict=True)), tolerances, settle_s if settle_s > 0 else SETTLE_S
    )


def _speeds(number: int, count: int, point: Any, *, last: bool) -> str:
    """Return what is wrong with a point's velocities, accelerations and efforts, or an empty text."""
    for what in ("velocities", "accelerations"):
        values = [float(value) for value in getattr(point, what)]
        if values and (len(values) != count or not all(map(math.isfinite, values))):
            return f"points[{number}].{what}: must be one number for each joint, or none"
    if last and any(abs(value) > SLACK_RAD for value in point.velocities):
        return f"points[{number}].velocities: the last point must be a standstill"
    return f"points[{number}].effort: efforts are not followed" if len(point.effort) else ""


def _goal_message(goal_id: str, goal: Any, described: m.BodyDescribed) -> m.JointGoal | str:
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
    if (most := POSITION_BYTES_MAX // (4 * len(joints))) < len(trajectory.points):
        return f"points: {len(trajectory.points)} of {len(joints)} joints, at most {most}"
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
        if at_ms > TIME_MAX_S * 1e3:
            return f"points[{number}].time_from_start: {at_ms / 1e3:.0f} s, at most {TIME_MAX_S} s (1000 h)"
        times.append(at_ms)
        positions = [float(value) for value in point.positions]
        if len(positions) != len(joints):
            return f"points[{number}].positions: {len(positions)} of {len(joints)} joints"
        for name, value, (low, high) in zip(joints, positions, limits, strict=True):
            if not math.isfinite(value):
                return f"points[{number}].positions: {name} is {value}"
            if not low - SLACK_RAD <= value <= high + SLACK_RAD:
                return f"points[{number}].positions: {name} {value:.3f} rad is outside {low:.3f} to {high:.3f}"
        if wrong := _speeds(number, len(joints), point, last=number == len(trajectory.points) - 1):
            return wrong
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
