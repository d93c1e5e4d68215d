"""Fréchet distance against scipy's matrix root, density and coverage against loops, and what they must not change under."""

import numpy as np
import pytest
from scipy import linalg

from motion.evaluation.frechet import density_and_coverage, frechet_distance, gaussian


def features(seed: int, rows: int = 400, d: int = 12) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)


def test_a_set_is_at_no_distance_from_itself_and_covers_itself() -> None:
    x = features(0)
    assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-9)
    spread = density_and_coverage(x, x)
    assert spread.coverage == 1.0 and spread.density >= 1.0


def test_distance_by_hand_in_one_dimension() -> None:
    # Two points at +-a have unbiased deviation a * sqrt 2: (1 - 3)^2 + (sqrt2 - 2 sqrt2)^2
    assert frechet_distance([[0.0], [2.0]], [[1.0], [5.0]]) == pytest.approx(4.0 + 2.0)


def test_distance_agrees_with_the_textbook_formula_through_scipy() -> None:
    x, y = features(1), features(2, 300)
    a, b = gaussian(x), gaussian(y)
    root = linalg.sqrtm(a.covariance @ b.covariance).real
    wanted = np.sum((a.mean - b.mean) ** 2) + np.trace(a.covariance + b.covariance - 2 * root)
    assert frechet_distance(x, y) == pytest.approx(wanted, rel=1e-8)


def test_distance_is_symmetric_and_does_not_change_under_rotation_and_shift() -> None:
    x, y = features(3), features(4)
    turn, _ = np.linalg.qr(np.random.default_rng(5).normal(size=(12, 12)))
    assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x))
    assert frechet_distance(x @ turn + 3, y @ turn + 3) == pytest.approx(frechet_distance(x, y))


def test_fewer_samples_than_dimensions_stay_finite_and_real() -> None:
    x, y = features(6, 5, 40), features(7, 6, 40)
    assert np.isfinite(frechet_distance(x, y)) and frechet_distance(x, y) > 0
    constant = np.ones((10, 40))
    assert frechet_distance(constant, constant) == 0.0


def test_density_and_coverage_agree_with_loops() -> None:
    x, y = features(8, 60, 3), features(9, 40, 3)
    k, inside, covered = 4, 0, 0
    for i in range(len(x)):
        radius = sorted(np.linalg.norm(x[j] - x[i]) for j in range(len(x)) if j != i)[k - 1]
        hits = sum(np.linalg.norm(other - x[i]) <= radius for other in y)
        inside += hits
        covered += hits > 0
    spread = density_and_coverage(x, y, k)
    assert spread.density == pytest.approx(inside / (k * len(y)))
    assert spread.coverage == pytest.approx(covered / len(x))


def test_collapse_keeps_density_and_loses_coverage() -> None:
    x = features(10)
    one = np.repeat(x[np.argmin(np.linalg.norm(x - x.mean(axis=0), axis=1))][None], 200, axis=0)
    spread = density_and_coverage(x, one)
    assert spread.coverage < 0.3 and spread.density > 0.5
    assert density_and_coverage(x, x + 1e3).coverage == 0.0


def test_bad_features_are_refused_by_name() -> None:
    x = features(11)
    broken = x.copy()
    broken[7, 0] = np.nan
    with pytest.raises(ValueError, match=r"generated is not finite in 1 of 400 rows, first in row 7"):
        frechet_distance(x, broken)
    with pytest.raises(ValueError, match="12 and 5 dimensions"):
        frechet_distance(x, x[:, :5])
    with pytest.raises(ValueError, match="at least 6"):
        density_and_coverage(x[:5], x)
    with pytest.raises(ValueError, match="at least 2"):
        frechet_distance(x[:1], x)
