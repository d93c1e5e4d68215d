"""Named skeletons: which of their joints is which of ours, as one data table each.

A table holds names only. How the bind pose differs from our T-pose and which way the file's axes point is read from the bind pose itself
(`motion.retarget.solve`), so that one table serves every character of a family. Constant data, no failure modes besides `find`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

SIDES: Final = ("left", "right")
DIGITS: Final = ("thumb", "index", "middle", "ring", "little")


@dataclass(frozen=True, slots=True)
class NamedSkeleton:
    """A family of skeletons.

    Attributes:
        name: short name for messages and commands.
        bones: our joint to their joint.
        fingers: (side, digit) to their joints from the knuckle outwards; empty where the family has none.
        prefixes: a word and separator that exporters put before every name.
        rest_zxy_deg: local Euler angles (Z, X, Y) of a standing T-pose by their joint, for families whose zero rotation is no pose of
            a person; joints that are not named have zero rotation.
    """

    name: str
    bones: Mapping[str, str]
    fingers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    rest_zxy_deg: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def strip(self, joint: str) -> str:
        """The joint's name without an exporter's prefix."""
        for prefix in self.prefixes:
            if joint.startswith(prefix):
                return joint[len(prefix) :]
        return joint


def _sided(middle: Mapping[str, str], limbs: Mapping[str, str], left: str, right: str) -> dict[str, str]:
    """Fill `{s}` in the names of the limbs with each side's word."""
    out = dict(middle)
    for side, word in zip(SIDES, (left, right), strict=True):
        out.update({f"{side}{ours}": theirs.format(s=word) for ours, theirs in limbs.items()})
    return out


def _digits(
    pattern: str, words: Iterable[str], parts: Iterable[str], left: str, right: str
) -> dict[tuple[str, str], tuple[str, ...]]:
    steps = tuple(parts)
    return {
        (side, digit): tuple(pattern.format(s=letter, d=word, n=step) for step in steps)
        for side, letter in zip(SIDES, (left, right), strict=True)
        for digit, word in zip(DIGITS, words, strict=True)
    }


_VRM_BODY: Final = {name: name for name in ("hips", "spine", "chest", "upperChest", "neck", "head")}
_VRM_LIMBS: Final = {
    name: "{s}" + name for name in ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes")
}


def _vrm_fingers() -> dict[tuple[str, str], tuple[str, ...]]:
    out = _digits(
        "{s}{d}{n}", ("Thumb", "Index", "Middle", "Ring", "Little"), ("Proximal", "Intermediate", "Distal"), *SIDES
    )
    for side in SIDES:
        out[side, "thumb"] = tuple(f"{side}Thumb{part}" for part in ("Metacarpal", "Proximal", "Distal"))
    return out


VRM: Final = NamedSkeleton("vrm", _sided(_VRM_BODY, _VRM_LIMBS, *SIDES), _vrm_fingers())
"""VRM 1.0 humanoid bones; our own names."""

SMPLX: Final = NamedSkeleton(
    "smplx",
    _sided(
        {
            "hips": "pelvis",
            "spine": "spine1",
            "chest": "spine2",
            "upperChest": "spine3",
            "neck": "neck",
            "head": "head",
        },
        {
            "Shoulder": "{s}_collar",
            "UpperArm": "{s}_shoulder",
            "LowerArm": "{s}_elbow",
            "Hand": "{s}_wrist",
            "UpperLeg": "{s}_hip",
            "LowerLeg": "{s}_knee",
            "Foot": "{s}_ankle",
            "Toes": "{s}_foot",
        },
        *SIDES,
    ),
    _digits("{s}_{d}{n}", ("thumb", "index", "middle", "ring", "pinky"), "123", *SIDES),
)
"""SMPL-X (Pavlakos et al. 2019), 55 joints; a joint bears the name of the anatomical joint it turns about."""

