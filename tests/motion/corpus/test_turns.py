"""Sampled dialogue has the timing of real two-party talk, and measuring does what it says."""

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from motion.corpus.turn_statistics import Spurt, TurnMeasures, dyadic_stretches, is_feedback, joined, measure, read_rttm
from motion.corpus.turns import LEVELS, STATISTICS_FILE, TurnSampler, TurnStatistics, load_turn_statistics
from runtime.errors import AttuneError

DECILES = np.arange(0.1, 0.95, 0.1)


def sampled(seed: int, length_s: float = 7_200.0) -> list[Spurt]:
    return TurnSampler(np.random.default_rng(seed)).dialogue(length_s)


@cache
def measured() -> TurnMeasures:
    return measure([sampled(seed) for seed in range(3)])


def test_pauses_are_joined_and_feedback_leaves_the_floor() -> None:
    spurts = joined(
        [
            Spurt(0, 0.0, 2.0),
            Spurt(0, 2.2, 5.0),
            Spurt(1, 1.0, 1.5),
            Spurt(1, 5.4, 7.4),
            Spurt(0, 7.6, 8.0),
            Spurt(1, 8.3, 9),
        ]
    )
    assert spurts[0] == Spurt(0, 0.0, 5.0)
    assert is_feedback(spurts) == [False, True, False, True, False]
    found = measure([spurts])
    assert found.transfer_s == pytest.approx([0.4])
    assert found.pause_s == pytest.approx([0.9])
    assert found.feedback_s == pytest.approx([0.5, 0.4])
    assert found.feedback_overlapped == 1
    assert found.overlap_s == pytest.approx(0.5)
    assert found.total_s == 9.0
    assert found.talk_s == pytest.approx(8.6)


def test_a_short_turn_is_no_feedback_where_the_other_stays_silent() -> None:
    assert is_feedback([Spurt(0, 0, 3), Spurt(1, 3.2, 3.8), Spurt(0, 5.5, 8)]) == [False, False, False]
    assert is_feedback([Spurt(0, 0, 3), Spurt(1, 3.2, 3.8), Spurt(1, 4.2, 6), Spurt(0, 6.2, 8)])[1] is False


def test_stretches_hold_two_people_and_no_long_silence() -> None:
    a, b, c = "A", "B", "C"
    meeting = [(a, 0.0, 9.0), (b, 9.5, 20.0), (c, 19.0, 21.0), (a, 20.5, 30.0), (b, 30.5, 38.0), (a, 50.0, 60.0)]
    stretches = dyadic_stretches(meeting)
    assert stretches == []  # 0 to 9 s is one person, b's turn runs into c's, and after 38 s there is silence
    meeting = [(a, 0.0, 9.0), (b, 9.5, 20.0), (a, 20.5, 30.0), (c, 31.0, 32.0), (a, 31.5, 36.0), (b, 36.2, 37.0)]
    assert dyadic_stretches(meeting) == [[Spurt(0, 0.0, 9.0), Spurt(1, 9.5, 20.0), Spurt(0, 20.5, 30.0)]]


def test_a_seed_gives_one_dialogue_and_another_seed_another() -> None:
    assert sampled(3, 600.0) == sampled(3, 600.0)
    assert sampled(3, 600.0) != sampled(4, 600.0)
    sampler = TurnSampler(np.random.default_rng(3))
    assert [sampler.dialogue(600.0), sampler.dialogue(600.0)][0] == sampled(3, 600.0)


@pytest.mark.parametrize("seed", range(5))
def test_nobody_talks_over_themselves_or_past_the_end(seed: int) -> None:
    spurts = sampled(seed, 900.0)
    assert spurts == sorted(spurts, key=lambda s: (s.start_s, s.speaker))
    assert spurts[0].start_s == 0.0 and max(s.end_s for s in spurts) <= 900.0
    assert all(s.length_s > 0.05 for s in spurts)
    for speaker in (0, 1):
        own = [s for s in spurts if s.speaker == speaker]
        assert all(b.start_s - a.end_s >= 0.3 - 1e-9 for a, b in pairwise(own))


