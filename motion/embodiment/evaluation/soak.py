"""A body under everything that its adversary does: are limits kept, does it touch itself, how soon does it stop, what does a tick cost.

The same pieces as in a driver (retargeting, avoidance, safety filter, physics), one period after the other on simulated time. What is
judged is what was sent: positions, velocities and accelerations of successive commands against the limits, the commanded pose and the
pose under physics for parts that touch. Blocking; about a millisecond a tick.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from motion.embodiment.account import percentiles
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.physics import Physics
from motion.embodiment.bodies.simulated import TOUCH_MARGIN_M
from motion.embodiment.description import Float64
from motion.embodiment.evaluation.adversary import Adversary, Wanted
from motion.embodiment.retarget.avoidance import SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision
from motion.embodiment.safety.filter import FRESH_S, Command, SafetyFilter
from motion.embodiment.safety.trajectory import STANDS_RAD_S

SLACK = 1e-3
"""Share by which a difference of rounded numbers may be over a limit."""
POSITION_SLACK_RAD = 1e-6
KEPT = 100_000
"""Samples of times and errors that are kept, spread over the run."""


@dataclass(slots=True)
class Soaked:
    """What a run found.

    Attributes:
        ticks: periods of the body.
        over_position: commands with a joint outside of its range.
        over_velocity: commands with a joint faster than its limit.
        over_acceleration: commands with a joint's velocity changing faster than its limit.
        agent_ticks: targets that came of the agent's own motion.
        agent_touching: of these, poses in which the body would touch itself as retargeted.
        before: targets of any kind that touch when they reach the filter.
        after: commands whose pose touches.
        physical: periods at whose end parts touch under physics.
        targets: targets of any kind.
        watchdog_ms: longest time from the last target to the first command that slows down for want of targets.
        stop_ticks: longest time from an emergency stop to the first command that obeys.
        standstill_ms: longest time from the first command that obeys a stop or a want of targets to one that stands.
        refused: targets refused, since they were no numbers.
        restarts: kills of the driver.
        stops: emergency stops.
        motor_speed: fastest joint under physics, as a share of its limit: motors overshoot what they are told.
        motor_outside_rad: farthest that a joint came out of its range under physics.
        filter_ms: processor time of the safety filter, one tick each: the machine may be shared.
        tracking_deg: of joints, under physics, while the agent's own motion is followed.
    """

    ticks: int = 0
    over_position: int = 0
    over_velocity: int = 0
    over_acceleration: int = 0
    agent_ticks: int = 0
    agent_touching: int = 0
    before: int = 0
    after: int = 0
    physical: int = 0
    targets: int = 0
    watchdog_ms: float = 0.0
    stop_ticks: int = 0
    standstill_ms: float = 0.0
    refused: int = 0
    restarts: int = 0
    stops: int = 0
    motor_speed: float = 0.0
    motor_outside_rad: float = 0.0
    filter_ms: list[float] = field(default_factory=list)
    tracking_deg: list[Float64] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Return them by the names that `attune bench robot` prints."""
        return {
            "ticks": self.ticks,
            "limit_violations": self.over_position + self.over_velocity + self.over_acceleration,
            "self_collision_rate": {
                "retargeted": _share(self.agent_touching, self.agent_ticks),
                "before": _share(self.before, self.targets),
                "after": _share(max(self.after, self.physical), self.ticks),
            },
            "filter_ms": percentiles(np.array(self.filter_ms)),
            "watchdog_ms": {"max": round(self.watchdog_ms, 1)},
            "emergency_stop_ticks": {"max": self.stop_ticks},
            "standstill_ms": {"max": round(self.standstill_ms, 1)},
            "tracking_error_deg": percentiles(np.concatenate(self.tracking_deg) if self.tracking_deg else np.zeros(0)),
            "motors": {
                "velocity_over_limit": round(self.motor_speed, 3),
                "outside_range_deg": round(float(np.degrees(self.motor_outside_rad)), 2),
            },
            "refused_targets": self.refused,
            "emergency_stops": self.stops,
            "driver_restarts": self.restarts,
        }


def _share(count: int, of: int) -> float:
    return round(count / of, 6) if of else 0.0


