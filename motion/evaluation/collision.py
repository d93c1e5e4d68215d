"""Self-collision by capsules: a table of radii for our skeleton, and how deep its parts lie in each other.

A capsule is all that is within its radius of a segment. The radii lie inside the flesh of a 1.7 m adult, so that a touch is not a collision
but a hand in the belly is. Parts that share a joint, or always lie against each other, are not compared. Metres; pure functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from motion import rotations as rot
from motion.evaluation.arrays import Float64, finite
from motion.kinematics import forward
from motion.skeleton import FOREARM_M, HAND_M, INDEX

Point = tuple[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Capsule:
    """A part of the body: two points, each a joint and an offset in its frame, and a radius in metres."""

    name: str
    begin: Point
    end: Point
    radius_m: float


def _limbs(side: str, sign: float) -> list[Capsule]:
    def joint(name: str) -> Point:
        return f"{side}{name}", (0.0, 0.0, 0.0)

    return [
        Capsule(f"{side}Torso", ("chest", (0.05 * sign, 0.0, 0.0)), ("upperChest", (0.06 * sign, 0.06, 0.0)), 0.075),
        Capsule(f"{side}Pelvis", ("hips", (0.06 * sign, 0.0, 0.0)), ("spine", (0.06 * sign, 0.05, 0.0)), 0.075),
        Capsule(f"{side}UpperArm", joint("UpperArm"), joint("LowerArm"), 0.04),
        Capsule(f"{side}Forearm", (f"{side}LowerArm", (0.35 * FOREARM_M * sign, 0.0, 0.0)), joint("Hand"), 0.033),
        Capsule(f"{side}Hand", joint("Hand"), (f"{side}Hand", (0.55 * HAND_M * sign, 0.0, 0.0)), 0.02),
        Capsule(f"{side}Thigh", joint("UpperLeg"), joint("LowerLeg"), 0.065),
        Capsule(f"{side}Shin", joint("LowerLeg"), joint("Foot"), 0.045),
    ]


CAPSULES: Final[tuple[Capsule, ...]] = (
    Capsule("head", ("head", (0.0, 0.06, 0.02)), ("head", (0.0, 0.12, 0.01)), 0.075),
    Capsule("neck", ("neck", (0.0, 0.0, 0.0)), ("head", (0.0, 0.0, 0.0)), 0.05),
    *_limbs("left", 1.0),
    *_limbs("right", -1.0),
)
"""20 parts. The trunk is two columns a side, because it is wider than deep; a forearm begins behind the elbow, which touches the ribs; a
hand is a palm."""
TOLERANCE_M: Final = 0.02
"""Deeper than this is a collision: clasped hands and a hand on the thigh, moved onto other proportions, sink in by about so much."""

_TRUNK: Final = ("head", "neck", "leftTorso", "rightTorso", "leftPelvis", "rightPelvis")
_NEIGHBOURS: Final = ("UpperArm", "Forearm"), ("Forearm", "Hand"), ("Thigh", "Shin")


def _compared(a: str, b: str) -> bool:
    if a in _TRUNK and b in _TRUNK:
        return False
    bare = sorted((a, b), key=lambda name: name in _TRUNK)
    limb, other = bare
    part = limb.removeprefix("left").removeprefix("right")
    if other in _TRUNK:
        # Upper arms lie against the ribs, thighs against the pelvis; shins are far below unless one kneels.
        return part in ("Forearm", "Hand") or (part == "UpperArm" and other in ("head", "neck"))
    same_side = a.startswith("left") == b.startswith("left")
    parts = {name.removeprefix("left").removeprefix("right") for name in (a, b)}
    if same_side:
        return not any(parts == set(pair) for pair in _NEIGHBOURS) and parts != {"UpperArm", "Hand"}
    return parts != {"Thigh"}


PAIRS: Final[tuple[tuple[int, int], ...]] = tuple(
    (i, j)
    for i in range(len(CAPSULES))
    for j in range(i + 1, len(CAPSULES))
    if _compared(CAPSULES[i].name, CAPSULES[j].name)
)
"""Rows of `CAPSULES` that are compared."""


def segment_distance(p0: Float64, p1: Float64, q0: Float64, q1: Float64) -> Float64:
    """Least distance [...] between segments p0-p1 and q0-q1, each [..., 3] (Ericson 2005, section 5.1.9), vectorised.

    Segments may be points, parallel or crossing.
    """
    d1, d2, r = p1 - p0, q1 - q0, p0 - q0
    a = np.einsum("...i,...i->...", d1, d1)
    e = np.einsum("...i,...i->...", d2, d2)
    b = np.einsum("...i,...i->...", d1, d2)
    c = np.einsum("...i,...i->...", d1, r)
    f = np.einsum("...i,...i->...", d2, r)
    tiny = 1e-12
    line1, line2 = a > tiny, e > tiny
    safe_a, safe_e = np.where(line1, a, 1.0), np.where(line2, e, 1.0)
    denominator = a * e - b * b
    skew = denominator > 1e-9 * a * e + tiny * tiny
    s = np.where(skew, np.clip((b * f - c * e) / np.where(skew, denominator, 1.0), 0.0, 1.0), 0.0)
    t = np.where(line2, (b * s + f) / safe_e, 0.0)
    # Where t leaves its segment, clamp it and find the nearest s anew.
    t = np.clip(t, 0.0, 1.0)
    s = np.where(line1, np.clip((b * t - c) / safe_a, 0.0, 1.0), 0.0)
    # With s moved, t follows once more: a no-op except for parallel segments, where both had been free.
    t = np.where(line2, np.clip((b * s + f) / safe_e, 0.0, 1.0), 0.0)
    gap = r + s[..., None] * d1 - t[..., None] * d2
    out: Float64 = np.sqrt(np.einsum("...i,...i->...", gap, gap))
    return out


def clearances(rotations: ArrayLike, hips_m: ArrayLike) -> Float64:
    """Signed distance [T, pairs] in metres between the surfaces of every compared pair; negative is how deep they overlap.

    Args:
        rotations: local quaternions [T, 22, 4].
        hips_m: translation of the hips from rest [T, 3].

    Raises:
        ValueError: wrong shapes or values that are not finite.
    """
    q = finite(rotations, "rotations", (None, len(INDEX), 4))
    positions, world = forward(q, finite(hips_m, "hips_m", (len(q), 3)))
    ends = []
    for points in ([capsule.begin for capsule in CAPSULES], [capsule.end for capsule in CAPSULES]):
        rows = [INDEX[name] for name, _ in points]
        offsets = np.array([offset for _, offset in points])
        ends.append(positions[:, rows] + rot.rotate(world[:, rows], offsets))
    radii = np.array([capsule.radius_m for capsule in CAPSULES])
    first, second = np.array(PAIRS).T
    axes = segment_distance(ends[0][:, first], ends[1][:, first], ends[0][:, second], ends[1][:, second])
    out: Float64 = axes - radii[first] - radii[second]
    return out


def self_collision_rate(rotations: ArrayLike, hips_m: ArrayLike, tolerance_m: float = TOLERANCE_M) -> float:
    """Share of frames in which any compared pair overlaps by more than `tolerance_m`.

    Real motion does not score 0: people fold their hands, and retargeting moves them (MIRA reports 6.5 % for its ground truth).

    Args:
        rotations: local quaternions [T, 22, 4].
        hips_m: translation of the hips from rest [T, 3].
        tolerance_m: depth that still counts as touch.

    Raises:
        ValueError: see `clearances`.
    """
    gaps = clearances(rotations, hips_m)
    return float((gaps.min(axis=1) < -tolerance_m).mean())
