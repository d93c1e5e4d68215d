"""What people say to each other, as tellings."""

from __future__ import annotations

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import Fact, Searches, Tells
from cognitive.mind.language import Discourse, parse_utterance


def test_i_is_the_speaker():
    (told,) = parse_utterance("I put my phone on the shelf.", "Anna", "Ada")
    assert told == Tells("anna", Fact("anna's phone", "place", "shelf", "on"), own_act=True)


def test_you_is_the_listener():
    (told,) = parse_utterance("You left your coat in the car.", "Anna", "Ben")
    assert told == Tells("anna", Fact("ben's coat", "place", "car"))


def test_several_sentences_and_only_what_is_understood():
    told = parse_utterance("Good morning! The meeting is at five. I like tea. The keys are in the bag.", "Anna")
    assert [event.fact.subject for event in told] == ["meeting", "keys"]


def test_what_one_thinks_is_said_and_what_others_think_is_not():
    (told,) = parse_utterance("I think the keys are in the bag.", "Anna")
    assert told.fact == Fact("keys", "place", "bag")
    assert parse_utterance("Ben thinks the keys are in the bag.", "Anna") == ()


def test_asking_for_a_thing_is_looking_for_it():
    assert parse_utterance("Where are my keys?", "Anna") == (Searches("anna", "anna's keys"),)
    assert parse_utterance("I can't find my keys.", "Anna") == (Searches("anna", "anna's keys"),)
    assert parse_utterance("I am looking for the remote.", "Anna") == (Searches("anna", "remote"),)


def test_what_is_planned_or_denied_is_not_told():
    assert parse_utterance("I will put the keys in the bag. I did not take the keys.", "Anna") == ()


def test_a_report_of_ones_own_act_is_how_it_is():
    model = EpistemicModel(me="Ada")
    for who in ("Ada", "Anna", "Ben"):
        model.present(who, 0)
    for text, who in (("I put the keys in the drawer.", "Anna"), ("The remote is in the drawer.", "Anna")):
        for event in parse_utterance(text, who):
            model.apply(event, 1, text=text)
    assert model.actual("keys") == "drawer"
    assert model.actual("remote") is None
    assert model.belief("Anna", "keys").value == model.belief(("Ben", "Anna"), "keys").value == "drawer"
    assert model.belief(("Anna", "Ada"), "keys").value == "drawer", "Anna believes that the agent knows"


def test_ben_looks_for_what_anna_moved():
    """The scene that the initiative is for."""
    model, talk = EpistemicModel(me="Ada"), Discourse()
    for who in ("Ada", "Anna", "Ben"):
        model.present(who, 0)

    def say(text, who, t_ns):
        for event in parse_utterance(text, who, discourse=talk):
            model.apply(event, t_ns, text=text)

    say("I put my keys in the drawer.", "Ben", 1)
    model.absent("Ben", 2)
    say("I moved the keys to the bag.", "Anna", 3)
    model.present("Ben", 4)
    say("Where are my keys?", "Ben", 5)
    (false,) = model.false_beliefs()
    assert (false.person, false.believed, false.actual, false.seeking) == ("ben", "drawer", "bag", True)
    assert model.belief(("Anna", "Ben"), "keys").value == "drawer"
