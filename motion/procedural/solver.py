"""From animator's controls to joints: trunk by small rotations, arms and planted legs by two-bone inverse kinematics.

`solve` is a pure function of the control vector. It keeps feet on the floor, hands in reach and out of the trunk, lets the shoulder
blades and spine go along with the arms, and never fails on finite input. One body is too small for arrays to pay: this is scalar
arithmetic on tuples, four times as fast as the array form of the same formulas (`motion.kinematics`, against which it is tested).
Arms are solved as left arms, the right one in a mirror: positions (-x, y, z), quaternions (x, -y, -z, w).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from motion.clip import Pose
from motion.kinematics import ELBOW_POLE, MAX_REACH, MIN_REACH
from motion.procedural import controls as c
from motion.quaternions import Quaternion, Vector, inverse, multiply, turned
from motion.skeleton import ARM_M, FOREARM_M, INDEX, REST_OFFSETS_M, SHIN_M, THIGH_M, UPPER_ARM_M
from runtime.vocabulary import BODY_JOINTS

STANCE_M: Final = 0.105
"""Half the distance between the ankles."""
TOE_OUT_RAD: Final = math.radians(9)

_SPINE_SHARES: Final = (0.36, 0.36, 0.28)
_NECK_SHARES: Final = (0.42, 0.58)
_HIPS_REST: Final[Vector] = (float(REST_OFFSETS_M[0, 0]), float(REST_OFFSETS_M[0, 1]), float(REST_OFFSETS_M[0, 2]))
_HIP_JOINT: Final[Vector] = tuple(REST_OFFSETS_M[INDEX["leftUpperLeg"]].tolist())
_ANKLE: Final[Vector] = (STANCE_M, 0.08, -0.03)
_FOOT: Final[Quaternion] = (0.0, math.sin(0.5 * TOE_OUT_RAD), 0.0, math.cos(0.5 * TOE_OUT_RAD))
_LEG_FROM_FRAME: Final[Quaternion] = (math.sqrt(0.5), -math.sqrt(0.5), 0.0, 0.0)
"""Inverse of the rotation with columns -y, -x, -z: thigh, plane's normal and their cross product at rest."""
_POLE: Final[Vector] = tuple(ELBOW_POLE.tolist())
_SHOULDER_HALF_WIDTH_M: Final = float(
    REST_OFFSETS_M[INDEX["leftShoulder"], 0] + REST_OFFSETS_M[INDEX["leftUpperArm"], 0]
)
_TRUNK_RADII_M: Final = (0.185, 0.165)
"""Half width and half depth of the trunk with the thickness of a wrist added."""
_LEG_REACH: Final = 0.9995
_HIPS_AT: Final = c.HIPS.start
_SPINE_AT: Final = c.SPINE.start
_HEAD_AT: Final = c.HEAD.start
_SHOULDERS_AT: Final = c.SHOULDERS.start


def _mirror(q: Quaternion) -> Quaternion:
    return (q[0], -q[1], -q[2], q[3])


def _exp(x: float, y: float, z: float) -> Quaternion:
    half = 0.5 * math.sqrt(x * x + y * y + z * z)
    scale = 0.5 * math.sin(half) / half if half > 1e-9 else 0.5
    return (x * scale, y * scale, z * scale, math.cos(half))


def _power(q: Quaternion, exponent: float) -> Quaternion:
    """A share of a rotation of less than half a turn."""
    x, y, z, w = q if q[3] >= 0.0 else (-q[0], -q[1], -q[2], -q[3])
    s = math.sqrt(x * x + y * y + z * z)
    if s < 1e-9:
        return (0.0, 0.0, 0.0, 1.0)
    half = exponent * math.atan2(s, w)
    scale = math.sin(half) / s
    return (x * scale, y * scale, z * scale, math.cos(half))


def _from_columns(u: Vector, n: Vector, w: Vector) -> Quaternion:
    """Quaternion of a rotation matrix by its columns (Shepperd 1978)."""
    trace = u[0] + n[1] + w[2]
    if trace > 0.0:
        s = 2.0 * math.sqrt(1.0 + trace)
        return ((n[2] - w[1]) / s, (w[0] - u[2]) / s, (u[1] - n[0]) / s, 0.25 * s)
    if u[0] >= n[1] and u[0] >= w[2]:
        s = 2.0 * math.sqrt(max(1.0 + u[0] - n[1] - w[2], 1e-12))
        return (0.25 * s, (n[0] + u[1]) / s, (w[0] + u[2]) / s, (n[2] - w[1]) / s)
    if n[1] >= w[2]:
        s = 2.0 * math.sqrt(max(1.0 + n[1] - u[0] - w[2], 1e-12))
        return ((n[0] + u[1]) / s, 0.25 * s, (w[1] + n[2]) / s, (w[0] - u[2]) / s)
    s = 2.0 * math.sqrt(max(1.0 + w[2] - u[0] - n[1], 1e-12))
    return ((w[0] + u[2]) / s, (w[1] + n[2]) / s, 0.25 * s, (u[1] - n[0]) / s)