MIXAMO: Final = NamedSkeleton(
    "mixamo",
    _sided(
        {"hips": "Hips", "spine": "Spine", "chest": "Spine1", "upperChest": "Spine2", "neck": "Neck", "head": "Head"},
        {
            "Shoulder": "{s}Shoulder",
            "UpperArm": "{s}Arm",
            "LowerArm": "{s}ForeArm",
            "Hand": "{s}Hand",
            "UpperLeg": "{s}UpLeg",
            "LowerLeg": "{s}Leg",
            "Foot": "{s}Foot",
            "Toes": "{s}ToeBase",
        },
        "Left",
        "Right",
    ),
    _digits("{s}Hand{d}{n}", ("Thumb", "Index", "Middle", "Ring", "Pinky"), "123", "Left", "Right"),
    prefixes=("mixamorig:", "mixamorig1:", "mixamorig_", "mixamorig"),
)

BIPED: Final = NamedSkeleton(
    "biped",
    _sided(
        {
            "hips": "Pelvis",
            "spine": "Spine",
            "chest": "Spine1",
            "upperChest": "Spine2",
            "neck": "Neck",
            "head": "Head",
        },
        {
            "Shoulder": "{s} Clavicle",
            "UpperArm": "{s} UpperArm",
            "LowerArm": "{s} Forearm",
            "Hand": "{s} Hand",
            "UpperLeg": "{s} Thigh",
            "LowerLeg": "{s} Calf",
            "Foot": "{s} Foot",
            "Toes": "{s} Toe0",
        },
        "L",
        "R",
    ),
    _digits("{s} Finger{d}{n}", "01234", ("", "1", "2"), "L", "R"),
    prefixes=("Bip01 ", "Bip001 "),
)
"""3ds Max biped as in Microsoft Rocketbox and MoveBox."""

_UE_LIMBS: Final = {
    "Shoulder": "clavicle_{s}",
    "UpperArm": "upperarm_{s}",
    "LowerArm": "lowerarm_{s}",
    "Hand": "hand_{s}",
    "UpperLeg": "thigh_{s}",
    "LowerLeg": "calf_{s}",
    "Foot": "foot_{s}",
    "Toes": "ball_{s}",
}
UNREAL: Final = NamedSkeleton(
    "unreal",
    _sided(
        {
            "hips": "pelvis",
            "spine": "spine_01",
            "chest": "spine_02",
            "upperChest": "spine_03",
            "neck": "neck_01",
            "head": "head",
        },
        _UE_LIMBS,
        "l",
        "r",
    ),
    _digits("{d}_{n}_{s}", ("thumb", "index", "middle", "ring", "pinky"), ("01", "02", "03"), "l", "r"),
)
"""Unreal mannequin names, as in Mesh2Motion's add-on file."""

RIGIFY: Final = NamedSkeleton(
    "rigify",
    _sided(
        {
            "hips": "hips",
            "spine": "spine.001",
            "chest": "spine.002",
            "upperChest": "spine.003",
            "neck": "neck",
            "head": "head",
        },
        {
            "Shoulder": "shoulder.{s}",
            "UpperArm": "upper_arm.{s}",
            "LowerArm": "forearm.{s}",
            "Hand": "hand.{s}",
            "UpperLeg": "thigh.{s}",
            "LowerLeg": "shin.{s}",
            "Foot": "foot.{s}",
            "Toes": "toe.{s}",
        },
        "L",
        "R",
    ),
    _digits("{d}.{n}.{s}", ("thumb", "f_index", "f_middle", "f_ring", "f_pinky"), ("01", "02", "03"), "L", "R"),
    prefixes=("DEF-",),
)
"""Blender Rigify deform bones, as in Mesh2Motion's base file."""

