"""Retargeting: motion of any named skeleton onto ours, by rotations relative to the bind pose.

For a joint j with world rotation S(t) in the source and S_rest in its bind pose, ours is W(t) = B S(t) S_rest^-1 B^-1 C, where B brings
the file's axes onto ours (read from the bind pose: feet to head is up, right to left hip is left) and C is our skeleton posed like the
source's bind pose. C comes from bone directions: limbs by the shortest arc from bone to bone, hands by their knuckles, feet by their yaw;
trunk, neck, head and collar bones count as upright in every bind pose, whatever their joints' places. Then roll goes where a human has it:
the elbow is a hinge, the forearm carries the hand's twist. World orientations of hands and directions of bones stay.

Vectorised over frames, no state. Metres for the hips are scaled by leg length, so that feet stay on the floor.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from motion import kinematics
from motion import rotations as rot
from motion.clip import Clip
from motion.retarget.hands import hand_frame, has_fingers, shape_codes
from motion.retarget.source import RestPose, SourceClip, forward
from motion.retarget.tables import DIGITS, NEEDED, SIDES, NamedSkeleton, find, rows
from motion.skeleton import HIPS_HEIGHT_M, INDEX, JOINT_COUNT, PARENTS, REST_OFFSETS_M, SHIN_M, THIGH_M
from runtime.vocabulary import BODY_JOINTS

Array = NDArray[Any]
Anchor = Literal["median", "first", "file"]
Height = Literal["file", "feet"]

_X: Final = np.array([1.0, 0.0, 0.0])
_Y: Final = np.array([0.0, 1.0, 0.0])
_FORWARD: Final = np.array([0.0, 0.0, 1.0])
_TOES_HEIGHT_M: Final = float(
    sum(REST_OFFSETS_M[INDEX[j], 1] for j in ("hips", *("left" + b for b in ("UpperLeg", "LowerLeg", "Foot", "Toes"))))
)
_SNAP: Final = 0.85
"""Cosine from which a direction counts as one of the file's axes: a character leans a little, its file does not."""
HINGE_FROM_RAD: Final = float(np.radians(12.0))
HINGE_FULL_RAD: Final = float(np.radians(40.0))
"""A nearly straight elbow or knee does not say where its hinge is; the roll of the upper bone is corrected from one bend to the other."""


def rest_pose(source: SourceClip, skeleton: NamedSkeleton) -> RestPose:
    """The pose that the table's family was calibrated in: the file's bind pose, or the table's where the file has none that stands."""
    if not skeleton.rest_zxy_deg:
        return source.rest
    known = rows(skeleton, source.joints)
    turns = np.tile(rot.IDENTITY, (1, len(source.joints), 1))
    for joint, angles in skeleton.rest_zxy_deg.items():
        if joint in known:
            turns[0, known[joint]] = rot.from_euler(np.radians(np.array(angles)), "ZXY")
    moves = np.median(source.translations_m, axis=0, keepdims=True)
    moves[0, [row for row, parent in enumerate(source.parents) if parent < 0]] = 0.0
    positions, world = forward(source.parents, turns, moves)
    return RestPose(world[0], positions[0])


def axes(rest: RestPose, at: dict[str, int]) -> Array:
    """Turn [4] that brings the file's axes onto ours, from the bind pose.

    Args:
        rest: the bind pose.
        at: row of each of our joints.

    Raises:
        ValueError: the bind pose has no up or no left.
    """
    place = rest.positions_m
    up = place[at["head"]] - 0.5 * (place[at["leftFoot"]] + place[at["rightFoot"]])
    left = place[at["leftUpperLeg"]] - place[at["rightUpperLeg"]]
    if not (np.isfinite(up).all() and np.isfinite(left).all()) or min(np.linalg.norm(up), np.linalg.norm(left)) < 1e-6:
        raise ValueError("the bind pose has no head above its feet or no left hip beside the right; is it a bind pose?")
    y = _snapped(rot.normalise(up))
    x = _snapped(rot.normalise(left - (left @ y) * y))
    x = rot.normalise(x - (x @ y) * y)
    return rot.conjugate(rot.from_matrix(np.stack([x, y, rot.cross(x, y)], axis=-1)))


def _snapped(direction: Array) -> Array:
    best = int(np.argmax(np.abs(direction)))
    if abs(direction[best]) < _SNAP:
        return direction
    out = np.zeros(3)
    out[best] = np.sign(direction[best])
    return out


