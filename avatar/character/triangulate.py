"""Delaunay triangles of points in a plane, and which points lie in a polygon.

Bowyer and Watson's way with numpy: some hundred points, some tenths of a second, no library for one use. Points must not coincide.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatar.character.mesh import Array


def delaunay(points: Array) -> npt.NDArray[np.int64]:
    """Return the triangles, each anticlockwise."""
    count = len(points)
    middle = points.mean(axis=0)
    span = float(np.abs(points - middle).max()) * 50
    far = middle + span * np.array([[-1.0, -0.9], [1.03, -0.95], [0.02, 1.1]])
    every = np.concatenate([points, far])
    triangles = np.array([[count, count + 1, count + 2]])
    circles = _circles(every, triangles)
    for new in range(count):
        x, y = every[new]
        hit = (circles[:, 0] - x) ** 2 + (circles[:, 1] - y) ** 2 < circles[:, 2]
        broken = triangles[hit]
        edges = np.concatenate([broken[:, [0, 1]], broken[:, [1, 2]], broken[:, [2, 0]]])
        known = {(int(a), int(b)) for a, b in edges}
        rim = [(a, b) for a, b in edges.tolist() if (b, a) not in known]
        fresh = np.array([[a, b, new] for a, b in rim])
        triangles = np.concatenate([triangles[~hit], fresh])
        circles = np.concatenate([circles[~hit], _circles(every, fresh)])
    kept = triangles[(triangles < count).all(axis=1)]
    return np.array(sorted(_turned(row) for row in kept.tolist()))


def _turned(triangle: list[int]) -> tuple[int, int, int]:
    first = triangle.index(min(triangle))
    return triangle[first], triangle[(first + 1) % 3], triangle[(first + 2) % 3]


def _circles(points: Array, triangles: npt.NDArray[np.int64]) -> Array:
    """Return the middle and the squared radius of each triangle's circle."""
    a = points[triangles[:, 0]]
    b = points[triangles[:, 1]] - a
    c = points[triangles[:, 2]] - a
    d = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    bb, cc = (b * b).sum(axis=1), (c * c).sum(axis=1)
    x = (c[:, 1] * bb - b[:, 1] * cc) / d
    y = (b[:, 0] * cc - c[:, 0] * bb) / d
    return np.stack([x + a[:, 0], y + a[:, 1], x * x + y * y], axis=1)


def inside(points: Array, polygon: Array) -> npt.NDArray[np.bool_]:
    """Say which points lie in the polygon."""
    within = np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        crosses = (ay > y) != (by > y)
        if ay != by:
            within ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return within
