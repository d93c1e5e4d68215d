"""A robot for tests: its joints under a trajectory controller, as ros2_control's joint_trajectory_controller offers it.

It follows trajectories from the topic and goals of FollowJointTrajectory, publishes joint states, refuses what is no trajectory, and when
the client of its goal vanishes it aborts the goal and holds still.
"""

from __future__ import annotations

import math
import time

from attune_bridge.contract import QOS
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED

PERIOD_S = 0.02
LIMIT_RAD = 2.0


class FakeController:
    def __init__(self, wire, joints, at=()):
        self.joints = list(joints)
        self.position = list(at) or [0.0] * len(joints)
        self.velocity = [0.0] * len(joints)
        self.fastest = 0.0
        self.received, self.ended, self.feedback_of = 0, [], {}
        self._path, self._began_s, self._goal = [], 0.0, ""
        self._wire = wire
        self._states = wire.publisher("joint_states", "sensor_msgs/msg/JointState", QOS["sensor"])
        wire.subscribe(
            "joint_trajectory_controller/joint_trajectory",
            "trajectory_msgs/msg/JointTrajectory",
            QOS["command"],
            self._on_topic,
        )
        action = "joint_trajectory_controller/follow_joint_trajectory"
        self._server = wire.serve_action(action, "control_msgs/action/FollowJointTrajectory", self)
        name = f"rq{wire.resolve(action)}/_action/send_goalRequest"
        self._requests = next(each for each in wire._keep if getattr(getattr(each, "topic", None), "name", "") == name)
        wire.every(PERIOD_S, self._step)

    @property
    def running(self):
        return bool(self._goal)

    @property
    def at_rest(self):
        return all(abs(speed) < 1e-9 for speed in self.velocity)

    def check(self, goal):
        return self._wrong(goal.trajectory)

    def on_goal(self, goal_id, goal):
        if wrong := self._wrong(goal.trajectory):
            return wrong
        if self._goal:
            self._end(ABORTED, "another goal")
        self._goal = goal_id
        self._follow(goal.trajectory)
        return ""

    def on_cancel(self, goal_id):
        if goal_id == self._goal:
            self._end(CANCELED, "")
            self._path = []

    def _wrong(self, trajectory):
        for point in trajectory.points:
            if len(point.positions) != len(trajectory.joint_names):
                return "lengths"
            if not all(math.isfinite(value) and abs(value) <= LIMIT_RAD for value in point.positions):
                return "outside the limits"
        unknown = set(trajectory.joint_names) - set(self.joints)
        return f"no joint {min(unknown)}" if unknown else "" if len(trajectory.points) else "no points"

    def _on_topic(self, trajectory):
        if not self._wrong(trajectory):
            self.received += 1
            self.last = trajectory
            self._follow(trajectory)

    def _follow(self, trajectory):
        order = [self.joints.index(name) for name in trajectory.joint_names]
        self._began_s = time.monotonic()
        self._path = [(0.0, list(self.position))]
        for point in trajectory.points:
            target = list(self._path[-1][1])
            for place, value in zip(order, point.positions, strict=True):
                target[place] = float(value)
            self._path.append((point.time_from_start.sec + point.time_from_start.nanosec / 1e9, target))

    def _step(self):
        if self._goal and not self._requests.get_matched_publications():
            self._path = []
            self._end(ABORTED, "the client is gone")
        before = list(self.position)
        at_s = time.monotonic() - self._began_s
        for (from_s, start), (to_s, target) in zip(self._path, self._path[1:], strict=False):
            if at_s <= to_s:
                share = (at_s - from_s) / (to_s - from_s)
                self.position = [a + share * (b - a) for a, b in zip(start, target, strict=True)]
                break
        else:
            if self._path:
                self.position = list(self._path[-1][1])
                self._path = []
                if self._goal:
                    self._end(SUCCEEDED, "")
        self.velocity = [(now - then) / PERIOD_S for now, then in zip(self.position, before, strict=True)]
        self.fastest = max(self.fastest, *(abs(speed) for speed in self.velocity))
        now_ns = self._wire.now_ns()
        stamp = {"sec": now_ns // 10**9, "nanosec": now_ns % 10**9}
        self._states(
            {"header": {"stamp": stamp}, "name": self.joints, "position": self.position, "velocity": self.velocity}
        )

    def _end(self, status, text):
        goal, self._goal = self._goal, ""
        self.ended.append((status, text))
        self._server.end(goal, status, {"error_string": text})
