"""Every source of recorded people as pieces that stand, face forward and have hands."""

from pathlib import Path

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people import gestures
from motion.corpus.people.piece import Piece, summary
from motion.corpus.people.pieces import SOURCES, VALIDATION_ACTOR, read_pieces, split_of
from motion.evaluation.heldout import HELD_OUT_ACTORS
from motion.kinematics import forward
from motion.skeleton import INDEX, JOINT_COUNT, NEUTRAL_ROTATIONS


def standing(frames: int = 60) -> Clip:
    turns = np.tile(NEUTRAL_ROTATIONS, (frames, 1, 1))
    return Clip(30.0, turns, np.zeros((frames, 3), np.float32), np.zeros((frames, 2, 6), np.float32))


def test_a_piece_says_what_is_wrong_with_it() -> None:
    with pytest.raises(ValueError, match="split 'dev' is none of"):
        Piece("x", "s", "a", "", "dev", "talk", "talk", standing())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="activity 'dance' is none of"):
        Piece("x", "s", "a", "", "train", "dance", "talk", standing())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must rise within the clip"):
        Piece("x", "s", "a", "", "train", "talk", "talk", standing(), emotions=((0, "joy"), (60, "fear")))


def test_the_summary_adds_up_minutes() -> None:
    text = summary(Piece(str(n), "s", "a", "", "train", "talk", "talk", standing(900)) for n in range(4))
    assert "4 pieces    2.00 min" in text
    assert text.splitlines()[-1].startswith("total")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("f_gestic_listen_accept_01", ("listen", "listen_accept", "")),
        ("f_gestic_listen_sad_01", ("listen", "listen_sad", "sadness")),
        ("m_gestic_presentation_left_01", ("talk", "presentation_left", "")),
        ("m_idle_neutral_09", ("idle", "neutral", "")),
        ("m_idle_yawn_01", ("act", "yawn", "")),
        ("f_idle_finger nail_01", ("act", "finger_nail", "")),
        ("f_wave_02", ("act", "wave", "")),
        ("f_hold_bag_listen", None),
        ("m_sit_chair_gestic_shrug_01", None),
        ("m_knock_door", None),
        ("m_idle_shake_leg_01", None),
    ],
)
def test_rocketbox_names_tell_the_activity(name: str, wanted: tuple[str, str, str] | None) -> None:
    assert gestures.rocketbox(name) == wanted


def test_leaping_clips_are_left_out() -> None:
    calm, leaping = standing(), standing()
    leaping.hips_m[30:40, 1] = 0.4
    assert not gestures.leaps(calm)
    assert gestures.leaps(leaping)


def test_no_held_out_actor_is_trained_on() -> None:
    assert {split_of(actor) for actor in HELD_OUT_ACTORS} == {"test"}
    assert split_of(VALIDATION_ACTOR) == "validation"
    assert split_of("AnBh") == "train"


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'motorica' is unknown"):
        read_pieces(tmp_path, sources=["motorica"])


def check(pieces: list[Piece]) -> None:
    assert len({piece.name for piece in pieces}) == len(pieces)
    for piece in pieces:
        clip = piece.clip
        assert clip.rotations.shape[1:] == (JOINT_COUNT, 4)
        assert np.isfinite(clip.rotations).all()
        assert np.abs(clip.hips_m).max() <= 0.06, piece.name
        feet, world = forward(clip.rotations, clip.hips_m)
        feet = feet[:, [INDEX["leftFoot"], INDEX["rightFoot"]]]
        assert np.abs(feet - feet[0]).max() < 2e-3, piece.name
        ahead = np.median(rot.rotate(world[:, 0], np.broadcast_to([0.0, 0.0, 1.0], (len(clip), 3))), axis=0)
        assert abs(np.arctan2(ahead[0], ahead[2])) < np.radians(15.0), piece.name
        assert 0.0 <= clip.hands.min() <= clip.hands.max() <= 1.0


@pytest.mark.slow
@pytest.mark.computing
def test_the_real_sources_stand_in_place(attune_data: Path) -> None:
    pieces = read_pieces(attune_data)
    check(pieces)
    assert {piece.source for piece in pieces} == set(SOURCES)
    assert {piece.activity for piece in pieces} == {"narrate", "talk", "listen", "idle", "act"}
    minutes = {split: sum(len(p.clip) for p in pieces if p.split == split) / 1800 for split in ("train", "test")}
    assert minutes["train"] > 60.0
    assert minutes["test"] > 12.0
    told = [piece for piece in pieces if piece.activity == "narrate"]
    assert any(len(piece.emotions) > 2 for piece in told)
    assert all((piece.clip.hands.std(axis=0).mean() > 0.005) for piece in told if piece.clip.duration_s > 2.0)
    # No seam inside a joined piece: nothing turns faster than people do.
    for piece in told:
        turns = piece.clip.rotations[:, :14].astype(np.float64)
        assert np.degrees(rot.angle_between(turns[:-1], turns[1:])).max() * 30 < 2_000.0, piece.name


def test_mesh2motion_is_read_alone(attune_data: Path) -> None:
    pieces = read_pieces(attune_data, sources=["mesh2motion-cc0"])
    check(pieces)
    assert {"nod", "greet", "bow", "confused", "reject"} <= {piece.label for piece in pieces}
