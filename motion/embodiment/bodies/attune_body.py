"""Our own humanoid: a torso on a stand with neck, eyes, waist, arms and hands, as a description and as a MuJoCo model.

Both come from one table, and its measures from the agent's skeleton, so that what the page's figure shows is what the body can do. No download and
no licence but ours. Frames by REP-103 (x forward, y left, z up); every joint is a hinge about an axis of the frame of its link, with the arms
hanging at zero. Pure functions of nothing: the same text every time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import quoteattr

from motion.embodiment.description import BodyDescription, Joint
from motion.skeleton import FOREARM_M, HAND_M, HEAD_TOP_M, HIPS_HEIGHT_M, INDEX, REST_OFFSETS_M, UPPER_ARM_M

NAME = "attune"
RATE_HZ = 50.0
SUBSTEP_S = 0.002
LAG_S = 0.05
"""By how much a joint follows its command late: damping over stiffness of its motor."""
PARTS = frozenset({"head", "eyes", "arms", "hands", "waist"})
AXES = {"roll": "1 0 0", "pitch": "0 1 0", "yaw": "0 0 1"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A joint of the table: degrees and seconds; `kp` of its position actuator, N m/rad; `mirrored` turns its range over on the right."""

    name: str
    axis: str
    low: float
    high: float
    velocity: float
    acceleration: float
    jerk: float
    kp: float
    rest: float = 0.0


_WAIST = (
    _Row("waist_yaw", "yaw", -60, 60, 150, 900, 18_000, 900),
    _Row("waist_pitch", "pitch", -15, 35, 110, 700, 14_000, 1_400),
    _Row("waist_roll", "roll", -20, 20, 110, 700, 14_000, 1_400),
)
_NECK = (
    _Row("neck_yaw", "yaw", -75, 75, 320, 2_400, 48_000, 60),
    _Row("neck_pitch", "pitch", -40, 45, 260, 2_000, 40_000, 80),
    _Row("neck_roll", "roll", -30, 30, 220, 1_800, 36_000, 80),
)
_EYE = (
    _Row("eye_yaw", "yaw", -35, 35, 500, 12_000, 600_000, 0.5),
    _Row("eye_pitch", "pitch", -25, 25, 500, 12_000, 600_000, 0.5),
)
# Of the left arm; on the right, roll and yaw turn the other way.
_ARM = (
    _Row("shoulder_pitch", "pitch", -180, 60, 420, 3_000, 60_000, 220),
    _Row("shoulder_roll", "roll", -10, 150, 420, 3_000, 60_000, 220, rest=8),
    _Row("shoulder_yaw", "yaw", -95, 95, 420, 3_500, 70_000, 120),
    _Row("elbow", "pitch", -145, 0, 480, 4_000, 80_000, 120, rest=-12),
    _Row("wrist_yaw", "yaw", -90, 90, 520, 4_500, 90_000, 30),
    _Row("wrist_pitch", "pitch", -75, 75, 520, 4_500, 90_000, 30),
    _Row("wrist_roll", "roll", -35, 35, 520, 4_500, 90_000, 30),
    _Row("grip", "roll", -95, 0, 520, 5_000, 100_000, 6, rest=-15),
)


def _mirrored(row: _Row, side: str) -> _Row:
    low, high, rest = row.low, row.high, row.rest
    if side == "right" and row.axis in ("roll", "yaw"):
        low, high, rest = -high, -low, -rest
    return _Row(f"{side}_{row.name}", row.axis, low, high, row.velocity, row.acceleration, row.jerk, row.kp, rest)


ROWS: tuple[_Row, ...] = (
    *_WAIST,
    *_NECK,
    *(_mirrored(row, side) for side in ("left", "right") for row in _EYE),
    *(_mirrored(row, side) for side in ("left", "right") for row in _ARM),
)


