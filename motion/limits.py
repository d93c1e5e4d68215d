"""Human joint limits: the last stage of every generator, so that no pose leaves with an impossible joint or a jump.

Each local rotation is split into a twist about its bone and a swing; both are clamped to ranges of healthy adults (AAOS and Kapandji,
rounded outwards to whole 5 degrees, as the skeleton's shoulder carries scapular motion as well), then the step since the last pose
is cut to the joint's angular velocity bound, on a way that stays in range. A pose with a number that is not finite is replaced by the
last good one and counted. Stateful: one limiter per stream, one thread.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Pose
from motion.skeleton import JOINT_COUNT
from runtime.vocabulary import BODY_JOINTS

Float64 = NDArray[np.float64]
_Range = tuple[float, float]

# Bone axis, twist range, ranges of the swing vector's three components (the one along the bone is ignored), speed; degrees, degrees/s.
# Right limbs are the mirror image of these left ones.
_TABLE: Final[dict[str, tuple[str, _Range, tuple[_Range, _Range, _Range], float]]] = {
    "hips": ("y", (-60, 60), ((-35, 45), (0, 0), (-25, 25)), 200),
    "spine": ("y", (-20, 20), ((-20, 40), (0, 0), (-20, 20)), 150),
    "chest": ("y", (-20, 20), ((-20, 35), (0, 0), (-20, 20)), 150),
    "upperChest": ("y", (-20, 20), ((-15, 25), (0, 0), (-15, 15)), 150),
    "neck": ("y", (-45, 45), ((-35, 40), (0, 0), (-30, 30)), 350),
    "head": ("y", (-45, 45), ((-35, 35), (0, 0), (-30, 30)), 400),
    "leftShoulder": ("x", (-30, 30), ((0, 0), (-30, 25), (-15, 45)), 300),
    "leftUpperArm": ("x", (-120, 120), ((0, 0), (-145, 60), (-110, 110)), 900),
    "leftLowerArm": ("x", (-90, 90), ((0, 0), (-150, 5), (-5, 5)), 1000),
    "leftHand": ("x", (-90, 90), ((0, 0), (-45, 45), (-85, 85)), 1000),
    "leftUpperLeg": ("y", (-50, 50), ((-125, 35), (0, 0), (-30, 50)), 400),
    "leftLowerLeg": ("y", (-30, 30), ((-5, 145), (0, 0), (-5, 5)), 600),
    "leftFoot": ("y", (-35, 35), ((-35, 50), (0, 0), (-30, 30)), 500),
    "leftToes": ("z", (-15, 15), ((-60, 40), (-10, 10), (0, 0)), 500),
}
_AXES: Final = {"x": 0, "y": 1, "z": 2}

HIPS_RANGE_M: Final = np.array([0.25, 0.35, 0.25])
"""Largest translation of the hips from rest, each way."""
HIPS_SPEED_M_S: Final = 1.2
_SWING_MOST_RAD: Final = np.radians(175.0)
"""A swing beyond it, where two wide ranges meet, would soon be the same pose as one on the other side."""
_HALVINGS: Final = 12
FINGER_SPEED_PER_S: Final = 14.0
"""Curl per second: a hand closes in about 70 ms at the fastest."""


def _tables() -> tuple[Float64, Float64, Float64, Float64, Float64, Float64]:
    axis = np.zeros((JOINT_COUNT, 3))
    twist_low, twist_high = np.zeros(JOINT_COUNT), np.zeros(JOINT_COUNT)
    low, high = np.zeros((JOINT_COUNT, 3)), np.zeros((JOINT_COUNT, 3))
    speed = np.zeros(JOINT_COUNT)
    for row, name in enumerate(BODY_JOINTS):
        right = name.startswith("right")
        letter, twist, swing, fastest = _TABLE["left" + name.removeprefix("right") if right else name]
        axis[row, _AXES[letter]] = 1.0
        ranges = [twist, *swing]
        if right:
            # Mirroring in x keeps rotation about x and reverses it about y and z.
            flips = [letter != "x", False, True, True]
            ranges = [(-b, -a) if flip else (a, b) for (a, b), flip in zip(ranges, flips, strict=True)]
        (twist_low[row], twist_high[row]), *swings = np.radians(ranges)
        for column, (a, b) in enumerate(swings):
            low[row, column], high[row, column] = a, b
        speed[row] = np.radians(fastest)
    return axis, twist_low, twist_high, low, high, speed


_AXIS, _TWIST_LOW, _TWIST_HIGH, _LOW, _HIGH, SPEED_RAD_S = _tables()


def clamp(rotations: Float64) -> Float64:
    """Bring local rotations [..., 22, 4] into human range; float64 in, unit quaternions out."""
    turn, bent = _parts(rotations)
    if (
        np.all((turn >= _TWIST_LOW) & (turn <= _TWIST_HIGH))
        and np.all((bent >= _LOW - 1e-9) & (bent <= _HIGH + 1e-9))
        and np.einsum("...i,...i->...", bent, bent).max(initial=0.0) <= _SWING_MOST_RAD**2
    ):
        return rotations
    turn, bent = np.clip(turn, _TWIST_LOW, _TWIST_HIGH), np.clip(bent, _LOW, _HIGH)
    far = np.sqrt(np.einsum("...i,...i->...", bent, bent))
    return _joined(turn, bent * np.minimum(1.0, _SWING_MOST_RAD / np.maximum(far, 1e-12))[..., None])


def _parts(rotations: Float64) -> tuple[Float64, Float64]:
    """Twist [..., 22] and swing vector [..., 22, 3] of local rotations; human range is convex in them, not in rotations."""
    swing, twist = rot.swing_twist(rotations, _AXIS)
    return np.einsum("...i,...i->...", rot.log(twist), _AXIS), rot.log(swing)


def _joined(turn: Float64, bent: Float64) -> Float64:
    return rot.multiply(rot.exp(bent), rot.from_axis_angle(_AXIS, turn))


def excess_rad(rotations: Float64) -> Float64:
    """How far [..., 22] each joint is outside its range, radians; 0 inside. For checks and tests."""
    return rot.angle_between(clamp(rotations), rotations)


class JointLimiter:
    """Clamps a stream of poses to human ranges and speeds."""

    def __init__(self) -> None:
        """Start without a last pose: the first one is only clamped to range."""
        self._last: tuple[Float64, Float64, Float64] | None = None
        self.repaired = 0
        """Poses with a number that was not finite, replaced by the last good one."""
        self.slowed = 0
        """Poses in which at least one joint was held to its speed."""

    def apply(self, pose: Pose, dt_s: float) -> Pose:
        """Return the pose within range and within reach of the last one.

        Args:
            pose: any numbers; quaternions need not be of unit length.
            dt_s: time since the last call, seconds; anything below 0 counts as 0.

        Returns:
            A finite pose with unit quaternions in human range, no joint faster than `SPEED_RAD_S`.
        """
        rotations = pose.rotations.astype(np.float64)
        hips, hands = pose.hips_m.astype(np.float64), pose.hands.astype(np.float64)
        lengths = np.einsum("ij,ij->i", rotations, rotations)
        if not (
            np.isfinite(lengths).all() and lengths.min() > 1e-8 and np.isfinite(hips).all() and np.isfinite(hands).all()
        ):
            self.repaired += 1
            rotations, hips, hands = self._last if self._last is not None else _rest()
        else:
            rotations = clamp(rotations / np.sqrt(lengths)[:, None])
            hips = np.clip(hips, -HIPS_RANGE_M, HIPS_RANGE_M)
            hands = np.clip(hands, 0.0, 1.0)
            if self._last is not None:
                rotations, hips, hands = self._slow(rotations, hips, hands, max(dt_s, 0.0))
        self._last = (rotations, hips, hands)
        return Pose(rotations.astype(np.float32), hips.astype(np.float32), hands.astype(np.float32))

    def _slow(self, rotations: Float64, hips: Float64, hands: Float64, dt_s: float) -> tuple[Float64, Float64, Float64]:
        assert self._last is not None
        last, last_hips, last_hands = self._last
        allowed = SPEED_RAD_S * dt_s
        if (rot.angle_between(last, rotations) > allowed).any():
            self.slowed += 1
            rotations = _towards(last, rotations, allowed)
        way = hips - last_hips
        far = float(np.sqrt(way @ way))
        if far > HIPS_SPEED_M_S * dt_s:
            hips = last_hips + way * (HIPS_SPEED_M_S * dt_s / far)
        reach = FINGER_SPEED_PER_S * dt_s
        hands = np.clip(hands, last_hands - reach, last_hands + reach)
        return rotations, hips, hands


def _towards(last: Float64, aim: Float64, allowed: Float64) -> Float64:
    """As far from one pose in range to another as each joint may turn, by bisection on a way that stays in range."""
    slow = rot.angle_between(last, aim) > allowed
    (turn, bent), (turn_aim, bent_aim) = _parts(last), _parts(aim)
    out, low, high = np.where(slow[:, None], last, aim), np.zeros(JOINT_COUNT), np.ones(JOINT_COUNT)
    for _ in range(_HALVINGS):
        share = 0.5 * (low + high)
        tried = _joined(turn + share * (turn_aim - turn), bent + share[:, None] * (bent_aim - bent))
        within = rot.angle_between(last, tried) <= allowed
        low, high = np.where(within, share, low), np.where(within, high, share)
        out = np.where((slow & within)[:, None], tried, out)
    return out


def _rest() -> tuple[Float64, Float64, Float64]:
    pose = Pose()
    return pose.rotations.astype(np.float64), pose.hips_m.astype(np.float64), pose.hands.astype(np.float64)
