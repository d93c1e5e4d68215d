"""The join: strokes meet accents far more often than by chance, pauses are human, and nobody repeats himself."""

from itertools import pairwise

import numpy as np
import pytest

from motion.corpus.pairing.search import LEAD_S, PAUSE_S, Pool, Spoken, Stroke, find_speech, matches

from .conftest import make_clause


def near(strokes: list[Stroke], spoken: list[Spoken], within_s: float = 0.1) -> float:
    accents = np.array([p.start_s + a.t_s - LEAD_S for p in spoken for a in p.utterance.accents])
    times = np.array([s.t_s for s in strokes])
    return float(np.mean(np.abs(times[:, None] - accents[None]).min(axis=1) <= within_s))


def some_strokes(seed: int, seconds: float = 30.0) -> list[Stroke]:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.6, 2.0, 40))
    return [Stroke(float(t), float(rng.uniform(0.4, 1.0))) for t in times if 0.5 < t < seconds - 0.5]


@pytest.fixture
def pool() -> Pool:
    return Pool([make_clause(str(i), i) for i in range(80)])


def test_strokes_meet_accents_far_better_than_by_chance(pool: Pool) -> None:
    found, chance = [], []
    for seed in range(4):
        strokes = some_strokes(seed)
        spoken = find_speech(strokes, [], 0.0, 30.0, pool, np.random.default_rng(seed))
        found.append(near(strokes, spoken))
        for other in range(10, 20):
            chance.append(near(some_strokes(other), spoken))
    assert np.mean(found) > 0.8 and np.mean(found) > np.mean(chance) + 0.3, (found, np.mean(chance))


def test_clauses_follow_each_other_with_human_pauses_and_stay_inside(pool: Pool) -> None:
    spoken = find_speech(some_strokes(1), [], 2.0, 25.0, pool, np.random.default_rng(0))
    pauses = np.array([b.start_s - a.end_s for a, b in pairwise(spoken)])
    assert len(pauses) > 4
    assert (pauses >= PAUSE_S[0] - 1 / 30).all() and (pauses <= PAUSE_S[1] + 2 / 30).all()
    assert spoken[0].start_s >= 2.0 and spoken[-1].end_s <= 25.0
    assert 25.0 - spoken[-1].end_s < 2.0, "the stretch is talked through"


def test_nothing_is_said_twice_in_a_stretch_and_what_was_said_comes_less(pool: Pool) -> None:
    rng = np.random.default_rng(0)
    first = find_speech(some_strokes(1), [], 0.0, 25.0, pool, rng)
    names = [p.utterance.name for p in first]
    assert len(set(names)) == len(names)
    for _ in range(5):
        find_speech(some_strokes(1), [], 0.0, 25.0, pool, rng)
    assert max(pool.uses.values()) <= 4, "although the same motion asks for the same clauses"


def test_pauses_fall_on_stillness(pool: Pool) -> None:
    still = [(4.0, 5.0), (9.0, 10.0), (14.0, 15.0), (19.0, 20.0)]
    shares = []
    for spans in (still, []):
        spoken = find_speech([], spans, 0.0, 24.0, Pool(pool.clauses), np.random.default_rng(3))
        gaps = [(a.end_s, b.start_s) for a, b in pairwise(spoken)]
        total = sum(b - a for a, b in gaps)
        shares.append(sum(max(0.0, min(b, y) - max(a, x)) for a, b in gaps for x, y in still) / total)
    assert shares[0] > shares[1] + 0.1


def test_the_hands_speed_up_as_syllables_set_in(pool: Pool) -> None:
    from motion.corpus.pairing.search import _syllables

    times = np.arange(900) / 30.0
    speed = 0.1 + sum(np.exp(-0.5 * ((times - s.t_s) / 0.1) ** 2) for s in some_strokes(2))
    values = []
    for given in (speed, None):
        spoken = find_speech([], [], 0.0, 29.0, Pool(pool.clauses), np.random.default_rng(3), given)
        together = []
        for p in spoken:
            count = int(p.utterance.duration_s * 30)
            begin = round(p.start_s * 30)
            together.append(np.corrcoef(_syllables(p.utterance, count), speed[begin : begin + count])[0, 1])
        values.append(np.mean(together))
    assert values[0] > values[1] + 0.1


def test_equal_seeds_say_the_same(pool: Pool) -> None:
    said = [
        [(p.utterance.name, p.start_s) for p in find_speech(some_strokes(1), [], 0, 20, Pool(pool.clauses), rng)]
        for rng in (np.random.default_rng(5), np.random.default_rng(5))
    ]
    assert said[0] == said[1] != []


def test_a_stretch_shorter_than_every_clause_stays_silent(pool: Pool) -> None:
    assert find_speech(some_strokes(1), [], 3.0, 3.5, pool, np.random.default_rng(0)) == []


def test_strokes_and_accents_are_matched_one_to_one_in_order() -> None:
    spoken = [Spoken(make_clause("a", 3, seconds=6.0), 1.0)]
    accents = [1.0 + a.t_s for a in spoken[0].utterance.accents]
    strokes = [
        Stroke(accents[1], 1.0),
        Stroke(accents[1] + 0.05, 0.9),
        Stroke(accents[4] - 0.2, 0.8),
        Stroke(20.0, 1.0),
    ]
    found = matches(strokes, spoken)
    assert len({m.accent_s for m in found}) == len(found) == len({m.stroke_s for m in found})
    assert [m.stroke_s for m in found] == sorted(m.stroke_s for m in found)
    assert (strokes[2].t_s, accents[4]) in [(m.stroke_s, m.accent_s) for m in found]
    assert 20.0 not in [m.stroke_s for m in found], "too far from speech"


def test_a_pool_without_clauses_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Pool([])