def test_who_begins_may_be_said_and_nonsense_is_refused() -> None:
    sampler = TurnSampler(np.random.default_rng(0))
    assert sampler.dialogue(30.0, first=1)[0].speaker == 1
    for bad in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="length_s"):
            sampler.dialogue(bad)
    with pytest.raises(ValueError, match="first"):
        sampler.dialogue(10.0, first=2)


def test_medians_and_deciles_of_sampled_talk_are_those_that_were_fitted() -> None:
    fitted, found = load_turn_statistics(), measured()
    for name, share, floor_s in (
        ("spurt_s", 0.15, 0.2),
        ("pause_s", 0.12, 0.1),
        ("transfer_s", 0.15, 0.2),
        ("feedback_s", 0.15, 0.1),
    ):
        wanted = np.interp(DECILES, LEVELS, fitted.quantiles[name])
        got = np.quantile(getattr(found, name), DECILES)
        assert (np.abs(got - wanted) <= np.maximum(floor_s, share * np.abs(wanted))).all(), (name, wanted, got)
    assert found.feedback_per_min() == pytest.approx(fitted.feedback_per_min, rel=0.12)
    go_on = len(found.pause_s) / (len(found.pause_s) + len(found.transfer_s))
    assert go_on == pytest.approx(fitted.go_on, abs=0.05)
    talk = [sum(s.length_s for s in sampled(0) if s.speaker == speaker) for speaker in (0, 1)]
    assert 0.4 < talk[0] / sum(talk) < 0.6


def test_sampled_talk_is_like_meetings_that_were_not_fitted(attune_data: Path) -> None:
    meetings = read_rttm(attune_data / "ami-turn-timings" / "MixHeadset.test.rttm")
    real = measure([stretch for name in sorted(meetings) for stretch in dyadic_stretches(meetings[name])])
    found = measured()
    assert real.total_s > 6_000
    for name, bounds_s in (("spurt_s", 0.6), ("pause_s", 0.3), ("transfer_s", 0.2), ("feedback_s", 0.15)):
        assert np.median(getattr(found, name)) == pytest.approx(np.median(getattr(real, name)), abs=bounds_s), name
    assert found.talk_s / found.total_s == pytest.approx(real.talk_s / real.total_s, abs=0.04)
    assert found.overlap_s / found.total_s == pytest.approx(real.overlap_s / real.total_s, abs=0.03)
    overlapping = [float(np.mean(np.array(m.transfer_s) < 0)) for m in (found, real)]
    assert overlapping[0] == pytest.approx(overlapping[1], abs=0.06)


def test_the_shipped_numbers_are_those_of_the_meetings(attune_data: Path) -> None:
    meetings = read_rttm(attune_data / "ami-turn-timings" / "MixHeadset.development.rttm")
    fitted = TurnStatistics.fitted(measure([s for name in sorted(meetings) for s in dyadic_stretches(meetings[name])]))
    shipped = json.loads(STATISTICS_FILE.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(fitted.to_json())) == {name: shipped[name] for name in fitted.to_json()}
    assert "AMI" in shipped["credit"] and "CC BY 4.0" in shipped["credit"]


def test_damaged_files_are_one_clear_error(tmp_path: Path) -> None:
    good = json.loads(STATISTICS_FILE.read_text(encoding="utf-8"))
    path = tmp_path / "turns.json"
    for damage in (
        "[",
        "[]",
        json.dumps({**good, "go_on": 1.0}),
        json.dumps({**good, "quantiles": {"spurt_s": [1, 0]}}),
    ):
        path.write_text(damage)
        with pytest.raises(AttuneError, match=r"turns\.json.*fit_turns"):
            load_turn_statistics(path)
    rttm = tmp_path / "x.rttm"
    rttm.write_text("SPEAKER m 1 0.0 1.0 <NA> <NA> a\nSPEAKER m 1 zero 1.0 <NA> <NA> a\n")
    with pytest.raises(AttuneError, match=r"x\.rttm:2"):
        read_rttm(rttm)
    with pytest.raises(ValueError, match="nothing was observed"):
        TurnStatistics.fitted(measure([]))
