"""The agent's pose as the joint angles of our own humanoid, in closed form.

Its joints stand where the skeleton's do, so every angle follows from the local rotations: three of the spine as one waist, neck and head as one
neck, shoulder blade and upper arm as one shoulder. Of two solutions of a shoulder or wrist the one within the joints' ranges and nearest to the last is
taken, so that nothing flips; what lies outside is clipped to the range. The skeleton is VRM's (x left, y up, z forward, T-pose), the body's frames are
REP-103's (x forward, y left, z up) with hanging arms. About 0.2 ms. Stateful by one pose; one thread.
"""

from __future__ import annotations

import math

import numpy as np

from motion import rotations as rot
from motion.embodiment.bodies.attune_body import description
from motion.embodiment.description import Float64
from motion.skeleton import INDEX

_SPINE = tuple(INDEX[name] for name in ("hips", "spine", "chest", "upperChest"))
_HEAD = tuple(INDEX[name] for name in ("neck", "head"))
_TO_BODY = [2, 0, 1, 3]
"""A quaternion x, y, z, w of the skeleton as one of the body's frame."""
CURLED_RAD = math.radians(80.0)
"""Bend of the fingers of a closed hand."""


class DirectRetargeting:
    """Keeps the last pose, to choose among solutions."""

    def __init__(self) -> None:
        """Begin at rest."""
        body = description()
        self._names = {name: row for row, name in enumerate(body.names)}
        self._low, self._high = body.vector("low_rad"), body.vector("high_rad")
        self._last = body.vector("rest_rad")

    def joints(self, rotations: Float64, hands: Float64, eyes_rad: tuple[float, float]) -> Float64:
        """Return the joint angles of a pose, [joints of the body], within their ranges.

        Args:
            rotations: float64 [22, 4], local rotations x, y, z, w in the order of `BODY_JOINTS`.
            hands: float64 [2, 6], left then right hand in the order of `FINGERS`.
            eyes_rad: yaw (left positive) and pitch (up positive) of both eyes.
        """
        local = np.ascontiguousarray(np.asarray(rotations, float)[:, _TO_BODY])
        angles = self._last.copy()
        self._set(angles, ("waist_yaw", "waist_pitch", "waist_roll"), _yaw_pitch_roll(_product(local, _SPINE)))
        self._set(angles, ("neck_yaw", "neck_pitch", "neck_roll"), _yaw_pitch_roll(_product(local, _HEAD)))
        for row, side in enumerate(("left", "right")):
            self._arm(angles, local, side, float(np.mean(hands[row, 1:5])))
            self._set(angles, (f"{side}_eye_yaw", f"{side}_eye_pitch"), [(eyes_rad[0], -eyes_rad[1])])
        self._last = angles
        return angles.copy()

    def _arm(self, angles: Float64, local: Float64, side: str, curl: float) -> None:
        sign = 1.0 if side == "left" else -1.0
        hanging = rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), sign * math.pi / 2)  # from the T-pose's arm to one that hangs
        back = rot.conjugate(hanging)
        upper = rot.multiply(_product(local, (INDEX[f"{side}Shoulder"], INDEX[f"{side}UpperArm"])), hanging)
        lower = rot.multiply(rot.multiply(back, local[INDEX[f"{side}LowerArm"]]), hanging)
        hand = rot.multiply(rot.multiply(back, local[INDEX[f"{side}Hand"]]), hanging)
        names = (f"{side}_shoulder_pitch", f"{side}_shoulder_roll", f"{side}_shoulder_yaw")
        self._set(angles, names, _pitch_roll_yaw(upper))
        # The elbow bends about one axis; what the forearm turns about itself is the wrist's, what is left over is nobody's.
        x, y, z, w = lower
        bend = math.atan2(2.0 * (w * y + x * z), 1.0 - 2.0 * (x * x + y * y))
        turn = rot.multiply(rot.conjugate(rot.from_axis_angle(np.array([0.0, 1.0, 0.0]), bend)), lower)
        _, about = rot.swing_twist(turn, np.array([0.0, 0.0, 1.0]))
        self._set(angles, (f"{side}_elbow",), [(bend,)])
        wrist = rot.multiply(about, hand)
        self._set(angles, (f"{side}_wrist_yaw", f"{side}_wrist_pitch", f"{side}_wrist_roll"), _yaw_pitch_roll(wrist))
        self._set(angles, (f"{side}_grip",), [(-sign * CURLED_RAD * curl,)])

    def _set(self, angles: Float64, names: tuple[str, ...], solutions: list[tuple[float, ...]]) -> None:
        """Take the solution that is least outside of the ranges, of equals the nearest to the last."""
        rows = [self._names[name] for name in names]
        low, high, last = self._low[rows], self._high[rows], self._last[rows]
        best, best_cost = last, math.inf
        for solution in solutions:
            near = last + (np.array(solution) - last + math.pi) % (2 * math.pi) - math.pi
            for turned in (near, near - 2 * math.pi * np.sign(near)):
                kept = np.clip(turned, low, high)
                cost = 100.0 * float(np.abs(turned - kept).sum()) + float(np.abs(kept - last).sum())
                if cost < best_cost:
                    best, best_cost = kept, cost
        angles[rows] = best


def _product(local: Float64, chain: tuple[int, ...]) -> Float64:
    whole = local[chain[0]]
    for row in chain[1:]:
        whole = rot.multiply(whole, local[row])
    return whole


def _yaw_pitch_roll(q: Float64) -> list[tuple[float, ...]]:
    """Return both solutions of R = Rz(yaw) Ry(pitch) Rx(roll)."""
    m = rot.to_matrix(q)
    pitch = -math.asin(min(1.0, max(-1.0, float(m[2, 0]))))
    yaw, roll = math.atan2(m[1, 0], m[0, 0]), math.atan2(m[2, 1], m[2, 2])
    return [(yaw, pitch, roll), (yaw + math.pi, math.pi - pitch, roll + math.pi)]


def _pitch_roll_yaw(q: Float64) -> list[tuple[float, ...]]:
    """Return both solutions of R = Ry(pitch) Rx(roll) Rz(yaw)."""
    m = rot.to_matrix(q)
    roll = -math.asin(min(1.0, max(-1.0, float(m[1, 2]))))
    pitch, yaw = math.atan2(m[0, 2], m[2, 2]), math.atan2(m[1, 0], m[1, 1])
    return [(pitch, roll, yaw), (pitch + math.pi, math.pi - roll, yaw + math.pi)]
