"""The figure that videos show: a mannequin of closed tubes on our skeleton, with head, hands and thirty finger bones.

Every tube is a grid of rings; each ring hangs on one bone, so that trunk and fingers bend smoothly. `Figure.vertices` gives metres in the
agent's root frame (y up, facing +z) for all frames of a clip at once. Constant data, no failure modes on finite motion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.fingers import FINGER_BONES, direction
from motion.kinematics import forward
from motion.retarget.hands import finger_rotations
from motion.retarget.tables import DIGITS, SIDES, VRM
from motion.skeleton import FOREARM_M, INDEX, JOINT_COUNT, PARENTS, REST_OFFSETS_M, SHIN_M, THIGH_M, UPPER_ARM_M

Array = NDArray[Any]
Vector = tuple[float, float, float]

SHIRT: Final = (0x3E, 0x86, 0x9B)
TROUSERS: Final = (0x47, 0x50, 0x63)
SHOES: Final = (0x33, 0x35, 0x3C)
SKIN: Final = (0xE6, 0xB4, 0x91)
HAIR: Final = (0x4A, 0x39, 0x32)
EYES: Final = (0x2A, 0x2A, 0x30)
LIPS: Final = (0xB4, 0x6F, 0x62)

_BONES: Final[dict[str, int]] = {**INDEX, **{bone.name: JOINT_COUNT + row for row, bone in enumerate(FINGER_BONES)}}
_X: Final = np.array([1.0, 0.0, 0.0])
_Y: Final = np.array([0.0, 1.0, 0.0])
_Z: Final = np.array([0.0, 0.0, 1.0])
_LONGEST_QUAD_M: Final = 0.04
_OVER: Final = 0.015
"""Cloth counts as this much nearer than what it covers."""


class Ring(NamedTuple):
    """An ellipse of half axes `u` and `v` about a centre in a bone's frame, metres; it may follow a second bone by a share."""

    bone: str
    centre: Array
    u: Array
    v: Array
    other: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Tube:
    """Rings from one end to the other, closed at both.

    Attributes:
        rings: at least two; the first and last are all but points.
        colour: red, green, blue.
        sides: corners of a ring.
        nearer_m: how much nearer to the viewer the tube counts than it is, so that what lies on a surface is drawn after it.
        shadow: whether it throws one.
    """

    rings: Sequence[Ring]
    colour: tuple[int, int, int]
    sides: int = 10
    nearer_m: float = 0.0
    shadow: bool = True


def _across(axis: Array) -> tuple[Array, Array]:
    """Two unit vectors normal to an axis and to each other, right-handed with it."""
    u = np.cross(axis, _Z if abs(axis[2]) < 0.9 else _Y)
    u = u / np.linalg.norm(u)
    return u, np.cross(axis, u)


def _capsule(bone: str, start: Vector, end: Vector, radii_m: Sequence[float]) -> list[Ring]:
    """Rings from start to end with round caps; radii are named at even steps from one to the other."""
    a, b = np.array(start), np.array(end)
    axis = (b - a) / np.linalg.norm(b - a)
    u, v = _across(axis)
    stops = [(-np.cos(t), np.sin(t)) for t in (0.02, 0.55, 1.05)]
    out = [(a + axis * (radii_m[0] * x), radii_m[0] * y) for x, y in stops]
    # Short quads: what lies behind what is decided by their middles.
    shares = np.linspace(0.0, 1.0, max(2, int(np.linalg.norm(b - a) / _LONGEST_QUAD_M)))
    radii = np.interp(shares, np.linspace(0.0, 1.0, len(radii_m)), radii_m)
    out += [(a + (b - a) * share, float(r)) for share, r in zip(shares, radii, strict=True)]
    out += [(b - axis * (radii_m[-1] * x), radii_m[-1] * y) for x, y in reversed(stops)]
    return [Ring(bone, centre, r * u, r * v) for centre, r in out]


def _ball(bone: str, centre: Vector, radii_m: Vector, axis: Vector = (0.0, 1.0, 0.0), until: float = 1.0) -> list[Ring]:
    """An ellipsoid, radii along x, y, z; `until` cuts a cap about the axis off a whole one."""
    along = np.array(axis) / np.linalg.norm(axis)
    u, v = _across(along)
    # From the pole opposite to the axis (or from the cut) up to the axis: outwards stays outwards.
    angles = np.linspace(np.pi * until, 0.0, 12)
    scale = np.array(radii_m)
    rings = [
        Ring(
            bone, np.array(centre) + scale * along * np.cos(t), scale * u * max(np.sin(t), 0.01), scale * v * np.sin(t)
        )
        for t in angles
    ]
    return _closed(rings) if until < 1.0 else rings


