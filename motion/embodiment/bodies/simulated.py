"""A body in MuJoCo, our own humanoid or a mapped robot: with motors that lag, weight that sags and joints that collide.

The same driver as for a robot, but that the motors are simulated: a frame is retargeted, filtered and given to position actuators, and
the physics goes on by one period with each `send`. So simulated time is the agent's time, on a virtual clock too, and nothing runs
beside the caller: a `send` takes about half a millisecond. Confined to one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motion.embodiment.bodies import catalogue
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.physics import Physics
from motion.embodiment.contract import Measured, Sent
from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.retarget.avoidance import SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision
from motion.embodiment.safety.filter import SafetyFilter
from runtime.clock import NS_PER_S, Clock
from runtime.messages import MotionFrame

if TYPE_CHECKING:
    pass

REST_REACHED_RAD = 0.01
REST_WITHIN_S = 10.0
TOUCH_MARGIN_M = 0.07
"""Distances up to this are looked at."""


class SimulatedBody:
    """An `Embodiment` whose motors are MuJoCo's."""

    def __init__(self, clock: Clock, robot: RobotModel | None = None, *, checks: bool = True) -> None:
        """Make one of a robot, else of our own humanoid; nothing is compiled before `connect`.

        Without `checks` nothing keeps its parts from touching each other.
        """
        self._clock = clock
        self._robot = robot or catalogue.own()
        self._body = self._robot.description
        self._retargeting = self._robot.retargeting()
        self._filter = SafetyFilter(self._body, self._body.vector("rest_rad"))
        self._checks = checks
        self._avoidance: SelfCollisionAvoidance | None = None
        self._physics: Physics | None = None
        self._shown = False
        self._person_m = float("inf")
        self.self_collisions = 0
        """Periods at whose end two parts of the body touched."""

    def describe(self) -> BodyDescription:
        """Return what it is."""
        return self._body

    @property
    def trouble(self) -> str:
        """Return nothing: it is here."""
        return ""

    @property
    def stopped(self) -> bool:
        """Whether an emergency stop holds."""
        return self._filter.stopped

    async def connect(self) -> None:
        """Load the model; a stop and a person of before hold. Raises AttuneError where MuJoCo is not installed."""
        physics = Physics(self._robot)
        if self._checks:
            collision = SelfCollision(self._robot.make(), self._body.names, TOUCH_MARGIN_M)
            begun = SafetyFilter(self._body, self._body.vector("rest_rad"), collision.clearance_m)
            begun.person_at(self._person_m)
            if self.stopped:
                begun.emergency_stop()
            self._filter = begun
            self._avoidance = SelfCollisionAvoidance(self._body, collision.clearance_m, self._robot.limbs)
        if self._shown:
            physics.show()
        self._physics = physics

    def show(self) -> None:
        """Open MuJoCo's viewer with `connect`, in a thread of its own; closing its window ends only the showing."""
        self._shown = True

    async def prepare(self) -> None:
        """Stand at rest, with the motors on: a simulated body begins so."""

    @property
    def shown(self) -> bool:
        """Whether a viewer's window is open."""
        return self._physics is not None and self._physics.shown

    def send(self, frame: MotionFrame) -> Sent:
        """Take a frame and let one period go by."""
        rotations = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4)
        hands = np.frombuffer(frame.hands, "<f4").reshape(2, -1)
        now_ns = self._clock.now_ns()
        if np.isfinite(rotations).all() and np.isfinite(hands).all():
            self._aim(self._retargeting.joints(rotations, hands, frame.eyes_rad), now_ns)
        else:
            self._filter.refused += 1
        return self._sent(now_ns)

    def follow(self, position_rad: Float64) -> Sent:
        """Take joint targets and let one period go by."""
        now_ns = self._clock.now_ns()
        self._aim(position_rad, now_ns)
        return self._sent(now_ns)

    def idle(self) -> Sent:
        """Let one period go by without a frame: the filter slows down, and then rests."""
        return self._sent(self._clock.now_ns())

    def _aim(self, target: Float64, now_ns: int) -> None:
        free = self._avoidance is not None and target.shape == (len(self._body.joints),) and np.isfinite(target).all()
        self._filter.target(self._avoidance.target(target) if free and self._avoidance else target, now_ns / NS_PER_S)

    def _sent(self, now_ns: int) -> Sent:
        command = self._filter.step(now_ns / NS_PER_S)
        if self._physics is not None:
            self._physics.command(command)
            self.self_collisions += self._physics.touches
        return Sent(command, connected=self._physics is not None, t_ns=now_ns)

    def measured(self) -> Measured | None:
        """Return where the joints are."""
        if self._physics is None:
            return None
        return Measured(self._physics.measured_rad(), self._clock.now_ns())

    async def rest(self) -> None:
        """Go to the rest pose and wait until it is there, at most `REST_WITHIN_S`; not in an emergency stop."""
        rest = self._body.vector("rest_rad")
        for _ in range(round(REST_WITHIN_S * self._body.rate_hz)):
            self.idle()
            measured = self.measured()
            if measured is None or self._filter.stopped or abs(measured.position_rad - rest).max() < REST_REACHED_RAD:
                return
            await self._clock.sleep_until_ns(self._clock.now_ns() + round(self._body.period_s * NS_PER_S))

    def stop(self) -> None:
        """Slow down to a standstill; the next frame goes on."""
        self._filter.forget_target()

    def emergency_stop(self) -> None:
        """Stop with the next command and stay so until `release`."""
        self._filter.emergency_stop()

    def release(self) -> bool:
        """End an emergency stop; return whether it has ended."""
        return self._filter.release()

    def person_at(self, distance_m: float) -> None:
        """Say how near the nearest person is."""
        self._person_m = distance_m
        self._filter.person_at(distance_m)

    async def disconnect(self) -> None:
        """Let go of the model."""
        if self._physics is not None:
            self._physics.close()
        self._physics = None
