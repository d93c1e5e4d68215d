"""Words of consent are read strictly: what merely looks like it changes nothing."""

from __future__ import annotations

import pytest

from cognitive.memory.consent import stable_name, wish_in

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


def test_a_stable_name_is_one_text_however_it_was_composed():
    assert stable_name("  Zoe\u0308\n Q ") == stable_name("Zoë Q") == "Zoë Q"
    assert stable_name("\x00\x1b") == "" and len(stable_name("x" * 500)) == 128
