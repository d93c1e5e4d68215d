"""Strokes, stillness and liveliness of clips whose hand paths are known."""

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.movement import StrokeMark, actor_style, movement, movements, wrists_m
from motion.corpus.people.piece import Piece
from motion.skeleton import INDEX, NEUTRAL_ROTATIONS


def lifts(at_s: dict[str, list[tuple[float, float]]], seconds: float = 6.0) -> Clip:
    """Forearms that lift within 0.5 s around a time by an angle, stay 0.6 s, and sink in 0.8 s; the rest of the body stands."""
    t = np.arange(round(30 * seconds)) / 30.0
    turns = np.tile(NEUTRAL_ROTATIONS.astype(np.float64), (len(t), 1, 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        angle = np.zeros(len(t))
        for middle_s, size in at_s.get(side, []):
            angle += size * (_step((t - middle_s) / 0.5 + 0.5) - _step((t - middle_s - 0.85) / 0.8))
        row = INDEX[f"{side}LowerArm"]
        bend = rot.from_axis_angle(np.broadcast_to([0.0, -sign, 0.0], (len(t), 3)), angle)
        turns[:, row] = rot.multiply(turns[:, row], bend)
    return Clip(30.0, turns.astype(np.float32), np.zeros((len(t), 3), np.float32), np.zeros((len(t), 2, 6), np.float32))


def _step(x: np.ndarray) -> np.ndarray:
    x = np.clip(x, 0.0, 1.0)
    return 10 * x**3 - 15 * x**4 + 6 * x**5


def piece(name: str, actor: str, clip: Clip) -> Piece:
    return Piece(name, "test", actor, "", "train", "talk", "talk", clip)


def test_a_stroke_is_marked_where_the_hand_is_fastest() -> None:
    clip = lifts({"left": [(2.0, 1.2)]})
    found = movement(clip, actor_style([clip]))
    assert [mark.hand for mark in found.strokes] == ["left"]
    assert found.strokes[0].t_s == pytest.approx(2.0, abs=0.08)


def test_strokes_of_both_hands_at_once_are_one_and_others_stay_apart_in_time_order() -> None:
    clip = lifts({"left": [(1.5, 1.2)], "right": [(1.55, 0.8), (4.0, 1.0)]})
    found = movement(clip, actor_style([clip]))
    assert [mark.hand for mark in found.strokes] == ["both", "right"]
    assert found.strokes[0].t_s == pytest.approx(1.5, abs=0.08)
    assert found.strokes[1].t_s == pytest.approx(4.0, abs=0.08)


def test_weights_are_by_actor() -> None:
    strong, weak = lifts({"left": [(2.0, 1.6)]}), lifts({"left": [(2.0, 0.9)]})
    found = movements([piece("strong", "a", strong), piece("weak", "a", weak), piece("alone", "b", weak)])

    def weight(name: str) -> float:
        marks: tuple[StrokeMark, ...] = found[name].strokes
        return marks[0].weight

    assert weight("strong") == 1.0
    assert weight("weak") == 0.5
    assert weight("alone") == 1.0


def test_still_spans_cover_rest_and_hold_but_no_movement() -> None:
    clip = lifts({"left": [(2.0, 1.2)]})
    found = movement(clip, actor_style([clip]))
    assert len(found.still_spans) == 3
    rest, hold, rest_again = found.still_spans
    assert rest[0] == 0.0
    assert rest[1] == pytest.approx(1.78, abs=0.15)
    assert 2.1 < hold[0] < hold[1] < 3.1
    assert rest_again[1] == pytest.approx(6.0)


def test_activity_is_the_mean_speed_of_the_wrists() -> None:
    clip = lifts({"left": [(2.0, 1.2)], "right": [(4.0, 1.2)]})
    path_m = sum(np.linalg.norm(np.diff(wrist, axis=0), axis=1).sum() for wrist in wrists_m(clip))
    assert movement(clip, actor_style([clip])).activity_mps == pytest.approx(path_m / 2 / 6.0, rel=0.05)


def test_names_must_differ() -> None:
    clip = lifts({})
    with pytest.raises(ValueError, match="two pieces are named 'x'"):
        movements([piece("x", "a", clip), piece("x", "a", clip)])
