"""What shows, in a running scene, of wrong beliefs, of searches, and of belongings left behind."""

from __future__ import annotations

import pytest

from cognitive.mind.beliefs import Beliefs
from cognitive.scene import Person, Scene, Utterance
from runtime import messages as m
from runtime.clock import NS_PER_S


class House:
    """A scene in which events and words come one by one; the agent is Ada."""

    def __init__(self, *people):
        self.scene, self.beliefs, self.t_s = Scene(), Beliefs(None, "Ada"), 1.0
        for person in people:
            self.comes(person, 0.0)

    @property
    def now_ns(self):
        return round(self.t_s * NS_PER_S)

    def _take_in(self, *messages):
        self.beliefs.update(self.scene, messages, self.now_ns)
        return self

    def wait(self, seconds):
        self.t_s += seconds
        return self._take_in()

    def comes(self, who, after_s=2.0):
        self.t_s += after_s
        self.scene.people[who] = Person(person_id=who, arrived_ns=self.now_ns, last_ns=self.now_ns)
        return self._take_in()

    def goes(self, who, after_s=2.0):
        self.t_s += after_s
        self.scene.people[who].present = False
        return self._take_in()

    def event(self, text, seen_by=None, after_s=2.0):
        self.t_s += after_s
        return self._take_in(m.WorldEvent(t_ns=self.now_ns, text=text, seen_by=seen_by))

    def says(self, who, text, *, aside=True, after_s=2.0):
        self.t_s += after_s
        turn = f"t{self.now_ns}"
        self.scene.utterances.append(
            Utterance(speaker="user", text=text, t_ns=self.now_ns, turn_id=turn, person_id=who, aside=aside)
        )
        return self._take_in(
            m.Turn(t_ns=self.now_ns, state="ended", speaker="user", turn_id=turn, text=text, person_id=who)
        )

    def agent(self, text, after_s=2.0):
        self.t_s += after_s
        return self._take_in(m.Turn(t_ns=self.now_ns, state="ended", speaker="agent", turn_id="a", text=text))

    def looks(self, who, name, valence=None):
        person = self.scene.people[who]
        person.target, person.target_name, person.target_since_ns = "object", name, self.now_ns
        person.face_valence = valence
        return self

    def mistakes(self):
        return [(one.person_id, one.truth) for one in self.beliefs.mistakes(self.scene, self.now_ns) if not one.sought]

    def sought(self):
        return [(one.person_id, one.truth) for one in self.beliefs.mistakes(self.scene, self.now_ns) if one.sought]

    def left(self, who):
        return [one.clause for one in self.beliefs.left_behind(self.scene) if one.person_id == who]


@pytest.fixture
def moved():
    """Anna has put the keys in the bowl, Ben has hung them up while she was away, and she is back."""
    house = House("anna", "ben")
    house.event("Anna puts the keys in the bowl").goes("anna")
    house.event("Ben takes the keys out of the bowl", ["ben"]).event("Ben hangs the keys on the hook", ["ben"])
    return house.comes("anna")


KEYS = [("anna", "the keys are on the hook")]


