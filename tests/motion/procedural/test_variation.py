"""Variation: two performances of one gesture differ as two people's would, and it stays that gesture within human limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motion import limits
from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation.beats import UPPER_BODY
from motion.procedural import controls as c
from motion.procedural import lexicon, variation
from motion.procedural.gestures import GesturePlan
from motion.procedural.solver import solve

FPS = 30.0


def performed(plan: GesturePlan, seconds: float = 4.6) -> Clip:
    poses = []
    for frame in range(round(seconds * FPS)):
        controls = c.neutral()
        plan.apply(controls, np.zeros(c.SIZE), frame / FPS)
        poses.append(solve(controls))
    return Clip.from_poses(poses, FPS)


def performance(label: str, person: str, seed: int = 0) -> tuple[variation.GestureVariation, GesturePlan]:
    definition = lexicon.find(label)
    drawn = variation.draw(definition, variation.style_of(person), np.random.default_rng(seed))
    return drawn, drawn.plan("a", definition, 0.2)


def test_the_same_person_and_seed_give_the_same_performance() -> None:
    assert variation.style_of("ada") == variation.style_of("ada") != variation.style_of("ben")
    assert variation.style_of("ada") != variation.style_of("ada", seed=1)
    assert performance("wave", "ada")[0] == performance("wave", "ada")[0] != performance("wave", "ada", 1)[0]


def test_people_differ_more_than_one_person_from_time_to_time() -> None:
    sizes = [[performance("wave", f"p{person}", seed)[0].amplitude for seed in range(12)] for person in range(40)]
    between, within = np.std(np.mean(sizes, axis=1)), np.mean(np.std(sizes, axis=1))
    assert between > 1.15 * within > 0.03


def test_every_draw_is_within_its_bounds() -> None:
    for seed in range(300):
        drawn, _ = performance("offer", f"p{seed}", seed)
        for value, (low, high) in (
            (drawn.amplitude, variation.AMPLITUDE),
            (drawn.tempo, variation.TEMPO),
            (drawn.hold, variation.HOLD),
            (drawn.rate, variation.RATE),
            (drawn.trunk, variation.TRUNK),
        ):
            assert low <= value <= high
        assert drawn.side in (-1.0, 1.0)


def test_sides_and_the_other_arm_are_drawn_only_where_the_gesture_has_one_hand() -> None:
    drawn = [performance("shrug", f"p{seed}", seed)[0] for seed in range(50)]
    assert {one.side for one in drawn} == {0.0} and not any(one.joins for one in drawn)
    waves = [performance("wave", f"p{seed}", seed)[0] for seed in range(100)]
    left = sum(one.side > 0.0 for one in waves)
    assert 10 < left < 50, "mostly the right hand"
    assert 10 < sum(one.joins for one in waves) < 70
    assert {performance("look_away", f"p{seed}", seed)[0].side for seed in range(30)} == {-1.0, 1.0}


def test_counted_fingers_stay_counted() -> None:
    for number in range(1, 6):
        usual = lexicon.find(f"count_{number}")
        for seed in range(30):
            drawn, _ = performance(f"count_{number}", f"p{seed}", seed)
            shape = drawn.apply(usual).peak
            assert shape is not None and shape.curls is not None
            out = sum(curl < 0.25 for curl in shape.curls[1:5])
            assert out == min(number, 4) and (shape.curls[0] < 0.25) == (number == 5)


def test_a_hand_on_the_body_stays_on_the_body() -> None:
    usual = lexicon.find("hand_on_heart").peak
    assert usual is not None
    for seed in range(30):
        drawn, _ = performance("hand_on_heart", f"p{seed}", seed)
        shape = drawn.apply(lexicon.find("hand_on_heart")).peak
        assert shape is not None
        assert np.abs(np.subtract(shape.wrist, usual.wrist)).max() <= 0.02 + 1e-9


@pytest.mark.parametrize("label", lexicon.LABELS)
def test_the_largest_and_fastest_performance_is_within_human_limits(label: str) -> None:
    definition = lexicon.find(label)
    extreme = variation.GestureVariation(
        amplitude=1.3, tempo=1.25, rate=1.14, swing=1.15, trunk=1.3, swivel_deg=10.0, joins=True,
        peak=(0.04, 0.04, 0.04), arc=1.6, side=1.0 if definition.sided else 0.0,
    )  # fmt: skip
    clip = performed(extreme.plan("a", definition, 0.2))
    q = clip.rotations.astype(np.float64)
    assert limits.excess_rad(q).max() < 0.1
    share = rot.angle_between(q[:-1], q[1:]) * FPS / limits.SPEED_RAD_S
    assert share.max() < 1.15, "the limiter takes off the little that is over"


def features(label: str, person: str, seed: int) -> np.ndarray:
    """Posture in the hold, and how much of what moves at which rate."""
    definition = lexicon.find(label)
    drawn = variation.draw(definition, variation.style_of(person), np.random.default_rng(seed))
    if definition.sided:
        drawn = replace(drawn, side=-1.0)
    plan = drawn.plan("a", definition, 0.2)
    clip = performed(plan)
    turns = rot.log(clip.rotations[:, list(UPPER_BODY)].astype(np.float64)).reshape(len(clip), -1)
    motion = np.concatenate([turns, clip.hands.reshape(len(clip), -1)], axis=1)
    rates = np.abs(np.fft.rfft(motion - motion.mean(axis=0), axis=0))[1:18] / 8.0
    stroke = round(plan.run.stroke_s * FPS)
    return np.concatenate([3.0 * motion[stroke : stroke + 18].mean(axis=0), 2.0 * motion.mean(axis=0), rates.ravel()])


@pytest.mark.slow
@pytest.mark.computing
def test_whoever_performs_them_gestures_are_told_apart() -> None:
    known = [(label, features(label, f"p{person}", person)) for label in lexicon.LABELS for person in range(7)]
    table = np.stack([row for _, row in known])
    asked = [(label, features(label, f"q{person}", 100 + person)) for label in lexicon.LABELS for person in range(3)]
    nearest = [known[int(np.argmin(((table - row) ** 2).sum(axis=1)))][0] for _, row in asked]
    right = np.mean([label == found for (label, _), found in zip(asked, nearest, strict=True)])
    assert right >= 0.95
