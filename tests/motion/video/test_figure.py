"""The figure follows the skeleton, is closed, and faces outwards."""

import numpy as np

from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.kinematics import positions
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS
from motion.video import figure

FIGURE = figure.build()


def posed(frames: int = 3) -> Clip:
    random = np.random.default_rng(1)
    turns = rot.multiply(NEUTRAL_ROTATIONS.astype(float), rot.exp(random.normal(scale=0.2, size=(frames, 22, 3))))
    return Clip(30.0, turns.astype(np.float32), random.normal(scale=0.05, size=(frames, 3)).astype(np.float32),
                random.random((frames, 2, 6)).astype(np.float32))  # fmt: skip


def test_every_joint_is_inside_the_figure() -> None:
    clip = posed()
    vertices, joints = FIGURE.vertices(clip), positions(clip.rotations, clip.hips_m)
    for t in range(len(clip)):
        distance = np.linalg.norm(vertices[t][None] - joints[t][:, None], axis=-1).min(axis=1)
        assert distance.max() < 0.12, "no part is left behind"


def test_a_person_at_rest_has_the_size_of_one() -> None:
    vertices = FIGURE.vertices(Clip.from_poses([Pose()], 30.0))[0]
    assert -0.01 < vertices[:, 1].min() < 0.02, "the soles are on the floor"
    assert 1.66 < vertices[:, 1].max() < 1.75
    assert np.allclose(vertices[:, 0].max(), -vertices[:, 0].min(), atol=1e-3), "left is the mirror image of right"


def test_the_mesh_is_closed_and_faces_outwards() -> None:
    edges: dict[tuple[int, int], int] = {}
    for a, b, c, d in FIGURE.quads.tolist():
        for edge in ((a, b), (b, c), (c, d), (d, a)):
            edges[edge] = edges.get(edge, 0) + 1
    assert max(edges.values()) == 1, "neighbours run along their common edge in opposite directions"
    corners = FIGURE.vertices(Clip.from_poses([Pose()], 30.0))[0][FIGURE.quads]
    area = 0.5 * np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    volume = np.einsum("qi,qi->", area, corners.mean(axis=1)) / 3.0
    assert 0.04 < volume < 0.12, "litres of a person, positive when outwards is outwards"


def test_fingers_close_with_the_code_and_only_they() -> None:
    hands = np.zeros((2, 2, 6), np.float32)
    hands[1, 0, :5] = 1.0
    rest = Pose()
    clip = Clip(30.0, np.repeat(rest.rotations[None], 2, axis=0), np.zeros((2, 3), np.float32), hands)
    vertices = FIGURE.vertices(clip)
    moved = np.linalg.norm(vertices[1] - vertices[0], axis=-1)
    wrist = positions(clip.rotations, clip.hips_m)[0, INDEX["leftHand"]]
    assert moved.max() > 0.06, "a fist"
    assert vertices[0][moved > 1e-6][:, 0].min() > wrist[0], "nothing but the left hand"
