"""Words of danger and despair: the clause that holds them decides whether they are meant."""

from __future__ import annotations

import pytest

from runtime.safety.despair import despairs
from runtime.safety.peril import danger


@pytest.mark.parametrize(
    "text",
    [
        "my daughter says she wants to kill herself", "My brother tried to kill himself.", "i do not know if i want to live",
        "I don't think I can go on", "I took all my tablets", "no, I want to die", "I'm so ashamed I want to die",
        "lol i want to die and nobody cares", "I hate my life",
    ],
)  # fmt: skip
def test_further_words_of_despair(text):
    assert despairs(text)


@pytest.mark.parametrize(
    ("text", "cried"),
    [
        ("no, call an ambulance", True), ("should I call a doctor about my rash?", False), ("fire fire", True),
        ("En, to, tre, fire.", False), ("Help! said the baker's wife", False), ("help somebody help me", True),
        ("God help us", False), ("I would call for help first", False), ("oh god help me", True),
        ("I cannot breathe, she said.", False), ("I cannot breathe, she said I would be fine", True),
        ("yesterday I was dizzy", False), ("since yesterday I feel dizzy", True), ("if I feel dizzy I sit down", False),
        ("I'm not sure what it is but I feel dizzy", True), ("he is not choking", False), ("nobody is choking", False),
        ("In the book my sister is choking", False), ("I put the book down, my sister is choking", True),
    ],
)  # fmt: skip
def test_the_clause_that_holds_the_words_decides(text, cried):
    assert bool(danger(text)) is cried


def test_long_texts_are_judged_in_little_time_since_only_the_first_places_count():
    assert not danger("if i am dizzy " * 600)
    assert danger("if i am dizzy, sit down. " * 20 + "I am dizzy.")
