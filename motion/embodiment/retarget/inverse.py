"""The agent's pose as the joint angles of any robot, by one step of differential inverse kinematics per period (mink, daqp).

What is asked of the robot are directions, which need no scale: trunk and head turn as the figure's do, upper arms and forearms point where
its do, hands are held as it holds them; the pose of rest draws a little at whatever is left open. Where the robot has no neck the waist
takes a share of the head's turn, and where it has no eyes the head, or the waist, takes the eyes' turn, smoothed. Ranges and velocities are
bounds of the quadratic programme, so no angle ever lies outside. The skeleton is VRM's (x left, y up, z forward, T-pose), the frames of the
robot are REP-103's (x forward, y left, z up). Stateful by one pose; one thread; about half a millisecond a period.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from motion.embodiment.bodies.mapping import Figure, Point
from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.retarget.apart import TOO_NEAR_M, Apart
from motion.embodiment.retarget.pointing import aimed
from motion.embodiment.retarget.tasks import DirectionTask, OrientationTask, Spot, hand_frame, upright
from motion.quaternions import (
    Quaternion,
    from_vector,
    multiply,
    product,
    rotation_vector,
    turned,
)
from motion.skeleton import INDEX

if TYPE_CHECKING:
    import mujoco

TORSO_COST, HEAD_COST, ARM_COST, HAND_COST, REST_COST = 1.0, 1.0, 1.0, 0.3, 0.03
POINT_COST, POINTING_HAND_COST = 3.0, 1.0
"""Of the line from the shoulder to the fingertip, and of the hand, while an arm points."""
NECKLESS_SHARE = 0.5
"""How much of the head's turn against the trunk the waist takes where there is no neck."""
EYES_S = 0.2
"""Time constant with which a head follows the eyes' turn."""
DAMPING = 1e-4
SHARES = (1.0, 0.5, 0.25, 0.1, 0.0)
"""Of a step, tried in turn."""
_SOFT = 8
"""What daqp calls a constraint that may be violated where all together cannot hold."""
_SPINE = tuple(INDEX[name] for name in ("hips", "spine", "chest", "upperChest"))
_HEAD = tuple(INDEX[name] for name in ("neck", "head"))


class _ArmTasks:
    """What is asked of one arm."""

    def __init__(self, model: Any, side: str, arm: Any) -> None:
        self.rows = [INDEX[f"{side}{name}"] for name in ("Shoulder", "UpperArm", "LowerArm", "Hand")]
        self.outwards = (0.0, 1.0 if side == "left" else -1.0, 0.0)
        shoulder, elbow, wrist = (_spot(model, one) for one in (arm.shoulder, arm.elbow, arm.wrist))
        self.upper = DirectionTask(model, shoulder, elbow, ARM_COST)
        self.fore = DirectionTask(model, elbow, wrist, ARM_COST)
        self.hand = OrientationTask(model, arm.hand.body, HAND_COST)
        self.frame = hand_frame(arm.hand.tip_m, arm.hand.palm, side)
        self.point = DirectionTask(model, shoulder, (int(model.body(arm.hand.body).id), np.array(arm.hand.tip_m)), 0.0)

    def ask(self, local: list[Quaternion], torso: Quaternion, fingers: list[float]) -> None:
        shoulder, upper, lower, hand = (local[row] for row in self.rows)
        whole = product((torso, shoulder, upper))
        self.upper.target = turned(whole, self.outwards)
        whole = multiply(whole, lower)
        self.fore.target = turned(whole, self.outwards)
        whole = multiply(whole, hand)
        self.hand.target = multiply(whole, self.frame)
        self.point.target, points = aimed(self.upper.target, self.fore.target, turned(whole, self.outwards), fingers)
        self.point.cost = POINT_COST * points
        self.hand.cost = HAND_COST + points * (POINTING_HAND_COST - HAND_COST)


