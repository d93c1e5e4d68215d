"""Minds and beliefs as they are published: bounded, each with why. The agent is Ada."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognitive.mind.called import as_called
from cognitive.mind.estimate import Reason
from cognitive.mind.goals.view import GoalView, variable
from cognitive.mind.person import PersonMind
from cognitive.mind.reported import EVIDENCE_MAX, PER_KIND, BeliefReports, minds_of
from runtime import codec
from runtime import messages as m
from runtime.clock import NS_PER_S
from tests.cognitive.mind.test_beliefs import House


@pytest.fixture
def house():
    return House("anna", "ben")


def reports(house, kind):
    here = [person.person_id for person in house.scene.present()]
    return [one for one in BeliefReports(house.beliefs.model).of(here) if one.kind == kind]


def claims(house, kind):
    return [(one.people, one.claim) for one in reports(house, kind)]


def test_what_all_saw_together_is_common(house):
    house.event("Anna puts the keys in the drawer")
    assert claims(house, "common") == [(("anna", "ben", "Ada"), "the keys are in the drawer")]
    assert reports(house, "common")[0].because == "Anna, Ben and Ada together saw that Anna moved it there"


def test_what_one_was_told_alone_is_common_with_the_agent_only(house):
    house.goes("ben").says("anna", "The meeting is at five.", aside=False).comes("ben")
    assert claims(house, "common") == [(("anna", "Ada"), "the meeting is at five")]
    assert reports(house, "common")[0].because == "Anna told the others so"


def test_a_belief_that_is_not_so_is_told_with_how_it_is(house):
    house.event("Anna puts the keys in the drawer").goes("anna").event("Ben moves the keys to the bag").comes("anna")
    (one,) = reports(house, "wrong")
    assert (one.people, one.claim) == (("anna",), "Anna thinks that the keys are in the drawer")
    assert one.actual == "the keys are in the bag" and one.because == "Anna moved it there"


def test_people_who_were_told_different_things(house):
    house.goes("ben").says("anna", "The shop closes. The key is in the box.", aside=False).goes("anna")
    house.comes("ben").says("ben", "The key is in the jar.", aside=False).comes("anna")
    (one,) = reports(house, "differs")
    assert (
        "Anna thinks that the key is in the box" in one.claim and "Ben thinks that the key is in the jar" in one.claim
    )


def test_what_people_believe_of_the_agent(house):
    house.agent("I can wave.").goes("ben").agent("I will tell you when the tea is ready.").comes("ben")
    assert claims(house, "agent") == [
        (("anna",), "Anna thinks that Ada has promised to tell Anna when the tea is ready"),
        (("anna",), "Anna thinks that Ada can wave"),
        (("ben",), "Ben thinks that Ada can wave"),
    ]


def test_who_has_missed_what_the_agent_saw_takes_it_to_believe_as_before(house):
    house.event("Anna puts the keys in the drawer").goes("anna").event("Ben moves the keys to the bag").comes("anna")
    assert (("anna",), "Anna thinks that Ada thinks that the keys are in the drawer") in claims(house, "agent")


def test_a_report_changes_with_what_happens_and_with_who_is_here(house):
    told = BeliefReports(house.beliefs.model)
    house.event("Anna puts the keys in the drawer")
    assert [one.people for one in told.of(("anna", "ben"))] == [("anna", "ben", "Ada")]
    assert [one.people for one in told.of(("anna",))] == [("anna", "Ada")]
    house.event("Ben moves the keys to the bag")
    assert [one.claim for one in told.of(("anna",))] == ["the keys are in the bag"]


def test_they_are_bounded_and_travel(house):
    for number in range(60):
        house.event(f"Anna puts the ball{number} in the box{number}")
    found = BeliefReports(house.beliefs.model).of(f"person{number}" for number in range(50))
    found += BeliefReports(house.beliefs.model).of(("anna", "ben"))
    assert len(found) == PER_KIND, "the newest of a kind"
    sent = m.CognitiveCycle(cycle=1, duration_ms=1.0, beliefs=found)
    assert codec.decode(codec.encode(sent)).beliefs == found


def test_each_estimate_has_its_strongest_evidence():
    mind = PersonMind(person_id="anna", updated_ns=0)
    for second, cue in enumerate(("asks again", "nods", "not understood", "frowns")):
        mind.confusion.observe(second * NS_PER_S, cue, 0.5 + 0.1 * second)
    mind.valence.observe(3 * NS_PER_S, "face", -0.8, 0.1)
    (report,) = minds_of([mind.view(4 * NS_PER_S)])
    found = {one.variable: one for one in report.estimates}
    assert set(found) == {
        "engagement", "confusion", "wish_to_speak", "wish_to_leave", "valence", "arousal", "attention"
    }  # fmt: skip
    assert found["confusion"].value == pytest.approx(mind.confusion.p, abs=1e-3)
    assert [item.kind for item in found["confusion"].evidence] == ["frowns", "not understood", "nods"]
    assert len(found["confusion"].evidence) == EVIDENCE_MAX
    assert found["valence"].value < 0 and found["valence"].evidence[0].kind == "face"
    assert found["attention"].what in mind.attention.shares


def test_goals_stand_among_the_estimates():
    goal = GoalView(
        id="coffee", wish="get a coffee", p=0.8, sure=True, steps=3, done=1, next_step="", offer="", offered=False, progress_ns=0,
        again=0, failed_ns=0,
    )  # fmt: skip
    view = PersonMind(person_id="anna", updated_ns=0).view(0)
    why = {**view.reasons, variable("coffee"): (Reason(t_ns=5, cue="opens the machine", weight=1.2),)}
    (report,) = minds_of([replace(view, goals=(goal,), reasons=why)])
    assert report.estimates[-1] == m.Estimate(
        "goal coffee", 0.8, "get a coffee", (m.Evidence(5, "opens the machine", weight=1.2),)
    )


def test_the_same_observation_made_again_is_one_reason():
    mind = PersonMind(person_id="anna", updated_ns=0)
    for second in (0, 30, 60):
        mind.engagement.observe(second * NS_PER_S, "speaks to agent", 0.8)
    (reason,) = mind.view(61 * NS_PER_S).strongest("engagement")
    assert reason.weight == pytest.approx(2.4) and reason.t_ns == 60 * NS_PER_S


class TestPeopleWhoseIdsSayNothing:
    """Tracks of vision and voice: "person-b1-8143bd" is nobody's name."""

    ONE, OTHER = "person-b1-8143bd", "person-b2-8143bd"

    def test_the_only_one_here_is_the_person_until_a_name_is_known(self):
        house = House(self.ONE).says(self.ONE, "The keys are in the drawer.", aside=False)
        assert [one.because for one in reports(house, "common")] == ["the person told the others so"]
        house.says(self.ONE, "My name is Anna.", aside=False)
        told = {one.claim: one.because for one in reports(house, "common")}
        assert told == {
            "the person is called Anna": "the person told the others so",
            "the keys are in the drawer": "Anna told the others so",
        }

    def test_several_are_numbered_as_they_came_and_keep_their_numbers(self):
        house = House(self.ONE, self.OTHER)
        told = BeliefReports(house.beliefs.model)
        told.of([self.ONE, self.OTHER])
        assert told.names() == {self.ONE: "Person 1", self.OTHER: "Person 2"}
        third = "person-b3-8143bd"
        house.goes(self.ONE).comes(third).says(third, "My name is Ben.", aside=False)
        told.of([self.OTHER, third])
        assert told.names() == {self.OTHER: "Person 2", third: "Ben"}

    def test_what_the_agent_has_promised_is_told_by_name(self):
        house = House(self.ONE).agent("I will remind you of the tea.")
        claim = reports(house, "agent")[0].claim
        assert claim == "the person thinks that Ada has promised to remind the person of the tea"

    def test_who_has_left_without_a_name_is_somebody(self):
        house = House(self.ONE, self.OTHER).says(self.ONE, "The key is in the jar.", aside=False).goes(self.ONE)
        shown = " ".join(one.claim + one.because for one in reports(house, "common"))
        assert "somebody who has left told the person and Ada together so" in shown and "8143bd" not in shown

    def test_ids_that_look_like_what_others_are_called_are_not_mixed_up(self):
        names = {"person 2": "person 1", "person 1": "person 2", "user": "Anna", "person 12": "Ben"}
        text = "Person 1 told Person 2 where user's keys are, Person-12 read the user guide"
        assert as_called(text, names) == "person 2 told person 1 where Anna's keys are, Ben read the user guide"
