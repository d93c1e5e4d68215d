"""The curve through control points: what it reproduces, how smooth it is, and that settled frames stay settled."""

from __future__ import annotations

import numpy as np
import pytest

from motion.tokens import spline


def test_a_smooth_signal_survives_fitting_and_a_jitter_of_single_frames_does_not() -> None:
    t = np.arange(90) / 30.0
    smooth = np.stack([np.sin(2 * np.pi * 2.0 * t), np.cos(2 * np.pi * 0.5 * t)], axis=1)
    back = spline.evaluate(spline.fit(smooth), 0, 90)
    assert np.abs(back - smooth).max() < 0.01

    jitter = np.where(np.arange(90) % 2, 1.0, -1.0)[:, None]
    assert np.abs(spline.evaluate(spline.fit(jitter), 0, 90)[4:-4]).max() < 0.35


@pytest.mark.parametrize("frames", [1, 2, 3, 30, 31])
def test_points_of_a_clip_settle_all_its_frames(frames: int) -> None:
    points = spline.fit(np.zeros((frames, 1)))
    assert len(points) == spline.points_for(frames)
    assert spline.frames_of(len(points)) >= frames


def test_further_points_change_no_settled_frame() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(20, 3))
    settled = spline.frames_of(12)
    whole = spline.evaluate(points)[:settled]
    assert (spline.evaluate(points[:12]) == whole).all()


def test_frames_that_are_not_settled_are_refused() -> None:
    with pytest.raises(ValueError, match="settle frames 0 to 6"):
        spline.evaluate(np.zeros((6, 1)), 0, 8)


def test_position_velocity_and_acceleration_are_continuous_for_any_points() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(12, 1))
    fine = 1e-4
    at = 8.0
    values = spline.evaluate_at(points, np.array([at - 2 * fine, at - fine, at, at + fine, at + 2 * fine]))[:, 0]
    before = (values[2] - 2 * values[1] + values[0]) / fine**2
    after = (values[4] - 2 * values[3] + values[2]) / fine**2
    assert abs(before - after) < 0.01 * max(1.0, abs(before))
