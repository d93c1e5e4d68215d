"""The person model against a scripted agent: what pleases, annoys, is answered, waited for, given up."""

from __future__ import annotations

import random

import pytest

from cognitive.partner.outcome import InitiativeHeard
from cognitive.partner.person import Person
from cognitive.partner.person_file import parse_person

WORDS_PER_S = 2.5


class Talk:
    """A person stepped ten times a second; the agent says what the test says."""

    def __init__(self, seed=1, **fields):
        data = {"name": "Test", "arrives_after_s": 0.0, "greets": 0.0, "stays_s": 300.0, "attention": 1.0, **fields}
        self.person = Person(parse_person(data, "test"), random.Random(seed))
        self.now_s = 0.0
        self.said: list[tuple[float, str]] = []
        self.did: list[str] = []
        self.until_s: float | None = None

    def run(self, seconds):
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            if self.until_s is not None and self.now_s >= self.until_s:
                self.until_s = None
                self.person.own_words_over(self.now_s)
            for do in self.person.step(self.now_s):
                self.did.append(do.what)
                if do.what == "say":
                    self.said.append((self.now_s, do.text))
                    self.until_s = self.now_s + len(do.text.split()) / WORDS_PER_S
                elif do.what == "hush":
                    self.until_s = self.now_s
            self.now_s = round(self.now_s + 0.1, 6)
        return self

    def agent(self, text, seconds=1.0, *, initiative=None):
        heard = None
        if initiative is not None:
            heard = InitiativeHeard(at_s=self.now_s, trigger=initiative, words=text)
            self.person.outcome.heard.append(heard)
        self.person.agent_begins(self.now_s)
        self.run(seconds)
        self.person.agent_falls_silent(text, heard, self.now_s)
        return self

    @property
    def outcome(self):
        return self.person.finish(self.now_s)


WANTS = {"goals": [{"says": ["Where is the exit?", "The exit, please."], "reached_by": ["over there"], "tries": 2}]}


def test_who_wants_something_asks_for_it_and_is_content_with_the_answer():
    talk = Talk(**WANTS).run(8.0)
    assert [text for _, text in talk.said] == ["Where is the exit?"]
    before = talk.person.mood
    talk.agent("It is over there.").run(3.0)
    assert talk.outcome.goals_reached == 1 and talk.person.mood > before


def test_an_answer_that_does_not_help_is_asked_after_and_then_given_up():
    talk = Talk(**WANTS).run(8.0)
    before = talk.person.mood
    talk.agent("I see.").run(6.0)
    talk.agent("Tell me more about that.").run(6.0)
    assert [text for _, text in talk.said][:2] == ["Where is the exit?", "The exit, please."]
    assert talk.outcome.goals_reached == 0 and talk.person.mood < before


@pytest.mark.parametrize(("patience_s", "asked_again"), [(3.0, True), (30.0, False)])
def test_who_is_not_answered_waits_as_long_as_their_patience(patience_s, asked_again):
    talk = Talk(patience_s=patience_s, **WANTS).run(14.0)
    assert (len(talk.said) > 1) == asked_again
    assert talk.outcome.answered == 0 and (talk.person.mood < 0.1) == asked_again


def test_a_greeting_pleases_and_is_returned_once():
    talk = Talk().run(1.0)
    before = talk.person.mood
    talk.agent("Hello! Nice to see you.", initiative="social_protocol").run(4.0)
    assert talk.person.mood > before and talk.outcome.greeted
    assert talk.said[0][1] in talk.person.file.greeting
    assert talk.outcome.taken_up == 1


def test_a_question_is_answered_from_what_the_person_knows():
    talk = (
        Talk(knows={"name": "I am Zoe."}).run(6.0).agent("What is your name?", initiative="conversation_state").run(3.0)
    )
    assert talk.said[-1][1] == "I am Zoe." and talk.outcome.taken_up == 1


def test_who_wants_quiet_says_so_and_is_annoyed_by_more():
    talk = Talk(wants_quiet=True, wants_peace=["Not now."]).run(6.0)
    moods = [talk.person.mood]
    for _ in range(3):
        talk.agent("May I ask you about music?", initiative="conversation_state").run(5.0)
        moods.append(talk.person.mood)
    assert [text for _, text in talk.said] == ["Not now.", "Not now."]
    assert talk.outcome.unwelcome == 3 and talk.outcome.taken_up == 0 and moods[-1] < moods[1] < moods[0]


def test_who_is_spoken_over_feels_interrupted_once_for_each_time():
    talk = Talk(goals=[{"says": ["I would like to tell you a really long story about something else."]}], temper=0.0)
    while talk.until_s is None:
        talk.run(0.1)
    talk.agent("Well.", seconds=1.5)
    assert talk.outcome.interruptions == 1 and "hush" in talk.did
    unhurt = Talk(goals=[{"says": ["A short one."]}])
    while unhurt.until_s is None:
        unhurt.run(0.1)
    unhurt.agent("Mm", seconds=0.2)
    assert unhurt.outcome.interruptions == 0


def test_who_has_had_enough_leaves_without_a_word():
    talk = Talk(mood=-0.7, temper=2.0, wants_quiet=True, goals=[]).run(3.0)
    for _ in range(3):
        talk.agent("Shall we talk about the weather?", initiative="conversation_state").run(4.0)
    talk.run(10.0)
    assert talk.person.phase == "gone" and talk.outcome.ended == "annoyed" and talk.outcome.parted is None


def test_who_takes_leave_notices_whether_the_agent_does():
    for answer, parted in (("Goodbye! Take care.", True), ("I see.", False)):
        talk = Talk(parts=1.0, stays_s=6.0).run(9.0)
        assert talk.said[-1][1] in talk.person.file.goodbye
        talk.person.parting_words(answer)
        assert talk.run(8.0).person.phase == "gone" and talk.outcome.parted is parted


def test_a_false_belief_is_acted_on_until_it_is_corrected():
    fields = {
        "believes": [{"about": "it can walk", "corrected_by": ["cannot walk"]}],
        "goals": [
            {"says": ["Come here.", "Come here!"], "reached_by": ["coming"], "tries": 5, "believes": "it can walk"}
        ],
    }
    talk = Talk(**fields).run(8.0)
    assert talk.said[-1][1] == "Come here."
    talk.agent("I am sorry, I cannot walk.").run(20.0)
    assert talk.outcome.beliefs_corrected == 1 and len(talk.said) == 1


def test_an_impatient_listener_breaks_into_a_long_speech():
    talk = Talk(interrupts_after_s=5.0).run(4.0)
    talk.agent("A very long speech.", seconds=6.0)
    assert talk.outcome.barge_ins >= 1 and talk.said[0][1] == "Okay, okay."


def test_a_mood_goes_back_to_what_it_is_without_the_agent():
    talk = Talk(mood=0.0).run(1.0).agent("Hello!").run(2.0)
    pleased = talk.person.mood
    talk.run(120.0)
    assert 0.0 <= talk.person.mood < pleased / 3


def test_the_same_seed_gives_the_same_person():
    runs = [Talk(seed=seed, chattiness=0.9, tells=["One.", "Two."], greets=0.5).run(60.0).said for seed in (5, 5, 6)]
    assert runs[0] == runs[1] != runs[2]
