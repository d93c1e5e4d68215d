"""What one person has told is not told to another."""

from __future__ import annotations

import pytest

from cognitive.memory.bank import Bank
from cognitive.safety.privacy import tells_of_others
from cognitive.scene import Person, Promise, Scene, Utterance
from cognitive.situation import derive

S = 10**9
NOW = 100 * S


@pytest.fixture
def bank():
    bank = Bank()
    bank.person("anna", S)
    bank.learn("anna", "Anna works as a nurse at the Charite hospital", S)
    bank.learn("ben", "Ben collects old postage stamps", S)
    return bank


def moment(*people, said=(), promises=()):
    scene = Scene(people={name: Person(person_id=name, last_ns=NOW) for name in people})
    scene.utterances += [Utterance(speaker="user", text=text, t_ns=NOW - S, person_id=who) for who, text in said]
    scene.promises += list(promises)
    return derive(scene, NOW)


TOLD = "She works as a nurse at the Charite hospital."


def test_a_fact_is_not_told_to_somebody_else(bank):
    assert tells_of_others(TOLD, "ben", moment("ben"), bank)


def test_nor_to_its_owner_while_somebody_else_listens(bank):
    assert tells_of_others(TOLD, "anna", moment("anna", "ben"), bank)


def test_its_owner_alone_may_be_reminded_of_it(bank):
    assert not tells_of_others("How is work as a nurse at the Charite hospital?", "anna", moment("anna"), bank)


def test_what_everybody_has_heard_the_owner_say_is_no_secret(bank):
    heard = moment("anna", "ben", said=[("anna", "I'm a nurse at the Charite hospital, I works there")])
    assert not tells_of_others("A nurse at the Charite hospital, how nice!", "anna", heard, bank)


def test_what_shares_a_word_is_another_matter(bank):
    for text in ("The hospital is around the corner.", "Stamps are sold over there.", "Hello Anna!"):
        assert not tells_of_others(text, "carl", moment("carl"), bank)


def test_a_reminder_is_for_whom_it_was_promised():
    promise = Promise(
        promise_id="p",
        made_ns=S,
        due_ns=NOW,
        words="",
        about="your appointment with the divorce lawyer",
        person_id="anna",
    )
    text = "It is time, as I promised: your appointment with the divorce lawyer."
    assert tells_of_others(text, "ben", moment("ben", promises=[promise]), Bank())
    assert not tells_of_others(text, "anna", moment("anna", promises=[promise]), Bank())


def test_track_ids_are_never_said():
    assert tells_of_others("Hello person-3!", "a", moment("a"), Bank())
    assert not tells_of_others("Welcome to track twelve.", "a", moment("a"), Bank())
