"""NAO and Pepper (Aldebaran): their joints, and a frame of the agent's motion as joint targets.

Ranges and greatest speeds are those of Aldebaran's documentation (NAO 6 and Pepper 1.8, "Joints" and "Motors"), written from memory and
rounded inwards: compare them with your robot's `ALMotion.getLimits`. We ask for at most `SPEED_SHARE` of the speeds; accelerations and
jerks are ours. A hand's joint is how far it is open, 0 to 1, not an angle.
NAO has no waist: its head looks where the person's would have looked. Pepper leans with its hips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from motion.embodiment.description import BodyDescription, Float64, Joint, Part
from motion.embodiment.retarget.directions import PointingArm
from motion.embodiment.retarget.euler import pitch, roll, three
from motion.embodiment.retarget.parts import parts
from motion.quaternions import inverse, multiply
from runtime.messages import MotionFrame

RATE_HZ = 50.0
SPEED_SHARE = 0.7
GETS_UP_S, TURNS_S = 0.12, 0.06
"""A joint gets to its speed within the first, and to its acceleration within the second."""
ARM = ("ShoulderPitch", "ShoulderRoll", "ElbowYaw", "ElbowRoll", "WristYaw")
_ANYWHERE = (-math.pi, math.pi)

# Radians and radians a second, of the left arm: low, high, speed, rest. On the right, rolls and yaws are turned over.
_Limits = dict[str, tuple[float, float, float, float]]
_NAO: _Limits = {
    "HeadYaw": (-2.08, 2.08, 8.26, 0.0), "HeadPitch": (-0.67, 0.51, 7.19, 0.0),
    "ShoulderPitch": (-2.08, 2.08, 8.26, 1.45), "ShoulderRoll": (-0.31, 1.32, 7.19, 0.2),
    "ElbowYaw": (-2.08, 2.08, 8.26, -1.2), "ElbowRoll": (-1.54, -0.04, 7.19, -0.4),
    "WristYaw": (-1.82, 1.82, 24.6, 0.1), "Hand": (0.0, 1.0, 8.33, 0.3),
}  # fmt: skip
_PEPPER: _Limits = {
    "HeadYaw": (-2.08, 2.08, 7.33, 0.0), "HeadPitch": (-0.70, 0.44, 9.22, 0.0),
    "HipRoll": (-0.51, 0.51, 2.27, 0.0), "HipPitch": (-1.03, 1.03, 2.93, -0.04),
    "ShoulderPitch": (-2.08, 2.08, 7.33, 1.55), "ShoulderRoll": (0.01, 1.56, 9.22, 0.15),
    "ElbowYaw": (-2.08, 2.08, 7.33, -1.2), "ElbowRoll": (-1.56, -0.01, 9.22, -0.5),
    "WristYaw": (-1.82, 1.82, 17.4, 0.0), "Hand": (0.02, 0.98, 6.0, 0.6),
}  # fmt: skip
_LEAN_SHARE = 0.4
"""Of its hips' speed: a body that leans quickly rolls."""


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of robot: its description and whether it has hips."""

    body: BodyDescription
    hips: bool


def _model(name: str, limits: _Limits, has: frozenset[Part]) -> Model:
    joints = []
    for title, (low, high, speed, rest) in limits.items():
        share = SPEED_SHARE * (_LEAN_SHARE if title.startswith("Hip") else 1.0)
        for side in ("L", "R") if title in (*ARM, "Hand") else ("",):
            a, b, c = low, high, rest
            if side == "R" and title.endswith(("Roll", "Yaw")):
                a, b, c = -high, -low, -rest
            fastest = share * speed
            joints.append(Joint(side + title, a, b, fastest, fastest / GETS_UP_S, fastest / GETS_UP_S / TURNS_S, c))
    return Model(BodyDescription(name, tuple(joints), RATE_HZ, has), "HipPitch" in limits)


NAO = _model("nao", _NAO, frozenset({"head", "arms", "hands"}))
PEPPER = _model("pepper", _PEPPER, frozenset({"head", "arms", "hands", "waist"}))


class Retargeting:
    """Keeps the last pose, for directions in which a joint does not matter."""

    def __init__(self, model: Model) -> None:
        """Begin at rest."""
        self._model = model
        joints = {joint.name: joint for joint in model.body.joints}
        self._ranges = {name: (joint.low_rad, joint.high_rad) for name, joint in joints.items()}
        self._arms = {
            side: PointingArm(
                side,
                [self._ranges[side[0].upper() + name] for name in ARM],
                [joints[side[0].upper() + name].rest_rad for name in ARM],
            )
            for side in ("left", "right")
        }
        self._head = (0.0, 0.0, 0.0)

    def __call__(self, frame: MotionFrame) -> Float64:
        """Return the joint targets of a frame, [joints]."""
        turns, out = parts(frame), dict[str, float]()
        looks = multiply(turns.waist, turns.head)
        if self._model.hips:
            # Their joints turn the legs against the chest: leaning ahead is negative.
            lean, tilt = (-low_high for low_high in three(turns.waist, "ZYX", 3 * (_ANYWHERE,), (0.0, 0.0, 0.0))[1:])
            out["HipPitch"], out["HipRoll"] = self._kept("HipPitch", lean), self._kept("HipRoll", tilt)
            looks = multiply(inverse(multiply(pitch(-out["HipPitch"]), roll(-out["HipRoll"]))), looks)
        self._head = three(looks, "ZYX", (self._ranges["HeadYaw"], self._ranges["HeadPitch"], _ANYWHERE), self._head)
        out["HeadYaw"], out["HeadPitch"] = self._head[:2]
        for side, arm in (("left", turns.left), ("right", turns.right)):
            letter = side[0].upper()
            out |= zip((letter + name for name in ARM), self._arms[side].joints(arm), strict=True)
            out[letter + "Hand"] = self._kept(letter + "Hand", 1.0 - arm.grip)
        return np.array([out[name] for name in self._model.body.names])

    def _kept(self, name: str, value: float) -> float:
        low, high = self._ranges[name]
        return min(high, max(low, value))
