"""The far line: what is played, at its session time, whatever rate and order it comes in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.far_line import FarLine, sample_at
from runtime.clock import NS_PER_MS


def tone(rate_hz: int, seconds: float, hz: float = 300.0) -> NDArray[np.int16]:
    return (10_000 * np.sin(2 * np.pi * hz * np.arange(round(rate_hz * seconds)) / rate_hz)).astype("<i2")


def push(line: FarLine, sound: NDArray[np.int16], rate_hz: int, t_ns: int, jitter_ms: float = 0.0) -> None:
    rng = np.random.default_rng(1)
    size = rate_hz // 25
    for first in range(0, len(sound), size):
        late_ns = round(rng.uniform(-jitter_ms, jitter_ms) * NS_PER_MS)
        line.push(sound[first : first + size].tobytes(), rate_hz, t_ns + first * 1_000_000_000 // rate_hz + late_ns)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 48_000])
@pytest.mark.parametrize("jitter_ms", [0.0, 5.0])
def test_sound_of_any_rate_stands_at_its_time_and_is_joined_without_a_seam(rate_hz: int, jitter_ms: float) -> None:
    line = FarLine()
    push(line, tone(rate_hz, 1.0), rate_hz, 2_000 * NS_PER_MS, jitter_ms)
    first = sample_at(2_000 * NS_PER_MS)
    found = line.read(first + 1_600, 8_000)
    wanted = tone(16_000, 1.0)[1_600:9_600] / 32_768
    lags = [float(np.corrcoef(found[200 + lag : 7_000 + lag], wanted[200:7_000])[0, 1]) for lag in range(-90, 91)]
    assert max(lags) > (0.998 if jitter_ms else 0.999), "one piece follows the other"
    if not jitter_ms:
        assert np.allclose(found[:7_000], wanted[:7_000], atol=0.02)


def test_what_is_not_known_is_silence() -> None:
    line = FarLine()
    assert not line.read(0, 512).any()
    push(line, tone(16_000, 0.2), 16_000, 1_000 * NS_PER_MS)
    push(line, tone(16_000, 0.2), 16_000, 1_500 * NS_PER_MS)
    assert line.read(sample_at(1_050 * NS_PER_MS), 512).any()
    assert not line.read(sample_at(1_250 * NS_PER_MS), 512).any(), "nothing was played between the two"
    assert line.read(sample_at(1_550 * NS_PER_MS), 512).any()
    assert not line.read(sample_at(1_750 * NS_PER_MS), 512).any()


def test_it_goes_round_without_bringing_back_the_past() -> None:
    line = FarLine()
    for second in range(0, 40, 2):
        push(line, tone(16_000, 1.0), 16_000, second * 1_000 * NS_PER_MS)
        assert line.read(sample_at((second * 1_000 + 400) * NS_PER_MS), 512).any()
        assert not line.read(sample_at((second * 1_000 + 1_400) * NS_PER_MS), 512).any()


def test_pieces_without_a_place_are_counted_and_left_out() -> None:
    line = FarLine()
    line.push(b"\1\0" * 160, 16_000, 60_000 * NS_PER_MS)
    line.push(b"\1\0" * 160, 0, 0)
    line.push(b"", 16_000, 0)
    assert not line.read(0, 512).any()
    assert line.lost == 2


def test_a_new_place_is_taken_at_once() -> None:
    line = FarLine()
    push(line, tone(22_050, 0.4), 22_050, 1_000 * NS_PER_MS)
    push(line, tone(22_050, 0.4), 22_050, 1_480 * NS_PER_MS)
    gap = line.read(sample_at(1_420 * NS_PER_MS), 640)
    assert not gap.any()
