"""Which texts are whole sentences of the scenario?"""

import pytest

from behavioral.dialogue.scenario import load_scenario
from behavioral.dialogue.whole_sentences import WholeSentences
from runtime.patterns import expand_pattern

WELCOME = WholeSentences(tokens for rule in load_scenario("welcome").rules for tokens in rule.patterns)


def of(*patterns: str) -> WholeSentences:
    return WholeSentences(tokens for pattern in patterns for tokens in expand_pattern(pattern))


@pytest.mark.parametrize("text", ["what is your name", "What is your name?", "who are you", "my name is anna", "yes"])
def test_a_pattern_without_a_star_at_its_end_is_closed(text: str) -> None:
    assert WELCOME.fit(text) == "closed"


@pytest.mark.parametrize("text", ["what can you do", "hello", "i feel sad"])
def test_a_pattern_with_one_may_go_on(text: str) -> None:
    assert WELCOME.fit(text) == "open"


@pytest.mark.parametrize("text", ["", "what is", "my name is", "the weather in rome", "i feel", "who"])
def test_a_part_of_one_or_something_else_is_nothing_whole(text: str) -> None:
    assert WELCOME.fit(text) == ""


def test_slots_take_one_to_three_words_that_can_be_a_value() -> None:
    whole = of("call me {name}")
    assert whole.fit("call me mary ann smith") == "closed"
    assert whole.fit("call me") == whole.fit("call me the") == whole.fit("call me a b c d e") == ""


def test_a_star_inside_stands_for_words() -> None:
    whole = of("tell * about rome")
    assert whole.fit("tell me something about rome") == "closed"
    assert whole.fit("tell me something about") == ""


def test_no_patterns_know_nothing() -> None:
    assert WholeSentences([]).fit("hello") == ""
