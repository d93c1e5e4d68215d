"""How well a retargeted clip follows its source: angles between bone directions, and angular speeds that betray flips. No state."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.kinematics import forward
from motion.retarget.solve import axes, locate, rest_pose
from motion.retarget.source import SourceClip
from motion.retarget.tables import SIDES, NamedSkeleton, find
from motion.skeleton import INDEX
from runtime.vocabulary import BODY_JOINTS

Array = NDArray[Any]

BONES: Final = tuple(
    (f"{side}{a}", f"{side}{b}")
    for side in SIDES
    for a, b in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
)
CHAINS: Final = (("hips", "head"), ("leftUpperArm", "leftHand"), ("rightUpperArm", "rightHand"))
"""Directions that span several joints: they also show differences of proportion."""


def direction_errors_deg(source: SourceClip, clip: Clip, skeleton: NamedSkeleton | None = None) -> dict[str, Array]:
    """Angle [T] between the source's and our direction of each limb bone and chain, degrees; keys are `from-to`.

    The source's own forward kinematics is the reference. The clip must not have been turned (`face_forward=False`).
    """
    skeleton = skeleton or find(source.joints)
    at = locate(source, skeleton)
    basis = axes(rest_pose(source, skeleton), at)
    theirs, _ = source.forward()
    theirs = rot.rotate(np.broadcast_to(basis, (*theirs.shape[:-1], 4)), theirs)
    ours, _ = forward(clip.rotations, clip.hips_m)
    out: dict[str, Array] = {}
    for a, b in (*BONES, *CHAINS):
        u = rot.normalise(theirs[:, at[b]] - theirs[:, at[a]])
        v = rot.normalise(ours[:, INDEX[b]] - ours[:, INDEX[a]])
        side = rot.cross(u, v)
        out[f"{a}-{b}"] = np.degrees(
            np.arctan2(np.sqrt(np.einsum("ti,ti->t", side, side)), np.einsum("ti,ti->t", u, v))
        )
    return out


def joint_speeds_deg_s(clip: Clip) -> dict[str, Array]:
    """Angular speed [T-1] of each local rotation, degrees per second."""
    wide = clip.rotations.astype(np.float64)
    speed = np.degrees(rot.angle_between(wide[:-1], wide[1:])) * clip.fps
    return {bone: speed[:, row] for row, bone in enumerate(BODY_JOINTS)}
