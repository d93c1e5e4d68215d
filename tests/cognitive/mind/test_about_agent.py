"""What people believe of the agent: that it knows, can, has seen or has promised something. The agent is Ada."""

from __future__ import annotations

import pytest

from cognitive.memory.deletion import forget_in_session
from cognitive.memory.store import Saved
from cognitive.mind.about_agent import KEPT_MAX
from cognitive.scene import Promise
from tests.cognitive.mind.test_beliefs import House


@pytest.fixture
def house():
    return House("anna", "ben")


def expected(house, person):
    return list(house.beliefs.knowing.expected(person))


def test_who_hears_a_promise_expects_that_it_is_kept(house):
    house.agent("I will remind you of the tea.")
    assert expected(house, "anna") == expected(house, "ben") == ["Ada has promised to remind Anna of the tea"]


def test_who_was_away_expects_nothing(house):
    house.goes("ben").agent("I can wave, but I cannot lift things.").comes("ben")
    assert expected(house, "anna") == ["Ada cannot lift things", "Ada can wave"]
    assert expected(house, "ben") == []


def test_a_promise_with_a_time_is_expected_until_it_is_kept(house):
    words = "Of course, I will remind you of the tea in two minutes."
    promise = Promise(
        promise_id="p",
        made_ns=house.now_ns,
        due_ns=house.now_ns + 10**9,
        words=words,
        about="the tea",
        person_id="anna",
    )
    house.scene.promises.append(promise)
    house.agent(words)
    assert expected(house, "anna") == ["Ada has promised to remind Anna of the tea"], (
        "once, not once more for its words"
    )
    promise.state = "kept"
    house.wait(1.0)
    assert expected(house, "anna") == []
    assert house.beliefs.model.belief("anna", "ada", "promise remind anna of the tea").value == "kept"


def test_a_newcomer_has_not_heard_a_promise_of_before(house):
    house.goes("ben")
    house.scene.promises.append(Promise(promise_id="p", made_ns=house.now_ns, due_ns=10**12, words="x", about="tea"))
    house.wait(1.0).comes("ben", after_s=30.0)
    assert expected(house, "anna") and not expected(house, "ben")


def test_who_tells_the_agent_something_believes_that_it_knows(house):
    house.goes("ben").says("anna", "I live in Turku.", aside=False)
    model = house.beliefs.model
    assert model.belief(("anna", "ada"), "anna", "home").value == "turku"
    assert model.belief("ben", "anna", "home") is None
    house.comes("ben")
    assert model.belief(("ben", "ada"), "anna", "home") is None, "Ben does not know that the agent knows"


def test_that_one_told_the_agent_is_no_wrong_belief_of_anybodys(house):
    house.says("anna", "I live in Turku.", aside=False).says("anna", "I have moved to Oslo.", aside=False)
    house.agent("I can wave.").agent("I cannot wave.")
    assert house.mistakes() == [] and house.sought() == []


def test_they_are_bounded_and_do_not_crowd_out_where_things_are(house):
    house.event("Anna puts the keys in the drawer")
    for number in range(3 * KEPT_MAX):
        house.agent(f"I can play tune number {number}.")
    facts = house.beliefs.model.state.facts.values()
    assert sum(fact.subject == "ada" and fact.attribute != "place" for fact in facts) == KEPT_MAX
    assert house.beliefs.model.actual("keys") == "drawer"


def test_what_was_said_in_the_hearing_of_somebody_who_wants_to_be_forgotten_goes(house):
    house.agent("I will tell you about Turku.").says("anna", "I live in Turku.", aside=False)
    saved = Saved(beliefs=house.beliefs.model.state)
    forget_in_session(saved, "anna")
    assert "turku" not in str(house.beliefs.model.state).lower()
