"""A robot under ros2_control, moved by what leaves the agent's safety filter and by nothing else.

Only new commands are handed on, only while the house says that the body takes them (`JointCommand.connected`), and only from where the
robot is: whenever handing on begins (at first, after the house or the joint states were silent, after the robot strayed, after ROS time was
set), measurements are kept back until the house counts the body as away. Then they are told again, and the house begins anew where the
joints are. In an emergency stop the braking is handed on and then nothing more. `controller` is `topic`, each trajectory to the
controller's topic, or `action`, each a FollowJointTrajectory goal that replaces the one before and is cancelled where handing on ends; in
an emergency stop at once. Whatever the end, the robot stops by itself, since each trajectory ends at a standstill.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from attune_bridge.logic import NS_PER_S, Logic, unknown_name
from attune_bridge.streaming import Stream, stands
from attune_bridge.wire import ABORTED
from runtime import messages as m

SILENT_NS = NS_PER_S // 4
"""Without a command of the house, or a measurement of a joint, for this long nothing is handed on."""
NEAR_RAD = 0.03
"""Handing on begins only with a robot that is this near to the command."""
FAR_RAD = 0.3
LAG_S = 0.1
"""A robot that is `FAR_RAD` from where it is to be, and by more than motors lag behind that lately, is not following."""
CLOCKS_NS = NS_PER_S // 20
"""Where joint states come so long after their stamp, or before it, the robot's clock is another, and trajectories are stamped by ours."""
LATELY_NS = NS_PER_S
"""The soonest joint states of so long say how the clocks differ: some of a wireless network come later."""
STEP_NS = NS_PER_S // 100
"""Where ROS time was set by more, between one look at it and the next, what was handed on lies elsewhere in time."""
PATIENCE_NS = 3 * NS_PER_S
DELAY_S = {"topic": 0.1, "action": 0.3}
"""By so much the robot is later than the agent's body; commands that come later than others by less do no harm."""
SOONEST_S = {"topic": 0.04, "action": 0.12}
"""New commands lie at least so far ahead, which is the time that a trajectory has to arrive. Goals take longer."""
EVERY_S = {"topic": 0.015, "action": 0.1}
"""Trajectories come no sooner after one another."""