class InverseRetargeting:
    """Keeps the last pose, from which the next step is taken."""

    def __init__(self, model: mujoco.MjModel, figure: Figure, body: BodyDescription, apart_m: float) -> None:
        """Begin at rest.

        Args:
            model: the robot; only its joints of the description can move. It is not changed.
            figure: which of its bodies are which part of a person.
            body: its joints with their limits.
            apart_m: how far its parts are kept apart.

        Raises:
            ImportError: the extra `robot` is not installed.
        """
        import daqp
        import mink

        self._solve, self._build = daqp.solve, mink.build_ik
        self._rows = np.array([int(model.joint(name).qposadr[0]) for name in body.names])
        order = np.argsort(self._rows)  # the model's joints in its own order are the description's in this one
        self._low, self._high, rest = (body.vector(limit)[order] for limit in ("low_rad", "high_rad", "rest_rad"))
        self._step = (body.vector("velocity_rad_s") * body.period_s)[order]
        self._apart = Apart(model, apart_m)
        self._hard = np.zeros(len(rest), dtype=np.int32)
        zero = mink.Configuration(model, np.zeros(len(rest)))
        self._torso, self._torso_zero = OrientationTask(model, figure.torso, TORSO_COST), upright(zero, figure.torso)
        self._head = OrientationTask(model, figure.head, HEAD_COST) if figure.head else None
        self._head_zero = upright(zero, figure.head or figure.torso)
        self._now = mink.Configuration(self._apart.model, rest)
        self._apart_m = self._apart.nearest_m(self._now.data)
        posture = mink.PostureTask(model, cost=REST_COST)
        posture.set_target(rest)
        self._arms = [(_ArmTasks(model, side, arm), 0 if side == "left" else 1) for side, arm in figure.arms.items()]
        self._tasks = [posture, self._torso, *([self._head] if self._head else [])]
        self._tasks += [task for arm, _ in self._arms for task in (arm.upper, arm.fore, arm.hand)]
        names = {name: row for row, name in enumerate(body.names)}
        self._fingers = [
            (names[one.joint], 0 if side == "left" else 1, math.radians(one.open_deg), math.radians(one.closed_deg))
            for side, arm in figure.arms.items()
            for one in arm.fingers
        ]
        self._ranges = [(joint.low_rad, joint.high_rad) for joint in body.joints]
        self._follow = 1.0 - math.exp(-body.period_s / EYES_S)
        self._eyes = (0.0, 0.0)

    def joints(self, rotations: Float64, hands: Float64, eyes_rad: tuple[float, float]) -> Float64:
        """Return the joint angles of a pose; see `Retargeting`. What is no number is asked for by nobody: the last pose stays."""
        if not math.isfinite(float(rotations.sum()) + float(hands.sum()) + eyes_rad[0] + eyes_rad[1]):
            held: Float64 = self._now.q[self._rows]
            return held
        local: list[Quaternion] = [(z, x, y, w) for x, y, z, w in rotations.tolist()]  # into the robot's frame
        torso = product(local[row] for row in _SPINE)
        self._look(torso, product(local[row] for row in _HEAD), eyes_rad)
        for arm, fingers in self._arms:
            arm.ask(local, torso, hands[fingers].tolist())
        q = self._now.q
        points = [arm.point for arm, _ in self._arms if arm.point.cost > 0.0]
        problem = self._build(self._now, [*self._tasks, *points], 1.0, damping=DAMPING, limits=[])
        least, most = np.maximum(self._low - q, -self._step), np.minimum(self._high - q, self._step)
        rows, nearer = self._apart.bounds(self._now.data)
        open_ended = np.full(len(nearer), np.inf)
        step, _, found, _ = self._solve(
            problem.P,
            problem.q,
            rows,
            np.concatenate([most, open_ended]),
            np.concatenate([least, nearer]),
            np.concatenate([self._hard, np.full(len(nearer), _SOFT, dtype=np.int32)]),
        )
        if found > 0 and np.isfinite(step).all():
            self._go(q, step)
        angles: Float64 = self._now.q[self._rows]
        for row, side, opened, closed in self._fingers:
            curl = min(1.0, max(0.0, float(hands[side, 1:5].mean())))
            low, high = self._ranges[row]
            angles[row] = min(high, max(low, opened + curl * (closed - opened)))
        return angles

    def _go(self, q: Float64, step: Float64) -> None:
        """Take a step, or less of it where it would lead too near; none at all leaves things as they are."""
        for share in SHARES:
            self._now.update(np.clip(q + share * step, self._low, self._high))
            apart_m = self._apart.nearest_m(self._now.data)
            if apart_m >= TOO_NEAR_M or apart_m >= self._apart_m:
                break
        self._apart_m = apart_m

    def _look(self, torso: Quaternion, head: Quaternion, eyes_rad: tuple[float, float]) -> None:
        """Ask trunk and head to turn as the figure's do; `head` is its turn against the trunk."""
        yaw, pitch = self._eyes = (
            self._eyes[0] + self._follow * (eyes_rad[0] - self._eyes[0]),
            self._eyes[1] + self._follow * (eyes_rad[1] - self._eyes[1]),
        )
        head = product((head, from_vector((0.0, 0.0, yaw)), from_vector((0.0, -pitch, 0.0))))
        if self._head is not None:
            self._head.target = product((torso, head, self._head_zero))
        else:
            x, y, z = rotation_vector(head)
            torso = multiply(torso, from_vector((NECKLESS_SHARE * x, NECKLESS_SHARE * y, NECKLESS_SHARE * z)))
        self._torso.target = multiply(torso, self._torso_zero)


def _spot(model: Any, point: Point) -> Spot:
    if isinstance(point, str):
        return int(model.body(point).id), None
    return int(model.body(point.body).id), np.array(point.at_m)
