"""Onset envelope and peaks: values that librosa 0.11 gave for one synthetic sound, and what any detector must do."""

import numpy as np
import pytest

from motion.evaluation.onsets import HOP, mel_filters, onset_strength, onsets, pick_peaks

RATE = 16_000


def clicks(times_s: list[float], seconds: float = 3.0) -> np.ndarray:
    """Decaying tones of rising pitch over a faint hum."""
    t = np.arange(int(seconds * RATE)) / RATE
    y = 0.001 * np.sin(2 * np.pi * 120 * t)
    for index, at in enumerate(times_s):
        rel = t - at
        y += (
            np.where(rel >= 0, np.exp(-np.maximum(rel, 0) / 0.06), 0)
            * 0.4
            * np.sin(2 * np.pi * (300 + 170 * index) * rel)
        )
    return y


TIMES = [0.4, 0.9, 1.25, 2.0, 2.6]


LIBROSA_FRAMES = [13, 14, 29, 30, 40, 41, 63, 64, 82, 83]
"""`librosa.onset.onset_detect(y=clicks(TIMES), sr=16000)`, librosa 0.11.0."""
LIBROSA_STRENGTH = {
    13: 12.0787,
    14: 12.5407,
    29: 21.3903,
    40: 24.2537,
    63: 17.4048,
    64: 14.9268,
    82: 24.3863,
    83: 9.9648,
}
"""The eight greatest values of `librosa.onset.onset_strength` for the same, by frame."""


def test_envelope_and_peaks_are_those_of_librosa() -> None:
    strength = onset_strength(clicks(TIMES))
    assert {frame: round(float(strength[frame]), 4) for frame in LIBROSA_STRENGTH} == pytest.approx(
        LIBROSA_STRENGTH, abs=2e-4
    )
    assert pick_peaks(strength).tolist() == LIBROSA_FRAMES


def test_every_sound_is_found_within_a_hop_or_two() -> None:
    found = onsets(clicks(TIMES))
    gaps = np.abs(found[:, None] - np.array(TIMES))
    # Its 30 ms of patience are less than one hop at 16 kHz, so librosa may report one sound in two frames running.
    assert gaps.min(axis=0).max() <= 2 * HOP / RATE and gaps.min(axis=1).max() <= 2 * HOP / RATE


def test_silence_and_a_steady_state_have_no_onset() -> None:
    assert onsets(np.zeros(RATE)).size == 0
    assert onset_strength(np.zeros(10)).shape == (1,), "shorter than one window"
    assert pick_peaks(np.full(50, 3.0)).size == 0


def test_loudness_does_not_matter() -> None:
    assert onsets(clicks(TIMES)).tolist() == onsets(0.2 * clicks(TIMES)).tolist()


def test_filters_are_triangles_of_equal_area_over_all_frequencies() -> None:
    filters = mel_filters(RATE)
    assert filters.shape == (128, 1025) and (filters >= 0).all() and (filters.sum(axis=1) > 0).all()
    # A wide triangle of area 1 Hz, sampled at 7.8 Hz
    assert np.allclose(filters[60:].sum(axis=1) * RATE / 2048, 1.0, atol=0.05)


def test_bad_audio_is_refused() -> None:
    with pytest.raises(ValueError, match="samples has shape"):
        onsets(np.zeros((2, 100)))
    with pytest.raises(ValueError, match="samples is not finite"):
        onsets(np.array([0.0, np.nan, 0.0]))
    with pytest.raises(ValueError, match="sample_rate_hz is 0"):
        onset_strength(np.zeros(100), 0)