def _trunk() -> list[Ring]:
    """Shirt, from the belt to the neck."""
    outline = np.array(
        [  # height above the hips at rest, half width, half depth, forwards
            (-0.045, 0.165, 0.114, 0.0), (0.03, 0.154, 0.110, 0.0), (0.11, 0.139, 0.101, -0.002), (0.20, 0.145, 0.104, -0.006),
            (0.27, 0.160, 0.114, -0.004), (0.35, 0.170, 0.116, -0.006), (0.41, 0.163, 0.105, -0.010), (0.452, 0.135, 0.085, -0.014),
            (0.482, 0.085, 0.066, -0.016), (0.496, 0.058, 0.055, -0.015),
        ]
    )  # fmt: skip
    heights = np.linspace(outline[0, 0], outline[-1, 0], 26)
    shape = np.stack([np.interp(heights, outline[:, 0], column) for column in outline.T[1:]], axis=-1)
    shape[1:-1] = 0.25 * shape[:-2] + 0.5 * shape[1:-1] + 0.25 * shape[2:]
    bones = ("hips", "spine", "chest", "upperChest")
    starts = np.cumsum([REST_OFFSETS_M[INDEX[bone]] * (bone != "hips") for bone in bones], axis=0)
    # Each bone holds the trunk at its own middle and shares what lies between.
    middles = np.append(0.5 * (starts[:-1, 1] + starts[1:, 1]), starts[-1, 1] + 0.08)
    rings = []
    for height, (width, depth, forwards) in zip(heights, shape, strict=True):
        at = float(np.interp(height, middles, np.arange(len(bones))))
        row = min(int(at), len(bones) - 2)
        centre = np.array([0.0, height, forwards]) - starts[row]
        rings.append(Ring(bones[row], centre, width * _X, -depth * _Z, bones[row + 1], at - row))
    return _closed(rings)


def _closed(rings: list[Ring]) -> list[Ring]:
    """Rings with all but a point added at both flat ends."""
    first, last = rings[0], rings[-1]
    return [first._replace(u=0.02 * first.u, v=0.02 * first.v), *rings, last._replace(u=0.02 * last.u, v=0.02 * last.v)]


def _pelvis() -> list[Ring]:
    table = (
        (-0.125, 0.02, 0.02),
        (-0.115, 0.10, 0.075),
        (-0.085, 0.150, 0.102),
        (-0.03, 0.160, 0.110),
        (0.01, 0.15, 0.1),
    )
    return _closed([Ring("hips", np.array([0.0, y, 0.0]), width * _X, -depth * _Z) for y, width, depth in table])


def _head() -> Iterator[Tube]:
    table = (  # height, half width, half depth, forwards: chin, jaw, cheeks, temples, crown
        (-0.018, 0.004, 0.004, 0.052), (-0.012, 0.026, 0.022, 0.055), (0.008, 0.048, 0.052, 0.040), (0.035, 0.063, 0.075, 0.026),
        (0.070, 0.072, 0.087, 0.018), (0.105, 0.076, 0.092, 0.014), (0.140, 0.073, 0.088, 0.010), (0.168, 0.058, 0.068, 0.006),
        (0.187, 0.034, 0.040, 0.004), (0.195, 0.003, 0.003, 0.002),
    )  # fmt: skip
    rings = [Ring("head", np.array([0.0, y, z]), width * _X, -depth * _Z) for y, width, depth, z in table]
    yield Tube(rings, SKIN, 24)
    yield Tube(_capsule("neck", (0.0, -0.01, 0.0), (0.0, 0.10, 0.018), (0.058, 0.052, 0.052)), SKIN, 16)
    yield Tube(_ball("head", (0.0, 0.112, 0.007), (0.084, 0.098, 0.103), (0.0, 0.78, -0.62), 0.50), HAIR, 28, 0.012)
    yield Tube(_ball("head", (0.0, 0.060, 0.107), (0.010, 0.014, 0.016)), SKIN, 8, 0.02, False)
    yield Tube(_ball("head", (0.0, 0.030, 0.096), (0.019, 0.0045, 0.006)), LIPS, 8, 0.015, False)
    for x in (-0.029, 0.029):
        yield Tube(_ball("head", (x, 0.088, 0.093), (0.0085, 0.0105, 0.006)), EYES, 8, 0.02, False)
        yield Tube(
            _capsule("head", (x * 0.65, 0.109, 0.099), (x * 1.5, 0.110, 0.090), (0.0035, 0.003)), HAIR, 6, 0.02, False
        )
        yield Tube(_ball("head", (x * 2.72, 0.085, 0.0), (0.012, 0.030, 0.018)), SKIN, 8, 0.002, False)


