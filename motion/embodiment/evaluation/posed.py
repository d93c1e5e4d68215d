"""A robot in a pose: where its limbs point, where it faces, and what a person would look like who stood so.

Pure kinematics of the robot's own model. Directions are in its frame (x forward, y left, z up). As a person it is described link by
link: trunk and head turn as its do, arms point as its do, hands are held as its are; shoulder blades, which it has not, go along with the
arms as a person's do (the solver's rule), and what a robot has not at all is held as a person at ease does. Confined to one thread.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from motion.clip import Pose
from motion.embodiment.bodies.mapping import Arm, Point
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.description import Float64
from motion.embodiment.retarget.tasks import hand_frame
from motion.kinematics import ELBOW_POLE
from motion.quaternions import (
    Quaternion,
    Vector,
    from_columns,
    from_vector,
    inverse,
    multiply,
    product,
    rotation_vector,
    turned,
)
from motion.skeleton import ARM_M, FOREARM_M, INDEX, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS, UPPER_ARM_M

TRUNK_SHARES: Final = (("hips", 0.25), ("spine", 0.27), ("chest", 0.27), ("upperChest", 0.21))
NECK_SHARES: Final = (("neck", 0.42), ("head", 0.58))
"""The spine's among each other and the neck's are the figure's solver's; of what a robot turns in its waist a person's hips take part."""
AT_EASE: Final = (0.22, 0.22, 0.30, 0.36, 0.40, 0.20)
"""Shape code of a hand that has no fingers to move."""
POLE_SHARE: Final = 0.05
"""Weight of the natural side of the elbow against where the forearm bends to, which a straight arm does not tell."""


class Limb:
    """Directions of one arm in a pose."""

    __slots__ = ("fingers", "fore", "hand", "line", "upper")

    def __init__(self, upper: Float64, fore: Float64, fingers: Float64, line: Float64, hand: Quaternion) -> None:
        """Keep unit vectors of the upper arm, the forearm, the fingers and shoulder to fingertip, and the hand's turn from a T-pose."""
        self.upper, self.fore, self.fingers, self.line, self.hand = upper, fore, fingers, line, hand


class Posed:
    """One robot's kinematics."""

    def __init__(self, robot: RobotModel) -> None:
        """Compile its model. Raises ImportError where MuJoCo is not installed."""
        import mujoco

        self._kinematics = mujoco.mj_kinematics
        self._model = robot.make()
        self._data = mujoco.MjData(self._model)
        self._figure, self._body = robot.figure, robot.description
        self._rows = [int(self._model.joint(name).qposadr[0]) for name in self._body.names]
        self._data.qpos[:] = 0.0
        self._kinematics(self._model, self._data)
        self._zero = {name: inverse(self._turn(name)) for name in (self._figure.torso, self._figure.head) if name}
        self._frames = {
            side: inverse(hand_frame(arm.hand.tip_m, arm.hand.palm, side)) for side, arm in self._figure.arms.items()
        }

    def pose(self, position_rad: Float64) -> None:
        """Take up a pose, [joints]."""
        self._data.qpos[self._rows] = position_rad
        self._kinematics(self._model, self._data)

    @property
    def torso(self) -> Quaternion:
        """How the trunk is turned from upright."""
        return multiply(self._turn(self._figure.torso), self._zero[self._figure.torso])

    @property
    def face(self) -> Vector:
        """Where it faces: the head's forward direction, or the trunk's where there is no head."""
        return turned(self.head or self.torso, (1.0, 0.0, 0.0))

    @property
    def head(self) -> Quaternion | None:
        """How the head is turned from upright; None where there is none."""
        name = self._figure.head
        return multiply(self._turn(name), self._zero[name]) if name else None

    def limb(self, side: str) -> Limb:
        """Return the directions of an arm."""
        arm = self._figure.arms[side]
        shoulder, elbow, wrist = (self._at(point) for point in (arm.shoulder, arm.elbow, arm.wrist))
        hand = self._data.body(arm.hand.body)
        along = hand.xmat.reshape(3, 3) @ np.array(arm.hand.tip_m)
        line = hand.xpos + along - shoulder
        w, x, y, z = hand.xquat.tolist()
        upper, fore = _unit(elbow - shoulder), _unit(wrist - elbow)
        return Limb(upper, fore, _unit(along), _unit(line), multiply((x, y, z, w), self._frames[side]))

    def person(self) -> Pose:
        """Return the figure's pose that looks as the robot does."""
        local = {name: _tuple(NEUTRAL_ROTATIONS[row]) for name, row in INDEX.items()}
        torso = self.torso
        back = inverse(torso)
        head = self.head
        for (name, share), turn in zip(
            (*TRUNK_SHARES, *NECK_SHARES), (torso,) * 4 + (multiply(back, head) if head else None,) * 2, strict=True
        ):
            if turn is not None:
                x, y, z = rotation_vector(turn)
                local[name] = _vrm(from_vector((share * x, share * y, share * z)))
        hands = np.tile(np.array(AT_EASE, dtype=np.float32), (2, 1))
        for number, (side, arm) in enumerate((side, self._figure.arms.get(side)) for side in ("left", "right")):
            if arm is None:
                continue
            limb = self.limb(side)
            upper, fore = (_left(turned(back, _vector(one)), side) for one in (limb.upper, limb.fore))
            parts = arm_of_person(upper, fore, _left_turn(multiply(back, limb.hand), side))
            for joint, turn in zip(("Shoulder", "UpperArm", "LowerArm", "Hand"), parts, strict=True):
                local[f"{side}{joint}"] = turn if side == "left" else (turn[0], -turn[1], -turn[2], turn[3])
            if arm.fingers:
                hands[number] = self._closed(arm)
        rotations = np.array([local[name] for name in INDEX], dtype=np.float32)
        return Pose(rotations, np.array(NEUTRAL_HIPS_M, dtype=np.float32), hands)

    def _closed(self, arm: Arm) -> Float64:
        """Return a shape code for how far the fingers are closed, all alike."""
        shares = [
            (math.degrees(float(self._data.joint(one.joint).qpos[0])) - one.open_deg) / (one.closed_deg - one.open_deg)
            for one in arm.fingers
        ]
        curl = min(1.0, max(0.0, sum(shares) / len(shares)))
        return np.array([0.75 * curl, curl, curl, curl, curl, 0.2 * (1.0 - curl)])

    def _turn(self, body: str) -> Quaternion:
        w, x, y, z = self._data.body(body).xquat.tolist()
        return (x, y, z, w)

    def _at(self, point: Point) -> Float64:
        if isinstance(point, str):
            return np.array(self._data.body(point).xpos)
        body = self._data.body(point.body)
        at: Float64 = body.xpos + body.xmat.reshape(3, 3) @ np.array(point.at_m)
        return at


