"""Facts are taken from what people state about themselves, and from nothing else."""

from __future__ import annotations

import pytest

from cognitive.memory.facts import facts_in, facts_of_note, name_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Anna and I live in Berlin.", [("self", "name", "Anna"), ("self", "home", "Berlin")]),
        ("my name is anna and i live in berlin", [("self", "name", "Anna"), ("self", "home", "berlin")]),
        ("I moved to Hamburg last week", [("self", "home", "Hamburg")]),
        ("I just moved from Berlin to Hamburg.", [("self", "home", "Hamburg")]),
        ("I'm Anna, nice to meet you", [("self", "name", "Anna")]),
        (
            "My daughter is called Mia and my sister lives in Oslo",
            [("daughter", "name", "Mia"), ("sister", "home", "Oslo")],
        ),
        ("I have two cats", [("self", "has", "two cats")]),
        ("My favourite colour is blue.", [("self", "favourite colour", "blue")]),
        ("I'm allergic to nuts", [("self", "allergy", "nuts")]),
        ("I work as a nurse, and I'm 34 years old", [("self", "work", "nurse"), ("self", "age", "34")]),
        ("I don't like coffee any more", [("self", "dislikes", "coffee")]),
        ("I live in New York City, near the park", [("self", "home", "New York City")]),
        ("Hi, I'm Anna, do you remember me?", [("self", "name", "Anna")]),
        ("My birthday is on the 3rd of May", [("self", "birthday", "the 3rd of May")]),
    ],
)
def test_statements_give_facts(text, expected):
    assert sorted((f.subject, f.attribute, f.value) for f in facts_in(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "What is my name?", "Is my name Anna?", "Do you think my name is Anna?", "Do you think I live in Rome, or not?",
        "If I lived in Paris, I'd be glad", "I would love a coffee",
        "I love you", "I like it", "I'm German", "I'm tired", "I'm Feeling great", "my friend said I live in Rome",
        "I used to live in Rome", "I want to live in Rome", "I moved to the other side of the table", "hello", "", "I am so sad",
        "maybe I live in Rome", "I LIVE",
    ],
)  # fmt: skip
def test_questions_wishes_reports_and_small_talk_give_none(text):
    assert facts_in(text) == []


def test_what_is_no_longer_so_is_a_retraction():
    (fact,) = facts_in("I don't live in Berlin anymore")
    assert (fact.attribute, fact.value, fact.retracts) == ("home", "Berlin", True)


def test_a_fact_carries_its_words_and_confidence():
    (fact,) = facts_in("Well, my name is Anna.")
    assert fact.source == "Well, my name is Anna." and 0.9 <= fact.confidence <= 1.0
    (guess,) = facts_in("I'm Anna.")
    assert guess.confidence < 0.7


@pytest.mark.parametrize(
    ("note", "attribute", "value"),
    [
        ("likes green tea", "likes", "green tea"), ("The user's name is Tom", "name", "Tom"),
        ("The user lives in Berlin", "home", "Berlin"),
        ("She works as a teacher", "work", "teacher"), ("is allergic to nuts", "allergy", "nuts"), ("is a pilot", "note", "is a pilot"),
        ("collects stamps from 1890", "note", "collects stamps from 1890"),
    ],
)  # fmt: skip
def test_notes_of_the_dialogue_are_taken_apart_or_kept_whole(note, attribute, value):
    (fact,) = facts_of_note(note)
    assert (fact.attribute, fact.value, fact.source) == (attribute, value, note)


def test_a_name_is_heard_in_an_introduction_only():
    assert name_in("Hi, I'm Anna!") == "Anna" and name_in("call me al") == "Al" and name_in("Anna is my sister") == ""
    assert name_in("my name is not Bob") == ""


def test_absurd_texts_are_survived_quickly():
    for text in ("i live in " * 200, "my name is " + "x" * 10_000, "I like " + "a, " * 3_000, "\x00\ud800" * 50):
        assert len(facts_in(text)) < 200
