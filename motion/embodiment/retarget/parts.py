"""A frame of the agent's motion as the turns of its parts in a robot's frame, from which each robot takes what its joints can show.

The skeleton is VRM's (x left, y up, z forward, T-pose); the parts are REP-103's (x forward, y left, z up) with arms that hang at zero.
Pure; about 0.15 ms. The numbers of a frame must be finite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from motion.embodiment.retarget.euler import normalise, pitch
from motion.quaternions import Quaternion, Vector, inverse, multiply, product, turned
from motion.skeleton import INDEX
from runtime.messages import MotionFrame
from runtime.vocabulary import EXPRESSIONS

SIDES = ("left", "right")
_HALF = math.sqrt(0.5)
_SPINE = tuple(INDEX[name] for name in ("hips", "spine", "chest", "upperChest"))
_HEAD = tuple(INDEX[name] for name in ("neck", "head"))
_DOWN: Vector = (0.0, 0.0, -1.0)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm.

    Attributes:
        upper: upper arm against the chest, from hanging.
        elbow_rad: bend, 0 straight.
        hand: hand against the forearm's frame at that bend: what the forearm turns about itself, and the wrist.
        grip: mean curl of the four fingers, 0 open to 1 closed.
    """

    upper: Quaternion
    elbow_rad: float
    hand: Quaternion
    grip: float

    def reach(self) -> Vector:
        """Return upper arm's and forearm's directions together: z -2 hanging, 0 level, 2 overhead."""
        upper = turned(self.upper, _DOWN)
        lower = turned(multiply(self.upper, pitch(-self.elbow_rad)), _DOWN)
        return upper[0] + lower[0], upper[1] + lower[1], upper[2] + lower[2]


@dataclass(frozen=True, slots=True)
class Parts:
    """One frame.

    Attributes:
        waist: chest against hips.
        head: head against chest.
        left, right: the arms.
        eyes_rad: yaw (left positive) and pitch (down positive) of the eyes against the head.
    """

    waist: Quaternion
    head: Quaternion
    left: Arm
    right: Arm
    eyes_rad: tuple[float, float]


def parts(frame: MotionFrame) -> Parts:
    """Return the parts of a frame."""
    rows: list[list[float]] = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4).tolist()
    local: list[Quaternion] = [normalise((z, x, y, w)) for x, y, z, w in rows]
    hands: list[list[float]] = np.frombuffer(frame.hands, "<f4").reshape(2, -1).tolist()
    return Parts(
        waist=product(local[row] for row in _SPINE),
        head=product(local[row] for row in _HEAD),
        left=_arm(local, "left", hands[0]),
        right=_arm(local, "right", hands[1]),
        eyes_rad=(float(frame.eyes_rad[0]), -float(frame.eyes_rad[1])),
    )


def _arm(local: list[Quaternion], side: str, fingers: list[float]) -> Arm:
    sign = 1.0 if side == "left" else -1.0
    hanging: Quaternion = (sign * _HALF, 0.0, 0.0, _HALF)  # from the T-pose's arm to one that hangs
    back = inverse(hanging)
    shoulder, upper, lower, hand = (
        local[INDEX[f"{side}{name}"]] for name in ("Shoulder", "UpperArm", "LowerArm", "Hand")
    )
    # The elbow bends about one axis; what the forearm turns about itself is the wrist's, what is left over is nobody's.
    x, y, z, w = bent = product((back, lower, hanging))
    bend = -math.atan2(2.0 * (w * y + x * z), 1.0 - 2.0 * (x * x + y * y))
    _, _, z, w = multiply(pitch(bend), bent)
    return Arm(
        upper=product((shoulder, upper, hanging)),
        elbow_rad=bend,
        hand=product((normalise((0.0, 0.0, z, w)), back, hand, hanging)),
        grip=min(1.0, max(0.0, sum(fingers[1:5]) / 4.0)),
    )


def moods(frame: MotionFrame) -> dict[str, float]:
    """Return the expression's weights by name, 0 to 1."""
    weights: list[float] = np.frombuffer(frame.expression, "<f4").tolist()
    return {name: min(1.0, max(0.0, weight)) for name, weight in zip(EXPRESSIONS, weights, strict=True)}
