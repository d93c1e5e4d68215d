"""The skin of the face: a net of triangles around the openings of eyes and mouth, and how it follows lips, lids, cheeks and jaw."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatar.character import hair, lids, palette
from avatar.character.mesh import Array, Mesh, ease
from avatar.character.mouth import Mouth, contour
from avatar.character.surface import CENTRE, MOUTH_Y_M, OPENING, depth, flatten, normals, shell, sphere, unflatten
from avatar.character.triangulate import delaunay, inside

REACH_RAD = 2.4
"""The skin goes this far round from straight ahead; hair and neck hide where it ends."""
UNDER_HAIR_RAD = 1.05
"""Nearer than this to the hair's whorl there is no skin under it."""
FINE_RAD, COARSE_RAD = 0.082, 0.17


def _rims() -> list[Array]:
    """Return the polygons of the openings in the front view, mouth first."""
    upper, lower = lids.rim(True), lids.rim(False)
    left = np.concatenate([lower, upper[-2:0:-1]])
    right = left * [-1, 1]
    return [contour(Mouth())[:, :2], left, right[::-1]]


def _around(rim: Array, scale: float, every: int) -> Array:
    middle = (rim.max(axis=0) + rim.min(axis=0)) / 2
    scaled: Array = middle + (rim[::every] - middle) * scale
    return scaled


def directions() -> tuple[Array, list[npt.NDArray[np.int64]]]:
    """Return where the skin's vertices are, as directions from the centre, and which of them are the rims."""
    rims = _rims()
    flat = [flatten(sphere(rim[:, 0], rim[:, 1])) for rim in rims]
    numbers, first = [], 0
    for rim in flat:
        numbers.append(np.arange(first, first + len(rim)))
        first += len(rim)
    kept = np.concatenate(flat)
    more = [_around(rims[0], 1.22, 2), _around(rims[0], 1.6, 3)]
    more += [_around(rim, scale, every) for rim in rims[1:] for scale, every in ((1.14, 2), (1.34, 2))]
    rings = np.concatenate(more)
    nose = np.array(
        [[0.0065 * np.cos(a), 0.0535 + 0.0060 * np.sin(a)] for a in np.arange(8) * np.pi / 4] + [[0, 0.0535]]
    )
    kept = _spread(kept, flatten(sphere(rings[:, 0], rings[:, 1])), 0.020, flat)
    kept = _spread(kept, flatten(sphere(nose[:, 0], nose[:, 1])), 0.020, flat)
    rows = int(REACH_RAD / (FINE_RAD * 0.866)) + 1
    for fine, step in ((True, FINE_RAD), (False, COARSE_RAD)):
        points = []
        for row in range(-rows, rows + 1):
            y = row * step * 0.866
            for column in range(-rows, rows + 1):
                x = (column + 0.5 * (row % 2)) * step
                near = (x / 0.62) ** 2 + ((y + 0.22) / 0.72) ** 2 < 1
                if near == fine and np.hypot(x, y) < REACH_RAD:
                    points.append((x, y + 1e-4 * x))
        kept = _spread(kept, np.array(points), 0.62 * step, flat)
    where = unflatten(kept)
    return where[hair.from_whorl(where) > UNDER_HAIR_RAD], numbers


def _spread(kept: Array, points: Array, apart: float, holes: list[Array]) -> Array:
    """Add those points that are neither near a kept one nor in a hole."""
    free = np.ones(len(points), dtype=bool)
    for hole in holes:
        free &= ~inside(points, hole)
    out = np.concatenate([kept, points])
    count = len(kept)
    for point in points[free]:
        if float(((out[:count] - point) ** 2).sum(axis=1).min()) > apart * apart:
            out[count] = point
            count += 1
    return out[:count]


