"""The shipped character is what the code writes, small enough for a page, and a sound glTF file."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from avatar.character.build import Character, character
from avatar.server import PAGE_FOLDER
from tests.avatar.character.reading import Read

SHIPPED = Path(PAGE_FOLDER) / "character" / "attune.vrm"
MESHES = ("Body", "Hair", "Face", "Eyes")


def test_the_shipped_file_is_what_the_code_writes(made: Character) -> None:
    assert SHIPPED.read_bytes() == made.data, (
        "write it again: python -m avatar.character avatar/page/character/attune.vrm"
    )


def test_the_same_code_writes_the_same_bytes(made: Character) -> None:
    assert character().data == made.data


def test_it_fits_the_page(made: Character) -> None:
    assert len(made.data) < 600_000
    assert len(gzip.compress(made.data, 9)) < 350_000
    assert sum(made.triangles.values()) <= 14_000


def test_it_is_drawn_in_few_calls_and_only_the_face_has_morph_targets(vrm: Read) -> None:
    assert [mesh["name"] for mesh in vrm.document["meshes"]] == list(MESHES)
    assert all(len(mesh["primitives"]) == 1 for mesh in vrm.document["meshes"])
    assert [mesh["name"] for mesh in vrm.document["meshes"] if "targets" in mesh["primitives"][0]] == ["Face"]


def test_every_accessor_lies_in_the_buffer_and_within_its_bounds(vrm: Read) -> None:
    for number in range(len(vrm.document["accessors"])):
        assert np.isfinite(vrm.accessor(number).astype(float)).all()


@pytest.mark.parametrize("name", MESHES)
def test_a_mesh_is_sound(vrm: Read, name: str) -> None:
    points, triangles = vrm.attribute(name, "POSITION").astype(float), vrm.triangles(name)
    assert triangles.max() < len(points)
    assert set(triangles.ravel().tolist()) == set(range(len(points))), "a vertex of no triangle"
    normals = vrm.attribute(name, "NORMAL").astype(float)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=0.01)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    assert (np.linalg.norm(faces, axis=1) > 0).all(), "a triangle without area"
    # Triangles turn their front the way their vertices' normals point; a flipped part would be invisible.
    agree = np.einsum("ij,ij->i", faces, normals[triangles].mean(axis=1)) > 0
    assert agree.mean() > 0.97


@pytest.mark.parametrize("name", ["Body", "Eyes"])
def test_weights_of_a_vertex_sum_to_one_and_name_real_bones(vrm: Read, name: str) -> None:
    weights, joints = vrm.attribute(name, "WEIGHTS_0").astype(int), vrm.attribute(name, "JOINTS_0")
    assert (weights.sum(axis=1) == 255).all()
    assert joints.max() < len(vrm.document["skins"][0]["joints"])


def test_the_skin_is_bound_in_the_rest_pose(vrm: Read) -> None:
    skin = vrm.document["skins"][0]
    for node, matrix in zip(skin["joints"], vrm.accessor(skin["inverseBindMatrices"]), strict=True):
        columns = matrix.reshape(4, 4)
        assert np.array_equal(columns[:3, :3], np.eye(3))
        assert np.allclose(columns[3, :3], -vrm.place(node), atol=2e-5)
