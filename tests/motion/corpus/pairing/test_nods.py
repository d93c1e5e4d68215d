"""The head that is added: a listener's feedback at human rates and lengths, small accents of a speaker, and nothing else moves."""

from itertools import pairwise

import numpy as np
import pytest

from motion import rotations as rot
from motion.corpus.pairing.nods import DELAY_S, REFRACTORY_S, accent_nods, listener_acts, opportunities, with_head
from motion.corpus.pairing.search import Spoken
from motion.render import head_pitch_deg
from motion.skeleton import INDEX

from .conftest import make_clause, make_material

LONG_S = 600.0


@pytest.fixture
def talk() -> list[Spoken]:
    """Ten minutes of another person."""
    out, at = [], 1.0
    for i in range(240):
        out.append(Spoken(make_clause(str(i), i), at))
        at = out[-1].end_s + 0.4
    return [p for p in out if p.end_s < LONG_S]


def test_a_listener_nods_six_to_twelve_times_a_minute_and_not_at_once_again(talk: list[Spoken]) -> None:
    acts, _ = listener_acts(talk, [(0.0, LONG_S)], LONG_S, np.random.default_rng(0))
    assert 6.0 <= 60.0 * len(acts) / LONG_S <= 12.0
    starts = np.array([a.start_s for a in acts])
    assert np.diff(starts).min() >= REFRACTORY_S
    assert all(a.end_s <= b.start_s for a, b in pairwise(acts))


def test_kinds_and_lengths_are_those_of_people(talk: list[Spoken]) -> None:
    acts = [a for seed in range(6) for a in listener_acts(talk, [(0, LONG_S)], LONG_S, np.random.default_rng(seed))[0]]
    lengths = {
        kind: [a.duration_s for a in acts if a.kind == kind] for kind in ("short", "long", "upswing", "tilt", "shake")
    }
    assert np.mean(lengths["short"]) == pytest.approx(0.83, abs=0.05)
    assert np.mean(lengths["long"]) == pytest.approx(1.42, abs=0.08)
    assert np.mean(lengths["upswing"]) == pytest.approx(1.75, abs=0.12)
    assert np.median(lengths["tilt"]) == pytest.approx(0.84, abs=0.2)
    assert np.median(lengths["shake"]) == pytest.approx(1.2, abs=0.35)
    nods = sum(len(lengths[kind]) for kind in ("short", "long", "upswing"))
    assert 0.7 < nods / len(acts) < 0.95


def test_feedback_comes_a_third_of_a_second_after_what_it_answers(talk: list[Spoken]) -> None:
    acts, _ = listener_acts(talk, [(0.0, LONG_S)], LONG_S, np.random.default_rng(0))
    places = np.array(opportunities(talk))
    waited = [a.start_s - places[places < a.start_s].max() for a in acts]
    assert np.median(waited) == pytest.approx(DELAY_S, abs=0.08)


def test_a_speaker_gives_no_feedback_and_silence_gets_none(talk: list[Spoken]) -> None:
    acts, angles = listener_acts(talk, [(100.0, 130.0)], LONG_S, np.random.default_rng(0))
    assert acts and all(a.start_s >= 100.0 and a.end_s <= 130.0 for a in acts)
    assert not angles[: 100 * 30].any() and not angles[130 * 30 :].any()
    assert listener_acts([], [(0.0, LONG_S)], LONG_S, np.random.default_rng(0))[0] == []


def test_accents_nod_less_than_half_of_the_time_and_slightly(talk: list[Spoken]) -> None:
    angles = np.degrees(accent_nods(talk, LONG_S, np.random.default_rng(0)))
    peaks = np.flatnonzero(
        (angles[1:-1, 0] > angles[:-2, 0]) & (angles[1:-1, 0] >= angles[2:, 0]) & (angles[1:-1, 0] > 1.0)
    )
    accents = sum(len(p.utterance.accents) for p in talk)
    assert 0.3 < len(peaks) / accents < 0.5
    # Two that follow each other closely add up.
    assert np.quantile(angles[peaks + 1, 0], 0.05) >= 1.4 and np.quantile(angles[:, 0], 0.999) <= 4.5
    assert not angles[:, 1:].any()


def test_only_neck_and_head_turn_and_down_is_down() -> None:
    clip = make_material("a", 1).clip
    angles = np.zeros((len(clip), 3))
    angles[60:90, 0] = np.radians(10.0)
    nodded = with_head(clip, angles)
    change = rot.angle_between(clip.rotations.astype(np.float64), nodded.rotations.astype(np.float64)).max(axis=0)
    assert {name for name, joint in INDEX.items() if change[joint] > 1e-3} == {"neck", "head"}
    assert head_pitch_deg(nodded)[75] - head_pitch_deg(clip)[75] == pytest.approx(10.0, abs=0.5)
