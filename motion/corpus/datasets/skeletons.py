"""Skeletons of the data sets, and the way of their motion onto ours.

Joint names were taken from the sets themselves or from code that reads them: Talking With Hands from genea-workshop/2023_ivi_baseline
(`process_data.py`) and its fingers from other readers of the set, ZeroEGGS from `data/processed_v1/data_definition.json` of
ubisoft/ubisoft-laforge-ZeroEGGS, SeG from `SeG_dataset/bvh/ARMS_WELCOME-1.bvh` of LuMen-ze/Semantic-Gesticulator-Official.

A BVH file is retargeted by the pose that it has at zero rotation. Where that is no standing person, nothing can be read off it, and a
`tpose.bvh` of the same skeleton (first frame: a T-pose) has to say how its joints are turned. No state; faults are `ValueError`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.corpus.datasets.recording import FPS
from motion.formats import bvh_source
from motion.retarget import NamedSkeleton, RestPose, SourceClip, find, retarget
from motion.retarget.solve import locate, rest_pose
from motion.retarget.tables import DIGITS, NEEDED, SIDES, rows

T_POSE_FILE: Final = "tpose.bvh"
_UPRIGHT_COS: Final = 0.8
"""Trunk and legs of a standing person point the same way within 37 degrees."""


def _bones(middle: dict[str, str], limbs: dict[str, str], left: str, right: str) -> dict[str, str]:
    sides = zip(SIDES, (left, right), strict=True)
    return middle | {side + ours: theirs.format(s=word) for side, word in sides for ours, theirs in limbs.items()}


def _fingers(patterns: dict[str, tuple[str, ...]], left: str, right: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (side, digit): tuple(joint.format(s=word) for joint in patterns[digit])
        for side, word in zip(SIDES, (left, right), strict=True)
        for digit in DIGITS
    }


TALKING_WITH_HANDS: Final = NamedSkeleton(
    "talking-with-hands",
    _bones(
        {
            "hips": "b_root", "spine": "b_spine0", "chest": "b_spine1", "upperChest": "b_spine3",
            "neck": "b_neck0", "head": "b_head",
        },
        {
            "Shoulder": "b_{s}_shoulder", "UpperArm": "b_{s}_arm", "LowerArm": "b_{s}_forearm", "Hand": "b_{s}_wrist",
            "UpperLeg": "b_{s}_upleg", "LowerLeg": "b_{s}_leg", "Foot": "b_{s}_foot",
        },
        "l", "r",
    ),
    _fingers(
        {
            digit: tuple(f"b_{{s}}_{word}{n}" for n in (1, 2, 3))
            for digit, word in zip(DIGITS, ("thumb", "index", "middle", "ring", "pinky"), strict=True)
        },
        "l", "r",
    ),
)  # fmt: skip
"""Meta's body as in Talking With Hands 16.2M and the GENEA Challenges of 2022 and 2023."""

ZEROEGGS: Final = NamedSkeleton(
    "zeroeggs",
    _bones(
        {"hips": "Hips", "spine": "Spine", "chest": "Spine1", "upperChest": "Spine3", "neck": "Neck", "head": "Head"},
        {
            "Shoulder": "{s}Shoulder", "UpperArm": "{s}Arm", "LowerArm": "{s}ForeArm", "Hand": "{s}Hand",
            "UpperLeg": "{s}UpLeg", "LowerLeg": "{s}Leg", "Foot": "{s}Foot", "Toes": "{s}ToeBase",
        },
        "Left", "Right",
    ),
    _fingers(
        {
            digit: tuple(f"{{s}}Hand{word}{n}" for n in (1, 2, 3))
            for digit, word in zip(DIGITS, ("Thumb", "Index", "Middle", "Ring", "Pinky"), strict=True)
        },
        "Left", "Right",
    ),
)  # fmt: skip
"""Mixamo's names with one more joint in the spine, from which the arms begin."""

