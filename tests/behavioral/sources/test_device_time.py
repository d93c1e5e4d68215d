"""Session times of a device's samples: no jitter, no drift, lost sound made up for."""

from __future__ import annotations

import numpy as np
import pytest

from behavioral.sources.device_time import DeviceTime
from runtime.clock import NS_PER_MS, NS_PER_S

BLOCK = 512
PERIOD_S = BLOCK / 16_000


def errors_ms(
    true_s: np.ndarray[tuple[int], np.dtype[np.float64]], late_s: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    times = DeviceTime(16_000)
    times.begin(round((true_s[0] + late_s[0]) * NS_PER_S))
    placed = [times.place(round((at + late) * NS_PER_S), BLOCK) for at, late in zip(true_s, late_s, strict=True)]
    return np.array(placed) / NS_PER_MS - 1e3 * true_s


@pytest.mark.parametrize("drift_ppm", [-200.0, 0.0, 200.0])
def test_an_hour_of_drift_and_jitter_leaves_less_than_a_millisecond(drift_ppm: float) -> None:
    rng = np.random.default_rng(2)
    true_s = np.arange(round(3_600 / PERIOD_S)) * PERIOD_S * (1 - drift_ppm * 1e-6)
    late_s = rng.exponential(0.01, len(true_s))
    error = errors_ms(true_s, late_s)[200:]
    assert np.abs(error).max() < 1.0
    assert np.abs(np.diff(error[400:])).max() < 0.3, "no steps, though calls are late by tens of milliseconds"


@pytest.mark.parametrize("drift_ppm", [-200.0, 0.0, 200.0])
def test_the_drift_is_told_once_it_is_known(drift_ppm: float) -> None:
    rng = np.random.default_rng(3)
    true_s = np.arange(round(120 / PERIOD_S)) * PERIOD_S / (1 + drift_ppm * 1e-6)
    times = DeviceTime(16_000)
    told = []
    for at_s in true_s:
        times.place(round((at_s + rng.exponential(0.004)) * NS_PER_S), BLOCK)
        told.append(times.drift_ppm)
    assert not any(told[: round(5.0 / PERIOD_S)]), "five seconds tell nothing"
    assert np.allclose(told[round(30.0 / PERIOD_S) :], drift_ppm, atol=15.0)
    assert told[-1] == pytest.approx(drift_ppm, abs=3.0)


def test_another_device_is_learned_anew() -> None:
    times = DeviceTime(16_000)
    for drift_ppm, begin_s in ((200.0, 0.0), (-200.0, 1_000.0)):
        times.begin(round(begin_s * NS_PER_S))
        assert times.drift_ppm == 0.0
        for count in range(round(60 / PERIOD_S)):
            times.place(round((begin_s + count * PERIOD_S / (1 + drift_ppm * 1e-6)) * NS_PER_S), BLOCK)
        assert times.drift_ppm == pytest.approx(drift_ppm, abs=5.0)


def test_a_burst_after_a_pause_is_not_moved() -> None:
    true_s = np.arange(1_000) * PERIOD_S
    late_s = np.full(1_000, 0.001)
    late_s[500:525] = 0.8 - (np.arange(25) * PERIOD_S)
    assert np.abs(errors_ms(true_s, late_s)).max() < 1.5


def test_lost_sound_is_made_up_for_within_two_windows() -> None:
    true_s = np.arange(1_000) * PERIOD_S
    true_s[300:] += 0.4
    error = errors_ms(true_s, np.zeros(1_000))
    assert error[300] == pytest.approx(-400.0, abs=1.0)
    assert np.abs(error[300 + round(2.1 / PERIOD_S) :]).max() < 1.0


def test_an_output_that_ran_empty_goes_on_later_and_its_refilling_burst_keeps_its_order() -> None:
    times = DeviceTime(16_000, window_s=0.3)
    calls_ms = [32.0 * n for n in range(20)]
    calls_ms += [740.0, 741.0, 742.0]  # 100 ms late, then three at once: the buffer had held 64 ms
    calls_ms += [776.0 + 32 * n for n in range(60)]
    placed = [times.place(round(at * NS_PER_MS), BLOCK) / NS_PER_MS for at in calls_ms]
    assert np.all(np.diff(placed) >= 32.0), "no piece lies over another"
    assert placed[-1] == pytest.approx(calls_ms[-1], abs=1.0)
    assert placed[45] == pytest.approx(calls_ms[45], abs=1.0), "two windows later"


def test_a_time_never_lies_after_the_moment_of_the_call() -> None:
    times = DeviceTime(16_000)
    times.begin(500 * NS_PER_MS)
    assert times.place(480 * NS_PER_MS, BLOCK) == 480 * NS_PER_MS


def test_made_up_samples_take_their_time() -> None:
    times = DeviceTime(16_000, 100)
    assert times.skip(16_000) == 100
    assert times.next_ns == 100 + NS_PER_S