def limb(
    target: Vector, pole: Vector, swivel_rad: float, upper_m: float, lower_m: float, reach: tuple[float, float]
) -> tuple[Quaternion, float]:
    """Two-bone inverse kinematics of one limb; the scalar form of `motion.kinematics.two_bone`.

    Returns:
        The rotation that takes x to the first bone and y to the normal of the limb's plane, and the bend of the middle joint, radians.
    """
    x, y, z = target
    distance = math.sqrt(x * x + y * y + z * z)
    dx, dy, dz = (x / distance, y / distance, z / distance) if distance > 1e-6 else (0.0, -1.0, 0.0)
    length = upper_m + lower_m
    distance = min(max(distance, reach[0] * length), reach[1] * length)
    px, py, pz = pole
    dot = px * dx + py * dy + pz * dz
    ex, ey, ez = px - dot * dx, py - dot * dy, pz - dot * dz
    size = math.sqrt(ex * ex + ey * ey + ez * ez)
    if size < 1e-5:
        # Exactly along the pole any normal will do; a fixed one keeps the result finite.
        ex, ey, ez = (0.0, -dz, dy) if abs(dx) < 0.9 else (dz, 0.0, -dx)
        size = math.sqrt(ex * ex + ey * ey + ez * ez)
    ex, ey, ez = ex / size, ey / size, ez / size
    nx, ny, nz = dy * ez - dz * ey, dz * ex - dx * ez, dx * ey - dy * ex
    if swivel_rad != 0.0:
        k, s = math.cos(swivel_rad), math.sin(swivel_rad)
        ex, ey, ez, nx, ny, nz = (
            k * ex + s * nx, k * ey + s * ny, k * ez + s * nz, k * nx - s * ex, k * ny - s * ey, k * nz - s * ez,
        )  # fmt: skip
    cosine = (upper_m * upper_m + distance * distance - lower_m * lower_m) / (2.0 * upper_m * distance)
    cosine = min(max(cosine, -1.0), 1.0)
    sine = math.sqrt(1.0 - cosine * cosine)
    u = (cosine * dx + sine * ex, cosine * dy + sine * ey, cosine * dz + sine * ez)
    n = (nx, ny, nz)
    w = (u[1] * nz - u[2] * ny, u[2] * nx - u[0] * nz, u[0] * ny - u[1] * nx)
    straight = (distance * distance - upper_m * upper_m - lower_m * lower_m) / (2.0 * upper_m * lower_m)
    return _from_columns(u, n, w), math.acos(min(max(straight, -1.0), 1.0))


def _keep_out_of_trunk(wrist: Vector) -> Vector:
    """Push a wrist (shoulder frame, x outwards, metres) out of the trunk's elliptic cylinder, smoothly."""
    x = (wrist[0] + _SHOULDER_HALF_WIDTH_M) / _TRUNK_RADII_M[0]
    z = wrist[2] / _TRUNK_RADII_M[1]
    r = math.sqrt(x * x + z * z) + 1e-9
    # Above the shoulders there is no trunk to hit: the push fades out between the collar bone and the chin.
    fade = min(max((0.12 - wrist[1]) / 0.12, 0.0), 1.0)
    if r > 4.0 or fade == 0.0:
        return wrist
    r8 = r**8
    grow = 1.0 + fade * ((1.0 + r8) ** 0.125 / r - 1.0)
    return (x * grow * _TRUNK_RADII_M[0] - _SHOULDER_HALF_WIDTH_M, wrist[1], z * grow * _TRUNK_RADII_M[1])


def _arm(arm: list[float], raise_rad: float, reach_rad: float, chest: Quaternion) -> tuple[Quaternion, ...]:
    """Shoulder blade, upper arm, lower arm and hand of a left arm; `chest` is the chest's rotation in the root frame."""
    blade = _exp(0.0, -reach_rad, raise_rad)
    wrist = _keep_out_of_trunk((arm[0] * ARM_M, arm[1] * ARM_M, arm[2] * ARM_M))
    # The chest turns; an arm that does not follow keeps its place in the room: undo the share of the turn it leaves out.
    back = multiply(inverse(blade), _power(chest, arm[c.FOLLOW] - 1.0))
    root, bend = limb(
        turned(back, wrist), turned(back, _POLE), arm[c.SWIVEL], UPPER_ARM_M, FOREARM_M, (MIN_REACH, MAX_REACH)
    )
    # Half of the forearm's twist is carried by the elbow, half by the wrist, as skinned meshes like it.
    quarter = 0.25 * arm[c.TWIST]
    st, ct, sb, cb = math.sin(quarter), math.cos(quarter), math.sin(0.5 * bend), math.cos(0.5 * bend)
    elbow = (cb * st, -sb * ct, sb * st, cb * ct)
    hand = multiply((st, 0.0, 0.0, ct), multiply(_exp(0.0, -arm[c.DEVIATION], 0.0), _exp(0.0, 0.0, -arm[c.FLEX])))
    return blade, root, elbow, hand


