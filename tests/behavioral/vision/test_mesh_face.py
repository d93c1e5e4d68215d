"""Signs of the angles and what a mesh shows, on meshes made from the model of the head."""

import math

import numpy as np
import pytest

from behavioral.vision.engines.contract import focal_px
from behavioral.vision.engines.head_model import EYE_CORNERS_M, MESH_POINTS_M, angles_of, fit_similarity, rotation_of
from behavioral.vision.engines.mesh_face import EYEBALL_CENTRE_M, EYEBALL_RADIUS_M, POINTS, face_of

SIZE = (640, 480)
FOCAL = focal_px(640, 60.0)
_EYES = {468: (33, 133), 473: (362, 263)}


def mesh(
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    *,
    away_m: float = 1.0,
    gaze: tuple[float, float] | None = None,
) -> np.ndarray:
    """Return the mesh of a head at the middle of the picture that looks along `gaze` (its own angles), by default straight on."""
    points = np.zeros((POINTS, 3))
    for index, place in MESH_POINTS_M.items():
        points[index] = place
    points[[160, 158, 385, 387], 1] = 0.004
    points[[144, 153, 380, 373], 1] = -0.004
    rotation = rotation_of(yaw, pitch, roll)
    seen = points @ rotation.T
    look = rotation @ np.array([0.0, 0.0, 1.0]) if gaze is None else rotation_of(gaze[0], gaze[1], 0.0)[:, 2]
    for iris, (corner, other) in _EYES.items():
        centre = (seen[corner] + seen[other]) / 2 + rotation @ np.array(EYEBALL_CENTRE_M)
        seen[iris] = centre + EYEBALL_RADIUS_M * look
    scale = FOCAL / away_m
    return seen * scale * np.array([1.0, -1.0, -1.0]) + np.array([320.0, 240.0, 0.0])


def test_a_head_that_faces_the_camera_has_angles_of_zero_and_its_distance() -> None:
    face = face_of(mesh(away_m=1.3), SIZE, FOCAL, None)
    assert face.head_rad == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert face.gaze_rad == pytest.approx((0.0, 0.0), abs=1e-6)
    assert face.distance_m == pytest.approx(1.3, rel=1e-3)


def test_yaw_is_to_the_own_left_pitch_is_up_roll_is_to_the_own_right_shoulder() -> None:
    nose = 4
    straight = mesh()
    assert mesh(yaw=0.4)[nose, 0] > straight[nose, 0], "the own left is the picture's right"
    assert mesh(pitch=0.4)[nose, 1] < straight[nose, 1], "up is up in the picture"
    brow = mesh(roll=0.4)[151]
    assert brow[0] < straight[151, 0], "the top of the head goes to the picture's left, where the own right shoulder is"
    for angles in ((0.4, 0.0, 0.0), (0.0, -0.3, 0.0), (0.0, 0.0, 0.5), (-0.6, 0.25, -0.2)):
        assert face_of(mesh(*angles), SIZE, FOCAL, None).head_rad == pytest.approx(angles, abs=1e-6)
        assert angles_of(rotation_of(*angles)) == pytest.approx(angles)


def test_eyes_that_hold_the_camera_while_the_head_turns_look_at_it() -> None:
    face = face_of(mesh(yaw=0.4, pitch=-0.1, gaze=(0.0, 0.0)), SIZE, FOCAL, None)
    assert face.gaze_rad == pytest.approx((0.0, 0.0), abs=0.02)
    aside = face_of(mesh(gaze=(-0.3, 0.2)), SIZE, FOCAL, None)
    assert aside.gaze_rad == pytest.approx((-0.3, 0.2), abs=0.02)


def test_mouth_and_smile_are_measured_in_the_heads_own_frame() -> None:
    def shown(gap_m: float, lift_m: float, width_m: float, yaw: float) -> tuple[float, float, float]:
        own = {
            13: (0.0, -0.062 + gap_m / 2, 0.02),
            14: (0.0, -0.062 - gap_m / 2, 0.02),
            61: (-width_m / 2, -0.062 + lift_m, 0.008),
            291: (width_m / 2, -0.062 + lift_m, 0.008),
        }
        points = mesh(yaw=yaw)
        for index, place in own.items():
            points[index] = rotation_of(yaw, 0.0, 0.0) @ np.array(place) * FOCAL * [1, -1, -1] + [320, 240, 0]
        face = face_of(points, SIZE, FOCAL, None)
        assert face.mouth_open is not None
        assert face.smile is not None
        assert face.frown is not None
        return face.mouth_open, face.smile, face.frown

    for yaw in (0.0, 0.5):
        gap, smile, _ = shown(0.02, 0.0, 0.047, yaw)
        assert gap == pytest.approx(0.02 / (EYE_CORNERS_M / 2), rel=0.02)
        assert smile < 0.1
        assert shown(0.002, 0.009, 0.067, yaw)[1] > 0.9


def test_what_is_no_face_is_refused() -> None:
    with pytest.raises(ValueError, match="478"):
        face_of(np.zeros((468, 3)), SIZE, FOCAL, None)
    with pytest.raises(ValueError, match="one place"):
        face_of(np.zeros((POINTS, 3)), SIZE, FOCAL, None)
    with pytest.raises(ValueError, match="one place"):
        fit_similarity(np.zeros((3, 3)), np.eye(3))


def test_the_focal_length_is_the_pinholes() -> None:
    assert focal_px(640, 90.0) == pytest.approx(320.0)
    assert math.degrees(2 * math.atan(320 / FOCAL)) == pytest.approx(60.0)
