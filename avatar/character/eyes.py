"""The eyes: two balls with iris, pupil and glint, each on its own bone; unlit so that they stay clear in any light."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.mesh import Mesh, Ring
from avatar.character.skeleton import NUMBER, place

EYE_R_M = 0.036


def build(mesh: Mesh) -> None:
    """Add both eyes."""
    bands = (
        (0.002, palette.PUPIL), (0.2, palette.PUPIL), (0.2, palette.IRIS), (0.36, palette.IRIS_LIGHT), (0.42, palette.IRIS),
        (0.46, palette.IRIS_EDGE), (0.49, palette.IRIS_EDGE), (0.49, palette.EYE), (0.75, palette.EYE), (1.05, palette.EYE), (1.4, palette.EYE),
    )  # fmt: skip
    for side in ("left", "right"):
        centre = place(f"{side}Eye")
        bones = [(NUMBER[f"{side}Eye"], 1.0)]
        rings = []
        for angle, color in bands:
            wide = EYE_R_M * np.sin(angle)
            rings.append(Ring(centre + [0, 0, EYE_R_M * np.cos(angle)], (wide, 0, 0), (0, wide, 0), color, bones))
        mesh.tube(rings, 24)
