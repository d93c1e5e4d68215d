"""The agent's frame as a figure without motors shows it: whole, but moved as far as the safety filter lets the humanoid move.

A figure of a game engine has every bone of ours, also those that our humanoid has no joints for. So the frame's own rotations are kept,
and waist, head and arms are turned by what the filter's command differs from what the frame asked: nothing while it follows, all the
way to rest when frames stay away, to a standstill in an emergency. Then the human joint limits hold for every bone. The face goes back to
neutral while there is no fresh frame. Stateful, one thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from motion.clip import Pose
from motion.embodiment.bodies.attune_body import description
from motion.embodiment.description import Float64
from motion.embodiment.retarget.euler import normalise, pitch, roll, yaw
from motion.embodiment.retarget.parts import Arm, parts
from motion.limits import JointLimiter
from motion.quaternions import IDENTITY, Quaternion, inverse, multiply, product
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from runtime.messages import MotionFrame
from runtime.vocabulary import EXPRESSIONS, VISEMES

FACE_KEPT = 0.8
"""Share of a face that is left after a period without a frame: gone in a third of a second."""
_ROWS = {name: row for row, name in enumerate(description().names)}
_FINGERS = 12


@dataclass(frozen=True, slots=True)
class Face:
    """Weights 0 to 1 in the order of `VISEMES` and `EXPRESSIONS`, and of the left and right lid."""

    visemes: tuple[float, ...] = (0.0,) * len(VISEMES)
    expression: tuple[float, ...] = (0.0,) * len(EXPRESSIONS)
    blink: tuple[float, float] = (0.0, 0.0)

    def faded(self) -> Face:
        """Return it nearer to neutral."""
        return Face(
            tuple(FACE_KEPT * weight for weight in self.visemes),
            tuple(FACE_KEPT * weight for weight in self.expression),
            (FACE_KEPT * self.blink[0], FACE_KEPT * self.blink[1]),
        )


def face(frame: MotionFrame) -> Face:
    """Return a frame's face."""
    return Face(_weights(frame.visemes), _weights(frame.expression), (_unit(frame.blink[0]), _unit(frame.blink[1])))


class Puppet:
    """One figure."""

    def __init__(self) -> None:
        """Begin in the neutral pose."""
        self._limits = JointLimiter()
        self._frame = MotionFrame(index=0, rotations=NEUTRAL_ROTATIONS.tobytes())
        self._last_ns: int | None = None
        self.face = Face()

    def moved(self, position_rad: Float64, frame: MotionFrame | None, t_ns: int) -> Pose:
        """Return the pose of a command of our humanoid, [joints], with the frame that it follows, None for no fresh one."""
        if frame is not None:
            self._frame, self.face = frame, face(frame)
        else:
            self.face = self.face.faded()
        since_s = 0.02 if self._last_ns is None else max(0.0, (t_ns - self._last_ns) / 1e9)
        self._last_ns = t_ns
        pose = Pose(
            _corrected(self._frame, position_rad),
            np.asarray(self._frame.hips_m, np.float32),
            np.frombuffer(self._frame.hands, "<f4").reshape(2, _FINGERS // 2),
        )
        return self._limits.apply(pose, since_s)


def _corrected(frame: MotionFrame, position_rad: Float64) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    asked = parts(frame)
    rotations = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4).copy()
    angles: list[float] = position_rad.tolist()

    def at(name: str) -> float:
        return angles[_ROWS[name]]

    def own(name: str) -> Quaternion:
        x, y, z, w = rotations[INDEX[name]].tolist()
        return normalise((z, x, y, w))

    def turn_bone(name: str, before: Quaternion, after: Quaternion) -> None:
        """Turn a bone: `after`, its own rotation, `before`; in the robot's axes."""
        x, y, z, w = product((before, own(name), after))
        rotations[INDEX[name]] = (y, z, x, w)

    for part, wanted, chain, first in (
        ("waist", asked.waist, ("spine", "chest", "upperChest"), own("hips")),
        ("neck", asked.head, ("neck", "head"), IDENTITY),
    ):
        got = product((yaw(at(f"{part}_yaw")), pitch(at(f"{part}_pitch")), roll(at(f"{part}_roll"))))
        share, so_far = _share(multiply(inverse(wanted), got), len(chain)), first
        for name in chain[:-1]:  # each bone takes its part, the last one what is left
            turn_bone(name, IDENTITY, share)
            so_far = multiply(so_far, own(name))
        turn_bone(chain[-1], IDENTITY, multiply(inverse(multiply(so_far, own(chain[-1]))), got))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        arm: Arm = asked.left if side == "left" else asked.right
        hanging: Quaternion = (sign * 0.5**0.5, 0.0, 0.0, 0.5**0.5)
        back = inverse(hanging)
        got = product(
            (pitch(at(f"{side}_shoulder_pitch")), roll(at(f"{side}_shoulder_roll")), yaw(at(f"{side}_shoulder_yaw")))
        )
        turn_bone(f"{side}UpperArm", IDENTITY, product((hanging, inverse(arm.upper), got, back)))
        turn_bone(f"{side}LowerArm", product((hanging, pitch(at(f"{side}_elbow") + arm.elbow_rad), back)), IDENTITY)
        got = product((yaw(at(f"{side}_wrist_yaw")), pitch(at(f"{side}_wrist_pitch")), roll(at(f"{side}_wrist_roll"))))
        turn_bone(f"{side}Hand", IDENTITY, product((hanging, inverse(arm.hand), got, back)))
    return rotations


def _share(turn: Quaternion, parts: int) -> Quaternion:
    """Return one of so many equal parts of a turn."""
    x, y, z, w = turn if turn[3] >= 0.0 else (-turn[0], -turn[1], -turn[2], -turn[3])
    sine = math.sqrt(x * x + y * y + z * z)
    if sine < 1e-9:
        return IDENTITY
    half = math.atan2(sine, w) / parts
    scale = math.sin(half) / sine
    return x * scale, y * scale, z * scale, math.cos(half)


def _unit(weight: float) -> float:
    return min(1.0, max(0.0, float(weight)))


def _weights(data: bytes) -> tuple[float, ...]:
    return tuple(_unit(weight) for weight in np.frombuffer(data, "<f4").tolist())