class TestAWrongBeliefThatShows:
    def test_being_wrong_is_no_reason_to_speak(self, moved):
        assert moved.beliefs.model.belief("anna", "keys").value == "bowl"
        assert moved.mistakes() == []

    @pytest.mark.parametrize(
        "deed",
        ["Anna looks into the bowl", "Anna opens the bowl", "Anna reaches for the bowl", "Anna goes to the bowl",
         "Miss Anna checks the bowl"],
    )  # fmt: skip
    def test_a_deed_shows_it(self, moved, deed):
        assert moved.event(deed).mistakes() == KEYS

    @pytest.mark.parametrize(
        "words",
        [
            "Right, keys are in the bowl.", "I'm sure I left them in the bowl.", "where are my keys", "I'll just grab my keys.",
            "the keys must be in the bowl somewhere",
        ],
    )  # fmt: skip
    def test_words_show_it(self, moved, words):
        assert moved.says("anna", words).wait(5.0).mistakes() == KEYS

    @pytest.mark.parametrize(
        "words", ["What a day.", "The keys are on the hook.", "I love this bowl.", "Is there any tea?"]
    )
    def test_other_words_do_not(self, moved, words):
        assert moved.says("anna", words).wait(5.0).mistakes() == []

    def test_a_look_shows_it_only_if_it_lasts_or_is_upset(self, moved):
        moved.looks("anna", "bowl").wait(2.0)
        assert moved.mistakes() == []
        assert moved.wait(4.0).mistakes() == KEYS

    def test_an_upset_look_shows_it_sooner(self, moved):
        assert moved.looks("anna", "bowl", valence=-0.4).wait(2.0).mistakes() == KEYS

    def test_it_stays_after_she_has_seen_that_they_are_not_there(self, moved):
        moved.event("Anna looks into the bowl")
        assert moved.beliefs.model.belief("anna", "keys").value == ""
        assert moved.wait(3.0).mistakes() == KEYS

    def test_it_passes(self, moved):
        assert moved.event("Anna looks into the bowl").wait(30.0).mistakes() == []

    def test_others_who_know_still_know_when_she_looks(self, moved):
        moved.event("Anna opens the bowl")
        assert moved.beliefs.model.belief("ben", "keys").value == "hook"

    def test_words_about_the_past_change_nothing(self, moved):
        moved.says("anna", "I put the keys in the bowl.")
        assert moved.beliefs.model.actual("keys") == "hook"

    def test_of_two_jars_the_right_one_counts(self):
        house = House("lea", "omar").event("Lea puts the sugar in the blue jar").goes("lea")
        house.event("Omar moves the sugar to the red jar", ["omar"]).comes("lea")
        assert house.event("Lea opens the red jar").mistakes() == []
        house = House("lea", "omar").event("Lea puts the sugar in the blue jar").goes("lea")
        house.event("Omar moves the sugar to the red jar", ["omar"]).comes("lea")
        assert house.says("lea", "three spoons of sugar from the blue jar").mistakes() == [
            ("lea", "the sugar is in the red jar")
        ]

    def test_what_fell_unseen_is_missed(self):
        house = House("ned").event("Ned puts his ticket on the ledge").event("The ticket slips behind the radiator", [])
        assert house.says("ned", "my ticket was right here").mistakes() == [
            ("ned", "your ticket is behind the radiator")
        ]

    def test_who_slept_missed_it(self):
        house = House("hal", "nurse").event("Hal puts the glasses on the tray").event("Hal falls asleep")
        house.event("The nurse moves the glasses to the drawer").event("Hal wakes up")
        assert house.event("Hal feels around on the tray").mistakes() == [("hal", "the glasses are in the drawer")]


class TestWhoNeedsNoWord:
    def test_who_saw_it_moved(self):
        house = House("anna", "ben").event("Anna puts the keys in the bowl").event("Ben hangs the keys on the hook")
        assert house.event("Anna looks into the bowl").mistakes() == []

    def test_what_was_put_back(self, moved):
        moved.goes("anna").event("Ben puts the keys in the bowl", ["ben"]).comes("anna")
        assert moved.event("Anna looks into the bowl").mistakes() == []

    @pytest.mark.parametrize(
        "words", ["I've hung your keys on the hook.", "They're on the hook, love.", "Hook by the door."]
    )
    def test_who_is_told_by_somebody_else(self, moved, words):
        moved.event("Anna looks into the bowl").says("ben", words)
        assert moved.mistakes() == []

    def test_who_was_told_before(self, moved):
        moved.says("ben", "Your keys, I've hung them on the hook.")
        assert moved.event("Anna goes to the bowl").mistakes() == []

    def test_who_is_told_by_the_agent(self, moved):
        moved.event("Anna looks into the bowl").agent("Just so you know: the keys are on the hook.")
        assert moved.mistakes() == []

    def test_who_takes_it(self, moved):
        moved.event("Anna looks into the bowl").event("Anna takes the keys from the hook")
        assert moved.mistakes() == []

    def test_who_has_asked_somebody_gets_the_time_for_an_answer(self, moved):
        moved.says("anna", "Have you seen my keys?")
        assert moved.mistakes() == []
        assert moved.wait(5.0).mistakes() == KEYS

    def test_who_talks_to_somebody_who_knows_gets_the_time_for_their_answer(self, moved):
        moved.scene.people["anna"].target = "other"
        assert moved.says("anna", "The keys are in the bowl.").mistakes() == []
        assert moved.wait(5.0).mistakes() == KEYS

    def test_who_has_asked_for_the_move_expects_it(self):
        house = House("ken", "bob").event("Ken puts the cup on the table")
        house.says("ken", "Put my cup in the dishwasher, will you?").goes("ken")
        house.event("Bob puts the cup in the dishwasher", ["bob"]).comes("ken")
        assert house.event("Ken goes to the table").mistakes() == []


