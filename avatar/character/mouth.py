"""The mouth: lips, the dark inside, teeth and tongue, all placed from a dozen numbers.

`Mouth` says how it stands; `place` puts every vertex. A morph target is the difference between two placings, so that shapes may be as
crooked as they like and the file stays linear. Columns run from the right corner (u = -1) to the left (u = 1). Metres, from the head joint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Array, Mesh, grid
from avatar.character.surface import MOUTH_Y_M, depth

COLUMNS = 17
TEETH_COLUMNS = 7
TONGUE_COLUMNS = 7


@dataclass(frozen=True)
class Mouth:
    """How the mouth stands. Pairs are (left, right); `1` means the length at rest."""

    up_m: float = 0.0
    """How far the upper lip is above the line of the mouth."""
    down_m: float = 0.0
    """How far the lower lip is below it."""
    jaw_m: float = 0.0
    """How far the chin has dropped."""
    width: float = 1.0
    push_m: float = 0.0
    """Lips pushed forward."""
    thick: tuple[float, float] = (1.0, 1.0)
    """Thickness of the upper and lower lip."""
    roll_m: tuple[float, float] = (0.0, 0.0)
    """Upper and lower lip drawn in behind the line of the mouth."""
    corner_m: tuple[float, float] = (0.0, 0.0)
    """Corners raised."""
    stretch_m: tuple[float, float] = (0.0, 0.0)
    """Corners drawn out."""
    upper_m: tuple[float, float] = (0.0, 0.0)
    """One side of the upper lip raised."""
    lower_m: tuple[float, float] = (0.0, 0.0)
    """One side of the lower lip drawn down."""
    shift_m: float = 0.0
    """To the left."""
    lift_m: float = 0.0
    """The whole mouth raised."""
    jaw_x_m: float = 0.0
    jaw_z_m: float = 0.0
    teeth_m: float = 0.0
    """Upper teeth shown below the upper lip."""
    tongue_up_m: float = 0.0
    tongue_out_m: float = 0.0
    round: float = 0.0
    """Opening from a lens (0) to an oval (1)."""


HALF_M = 0.0345
UPPER_M, LOWER_M = 0.0052, 0.0066
SMILE_M = 0.0046
"""A friendly mouth at rest: its corners are a little up."""


def _u() -> Array:
    return -np.cos(np.pi * np.arange(COLUMNS) / (COLUMNS - 1))


def _sides(pair: tuple[float, float], u: Array) -> Array:
    share = np.clip((u + 0.5) / 1.0, 0, 1)
    share = share * share * (3 - 2 * share)
    return pair[0] * share + pair[1] * (1 - share)


def lines(mouth: Mouth) -> dict[str, Array]:
    """Return the curves of the lips at each column: x, the lips' inner edges, their outer contours, and how far they stand forward."""
    u = _u()
    arch = np.maximum(1 - u * u, 0.0) ** (0.62 - 0.14 * mouth.round)
    full = np.maximum(1 - u * u, 0.0) ** 0.55
    x = mouth.shift_m + HALF_M * mouth.width * u + _sides(mouth.stretch_m, u) * u * np.abs(u)
    corner = SMILE_M * (1 - mouth.round) + _sides(mouth.corner_m, u)
    line = MOUTH_Y_M + mouth.lift_m + corner * (np.abs(u) ** 2.2) - 0.30 * corner
    side = np.maximum(1 - (np.abs(np.abs(u) - 0.45) / 0.55) ** 2, 0.0)
    top = line + mouth.up_m * arch + _sides(mouth.upper_m, u) * (0.55 * side + 0.45 * arch)
    bottom = line - mouth.down_m * arch - _sides(mouth.lower_m, u) * (0.55 * side + 0.45 * arch)
    bow = 1.0 + 0.16 * np.exp(-(((np.abs(u) - 0.26) / 0.16) ** 2)) - 0.16 * np.exp(-((u / 0.13) ** 2))
    upper = UPPER_M * mouth.thick[0] * full * bow
    lower = LOWER_M * mouth.thick[1] * full
    top = top - mouth.roll_m[0] * 0.35 * arch
    bottom = bottom + mouth.roll_m[1] * 0.35 * arch
    return {
        "u": u, "x": x, "top": top, "bottom": bottom, "over": top + upper, "under": bottom - lower, "full": full,
        "push": mouth.push_m * (0.35 + 0.65 * arch), "upper": upper, "lower": lower,
    }  # fmt: skip


def contour(mouth: Mouth) -> Array:
    """Return the closed outer contour, anticlockwise from the right corner, with how far each point stands forward as z."""
    line = lines(mouth)
    under = np.stack([line["x"], line["under"], line["push"]], axis=1)
    over = np.stack([line["x"], line["over"], line["push"]], axis=1)
    return np.concatenate([under, over[-2:0:-1]])


