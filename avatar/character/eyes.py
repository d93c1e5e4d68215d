"""The eyes: two balls with iris, pupil and glints, each on its own bone."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Bones, Mesh, Ring, by
from avatar.character.skeleton import NUMBER, place
from avatar.character.surface import EYE_R_M


def build(mesh: Mesh) -> None:
    """Add both eyes."""
    for side in ("left", "right"):
        eye = NUMBER[f"{side}Eye"]
        _ball(mesh, side, [(eye, 1.0)])
        # The glints are half the lamp's, half the eye's: they stay behind when the eye turns, as in life.
        half = [(eye, 0.5), (NUMBER["head"], 0.5)]
        _glint(mesh, side, (-0.0066, 0.0082), 0.0045, half)
        _glint(mesh, side, (0.0066, -0.0068), 0.0022, half)


def _ball(mesh: Mesh, side: str, bones: Bones) -> None:
    white, edge = palette.EYE, palette.IRIS_EDGE
    bands = (
        (0.0, palette.PUPIL), (0.0101, palette.PUPIL), (0.0105, palette.IRIS), (0.0145, palette.IRIS), (0.0170, palette.IRIS_LIGHT),
        (0.0180, edge), (0.0197, edge), (0.0201, white), (0.0335, palette.blend(white, palette.SHELL_SHADE, 0.5)),
        (0.0439, palette.SHELL_SHADE),
    )  # fmt: skip
    centre = place(f"{side}Eye")
    rings = []
    for wide, color in bands:
        r = max(wide, 1e-5)
        rings.append(Ring(by(centre, z=np.sqrt(EYE_R_M**2 - r * r)), (r, 0, 0), (0, r, 0), color, bones))
    mesh.tube(rings, 20)


def _glint(mesh: Mesh, side: str, at: tuple[float, float], r: float, bones: Bones) -> None:
    centre = place(f"{side}Eye")
    rings = []
    for share in (1.0, 0.01):
        out = EYE_R_M + 0.0004 + 0.0006 * (1 - share)
        z = np.sqrt(out**2 - at[0] ** 2 - at[1] ** 2)
        rings.append(
            Ring(by(centre, at[0], at[1], z), (r * share, 0, 0), (0, r * share * 1.1, 0), palette.GLINT, bones)
        )
    mesh.tube(rings, 8)