class TestASearch:
    def test_who_forgot_where_they_put_it_is_told(self):
        house = House("alfred").event("Alfred puts the glasses on the piano").wait(60.0)
        house.says("alfred", "Now where the devil have I put those specs.")
        assert house.sought() == [("alfred", "the glasses are on the piano")]

    def test_a_pronoun_means_what_was_put_down_last_and_fits(self):
        house = House("ida").event("Ida puts the tape on the sill").event("Ida lays the scissors behind the vase")
        assert house.says("ida", "where did I put them").sought() == [("ida", "the scissors are behind the vase")]
        assert House("ida").says("ida", "where did I put them").sought() == []

    def test_one_place_after_the_other(self):
        house = House("gus").event("Gus puts the tape measure on the ladder")
        assert house.event("Gus looks under the sheet").sought() == []
        assert house.event("Gus rummages in the bag").sought() == [("gus", "the tape measure is on the ladder")]

    def test_who_cooks_opens_many_doors(self):
        house = House("ida").event("Ida puts the knife on the board").event("Ida opens the fridge")
        house.event("Ida looks into the oven").event("Ida opens the drawer")
        assert house.sought() == []

    @pytest.mark.parametrize("words", ["There you are, you rascals.", "Ah, found them."])
    def test_who_has_found_it_needs_nothing(self, words):
        house = House("alfred").event("Alfred puts the glasses on the piano")
        house.says("alfred", "where are my glasses").wait(5.0)
        assert house.sought()
        assert house.says("alfred", words).sought() == []

    def test_who_asks_where_somebody_else_has_left_something_does_not_search(self):
        house = House("ute").event("Ute puts the folder on the table")
        assert house.says("ute", "Where did you leave it? I can't see you.").wait(5.0).sought() == []

    def test_what_the_agent_does_not_know_is_not_told(self):
        assert House("gus").says("gus", "where's my clamp").wait(5.0).sought() == []

    def test_what_they_hold_is_not_sought(self):
        house = House("gus").event("Gus puts the clamp on the bench").event("Gus takes the clamp")
        assert house.says("gus", "where's me clamp there she is").wait(5.0).sought() == []


class TestAnnouncements:
    def test_who_missed_a_change_of_gate_is_told(self):
        house = House("rosa", "elena").says("rosa", "Madrid goes from gate nine, right?", aside=False)
        house.agent("Yes, from gate nine, in half an hour.").goes("rosa").goes("elena")
        house.event("The Madrid flight moves to gate twenty", []).comes("rosa").comes("elena")
        house.says("rosa", "Loads of time, we board right here at gate nine.")
        assert house.mistakes() == [("rosa", "the Madrid flight moves to gate twenty")]

    def test_who_missed_a_change_of_time_is_told(self):
        house = House("dana", "mikkel").says("mikkel", "How long do we have the hall today?", aside=False)
        house.agent("Until five o'clock.").goes("mikkel")
        house.agent("The choir needs the hall, so it has to be free by four.").comes("mikkel")
        house.says("mikkel", "Lots of time left until five.")
        assert house.mistakes() == [("mikkel", "the choir needs the hall, so it has to be free by four")]
        assert house.says("dana", "No, out by four.").wait(1.0).mistakes() == []

    def test_who_heard_it_is_not(self):
        house = House("dana", "mikkel").says("mikkel", "How long do we have the hall?", aside=False)
        house.agent("Until five o'clock.").agent("The choir needs the hall, so it has to be free by four.")
        assert house.says("mikkel", "I thought until five.").mistakes() == []

    def test_other_times_are_other_things(self):
        house = House("sam").agent("Lunch is at one.").agent("The Leeds train leaves at six.").goes("sam")
        house.agent("Dinner is at seven.").agent("The York train leaves at nine.").comes("sam")
        assert house.says("sam", "Lunch at one, train at six.").mistakes() == []

    def test_many_times_leave_room_for_things(self):
        house = House("sam").event("Sam puts the keys in the bowl")
        for i in range(200):
            house.agent(
                f"The errand{'abcdefghijklmnopqrst'[i % 20]}{'xyzuvwrstu'[i // 20]} starts at six.", after_s=0.1
            )
        assert house.beliefs.model.actual("keys") == "bowl"


