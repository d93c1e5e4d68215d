"""Put the character together: bones, three meshes, expressions, in one file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.character import body, eyes, hair, hands, headset, morphs
from avatar.character.expressions import MORPHS
from avatar.character.glb import GRID, Glb
from avatar.character.mesh import Mesh
from avatar.character.skeleton import BONES, EYE_AT
from avatar.character.vrm import extension

GENERATOR = "attune avatar.character"


@dataclass(frozen=True)
class Character:
    """The file and how large its meshes are."""

    data: bytes
    triangles: dict[str, int]


def character() -> Character:
    """Return the default character; the same bytes each time."""
    glb = Glb(GENERATOR)
    nodes = {bone.name: glb.node(name=bone.name, translation=list(bone.offset)) for bone in BONES}
    for index, bone in enumerate(BONES):
        children = [nodes[child.name] for child in BONES if child.parent == index]
        if children:
            glb.document["nodes"][nodes[bone.name]]["children"] = children

    materials = {"Body": 0.72, "Face": 0.7, "Eyes": 0.4}
    for name, roughness in materials.items():
        glb.document["materials"].append(
            {
                "name": name,
                "pbrMetallicRoughness": {
                    "baseColorFactor": [1, 1, 1, 1],
                    "metallicFactor": 0,
                    "roughnessFactor": roughness,
                },
            }
        )
    inverse = np.tile(np.eye(4), (len(BONES), 1, 1))
    inverse[:, 3, :3] = [[-x for x in bone.place] for bone in BONES]
    matrices = glb.floats(inverse.reshape(-1, 16), "MAT4", grid=GRID, target=None)
    joints = [nodes[bone.name] for bone in BONES]
    glb.document["skins"].append({"joints": joints, "skeleton": joints[0], "inverseBindMatrices": matrices})

    shell = Mesh()
    body.build(shell)
    hands.build(shell)
    hair.build(shell)
    headset.build(shell)
    gaze = Mesh()
    eyes.build(gaze)
    face, targets = morphs.build()

    placed = []
    triangles = {}
    made = (("Body", shell.finish(), None), ("Face", face, targets), ("Eyes", gaze.finish(), None))
    for material, (name, mesh, moves) in enumerate(made):
        number = glb.mesh(name, mesh, material, moves)
        placed.append(glb.node(name=name, mesh=number, skin=0))
        triangles[name] = len(mesh.triangles)
    glb.document["scenes"][0]["nodes"] = [joints[0], *placed]
    middle = (0.0, EYE_AT[1], EYE_AT[2])
    glb.document["extensionsUsed"] = ["VRMC_vrm"]
    glb.document["extensions"] = {"VRMC_vrm": extension(nodes, placed, placed[1], MORPHS, middle)}
    return Character(glb.encode(), triangles)
