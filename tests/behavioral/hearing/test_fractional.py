"""Sound between its samples: where it is asked for, as it was, and without a seam."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.far_line import FarLine
from behavioral.hearing.fractional import AFTER, BEFORE, STRETCH_MAX, Stretch, between, stretch_for
from runtime.clock import NS_PER_S


def tone(positions: NDArray[np.float64], hz: float) -> NDArray[np.float32]:
    return np.sin(2 * np.pi * hz * positions / 16_000).astype(np.float32)


def error_db(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean((found - wanted) ** 2) / np.mean(wanted**2)))


@pytest.mark.parametrize("hz", [200.0, 1_000.0, 4_000.0, 6_000.0])
def test_a_tone_is_found_between_its_samples(hz: float) -> None:
    samples = tone(np.arange(1_200.0), hz)
    found = between(samples, 20.37, 1.0002, 1_000)
    assert error_db(found, tone(20.37 + 1.0002 * np.arange(1_000), hz)) < -40.0


def test_just_as_much_is_needed_as_is_said() -> None:
    samples = tone(np.arange(BEFORE + 1.0 + AFTER), 500.0)
    assert between(samples, float(BEFORE), 1.0, 1)[0] == pytest.approx(samples[BEFORE], abs=1e-3)


def test_an_undisturbed_stream_comes_out_bit_by_bit() -> None:
    rng = np.random.default_rng(1)
    samples = rng.standard_normal(5_000).astype(np.float32)
    stretch = Stretch()
    pieces = [stretch.push(piece, 1.0) for piece in np.array_split(samples, 37)]
    assert np.array_equal(np.concatenate([*pieces, stretch.flush()]), samples)


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_a_stretched_stream_has_no_seams_and_the_right_length(ppm: float) -> None:
    factor = 1 + ppm * 1e-6
    samples = tone(np.arange(160_000.0), 440.0)
    stretch = Stretch()
    sizes = np.random.default_rng(2).integers(0, 900, 400)
    out = np.concatenate([stretch.push(piece, factor) for piece in np.split(samples, np.cumsum(sizes)) if piece.size])
    assert abs(out.size - 160_000 * factor) <= AFTER + 2
    assert error_db(out[100:], tone(np.arange(100.0, out.size) / factor, 440.0)) < -40.0


def test_what_rounding_makes_is_left_alone_and_nothing_is_stretched_beyond_measure() -> None:
    assert stretch_for(0.6) == stretch_for(-1.0) == 1.0
    assert 1.0 < stretch_for(3.0) < 1.0 + STRETCH_MAX == stretch_for(1e9)
    assert stretch_for(-1e9) == 1.0 - STRETCH_MAX


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_the_far_line_keeps_a_drifting_device_at_its_times(ppm: float) -> None:
    """A minute would put its end off by 12 ms; it is read where it sounds."""
    line = FarLine()
    hz, size = 22_050, 256
    rng = np.random.default_rng(5)
    sound = (8_000 * rng.standard_normal(66 * hz) / 3).astype("<i2")
    sound[: 60 * hz] = 0
    for first in range(0, sound.size - size, size):
        t_ns = round(first / hz / (1 + ppm * 1e-6) * NS_PER_S)
        line.push(sound[first : first + size].tobytes(), hz, t_ns)
        if first % (100 * size) == 0:
            line.read(t_ns * 16_000 // NS_PER_S, 512)
    at = 62 * 16_000
    read = line.read(at, 8_192)
    wanted = np.interp((at + np.arange(-400, 8_592)) / 16_000 * (1 + ppm * 1e-6) * hz, np.arange(sound.size), sound)
    likeness = np.correlate(wanted, read, "valid")
    assert abs(int(np.argmax(likeness)) - 400) <= 8, "within half a millisecond"
