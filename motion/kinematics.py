"""Forward kinematics and analytic two-bone inverse kinematics, vectorised over leading axes.

Positions are metres in the agent's root frame (floor under the rest position of the hips; y up, facing +z, left +x). The inverse
kinematics never fails: a target out of reach is brought to the reach envelope.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.skeleton import HAND_M, INDEX, JOINT_COUNT, PARENTS, REST_OFFSETS_M

Array = NDArray[Any]


def _levels() -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]:
    depth = [0] * JOINT_COUNT
    for joint, parent in enumerate(PARENTS):
        depth[joint] = 0 if parent < 0 else depth[parent] + 1
    levels = []
    for level in range(1, max(depth) + 1):
        joints = [joint for joint in range(JOINT_COUNT) if depth[joint] == level]
        levels.append((np.array(joints, dtype=np.intp), np.array([PARENTS[j] for j in joints], dtype=np.intp)))
    return tuple(levels)


_LEVELS: Final = _levels()


def forward(rotations: Array, hips_m: Array) -> tuple[Array, Array]:
    """Forward kinematics.

    Args:
        rotations: local unit quaternions [..., 22, 4].
        hips_m: translation of the hips from rest [..., 3].

    Returns:
        Positions [..., 22, 3] in metres and world rotations [..., 22, 4], float64.
    """
    local = np.asarray(rotations, dtype=np.float64)
    world = np.empty(local.shape)
    positions = np.empty((*local.shape[:-1], 3))
    world[..., 0, :] = local[..., 0, :]
    positions[..., 0, :] = REST_OFFSETS_M[0] + hips_m
    # All joints of one depth at once: 8 steps instead of 21.
    for joints, parents in _LEVELS:
        turned = world[..., parents, :]
        world[..., joints, :] = rot.multiply(turned, local[..., joints, :])
        positions[..., joints, :] = positions[..., parents, :] + rot.rotate(turned, REST_OFFSETS_M[joints])
    return positions, world


def positions(rotations: Array, hips_m: Array) -> Array:
    """Joint positions [..., 22, 3] in metres; see `forward`."""
    return forward(rotations, hips_m)[0]


def hand_tips(rotations: Array, hips_m: Array) -> Array:
    """Fingertip positions [..., 2, 3], left then right: the wrist plus one hand length along the hand."""
    where, world = forward(rotations, hips_m)
    rows = [INDEX["leftHand"], INDEX["rightHand"]]
    along = np.array([[HAND_M, 0.0, 0.0], [-HAND_M, 0.0, 0.0]])
    tips: Array = where[..., rows, :] + rot.rotate(world[..., rows, :], along)
    return tips


ELBOW_POLE: Final = np.array([0.35, -0.85, -0.35]) / np.linalg.norm([0.35, -0.85, -0.35])
"""Where an elbow tends to when nothing else is asked: outwards, down and back (x is outwards)."""

MIN_REACH: Final = 0.30
MAX_REACH: Final = 0.985
"""Reach envelope as shares of the limb's length: an elbow neither folds flat nor locks."""


def clamp_reach(target: Array, length: float, minimum: float = MIN_REACH, maximum: float = MAX_REACH) -> Array:
    """Bring targets [..., 3] relative to the limb's root into its reach, keeping their direction."""
    distance = np.sqrt(np.einsum("...i,...i->...", target, target))[..., None]
    wanted = np.clip(distance, minimum * length, maximum * length)
    direction = np.where(distance > 1e-6, target / np.maximum(distance, 1e-6), np.array([0.0, -1.0, 0.0]))
    out: Array = direction * wanted
    return out


def two_bone(
    target: Array, pole: Array, swivel_rad: Array, upper_m: Array, lower_m: Array
) -> tuple[Array, Array, Array]:
    """Directions of both bones that bring the end of a two-bone limb to a target (law of cosines).

    Args:
        target: end position relative to the limb's root [..., 3], within reach (`clamp_reach`).
        pole: unit vector [..., 3]; the middle joint bends towards its part normal to the target's direction.
        swivel_rad: turn [...] of the middle joint about the line from root to target, from the pole.
        upper_m: length [...] of the first bone.
        lower_m: length [...] of the second.

    Returns:
        Unit direction of the first bone, of the second, and the unit normal d x e of the limb's plane, each [..., 3], where d leads
        to the target and e to the middle joint's side.
    """
    distance = np.sqrt(np.einsum("...i,...i->...", target, target))
    d = target / np.maximum(distance, 1e-9)[..., None]
    e = pole - np.einsum("...i,...i->...", pole, d)[..., None] * d
    # Exactly along the pole any normal will do; a fixed one keeps the result finite.
    flat = np.einsum("...i,...i->...", e, e)[..., None] < 1e-10
    if flat.any():
        spare = np.array([0.0, 0.0, -1.0]) - (-d[..., 2:3]) * d
        spare = np.where(np.einsum("...i,...i->...", spare, spare)[..., None] < 1e-6, np.array([1.0, 0.0, 0.0]), spare)
        e = np.where(flat, spare, e)
    e = rot.normalise(e)
    n = rot.cross(d, e)
    c, s = np.cos(swivel_rad)[..., None], np.sin(swivel_rad)[..., None]
    e, n = c * e + s * n, c * n - s * e
    along = (upper_m * upper_m - lower_m * lower_m + distance * distance) / (2.0 * np.maximum(distance, 1e-9))
    height = np.sqrt(np.maximum(upper_m * upper_m - along * along, 0.0))
    middle = along[..., None] * d + height[..., None] * e
    return rot.normalise(middle), rot.normalise(target - middle), n


def arm_ik(target: Array, swivel_rad: Array, upper_m: float, lower_m: float) -> tuple[Array, Array]:
    """Rotations of shoulder and elbow of a **left** arm that bring its wrist to a target.

    The arm's rest is +x; a right arm is the mirror image in x (mirror the target, then quaternions as (x, -y, -z, w)).

    Args:
        target: wrist relative to the shoulder joint [..., 3], in the frame of the shoulder's parent. Brought into reach if outside.
        swivel_rad: [...]; positive raises the elbow outwards.
        upper_m: length of the upper arm.
        lower_m: length of the forearm.

    Returns:
        Rotation of the upper arm in the parent's frame and of the lower arm in the upper arm's, each [..., 4]. The elbow is a pure
        hinge about -y; forearm twist is the caller's.
    """
    reachable = clamp_reach(np.asarray(target, dtype=np.float64), upper_m + lower_m)
    pole = np.broadcast_to(ELBOW_POLE, reachable.shape)
    swivel = np.asarray(swivel_rad, dtype=np.float64)
    u, f, n = two_bone(reachable, pole, swivel, np.array(upper_m), np.array(lower_m))
    upper = rot.from_matrix(np.stack([u, n, rot.cross(u, n)], axis=-1))
    flexion = np.arctan2(
        np.sqrt(np.einsum("...i,...i->...", rot.cross(u, f), rot.cross(u, f))), np.einsum("...i,...i->...", u, f)
    )
    lower = np.zeros_like(upper)
    lower[..., 1] = -np.sin(0.5 * flexion)
    lower[..., 3] = np.cos(0.5 * flexion)
    return upper, lower