def _leg(sign: float, hips: Quaternion, hips_at: Vector) -> tuple[Quaternion, ...]:
    """Thigh, shin and foot; the ankle stays where it is."""
    back = inverse(hips)
    ax, ay, az = turned(back, (sign * _ANKLE[0] - hips_at[0], _ANKLE[1] - hips_at[1], _ANKLE[2] - hips_at[2]))
    target = (ax - sign * _HIP_JOINT[0], ay - _HIP_JOINT[1], az - _HIP_JOINT[2])
    kx, ky, kz = turned(back, (0.0, 0.0, 1.0))
    root, bend = limb(target, (kx + 0.14 * sign, ky, kz), 0.0, THIGH_M, SHIN_M, (MIN_REACH, _LEG_REACH))
    thigh = multiply(root, _LEG_FROM_FRAME)
    knee = (math.sin(0.5 * bend), 0.0, 0.0, math.cos(0.5 * bend))
    foot = _FOOT if sign > 0.0 else _mirror(_FOOT)
    return thigh, knee, multiply(inverse(multiply(hips, multiply(thigh, knee))), foot)


def solve(controls: c.Vector) -> Pose:
    """Solve one control vector [44] to a pose."""
    v: list[float] = controls.tolist()
    left, right = v[c.LEFT], v[c.RIGHT]
    # What the arms pull along (shoulder rhythm, Inman 1944: blades take about a third of a raise).
    raised = (max(0.0, left[1] + 0.75), max(0.0, right[1] + 0.75))
    forward = (left[2] - 0.13, right[2] - 0.13)
    pitch = v[_SPINE_AT] + 0.015 * (forward[0] + forward[1])
    yaw = v[_SPINE_AT + 1] + 0.10 * (forward[1] - forward[0])
    roll = v[_SPINE_AT + 2] + 0.035 * (raised[0] - raised[1])
    # Trunk: pitch about x, yaw about y, roll about z, as one rotation vector per joint (small angles).
    hips = _exp(v[_HIPS_AT], v[_HIPS_AT + 1], v[_HIPS_AT + 2])
    spine, chest, upper = (_exp(share * pitch, share * yaw, share * roll) for share in _SPINE_SHARES)
    neck, head = (_exp(share * v[_HEAD_AT], share * v[_HEAD_AT + 1], share * v[_HEAD_AT + 2]) for share in _NECK_SHARES)
    trunk = multiply(multiply(multiply(hips, spine), chest), upper)
    local: dict[str, Quaternion] = {
        "hips": hips, "spine": spine, "chest": chest, "upperChest": upper, "neck": neck, "head": head,
    }  # fmt: skip
    hips_at = (_HIPS_REST[0] + v[0], _HIPS_REST[1] + v[1], _HIPS_REST[2] + v[2])
    for side, (name, arm, sign) in enumerate((("left", left, 1.0), ("right", right, -1.0))):
        at = _SHOULDERS_AT + 2 * side
        raise_rad = v[at] + 0.20 * raised[side] * raised[side]
        reach_rad = v[at + 1] + 0.16 * forward[side] - 0.10 * max(arm[0] - 0.13, 0.0)
        parts = _arm(arm, raise_rad, reach_rad, trunk if sign > 0.0 else _mirror(trunk))
        for joint, q in zip(("Shoulder", "UpperArm", "LowerArm", "Hand"), parts, strict=True):
            local[name + joint] = q if sign > 0.0 else _mirror(q)
        for joint, q in zip(("UpperLeg", "LowerLeg", "Foot"), _leg(sign, hips, hips_at), strict=True):
            local[name + joint] = q
        local[name + "Toes"] = (0.0, 0.0, 0.0, 1.0)
    rotations = np.array([local[joint] for joint in BODY_JOINTS], dtype=np.float32)
    hands = np.array([left[c.FINGERS], right[c.FINGERS]], dtype=np.float32)
    return Pose(rotations, np.array(v[:3], dtype=np.float32), np.clip(hands, 0.0, 1.0))