class TestBelongings:
    @pytest.mark.parametrize(
        "deed, clause",
        [
            ("Greta leans the umbrella against the chair", "the umbrella is at the chair"),
            ("Greta hangs her coat over the chair", "your coat is on the chair"),
            ("Greta leaves her phone on the sill to charge", "your phone is on the sill"),
            ("Greta drops her glove", "your glove is on the floor"),
            ("Mrs Greta sets her bag down next to the bench", "your bag is at the bench"),
        ],
    )
    def test_what_is_put_down_is_remembered(self, deed, clause):
        assert House("greta").event(deed).left("greta") == [clause]

    @pytest.mark.parametrize(
        "deed",
        [
            "Greta hangs the coat on the hook", "Greta puts the hat back on the shelf", "Greta puts the parcel on the desk",
            "Greta puts the cup on the table", "Greta puts the keys in her pocket", "Greta gives the umbrella to Ben",
        ],
    )  # fmt: skip
    def test_what_is_put_away_handed_over_or_not_carried_is_not(self, deed):
        assert House("greta", "ben").event(deed).left("greta") == []

    @pytest.mark.parametrize(
        "deed", ["Greta picks up the coat", "Greta puts on the coat", "Greta puts the coat on", "Greta takes the coat off the chair"]
    )  # fmt: skip
    def test_what_is_taken_again_is_not(self, deed):
        assert House("greta").event("Greta lays the coat on the chair").event(deed).left("greta") == []

    def test_of_two_things_the_one_that_stays(self):
        house = House("lin").event("Lin puts her scarf and her hat on the chair").event("Lin takes the scarf")
        assert house.left("lin") == ["your hat is on the chair"]

    @pytest.mark.parametrize(
        "words", ["I'll just fetch the post.", "Back in five minutes!", "I'm off to lunch.", "I'm getting eggs from next door."]
    )  # fmt: skip
    def test_who_goes_for_a_moment_leaves_them_on_purpose(self, words):
        house = House("nils").event("Nils puts the badge on the desk").wait(30.0)
        house.scene.people["nils"].last_ns = house.now_ns + 4 * NS_PER_S
        assert house.left("nils")
        assert house.says("nils", words).left("nils") == []

    def test_what_somebody_fears_to_forget_counts_wherever_it_is(self):
        house = House("gerry").says("gerry", "don't let me forget my tablets today", aside=False)
        assert house.event("Gerry puts the tablets on the shelf").left("gerry") == ["the tablets are on the shelf"]

    def test_what_they_came_for_counts_whoever_put_it_there(self):
        house = House("osei", "pharmacist").says("osei", "only my blood pressure tablets please", aside=False)
        assert house.event("The pharmacist puts the tablets on the counter").left("osei") == [
            "the tablets are on the counter"
        ]
        assert house.left("pharmacist") == []

    def test_what_they_brought_counts_whatever_it_is(self):
        house = House("nadia").event("Nadia puts the lamp on the bench")
        assert house.left("nadia") == []
        assert house.says("nadia", "I've got my gran's lamp here, it flickers.").left("nadia") == [
            "the lamp is on the bench"
        ]

    def test_what_somebody_else_tidied_away_is_not_theirs(self):
        house = House("anna", "ben").event("Anna puts her bag on the chair").event("Ben puts the bag on the table")
        assert house.left("ben") == []

    def test_what_stays_on_purpose_is_not_forgotten(self):
        house = House("ruth").event("Ruth puts the bag on the counter")
        assert house.says("ruth", "leave it there will you i'll take it on my way back").left("ruth") == []


class TestDiscretion:
    @pytest.mark.parametrize(
        "words", ["Not a word to her!", "no hints from you however they moan", "I'd rather bump into it, so no telling.",
         "Keep it to yourself."]
    )  # fmt: skip
    def test_what_is_to_be_kept_to_oneself_is(self, moved, words):
        moved.says("ben", words, aside=False).event("Anna looks into the bowl")
        assert moved.mistakes() == []

    @pytest.mark.parametrize(
        "words", ["What a surprise!", "Tell her that I have gone.", "Can you help me find the door?"]
    )
    def test_other_words_ask_for_no_silence(self, moved, words):
        moved.says("ben", words, aside=False).event("Anna looks into the bowl")
        assert moved.mistakes() == KEYS
