"""Lids and expression: blinks by the measured statistics, drawn to events, never long; faces that come and go smoothly."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from behavioral.body.face import Face
from runtime.settings import ListenerSettings
from runtime.vocabulary import EXPRESSIONS

STEP_S = 0.02
SETTINGS = ListenerSettings()


def blinks(
    face: Face, length_s: float, *, phrases_every_s: float = 0.0, shifts_every_s: float = 0.0
) -> tuple[np.ndarray, float]:
    """Times of the blinks, and how long the longest is."""
    lids = []
    for i in range(round(length_s / STEP_S)):
        t_s = i * STEP_S
        if phrases_every_s and i and i % round(phrases_every_s / STEP_S) == 0:
            face.phrase_ended(t_s)
        if shifts_every_s and i and i % round(shifts_every_s / STEP_S) == 0:
            face.gaze_shifted(t_s, math.radians(20.0))
        lids.append(face.tick(t_s)[0][0])
    closed = np.array([False, *(lid > 0.02 for lid in lids), False])
    begins, ends = np.flatnonzero(closed[1:] & ~closed[:-1]), np.flatnonzero(~closed[1:] & closed[:-1])
    return begins * STEP_S, float((ends - begins).max()) * STEP_S


def face_of(seed: int, speaking: bool) -> Face:
    face = Face(SETTINGS, random.Random(seed))
    face.set_speaking(speaking)
    return face


@pytest.mark.parametrize(("speaking", "rate"), [(True, 26.0), (False, 17.0)])
def test_an_hour_of_blinks_is_a_gamma_process_at_the_measured_rate(speaking: bool, rate: float) -> None:
    times, longest_s = blinks(face_of(1, speaking), 3_600.0)
    intervals = np.diff(times)
    assert len(times) / 60.0 == pytest.approx(rate, rel=0.06)
    assert intervals.std() == pytest.approx(60.0 / rate / math.sqrt(SETTINGS.blink_gamma_shape), rel=0.12)
    skew = float(np.mean((intervals - intervals.mean()) ** 3) / intervals.std() ** 3)
    assert skew == pytest.approx(2.0 / math.sqrt(SETTINGS.blink_gamma_shape), rel=0.3)
    assert longest_s <= SETTINGS.blink_max_s + STEP_S


def test_phrase_ends_and_gaze_shifts_place_blinks_but_do_not_make_them_more() -> None:
    times, _ = blinks(face_of(2, True), 3_600.0, phrases_every_s=3.0, shifts_every_s=7.0)
    assert len(times) / 60.0 == pytest.approx(26.0, rel=0.08)
    near_phrase = np.mean((times % 3.0) < 0.3)
    assert near_phrase > 2.0 * 0.3 / 3.0, "more than chance puts there"
    at_shift = np.mean((times % 7.0) < 0.05)
    assert at_shift > 4.0 * 0.05 / 7.0


def test_small_gaze_shifts_bring_no_blink() -> None:
    face = face_of(3, False)
    first = face._next_blink_s
    face.gaze_shifted(0.6, math.radians(14.0))
    assert face._next_blink_s == first


def test_the_listeners_blink_follows_the_speakers_by_a_quarter_to_half_a_second() -> None:
    delays = []
    for seed in range(300):
        face = face_of(seed, False)
        blinks(face, 6.0)
        face._next_blink_s = 20.0
        face.person_blinked(6.0)
        if face._next_blink_s < 20.0:
            delays.append(face._next_blink_s - 6.0)
    assert 0.4 < len(delays) / 300 < 0.8
    assert min(delays) >= SETTINGS.blink_follow_s[0] - 1e-9 and max(delays) <= SETTINGS.blink_follow_s[1] + 1e-9


def test_a_speaking_agent_does_not_blink_after_the_person() -> None:
    face = face_of(1, True)
    first = face._next_blink_s
    face.person_blinked(0.2)
    assert face._next_blink_s == first


@pytest.mark.parametrize("longest_s", [0.1, 0.25, 0.6])
def test_no_blink_is_longer_than_the_bound(longest_s: float) -> None:
    face = Face(ListenerSettings(blink_max_s=longest_s), random.Random(3))
    assert blinks(face, 120.0)[1] <= min(longest_s, 0.25) + STEP_S


def test_an_expression_comes_smoothly_and_goes_by_itself() -> None:
    face = Face(SETTINGS, random.Random(1))
    happy = EXPRESSIONS.index("happy")
    face.express("happy", 1.0, 2.0)
    weights = [float(face.tick(i * 0.02)[1][happy]) for i in range(300)]
    assert max(np.abs(np.diff(weights))) < 0.1
    assert max(weights) > 0.9
    assert weights[-1] < 0.2


def test_what_is_meant_covers_what_is_mirrored_and_what_is_mirrored_comes_back() -> None:
    face = Face(SETTINGS, random.Random(1))
    happy, sad = EXPRESSIONS.index("happy"), EXPRESSIONS.index("sad")
    weights = np.zeros(len(EXPRESSIONS), dtype=np.float32)
    weights[sad] = 0.4
    face.mirror(weights)
    shown = [face.tick(i * 0.02)[1].copy() for i in range(100)]
    assert shown[-1][sad] > 0.35
    face.express("happy", 0.8, 4.0)
    shown = [face.tick(2.0 + i * 0.02)[1].copy() for i in range(100)]
    assert shown[-1][happy] > 0.75 and shown[-1][sad] < 0.02
    shown = [face.tick(4.0 + i * 0.02)[1].copy() for i in range(100)]
    assert shown[-1][sad] > 0.35


def test_an_unknown_expression_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="relaxed"):
        Face(SETTINGS, random.Random(1)).express("smug", 1.0, 1.0)
