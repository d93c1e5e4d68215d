"""Finger joints of any skeleton to our six numbers a hand, and back to VRM finger rotations.

A code is thumb, index, middle, ring, little curl (0 straight to 1 closed) and spread (0 together to 1 wide). Curl is the sum of the
bends from the palm outwards over the bend of a closed fist, measured on bone directions, so that it does not depend on the rig's axes.
Vectorised over frames; no state, no failure modes on finite input.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.retarget.tables import DIGITS, SIDES, NamedSkeleton, rows

Array = NDArray[Any]

FINGER_BEND_RAD: Final = (1.35, 1.45, 0.90)
"""Bend of a finger's three joints in a fist: 77, 83 and 52 degrees (active ranges about 90, 100, 80; a relaxed fist stays under them)."""
THUMB_BEND_RAD: Final = (0.35, 0.75, 0.95)
SPREAD_RAD: Final = 0.40
"""Angle between index and little finger at full spread."""
_ACROSS: Final = {"index": 1.0, "middle": 0.3, "ring": -0.35, "little": -1.0}
"""How far each finger turns outwards at full spread, as a share of half of `SPREAD_RAD`; towards the thumb is positive."""

RELAXED: Final = np.array([0.22, 0.22, 0.30, 0.36, 0.40, 0.20])
"""A hand at ease, for skeletons without fingers (Kamakura's relaxed hand: curl grows towards the little finger)."""


def has_fingers(skeleton: NamedSkeleton, joints: tuple[str, ...]) -> bool:
    """Whether every digit of both hands has at least its first two joints."""
    known = rows(skeleton, joints)
    return bool(skeleton.fingers) and all(
        joint in known for side in SIDES for digit in DIGITS for joint in skeleton.fingers[side, digit][:2]
    )


def hand_frame(positions: Array, hand: int, digits: dict[str, int], side: str) -> Array:
    """Turn [..., 4] from our T-pose hand (fingers along +x or -x, palm down, index ahead) to the hand whose knuckles are given.

    Args:
        positions: [..., J, 3].
        hand: row of the wrist.
        digits: row of each digit's first joint.
        side: left or right.
    """
    along = rot.normalise(positions[..., digits["middle"], :] - positions[..., hand, :])
    ahead = positions[..., digits["index"], :] - positions[..., digits["little"], :]
    x = along if side == "left" else -along
    z = rot.normalise(ahead - np.einsum("...i,...i->...", ahead, x)[..., None] * x)
    return rot.from_matrix(np.stack([x, rot.cross(z, x), z], axis=-1))


def shape_codes(positions: Array, world: Array, skeleton: NamedSkeleton, joints: tuple[str, ...]) -> Array:
    """Codes float64 [T, 2, 6] from forward kinematics of the source.

    Args:
        positions: [T, J, 3].
        world: world rotations [T, J, 4].
        skeleton: the table.
        joints: names of the J joints.

    Returns:
        Left and right code; `RELAXED` where the skeleton has no fingers.
    """
    out = np.tile(RELAXED, (positions.shape[0], 2, 1))
    if not has_fingers(skeleton, joints):
        return out
    known = rows(skeleton, joints)
    for h, side in enumerate(SIDES):
        hand = known[skeleton.bones[f"{side}Hand"]]
        chains = {digit: [known[j] for j in skeleton.fingers[side, digit] if j in known] for digit in DIGITS}
        frame = hand_frame(positions, hand, {digit: chain[0] for digit, chain in chains.items()}, side)
        back = rot.conjugate(frame)
        sign = 1.0 if side == "left" else -1.0
        yaw: dict[str, Array] = {}
        for d, digit in enumerate(DIGITS):
            bones = _directions(positions, world, chains[digit])
            local = [rot.rotate(back, bone) for bone in bones]
            if digit == "thumb":
                bend = sum((_turn(a, b) for a, b in pairwise(local)), np.zeros(positions.shape[0]))
                out[:, h, d] = bend / sum(THUMB_BEND_RAD[1:])
                continue
            # From the palm's plane (x along the fingers, y out of the back of the hand) to the first bone, then bone to bone.
            first = np.arctan2(-local[0][:, 1], sign * local[0][:, 0])
            first = np.where(first < -np.pi / 2, first + 2 * np.pi, first)
            bends = [first, *(_flexion(a, b, sign) for a, b in pairwise(local))]
            out[:, h, d] = np.sum(bends, axis=0) / sum(FINGER_BEND_RAD[: len(bends)])
            yaw[digit] = np.arctan2(local[0][:, 2], np.hypot(local[0][:, 0], local[0][:, 1]))
        straight = 1.0 - 0.5 * (out[:, h, 1] + out[:, h, 4])
        out[:, h, 5] = (yaw["index"] - yaw["little"]) / SPREAD_RAD * np.clip(2.0 * straight, 0.0, 1.0)
    clipped: Array = np.clip(out, 0.0, 1.0)
    return clipped


def _directions(positions: Array, world: Array, chain: list[int]) -> list[Array]:
    """Unit directions [T, 3] of the bones of a digit; the last bone continues the one before in its own frame."""
    bones = [rot.normalise(positions[:, b] - positions[:, a]) for a, b in pairwise(chain)]
    # The child's offset in the parent's frame is fixed by the rig; a straight finger has it as the last bone's axis as well.
    axis = rot.rotate(rot.conjugate(world[:, chain[-2]]), bones[-1])
    return [*bones, rot.rotate(world[:, chain[-1]], axis)]


def _turn(a: Array, b: Array) -> Array:
    side = rot.cross(a, b)
    out: Array = np.arctan2(np.sqrt(np.einsum("ti,ti->t", side, side)), np.einsum("ti,ti->t", a, b))
    return out


def _flexion(a: Array, b: Array, sign: float) -> Array:
    """Angle from bone to bone, positive towards the palm: about -z on the left hand and +z on the right."""
    return np.where(-sign * rot.cross(a, b)[:, 2] >= 0.0, 1.0, -1.0) * _turn(a, b)


def finger_rotations(codes: Array) -> dict[str, Array]:
    """VRM finger bones' local rotations [T, 4] by name, from codes [T, 2, 6]; the T-pose hand is flat."""
    out: dict[str, Array] = {}
    for h, side in enumerate(SIDES):
        sign = 1.0 if side == "left" else -1.0
        spread = codes[:, h, 5]
        for d, digit in enumerate(DIGITS):
            curl = np.asarray(codes[:, h, d], dtype=np.float64)
            if digit == "thumb":
                names, bends = ("Metacarpal", "Proximal", "Distal"), THUMB_BEND_RAD
                # The thumb bends across the palm, about the vertical of the T-pose.
                axis = np.array([0.0, sign, 0.0])
            else:
                names, bends, axis = (
                    ("Proximal", "Intermediate", "Distal"),
                    FINGER_BEND_RAD,
                    np.array([0.0, 0.0, -sign]),
                )
            for n, (part, bend) in enumerate(zip(names, bends, strict=True)):
                turn = rot.from_axis_angle(np.broadcast_to(axis, (len(curl), 3)), bend * curl)
                if n == 0 and digit != "thumb":
                    wide = -sign * _ACROSS[digit] * 0.5 * SPREAD_RAD * spread * (1.0 - curl)
                    turn = rot.multiply(
                        rot.from_axis_angle(np.broadcast_to([0.0, 1.0, 0.0], (len(curl), 3)), wide), turn
                    )
                out[f"{side}{digit.capitalize()}{part}"] = turn
    return out
