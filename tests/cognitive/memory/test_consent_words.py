"""Words of consent are read strictly: what merely looks like it changes nothing."""

from __future__ import annotations

import pytest

from cognitive.memory.consent import stable_name, wish_in
from tests.cognitive.memory.wishes_said import CONSENT, NO_CONSENT, NO_WITHDRAWAL, NOT_THIS, WITHDRAWAL

WISHES = {
    "remember": [
        "Please remember me", "remember me", "You may remember me.", "I want to be remembered", "yes please remember my name",
        "Could you please remember me? I'm Anna", "My name is Anna and please remember me", "Remember me, I'm Anna!",
        "I'd like you to remember me",
    ],
    "forget": [
        "Forget me.", "please forget me", "don't remember me", "I don't want to be remembered", "delete my data", "stop remembering me",
        "please forget everything you know about me", "Could you forget me please",
    ],
    "not_this": ["Don't remember this.", "forget that", "please don't save that", "that's off the record", "forget what I just said"],
    "known": ["Do you remember me?", "Remember me?", "I'm Anna, we've met", "I was here yesterday", "hello, it's me again"],
    "": [
        "forget it", "don't forget me", "forget me not", "he will remember me", "I can't remember my name", "do you remember my name?",
        "I told her to forget me", "have you forgotten me", "I remember my name", "hello", "", "remember the milk",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in WISHES.items() for text in texts])
def test_wishes(wish, text):
    assert wish_in(text) == wish


@pytest.mark.parametrize("text", CONSENT)
def test_plain_consent_is_consent(text):
    assert wish_in(text) == "remember"


@pytest.mark.parametrize("text", NO_CONSENT)
def test_a_denial_a_question_or_a_quotation_is_never_consent(text):
    assert wish_in(text) != "remember"


@pytest.mark.parametrize("text", WITHDRAWAL)
def test_whatever_asks_to_be_forgotten_is_honoured(text):
    assert wish_in(text) == "forget"


@pytest.mark.parametrize("text", NO_WITHDRAWAL)
def test_what_is_evidently_no_withdrawal_deletes_nothing(text):
    assert wish_in(text) != "forget"


@pytest.mark.parametrize("text", NOT_THIS)
def test_what_was_just_said_can_be_taken_back_alone(text):
    assert wish_in(text) == "not_this"


@pytest.mark.parametrize(
    "take_back", ["No.", "No wait.", "Just kidding.", "Not really.", "I'd rather not.", "Never mind.", "said Ben"]
)
@pytest.mark.parametrize(
    "text", ["Please remember me.", "You may remember me.", "I want to be remembered.", "You can keep my data."]
)
def test_a_later_word_takes_consent_back(text, take_back):
    assert wish_in(text) == "remember" and wish_in(f"{text} {take_back}") != "remember"


@pytest.mark.parametrize(
    "before", ["Ben said:", "I never said", "Nobody says", "He asked me,", "It is not true that", "The song goes", "If"]
)
@pytest.mark.parametrize(
    "text", ["please remember me", "you may remember me", "I want to be remembered", "you can keep my data"]
)
def test_what_comes_before_may_make_it_somebody_else_s_words(text, before):
    assert wish_in(f"{before} {text}") != "remember"


@pytest.mark.parametrize(
    "text",
    [f'"{text}"' for text in CONSENT[:20]]
    + [text.rstrip(".!") + "?" for text in CONSENT[:20] if "you" not in text.lower().split()[:1]],
)
def test_quoted_or_asked_it_is_no_consent_unless_asked_for_with_please(text):
    assert wish_in(text) != "remember" or (text.endswith("?") and ("please" in text.lower() or "pls" in text))


def test_a_very_long_text_takes_no_longer_than_its_beginning():
    words = "you can keep everything about me and not ever delete what i said to my data " * 20_000
    assert wish_in(words) in {"", "forget", "known", "not_this"}


def test_a_stable_name_is_one_text_however_it_was_composed():
    assert stable_name("  Zoe\u0308\n Q ") == stable_name("Zoë Q") == "Zoë Q"
    assert stable_name("\x00\x1b") == "" and len(stable_name("x" * 500)) == 128
