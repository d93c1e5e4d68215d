"""The moving face: skin, lids, brows and mouth as one mesh, and what each morph target does to its vertices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatar.character import brows, lids, mouth, skin
from avatar.character.expressions import MORPHS
from avatar.character.mesh import Array, Finished, Mesh
from avatar.character.mouth import Mouth
from avatar.character.poses import SIDES, Pose, poses
from avatar.character.skeleton import NUMBER, place


class Face:
    """The pieces of the face, each knowing which vertices it owns. Positions here are from the head joint."""

    def __init__(self) -> None:
        """Put the pieces together at rest."""
        self.mesh = Mesh()
        head, at = NUMBER["head"], place("head")
        self.skin = skin.add(self.mesh, at, head)
        self.lids = lids.add(self.mesh, at, head, part=0)
        self.mouth = mouth.add(self.mesh, at, head, part=0)
        self.brows = brows.add(self.mesh, at, head)
        self.rest = np.concatenate(self.mesh.points) - at

    def move(self, pose: Pose) -> Array:
        """Return how every vertex moves from rest to a pose."""
        delta = np.zeros_like(self.rest)
        points = self.rest[self.skin]
        onto = delta[self.skin]
        if pose.mouth:
            before, after = mouth.place(Mouth()), mouth.place(pose.mouth)
            for name, where in self.mouth.items():
                delta[where] += after[name] - before[name]
            onto += skin.follow(points, pose.mouth)
        for swell in pose.swells:
            for where in (self.skin, self.mouth["lips"]):
                delta[where] += skin.bulge(self.rest[where], swell.middle, swell.size, swell.move)
            for side, x in SIDES:
                if x * swell.middle[0] > 0:
                    where = self.lids[side, False]
                    delta[where] += skin.bulge(self.rest[where], swell.middle, swell.size, swell.move)
        for side, closed in pose.lids.items():
            for up in (True, False):
                delta[self.lids[side, up]] += lids.moved(closed, side, up)
        for side, brow in pose.brows.items():
            delta[self.brows[side]] += brows.moved(brow, side)
            for where in (self.skin, self.lids[side, True]):
                lift_m = 0.175 * (brow.inner_m + brow.arch_m)
                delta[where] += skin.around_eye(self.rest[where], 1.0 if side == "Left" else -1.0, lift_m)
        return delta


def build() -> tuple[Finished, dict[str, Array]]:
    """Return the face's mesh and its morph targets in the order of `MORPHS`."""
    face = Face()
    finished = face.mesh.finish()
    table = poses()
    moves = {name: face.move(pose) for name, pose in table.items()}
    # ARKit's `mouthClose` is meant on top of `jawOpen`: together the chin is down and the lips meet.
    jaw = table["jawOpen"].mouth or Mouth()
    shut = replace(jaw, up_m=0.0, down_m=0.0, width=1.0, round=0.0, lift_m=-0.0075)
    moves["mouthClose"] = face.move(Pose(shut)) - moves["jawOpen"]
    return finished, {name: moves[name][finished.used] for name in MORPHS}
