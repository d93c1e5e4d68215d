"""Both beat alignments against the published code written out in loops, and hands that beat on the onset or beside it."""

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d
from scipy.signal import argrelextrema

from motion.evaluation import beats

FPS = 30.0
JOINTS = 22


def stop_and_go(times_s: list[float], seconds: float = 12.0) -> np.ndarray:
    """All joints go at 0.5 m/s and slow down to 0.2 m/s at the given times: beats there [T, 22, 3]."""
    t = np.arange(int(seconds * FPS)) / FPS
    # It rises a little all the time, so that rounding makes no minima of its own.
    speed = 0.5 + 0.01 * t - 0.3 * sum(np.exp(-((t - at) ** 2) / (2 * 0.08**2)) for at in times_s)
    along = np.cumsum(speed) / FPS
    return np.repeat(along[:, None, None] * np.array([1.0, 0, 0]), JOINTS, axis=1)


def wander(seed: int, frames: int = 300) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return gaussian_filter1d(rng.normal(size=(frames, JOINTS, 3)), 4, axis=0) * 0.1


def test_local_minima_are_those_of_scipy() -> None:
    x = np.random.default_rng(0).normal(size=(200, 4)).cumsum(axis=0)
    x[50:60, 0] = x[50, 0]
    for order in (1, 3, 7):
        for column, found in enumerate(beats.local_minima(x, order)):
            assert found.tolist() == argrelextrema(x[:, column], np.less, order=order)[0].tolist()


def test_speed_is_that_of_the_code() -> None:
    p = wander(1, 40)
    dt = 1 / FPS
    first, last = (p[1:2] - p[:1]) / dt, (p[-1:] - p[-2:-1]) / dt
    wanted = np.linalg.norm(np.concatenate([first, (p[2:] - p[:-2]) / (2 * dt), last]), axis=2)
    assert np.allclose(beats.speeds(p, FPS), wanted)


def test_audio_form_agrees_with_the_published_code_in_loops() -> None:
    p = wander(2)
    onsets = np.sort(np.random.default_rng(3).uniform(0, 9.9, 25))
    speed = beats.speeds(p, FPS)
    normal = speed / speed.mean(axis=0)
    total = 0.0
    for joint in beats.UPPER_BODY:
        (rows,) = argrelextrema(normal[:, joint], np.less, order=7)
        times = [row / FPS for row in rows if normal[row, joint] > 0.3]
        total += sum(math.exp(-min((t - on) ** 2 for t in times) / (2 * 0.3**2)) for on in onsets) / len(onsets)
    assert beats.beat_align_audio(p, FPS, onsets) == pytest.approx(total / 13)


def test_motion_form_agrees_with_the_published_code_in_loops() -> None:
    p = wander(4)
    onsets = np.sort(np.random.default_rng(5).uniform(0, 10, 12))
    mean = beats.speeds(p, FPS)[:, list(beats.UPPER_BODY)].mean(axis=1)
    (rows,) = argrelextrema(gaussian_filter1d(mean, 2.5), np.less)
    assert np.allclose(beats.motion_beats(p, FPS), rows / FPS)
    wanted = sum(math.exp(-min((row / FPS - on) ** 2 for on in onsets) / (2 * 0.1**2)) for row in rows) / len(rows)
    assert beats.beat_align_motion(p, FPS, onsets) == pytest.approx(wanted)


def test_beats_on_the_onset_score_higher_than_beats_beside_it() -> None:
    times = [1.5, 3.0, 4.6, 6.1, 8.0, 9.4]
    p = stop_and_go(times)
    for score in (beats.beat_align_audio, beats.beat_align_motion):
        scores = [score(p, FPS, np.array(times) + shift) for shift in (0.0, 0.15, 0.3, 0.5)]
        assert scores[0] > 0.9 and scores == sorted(scores, reverse=True)


def test_missing_beats_cost_in_one_form_and_spurious_beats_in_the_other() -> None:
    onsets = [1.5, 3.0, 4.6, 6.1, 8.0, 9.4]
    few, many = stop_and_go(onsets[::3]), stop_and_go(sorted([*onsets, 2.2, 3.8, 5.3, 7.0, 8.7]))
    assert beats.beat_align_audio(few, FPS, onsets) < 0.6 < 0.9 < beats.beat_align_motion(few, FPS, onsets)
    assert beats.beat_align_motion(many, FPS, onsets) < 0.7 < 0.9 < beats.beat_align_audio(many, FPS, onsets)


def test_the_reference_speed_keeps_a_nearly_still_body_from_scoring() -> None:
    p = stop_and_go([2.0, 4.0, 6.0]) * 1e-3
    reference = np.full(JOINTS, 0.4)
    assert beats.beat_align_audio(p, FPS, [2.0, 4.0, 6.0]) > 0.9
    assert beats.beat_align_audio(p, FPS, [2.0, 4.0, 6.0], reference) == 0.0


def test_what_cannot_be_scored_is_nan_and_never_a_number() -> None:
    still = np.ones((100, JOINTS, 3))
    assert beats.beat_align_audio(still, FPS, [1.0, 2.0]) == 0.0, "onsets without any beat"
    assert math.isnan(beats.beat_align_motion(still, FPS, [1.0, 2.0])), "no beat to be asked about"
    assert math.isnan(beats.beat_align_audio(wander(6), FPS, []))
    assert math.isnan(beats.beat_align_audio(wander(6), FPS, [100.0])), "an onset after the clip's end"


def test_short_and_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        beats.speeds(wander(7)[:2], FPS)
    with pytest.raises(ValueError, match="onsets_s is not finite"):
        beats.beat_align_motion(wander(7), FPS, [0.0, np.nan])
    assert 0.0 <= beats.beat_align_audio(wander(7)[:5], FPS, [0.1]) <= 1.0
    assert math.isnan(beats.beat_align_motion(np.ones((3, JOINTS, 3)), FPS, [0.0]))
