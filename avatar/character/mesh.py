"""A mesh as it grows: parts with vertex colours, bones and triangles, and smooth normals at the end.

A part is smooth all over; where two parts meet there is an edge. Vertices of one part at one place (a seam of two colours) share their
normal. Metres; nothing here knows what it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from avatar.character.palette import linear

Array = npt.NDArray[np.float64]
Bones = Sequence[tuple[int, float]]
"""Up to four bones of a vertex with their weights."""


GRID = 65536.0
"""Places lie on a grid of 2^-16 m, so that a difference in the last digit of a sine does not show in the file."""
POINT_M = 0.0012
"""A ring smaller than this is a point."""


@dataclass
class Ring:
    """An elliptic ring: centre, two half-axes, colour, bones; `square` above 2 makes the ellipse boxier."""

    c: npt.ArrayLike
    u: npt.ArrayLike
    v: npt.ArrayLike
    color: int
    bones: Bones
    square: float = 2.0


@dataclass
class Mesh:
    """Vertices and triangles of one draw call."""

    points: list[Array] = field(default_factory=list)
    colors: list[Array] = field(default_factory=list)
    joints: list[npt.NDArray[np.int64]] = field(default_factory=list)
    weights: list[Array] = field(default_factory=list)
    triangles: list[npt.NDArray[np.int64]] = field(default_factory=list)
    parts: list[npt.NDArray[np.int64]] = field(default_factory=list)
    given: list[Array] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        points: Array,
        triangles: npt.NDArray[np.int64],
        colors: Sequence[int],
        bones: Sequence[Bones],
        part: int | None = None,
        normals: Array | None = None,
    ) -> slice:
        """Add a part, or go on with a part that has begun; return which vertices are new.

        `normals`, where the shape knows them better than its triangles do.
        """
        first = self.count
        joints = np.zeros((len(points), 4), np.int64)
        weights = np.zeros((len(points), 4))
        for row, pairs in enumerate(bones):
            kept = [(bone, weight) for bone, weight in pairs if weight > 1e-3]
            total = sum(weight for _, weight in kept)
            for column, (bone, weight) in enumerate(kept):
                joints[row, column] = bone
                weights[row, column] = weight / total
        table = {color: linear(color) for color in dict.fromkeys(colors)}
        self.points.append(points)
        self.colors.append(np.array([table[color] for color in colors]))
        self.joints.append(joints)
        self.weights.append(weights)
        self.triangles.append(triangles + first)
        self.given.append(np.full(points.shape, np.nan) if normals is None else normals)
        self.parts.append(np.full(len(points), len(self.parts) if part is None else part))
        self.count += len(points)
        return slice(first, self.count)

    def tube(self, rings: Sequence[Ring], segments: int = 16, caps: bool = False) -> slice:
        """Add a tube through rings; its ends are open unless the rings shrink to nothing or `caps` are asked for."""
        centres = np.array([ring.c for ring in rings], dtype=np.float64)
        middle = rings[len(rings) // 2]
        turn = np.cross(np.asarray(middle.u, float), np.asarray(middle.v, float)) @ (centres[-1] - centres[0])
        angle = 2 * np.pi * np.arange(segments) / segments * (1.0 if turn >= 0 else -1.0)
        points = []
        for ring, centre in zip(rings, centres, strict=True):
            power = 2 / ring.square
            u, v = (np.asarray(axis, float) for axis in (ring.u, ring.v))
            if max(np.abs(u).max(), np.abs(v).max()) < POINT_M:
                u, v = 0 * u, 0 * v
            cos = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
            sin = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
            points.append(centre + cos[:, None] * u + sin[:, None] * v)
        colors = [ring.color for ring in rings for _ in range(segments)]
        bones = [ring.bones for ring in rings for _ in range(segments)]
        triangles = grid(len(rings), segments, closed=True)
        if caps:
            for at, order in ((0, 1), (len(rings) - 1, -1)):
                points.append(centres[at : at + 1])
                colors.append(rings[at].color)
                bones.append(rings[at].bones)
                tip = len(rings) * segments + (0 if at == 0 else 1)
                ring_of = at * segments + np.arange(segments)
                fan = np.stack([np.full(segments, tip), np.roll(ring_of, -1), ring_of], axis=1)
                triangles = np.concatenate([triangles, fan if order > 0 else fan[:, ::-1]])
        return self.add(np.concatenate(points), triangles, colors, bones)

    def ball(
        self, c: npt.ArrayLike, r: Sequence[float], color: int, bones: Bones, segments: int = 16, steps: int = 8
    ) -> slice:
        """Add an ellipsoid with half-axes `r`."""
        centre = np.asarray(c, float)
        rings = []
        for i in range(steps + 1):
            angle = np.pi * i / steps
            wide = max(float(np.sin(angle)), 1e-4)
            at = by(centre, y=-r[1] * np.cos(angle))
            rings.append(Ring(at, (r[0] * wide, 0, 0), (0, 0, r[2] * wide), color, bones))
        return self.tube(rings, segments)

    def finish(self) -> Finished:
        """Return the arrays, with normals, without triangles that have no area."""
        points = np.round(np.concatenate(self.points) * GRID) / GRID
        triangles = np.concatenate(self.triangles)
        a, b, c = (points[triangles[:, k]] for k in range(3))
        area = np.cross(b - a, c - a)
        keep = (area * area).sum(axis=1) > 0
        triangles, area = triangles[keep], area[keep]
        key = np.concatenate([np.round(points * 1e5), np.concatenate(self.parts)[:, None]], axis=1).astype(np.int64)
        _, welded = np.unique(key, axis=0, return_inverse=True)
        welded = welded.reshape(-1)
        total = np.zeros((welded.max() + 1, 3))
        for k in range(3):
            np.add.at(total, welded[triangles[:, k]], area)
        normals = total[welded]
        length = np.sqrt((normals * normals).sum(axis=1, keepdims=True))
        normals = np.where(length > 1e-12, normals / np.maximum(length, 1e-12), [0.0, 1.0, 0.0])
        given = np.concatenate(self.given)
        normals = np.where(np.isnan(given), normals, given)
        used = np.unique(triangles)
        if len(used) < len(points):
            renumber = np.full(len(points), -1)
            renumber[used] = np.arange(len(used))
            triangles = renumber[triangles]
        return Finished(
            points[used],
            normals[used],
            np.concatenate(self.colors)[used],
            np.concatenate(self.joints)[used],
            np.concatenate(self.weights)[used],
            triangles,
            used,
        )


@dataclass
class Finished:
    """Arrays of a whole mesh; `used` says which vertex of the growing mesh each one was."""

    points: Array
    normals: Array
    colors: Array
    joints: npt.NDArray[np.int64]
    weights: Array
    triangles: npt.NDArray[np.int64]
    used: npt.NDArray[np.int64]


def grid(rows: int, columns: int, *, closed: bool) -> npt.NDArray[np.int64]:
    """Return the triangles between rows of vertices; `closed` joins the last column with the first."""
    r, s = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    a = (r * columns + s).reshape(-1)
    b = (r * columns + (s + 1) % columns).reshape(-1)
    up = np.stack([a, b, a + columns], axis=1)
    down = np.stack([b, b + columns, a + columns], axis=1)
    return np.stack([up, down], axis=1).reshape(-1, 3)


def normalised(vectors: Array) -> Array:
    """Return vectors (in the last axis) with length 1."""
    scaled: Array = vectors / np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return scaled


def ease(share: Array) -> Array:
    """Return the smooth step of shares that are held within 0 to 1."""
    held = np.clip(share, 0, 1)
    eased: Array = held * held * (3 - 2 * held)
    return eased


def by(point: npt.ArrayLike, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Array:
    """Return a point moved by a few metres."""
    moved: Array = np.asarray(point, dtype=np.float64) + np.array([x, y, z])
    return moved


def smooth(share: float) -> float:
    """Return the smooth step of a share that is held within 0 to 1."""
    held = min(1.0, max(0.0, share))
    return held * held * (3 - 2 * held)
