"""The head."""

from __future__ import annotations

import numpy as np

from avatar.character import palette
from avatar.character.expressions import MORPHS
from avatar.character.mesh import Array, Finished, Mesh
from avatar.character.skeleton import NUMBER, place


def build_still(mesh: Mesh) -> None:
    """Add what no expression moves."""
    head = place("head")
    mesh.ball(head + [0, 0.12, -0.02], (0.125, 0.14, 0.12), palette.HAIR, [(NUMBER["head"], 1)], 24, 16)


def build_moving() -> tuple[Finished, dict[str, Array]]:
    """Return the face with its morph targets."""
    mesh = Mesh()
    head = place("head")
    mesh.ball(head + [0, 0.1, 0.01], (0.12, 0.14, 0.1), palette.FACE, [(NUMBER["head"], 1)], 24, 16)
    face = mesh.finish()
    move = np.zeros_like(face.points)
    move[:, 1] = np.where(face.points[:, 1] < head[1] + 0.03, -0.01, 0.0)
    return face, {name: move for name in MORPHS}
