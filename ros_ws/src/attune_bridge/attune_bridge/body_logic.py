"""Logic of the body's node: joints out and in, the robot's controller, goals of others, and looking at points.

With `body: agent` the agent's house drives the body (simulated, or by a driver of its own) and this node tells its joint states. With
`body: ros` the robot's motors are ros2_control's: the node first has the controller approach the agent's pose by a FollowJointTrajectory
goal (the start ramp), then streams what leaves the agent's safety filter as short trajectories that each end at a standstill, and tells
the house what the robot's joints measure. When the house falls silent it stops streaming, and approaches again when it is back. Goals of
others pass the house's safety filter as `JointGoal`. Radians, metres, seconds; frames of points by REP-103 (x forward, y left, z up).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from attune_bridge.logic import NS_PER_S, Logic, Ports, unknown_name
from attune_bridge.trajectories import STEP_S, approach, floats, goal_message, measured_positions, packed, streamed
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED
from runtime import bridge_protocol as p
from runtime import messages as m

SILENT_NS = NS_PER_S // 4
"""Without a command of the house for this long there is nothing to stream."""
NEAR_RAD = 0.05
FAR_RAD = 0.3
"""A robot that is this far from the command is not streamed to: it approaches (again)."""
APPROACH_RAD_S = 0.5
APPROACH_MIN_S = 1.0
AGAIN_NS = NS_PER_S
FEEDBACK_NS = NS_PER_S // 10
LOOK_S = 2.0
GOAL_STATES = {"succeeded": SUCCEEDED, "cancelled": CANCELED, "aborted": ABORTED, "rejected": ABORTED}
INVALID_GOAL = -1


class BodyLogic(Logic):
    """One body's joints, trajectories and goals."""

    wants = (m.BodyDescribed, m.JointCommand, m.JointMeasured, m.BodyStatus, m.JointGoalAnswer, m.IntentionAnswer)
    defaults: ClassVar = {"body": "agent", "base_frame": "base_link", "head_frame": "head", "head_height_m": 1.2}

    def __init__(self, ports: Ports) -> None:
        """Begin without a body."""
        super().__init__(ports)
        self.phase = "waits"
        self._described: m.BodyDescribed | None = None
        self._position: tuple[float, ...] = ()
        self._velocity: tuple[float, ...] = ()
        self._measured: dict[str, float] = {}
        self._commanded_ns = -SILENT_NS
        self._due_ns = self._again_ns = self._feedback_ns = 0
        self._goals: dict[str, tuple[str, ...]] = {}
        self._looks: dict[str, str] = {}
        self._approach: Any = None

    def uses(self, key: str) -> bool:
        """Return whether a row is used: joint states have one source."""
        if key in ("joint_states_in", "trajectory", "approach"):
            return bool(self.parameters["body"] == "ros")
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
            if message.state != "accepted":
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
        if key != "joint_states_in" or self._described is None:
            return
        positions = measured_positions(message)
        if isinstance(positions, str):
            self.trouble("joint_states", positions)
            return
        self._measured.update(positions)
        missing = [name for name in self._described.joints if name not in self._measured]
        if missing:
            self.trouble("joint_states", unknown_name("joint", missing[0], self._measured))
            return
        data = m.JointMeasured(
            t_ns=self.session_of(message.header), body=self._described.body,
            position_rad=packed([self._measured[name] for name in self._described.joints]),
        )  # fmt: skip
        self.ports.send(data)

    def on_check(self, key: str, goal: Any) -> str:
        """Return why a goal cannot be taken."""
        wanted = self._wanted(key, "0" * 32, goal)
        return wanted if isinstance(wanted, str) else ""

    def on_goal(self, key: str, goal_id: str, goal: Any) -> str:
        """Take a goal of another node, or say why not."""
        wanted = self._wanted(key, goal_id, goal)
        if isinstance(wanted, str):
            return wanted
        if not self.ports.send(wanted):
            return "the agent is not there"
        if isinstance(wanted, m.JointGoal):
            self._goals[goal_id] = wanted.joints
        else:
            self._looks[goal_id] = wanted.id
        return ""

    def on_cancel(self, key: str, goal_id: str) -> None:
        """Ask the house to end it; the goal ends when the house says so."""
        if key == "look_at":
            self.ports.send(m.IntentionCancel(intention_id=self._looks.get(goal_id, goal_id), reason="ROS"))
        elif not self.ports.send(m.JointGoalCancel(goal_id=goal_id, reason="ROS")):
            self._end_goal(goal_id, "aborted", "the agent is not there")

    def tick(self) -> None:
        """Stream, approach, and tell how goals do."""
        now_ns = self.ports.times.session_ns()
        if self.parameters["body"] == "ros":
            self._drive(now_ns)
        if self._goals and now_ns - self._feedback_ns >= FEEDBACK_NS:
            self._feedback_ns = now_ns
            for goal_id, joints in self._goals.items():
                self._tell_feedback(goal_id, joints, now_ns)

    def lost(self) -> None:
        """The house is gone: nobody runs these goals any more."""
        for goal_id in list(self._goals):
            self._end_goal(goal_id, "aborted", "the agent is gone")

    def _command(self, command: m.JointCommand) -> None:
        described = self._described
        if described is None or len(command.position_rad) != 4 * len(described.joints):
            return
        self._position, self._velocity = floats(command.position_rad), floats(command.velocity_rad_s)
        self._commanded_ns = self.ports.times.session_ns()
        state = {"name": list(described.joints), "position": list(self._position), "velocity": list(self._velocity)}
        self.ports.publish("joint_commands", {"header": self.header(command.t_ns), **state}, "")

    def _tell_measured(self, measured: m.JointMeasured) -> None:
        described = self._described
        if self.parameters["body"] == "agent" and described and len(measured.position_rad) == 4 * len(described.joints):
            state = {"name": list(described.joints), "position": list(floats(measured.position_rad))}
            self.ports.publish("joint_states", {"header": self.header(measured.t_ns), **state}, "")

    def _drive(self, now_ns: int) -> None:
        described = self._described
        if described is None or now_ns - self._commanded_ns > SILENT_NS or len(self._measured) < len(described.joints):
            if self.phase == "streams":
                self.phase = "waits"
                self.ports.log("warning", "no commands of the agent: the robot stops")
            return
        far = max(abs(self._measured[name] - at) for name, at in zip(described.joints, self._position, strict=True))
        if self.phase == "waits" and now_ns >= self._again_ns:
            self._begin(now_ns, far)
        elif self.phase == "streams" and far > FAR_RAD:
            self.trouble("robot", f"it is {far:.2f} rad from what is commanded; it approaches again")
            self.phase = "waits"
        elif self.phase == "streams" and now_ns >= self._due_ns:
            self._due_ns = max(self._due_ns + round(STEP_S * NS_PER_S), now_ns)
            # A stamp of zero: it begins when the controller gets it, whatever the two machines' clocks say.
            self.ports.publish("trajectory", streamed(described, self._position, self._velocity, {}), "")

    def _begin(self, now_ns: int, far: float) -> None:
        assert self._described is not None
        if far <= NEAR_RAD:
            self.phase = "streams"
            return
        goal = approach(self._described.joints, self._position, max(APPROACH_MIN_S, 1.5 * far / APPROACH_RAD_S))
        self._approach = self.ports.send_goal("approach", goal, self._approached)
        self._again_ns = now_ns + AGAIN_NS
        if self._approach is not None:
            self.phase = "approaches"

    def _approached(self, status: int, result: Any) -> None:
        self._approach = None
        self._again_ns = self.ports.times.session_ns() + (0 if status == SUCCEEDED else AGAIN_NS)
        self.phase = "waits"
        if status != SUCCEEDED:
            text = getattr(result, "error_string", "") or "rejected, cancelled or aborted"
            self.trouble("approach", text)

    def _tell_feedback(self, goal_id: str, joints: tuple[str, ...], now_ns: int) -> None:
        if self._described is None or len(self._position) != len(self._described.joints):
            return
        at = [self._described.joints.index(name) for name in joints]
        point = {"positions": [self._position[i] for i in at], "velocities": [self._velocity[i] for i in at]}
        fields = {"header": self.header(now_ns), "joint_names": list(joints), "desired": point, "actual": point}
        self.ports.feedback("follow", goal_id, fields)

    def _end_goal(self, goal_id: str, state: str, reason: str) -> None:
        if len(goal_id) != 32 or not set(goal_id) <= set("0123456789abcdef"):
            return  # not a goal of a ROS node
        self._goals.pop(goal_id, None)
        code = 0 if state in ("succeeded", "cancelled") else INVALID_GOAL
        self.ports.end("follow", goal_id, GOAL_STATES.get(state, ABORTED), {"error_code": code, "error_string": reason})

    def _wanted(self, key: str, goal_id: str, goal: Any) -> m.JointGoal | m.Intention | str:
        if key == "look_at":
            return self._look(goal_id, goal)
        if self._described is None:
            return "the agent has no body, or is not there"
        return goal_message(goal_id, goal, self._described)

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
