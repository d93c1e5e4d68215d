"""What the agent says of itself, in its own words."""

from __future__ import annotations

import pytest

from cognitive.mind.own_words import in_words, read


def said(text, hearer="anna"):
    return [in_words("ada", one.attribute, one.value) for one in read(text, hearer)]


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("I will remind you at five.", ["Ada has promised to remind Anna at five"]),
        ("Of course, I'll let you know when the tea is ready.", ["Ada has promised to let Anna know when the tea is ready"]),
        ("I can wave and nod, but I cannot lift things.", ["Ada cannot lift things", "Ada can wave"]),
        ("I do not know where your keys are.", ["Ada does not know where Anna's keys are"]),
        ("I know where the printer is.", ["Ada knows where the printer is"]),
        ("I saw your umbrella by the door.", ["Ada has seen Anna's umbrella by the door"]),
        ("I haven't seen your phone.", ["Ada has not seen Anna's phone"]),
        ("I will not tell Ben.", ["Ada has promised not to tell ben"]),
        ("I can't see you.", ["Ada cannot see Anna"]),
    ],
)  # fmt: skip
def test_what_it_promises_can_knows_and_has_seen(words, clauses):
    assert said(words) == clauses


@pytest.mark.parametrize(
    "words",
    [
        "Shall I remind you?",
        "I can hear that this is not easy for you.",
        "I can imagine.",
        "I do not know yet.",
        "I can't wait.",
        "You can wave.",
        "Let me try to explain that differently.",
        "",
    ],
)
def test_what_is_asked_or_said_in_passing_says_nothing_of_it(words):
    assert said(words) == []


def test_a_very_long_sentence_is_cut():
    (one,) = read("I will tell you " + "and on ".join(["about trains "] * 200))
    assert len(one.attribute) <= 64
