"""Which words mean what."""

from __future__ import annotations

import pytest

from cognitive import cues
from cognitive.motivation.thresholds import THRESHOLDS, resolve_thresholds
from runtime.errors import AttuneError


@pytest.mark.parametrize("text", ["hello", "Hi there, Ada!", "well good morning everybody"])
def test_greetings(text):
    assert cues.is_greeting(text)


@pytest.mark.parametrize("text", ["this is high", "he said to all of us at the party hello", "", "history"])
def test_no_greetings(text):
    assert not cues.is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "Goodbye!",
        "okay i have to go now",
        "bye bye",
        "see you tomorrow",
        "good night",
        "i'll see you",
        "thanks, see you",
        "hope to see you again",
        "good to see you, bye",
    ],
)
def test_farewells(text):
    assert cues.is_farewell(text)


@pytest.mark.parametrize(
    "text",
    [
        "i don't have to go yet",
        "nearby",
        "i see your point",
        "it was a good day",
        "Hello! Nice to see you.",
        "so good to see you again",
        "I can see you there",
        "i see you have a dog",
    ],
)
def test_no_farewells(text):
    assert not cues.is_farewell(text)


@pytest.mark.parametrize("text", ["where is the exit", "Really?", "can you dance"])
def test_questions(text):
    assert cues.is_question(text)


def test_help_requests_name_their_formula():
    assert cues.help_request("Excuse me, where is the exit") == "where is"
    assert cues.help_request("I like helping people") == ""


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I am sad", -1),
        ("I am not happy", -1),
        ("I am not sad", 1),
        ("I'm so happy for you", 1),
        ("the table is brown", 0),
    ],
)
def test_valence_has_the_sign_of_what_is_meant(text, sign):
    valence, hits = cues.valence_of(text)
    assert (valence > 0) - (valence < 0) == sign and bool(hits) == (sign != 0)


def test_not_happy_is_milder_than_sad_and_so_sad_is_stronger():
    assert cues.valence_of("so sad")[0] < cues.valence_of("sad")[0] < cues.valence_of("not happy")[0] < 0


def test_an_unknown_trigger_type_in_the_profile_is_an_error_with_the_nearest_name():
    assert resolve_thresholds({"visual_change": 0.9}) == {**THRESHOLDS, "visual_change": 0.9}
    with pytest.raises(AttuneError, match="did you mean 'social_protocol'"):
        resolve_thresholds({"social_protocoll": 0.5})
