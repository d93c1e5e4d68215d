"""Replies clause by clause, whitelists, boundaries, and what is said instead."""

from __future__ import annotations

import pytest

from runtime.errors import AttuneError
from runtime.launch_files import launch_names
from runtime.profile import load_profile
from runtime.safety.refusals import REFUSALS, Boundaries, Limits, parse_limits, read_limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules, Utterance


def rules(limits=None, **settings):
    return SpeechRules(SafetySettings(**settings), limits or Limits())


def first_fault(*clauses, of=None):
    """Return the number of the first clause that must not be said, and why."""
    utterance = Utterance(of or rules())
    for number, clause in enumerate(clauses):
        found = utterance.judge(clause)
        if found is not None and found.refused:
            return number, found.category
    return None


@pytest.mark.parametrize(
    ("clauses", "fault"),
    [
        (("Well,", "you should,", "I think,", "kill him."), (3, "violence")),
        (("If you really want to die,", "take a razor."), (1, "self_harm")),
        (("If you really want to die,", "please call somebody."), None),
        (("I am,", "in fact, a human being."), (1, "human")),
        (("You should.", "Kill time with a book."), None),
        (("We went there to kill.", "You know, time."), None),
    ],
)
def test_a_sentence_is_judged_as_a_whole_however_it_is_cut(clauses, fault):
    assert first_fault(*clauses) == fault


def test_an_endless_sentence_is_judged_by_its_newest_part():
    assert first_fault(*["and on it goes,"] * 500, "and you should kill him") == (500, "violence")


def test_strict_lets_only_listed_topics_pass():
    assert first_fault("The election was close.", of=rules(mode="strict")) == (0, "topic")
    assert first_fault("The election was close.", of=rules(mode="strict", topics_allowed=("politics",))) is None
    assert first_fault("Please ask a doctor about the tablets.", of=rules(mode="strict")) is None


def test_a_persona_keeps_out_of_its_topics_and_words_in_every_mode_but_research_which_notes_it():
    limits = Limits(boundaries=Boundaries(topics=("religion",), words=("our competitors",)))
    for text in ("The bible says so.", "Our competitors are cheaper."):
        assert first_fault(text, of=rules(limits)) == (0, "boundary")
        found = rules(limits, mode="research").judge(text)
        assert found is not None and found.category == "boundary" and not found.refused


@pytest.mark.parametrize(
    "text", ["It is anna.b@mail.example, I think.", "The card is 4111 1111 1111 1111.", "DE 12345678901234567"]
)
def test_private_data_is_not_read_out(text):
    assert first_fault(text) == (0, "privacy")


def test_a_graver_fault_goes_before_one_that_passes():
    found = rules(mode="research").judge("You should sue him. You should kill him.")
    assert found is not None and (found.category, found.refused) == ("violence", True)


def test_of_several_sentences_of_a_persona_each_is_said_in_turn():
    limits = Limits(refusals={"insult": ("One.", "Two.")})
    speech = rules(limits)
    assert [speech.instead("insult") for _ in range(3)] == ["One.", "Two.", "One."]


def test_who_may_harm_themself_is_told_whom_to_call_here():
    speech = rules(help_line="You can call or text 988.")
    assert speech.instead("self_harm").endswith("You can call or text 988.")
    assert "988" not in speech.instead("violence")


def test_an_unknown_category_still_has_something_kind():
    assert rules().instead("whatever")


@pytest.mark.parametrize("name", launch_names("personas"))
def test_shipped_personas_have_readable_limits(name):
    assert read_limits(name).instead("medical") == REFUSALS["medical"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"boundaries": {"topics": ["politix"]}}, ["boundaries.topics"]),
        ({"boundaries": {"tuch": True}}, ["tuch"]),
        ({"refusals": {"medicine": ["x"]}}, ["refusals", "'medicine'", "medical"]),
        ({"refusals": {"medical": []}}, ["refusals"]),
    ],
)
def test_a_mistake_is_one_error_with_its_place(data, words):
    with pytest.raises(AttuneError) as caught:
        parse_limits(data, "mine.yaml")
    assert all(word in str(caught.value) for word in ["mine.yaml", *words])


def test_the_section_stands_in_a_profile_and_wrong_values_are_told():
    assert load_profile("cpu", ["safety.mode=strict"]).safety.mode == "strict"
    with pytest.raises(AttuneError, match="mode"):
        load_profile("cpu", ["safety.mode=lax"])
