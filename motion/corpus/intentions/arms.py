"""Arms from an animator's controls, many frames at once, below a chest that may be anyone's.

The array form of what `motion.procedural.solver` does for one arm of its own body (a test keeps them equal). Here the chest is that of
recorded motion, so that a pointing arm points where it should however the trunk stands. Radians and metres; pure functions that never
fail on finite input.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.kinematics import ELBOW_POLE, clamp_reach, two_bone
from motion.procedural import controls as c
from motion.skeleton import ARM_M, FOREARM_M, INDEX, REST_OFFSETS_M, UPPER_ARM_M

Array = NDArray[Any]

PARTS: Final = ("Shoulder", "UpperArm", "LowerArm", "Hand")
"""The joints that are solved, in order."""
_HALF_WIDTH_M: Final = float(REST_OFFSETS_M[INDEX["leftShoulder"], 0] + REST_OFFSETS_M[INDEX["leftUpperArm"], 0])
_TRUNK_RADII_M: Final = (0.185, 0.165)
"""Half width and half depth of the trunk with the thickness of a wrist added, as in the solver."""


def mirrored(q: Array) -> Array:
    """Rotations [..., 4] of the mirror image in x."""
    out: Array = q * np.array([1.0, -1.0, -1.0, 1.0])
    return out


def power(q: Array, exponent: Array) -> Array:
    """Shares [...] of rotations [..., 4] of less than half a turn."""
    return rot.exp(rot.log(q) * np.asarray(exponent)[..., None])


def out_of_trunk(wrist_m: Array) -> Array:
    """Push wrists [T, 3] (from the shoulder, x outwards) out of the trunk's elliptic cylinder, smoothly."""
    x = (wrist_m[:, 0] + _HALF_WIDTH_M) / _TRUNK_RADII_M[0]
    z = wrist_m[:, 2] / _TRUNK_RADII_M[1]
    r = np.sqrt(x * x + z * z) + 1e-9
    fade = np.clip((0.12 - wrist_m[:, 1]) / 0.12, 0.0, 1.0)
    grow = np.where(r > 4.0, 1.0, 1.0 + fade * ((1.0 + np.minimum(r, 4.0) ** 8) ** 0.125 / r - 1.0))
    return np.stack([x * grow * _TRUNK_RADII_M[0] - _HALF_WIDTH_M, wrist_m[:, 1], z * grow * _TRUNK_RADII_M[1]], axis=1)


def raised(arm: Array) -> Array:
    """How far [...] an arm [..., 14] is above hanging, arm lengths: what shoulder blade and spine go along with."""
    out: Array = np.maximum(0.0, arm[..., 1] + 0.75)
    return out


def forward(arm: Array) -> Array:
    """How far [...] an arm [..., 14] reaches forward of hanging, arm lengths."""
    out: Array = arm[..., 2] - 0.13
    return out


def solve_left(arm: Array, shoulder_rad: Array, chest: Array) -> Array:
    """Rotations [T, 4, 4] of a left arm's `PARTS`.

    Args:
        arm: arm controls [T, 14].
        shoulder_rad: elevation and protraction [T, 2] besides those that the arm pulls along.
        chest: rotation [T, 4] of the upper chest in the root frame; for a right arm pass `mirrored` in and take the result `mirrored`.
    """
    count = len(arm)
    zeros = np.zeros(count)
    lift = shoulder_rad[:, 0] + 0.20 * raised(arm) ** 2
    reach = shoulder_rad[:, 1] + 0.16 * forward(arm) - 0.10 * np.maximum(arm[:, 0] - 0.13, 0.0)
    blade = rot.exp(np.stack([zeros, -reach, lift], axis=1))
    wrist = out_of_trunk(arm[:, c.WRIST] * ARM_M)
    # An arm that does not follow the chest keeps its place in the room: undo the share of the turn that it leaves out.
    back = rot.multiply(rot.conjugate(blade), power(chest, arm[:, c.FOLLOW] - 1.0))
    target = clamp_reach(rot.rotate(back, wrist), ARM_M)
    pole = rot.rotate(back, np.broadcast_to(ELBOW_POLE, wrist.shape))
    upper, lower, normal = two_bone(
        target, pole, arm[:, c.SWIVEL], np.full(count, UPPER_ARM_M), np.full(count, FOREARM_M)
    )
    root = rot.from_matrix(np.stack([upper, normal, rot.cross(upper, normal)], axis=-1))
    half_bend = 0.5 * np.arccos(np.clip(np.einsum("ti,ti->t", upper, lower), -1.0, 1.0))
    # Half of the forearm's twist is carried by the elbow, half by the wrist.
    quarter = 0.25 * arm[:, c.TWIST]
    st, ct, sb, cb = np.sin(quarter), np.cos(quarter), np.sin(half_bend), np.cos(half_bend)
    elbow = np.stack([cb * st, -sb * ct, sb * st, cb * ct], axis=1)
    bent = rot.multiply(
        rot.exp(np.stack([zeros, -arm[:, c.DEVIATION], zeros], axis=1)),
        rot.exp(np.stack([zeros, zeros, -arm[:, c.FLEX]], axis=1)),
    )
    hand = rot.multiply(np.stack([st, zeros, zeros, ct], axis=1), bent)
    return np.stack([blade, root, elbow, hand], axis=1)
