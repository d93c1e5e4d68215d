"""Nobody is told what they know: what both know is worded as a reminder, what was just said is not said again. The agent is Ada."""

from __future__ import annotations

import asyncio

import pytest

from cognitive.bench.social.agents import Attune
from cognitive.bench.social.play import play
from cognitive.bench.social.scene_file import parse_scene
from cognitive.mind.tact import with_tact
from cognitive.persona import load_persona
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Scene
from cognitive.situation import derive
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings
from tests.cognitive.mind.test_beliefs import House

ANNA = {"at": 0.5, "arrives": "anna", "facing": 0.9}
PUTS = {"at": 3, "event": "Anna puts the keys in the drawer"}


def misses(at_s):
    return {"at": at_s, "says": "anna", "text": "I can't find my keys."}


def words(*script, seconds=120):
    """What the agent says of its own accord after its greeting."""
    agent = Attune("Attune", CognitiveSettings(), load_persona("default"), 0)
    played = play(parse_scene({"scene": "s", "seconds": seconds, "script": list(script)}, "s"), agent, 0.5)
    return [(one.at_s, one.words) for one in played.initiatives if one.trigger != "social_protocol"]


def test_who_looks_for_what_both_saw_put_away_is_reminded_not_told_news_and_not_asked_what_one_may_do():
    ((_, said),) = words(ANNA, PUTS, misses(20), seconds=40)
    assert said in ("As you may remember, the keys are in the drawer.",
                    "You know this, but it is easily overlooked: the keys are in the drawer.")  # fmt: skip


def test_what_the_person_does_not_know_is_told_as_news():
    ben = {"at": 0.7, "arrives": "ben", "facing": 0.2}
    said = words(
        ANNA, ben, PUTS, {"at": 8, "leaves": "anna"}, {"at": 14, "event": "Ben moves the keys to the bag"},
        {"at": 20, "leaves": "ben"}, {"at": 40, "arrives": "anna", "facing": 0.9}, misses(60), seconds=90,
    )  # fmt: skip
    assert any(
        "the keys are in the bag" in text and "remember" not in text and "know this" not in text for _, text in said
    )


def test_who_was_told_a_moment_ago_is_not_told_again_and_later_reminded():
    said = words(ANNA, PUTS, misses(20), misses(34), misses(90))
    (first_s, first), (again_s, again), (last_s, last) = said
    assert all("the keys are in the drawer" in text for text in (first, again, last))
    assert again_s - first_s > 20.0 and last_s > 90.0


def test_a_question_that_the_agent_can_answer_is_answered_where_the_fast_system_has_left_it_open():
    ((_, said),) = words(
        ANNA, {"at": 1, "arrives": "ben", "facing": 0.2}, {"at": 3, "event": "Ben puts the keys in the drawer"},
        {"at": 5, "leaves": "ben"}, {"at": 30, "says": "anna", "text": "Where does Ben think the keys are?"}, seconds=50,
    )  # fmt: skip
    assert said == "Ben thinks that the keys are in the drawer, because Ben moved it there."


def test_who_was_reminded_of_their_things_and_goes_without_them_is_not_stopped_once_more():
    goes = [{"says": "anna", "text": "I have to go now. Bye."}, {"event": "Anna walks to the door"}]
    said = words(
        ANNA, {"at": 3, "event": "Anna puts the umbrella on the chair"}, {"at": 4, "agent": "Hello, good to see you."},
        {"at": 20, **goes[0]}, {"at": 22, **goes[1]}, {"at": 60, **goes[0]}, {"at": 62, **goes[1]}, seconds=80,
    )  # fmt: skip
    assert [text for _, text in said if "umbrella" in text] and len(
        [text for _, text in said if "umbrella" in text]
    ) == 1


def test_what_is_withheld_is_withheld_with_a_reason():
    house = House("anna").event("Anna puts the keys in the drawer").agent("The keys are in the drawer.")
    house.says("anna", "I can't find my keys.", aside=False).wait(5.0)
    sought = house.beliefs.mistakes(house.scene, house.now_ns)
    situation = derive(house.scene, house.now_ns, mistakes=sought)
    proposal = Proposal("user_intent", "set_right", 0.9, "", person_id="anna", topic=sought[0].truth)
    kept, withheld = with_tact([proposal], situation, house.beliefs.knowing)
    assert kept == () and [one.reason for one in withheld] == ["they were told a moment ago"]


class Watched(Attune):
    """The slow loop, and why it stayed quiet."""

    def __init__(self):
        super().__init__("Attune", CognitiveSettings(), load_persona("default"), 0)
        self.restraints = set()

    async def step(self, messages, now_ns, *, regular):
        outcome = await self.cycle.run(messages, now_ns, regular=regular)
        self.restraints.add(outcome.restraint)
        return outcome.intentions


def test_that_it_is_known_is_published_as_the_reason_of_restraint():
    agent = Watched()
    script = [ANNA, PUTS, {"at": 10, "agent": "The keys are in the drawer."}, misses(14)]
    play(parse_scene({"scene": "s", "seconds": 30, "script": script}, "s"), agent, 0.5)
    assert "user_intent: they were told a moment ago" in agent.restraints


def test_other_acts_pass_untouched():
    proposal = Proposal("social_protocol", "greet", 0.9, "", person_id="anna")
    kept, withheld = with_tact([proposal], derive(Scene(), NS_PER_S), House("anna").beliefs.knowing)
    assert kept == (proposal,) and withheld == ()


def test_news_is_only_what_concerns_somebody():
    house = House("anna", "ben", "carl").event("Anna puts the keys in the drawer")
    for who in ("anna", "carl"):
        house.goes(who)
    house.event("Ben moves the keys to the bag").event("Ben puts the cup in the sink").comes("anna").comes("carl")
    news = house.beliefs.knowing.news
    assert news("anna", house.now_ns) == ("the keys are in the bag",), "the cup is none of hers"
    assert news("ben", house.now_ns) == (), "who was there knows"
    house.says("ben", "Not a word, it's a surprise.")
    assert news("anna", house.now_ns) == ()


@pytest.mark.parametrize("theory_of_mind", [True, False])
def test_minds_and_beliefs_are_published_with_every_cycle(theory_of_mind):
    settings = CognitiveSettings()
    agent = Attune("Attune", settings, load_persona("default"), 0, theory_of_mind=theory_of_mind)
    news = [
        m.PersonPercept(t_ns=NS_PER_S, state="arrived", person_id="anna", gaze_target="agent", gaze_confidence=0.9),
        m.WorldEvent(t_ns=NS_PER_S + 1, text="Anna puts the keys in the drawer"),
    ]
    outcome = asyncio.run(agent.cycle.run(news, 2 * NS_PER_S, regular=True))
    assert [one.person_id for one in outcome.minds] == ["anna"]
    assert [one.claim for one in outcome.beliefs] == (["the keys are in the drawer"] if theory_of_mind else [])