def _lip(mouth: Mouth, up: bool) -> Array:
    line = lines(mouth)
    sign = 1.0 if up else -1.0
    x, edge, thick = line["x"], line["top" if up else "bottom"], line["upper" if up else "lower"]
    roll = mouth.roll_m[0 if up else 1] * line["full"]
    full = line["full"]
    base = depth(x, edge + sign * thick) + line["push"]
    rows = []
    for share, bulge, back in (
        (1.0, 0.0, 0.0), (0.52, 0.0027 if up else 0.0034, 0.35), (0.16, 0.0022, 0.8), (0.0, 0.0006, 1.0),
        (0.12, -0.0050, 1.0), (0.6, -0.0240, 0.6),
    ):  # fmt: skip
        z = base + bulge * (full if bulge > 0 else 0.35 + 0.65 * full) - back * roll
        rows.append(
            np.stack(
                [x if bulge > -0.01 else 0.93 * x, edge + sign * share * np.maximum(thick, 0.0012 * full), z], axis=1
            )
        )
    return np.concatenate(rows)


def _teeth(mouth: Mouth, up: bool) -> Array:
    u = np.linspace(-1, 1, TEETH_COLUMNS)
    arc = u * u
    if up:
        # They go along with the lip a little and with a smile more than they should, so that a smile shows them.
        low = MOUTH_Y_M - 0.0012 + mouth.lift_m + (0.35 + 0.4 * mouth.round) * mouth.up_m - mouth.teeth_m
        edge = low - 0.30 * sum(mouth.corner_m) + (0.42 * _sides(mouth.corner_m, u) + 0.0012) * arc
        x, back = (0.0250 + 0.7 * _sides(mouth.stretch_m, u)) * u, 0.0066
    else:
        edge = MOUTH_Y_M - 0.0034 - mouth.jaw_m - 0.0010 * arc
        x, back = 0.0235 * u + mouth.jaw_x_m, 0.0096 - mouth.jaw_z_m + 0.12 * mouth.jaw_m
    z = depth(0.0 * u, np.minimum(edge, MOUTH_Y_M)) - back - 0.0085 * arc + 0.25 * mouth.push_m
    sign = 1.0 if up else -1.0
    rows = [
        np.stack([x, edge + sign * y, z + out], axis=1)
        for y, out in ((0.0085, -0.001), (0.0012, 0.0004), (0.0, -0.0014))
    ]
    return np.concatenate(rows if up else rows[::-1])


def _tongue(mouth: Mouth) -> Array:
    u = np.linspace(-1, 1, TONGUE_COLUMNS)
    rows = []
    floor = MOUTH_Y_M - 0.0072 - 0.92 * mouth.jaw_m
    front = float(depth(0.0, floor)) - 0.0120 - 0.15 * mouth.jaw_m
    for back, rise, wide, lift in (
        (0.0035, -0.0040, 0.62, 1.0), (0.0, -0.0012, 0.68, 1.0), (0.0020, 0.0014, 0.78, 1.0),
        (0.006, 0.0028, 1.0, 0.8), (0.012, 0.0036, 1.0, 0.45),
    ):  # fmt: skip
        dome = 1 - u * u
        y = floor + rise - 0.0028 * (1 - dome) - 0.0006 * np.exp(-((u / 0.25) ** 2)) + mouth.tongue_up_m * lift
        z = front - back - 0.003 * u * u + mouth.tongue_out_m * lift
        rows.append(np.stack([0.0160 * wide * u + 0.7 * mouth.jaw_x_m, y, z], axis=1))
    return np.concatenate(rows)


def place(mouth: Mouth) -> dict[str, Array]:
    """Return the vertices of every piece."""
    return {
        "lips": np.concatenate([_lip(mouth, True), _lip(mouth, False).reshape(-1, COLUMNS, 3)[::-1].reshape(-1, 3)]),
        "teeth": _teeth(mouth, True),
        "lower_teeth": _teeth(mouth, False),
        "tongue": _tongue(mouth),
    }


def add(mesh: Mesh, at: Array, head: int, part: int) -> dict[str, slice]:
    """Add the mouth at rest; return the vertices of each piece. The lips go on with the skin's part."""
    lip, line, dark = palette.LIP, palette.LIP_LINE, palette.MOUTH
    teeth = [palette.blend(palette.TEETH, palette.MOUTH, s) for s in (0.30, 0.0, 0.14)]
    tongue = [palette.blend(palette.TONGUE, palette.MOUTH, s) for s in (0.35, 0.1, 0.0, 0.2, 0.6)]
    lip_rows = [palette.blend(palette.FACE, lip, 0.45), lip, palette.blend(lip, line, 0.25), line, dark, dark]
    pieces: dict[str, tuple[int, list[int], bool, int | None]] = {
        "lips": (COLUMNS, [*lip_rows, *lip_rows[::-1]], True, part),
        "teeth": (TEETH_COLUMNS, teeth, True, None),
        "lower_teeth": (TEETH_COLUMNS, teeth[::-1], True, None),
        "tongue": (TONGUE_COLUMNS, tongue, False, None),
    }
    added = {}
    for name, points in place(Mouth()).items():
        columns, shades, turn, of = pieces[name]
        triangles = grid(len(points) // columns, columns, closed=False)
        if turn:
            triangles = triangles[:, ::-1]
        colors = [shade for shade in shades for _ in range(columns)]
        added[name] = mesh.add(points + at, triangles, colors, [[(head, 1.0)]] * len(points), of)
    return added