LIMBS: tuple[tuple[str, ...], ...] = (
    tuple(row.name for row in (*_WAIST, *_NECK)) + tuple(row.name for row in ROWS if "_eye_" in row.name),
    *(tuple(row.name for row in ROWS if row.name.startswith(side) and "_eye_" not in row.name) for side in ("left_", "right_")),
)
"""Joints that move a part of their own: trunk and head, each arm."""


@cache
def description() -> BodyDescription:
    """Return what the body is."""
    rad = math.radians
    return BodyDescription(
        NAME,
        tuple(
            Joint(row.name, rad(row.low), rad(row.high), rad(row.velocity), rad(row.acceleration), rad(row.jerk), rad(row.rest))
            for row in ROWS
        ),
        RATE_HZ,
        PARTS,  # type: ignore[arg-type] # literals above
    )


def _joints(rows: tuple[_Row, ...]) -> str:
    return "".join(
        f'<joint name="{row.name}" type="hinge" axis="{AXES[row.axis]}" range="{row.low:g} {row.high:g}"'
        f' damping="{row.kp * LAG_S:.4g}" armature="{row.kp / 4_000:.4g}"/>'
        for row in rows
    )


def _offset(name: str) -> tuple[float, float, float]:
    """Return a joint's rest offset from its parent in the body's frame (x forward, y left, z up), from the skeleton's (x left, y up, z forward)."""
    x, y, z = REST_OFFSETS_M[INDEX[name]]
    return float(z), float(x), float(y)


def _arm(side: str) -> str:
    sign = 1.0 if side == "left" else -1.0
    rows = tuple(_mirrored(row, side) for row in _ARM)
    shoulder = [sum(values) for values in zip(_offset("leftShoulder"), _offset("leftUpperArm"), strict=True)]
    chest_z = sum(_offset(name)[2] for name in ("chest", "upperChest"))
    at = f"{shoulder[0]:.4f} {sign * shoulder[1]:.4f} {chest_z + shoulder[2]:.4f}"
    palm = HAND_M * 0.55
    return (
        f'<body name="{side}_upper_arm" pos="{at}" gravcomp="1">{_joints(rows[:3])}'
        f'<geom name="{side}_upper_arm" type="capsule" size="0.04" fromto="0 0 0 0 0 {-UPPER_ARM_M:.4f}" mass="1.6"/>'
        f'<body name="{side}_forearm" pos="0 0 {-UPPER_ARM_M:.4f}" gravcomp="1">{_joints(rows[3:4])}'
        f'<geom name="{side}_forearm" type="capsule" size="0.033" fromto="0 0 -0.02 0 0 {-FOREARM_M + 0.03:.4f}" mass="1.0"/>'
        f'<body name="{side}_hand" pos="0 0 {-FOREARM_M:.4f}" gravcomp="1">{_joints(rows[4:7])}'
        f'<geom name="{side}_palm" type="box" size="0.035 0.014 {palm / 2:.4f}" pos="0 0 {-palm / 2:.4f}" mass="0.3"/>'
        f'<site name="{side}_fingertip" pos="0 0 {-HAND_M:.4f}" size="0.005"/>'
        f'<body name="{side}_fingers" pos="0 0 {-palm:.4f}" gravcomp="1">{_joints(rows[7:])}'
        f'<geom name="{side}_fingers" type="box" size="0.033 0.009 {(HAND_M - palm) / 2:.4f}" pos="0 0 {-(HAND_M - palm) / 2:.4f}" mass="0.1"/>'
        "</body></body></body></body>"
    )


def _eye(side: str) -> str:
    sign = 1.0 if side == "left" else -1.0
    rows = tuple(_mirrored(row, side) for row in _EYE)
    return (
        f'<body name="{side}_eye" pos="0.085 {sign * 0.032:.4f} 0.075" gravcomp="1">{_joints(rows)}'
        f'<geom name="{side}_eye" type="sphere" size="0.016" mass="0.02" rgba="0.95 0.95 0.95 1" contype="0" conaffinity="0"/>'
        f'<geom name="{side}_pupil" type="sphere" size="0.007" pos="0.012 0 0" mass="0.001" rgba="0.1 0.4 0.4 1" contype="0" conaffinity="0"/></body>'
    )