def color_at(x: Array, y: Array, front: Array) -> list[int]:
    """Return the skin's colours: blush on the cheeks, a touch on the nose."""
    cheek = 0.62 * np.exp(-(((np.abs(x) - 0.070) / 0.018) ** 2) - ((y - 0.0475) / 0.0125) ** 2)
    nose = 0.30 * np.exp(-((x / 0.011) ** 2) - ((y - 0.053) / 0.009) ** 2)
    shares = np.where(front > 0, np.maximum(cheek, nose), 0)
    return [palette.blend(palette.FACE, palette.BLUSH, round(float(s) * 12) / 12) for s in shares]


def add(mesh: Mesh, at: Array, head: int) -> slice:
    """Add the skin at rest."""
    where, rims = directions()
    flat = flatten(where)
    triangles = delaunay(flat)
    middles = flat[triangles].mean(axis=1)
    hollow = np.zeros(len(triangles), dtype=bool)
    for rim in rims:
        hollow |= inside(middles, flat[rim])
    points = shell(where)
    for rim, xy in zip(rims, _rims(), strict=True):
        points[rim] = np.column_stack([xy, depth(xy[:, 0], xy[:, 1])])
    colors = color_at(points[:, 0], points[:, 1], where[:, 2])
    return mesh.add(points + at, triangles[~hollow], colors, [[(head, 1.0)]] * len(points), normals=normals(where))


def follow(points: Array, mouth: Mouth) -> Array:
    """Return how the skin moves when the mouth goes from rest to `mouth`: with the lips near them, with the jaw at the chin."""
    rest, now = contour(Mouth()), contour(mouth)
    shift = now - rest
    x, y, z = points[:, 0], points[:, 1], points[:, 2]
    d2 = ((points[:, None, :2] - rest[None, :, :2]) ** 2).sum(axis=2)
    weight = 1 / (d2 + 1e-9) ** 2.0
    lips = (weight[:, :, None] * shift[None]).sum(axis=1) / weight.sum(axis=1, keepdims=True)
    distance = np.sqrt(d2.min(axis=1))
    reach = np.where(y > MOUTH_Y_M, 0.030, 0.036)
    near = ease(1 - distance / reach) * ease((z - 0.02) / 0.05)
    chin = ease((MOUTH_Y_M + 0.012 - y) / 0.034) * ease((z + 0.03) / 0.09) * ease((0.112 - np.abs(x)) / 0.05)
    jaw = chin[:, None] * np.array([0.8 * mouth.jaw_x_m, -mouth.jaw_m, 0.8 * mouth.jaw_z_m - 0.30 * mouth.jaw_m])
    move: Array = near[:, None] * lips + (1 - near[:, None]) * jaw
    if mouth.jaw_z_m:
        move[:, 2] += near * chin * 0.8 * mouth.jaw_z_m
    slide = depth(x + move[:, 0], y + move[:, 1]) - depth(x, y)
    facing = near * ease((z - CENTRE[2] - 0.05) / 0.03)
    move[:, 2] += np.clip(slide, -0.012, 0.012) * facing
    return move


def bulge(
    points: Array, middle: tuple[float, float], size: tuple[float, float], move: tuple[float, float, float]
) -> Array:
    """Return a soft swelling around a point of the front view; `move` is to the side, up and forward."""
    side = np.sign(middle[0])
    share = np.exp(-(((points[:, 0] - middle[0]) / size[0]) ** 2) - ((points[:, 1] - middle[1]) / size[1]) ** 2)
    share = np.where(share > 0.02, share, 0) * (points[:, 2] > 0.0)
    swollen: Array = share[:, None] * np.array([side * move[0], move[1], move[2]])
    return swollen


def around_eye(points: Array, side: float, lift_m: float) -> Array:
    """Return how the skin above an eye follows its brow."""
    share = np.exp(-(((points[:, 0] - side * OPENING[0]) / 0.032) ** 2) - ((points[:, 1] - 0.131) / 0.012) ** 2)
    share = np.where(share > 0.03, share, 0) * (points[:, 2] > 0.0)
    lifted: Array = share[:, None] * np.array([0.0, lift_m, 0.0])
    return lifted
