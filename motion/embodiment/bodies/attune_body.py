"""Our own humanoid: a torso on a stand with neck, eyes, waist, arms and hands.

Its description and its MuJoCo model (`attune_model`) come from this one table. Every joint is a hinge about an axis of the frame of its
link (REP-103: x forward, y left, z up), with the arms hanging at zero. Constants and pure functions of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from motion.embodiment.bodies.table import described
from motion.embodiment.description import BodyDescription, Part

NAME = "attune"
RATE_HZ = 50.0
PARTS: frozenset[Part] = frozenset({"head", "eyes", "arms", "hands", "waist"})


@dataclass(frozen=True, slots=True)
class Row:
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


WAIST = (
    Row("waist_yaw", "yaw", -60, 60, 150, 900, 18_000, 2_250),
    Row("waist_pitch", "pitch", -15, 35, 110, 700, 14_000, 3_500),
    Row("waist_roll", "roll", -20, 20, 110, 700, 14_000, 3_500),
)
NECK = (
    Row("neck_yaw", "yaw", -75, 75, 320, 2_400, 48_000, 150),
    Row("neck_pitch", "pitch", -40, 45, 260, 2_000, 40_000, 200),
    Row("neck_roll", "roll", -30, 30, 220, 1_800, 36_000, 200),
)
EYE = (
    Row("eye_yaw", "yaw", -35, 35, 500, 12_000, 600_000, 1.25),
    Row("eye_pitch", "pitch", -25, 25, 500, 12_000, 600_000, 1.25),
)
# Of the left arm; on the right, roll and yaw turn the other way.
ARM = (
    Row("shoulder_pitch", "pitch", -180, 60, 420, 3_000, 60_000, 550),
    Row("shoulder_roll", "roll", -10, 150, 420, 3_000, 60_000, 550, rest=8),
    Row("shoulder_yaw", "yaw", -95, 95, 420, 3_500, 70_000, 300),
    Row("elbow", "pitch", -145, 0, 480, 4_000, 80_000, 300, rest=-12),
    Row("wrist_yaw", "yaw", -90, 90, 520, 4_500, 90_000, 75),
    Row("wrist_pitch", "pitch", -75, 75, 520, 4_500, 90_000, 75),
    Row("wrist_roll", "roll", -35, 35, 520, 4_500, 90_000, 75),
    Row("grip", "roll", -95, 0, 520, 5_000, 100_000, 15, rest=-15),
)


def mirrored(row: Row, side: str) -> Row:
    """Return a joint of the left side as one of a side."""
    low, high, rest = row.low, row.high, row.rest
    if side == "right" and row.axis in ("roll", "yaw"):
        low, high, rest = -high, -low, -rest
    return Row(f"{side}_{row.name}", row.axis, low, high, row.velocity, row.acceleration, row.jerk, row.kp, rest)


ROWS: tuple[Row, ...] = (
    *WAIST,
    *NECK,
    *(mirrored(row, side) for side in ("left", "right") for row in EYE),
    *(mirrored(row, side) for side in ("left", "right") for row in ARM),
)


LIMBS: tuple[tuple[str, ...], ...] = (
    tuple(row.name for row in (*WAIST, *NECK)) + tuple(row.name for row in ROWS if "_eye_" in row.name),
    *(
        tuple(row.name for row in ROWS if row.name.startswith(side) and "_eye_" not in row.name)
        for side in ("left_", "right_")
    ),
)
"""Joints that move a part of their own: trunk and head, each arm."""


@cache
def description() -> BodyDescription:
    """Return what the body is."""
    return described(NAME, ROWS, RATE_HZ, PARTS)
