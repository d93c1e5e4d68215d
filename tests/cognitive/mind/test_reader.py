"""Words in, beliefs and reasons out."""

from __future__ import annotations

import pytest

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.reader import MindReader


@pytest.fixture
def reader():
    model = EpistemicModel(me="Ada")
    for t, who in enumerate(("ada", "anna", "ben")):
        model.present(who, t)
    return MindReader(model)


def test_reports_and_words_come_together(reader):
    assert reader.happened("Ben puts the keys in the drawer.", 10)
    reader.model.absent("ben", 20)
    assert reader.said("I moved the keys to the bag.", "anna", 30) == 1
    assert reader.ask("Where are the keys?") == "The keys are in the bag."
    assert reader.ask("Where were the keys at the beginning?") == "At the beginning the keys were in the drawer."
    assert reader.ask("Where does Anna think that Ben looks for the keys?") == (
        "Anna thinks that Ben thinks that the keys are in the drawer, because Anna and Ben together saw that Ben moved it there."
    )
    assert reader.ask("Does Ben know where the keys are?") == (
        "No: Ben thinks that the keys are in the drawer; in truth the keys are in the bag."
    )
    assert (
        reader.ask("Does Ben think that the keys are in the drawer?")
        == "Yes: Ben thinks that the keys are in the drawer."
    )
    why = reader.ask("Why does Ben think that the keys are in the drawer?")
    assert why.startswith("Ben thinks that the keys are in the drawer, because Ben")


def test_what_was_only_said_is_told_as_said(reader):
    reader.said("The meeting is at five. The remote is in the kitchen.", "anna", 10)
    assert reader.ask("Where is the remote?") == "The remote is in the kitchen: Anna said so."
    assert reader.ask("Does Ben know that the meeting is at five?") == "Yes: Ben thinks that the meeting is at five."


def test_who_noticed_may_be_given(reader):
    reader.happened("The keys are in the drawer.", 10)
    reader.happened("Anna moves the keys to the bag.", 20, seen_by=("anna",))
    assert reader.model.belief("ben", "keys").value == "drawer"
    assert reader.model.belief("ada", "keys").value == "bag"


def test_what_nobody_knows(reader):
    assert reader.ask("Where is the hammer?") == "I do not know where it is."
    assert (
        reader.ask("Does Ben know where the hammer is?")
        == "No. Ben knows nothing of the hammer: nothing was seen or told."
    )
    assert reader.ask("What is the meaning of life?") is None
    assert not reader.happened("It rained.", 10)
    assert reader.said("Good morning.", "anna", 10) == 0


def test_a_persons_name_without_capital_is_known_from_the_model(reader):
    reader.happened("ben is in the hall", 10)
    assert reader.model.state.people["ben"].place == "hall"
