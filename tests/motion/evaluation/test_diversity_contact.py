"""Diversity by hand, feet that stand, lift and slide."""

import numpy as np
import pytest

from motion.clip import rest_rotations
from motion.evaluation.contact import contact_error, contact_share, in_contact, skate_rate, soles
from motion.evaluation.diversity import l1_diversity
from motion.skeleton import NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS

FPS = 30.0


def standing(frames: int = 60) -> np.ndarray:
    return soles(np.repeat(rest_rotations()[None], frames, axis=0), np.zeros((frames, 3)))


def test_diversity_by_hand() -> None:
    a = np.zeros((2, 1, 3))
    a[1, 0] = (2.0, 0.0, 4.0)  # each frame is 1 and 2 from the mean
    b = np.full((4, 1, 3), 7.0)
    assert l1_diversity([a]) == pytest.approx(3.0)
    assert l1_diversity([a, b]) == pytest.approx(6.0 / 6), "a still clip counts by its frames"


def test_diversity_is_of_each_clip_around_its_own_mean() -> None:
    x = np.random.default_rng(0).normal(size=(50, 22, 3))
    flat = x.reshape(50, -1)
    assert l1_diversity([x, x + 100.0]) == pytest.approx(np.abs(flat - flat.mean(axis=0)).sum() / 50)


def test_at_rest_both_soles_lie_on_the_floor() -> None:
    points = standing(1)
    assert np.allclose(points[..., 1], 0.0, atol=1e-9)
    assert points[0, 0, 0, 2] < points[0, 0, 2, 2] < points[0, 0, 1, 2], "heel, small toe, big toe from back to front"
    assert points[0, 0, 1, 0] < points[0, 0, 2, 0] and np.allclose(points[0, 1, :, 0], -points[0, 0, :, 0])


def test_the_neutral_pose_stands() -> None:
    points = soles(np.repeat(NEUTRAL_ROTATIONS[None], 10, axis=0), np.repeat([NEUTRAL_HIPS_M], 10, axis=0))
    assert contact_share(points, FPS) == 1.0


def test_a_lifted_foot_and_a_moving_foot_do_not_stand() -> None:
    points = standing()
    points[20:40, 0, :, 1] += 0.2
    points[:, 1, :, 0] += np.arange(60)[:, None] * 0.005  # 0.15 m/s
    contact = in_contact(points, FPS)
    assert not contact[:, 1].any() and not contact[20:40, 0].any() and contact[:20, 0].all()
    assert contact_share(points, FPS) == pytest.approx(40 / 60)
    assert contact_error(standing(), points, FPS) == pytest.approx(20 / 60)


def test_two_points_are_enough_for_contact() -> None:
    points = standing()
    points[:, :, 0, 1] += 0.1  # heels up
    assert contact_share(points, FPS) == 1.0
    points[:, :, 1, 1] += 0.1
    assert contact_share(points, FPS) == 0.0


def test_skating_is_fast_and_low() -> None:
    slow, fast, high = standing(), standing(), standing()
    slow[..., 0] += np.arange(60)[:, None, None] * 0.4 / FPS
    fast[..., 0] += np.arange(60)[:, None, None] * 0.6 / FPS
    high[..., 0] += np.arange(60)[:, None, None] * 0.6 / FPS
    high[..., 1] += 0.06
    assert (skate_rate(slow, FPS), skate_rate(fast, FPS), skate_rate(high, FPS)) == (0.0, 1.0, 0.0)


def test_bad_input_is_refused() -> None:
    broken = standing()
    broken[3, 0, 0, 0] = np.nan
    for measure in (contact_share, skate_rate):
        with pytest.raises(ValueError, match="points_m is not finite"):
            measure(broken, FPS)
        with pytest.raises(ValueError, match="at least 2"):
            measure(standing(1), FPS)
    with pytest.raises(ValueError, match=r"clips\[1\]"):
        l1_diversity([np.zeros((3, 2, 3)), np.full((3, 2, 3), np.nan)])
    with pytest.raises(ValueError, match="no clips"):
        l1_diversity([])