def posed_like(
    rest: RestPose, at: dict[str, int], basis: Array, skeleton: NamedSkeleton, joints: tuple[str, ...]
) -> Array:
    """World rotations [22, 4] of our skeleton in the pose of the source's bind pose (C above)."""
    place = rot.rotate(np.broadcast_to(basis, (len(joints), 4)), rest.positions_m)
    out = np.tile(rot.IDENTITY, (JOINT_COUNT, 1))

    def aim(bone: str, child: str, parent: Array) -> Array:
        ours = rot.rotate(parent, rot.normalise(REST_OFFSETS_M[INDEX[child]]))
        theirs = rot.normalise(place[at[child]] - place[at[bone]])
        turned = rot.multiply(rot.shortest_arc(ours, theirs), parent)
        out[INDEX[bone]] = turned
        return turned

    fingers = has_fingers(skeleton, joints)
    known = rows(skeleton, joints)
    for side in SIDES:
        upper = aim(f"{side}UpperArm", f"{side}LowerArm", rot.IDENTITY)
        lower = aim(f"{side}LowerArm", f"{side}Hand", upper)
        out[INDEX[f"{side}Hand"]] = lower
        if fingers:
            digits = {digit: known[skeleton.fingers[side, digit][0]] for digit in DIGITS}
            out[INDEX[f"{side}Hand"]] = hand_frame(place, at[f"{side}Hand"], digits, side)
        aim(f"{side}LowerLeg", f"{side}Foot", aim(f"{side}UpperLeg", f"{side}LowerLeg", rot.IDENTITY))
        if f"{side}Toes" in at:
            ahead = place[at[f"{side}Toes"]] - place[at[f"{side}Foot"]]
            # A bind pose stands flat on the floor; the height of its ankle says nothing about pose.
            yaw = rot.from_axis_angle(_Y, float(np.arctan2(ahead[0], ahead[2])))
            out[INDEX[f"{side}Foot"]] = out[INDEX[f"{side}Toes"]] = yaw
    return out


def locate(source: SourceClip, skeleton: NamedSkeleton) -> dict[str, int]:
    """Row in the source of each of our joints that it has.

    Raises:
        ValueError: a needed one is absent.
    """
    known = rows(skeleton, source.joints)
    at = {ours: known[theirs] for ours, theirs in skeleton.bones.items() if theirs in known}
    missing = [bone for bone in NEEDED if bone not in at]
    if missing:
        wanted = ", ".join(skeleton.bones[bone] for bone in missing)
        raise ValueError(f"clip {source.name!r}: joints {wanted} are absent; {skeleton.name} needs them")
    return at


def retarget(
    source: SourceClip,
    skeleton: NamedSkeleton | None = None,
    *,
    anchor: Anchor = "median",
    height: Height = "file",
    face_forward: bool = False,
) -> Clip:
    """Bring a clip onto our skeleton.

    Args:
        source: the motion; its rate is kept (`SourceClip.resampled` changes it).
        skeleton: its table; found by joint names if None.
        anchor: where the hips' ground position is zero: their median over the clip, their first frame, or the file's origin.
        height: take the hips' height from the file, or shift it so that the lower foot stands on the floor in the median frame (for
            recordings whose floor drifts, such as inertial ones).
        face_forward: turn the whole clip about the vertical so that the hips face +z on average.

    Returns:
        The clip; hands are `RELAXED` where the source has no fingers.

    Raises:
        ValueError: no table fits, a needed joint is absent, or the bind pose is none.
    """
    skeleton = skeleton or find(source.joints)
    at = locate(source, skeleton)
    rest = rest_pose(source, skeleton)
    basis = axes(rest, at)
    like = posed_like(rest, at, basis, skeleton, source.joints)
    positions, world = source.forward()
    turns = _world(world, rest, at, basis, like)
    hips = rot.rotate(np.broadcast_to(basis, (len(source), 4)), positions[:, at["hips"]]) * _scale(rest, at, basis)
    if face_forward:
        ahead = rot.rotate(turns[:, 0], np.array([0.0, 0.0, 1.0])).mean(axis=0)
        back = rot.from_axis_angle(_Y, -float(np.arctan2(ahead[0], ahead[2])))
        turns = rot.multiply(np.broadcast_to(back, turns.shape), turns)
        hips = rot.rotate(np.broadcast_to(back, (len(source), 4)), hips)
    origin = np.median(hips, axis=0) if anchor == "median" else hips[0] if anchor == "first" else np.zeros(3)
    hips = hips - np.array([origin[0], HIPS_HEIGHT_M, origin[2]])
    local = rot.continuous(natural_roll(_local(turns)))
    if height == "feet":
        places, _ = kinematics.forward(local, hips)
        toes = places[:, [INDEX["leftToes"], INDEX["rightToes"]], 1].min(axis=1)
        hips[:, 1] += _TOES_HEIGHT_M - np.median(toes)
    codes = shape_codes(positions, world, skeleton, source.joints)
    return Clip(source.fps, local.astype(np.float32), hips.astype(np.float32), codes.astype(np.float32))


