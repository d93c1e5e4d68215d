"""Patterns of a scenario against recognised texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.patterns import best_match, expand_pattern, match_tokens


def score(pattern: str, text: str) -> float:
    return best_match(expand_pattern(pattern), text).score


def test_alternatives_and_optional_words_expand() -> None:
    assert sorted(expand_pattern("(hello|hi) [there] you")) == [
        ("hello", "there", "you"),
        ("hello", "you"),
        ("hi", "there", "you"),
        ("hi", "you"),
    ]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("my name is {name}", "my name is anna"),
        ("(hello|hi) *", "hi how are you doing today"),
        ("what can you do *", "so what can you do for me"),
        ("can you wave *", "can you waves"),
    ],
)
def test_fitting_texts_score_high(pattern: str, text: str) -> None:
    assert score(pattern, text) >= 0.75


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("my name is {name}", "the weather is fine"), ("goodbye *", "good morning everyone"), ("hello *", "")],
)
def test_other_texts_score_low(pattern: str, text: str) -> None:
    assert score(pattern, text) < 0.6


def test_a_slot_takes_the_words_after_it_up_to_three() -> None:
    match = match_tokens(("my", "name", "is", "{name}"), "my name is mary jane watson parker")
    assert match.slots == {"name": "mary jane watson"}


def test_a_slot_without_a_value_halves_the_score() -> None:
    assert score("my name is {name}", "my name is") <= 0.5


@pytest.mark.parametrize("pattern", ["(hello", "hello]", "{name", "a } b"])
def test_unclosed_brackets_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        expand_pattern(pattern)


def test_too_many_variants_are_refused() -> None:
    with pytest.raises(ValueError, match="variants"):
        expand_pattern(" ".join(["(a|b|c|d)"] * 6))


@given(st.text(max_size=80))
def test_any_text_gets_a_score_between_zero_and_one(text: str) -> None:
    assert 0.0 <= score("(hello|hi) my name is {name} *", text) <= 1.0
