"""What the agent answers to questions about where things are and what people think; the agent is Ada."""

from __future__ import annotations

import pytest

from tests.cognitive.mind.test_beliefs import House


@pytest.fixture
def house():
    """Anna has put the keys in the drawer; while she was away Ben has moved them."""
    house = House("anna", "ben").event("Anna puts the keys in the drawer").goes("anna")
    return house.event("Ben moves the keys to the bag").comes("anna")


def ask(house, text, asker="ben", after_s=1.0):
    house.wait(after_s)
    return house.beliefs.knowing.answer(text, asker, house.now_ns)


def test_what_somebody_thinks_and_why(house):
    assert ask(house, "Where does Anna think the keys are?") == (
        "Anna thinks that the keys are in the drawer, because Anna moved it there."
    )
    assert ask(house, "Does Anna know where the keys are?").startswith(
        "No: Anna thinks that the keys are in the drawer"
    )


def test_how_it_is_and_why_it_thinks_so(house):
    assert ask(house, "Where are the keys?") == "The keys are in the bag."
    assert ask(house, "Why do you think so?") == "Because I saw that Ben moved it there."
    assert ask(house, "How do you know that?", after_s=120.0) == "", "about what, nobody knows any more"


def test_it_speaks_of_itself_as_i_and_of_what_is_the_askers_as_yours(house):
    house.says("anna", "I put my phone on the shelf.", aside=False)
    assert ask(house, "Where is my phone?", "anna") == "Your phone is on the shelf."
    assert ask(house, "Where do you think the keys are?", "anna").startswith(("I think", "The keys"))
    assert "told me" in ask(house, "Why do you think so?", "anna") or "I saw" in ask(
        house, "Why do you think so?", "anna"
    )


@pytest.mark.parametrize(
    "text", ["Where is the hammer?", "What is the time?", "Nice keys.", "", "Why do you think so?"]
)
def test_what_it_does_not_know_it_does_not_answer(house, text):
    assert ask(house, text) == ""


def test_a_secret_is_kept(house):
    house.says("ben", "Don't tell her where they are, it's a surprise.")
    assert ask(house, "Where are my keys?", "anna") == ""
