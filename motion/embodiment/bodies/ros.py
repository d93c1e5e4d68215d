"""A body whose motors are another program's: the ROS bridge hands its commands to the robot's controllers and tells what joints measure.

Both travel on the bus: the body's room publishes what leaves the safety filter (`JointCommand`), the bridge publishes `JointMeasured`
(docs/ros.md). So nothing is sent from here; what is measured is given in by the room. What moves the robot is what the room publishes, so
each of the room's steps is one of the filter's, and there are no others: the room keeps stepping whatever the state (an emergency stop, a
body that is away or rests, one that is prepared), and where it hangs nothing is published and the robot stops by itself. Until measurements
come, and when they have stopped for `SILENT_S`, the body is away: nothing is followed, and when they are back the filter begins where the
joints are. Which robot it is (joints, limits, retargeting, what may touch) is one of the catalogue's.
"""

from __future__ import annotations

import numpy as np

from motion.embodiment.bodies.driven import REST_REACHED_RAD, REST_WITHIN_S, DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import TOUCH_MARGIN_M
from motion.embodiment.contract import Measured, Sent
from motion.embodiment.description import Float64
from motion.embodiment.retarget.avoidance import SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision
from motion.embodiment.safety.filter import Command
from runtime.clock import NS_PER_S, Clock
from runtime.messages import JointMeasured, MotionFrame

SILENT_S = 0.5


class RosLink(Link):
    """Connected for as long as measurements come."""

    def __init__(self, name: str) -> None:
        """Begin without any."""
        super().__init__(name)
        self._measured: Measured | None = None

    async def open(self) -> None:
        """Wait for nothing: the robot's nodes may come later than the agent."""
        self.trouble = f"{self.name}: no joint states from ROS yet"

    def take(self, measured: Measured) -> None:
        """Take a measurement; the first, or the first after a silence, is a new session with the body."""
        self._measured = measured
        if not self.connected:
            self.connected, self.trouble = True, ""
            self.sessions += 1

    def look(self, now_ns: int) -> None:
        """Notice that measurements have stopped."""
        if self.connected and self._measured is not None and now_ns - self._measured.t_ns > SILENT_S * NS_PER_S:
            self.connected, self.trouble = False, f"{self.name}: no joint states from ROS for {SILENT_S:g} s"

    def measured(self) -> Measured | None:
        """Return the newest measurement, None while the body is away."""
        return self._measured if self.connected else None

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Do nothing: the room publishes every command."""

    async def _reach(self) -> None:
        """Nothing to reach."""

    async def _leave(self) -> None:
        """Nothing to leave."""


class RosBody(DrivenBody):
    """An `Embodiment` behind the ROS bridge."""

    def __init__(self, clock: Clock, robot: RobotModel) -> None:
        """Make one of a robot; raises AttuneError where MuJoCo is not installed."""
        body = robot.description
        collision = SelfCollision(robot.make(), body.names, TOUCH_MARGIN_M)
        avoidance = SelfCollisionAvoidance(body, collision.clearance_m, robot.limbs)
        retargeting = robot.retargeting()

        def targets(frame: MotionFrame) -> Float64:
            rotations = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4)
            hands = np.frombuffer(frame.hands, "<f4").reshape(2, -1)
            return avoidance.target(retargeting.joints(rotations, hands, frame.eyes_rad))

        self._ros = RosLink(f"body {body.name}")
        super().__init__(clock, body, targets, self._ros, collision.clearance_m)

    async def connect(self) -> None:
        """Reach the body; there is no watchdog here that would take steps which nobody publishes."""
        await self.link.open()

    async def rest(self) -> None:
        """Wait until the room's steps have led it to its rest pose, at most `REST_WITHIN_S`; not in an emergency stop, nor while away."""
        self.stop()
        rest, until_ns = self._body.vector("rest_rad"), self._clock.now_ns() + round(REST_WITHIN_S * NS_PER_S)
        while self.link.connected and not self._emergency and self._clock.now_ns() < until_ns:
            measured = self.measured()
            there = measured is None or abs(measured.position_rad - rest).max() < REST_REACHED_RAD
            if there and abs(self._command.position_rad - rest).max() < 1e-3:
                return
            await self._clock.sleep_until_ns(self._clock.now_ns() + self._period_ns)

    async def disconnect(self) -> None:
        """Let go; the room has led it to rest before, while its steps were published."""
        await self.link.close()

    def take(self, message: JointMeasured) -> bool:
        """Take a measurement from the bus; return whether it is one of this body: its name, all its joints, finite numbers."""
        position = np.frombuffer(message.position_rad, "<f4").astype(float)
        known = message.body == self._body.name and len(position) == len(self._body.joints)
        if not known or not np.isfinite(position).all():
            return False
        # When it arrived: the robot's own clock may be another's.
        self._ros.take(Measured(position, self._clock.now_ns()))
        return True

    def _step(self, now_ns: int) -> Sent:
        """Take a step whenever the room does, which keeps the pace: one that is not taken would be published as a command that stands."""
        self._due_ns, self._gap = min(self._due_ns, now_ns), 0.0
        return super()._step(now_ns)

    def _meet(self) -> None:
        self._ros.look(self._clock.now_ns())
        super()._meet()
