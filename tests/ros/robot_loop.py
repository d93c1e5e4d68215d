"""The whole way in virtual time, without sockets: the house's body behind its safety filter, the body node's logic, a robot that follows.

The robot's joints lag behind ros2_control's joint_trajectory_controller, which begins where a test says (`begins`).
"""

from __future__ import annotations

import math

import numpy as np
from attune_bridge.body_logic import BodyLogic
from attune_bridge.wire import ABORTED

from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.ros import RosBody, RosLink
from motion.embodiment.description import BodyDescription, Joint
from motion.embodiment.moving import Moving
from runtime import messages as m
from runtime.body_settings import BodySettings
from tests.ros.joint_trajectory_controller import JointTrajectoryController
from tests.ros.logics import Stand, plain

BODY = BodyDescription(
    "b",
    (Joint("yaw", -1.5, 1.5, 2.0, 15.0, 300.0), Joint("pitch", -0.5, 0.5, 2.0, 15.0, 300.0)),
    rate_hz=50.0,
    parts=frozenset({"head"}),
)
STEP_S, HOUSE_S, JOINTS_S = 0.005, 0.02, 0.02


class Clock:
    def __init__(self):
        self.ns = 10_000_000_000

    def now_ns(self):
        return self.ns


class Body(RosBody):
    """A body behind ROS whose retargeting is the frame's eyes, and nothing of which can touch."""

    def __init__(self, clock, body):
        self._ros = RosLink("body b")
        DrivenBody.__init__(self, clock, body, lambda frame: np.array(frame.eyes_rad), self._ros)


class Goal:
    def __init__(self, robot):
        self.robot, self.cancelled = robot, False

    def cancel(self):
        self.cancelled = True
        self.robot.hold()


class Loop:
    late_s = math.inf
    """By when, after the one before, a trajectory is late and its first cycle is not judged: nothing is late in virtual time."""

    def __init__(self, folder, at=(0.0, 0.0), controller="topic", body=BODY, **robot):
        self.clock, self.folder = Clock(), folder
        self.stand = Stand(BodyLogic, body="ros", controller=controller)
        self.logic, self.robot = self.stand.logic, JointTrajectoryController(at, **robot)
        self._description = body
        self.stand.times.session = self.clock.ns
        self._ros_ahead_ns = self.stand.times.ros - self.clock.ns
        self.clocks_differ_s = 0.0
        """How far the robot's clock is ahead of the bridge's."""
        self.joints_late_s = lambda: 0.0
        """How long joint states travel."""
        self.wanted = (0.0, 0.0)
        self.house_lives = self.joints_tell = True
        self.commands, self.goals, self._pushed = [], [], None
        self._replaced = []
        self._played = self._told = 0
        self._turn, self._set_s = 0, 0.0
        self.start_house()
        self.logic.ports.send_goal = self._take_goal

    def start_house(self):
        self.house_lives = True
        self.body = Body(self.clock, self._description)
        self.moving = Moving(
            self.body, self._publish, self.clock, BodySettings(name="ros:b"), self.folder, tells_measured=False
        )
        self.moving.describe()

    @property
    def streamed(self):
        return [fields for fields, _ in self.stand.published.get("trajectory", [])]

    def stamp(self, ago_s=0.0):
        ros_ns = self.stand.times.ros - round(ago_s * 1e9)
        return {"sec": ros_ns // 10**9, "nanosec": ros_ns % 10**9}

    @property
    def now_s(self):
        """The controller's time."""
        return self.clock.ns / 1e9 + self._set_s

    def set_clock(self, by_s):
        """Set the machine's clock, by which bridge and controller run."""
        self.stand.times.ros += round(by_s * 1e9)
        self._set_s += by_s
        self.robot.set_clock(by_s)

    def push(self, *position):
        """Take the robot's joints somewhere by hand and hold them there; `None` lets go, and they go back to their set point."""
        self._pushed = list(position) if position != (None,) else None

    def run(self, seconds, until=lambda: False):
        """Go on for so long, or until something holds; return whether it did."""
        for _ in range(round(seconds / STEP_S)):
            if until():
                return True
            self._step()
        return until()

    def _step(self):
        self._turn += 1
        for done in self._replaced:
            done(ABORTED, None)
        self._replaced = []
        self.clock.ns += round(STEP_S * 1e9)
        self.stand.times.go_on(STEP_S)
        self.robot.advance(self.now_s)
        if self._pushed is not None:
            self.robot.hold_joints(self._pushed)
        if self.joints_tell and self._turn % round(JOINTS_S / STEP_S) == 1:
            state = {"name": ["yaw", "pitch"], "position": list(self.robot.position)}
            self.logic.on_topic(
                "joint_states_in",
                plain({"header": {"stamp": self.stamp(self.joints_late_s() - self.clocks_differ_s)}, **state}),
            )
        for message in self.stand.sent[self._told :]:
            if self.house_lives and isinstance(message, m.JointMeasured):
                self.body.take(message)
        self._told = len(self.stand.sent)
        if self.house_lives and self._turn % round(HOUSE_S / STEP_S) == 0:
            t = self.clock.ns / 1e9
            wanted = self.wanted(t) if callable(self.wanted) else self.wanted
            self.moving.take_frame(m.MotionFrame(t_ns=self.clock.ns, index=0, rotations=bytes(352), eyes_rad=wanted))
            self.moving.step()
        if self._turn % 4 == 0:
            self.logic.tick()
        for fields in self.streamed[self._played :]:
            self._play(fields)
        self._played = len(self.streamed)

    def _play(self, trajectory):
        points = [
            (
                each["time_from_start"]["sec"] + each["time_from_start"]["nanosec"] / 1e9,
                each["positions"],
                each["velocities"],
            )
            for each in trajectory["points"]
        ]
        stamp = trajectory["header"].get("stamp", {"sec": 0, "nanosec": 0})
        stamp_s = (stamp["sec"] * 10**9 + stamp["nanosec"] - self._ros_ahead_ns) / 1e9 - self.clocks_differ_s
        self.robot.follow(self.now_s, points, stamp_s if stamp["sec"] else 0.0, self.late_s)

    def _take_goal(self, key, goal, done):
        assert key == "goal"
        if self.goals and self.robot.moves:
            self._replaced.append(self.goals[-1][1])
        self.goals.append((Goal(self.robot), done))
        self._play(goal["trajectory"])
        return self.goals[-1][0]

    def _publish(self, message):
        if isinstance(message, m.JointCommand):
            self.commands.append(message)
        self.logic.on_house(message)
