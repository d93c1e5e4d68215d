"""Logic of the body's node: joints out and in, the robot's controller, goals of others, and looking at points.

With `body: agent` the agent's house drives the body (simulated, or by a driver of its own) and this node tells its joint states. With
`body: ros` the robot's motors are ros2_control's, and `robot_drive` hands on to its controller what leaves the agent's safety filter. Goals
of others pass that filter too, as `JointGoal`; what they may ask for is in `trajectories`. Radians, metres, seconds;
frames of points by REP-103 (x forward, y left, z up).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from attune_bridge.logic import NS_PER_S, Logic, Ports, unknown_name
from attune_bridge.robot_drive import RobotDrive
from attune_bridge.trajectories import Asked, asked, floats, measured_positions, packed
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED
from runtime import bridge_protocol as p
from runtime import messages as m

FEEDBACK_NS = NS_PER_S // 10
LOOK_S = 2.0
GOAL_STATES = {"succeeded": SUCCEEDED, "cancelled": CANCELED, "aborted": ABORTED, "rejected": ABORTED}
INVALID_GOAL, TOLERANCE_VIOLATED = -1, -5


class BodyLogic(Logic):
    """One body's joints, trajectories and goals."""

    wants = (m.BodyDescribed, m.JointCommand, m.JointMeasured, m.BodyStatus, m.JointGoalAnswer, m.IntentionAnswer)
    defaults: ClassVar = {
        "body": "agent",
        "controller": "topic",
        "base_frame": "base_link",
        "head_frame": "head",
        "head_height_m": 1.2,
    }

    def __init__(self, ports: Ports) -> None:
        """Begin without a body."""
        super().__init__(ports)
        self._described: m.BodyDescribed | None = None
        self._position: tuple[float, ...] = ()
        self._velocity: tuple[float, ...] = ()
        self._measured: tuple[float, ...] = ()
        self._feedback_ns = 0
        self._goals: dict[str, Asked] = {}
        self._settles: dict[str, int] = {}
        self._looks: dict[str, str] = {}
        self._drive = RobotDrive(self, self.parameters["controller"]) if self.parameters["body"] == "ros" else None

    def uses(self, key: str) -> bool:
        """Return whether a row is used: joint states have one source."""
        if key in ("trajectory", "goal"):
            return self._drive is not None and (key == "goal") == (self.parameters["controller"] == "action")
        if key == "joint_states_in":
            return self._drive is not None
        return key != "joint_states" or bool(self.parameters["body"] == "agent")

    def on_house(self, message: Any) -> None:
        """Follow the body of the house."""
        if isinstance(message, m.BodyDescribed):
            self._described = message
        elif isinstance(message, m.JointCommand):
            self._command(message)
        elif isinstance(message, m.JointMeasured):
            self._tell_measured(message)
        elif isinstance(message, m.JointGoalAnswer):
            if message.state == "succeeded" and message.goal_id in self._goals:
                self._settles[message.goal_id] = self.ports.times.session_ns()
                self._settle()
            elif message.state != "accepted":
                self._end_goal(message.goal_id, message.state, message.reason)
        elif isinstance(message, m.IntentionAnswer):
            self._end_look(message)
        elif isinstance(message, p.Welcome):
            for goal_id, state in message.goals.items():
                self._end_goal(goal_id, state, "the bridge was lost")
        elif isinstance(message, p.Refusal):
            if message.id in self._goals:
                self._end_goal(message.id, "rejected", message.reason)
            self.trouble(f"refused {message.about}", message.reason)

    def on_topic(self, key: str, message: Any, ros_id: str = "") -> None:
        """Take what the robot's joints measure."""
        described = self._described
        if key != "joint_states_in" or described is None or self._drive is None:
            return
        positions = measured_positions(message)
        if isinstance(positions, str):
            self.trouble("joint_states", positions)
            return
        stamp = message.header.stamp
        told = self._drive.measure(positions, described.joints, stamp.sec * NS_PER_S + stamp.nanosec)
        self._measured = tuple(self._drive.position_rad(described.joints))
        if told:
            t_ns = self.session_of(message.header)
            self.ports.send(m.JointMeasured(t_ns=t_ns, body=described.body, position_rad=packed(told)))

    def on_check(self, key: str, goal: Any) -> str:
        """Return why a goal cannot be taken."""
        wanted = self._wanted(key, "0" * 32, goal)
        return wanted if isinstance(wanted, str) else ""

    def on_goal(self, key: str, goal_id: str, goal: Any) -> str:
        """Take a goal of another node, or say why not."""
        wanted = self._wanted(key, goal_id, goal)
        if isinstance(wanted, str):
            return wanted
        if not self.ports.send(wanted.message if isinstance(wanted, Asked) else wanted):
            return "the agent is not there"
        if isinstance(wanted, Asked):
            self._goals[goal_id] = wanted
        else:
            self._looks[goal_id] = wanted.id
        return ""

    def on_cancel(self, key: str, goal_id: str) -> None:
        """Ask the house to end it; the goal ends when the house says so."""
        if goal_id in self._settles:  # the house is done with it
            self._end_goal(goal_id, "cancelled", "ROS")
        elif key == "look_at":
            self.ports.send(m.IntentionCancel(intention_id=self._looks.get(goal_id, goal_id), reason="ROS"))
        elif not self.ports.send(m.JointGoalCancel(goal_id=goal_id, reason="ROS")):
            self._end_goal(goal_id, "aborted", "the agent is not there")

    def tick(self) -> None:
        """Look after the robot, and tell how goals do."""
        now_ns = self.ports.times.session_ns()
        if self._drive is not None:
            self._drive.tick(now_ns)
        self._settle()
        if self._goals and now_ns - self._feedback_ns >= FEEDBACK_NS:
            self._feedback_ns = now_ns
            for goal_id, goal in self._goals.items():
                self._tell_feedback(goal_id, goal.message.joints, now_ns)

    def lost(self) -> None:
        """The house is gone: nobody runs these goals any more, and nobody moves the robot."""
        if self._drive is not None:
            self._drive.end()
        for goal_id in list(self._goals):
            self._end_goal(goal_id, "aborted", "the agent is gone")

    def _command(self, command: m.JointCommand) -> None:
        described = self._described
        if described is None or len(command.position_rad) != 4 * len(described.joints):
            return
        self._position, self._velocity = floats(command.position_rad), floats(command.velocity_rad_s)
        if self._drive is not None:
            self._drive.command(command, described, self._position, self._velocity)
        state = {"name": list(described.joints), "position": list(self._position), "velocity": list(self._velocity)}
        self.ports.publish("joint_commands", {"header": self.header(command.t_ns), **state}, "")

    def _tell_measured(self, measured: m.JointMeasured) -> None:
        described = self._described
        if self._drive is None and described and len(measured.position_rad) == 4 * len(described.joints):
            self._measured = floats(measured.position_rad)
            state = {"name": list(described.joints), "position": list(self._measured)}
            self.ports.publish("joint_states", {"header": self.header(measured.t_ns), **state}, "")

    def _settle(self) -> None:
        """End goals whose last point is commanded, once joints measure within their tolerances."""
        now_ns = self.ports.times.session_ns()
        described = self._described
        for goal_id, since_ns in list(self._settles.items()):
            goal = self._goals.get(goal_id)
            measured = dict(zip(described.joints, self._measured, strict=False)) if described else {}
            outside = goal.outside(measured) if goal is not None else ""
            if not outside:
                self._end_goal(goal_id, "succeeded", "")
            elif goal is not None and now_ns - since_ns > goal.settle_s * NS_PER_S:
                self._end_goal(goal_id, "aborted", outside, TOLERANCE_VIOLATED)

    def _tell_feedback(self, goal_id: str, joints: tuple[str, ...], now_ns: int) -> None:
        if self._described is None or len(self._position) != len(self._described.joints):
            return
        at = [self._described.joints.index(name) for name in joints]
        desired = [self._position[i] for i in at]
        fields: dict[str, Any] = {"header": self.header(now_ns), "joint_names": list(joints)}
        fields["desired"] = {"positions": desired, "velocities": [self._velocity[i] for i in at]}
        if len(self._measured) == len(self._described.joints):
            actual = [self._measured[i] for i in at]
            fields["actual"] = {"positions": actual}
            fields["error"] = {"positions": [a - b for a, b in zip(desired, actual, strict=True)]}
        self.ports.feedback("follow", goal_id, fields)

    def _end_goal(self, goal_id: str, state: str, reason: str, error: int = INVALID_GOAL) -> None:
        if len(goal_id) != 32 or not set(goal_id) <= set("0123456789abcdef"):
            return  # not a goal of a ROS node
        self._goals.pop(goal_id, None)
        self._settles.pop(goal_id, None)
        code = 0 if state in ("succeeded", "cancelled") else error
        self.ports.end("follow", goal_id, GOAL_STATES.get(state, ABORTED), {"error_code": code, "error_string": reason})

    def _wanted(self, key: str, goal_id: str, goal: Any) -> Asked | m.Intention | str:
        if key == "look_at":
            return self._look(goal_id, goal)
        if self._described is None:
            return "the agent has no body, or is not there"
        return asked(goal_id, goal, self._described, self.ports.times.ros_ns())

    def _look(self, goal_id: str, goal: Any) -> m.Intention | str:
        point, frame = goal.target.point, goal.target.header.frame_id.lstrip("/")
        heights = {self.parameters["base_frame"]: self.parameters["head_height_m"], self.parameters["head_frame"]: 0.0}
        if frame not in heights:
            return f"target.header.frame_id: {unknown_name('frame', frame, heights)}"
        if not all(math.isfinite(value) for value in (point.x, point.y, point.z)):
            return "target.point: must be numbers"
        up = point.z - heights[frame]
        if math.hypot(point.x, point.y, up) < 0.05:
            return "target.point: is in the agent's own head"
        direction = (math.atan2(point.y, point.x), math.atan2(up, math.hypot(point.x, point.y)))
        seconds = goal.min_duration.sec + goal.min_duration.nanosec / 1e9 or LOOK_S
        return m.Intention(
            id=f"ros-look-{goal_id}", kind="gaze", target=m.Target(direction_rad=direction), trigger="ros",
            parameters={"duration_s": max(0.1, min(60.0, seconds))},
        )  # fmt: skip

    def _end_look(self, answer: m.IntentionAnswer) -> None:
        goal_id = answer.intention_id.removeprefix("ros-look-")
        if goal_id not in self._looks or answer.state in ("accepted", "started"):
            return
        del self._looks[goal_id]
        status = {"finished": SUCCEEDED, "cancelled": CANCELED}.get(answer.state, ABORTED)
        self.ports.end("look_at", goal_id, status, {})