class Soak:
    """One run."""

    def __init__(self, robot: RobotModel, seed: int) -> None:
        """Build the body; raises AttuneError where MuJoCo is not installed."""
        self._body = robot.description
        self._adversary = Adversary(self._body, seed)
        self._physics = Physics(robot)
        collision = SelfCollision(robot.make(), self._body.names, TOUCH_MARGIN_M)
        self._clearance_m = collision.clearance_m
        self._touch = SelfCollision(robot.make(), self._body.names, 0.0)
        self._retargeting = robot.retargeting()
        self._avoidance = SelfCollisionAvoidance(self._body, self._clearance_m, robot.limbs)
        self._filter = SafetyFilter(self._body, self._physics.measured_rad(), self._clearance_m)
        self._low, self._high = self._body.vector("low_rad"), self._body.vector("high_rad")
        self._fastest = (1.0 + SLACK) * self._body.vector("velocity_rad_s")
        self._hardest = (1.0 + SLACK) * self._body.vector("acceleration_rad_s2")
        self._now_s = 10.0
        self._person_m = np.inf
        self._last: Command | None = None
        self._steps: Float64 | None = None
        """Velocities by the last two positions."""
        self._fresh_s: float | None = None
        self._pressed: int | None = None
        self._braking_ticks: int | None = None
        self._refused_before = 0
        self.found = Soaked()

    def run(self, ticks: int, progress: Callable[[float], None] = lambda _share: None) -> Soaked:
        """Go on for so many periods and return what has been found."""
        stride = max(1, ticks // KEPT)
        for tick in range(ticks):
            wanted = self._adversary.next()
            if wanted.restart_ticks:
                self._restart(wanted.restart_ticks)
            self._now_s += self._body.period_s + wanted.clock_jump_s
            self._interfere(wanted)
            target = self._target(wanted)
            begun = time.thread_time()
            if target is not None and self._filter.target(target, self._now_s):
                self._fresh_s = self._now_s
            command = self._filter.step(self._now_s)
            took_ms = 1_000.0 * (time.thread_time() - begun)
            self._physics.command(command)
            self._judge(command, wanted, target)
            if tick % stride == 0:
                self.found.filter_ms.append(took_ms)
            if tick % 5_000 == 0:
                progress(tick / ticks)
        self.found.refused = self._refused_before + self._filter.refused
        return self.found

    def _restart(self, ticks: int) -> None:
        """The driver dies; its motors hold what they were told last, until it is back and begins where they are."""
        for _ in range(ticks):
            self._physics.go_on()
        self._now_s += ticks * self._body.period_s
        stopped = self._filter.stopped
        self._refused_before += self._filter.refused
        self._filter = SafetyFilter(self._body, self._physics.measured_rad(), self._clearance_m)
        self._filter.person_at(self._person_m)
        if stopped:  # it outlives the process (motion/embodiment/moving.py)
            self._filter.emergency_stop()
        self._last = self._steps = self._fresh_s = self._braking_ticks = None
        self.found.restarts += 1

    def _interfere(self, wanted: Wanted) -> None:
        if wanted.emergency_stop:
            self._filter.emergency_stop()
            self._pressed = 0
            self.found.stops += 1
        if wanted.release and self._filter.release():
            self._adversary.released()
        if wanted.person_m is not None:
            self._person_m = wanted.person_m
            self._filter.person_at(wanted.person_m)
        if wanted.clock_jump_s:
            self._fresh_s = None  # nothing can be said of times across it

    def _target(self, wanted: Wanted) -> Float64 | None:
        target = wanted.joints
        if wanted.rotations is not None:
            assert wanted.hands is not None
            if not np.isfinite(wanted.rotations).all():
                self._filter.refused += 1
                return None
            target = self._retargeting.joints(wanted.rotations, wanted.hands, wanted.eyes_rad)
            if wanted.kind == "agent":
                self.found.agent_ticks += 1
                self.found.agent_touching += bool(self._touch.touching(target))
        if target is None or not np.isfinite(target).all():
            return target
        self.found.targets += 1
        target = self._avoidance.target(np.clip(target, self._low, self._high))
        self.found.before += bool(self._touch.touching(target))
        return target

    def _judge(self, command: Command, wanted: Wanted, target: Float64 | None) -> None:
        found, position = self.found, command.position_rad
        found.ticks += 1
        outside = (position < self._low - POSITION_SLACK_RAD) | (position > self._high + POSITION_SLACK_RAD)
        found.over_position += bool(outside.any())
        self._judge_speeds(command)
        found.after += bool(self._touch.touching(position))
        found.physical += self._physics.touches
        measured = self._physics.measured_rad()
        speed = abs(self._physics.measured_rad_s()) / self._body.vector("velocity_rad_s")
        found.motor_speed = max(found.motor_speed, float(speed.max()))
        outside_rad = np.maximum(self._low - measured, measured - self._high).max()
        found.motor_outside_rad = max(found.motor_outside_rad, float(outside_rad))
        if self._pressed is not None:
            self._pressed += 1
            if command.state == "stopped":
                found.stop_ticks, self._pressed = max(found.stop_ticks, self._pressed), None
        if command.state == "stops" and self._fresh_s is not None:
            since_s = self._now_s - self._fresh_s
            if since_s > FRESH_S:  # not after a release, which forgets its target at once
                found.watchdog_ms = max(found.watchdog_ms, 1_000.0 * since_s)
            self._fresh_s = None
        self._judge_stop(command)
        if wanted.kind == "agent" and command.state == "follows" and found.ticks % 20 == 0:
            found.tracking_deg.append(np.degrees(abs(measured - position)))

    def _judge_speeds(self, command: Command) -> None:
        """Velocity and acceleration as a motor gets them, from positions, and as the command tells them."""
        last, steps_before = self._last, self._steps
        self._last, self._steps = command, None
        if last is None:
            return
        self._steps = (command.position_rad - last.position_rad) / self._body.period_s
        told = command.velocity_rad_s
        too_fast = np.maximum(abs(self._steps), abs(told)) > self._fastest
        self.found.over_velocity += bool(too_fast.any())
        changes = abs(told - last.velocity_rad_s)
        if steps_before is not None:
            changes = np.maximum(changes, abs(self._steps - steps_before))
        self.found.over_acceleration += bool((changes / self._body.period_s > self._hardest).any())

    def _judge_stop(self, command: Command) -> None:
        """Whether a body that says that it stops does."""
        if command.state not in ("stops", "stopped"):
            self._braking_ticks = None
        elif self._braking_ticks is None:
            self._braking_ticks = 0
        if self._braking_ticks is not None:
            if abs(command.velocity_rad_s).max() > STANDS_RAD_S:
                self._braking_ticks += 1
            since_ms = 1_000.0 * self._body.period_s * self._braking_ticks
            self.found.standstill_ms = max(self.found.standstill_ms, since_ms)