@cache
def mjcf() -> str:
    """Return the body as a MuJoCo model: the joints of `description` in its order, each with a position actuator of the same name."""
    waist_z = _offset("spine")[2]
    neck_z = sum(_offset(name)[2] for name in ("chest", "upperChest", "neck"))
    head_z = _offset("head")[2]
    actuators = "".join(
        f"<position name={quoteattr(row.name)} joint={quoteattr(row.name)} kp={quoteattr(f'{row.kp:g}')}"
        f' ctrlrange="{math.radians(row.low):.6f} {math.radians(row.high):.6f}"/>'
        for row in ROWS
    )
    legs = "".join(
        f'<geom name="{side}_leg" type="capsule" size="0.06" fromto="0 {y} -0.05 0 {y} {-HIPS_HEIGHT_M + 0.08:.3f}" mass="6" contype="0" conaffinity="0"/>'
        for side, y in (("left", 0.09), ("right", -0.09))
    )
    return (
        f'<mujoco model="{NAME}"><compiler angle="degree" autolimits="true"/>'
        f'<option timestep="{SUBSTEP_S}" integrator="implicitfast"/>'
        '<default><geom rgba="0.12 0.5 0.48 1" condim="3"/></default><visual><global offwidth="1280" offheight="720"/></visual>'
        '<worldbody><light pos="1.5 1 2.5" dir="-0.5 -0.3 -0.8" diffuse="0.8 0.8 0.8"/><light pos="1 -1 2" dir="-0.4 0.4 -0.8" diffuse="0.4 0.4 0.4"/>'
        '<geom name="floor" type="plane" size="3 3 0.1" rgba="0.87 0.9 0.9 1" contype="0" conaffinity="0"/>'
        '<camera name="front" pos="2.1 0 1.3" xyaxes="0 1 0 0 0 1"/>'
        f'<body name="pelvis" pos="0 0 {HIPS_HEIGHT_M:.4f}"><geom name="pelvis" type="capsule" size="0.09" fromto="0 -0.06 0 0 0.06 0" mass="8"/>{legs}'
        f'<body name="torso" pos="0 0 {waist_z:.4f}" gravcomp="1">{_joints(_WAIST)}'
        '<geom name="belly" type="capsule" size="0.1" fromto="0 -0.04 0.06 0 0.04 0.06" mass="5"/>'
        '<geom name="chest" type="capsule" size="0.105" fromto="0 -0.07 0.27 0 0.07 0.27" mass="9" rgba="0.93 0.9 0.84 1"/>'
        f'<body name="neck" pos="0 0 {neck_z:.4f}" gravcomp="1">{_joints(_NECK)}'
        f'<geom name="neck" type="capsule" size="0.04" fromto="0 0 -0.02 0 0 {head_z:.4f}" mass="0.5"/>'
        f'<body name="head" pos="0 0 {head_z:.4f}" gravcomp="1"><geom name="head" type="sphere" size="{HEAD_TOP_M / 2:.4f}" pos="0.01 0 0.09" mass="3" rgba="0.95 0.82 0.72 1"/>'
        f'{_eye("left")}{_eye("right")}</body></body>{_arm("left")}{_arm("right")}</body></body></worldbody>'
        "<contact>"
        '<exclude body1="torso" body2="left_upper_arm"/><exclude body1="torso" body2="right_upper_arm"/><exclude body1="pelvis" body2="torso"/>'
        '<exclude body1="torso" body2="neck"/><exclude body1="torso" body2="head"/>'
        '<exclude body1="left_forearm" body2="left_fingers"/><exclude body1="right_forearm" body2="right_fingers"/></contact>'
        f"<actuator>{actuators}</actuator></mujoco>"
    )
