"""Joining pieces: at holds only, without a jump, and with the strokes at their new times."""

import numpy as np
import pytest

from motion import rotations as rot
from motion.corpus.pairing.material import FPS, LOW_MPS, sliced
from motion.corpus.pairing.splice import FADE_FRAMES, Reel
from motion.render import hand_speed

from .conftest import make_material


@pytest.fixture
def reel() -> Reel:
    reel = Reel()
    pieces = [make_material(str(i), i) for i in range(12)]
    reel.begin(pieces[0])
    for i in range(1, 12):
        reel.append(pieces[i : i + 4] or pieces[:4])
    return reel


def test_pieces_meet_only_where_both_are_slow(reel: Reel) -> None:
    assert len(reel.splices) == 11
    for splice, (before, first, begin), (after, enter, at) in zip(
        reel.splices, reel.parts, reel.parts[1:], strict=False
    ):
        middle = round(splice.middle_s * FPS)
        assert before.low[middle - begin + first] and after.low[middle - at + enter]
        assert splice.speed_mps <= LOW_MPS + 1e-9
        assert FADE_FRAMES[0] - 1 <= splice.fade_s * FPS <= FADE_FRAMES[1]


def test_nothing_jumps(reel: Reel) -> None:
    clip = reel.clip(reel.frames)
    step = rot.angle_between(clip.rotations[:-1].astype(np.float64), clip.rotations[1:].astype(np.float64))
    pieces = [m.clip.rotations.astype(np.float64) for m, _, _ in reel.parts]
    most = max(float(rot.angle_between(r[:-1], r[1:]).max()) for r in pieces)
    assert step.max() <= 1.2 * most
    assert np.allclose(np.linalg.norm(clip.rotations, axis=-1), 1.0, atol=1e-5)


def test_outside_of_fades_the_motion_is_that_of_the_piece(reel: Reel) -> None:
    clip = reel.clip(reel.frames)
    piece, first, begin = reel.parts[3]
    fade_end = round((reel.splices[2].middle_s + 0.5 * reel.splices[2].fade_s) * FPS)
    at = fade_end + 2
    same = rot.angle_between(
        clip.rotations[at].astype(np.float64), piece.clip.rotations[first + at - begin].astype(np.float64)
    )
    assert same.max() < 1e-3


def test_strokes_are_where_the_hands_are_fast(reel: Reel) -> None:
    speed = hand_speed(reel.clip(reel.frames)).max(axis=1)
    sure = [s for s in reel.strokes() if s.weight >= 0.3 and all(abs(s.t_s - x.middle_s) > 0.7 for x in reel.splices)]
    assert len(sure) > 15
    for stroke in sure:
        at = round(stroke.t_s * FPS)
        assert speed[at] >= 0.9 * speed[max(0, at - 4) : at + 5].max()
        assert not any(a < stroke.t_s < b for a, b in reel.still())


def test_a_piece_is_left_by_the_time_that_was_asked_for() -> None:
    reel = Reel()
    reel.begin(make_material("a", 1, seconds=12.0))
    reel.append([make_material("b", 2)], leave_by=150)
    assert reel.splices[0].middle_s <= 5.0


def test_too_short_a_piece_is_not_taken() -> None:
    reel = Reel()
    reel.begin(make_material("a", 1))
    assert reel.append([make_material("b", 2, seconds=1.5)]) is None


def test_more_frames_than_there_are_are_refused(reel: Reel) -> None:
    with pytest.raises(ValueError, match="were asked for"):
        reel.clip(reel.frames + 1)


def test_a_long_piece_is_cut_without_losing_a_frame_or_a_stroke() -> None:
    whole = make_material("a", 1, seconds=30.0)
    parts = sliced(whole, 12.0)
    assert len(parts) == 3 and sum(len(part.clip) for part in parts) == len(whole.clip)
    assert sum(len(part.strokes) for part in parts) == len(whole.strokes)
    assert sliced(parts[0], 12.0) == [parts[0]]
