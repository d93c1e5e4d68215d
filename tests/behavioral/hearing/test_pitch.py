"""Pitch from blocks, and the speaker's distribution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.pitch import PitchTracker, SpeakerPitch

BLOCK_NS = 32_000_000


def track(samples: NDArray[np.float32]) -> list[tuple[int, float]]:
    tracker = PitchTracker()
    blocks = [samples[start : start + 512] for start in range(0, len(samples) - 511, 512)]
    return [(f.t_ns, f.f0_hz) for i, block in enumerate(blocks) for f in tracker.push(block, i * BLOCK_NS)]


@pytest.mark.parametrize("f0_hz", [65.0, 80.0, 110.0, 180.0, 250.0, 400.0, 480.0])
def test_a_steady_voice_has_its_pitch(voice: Callable[..., NDArray[np.float32]], f0_hz: float) -> None:
    settled = [f0 for _, f0 in track(voice(f0_hz))[4:]]
    assert settled == pytest.approx([f0_hz] * len(settled), rel=0.01)


def test_a_glide_is_dated_to_the_middle_of_the_window(voice: Callable[..., NDArray[np.float32]]) -> None:
    for t_ns, f0_hz in track(voice(100, 200))[6:]:
        assert f0_hz == pytest.approx(100 + 100 * t_ns / 1e9, rel=0.02)


@pytest.mark.parametrize("gain", [0.0, 1e-4])
def test_silence_and_a_whisper_of_noise_are_unvoiced(gain: float) -> None:
    noise = np.random.default_rng(1).normal(0, 1, 16_000).astype(np.float32) * np.float32(gain)
    assert all(f0 == 0 for _, f0 in track(noise))


def test_white_noise_is_mostly_unvoiced() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
    assert np.mean([f0 > 0 for _, f0 in track(noise)]) < 0.05


def test_reset_forgets_what_came_before_a_gap(voice: Callable[..., NDArray[np.float32]]) -> None:
    tracker = PitchTracker()
    for index in range(4):
        tracker.push(voice(150)[:512], index * BLOCK_NS)
    tracker.reset()
    assert [frame.f0_hz for frame in tracker.push(np.zeros(512, np.float32), 0)] == [0.0, 0.0]


def test_percentiles_of_a_speaker() -> None:
    speaker = SpeakerPitch()
    assert speaker.percentile_hz(26) == 0.0
    for _ in range(20):
        for f0_hz in (100.0, 120.0, 140.0, 160.0):
            speaker.push(f0_hz)
    assert speaker.percentile_hz(10) == pytest.approx(100, rel=0.02)
    assert speaker.percentile_hz(60) == pytest.approx(140, rel=0.02)


def test_a_speaker_who_is_replaced_is_forgotten() -> None:
    speaker = SpeakerPitch(half_life_s=1.0)
    for f0_hz in [90.0] * 200 + [220.0] * 400:
        speaker.push(f0_hz)
    assert speaker.percentile_hz(26) == pytest.approx(220, rel=0.02)
