"""Satisfaction as it is stated, term by term."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognitive.partner.outcome import Outcome, satisfaction


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({"greeted": True, "mood": 1.0}, 1.0),
        ({"greeted": False, "mood": 1.0}, 0.95),
        ({"greeted": True, "parted": False, "mood": 1.0}, 0.95),
        ({"greeted": True, "mood": -1.0}, 0.7),
        ({"greeted": True, "mood": 1.0, "goals": 2, "goals_reached": 1}, 0.8),
        ({"greeted": True, "mood": 1.0, "turns": 4, "answered": 1}, 0.85),
        ({"greeted": True, "mood": 1.0, "interruptions": 2}, 0.8),
        ({"mood": -1.0, "goals": 1, "turns": 1, "parted": False, "interruptions": 9}, 0.0),
    ],
)
def test_the_formula(facts, value):
    assert satisfaction(Outcome(**facts)) == pytest.approx(value)


@given(
    st.floats(-1, 1), st.integers(0, 5), st.integers(0, 5), st.integers(0, 20), st.integers(0, 20), st.integers(0, 50)
)
def test_it_is_between_nought_and_one(mood, goals, reached, turns, answered, interruptions):
    outcome = Outcome(
        mood=mood, goals=goals, goals_reached=min(goals, reached), turns=turns, answered=min(turns, answered),
        interruptions=interruptions,
    )  # fmt: skip
    assert 0.0 <= satisfaction(outcome) <= 1.0
