"""Jerk against closed forms and scipy, smoothness of known moves, and seams that were put in on purpose."""

import numpy as np
import pytest

from motion.evaluation.smoothness import boundary_jerk_ratio, jerk, ldlj, mean_jerk, mean_ldlj, relative_ldlj

FPS = 30.0


def minimum_jerk(frames: int, fps: float, reach_m: float = 0.4) -> np.ndarray:
    """One straight minimum-jerk move [T, 1, 3] that fills the time."""
    x = np.arange(frames) / (frames - 1)
    along = reach_m * (10 * x**3 - 15 * x**4 + 6 * x**5)
    return along[:, None, None] * np.array([0.6, 0.0, 0.8])


def wander(frames: int, seed: int = 0, joints: int = 3) -> np.ndarray:
    """A sum of slow sines [T, joints, 3]."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / FPS
    waves = sum(
        rng.normal(size=(joints, 3)) * 0.05 * np.sin(2 * np.pi * hz * t[:, None, None] + rng.uniform(0, 6, (joints, 3)))
        for hz in (0.3, 0.7, 1.1)
    )
    return np.asarray(waves)


def test_jerk_of_a_cubic_is_its_third_derivative() -> None:
    t = np.arange(50) / FPS
    p = np.stack([t**3, 2 * t**3, -2 * t**3], axis=-1)[:, None]
    assert np.allclose(jerk(p, FPS), 6 * 3.0)
    assert mean_jerk(p, FPS) == pytest.approx(18.0)


def test_a_minimum_jerk_move_has_its_known_smoothness() -> None:
    # The integral of the squared jerk is 720 D^2 / T^5 (Flash and Hogan 1985).
    assert ldlj(minimum_jerk(2000, 1000.0), 1000.0)[0] == pytest.approx(-np.log(720.0), abs=0.02)
    assert ldlj(minimum_jerk(60, FPS), FPS)[0] == pytest.approx(-np.log(720.0), abs=0.3)


def test_smoothness_does_not_depend_on_size_or_tempo_of_a_move() -> None:
    a = ldlj(minimum_jerk(90, 30.0, 0.4), 30.0)[0]
    assert ldlj(minimum_jerk(90, 30.0, 0.1), 30.0)[0] == pytest.approx(a)
    assert ldlj(minimum_jerk(90, 90.0, 0.4), 90.0)[0] == pytest.approx(a)


def test_nothing_is_smoother_than_minimum_jerk_and_jitter_is_worse() -> None:
    p = minimum_jerk(120, 60.0)
    x = np.linspace(0, 1, 120)
    other = p[-1] * (3 * x**2 - 2 * x**3)[:, None, None]
    assert ldlj(other, 60.0)[0] > ldlj(p, 60.0)[0] - 0.6, "a cubic is near, for it starts with a jump in acceleration"
    noisy = p + np.random.default_rng(0).normal(0, 0.002, p.shape)
    assert ldlj(noisy, 60.0)[0] < ldlj(p, 60.0)[0] - 3.0


def test_relative_smoothness_is_zero_for_the_same_and_positive_for_the_jerkier() -> None:
    real = [wander(60, seed) for seed in range(6)]
    rng = np.random.default_rng(1)
    noisy = [clip + rng.normal(0, 0.003, clip.shape) for clip in real]
    assert relative_ldlj(real, real, FPS) == 0.0
    assert relative_ldlj(real, noisy, FPS) > 1.0
    assert relative_ldlj(noisy, real, FPS) < -1.0


def test_a_body_at_rest_has_no_smoothness() -> None:
    still = np.ones((60, 3, 3))
    assert np.isnan(ldlj(still, FPS)).all() and np.isnan(mean_ldlj([still], FPS))
    half = wander(60)
    half[:, 1] = half[:1, 1]
    values = ldlj(half, FPS)
    assert np.isnan(values[1]) and mean_ldlj([half], FPS) == pytest.approx(values[[0, 2]].mean())


def test_a_seam_raises_the_jerk_around_it_only() -> None:
    p = wander(600)
    seams = [150, 300, 450]
    assert boundary_jerk_ratio(p, FPS, seams) == pytest.approx(1.0, abs=0.25)
    for seam in seams:
        p[seam:] += 0.02
    assert boundary_jerk_ratio(p, FPS, seams, around=1) > 5.0
    assert boundary_jerk_ratio(p, FPS, [80, 220, 520], around=5) < 1.3, "away from the seams nothing shows"


def test_seams_that_leave_nothing_to_compare_with_are_refused() -> None:
    p = wander(60)
    with pytest.raises(ValueError, match="no frame lies elsewhere"):
        boundary_jerk_ratio(p, FPS, list(range(0, 60, 6)), around=5)
    with pytest.raises(ValueError, match="frames 0 to 59"):
        boundary_jerk_ratio(p, FPS, [60])
    with pytest.raises(ValueError, match="at least one boundary"):
        boundary_jerk_ratio(p, FPS, [])


def test_short_broken_and_unequal_clips_are_refused() -> None:
    with pytest.raises(ValueError, match="positions_m has 3 rows; at least 4"):
        jerk(wander(3), FPS)
    broken = wander(30)
    broken[12, 1, 2] = np.inf
    with pytest.raises(ValueError, match="first in row 12"):
        ldlj(broken, FPS)
    with pytest.raises(ValueError, match="fps is 0"):
        jerk(wander(30), 0)
    with pytest.raises(ValueError, match="cut them to one length"):
        mean_ldlj([wander(30), wander(40)], FPS)
    with pytest.raises(ValueError, match="differ in length"):
        relative_ldlj([wander(30)], [wander(40)], FPS)
    with pytest.raises(ValueError, match="no clips"):
        mean_ldlj([], FPS)
