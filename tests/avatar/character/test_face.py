"""What the face does under each morph target: lids that close and never cut the eye, lips that meet, sides that mirror."""

from __future__ import annotations

import numpy as np
import pytest

from avatar.character import lids
from avatar.character.expressions import ARKIT, MORPHS
from avatar.character.lids import Lids
from avatar.character.morphs import Face
from avatar.character.surface import BALL, EYE_R_M
from tests.avatar.character.reading import Read


@pytest.fixture(scope="module")
def face() -> Face:
    return Face()


def lips(face: Face, vrm: Read, morph: str) -> tuple[np.ndarray, np.ndarray]:
    """Edges of upper and lower lip in the middle of the mouth, under a morph target: (y, z) each."""
    moved = vrm.attribute("Face", "POSITION").astype(float) + vrm.morph(morph)
    shown = moved[_middle(face, vrm)]
    return shown[0, 1:], shown[1, 1:]


def _middle(face: Face, vrm: Read) -> list[int]:
    """The vertices of the file that are the lips' edges in the middle."""
    piece = face.rest[face.mouth["lips"]].reshape(12, -1, 3)
    columns = piece.shape[1]
    rest = vrm.attribute("Face", "POSITION").astype(float)
    wanted = (piece[3, columns // 2], piece[-4, columns // 2])
    found = [int(np.argmin(np.linalg.norm(rest - point, axis=1))) for point in wanted]
    assert max(np.linalg.norm(rest[index] - point) for index, point in zip(found, wanted, strict=True)) < 1e-4
    return found


def gap_m(face: Face, vrm: Read, morph: str) -> float:
    upper, lower = lips(face, vrm, morph)
    return float(upper[0] - lower[0])


@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize("weight", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
def test_a_lid_on_its_way_never_cuts_into_the_ball(up: bool, weight: float) -> None:
    """A morph target moves in straight lines, so every weight is looked at, not only the ends."""
    open_, closed = lids.patch(Lids(), up), lids.patch(Lids(1.0, 1.0), up)
    edge = (open_ + weight * (closed - open_))[: lids.SKIN_ROWS * lids.COLUMNS]
    assert np.linalg.norm(edge - BALL, axis=1).min() > EYE_R_M + 0.0005


def test_closed_lids_meet_all_along_the_eye() -> None:
    rows = slice((lids.SKIN_ROWS - 1) * lids.COLUMNS, lids.SKIN_ROWS * lids.COLUMNS)
    closed = Lids(1.0, 1.0)
    gap = lids.patch(closed, True)[rows, 1] - lids.patch(closed, False)[rows, 1]
    assert np.abs(gap).max() < 1e-4
    assert (lids.patch(Lids(), True)[rows, 1] - lids.patch(Lids(), False)[rows, 1]).max() > 0.03


def test_wide_eyes_are_wider_than_open_ones(face: Face, vrm: Read) -> None:
    edge = face.lids["Left", True].start + (lids.SKIN_ROWS - 1) * lids.COLUMNS + lids.COLUMNS // 2
    assert vrm.morph("eyeWideLeft")[edge, 1] > 0.003
    assert vrm.morph("eyeSquintLeft")[edge, 1] < -0.003


def test_lips_meet_where_speech_wants_them_to(face: Face, vrm: Read) -> None:
    assert gap_m(face, vrm, "viseme_PP") < 0.0005
    for viseme in ("aa", "E", "ih", "oh", "ou", "CH", "SS"):
        assert gap_m(face, vrm, f"viseme_{viseme}") > 0.004, viseme


def test_open_vowels_open_more_than_close_ones(face: Face, vrm: Read) -> None:
    order = [gap_m(face, vrm, f"viseme_{name}") for name in ("aa", "oh", "E", "ih", "SS", "PP")]
    assert order == sorted(order, reverse=True)


def test_round_vowels_push_the_lips_forward_and_draw_the_corners_in(face: Face, vrm: Read) -> None:
    rest = vrm.attribute("Face", "POSITION").astype(float)
    corner = int(np.argmin(np.linalg.norm(rest - face.rest[face.mouth["lips"]][16], axis=1)))
    for name, inwards in (("viseme_ou", 0.012), ("viseme_oh", 0.008), ("mouthPucker", 0.012)):
        assert vrm.morph(name)[corner, 0] < -inwards, name
        assert vrm.morph(name)[_middle(face, vrm)[0], 2] > 0.004, name
    assert vrm.morph("viseme_E")[corner, 0] > 0.003


def test_a_jaw_that_opens_takes_the_chin_down_and_back(face: Face, vrm: Read) -> None:
    rest = vrm.attribute("Face", "POSITION").astype(float)
    chin = int(np.argmin(np.linalg.norm(rest - [0, -0.028, 0.085], axis=1)))
    move = vrm.morph("jawOpen")[chin]
    assert move[1] < -0.008 and move[2] < 0


def test_lips_close_again_over_an_open_jaw(face: Face, vrm: Read) -> None:
    rest = vrm.attribute("Face", "POSITION").astype(float)
    both = rest + vrm.morph("jawOpen") + vrm.morph("mouthClose")
    upper, lower = both[_middle(face, vrm)]
    assert abs(upper[1] - lower[1]) < 0.001


@pytest.mark.parametrize(
    "name", [name for name in ARKIT if name.endswith("Left") and name not in ("jawLeft", "mouthLeft")]
)
def test_left_and_right_are_mirror_images(vrm: Read, name: str) -> None:
    """The net of the skin is not quite symmetric, so the whole movement is compared, not each vertex."""
    rest = vrm.attribute("Face", "POSITION").astype(float)
    left, right = vrm.morph(name), vrm.morph(name.removesuffix("Left") + "Right")
    middle_left, middle_right = (np.average(rest[:, 0], weights=np.linalg.norm(m, axis=1)) for m in (left, right))
    assert middle_left > 0.005 and np.isclose(middle_left, -middle_right, atol=0.004)
    assert np.allclose(left.sum(axis=0) * [-1, 1, 1], right.sum(axis=0), atol=0.05 * np.abs(left).sum())


def test_every_morph_target_is_seen(vrm: Read) -> None:
    for name in MORPHS:
        assert np.linalg.norm(vrm.morph(name), axis=1).max() > 0.0015, name


def test_the_back_of_the_head_stays_where_it_is(vrm: Read) -> None:
    rest = vrm.attribute("Face", "POSITION").astype(float)
    back = rest[:, 2] < -0.05
    assert back.any()
    assert all(np.abs(vrm.morph(name)[back]).max() < 0.002 for name in MORPHS)
