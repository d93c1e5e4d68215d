"""The agent's pose as the joint angles of our own humanoid, in closed form.

Its joints stand where the skeleton's do, so every angle follows from the local rotations: three of the spine as one waist, neck and
head as one neck, shoulder blade and upper arm as one shoulder. Of two solutions of three joints the one within their ranges and nearest
to the last is taken, so that nothing flips; what lies outside is clipped to the range. The skeleton is VRM's (x left, y up, z forward,
T-pose), the body's frames are REP-103's (x forward, y left, z up) with hanging arms. Plain floats, since numpy costs more than it saves
for one quaternion at a time: about 0.15 ms. Stateful by one pose; one thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from motion.embodiment.bodies.attune_body import description
from motion.embodiment.description import Float64
from motion.quaternions import Quaternion, multiply, product
from motion.skeleton import INDEX

Angles = tuple[float, float, float]

CURLED_RAD = math.radians(80.0)
"""Bend of the fingers of a closed hand."""
OUTSIDE_COSTS = 100.0
"""How much more it costs to leave a range than to move by the same angle."""
_SPINE = tuple(INDEX[name] for name in ("hips", "spine", "chest", "upperChest"))
_HEAD = tuple(INDEX[name] for name in ("neck", "head"))
_TURN = 2.0 * math.pi


class DirectRetargeting:
    """Keeps the last pose, to choose among solutions."""

    def __init__(self) -> None:
        """Begin at rest."""
        body = description()
        self._rows = {name: row for row, name in enumerate(body.names)}
        self._ranges = [(joint.low_rad, joint.high_rad) for joint in body.joints]
        self._angles = [joint.rest_rad for joint in body.joints]

    def joints(self, rotations: Float64, hands: Float64, eyes_rad: tuple[float, float]) -> Float64:
        """Return the joint angles of a pose, [joints of the body], within their ranges.

        Args:
            rotations: float [22, 4], local rotations x, y, z, w in the order of `BODY_JOINTS`.
            hands: float [2, 6], left then right hand in the order of `FINGERS`.
            eyes_rad: yaw (left positive) and pitch (up positive) of both eyes.
        """
        local: list[Quaternion] = [(z, x, y, w) for x, y, z, w in rotations.tolist()]  # into the body's frame
        self._three("waist_yaw", _yaw_pitch_roll(product(local[row] for row in _SPINE)))
        self._three("neck_yaw", _yaw_pitch_roll(product(local[row] for row in _HEAD)))
        for side, fingers in zip(("left", "right"), hands.tolist(), strict=True):
            self._arm(local, side, sum(fingers[1:5]) / 4.0)
            self._one(f"{side}_eye_yaw", eyes_rad[0])
            self._one(f"{side}_eye_pitch", -eyes_rad[1])
        return np.array(self._angles)

    def _arm(self, local: Sequence[Quaternion], side: str, curl: float) -> None:
        sign = 1.0 if side == "left" else -1.0
        half = math.sqrt(0.5)
        hanging = (sign * half, 0.0, 0.0, half)  # from the T-pose's arm to one that hangs
        back = (-sign * half, 0.0, 0.0, half)
        shoulder, upper, lower, hand = (
            local[INDEX[f"{side}{name}"]] for name in ("Shoulder", "UpperArm", "LowerArm", "Hand")
        )
        self._three(f"{side}_shoulder_pitch", _pitch_roll_yaw(product((shoulder, upper, hanging))))
        # The elbow bends about one axis; what the forearm turns about itself is the wrist's, what is left over is nobody's.
        x, y, z, w = bent = product((back, lower, hanging))
        bend = math.atan2(2.0 * (w * y + x * z), 1.0 - 2.0 * (x * x + y * y))
        _, _, z, w = multiply((0.0, -math.sin(bend / 2.0), 0.0, math.cos(bend / 2.0)), bent)
        length = math.hypot(z, w)
        about = (0.0, 0.0, z / length, w / length) if length > 1e-9 else (0.0, 0.0, 0.0, 1.0)
        self._one(f"{side}_elbow", bend)
        self._three(f"{side}_wrist_yaw", _yaw_pitch_roll(product((about, back, hand, hanging))))
        self._one(f"{side}_grip", -sign * CURLED_RAD * curl)

    def _one(self, name: str, angle: float) -> None:
        row = self._rows[name]
        low, high = self._ranges[row]
        self._angles[row] = min(high, max(low, angle))

    def _three(self, first: str, solutions: tuple[Angles, Angles]) -> None:
        """Set three joints that follow each other: to what is least outside of their ranges, of equals the nearest to the last."""
        start = self._rows[first]
        best: list[float] = []
        least = math.inf
        for solution in solutions:
            cost, kept = 0.0, []
            for row, angle in zip(range(start, start + 3), solution, strict=True):
                inside, price = self._nearest(row, angle)
                kept.append(inside)
                cost += price
            if cost < least:
                best, least = kept, cost
        self._angles[start : start + 3] = best

    def _nearest(self, row: int, angle: float) -> tuple[float, float]:
        """Return the angle, whole turns aside, as the joint can have it, and what it costs to have it so."""
        (low, high), last = self._ranges[row], self._angles[row]
        best, least = last, math.inf
        for turned in (angle, angle - _TURN, angle + _TURN):
            kept = min(high, max(low, turned))
            cost = OUTSIDE_COSTS * abs(turned - kept) + abs(kept - last)
            if cost < least:
                best, least = kept, cost
        return best, least


def _yaw_pitch_roll(q: Quaternion) -> tuple[Angles, Angles]:
    """Return both solutions of R = Rz(yaw) Ry(pitch) Rx(roll)."""
    x, y, z, w = q
    pitch = math.asin(min(1.0, max(-1.0, 2.0 * (w * y - x * z))))
    yaw = math.atan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (y * y + z * z))
    roll = math.atan2(2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y))
    return (yaw, pitch, roll), (yaw + math.pi, math.pi - pitch, roll + math.pi)


def _pitch_roll_yaw(q: Quaternion) -> tuple[Angles, Angles]:
    """Return both solutions of R = Ry(pitch) Rx(roll) Rz(yaw)."""
    x, y, z, w = q
    roll = math.asin(min(1.0, max(-1.0, 2.0 * (w * x - y * z))))
    pitch = math.atan2(2.0 * (x * z + w * y), 1.0 - 2.0 * (x * x + y * y))
    yaw = math.atan2(2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z))
    return (pitch, roll, yaw), (pitch + math.pi, math.pi - roll, yaw + math.pi)
