"""A robot for tests: its joints under a trajectory controller, as ros2_control's joint_trajectory_controller offers it.

It follows trajectories from the topic and goals of FollowJointTrajectory as that controller does with our parameters, its joints lag behind
it, it publishes joint states, refuses what is no trajectory, and when the client of its goal vanishes it aborts the goal and holds still.
"""

from __future__ import annotations

import math

from attune_bridge.contract import QOS
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED

from tests.ros.joint_trajectory_controller import LATE_S, JointTrajectoryController

PERIOD_S = 0.02
LIMIT_RAD = 3.2


class FakeController:
    def __init__(self, wire, joints, at=()):
        self.joints = list(joints)
        self.controller = JointTrajectoryController(list(at) or [0.0] * len(joints))
        self.received, self.accepted, self.ended = 0, 0, []
        self._goal = ""
        self._held_up = False
        self._wire, self._began_ns = wire, wire.now_ns() - 10**9
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
    def position(self):
        return self.controller.position

    @property
    def at_rest(self):
        return self.controller.stands

    def _seconds(self, ros_ns):
        return (ros_ns - self._began_ns) / 1e9

    def of(self, joint):
        """Return position and velocity of a joint."""
        place = self.joints.index(joint)
        return self.controller.position[place], self.controller.velocity[place]

    def check(self, goal):
        return self._wrong(goal.trajectory)

    def on_goal(self, goal_id, goal):
        if wrong := self._wrong(goal.trajectory):
            return wrong
        if self._goal:
            self._end(ABORTED, "another goal")
        self._goal = goal_id
        self.accepted += 1
        self._follow(goal.trajectory, LATE_S["action"])
        return ""

    def on_cancel(self, goal_id):
        if goal_id == self._goal:
            self._end(CANCELED, "")
            self.controller.hold()

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
            self._follow(trajectory, LATE_S["topic"])

    def _follow(self, trajectory, late_s):
        order = [self.joints.index(name) for name in trajectory.joint_names]
        points, target = [], list(self.position)
        for point in trajectory.points:
            speed = [0.0] * len(target)
            for place, value, rate in zip(order, point.positions, point.velocities, strict=True):
                target[place], speed[place] = float(value), float(rate)
            at_s = point.time_from_start.sec + point.time_from_start.nanosec / 1e9
            points.append((at_s, list(target), speed))
        stamp_ns = trajectory.header.stamp.sec * 10**9 + trajectory.header.stamp.nanosec
        stamp_s = self._seconds(stamp_ns) if stamp_ns else 0.0
        self.controller.follow(self._seconds(self._wire.now_ns()), points, stamp_s, late_s)

    def _step(self):
        if self._goal and not self._requests.get_matched_publications():
            self.controller.hold()
            self._end(ABORTED, "the client is gone")
        now_s = self._seconds(self._wire.now_ns())
        if self.controller.is_held_up(now_s) and not self._held_up:
            self._held_up = True  # first let what has come meanwhile be read
            return
        self._held_up = False
        self.controller.advance(now_s)
        if self._goal and not self.controller.moves:
            self._end(SUCCEEDED, "")
        now_ns = self._wire.now_ns()
        stamp = {"sec": now_ns // 10**9, "nanosec": now_ns % 10**9}
        self._states(
            {
                "header": {"stamp": stamp},
                "name": self.joints,
                "position": self.position,
                "velocity": self.controller.velocity,
            }
        )

    def _end(self, status, text):
        goal, self._goal = self._goal, ""
        self.ended.append((status, text))
        self._server.end(goal, status, {"error_string": text})
