"""The warp of time: within its bound whatever is wished, on the mark where the bound allows it, and nothing at the ends."""

import numpy as np
import pytest

from motion.corpus.pairing.warp import RATE_BOUND, Warp, plan, warped

from .conftest import make_material


@pytest.mark.parametrize("seed", range(30))
def test_the_rate_never_departs_by_more_than_the_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    strokes = np.sort(rng.uniform(0, 20, int(rng.integers(0, 60))))
    wishes = np.sort(strokes + rng.normal(0, 0.3, len(strokes)))
    warp = plan(20.0, strokes.tolist(), wishes.tolist(), rng.uniform(0.1, 2.0, len(strokes)).tolist())
    assert np.abs(warp.rate() - 1.0).max() <= RATE_BOUND + 1e-9
    assert warp.at(0.0) == pytest.approx(0.0) and warp.at(20.0) == pytest.approx(20.0, abs=1e-6)


def test_a_stroke_comes_to_its_wish_within_a_third_of_a_frame() -> None:
    strokes, wishes = [2.0, 5.0, 9.0], [2.1, 4.95, 9.12]
    warp = plan(12.0, strokes, wishes, [1.0, 1.0, 1.0])
    assert warp.inverse(strokes) == pytest.approx(wishes, abs=0.011)
    assert warp.at(warp.inverse(strokes)) == pytest.approx(strokes, abs=1e-6), "the inverse is one"


def test_of_two_wishes_that_exclude_each_other_the_weightier_is_kept() -> None:
    strokes, wishes = [5.0, 5.4], [5.15, 5.25]
    first, second = (plan(10.0, strokes, wishes, weights).inverse(strokes) for weights in ([5.0, 0.1], [0.1, 5.0]))
    assert abs(first[0] - wishes[0]) < 0.02 < abs(first[1] - wishes[1])
    assert abs(second[1] - wishes[1]) < 0.02 < abs(second[0] - wishes[0])


def test_the_rate_changes_without_corners() -> None:
    warp = plan(10.0, [3.0, 6.0], [3.15, 5.9], [1.0, 1.0])
    assert np.abs(np.diff(warp.rate())).max() < 0.03, "per 1/120 s"


def test_no_wish_is_no_change() -> None:
    clip = make_material("a", 1).clip
    again = warped(clip, plan(clip.duration_s, [], [], []))
    assert np.allclose(again.rotations, clip.rotations, atol=1e-6) and len(again) == len(clip)


def test_a_clip_is_played_along_the_warp() -> None:
    clip = make_material("a", 1).clip
    grid = np.arange(0.0, clip.duration_s, 1 / 120)
    late = Warp(grid, grid - 0.1 * np.clip(grid - 1.0, 0.0, 1.0) * np.clip(clip.duration_s - 1.0 - grid, 0.0, 1.0))
    moved = warped(clip, late)
    assert np.allclose(moved.rotations[93], clip.rotations[90], atol=1e-5), "at 3.1 s it shows what was at 3.0 s"


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one of each"):
        plan(10.0, [1.0], [], [])
