"""Put the character together: bones, four meshes, expressions, in one file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatar.character import body, eyes, hair, hands, headset, limbs, morphs
from avatar.character.expressions import MORPHS
from avatar.character.glb import Glb
from avatar.character.mesh import GRID, Array, Finished, Mesh
from avatar.character.skeleton import BONES, EYE_AT, place
from avatar.character.vrm import extension

GENERATOR = "attune avatar.character"


@dataclass(frozen=True)
class Piece:
    """One draw call: skinned, or rigid on one bone."""

    name: str
    mesh: Finished
    material: int
    on: str = ""
    morphs: dict[str, Array] | None = None


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

    suit, head, gaze = Mesh(), Mesh(), Mesh()
    body.build(suit)
    limbs.build(suit)
    hands.build(suit)
    hair.build(head)
    headset.build(head)
    eyes.build(gaze)
    face, targets = morphs.build()
    # What only the head moves hangs on its bone: it needs no skinning, which is what software rendering pays for.
    pieces = (
        Piece("Body", suit.finish(), 0),
        Piece("Hair", head.finish(), 0, on="head"),
        Piece("Face", face, 1, on="head", morphs=targets),
        Piece("Eyes", gaze.finish(), 2),
    )
    placed = {piece.name: _place(glb, piece, nodes) for piece in pieces}
    glb.document["scenes"][0]["nodes"] = [joints[0], *(placed[piece.name] for piece in pieces if not piece.on)]
    middle = (0.0, EYE_AT[1], EYE_AT[2])
    glb.document["extensionsUsed"] = ["VRMC_vrm"]
    glb.document["extensions"] = {"VRMC_vrm": extension(nodes, list(placed.values()), placed["Face"], MORPHS, middle)}
    return Character(glb.encode(), {piece.name: len(piece.mesh.triangles) for piece in pieces})


def _place(glb: Glb, piece: Piece, nodes: dict[str, int]) -> int:
    """Store a piece and its node; return the node's number."""
    mesh = replace(piece.mesh, points=piece.mesh.points - place(piece.on)) if piece.on else piece.mesh
    number = glb.mesh(piece.name, mesh, piece.material, piece.morphs, skinned=not piece.on)
    if not piece.on:
        return glb.node(name=piece.name, mesh=number, skin=0)
    node = glb.node(name=piece.name, mesh=number)
    glb.document["nodes"][nodes[piece.on]]["children"].append(node)
    return node