def arm_of_person(upper: Vector, fore: Vector, hand: Quaternion) -> tuple[Quaternion, ...]:
    """Return the local rotations of shoulder blade, upper arm, lower arm and hand of a left arm.

    Args:
        upper: direction of the upper arm in the chest's frame (VRM's: x left, y up, z forward).
        fore: of the forearm.
        hand: the hand's turn against the chest, from the T-pose.
    """
    x, y, z = ((UPPER_ARM_M * u + FOREARM_M * f) / ARM_M for u, f in zip(upper, fore, strict=True))
    raised, forward = max(0.0, y + 0.75), z - 0.13
    blade = from_vector((0.0, -(0.16 * forward - 0.10 * max(x - 0.13, 0.0)), 0.20 * raised * raised))
    back = inverse(blade)
    u, f, h = turned(back, upper), turned(back, fore), multiply(back, hand)
    along = _dot(u, f)
    pole = _vector(ELBOW_POLE)
    beside = _dot(u, pole)
    # Where the forearm bends to; the natural side is opposite to the elbow's.
    w = [fi - along * ui - POLE_SHARE * (pi - beside * ui) for ui, fi, pi in zip(u, f, pole, strict=True)]
    size = math.sqrt(_dot(w, w))
    w = [one / size for one in w] if size > 1e-9 else [0.0, 0.0, 1.0]
    n = (w[1] * u[2] - w[2] * u[1], w[2] * u[0] - w[0] * u[2], w[0] * u[1] - w[1] * u[0])
    root = from_columns(u, n, w)
    bend = math.atan2(_dot(f, w), along)
    hinge = (0.0, -math.sin(0.5 * bend), 0.0, math.cos(0.5 * bend))
    left = product((inverse(hinge), inverse(root), h))
    # Half of the forearm's twist is the elbow's, half the wrist's, as in the solver.
    twist = 2.0 * math.atan2(left[0], left[3])
    twist = twist - 2.0 * math.pi if twist > math.pi else twist + 2.0 * math.pi if twist < -math.pi else twist
    half = (math.sin(0.25 * twist), 0.0, 0.0, math.cos(0.25 * twist))
    return blade, root, multiply(hinge, half), multiply(inverse(half), left)


def _vrm(q: Quaternion) -> Quaternion:
    """Turn a rotation of the robot's frame into one of the skeleton's."""
    return (q[1], q[2], q[0], q[3])


def _left(v: Vector, side: str) -> Vector:
    """Return a direction of the robot's frame in the skeleton's, of the left arm or mirrored to it."""
    return (v[1] if side == "left" else -v[1], v[2], v[0])


def _left_turn(q: Quaternion, side: str) -> Quaternion:
    x, y, z, w = _vrm(q)
    return (x, y, z, w) if side == "left" else (x, -y, -z, w)


def _unit(v: Float64) -> Float64:
    unit: Float64 = v / max(float(np.linalg.norm(v)), 1e-9)
    return unit


def _dot(a: Any, b: Any) -> float:
    return float(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def _vector(v: Any) -> Vector:
    x, y, z = (float(one) for one in v)
    return (x, y, z)


def _tuple(q: Any) -> Quaternion:
    x, y, z, w = (float(one) for one in q)
    return (x, y, z, w)