def _arm(side: str) -> Iterator[Tube]:
    s = 1.0 if side == "left" else -1.0
    shoulder, upper, lower, hand = (f"{side}{name}" for name in ("Shoulder", "UpperArm", "LowerArm", "Hand"))
    yield Tube(
        _capsule("upperChest", (s * 0.02, 0.130, -0.008), (s * 0.115, 0.108, -0.006), (0.036, 0.046)), SHIRT, 16, _OVER
    )
    yield Tube(
        _capsule(shoulder, (s * 0.03, -0.010, 0.0), (s * 0.13, -0.008, 0.0), (0.048, 0.054, 0.053)), SHIRT, 16, _OVER
    )
    end = UPPER_ARM_M * 0.62
    sleeve = _capsule(upper, (0.0, 0.0, 0.0), (s * end, 0.0, 0.0), (0.055, 0.056, 0.054))[:-3]
    yield Tube(_closed(sleeve), SHIRT, 16, _OVER)
    yield Tube(_capsule(upper, (s * end, 0.0, 0.0), (s * UPPER_ARM_M, 0.0, 0.0), (0.045, 0.044, 0.041)), SKIN, 14)
    yield Tube(_capsule(lower, (0.0, 0.0, 0.0), (s * FOREARM_M, 0.0, 0.0), (0.041, 0.044, 0.036, 0.028)), SKIN, 14)
    palm = (
        (-0.012, 0.004, 0.004),
        (-0.008, 0.020, 0.016),
        (0.02, 0.030, 0.018),
        (0.055, 0.041, 0.017),
        (0.090, 0.041, 0.013),
    )
    yield Tube([
        *(Ring(hand, np.array([s * x, 0.0, -0.006 if x > 0.01 else 0.0]), wide * _Z, -s * thick * _Y) for x, wide, thick in palm),
        Ring(hand, np.array([s * 0.099, 0.0, -0.006]), 0.002 * _Z, -s * 0.002 * _Y),
    ], SKIN)  # fmt: skip
    for digit in DIGITS:
        yield Tube(_finger(side, digit), SKIN, 6)


def _finger(side: str, digit: str) -> list[Ring]:
    along = np.array(direction(side, digit))
    u, v = _across(along)
    names = VRM.fingers[side, digit]
    radius = {"thumb": 0.0115, "little": 0.0080}.get(digit, 0.0092)
    tip = {"thumb": 0.024, "little": 0.016}.get(digit, 0.021)
    stops = (
        (names[0], -0.008, 0.2), (names[0], 0.0, 1.0), (names[1], 0.0, 1.0), (names[2], 0.0, 0.95), (names[2], tip, 0.80),
        (names[2], tip + 0.005, 0.1),
    )  # fmt: skip
    return [Ring(bone, at * along, share * radius * u, share * radius * v) for bone, at, share in stops]


def _leg(side: str) -> Iterator[Tube]:
    upper, lower, foot, toes = (f"{side}{name}" for name in ("UpperLeg", "LowerLeg", "Foot", "Toes"))
    yield Tube(_capsule(upper, (0.0, -0.02, 0.0), (0.0, -THIGH_M, 0.0), (0.086, 0.082, 0.070, 0.060)), TROUSERS, 16)
    yield Tube(_capsule(lower, (0.0, 0.0, 0.0), (0.0, -SHIN_M + 0.03, 0.0), (0.060, 0.061, 0.052, 0.048)), TROUSERS, 16)
    shoe = (
        (-0.072, 0.003, 0.003),
        (-0.066, 0.026, 0.026),
        (-0.03, 0.036, 0.036),
        (0.03, 0.038, 0.037),
        (0.08, 0.041, 0.029),
    )
    rings = [Ring(foot, np.array([0.0, tall - 0.079, z]), wide * _X, tall * _Y) for z, wide, tall in shoe]
    toe = ((0.0, 0.043, 0.024), (0.045, 0.038, 0.020), (0.065, 0.026, 0.014), (0.073, 0.003, 0.003))
    rings += [Ring(toes, np.array([0.0, tall - 0.024, z]), wide * _X, tall * _Y) for z, wide, tall in toe]
    yield Tube(rings, SHOES)


def _tubes() -> list[Tube]:
    out = [Tube(_trunk(), SHIRT, 32, _OVER), Tube(_pelvis(), TROUSERS, 24), *_head()]
    for side in SIDES:
        out += [*_arm(side), *_leg(side)]
    return out


