"""Legs below a standing body: feet stay where they are planted, knees follow from the hips.

The array form of what `motion.procedural.solver` does for one pose, with the same stance. Feet never slide, whatever the hips do within
reach. numpy, no state; the hips out of reach of the feet bring straight legs, never an error.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.kinematics import MIN_REACH, clamp_reach, two_bone
from motion.procedural.solver import STANCE_M, TOE_OUT_RAD
from motion.skeleton import INDEX, REST_OFFSETS_M, SHIN_M, THIGH_M

Array = NDArray[Any]

_ANKLE: Final = np.array([STANCE_M, 0.08, -0.03])
_REACH: Final = 0.9995
_KNEES_OUT: Final = 0.14
_LEG_FROM_FRAME: Final = np.array([np.sqrt(0.5), -np.sqrt(0.5), 0.0, 0.0])
_SIDES: Final = (("left", 1.0), ("right", -1.0))


def planted(rotations: Array, hips_m: Array) -> Array:
    """Return rotations [T, 22, 4] with legs that stand on planted feet.

    Args:
        rotations: local quaternions [T, 22, 4]; rows of the legs are replaced.
        hips_m: translation of the hips from rest [T, 3].
    """
    out = np.array(rotations, dtype=np.float64)
    hips = out[:, INDEX["hips"]]
    back = rot.conjugate(hips)
    place = REST_OFFSETS_M[INDEX["hips"]] + np.asarray(hips_m, dtype=np.float64)
    ahead = rot.rotate(back, np.broadcast_to([0.0, 0.0, 1.0], place.shape))
    for side, sign in _SIDES:
        mirror = np.array([sign, 1.0, 1.0])
        ankle = rot.rotate(back, _ANKLE * mirror - place)
        target = clamp_reach(ankle - REST_OFFSETS_M[INDEX[f"{side}UpperLeg"]], THIGH_M + SHIN_M, MIN_REACH, _REACH)
        pole = ahead + np.array([_KNEES_OUT * sign, 0.0, 0.0])
        straight = np.zeros(len(out))
        upper, lower, normal = two_bone(target, pole, straight, np.asarray(THIGH_M), np.asarray(SHIN_M))
        frame = rot.from_matrix(np.stack([upper, normal, rot.cross(upper, normal)], axis=-1))
        thigh = rot.multiply(frame, np.broadcast_to(_LEG_FROM_FRAME, frame.shape))
        bend = np.arccos(np.clip(np.einsum("ti,ti->t", upper, lower), -1.0, 1.0))
        knee = np.stack([np.sin(0.5 * bend), 0.0 * bend, 0.0 * bend, np.cos(0.5 * bend)], axis=-1)
        turned = rot.multiply(hips, rot.multiply(thigh, knee))
        foot = np.array([0.0, sign * np.sin(0.5 * TOE_OUT_RAD), 0.0, np.cos(0.5 * TOE_OUT_RAD)])
        out[:, INDEX[f"{side}UpperLeg"]] = thigh
        out[:, INDEX[f"{side}LowerLeg"]] = knee
        out[:, INDEX[f"{side}Foot"]] = rot.multiply(rot.conjugate(turned), np.broadcast_to(foot, turned.shape))
        out[:, INDEX[f"{side}Toes"]] = rot.IDENTITY
    return out
