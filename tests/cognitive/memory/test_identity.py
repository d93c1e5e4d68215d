"""Who is who: linked by stable names or by somebody's own words, and two people never become one in silence."""

from __future__ import annotations

import pytest

from cognitive.memory.consent import Link
from cognitive.memory.identity import Settled, settle
from tests.cognitive.memory.conftest import T0, somebody


def of(memory, **fields):
    trust = fields.pop("trust", True)
    link = Link(**{"given_s": T0, "changed_s": T0, "how": "words", **fields})
    return settle(
        memory, link, link.origin(1, fields.get("spoken", "") + fields.get("known_as", "t")), trust_spoken=trust
    )


def test_without_consent_nobody_is_entered(memory):
    assert of(memory, spoken="Anna") == of(memory, known_as="face-1") == Settled(0, consents=False)
    assert memory.people() == []


def test_consent_enters_a_new_person_and_again_the_same(memory):
    first = of(memory, consent="given", spoken="Anna")
    assert first == Settled(1, consents=True, finding="new")
    assert of(memory, consent="given", spoken="Anna").person == 1, "as after a kill before the number was saved"


def test_a_stable_name_finds_the_person_of_earlier_sessions_with_their_consent(memory):
    anna = somebody(memory, "Anna", "face-1")
    assert of(memory, known_as="face-1") == Settled(anna, consents=True, finding="known_again")


def test_a_stable_name_that_comes_later_is_added(memory):
    anna = of(memory, consent="given", spoken="Anna").person
    assert of(memory, consent="given", person=anna, known_as="face-1") == Settled(anna, consents=True, finding="linked")
    assert memory.person_of("face-1") == anna


def test_a_stable_name_joins_an_unnamed_entry_to_its_owner_and_says_so(memory):
    anna = somebody(memory, "Anna", "face-1")
    new = of(memory, consent="given", spoken="A").person
    assert of(memory, consent="given", person=new, known_as="face-1") == Settled(anna, consents=True, finding="merged")
    assert [row.person for row in memory.people()] == [anna]
    assert (
        "known as face-1" in memory.connection.execute("SELECT how FROM consents WHERE state = 'linked'").fetchone()[0]
    )


def test_two_named_people_are_never_merged(memory):
    anna, ben = somebody(memory, "Anna", "face-1"), somebody(memory, "Ben", "face-2")
    assert of(memory, consent="given", person=anna, known_as="face-2") == Settled(
        ben, consents=True, finding="conflict"
    )
    assert of(memory, consent="given", person=anna, known_as="face-3") == Settled(0, consents=False, finding="conflict")
    assert len(memory.people()) == 2


def test_a_spoken_name_links_only_with_the_claim_to_be_known(memory):
    anna = somebody(memory, "Anna")
    assert of(memory, spoken="anna").person == 0
    assert of(memory, spoken="anna", claims=True) == Settled(anna, consents=True, finding="known_again")
    assert of(memory, spoken="anna", claims=True, trust=False).person == 0
    assert of(memory, spoken="Anne", claims=True).person == 0


def test_of_two_with_one_name_none_is_guessed(memory):
    somebody(memory, "Anna", at_s=T0), somebody(memory, "Anna", at_s=T0 + 1)
    assert of(memory, spoken="Anna", claims=True) == Settled(0, consents=False, finding="several")


def test_a_namesake_who_agrees_is_somebody_new(memory):
    anna = somebody(memory, "Anna")
    found = of(memory, consent="given", spoken="Anna")
    assert found.finding == "namesake" and found.person != anna


@pytest.mark.parametrize("known_as", ["", "face-1"])
def test_whoever_was_forgotten_meanwhile_is_nobody(memory, known_as):
    assert of(memory, consent="given", person=5, known_as=known_as) == Settled(0, consents=False)
