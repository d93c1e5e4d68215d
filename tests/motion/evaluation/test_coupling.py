"""Coupling of motion and speech: found where it was put in, with its lag, and not found where it was not."""

import numpy as np
import pytest

from motion.evaluation.coupling import coupling

FPS = 30.0


def pairs(share: float, lag: int = 0, clips: int = 8, seed: int = 0) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Onset strengths, and speeds of which a share follows them `lag` frames later."""
    rng = np.random.default_rng(seed)
    speeds, strengths = [], []
    for _ in range(clips):
        e = np.convolve(rng.exponential(size=340) * (rng.random(340) < 0.15), np.hanning(5), mode="same")[20:320]
        own = np.convolve(rng.normal(size=340), np.hanning(9), mode="same")[20:320]
        speeds.append(share * np.roll(e, lag) / e.std() + (1 - share) * own / own.std() + 3.0)
        strengths.append(e)
    return speeds, strengths


def test_a_perfect_copy_correlates_by_one_at_its_lag() -> None:
    for lag in (-6, 0, 4):
        found = coupling(*pairs(1.0, lag), FPS)
        assert found is not None
        assert found.correlation == pytest.approx(1.0) and found.lag_s == pytest.approx(lag / FPS)
        assert found.z > 10 and found.p == pytest.approx(1 / 401)


def test_correlation_is_that_of_numpy() -> None:
    speeds, strengths = pairs(0.5, 3, clips=1)
    found = coupling(speeds, strengths, FPS)
    assert found is not None
    assert found.correlation == pytest.approx(np.corrcoef(np.roll(speeds[0], -3), strengths[0])[0, 1])


def test_a_weak_coupling_is_found_and_another_speech_has_none() -> None:
    speeds, strengths = pairs(0.25, -4, clips=16)
    matched = coupling(speeds, strengths, FPS)
    other = coupling(speeds, strengths[1:] + strengths[:1], FPS)
    assert matched is not None and other is not None
    assert matched.z > 4 and matched.p < 0.01 and matched.lag_s == pytest.approx(-4 / FPS)
    assert abs(other.z) < 3 and other.correlation < 0.5 * matched.correlation


def test_chance_is_judged_as_chance() -> None:
    ps = [found.p for seed in range(20) if (found := coupling(*pairs(0.0, seed=seed), FPS, draws=100))]
    assert len(ps) == 20 and 0.2 < np.mean(ps) < 0.8 and sum(p < 0.05 for p in ps) <= 4


def test_it_is_deterministic_and_does_not_see_scale() -> None:
    speeds, strengths = pairs(0.3)
    a, b = coupling(speeds, strengths, FPS), coupling([5 * v + 1 for v in speeds], [0.1 * e for e in strengths], FPS)
    assert a is not None and b is not None and a.correlation == pytest.approx(b.correlation) and a.p == b.p


def test_short_still_and_silent_clips_say_nothing_and_broken_ones_are_refused() -> None:
    speeds, strengths = pairs(0.5, clips=1)
    assert coupling([speeds[0][:60]], [strengths[0][:60]], FPS) is None
    assert coupling([np.ones(300)], strengths, FPS) is None
    assert coupling(speeds, [np.zeros(300)], FPS) is None
    assert coupling([], [], FPS) is None
    broken = speeds[0].copy()
    broken[4] = np.nan
    with pytest.raises(ValueError, match=r"speeds_mps\[0\] is not finite"):
        coupling([broken], strengths, FPS)
    with pytest.raises(ValueError, match=r"strengths\[0\] has shape"):
        coupling(speeds, [strengths[0][:-1]], FPS)