class RobotDrive:
    """Whether, and what, is handed on to one robot: it `waits` for the house to let go, `begins`, and `streams`."""

    def __init__(self, logic: Logic, controller: str) -> None:
        """Begin with nothing handed on; `logic` is the node's."""
        self.phase = "waits"
        self._logic = logic
        self._controller = controller if controller in DELAY_S else "topic"
        self._joints: Sequence[str] = ()
        self._measured: dict[str, tuple[float, int]] = {}
        self._late_ns: deque[tuple[int, int]] = deque()
        """When joint states came and how long after their stamp, without those that a later one came sooner than."""
        self._ahead_ns: tuple[int, int] | None = None
        """By at least and by at most how much ROS time was ahead of the steady one."""
        self._stream: Stream | None = None
        self._quiet = True
        """Whether the last that was handed on stands in an emergency stop, or nothing was yet."""
        self._commanded_ns = self._waits_ns = self._sent_ns = 0
        self._goal: Any = None

    def measure(self, positions: Mapping[str, float], joints: Sequence[str], stamp_ns: int) -> tuple[float, ...]:
        """Take what joints measured at a time of the robot's clock; return all of the body's where the house is to be told."""
        now_ns = self._logic.ports.times.session_ns()
        self._joints = joints
        self._watch_clock()
        if wrong := self._wrong_clock(stamp_ns, now_ns):
            self._logic.trouble("clock", wrong)
            return ()
        self._measured.update((name, (value, now_ns)) for name, value in positions.items())
        missing = [name for name in joints if name not in self._measured]
        if missing:
            self._logic.trouble("joint_states", unknown_name("joint", missing[0], self._measured))
        return () if self.phase == "waits" else self._now_rad(now_ns)

    def command(
        self,
        command: m.JointCommand,
        described: m.BodyDescribed,
        position: tuple[float, ...],
        velocity: tuple[float, ...],
    ) -> None:
        """Hand a command on, or not."""
        now_ns = self._commanded_ns = self._logic.ports.times.session_ns()
        self._watch_clock()
        if not command.connected:
            self._end("begins")
            return
        if self.phase == "waits":
            self._complain(now_ns)
            return
        self._look_after(now_ns)
        if self.phase == "waits":
            return
        stopped, standing = command.state == "stopped", stands(velocity)
        if stopped and self._controller == "action":
            self._cancel()
            self._quiet = True
        if stopped and self._quiet:
            return
        if self._quiet or self._stream is None:
            gap_rad = self._gap_rad(position, now_ns)
            if gap_rad > NEAR_RAD:
                self._wait("the robot is elsewhere", f"{gap_rad:.2f} rad from where the agent's body begins")
                return
            self.phase, self._quiet = "streams", False
            self._stream = Stream(described, DELAY_S[self._controller], SOONEST_S[self._controller])
        if not self._stream.take(command, position, velocity, self._logic.ports.times.ros_ns()):
            self._wait("late commands", "the robot stops, and begins anew where it is")
            return
        if stopped and standing:
            self._hand_on(now_ns)
            self._quiet = True
        elif now_ns - self._sent_ns >= EVERY_S[self._controller] * NS_PER_S:
            self._hand_on(now_ns)

    def tick(self, now_ns: int) -> None:
        """Notice silence, a clock that was set, and a robot that is elsewhere."""
        self._watch_clock()
        if self.phase == "waits" or not self._joints:
            return
        if now_ns - self._commanded_ns > SILENT_NS:
            self._wait("no commands of the agent", "the robot stops")
        else:
            self._look_after(now_ns)

    def end(self) -> None:
        """Hand nothing on any more; what was ends at a standstill."""
        self._end("waits")

    def _look_after(self, now_ns: int) -> None:
        if self.phase == "streams" and self._stream is not None:
            position, speed = self._stream.expected(self._logic.ports.times.ros_ns())
            gap_rad = self._gap_rad(position, now_ns, [LAG_S * each for each in speed])
            if gap_rad == float("inf"):
                self._wait("no joint states", "the robot stops")
            elif gap_rad > FAR_RAD:
                self._wait("the robot strays", f"{gap_rad:.2f} rad; it stops, and the agent begins anew where it is")

    def position_rad(self, joints: Sequence[str]) -> list[float]:
        """Return what these joints measured last; empty where one has not yet."""
        return [self._measured[name][0] for name in joints] if all(name in self._measured for name in joints) else []

    def _watch_clock(self) -> None:
        """End handing on where ROS time was set; looks that were held up on their way count for what is sure."""
        times, was = self._logic.ports.times, self._ahead_ns
        before_ns, ros_ns, after_ns = times.steady_ns(), times.ros_ns(), times.steady_ns()
        low_ns, high_ns = self._ahead_ns = ros_ns - after_ns, ros_ns - before_ns
        if was is None or max(low_ns - was[1], was[0] - high_ns) <= STEP_NS:
            return
        self._late_ns.clear()
        if self.phase != "waits":
            set_s = (low_ns - was[0]) / NS_PER_S
            self._wait(
                "the clock was set", f"by {set_s:+.3f} s while the robot is moved, which no stream survives; slew it"
            )

    def _wrong_clock(self, stamp_ns: int, now_ns: int) -> str:
        """Return why a stamp says that trajectories stamped by our clock would be others to the robot, or an empty text."""
        if not stamp_ns:
            return "joint states have no stamp, by which the robot's clock can be known"
        late_ns = self._logic.ports.times.ros_ns() - stamp_ns
        while self._late_ns and self._late_ns[-1][1] >= late_ns:
            self._late_ns.pop()
        self._late_ns.append((now_ns, late_ns))
        while now_ns - self._late_ns[0][0] > LATELY_NS:
            self._late_ns.popleft()
        least_ns = self._late_ns[0][1]
        if abs(least_ns) <= CLOCKS_NS and late_ns <= SILENT_NS:
            return ""
        return (
            f"joint states come {late_ns / NS_PER_S:.3f} s after their stamp, {least_ns / NS_PER_S:.3f} s at the soonest; "
            f"keep both clocks by NTP, and the way within {CLOCKS_NS / NS_PER_S:.3f} s"
        )

    def _hand_on(self, now_ns: int) -> None:
        assert self._stream is not None
        self._sent_ns = now_ns
        ports = self._logic.ports
        made = self._stream.trajectory(ports.times.ros_ns())
        if self._controller == "topic":
            ports.publish("trajectory", made, "")
            return
        goal: list[Any] = []
        goal.append(
            ports.send_goal("goal", {"trajectory": made}, lambda status, result: self._ended(goal, status, result))
        )
        if goal[0] is None:
            self._wait("no controller", "nobody serves its FollowJointTrajectory")
        self._goal = goal[0]

    def _ended(self, goal: list[Any], status: int, result: Any) -> None:
        if not goal or goal[0] is not self._goal or self._goal is None:
            return  # another has replaced it
        self._goal = None
        if status == ABORTED and self.phase == "streams":
            self._wait("controller", getattr(result, "error_string", "") or "goal rejected or aborted")

    def _wait(self, what: str, why: str) -> None:
        self._logic.trouble(what, why)
        self._end("waits")

    def _end(self, phase: str) -> None:
        self._cancel()
        self.phase, self._stream, self._quiet = phase, None, True
        self._waits_ns = self._logic.ports.times.session_ns()

    def _cancel(self) -> None:
        goal, self._goal = self._goal, None
        if goal is not None:
            goal.cancel()

    def _complain(self, now_ns: int) -> None:
        if self._joints and now_ns - self._waits_ns > PATIENCE_NS:
            self._waits_ns = now_ns
            self._logic.trouble("body", "the agent's body is not this robot; run the agent with `--body ros:NAME`")

    def _gap_rad(self, position: Sequence[float], now_ns: int, allowed_rad: Sequence[float] = ()) -> float:
        """Return how far the joint that is furthest off is from a pose, beyond what each is allowed; infinite where one is not measured."""
        measured = self._now_rad(now_ns)
        if not measured:
            return float("inf")
        off = [abs(a - b) for a, b in zip(measured, position, strict=True)]
        return max((a - b for a, b in zip(off, allowed_rad or [0.0] * len(off), strict=True)), default=0.0)

    def _now_rad(self, now_ns: int) -> tuple[float, ...]:
        """Return where the joints are; empty where one has not been measured lately."""
        known = [self._measured.get(name, (0.0, -NS_PER_S)) for name in self._joints]
        return tuple(value for value, _ in known) if all(now_ns - at_ns <= SILENT_NS for _, at_ns in known) else ()