@dataclass(frozen=True, slots=True)
class Figure:
    """All tubes as one mesh of quads.

    Attributes:
        bones: whole numbers [V]; the bone of each vertex.
        offsets_m: [V, 3] in the bone's frame.
        shared: rows of the vertices that follow a second bone as well.
        others: that bone [S].
        other_offsets_m: [S, 3] in that bone's frame.
        shares: [S, 1], how much they follow it.
        quads: whole numbers [Q, 4], counter-clockwise seen from outside.
        colours: [Q, 3], red, green, blue, 0 to 255.
        nearer_m: [Q], see `Tube`.
        outlines: rows of the vertices of each tube that throws a shadow.
    """

    bones: NDArray[np.intp]
    offsets_m: Array
    shared: NDArray[np.intp]
    others: NDArray[np.intp]
    other_offsets_m: Array
    shares: Array
    quads: NDArray[np.intp]
    colours: Array
    nearer_m: Array
    outlines: tuple[slice, ...]

    def vertices(self, clip: Clip) -> Array:
        """Places of all vertices [T, V, 3], metres in the root frame."""
        where, turns = forward(clip.rotations, clip.hips_m)
        places, worlds = [where], [turns]
        known = {name: (where[:, row], turns[:, row]) for name, row in INDEX.items()}
        local = finger_rotations(clip.hands.astype(np.float64))
        for name, parent, offset_m in FINGER_BONES:
            above, turned = known[parent]
            known[name] = above + rot.rotate(turned, np.array(offset_m)), rot.multiply(turned, local[name])
            places.append(known[name][0][:, None])
            worlds.append(known[name][1][:, None])
        origin, matrices = np.concatenate(places, axis=1), rot.to_matrix(np.concatenate(worlds, axis=1))

        def placed(bones: NDArray[np.intp], offsets_m: Array) -> Array:
            out: Array = origin[:, bones] + np.einsum("tvij,vj->tvi", matrices[:, bones], offsets_m)
            return out

        out = placed(self.bones, self.offsets_m)
        out[:, self.shared] += self.shares * (placed(self.others, self.other_offsets_m) - out[:, self.shared])
        return out


def _rest_places() -> dict[str, Array]:
    places: dict[str, Array] = {}
    for name, row in INDEX.items():
        above = places[list(INDEX)[PARENTS[row]]] if PARENTS[row] >= 0 else np.zeros(3)
        places[name] = above + REST_OFFSETS_M[row]
    for name, parent, offset_m in FINGER_BONES:
        places[name] = places[parent] + np.array(offset_m)
    return places


def build() -> Figure:
    """Make the mesh."""
    rest = _rest_places()
    bones: list[int] = []
    others: list[int] = []
    offsets: list[Array] = []
    steps: list[Array] = []
    shares: list[float] = []
    quads: list[tuple[int, int, int, int]] = []
    colours: list[tuple[int, int, int]] = []
    nearer: list[float] = []
    outlines: list[slice] = []
    for tube in _tubes():
        first, n = len(bones), tube.sides
        ends = [rest[ring.bone] + ring.centre for ring in (tube.rings[0], tube.rings[-1])]
        widest = max(tube.rings, key=lambda ring: float(np.linalg.norm(ring.u)))
        turn = 1.0 if np.dot(np.cross(widest.u, widest.v), ends[1] - ends[0]) > 0 else -1.0
        for ring in tube.rings:
            angles = turn * np.arange(n) * (2.0 * np.pi / n)
            offsets.append(ring.centre + np.outer(np.cos(angles), ring.u) + np.outer(np.sin(angles), ring.v))
            other = ring.other or ring.bone
            steps.append(np.tile(rest[ring.bone] - rest[other], (n, 1)))
            bones += [_BONES[ring.bone]] * n
            others += [_BONES[other]] * n
            shares += [ring.share] * n
        for r in range(len(tube.rings) - 1):
            for k in range(n):
                a, b = first + r * n + k, first + r * n + (k + 1) % n
                quads.append((a, b, b + n, a + n))
        count = (len(tube.rings) - 1) * n
        colours += [tube.colour] * count
        nearer += [tube.nearer_m] * count
        if tube.shadow:
            outlines.append(slice(first, len(bones)))
    offsets_m, share = np.concatenate(offsets), np.array(shares)
    shared = np.flatnonzero(share > 0.0)
    return Figure(
        bones=np.array(bones),
        offsets_m=offsets_m,
        shared=shared,
        others=np.array(others)[shared],
        other_offsets_m=(offsets_m + np.concatenate(steps))[shared],
        shares=share[shared, None],
        quads=np.array(quads),
        colours=np.array(colours, np.float64),
        nearer_m=np.array(nearer),
        outlines=tuple(outlines),
    )
