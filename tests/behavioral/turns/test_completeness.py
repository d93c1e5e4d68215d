"""Does a text sound finished, and is it a backchannel?"""

import pytest

from behavioral.turns.completeness import (
    ANSWER,
    FILLER,
    QUESTION,
    SENTENCE,
    SUBORDINATE,
    UNFINISHED,
    asks_for_floor,
    finished,
    is_backchannel,
)


@pytest.mark.parametrize("text", ["I went to the", "because", "we talked about", "my dog and", "I would like a"])
def test_a_word_that_needs_another_one_is_unfinished(text: str) -> None:
    assert finished(text) == UNFINISHED


@pytest.mark.parametrize(
    "text", ["where do you come from", "what can you do", "who are you", "can I come with you", "when do we start"]
)
def test_the_same_word_ends_a_question(text: str) -> None:
    assert finished(text) == QUESTION


@pytest.mark.parametrize("text", ["Yes, I am.", "I like that.", "I really do.", "I was born in 1990.", "I live at 22."])
def test_a_full_stop_and_a_number_can_end_what_such_words_alone_do_not(text: str) -> None:
    assert finished(text) > SUBORDINATE
    assert finished("What is this?") == QUESTION
    assert finished("I like that") == finished("It was in the.") == UNFINISHED


@pytest.mark.parametrize("text", ["if you have time", "when I was young", "before we start", "because my dog"])
def test_a_subordinate_clause_waits_for_its_main_clause(text: str) -> None:
    assert finished(text) == SUBORDINATE


def test_with_its_main_clause_it_is_a_sentence() -> None:
    assert finished("when I was young we lived near the sea") == SENTENCE


@pytest.mark.parametrize("text", ["well um", "uh", "I think, er"])
def test_a_filler_holds_the_floor(text: str) -> None:
    assert finished(text) == FILLER


@pytest.mark.parametrize("text", ["yes", "no", "thanks", "okay sure"])
def test_an_answer_stands_alone(text: str) -> None:
    assert finished(text) == ANSWER


def test_no_words_say_nothing() -> None:
    assert finished("") == finished("...") == 0.0


@pytest.mark.parametrize(
    "text", ["mhm", "yeah", "uh-huh", "right right", "oh I see", "Uh-huh, uh-huh, yeah.", "Mm-hmm, mm-hmm, mm-hmm."]
)
def test_backchannels_are_known(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["", "no", "yeah but I think", "right I want to say something", "stop"])
def test_what_says_more_is_no_backchannel(text: str) -> None:
    assert not is_backchannel(text)


@pytest.mark.parametrize(
    "text", ["stop", "Wait, I want", "Please stop.", "Okay, stop.", "Can you stop?", "Oh wait", "Help!"]
)
def test_who_asks_to_stop_has_the_floor(text: str) -> None:
    assert asks_for_floor(text)


@pytest.mark.parametrize("text", ["", "yeah", "and then we came to a stop", "I see"])
def test_who_does_not_has_not(text: str) -> None:
    assert not asks_for_floor(text)