CMU: Final = NamedSkeleton(
    "cmu",
    _sided(
        {
            "hips": "Hips",
            "spine": "LowerBack",
            "chest": "Spine",
            "upperChest": "Spine1",
            "neck": "Neck1",
            "head": "Head",
        },
        {
            "Shoulder": "{s}Shoulder",
            "UpperArm": "{s}Arm",
            "LowerArm": "{s}ForeArm",
            "Hand": "{s}Hand",
            "UpperLeg": "{s}UpLeg",
            "LowerLeg": "{s}Leg",
            "Foot": "{s}Foot",
            "Toes": "{s}ToeBase",
        },
        "Left",
        "Right",
    ),
)
"""CMU motion capture in the MotionBuilder-friendly BVH conversion (B. Hahne, cgspeed)."""

BANDAI: Final = NamedSkeleton(
    "bandai",
    _sided(
        {"hips": "Hips", "spine": "Spine", "upperChest": "Chest", "neck": "Neck", "head": "Head"},
        {name: name + "_{s}" for name in _VRM_LIMBS},
        "L",
        "R",
    ),
    rest_zxy_deg={
        "Hips": (90.0, 0.0, 0.0),
        "Spine": (0.0, 90.0, 0.0),
        "Shoulder_L": (-90.0, 0.0, -90.0),
        "Shoulder_R": (90.0, 0.0, -90.0),
        "UpperLeg_L": (180.0, 0.0, 0.0),
        "UpperLeg_R": (180.0, 0.0, 180.0),
        "Foot_L": (0.0, 0.0, -51.5),
        "Foot_R": (0.0, 0.0, -51.5),
        "Toes_L": (0.0, 0.0, -17.0),
        "Toes_R": (0.0, 0.0, -17.0),
    },
)
"""Bandai-Namco-Research-Motiondataset BVH."""

MVN: Final = NamedSkeleton(
    "mvn",
    _sided(
        {"hips": "Hips", "spine": "Chest", "chest": "Chest3", "upperChest": "Chest4", "neck": "Neck", "head": "Head"},
        {
            "Shoulder": "{s}Collar",
            "UpperArm": "{s}Shoulder",
            "LowerArm": "{s}Elbow",
            "Hand": "{s}Wrist",
            "UpperLeg": "{s}Hip",
            "LowerLeg": "{s}Knee",
            "Foot": "{s}Ankle",
            "Toes": "{s}Toe",
        },
        "Left",
        "Right",
    ),
)
"""Xsens MVN's BVH export, as in mpi-ebedb."""

SKELETONS: Final = (VRM, SMPLX, MIXAMO, BIPED, UNREAL, RIGIFY, CMU, BANDAI, MVN)

WRITABLE: Final = {skeleton.name: skeleton.bones for skeleton in SKELETONS if not skeleton.rest_zxy_deg}
"""Families whose zero rotation can be our T-pose: a BVH of our skeleton with their joints' names is one of theirs."""

NEEDED: Final = (
    "hips",
    "head",
    *(side + bone for side in SIDES for bone in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")),
)
"""A skeleton without one of these cannot be retargeted."""


def rows(skeleton: NamedSkeleton, joints: Iterable[str]) -> dict[str, int]:
    """Row of each of their joints by its name without prefix; the first of equal names counts."""
    out: dict[str, int] = {}
    for index, joint in enumerate(joints):
        out.setdefault(skeleton.strip(joint), index)
    return out


def find(joints: Iterable[str]) -> NamedSkeleton:
    """The table that knows most of these joints (of those that know all needed ones).

    Raises:
        ValueError: none does.
    """
    names = list(joints)
    best, most = None, 0
    for skeleton in SKELETONS:
        known = rows(skeleton, names)
        if all(skeleton.bones[bone] in known for bone in NEEDED):
            score = sum(theirs in known for theirs in skeleton.bones.values())
            if score > most:
                best, most = skeleton, score
    if best is None:
        raise ValueError(
            f"no named skeleton fits the joints {', '.join(names[:6])[:120]}...; known are {', '.join(s.name for s in SKELETONS)}"
        )
    return best
