"""Unitree G1, waist and arms (29 joints model), and a frame of the agent's motion as their targets, in closed form.

Ranges are those of Unitree's URDF (g1_29dof), rounded inwards; speeds, accelerations and jerks are ours, far below its motors', since a
robot of 35 kg stands on its legs while its arms move. Its shoulders are canted by `CANT_RAD`, its forearms point ahead at zero: both
are taken into the decomposition, so an arm within the ranges is met exactly. It has no neck: a share of what the head turns is the waist's.
"""

from __future__ import annotations

import math

import numpy as np

from motion.embodiment.bodies.table import Row, described
from motion.embodiment.description import Float64
from motion.embodiment.retarget.euler import pitch, roll, three
from motion.embodiment.retarget.parts import Arm, parts
from motion.quaternions import multiply, product
from runtime.messages import MotionFrame

NAME = "unitree-g1"
RATE_HZ = 50.0
CANT_RAD = 0.27931
HEAD_SHARE = 0.5
_ARM = (
    Row("shoulder_pitch", -176, 152, 180, 900, 18_000, rest=14),
    Row("shoulder_roll", -90, 128, 180, 900, 18_000, rest=14),
    Row("shoulder_yaw", -149, 149, 180, 900, 18_000),
    Row("elbow", -59, 119, 200, 1_000, 20_000, rest=70),
    Row("wrist_roll", -112, 112, 220, 1_200, 24_000),
    Row("wrist_pitch", -92, 92, 220, 1_200, 24_000),
    Row("wrist_yaw", -92, 92, 220, 1_200, 24_000),
)


def _side(row: Row, side: str) -> Row:
    low, high, rest = row.low, row.high, row.rest
    if side == "right" and row.name.endswith(("roll", "yaw")):
        low, high, rest = -high, -low, -rest
    return Row(f"{side}_{row.name}", low, high, row.velocity, row.acceleration, row.jerk, rest)


ROWS = (
    Row("waist_yaw", -60, 60, 60, 240, 4_800),
    Row("waist_roll", -12, 12, 30, 120, 2_400),
    Row("waist_pitch", -10, 20, 30, 120, 2_400),
    *(_side(row, side) for side in ("left", "right") for row in _ARM),
)
"""In the order of its motors 12 to 28."""
BODY = described(NAME, ROWS, RATE_HZ, {"arms", "waist"})
_RANGES = [(joint.low_rad, joint.high_rad) for joint in BODY.joints]


class Retargeting:
    """Keeps the last pose, to choose among solutions."""

    def __init__(self, *, waist: bool = True) -> None:
        """Begin at rest; without `waist` it stays straight, as on robots whose waist is locked but for its yaw."""
        self._waist = waist
        self._last: list[float] = BODY.vector("rest_rad").tolist()

    def __call__(self, frame: MotionFrame) -> Float64:
        """Return the joint targets of a frame, [joints]."""
        turns = parts(frame)
        anywhere = (-math.pi, math.pi)
        turned, tilted, leant = three(turns.waist, "ZXY", (anywhere,) * 3, self._last[:3])
        looks = three(turns.head, "ZYX", (anywhere,) * 3, (0.0, 0.0, 0.0))[0]
        self._keep(0, turned + HEAD_SHARE * looks)
        if self._waist:
            self._keep(1, tilted)
            self._keep(2, leant)
        self._arm(turns.left, 3, 1.0)
        self._arm(turns.right, 10, -1.0)
        return np.array(self._last)

    def _arm(self, arm: Arm, first: int, sign: float) -> None:
        # Its shoulder is Rx(cant) Ry(pitch) Rx(roll - cant) Rz(yaw), turned over on the right.
        cant = sign * CANT_RAD
        ranges = _RANGES[first : first + 3]
        ranges[1] = (ranges[1][0] - cant, ranges[1][1] - cant)
        last = self._last[first : first + 3]
        angles = three(multiply(roll(-cant), arm.upper), "YXZ", ranges, (last[0], last[1] - cant, last[2]))
        for row, angle in zip(range(first, first + 3), (angles[0], angles[1] + cant, angles[2]), strict=True):
            self._keep(row, angle)
        # Its forearm points ahead at zero, ours hangs: a quarter turn, and the wrist's axes with it.
        quarter = math.pi / 2.0
        self._keep(first + 3, quarter - arm.elbow_rad)
        hand = product((pitch(-quarter), arm.hand, pitch(quarter)))
        wrist = three(hand, "XYZ", _RANGES[first + 4 : first + 7], self._last[first + 4 : first + 7])
        self._last[first + 4 : first + 7] = wrist

    def _keep(self, row: int, angle: float) -> None:
        low, high = _RANGES[row]
        self._last[row] = min(high, max(low, angle))