def _world(world: Array, rest: RestPose, at: dict[str, int], basis: Array, like: Array) -> Array:
    """World rotations [T, 22, 4] of our joints; those that the source lacks follow their neighbours."""
    frames = world.shape[0]
    out = np.empty((frames, JOINT_COUNT, 4))
    back = rot.conjugate(basis)
    for row, bone in enumerate(BODY_JOINTS):
        if bone in at:
            moved = rot.multiply(world[:, at[bone]], rot.conjugate(rest.rotations[at[bone]])[None])
            moved = rot.multiply(rot.multiply(basis[None], moved), back[None])
            out[:, row] = rot.multiply(moved, like[row][None])
        else:
            out[:, row] = out[:, PARENTS[row]]
    for bone, above, below in (
        ("chest", "spine", "upperChest"),
        ("neck", "upperChest", "head"),
        ("spine", "hips", "chest"),
    ):
        if bone not in at and below in at:
            out[:, INDEX[bone]] = rot.slerp(out[:, INDEX[above]], out[:, INDEX[below]], 0.5)
    return out


def _scale(rest: RestPose, at: dict[str, int], basis: Array) -> float:
    """Our leg length over theirs, metres per unit of the file."""
    place = rot.rotate(np.broadcast_to(basis, (rest.positions_m.shape[0], 4)), rest.positions_m)
    legs = [
        np.linalg.norm(place[at[f"{side}LowerLeg"]] - place[at[f"{side}UpperLeg"]])
        + np.linalg.norm(place[at[f"{side}Foot"]] - place[at[f"{side}LowerLeg"]])
        for side in SIDES
    ]
    return float((THIGH_M + SHIN_M) / max(float(np.mean(legs)), 1e-9))


def _local(world: Array) -> Array:
    out = np.empty_like(world)
    for row, parent in enumerate(PARENTS):
        out[:, row] = world[:, row] if parent < 0 else rot.multiply(rot.conjugate(world[:, parent]), world[:, row])
    return out


def natural_roll(local: Array) -> Array:
    """Move roll along each limb to where a human has it, without moving a bone, a hand or a foot.

    The upper arm and the thigh are rolled so that elbow and knee bend as hinges; the twist between forearm and hand goes into the forearm
    (radius about ulna).

    Args:
        local: local rotations [T, 22, 4].

    Returns:
        The same motion [T, 22, 4].
    """
    out = local.copy()
    for side in SIDES:
        sign = 1.0 if side == "left" else -1.0
        _hinge(out, INDEX[f"{side}UpperArm"], INDEX[f"{side}LowerArm"], sign * _X, _FORWARD)
        _hinge(out, INDEX[f"{side}UpperLeg"], INDEX[f"{side}LowerLeg"], -_Y, -_FORWARD)
        lower, hand = INDEX[f"{side}LowerArm"], INDEX[f"{side}Hand"]
        _, twist = rot.swing_twist(out[:, hand], np.broadcast_to(_X, (len(out), 3)))
        out[:, lower] = rot.multiply(out[:, lower], twist)
        out[:, hand] = rot.multiply(rot.conjugate(twist), out[:, hand])
    return out


def _hinge(local: Array, upper: int, lower: int, along: Array, towards: Array) -> None:
    """Roll the upper bone about its axis so that the lower one bends towards `towards`; in place."""
    frames = len(local)
    bone = rot.rotate(local[:, lower], np.broadcast_to(along, (frames, 3)))
    ahead, aside = bone @ towards, bone @ rot.cross(along, towards)
    bend = np.arctan2(np.hypot(ahead, aside), bone @ along)
    share = np.clip((bend - HINGE_FROM_RAD) / (HINGE_FULL_RAD - HINGE_FROM_RAD), 0.0, 1.0)
    turn = np.arctan2(aside, ahead) * share * share * (3.0 - 2.0 * share)
    roll = rot.from_axis_angle(np.broadcast_to(along, (frames, 3)), turn)
    local[:, upper] = rot.multiply(local[:, upper], roll)
    local[:, lower] = rot.multiply(rot.conjugate(roll), local[:, lower])