SEG: Final = NamedSkeleton(
    "seg",
    _bones(
        {"hips": "Hips", "spine": "Chest", "upperChest": "Chest2", "neck": "Neck", "head": "Head"},
        {
            "Shoulder": "{s}Collar", "UpperArm": "{s}Shoulder", "LowerArm": "{s}Elbow", "Hand": "{s}Wrist",
            "UpperLeg": "{s}Hip", "LowerLeg": "{s}Knee", "Foot": "{s}Ankle", "Toes": "{s}Toe",
        },
        "Left", "Right",
    ),
    _fingers(
        {digit: tuple(f"{{s}}Finger{n}{part}" for part in ("", "1", "2")) for n, digit in enumerate(DIGITS)},
        "Left", "Right",
    ),
)  # fmt: skip
"""MOCCA's Semantic Gesture Dataset: MVN's names with two joints in the spine, and fingers."""

SKELETONS: Final = (TALKING_WITH_HANDS, ZEROEGGS, SEG)


def fitting(joints: tuple[str, ...]) -> NamedSkeleton:
    """The table that knows most of these joints, of those here and those of `motion.retarget`.

    Raises:
        ValueError: none knows what is needed.
    """
    best: NamedSkeleton | None = None
    most = 0
    for skeleton in SKELETONS:
        known = rows(skeleton, joints)
        score = sum(theirs in known for theirs in skeleton.bones.values())
        if score > most and all(skeleton.bones[bone] in known for bone in NEEDED):
            best, most = skeleton, score
    try:
        general = find(joints)
    except ValueError:
        if best is None:
            raise
        return best
    known = rows(general, joints)
    return general if best is None or sum(b in known for b in general.bones.values()) > most else best


def onto_ours(source: SourceClip, where: Path, *, skeleton: NamedSkeleton | None = None, fingers: bool = True) -> Clip:
    """Retarget a clip at 30 fps: feet on the floor, facing forward on average, above the origin.

    Args:
        source: the motion at any rate.
        where: its file, for messages.
        skeleton: its table; by default the one that fits the names.
        fingers: take the hands' shapes; without, hands are at ease.

    Raises:
        ValueError: no table fits, or the pose at zero rotation is no standing person.
    """
    try:
        skeleton = skeleton or fitting(source.joints)
        if not fingers:
            skeleton = replace(skeleton, fingers={})
        _check_standing(source, skeleton)
        return retarget(source.resampled(FPS), skeleton, height="feet", face_forward=True)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def read_bvh(path: Path, t_pose: RestPose | None = None) -> SourceClip:
    """A BVH file with its own bind pose or another's, at the rate that its rounded frame time means.

    Raises:
        ValueError: it is none, or its joints are not those of the pose.
        OSError: it cannot be opened.
    """
    source = bvh_source.read(path)
    source = replace(source, fps=_meant_rate(source.fps))
    if t_pose is None:
        return source
    if len(t_pose.rotations) != len(source.joints):
        raise ValueError(
            f"{path} has {len(source.joints)} joints, but {T_POSE_FILE} has {len(t_pose.rotations)}; they must be the same skeleton"
        )
    return replace(source, rest=t_pose)


def _meant_rate(fps: float) -> float:
    """60 for a frame time of 0.0167 s: rounded to four digits it would be 0.12 s off its sound after a minute."""
    whole = max(1, round(fps))
    means = any(abs(round(1.0 / whole, digits) - 1.0 / fps) < 1e-9 for digits in range(4, 10))
    return float(whole) if means else fps


def t_pose_in(folder: Path) -> RestPose | None:
    """The pose in the first frame of `tpose.bvh` in a folder; None where there is no such file.

    Raises:
        ValueError: it is no BVH file.
    """
    path = folder / T_POSE_FILE
    if not path.is_file():
        return None
    positions, world = bvh_source.read(path).cut(0, 1).forward()
    return RestPose(world[0], positions[0])


def _check_standing(source: SourceClip, skeleton: NamedSkeleton) -> None:
    at = locate(source, skeleton)
    place = rest_pose(source, skeleton).positions_m
    trunk = place[at["head"]] - place[at["hips"]]
    legs = place[at["hips"]] - 0.5 * (place[at["leftFoot"]] + place[at["rightFoot"]])
    length = float(np.linalg.norm(trunk) * np.linalg.norm(legs))
    if not np.isfinite(length) or length < 1e-9 or float(trunk @ legs) < _UPRIGHT_COS * length:
        raise ValueError(
            "with all rotations zero its skeleton does not stand upright, so its joints' own axes are unknown; put a "
            f"{T_POSE_FILE} of this skeleton, whose first frame is a T-pose, into the folder that you name"
        )
