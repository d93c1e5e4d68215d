"""The lexicon: complete, well formed, played on time."""

import hashlib

import numpy as np
import pytest

from motion.procedural import gestures, lexicon
from motion.procedural.controls import HAND_SHAPES, HANGING, LEFT, RIGHT, SIZE, neutral
from motion.procedural.track import ArmTrack


def test_the_order_of_labels_is_fixed_and_only_grows_at_the_end() -> None:
    # Checkpoints name a gesture by its place. If this fails, put the new label last instead of changing the hash.
    first = lexicon.LABELS[:51]
    digest = hashlib.sha256("\n".join(first).encode()).hexdigest()
    assert digest == "1e8acba7e1af3acfb4b54f3f6ad10eb100ba213297a5f11d9144b7b7666a29c4"
    assert len(set(lexicon.LABELS)) == len(lexicon.LABELS)
    assert set(lexicon.LABELS) == set(lexicon.LEXICON)


def test_every_gesture_is_well_formed_and_moves_something() -> None:
    for entry in lexicon.LEXICON.values():
        assert entry.peak is not None or entry.trunk is not None or entry.swing is not None
        assert (entry.hands == "none") == (entry.peak is None)
        for shape in (entry.ready, entry.peak, entry.other):
            if shape is not None:
                assert shape.hand in HAND_SHAPES
                assert np.isfinite(shape.controls()).all()


def test_every_alias_leads_to_one_gesture() -> None:
    for alias, label in lexicon.ALIASES.items():
        assert lexicon.find(alias).label == label


@pytest.mark.parametrize("name", ["Calm Down", "calm-down", "CALM_DOWN", "  calm_down "])
def test_spelling_of_a_label_does_not_matter(name: str) -> None:
    assert lexicon.find(name).label == "calm_down"


def test_an_unknown_label_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="wave"):
        lexicon.find("wavee")
    with pytest.raises(ValueError, match="nearest"):
        lexicon.find("")


def test_timing_stretches_the_hold_first_and_then_hurries() -> None:
    wave = lexicon.find("wave")
    natural = gestures.plan("a", wave, 0.0).run
    long = gestures.plan("a", wave, 0.0, duration_s=6.0).run
    short = gestures.plan("a", wave, 0.0, duration_s=1.1).run
    assert long.end_s == pytest.approx(6.0) and long.stroke_s == natural.stroke_s
    assert short.end_s == pytest.approx(1.1) and short.stroke_s < natural.stroke_s


def test_the_stroke_arrives_when_it_is_wanted() -> None:
    stop = lexicon.find("stop")
    natural = gestures.plan("a", stop, 10.0).run.stroke_s - 10.0
    for wanted in (10.0 + 0.8 * natural, 10.0 + natural, 10.9, 14.0):
        run = gestures.plan("a", stop, 10.0, stroke_at_s=wanted).run
        assert run.stroke_s == pytest.approx(wanted)
        assert 10.0 <= run.start_s <= wanted
    late = gestures.plan("a", stop, 10.0, stroke_at_s=9.0).run
    assert 10.0 < late.stroke_s < 10.0 + natural, "too late for the word, it hurries"


def test_numbers_that_are_not_finite_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="stroke_at_s"):
        gestures.plan("a", lexicon.find("stop"), 0.0, stroke_at_s=float("nan"))
    with pytest.raises(ValueError, match="direction_rad"):
        gestures.plan("a", lexicon.find("point"), 0.0, direction_rad=(float("inf"), 0.0))
    with pytest.raises(ValueError, match="duration_s"):
        gestures.plan("a", lexicon.find("stop"), 0.0, duration_s=0.0)


def test_the_hand_is_the_one_asked_for_or_the_near_one() -> None:
    point = lexicon.find("point")
    assert gestures.choose_side(point, 0.0, None) == -1.0
    assert gestures.choose_side(point, 1.0, None) == 1.0
    assert gestures.choose_side(point, 0.0, (0.8, 0.0)) == 1.0
    assert gestures.choose_side(point, 0.0, (-0.8, 0.0)) == -1.0
    assert gestures.choose_side(point, -1.0, (1.3, 0.0)) == 1.0, "not through one's own neck"
    assert gestures.choose_side(lexicon.find("shrug"), 1.0, None) == 0.0


def test_a_bent_arm_is_turned_towards_its_target_and_keeps_its_shape() -> None:
    this = lexicon.find("this").peak
    assert this is not None
    turned = gestures.turn(this, -0.5, left=False)
    assert turned.wrist[1] == this.wrist[1] and turned.wrist[0] > this.wrist[0] + 0.1
    assert np.linalg.norm(turned.wrist) == pytest.approx(np.linalg.norm(this.wrist))
    mirrored = gestures.turn(this, 0.5, left=True)
    assert mirrored.wrist == pytest.approx(turned.wrist), "a left arm's outwards is the left"
    assert gestures.turn(this, 3.0, left=False).wrist[0] < this.wrist[0], "across the body"
    assert gestures.turn(this, 3.0, left=False) == gestures.turn(this, 2.0, left=False), (
        "but no further than an arm goes"
    )


def test_a_lateral_act_of_the_head_has_a_side_and_a_nod_has_none() -> None:
    away = lexicon.find("look_away")
    assert gestures.choose_side(away, 1.0, None) == 1.0
    assert gestures.choose_side(lexicon.find("yes"), 1.0, None) == 0.0
    yaws = [gestures.plan("a", away, 0.0, side=side).trunk[10] for side in (1.0, -1.0)]
    assert yaws[0] == -yaws[1] > 0.3, "to the left, and to the right"


def test_one_hand_comes_after_the_other_and_they_weigh_in_turn() -> None:
    plan = gestures.plan("a", lexicon.find("compare_sides"), 0.0)
    assert plan.left is not None and plan.right is not None
    rest = HANGING.controls()

    def height(track: ArmTrack, t_s: float) -> float:
        return float(track.blend(rest, t_s, np.zeros(14))[1])

    stroke_s = plan.run.stroke_s
    assert height(plan.right, stroke_s) > height(plan.left, stroke_s) + 0.3
    assert height(plan.left, stroke_s + 0.65) == pytest.approx(height(plan.right, stroke_s), abs=0.1)
    heights = []
    for t_s in np.linspace(stroke_s + 0.65, plan.fall_s, 40):
        controls = neutral()
        plan.apply(controls, np.zeros(SIZE), float(t_s))
        heights.append((controls[LEFT][1], controls[RIGHT][1]))
    left, right = np.array(heights).T
    assert np.corrcoef(left, right)[0, 1] < -0.5


def test_a_rolling_hand_goes_round_and_does_not_swing() -> None:
    plan = gestures.plan("a", lexicon.find("roll_on"), 0.0)
    track = []
    for t_s in np.linspace(plan.run.stroke_s + 0.2, plan.fall_s - 0.3, 60):
        controls = neutral()
        plan.apply(controls, np.zeros(SIZE), float(t_s))
        track.append(controls[RIGHT][1:3])
    spread = np.linalg.svd(np.array(track) - np.mean(track, axis=0), compute_uv=False)
    assert spread[1] > 0.5 * spread[0]
