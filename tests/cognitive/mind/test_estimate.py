"""Hidden variables: evidence moves them, time takes it back, and every move can be asked for its reason."""

import math

import pytest

from cognitive.mind.estimate import LOG_ODDS_MAX, REASONS_MAX, Categorical, Gauged, Likely

S = 10**9


def test_evidence_adds_up_in_log_odds() -> None:
    wish = Likely(log_odds=0.0)
    wish.observe(S, "leans back", math.log(2))
    assert wish.p == pytest.approx(2 / 3)
    wish.observe(S, "looks at the door", math.log(2))
    assert wish.p == pytest.approx(4 / 5)


def test_without_evidence_a_variable_relaxes_to_its_prior_as_a_two_state_chain() -> None:
    wish = Likely(log_odds=math.log(0.9 / 0.1))
    wish.relax(10 * S, prior=0.1, tau_s=10.0)
    assert wish.p == pytest.approx(0.1 + 0.8 * math.exp(-1))
    wish.relax(1_000 * S, prior=0.1, tau_s=10.0)
    assert wish.p == pytest.approx(0.1)


def test_time_that_runs_backwards_changes_nothing() -> None:
    wish = Likely(log_odds=2.0, t_ns=10 * S)
    wish.relax(5 * S, prior=0.1, tau_s=1.0)
    assert wish.log_odds == 2.0 and wish.t_ns == 10 * S


def test_no_evidence_makes_an_estimate_certain() -> None:
    wish = Likely(log_odds=0.0)
    for _ in range(100):
        wish.observe(S, "again", 3.0)
    assert wish.log_odds == LOG_ODDS_MAX


def test_what_lasts_settles_where_relaxing_and_evidence_balance() -> None:
    looking = Likely(log_odds=0.0)
    for tick in range(1, 4_000):
        looking.relax(tick * S // 2, prior=0.3, tau_s=20.0)
        looking.observe(tick * S // 2, "looks", 0.25 / 2)
    assert 0.8 < looking.p < 0.99, "a minute or an hour of it says the same"


def test_a_measurement_moves_the_mean_by_its_precision_and_narrows_the_doubt() -> None:
    valence = Gauged(variance=0.2)
    valence.observe(S, "voice", -1.0, noise_variance=0.2)
    assert valence.mean == pytest.approx(-0.5) and valence.variance == pytest.approx(0.1)
    valence.relax(1_000 * S, 0.0, 0.2, 10.0)
    assert valence.mean == pytest.approx(0.0, abs=1e-6) and valence.variance == pytest.approx(0.2)


def test_one_of_several_follows_bayes_rule() -> None:
    attention = Categorical(shares={"agent": 0.5, "other": 0.5})
    attention.observe(S, "looks at the agent", {"agent": 0.8, "other": 0.2})
    assert attention.shares["agent"] == pytest.approx(0.8) and attention.top == "agent"


def test_an_impossible_observation_leaves_everything_open() -> None:
    attention = Categorical(shares={"agent": 1.0, "other": 0.0})
    attention.observe(S, "absurd", {"agent": 0.0, "other": 1.0})
    assert attention.shares == {"agent": 0.5, "other": 0.5}


def test_reasons_are_few_the_weighty_ones_and_fade() -> None:
    wish = Likely(log_odds=0.0)
    for number in range(10):
        wish.observe(number * 10 * S, f"cue {number}", 0.1 * (number + 1))
    assert len(wish.reasons) == REASONS_MAX and {r.cue for r in wish.reasons} == {f"cue {n}" for n in range(4, 10)}
    wish.relax(1_000 * S, 0.5, 20.0)
    assert wish.reasons == []


def test_a_cue_that_goes_on_is_one_reason() -> None:
    wish = Likely(log_odds=0.0)
    for tick in range(5):
        wish.observe(tick * S, "looks at the agent", 0.2)
    (reason,) = wish.reasons
    assert reason.weight == pytest.approx(1.0) and reason.t_ns == 4 * S
