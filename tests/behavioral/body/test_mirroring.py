"""Mirroring: later, smaller, steady, fading; face, lean and tilt."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from behavioral.body.mirroring import Mirrored, Mirroring
from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS

STEP_S = 0.02
SETTINGS = ListenerSettings()
HAPPY, SAD, ANGRY, SURPRISED = (EXPRESSIONS.index(name) for name in ("happy", "sad", "angry", "surprised"))


def run(mirroring: Mirroring, start_s: float, length_s: float) -> list[Mirrored]:
    return [mirroring.tick(start_s + i * STEP_S) for i in range(round(length_s / STEP_S))]


def felt(valence: float, arousal: float, confidence: float = 0.6, seed: int = 1, length_s: float = 4.0) -> Mirrored:
    mirroring = Mirroring(SETTINGS, random.Random(seed))
    mirroring.felt(0.0, valence, arousal, confidence)
    return run(mirroring, 0.0, length_s)[-1]


def test_joy_makes_it_smile_and_lean_in() -> None:
    shown = felt(0.8, 0.6)
    assert 0.1 < shown.weights[HAPPY] < SETTINGS.mirror_share * 0.8
    assert shown.weights[SURPRISED] > 0.03, "brows"
    assert math.radians(1.5) < shown.lean_rad < math.radians(SETTINGS.mirror_lean_deg)


def test_sadness_brings_concern_a_tilted_head_and_distance_never_anger() -> None:
    shown = felt(-0.9, -0.5)
    assert shown.weights[SAD] > 0.15 and shown.weights[HAPPY] == 0.0
    assert abs(shown.tilt_rad) > math.radians(1.5)
    assert shown.lean_rad < -math.radians(1.0)
    assert felt(-0.9, 0.9).weights[ANGRY] == 0.0


def test_it_comes_half_a_second_to_two_seconds_later() -> None:
    delays = []
    for seed in range(80):
        mirroring = Mirroring(SETTINGS, random.Random(seed))
        mirroring.felt(0.0, 0.9, 0.0, 1.0)
        shown = [m.weights[HAPPY] for m in run(mirroring, 0.0, 4.0)]
        delays.append(int(np.argmax(np.array(shown) > 0.0)) * STEP_S)
    assert min(delays) >= SETTINGS.mirror_delay_s[0] - STEP_S
    assert max(delays) <= SETTINGS.mirror_delay_s[1] + 2 * STEP_S
    assert np.std(delays) > 0.3


def test_nothing_jumps_and_it_fades() -> None:
    mirroring = Mirroring(SETTINGS, random.Random(2))
    mirroring.felt(0.0, 0.9, 0.9, 1.0)
    shown = run(mirroring, 0.0, 40.0)
    leans = np.degrees([m.lean_rad for m in shown])
    assert np.abs(np.diff(leans)).max() < 0.4, "20 degrees a second at most"
    assert np.abs(np.diff(leans, 2)).max() < 0.1
    peak = int(np.argmax(leans))
    half = leans[min(len(leans) - 1, peak + round(SETTINGS.mirror_half_life_s / STEP_S))]
    assert half == pytest.approx(0.5 * leans[peak], rel=0.25)
    assert abs(leans[-1]) < 0.01 and shown[-1].weights.max() < 0.001


def test_a_weak_or_unsure_estimate_is_not_mirrored() -> None:
    for weak in (felt(0.2, 0.1), felt(0.6, 0.3, confidence=0.15)):
        assert weak.weights.max() == 0.0 and weak.lean_rad == 0.0 and weak.tilt_rad == 0.0


def test_what_is_mirrored_ends_only_well_under_where_it_began() -> None:
    """Estimates that waver about the threshold make no flicker."""
    mirroring = Mirroring(SETTINGS, random.Random(1))
    mirroring.felt(0.0, 0.4, 0.0, 0.5)
    run(mirroring, 0.0, 3.0)
    shown = []
    for i in range(40):
        t_s = 3.0 + 0.5 * i
        mirroring.felt(t_s, 0.25 + 0.06 * (-1) ** i, 0.0, 0.5)
        shown += [m.weights[HAPPY] for m in run(mirroring, t_s, 0.5)]
    assert min(shown) > 0.04
    fresh = Mirroring(SETTINGS, random.Random(1))
    fresh.felt(0.0, 0.19, 0.0, 0.5)
    assert max(m.weights[HAPPY] for m in run(fresh, 0.0, 4.0)) == 0.0


def test_a_seen_smile_is_answered_while_it_lasts() -> None:
    mirroring = Mirroring(SETTINGS, random.Random(1))
    shown = []
    for i in range(150):  # 15 pictures a second
        mirroring.smiled(i / 15, 0.9 if i < 75 else 0.0)
        shown += [m.weights[HAPPY] for m in run(mirroring, i / 15, 1 / 15)]
    assert max(shown) > 0.3
    assert shown[-1] < 0.03


def test_a_smile_does_not_hide_sad_words() -> None:
    mirroring = Mirroring(SETTINGS, random.Random(1))
    mirroring.felt(0.0, -0.8, 0.0, 0.8)
    for i in range(20):
        mirroring.smiled(0.2 * i, 0.6)
        shown = run(mirroring, 0.2 * i, 0.2)
    assert shown[-1].weights[SAD] > 0.1 and shown[-1].weights[HAPPY] == 0.0


def test_a_flood_of_estimates_stays_bounded_and_a_seed_gives_one_mirror() -> None:
    def flood(seed: int) -> list[float]:
        mirroring, values = Mirroring(SETTINGS, random.Random(seed)), random.Random(9)
        for i in range(5_000):
            mirroring.felt(0.001 * i, values.uniform(-1, 1), values.uniform(-1, 1), 1.0)
        assert len(mirroring._waiting) <= 17
        return [m.lean_rad for m in run(mirroring, 5.0, 5.0)]

    assert flood(1) == flood(1)
    assert max(map(abs, flood(1))) <= math.radians(SETTINGS.mirror_lean_deg)
