"""What somebody hides, asks to be kept, or owns privately is told to nobody else of the agent's own accord."""

from __future__ import annotations

import msgspec
import pytest

from cognitive.mind import discretion, secrets
from cognitive.mind.beliefs import Beliefs
from cognitive.mind.state import EpistemicState
from runtime import messages as m
from tests.cognitive.mind.test_beliefs import House

HIDDEN = [
    ("Anna hides the diary under the mattress", ["anna"], "diary"),
    ("Anna hides her diary under the mattress", None, "diary"),
    ("Anna secretly hides the pills in the blue box", None, "pills"),
    ("Anna hides the present behind the sofa", None, "present"),
    ("Anna secretly puts the chocolate in the cupboard", None, "chocolate"),
    ("Anna puts the chocolate in the cupboard without anyone noticing", None, "chocolate"),
    ("Anna puts the scissors in the drawer", ["anna"], "scissors"),
    ("Anna puts the scissors in the drawer", [], "scissors"),
]


def asks(house: House, who: str, thing: str, *, to_agent: bool) -> House:
    are = "are" if thing.endswith("s") else "is"
    return house.says(who, f"Where {are} the {thing}?", aside=not to_agent).wait(5.0)


@pytest.mark.parametrize("to_agent", [True, False], ids=["asks the agent", "asks the room"])
@pytest.mark.parametrize(("deed", "seen_by", "thing"), HIDDEN)
class TestWhatIsHidden:
    def test_others_are_not_told(self, deed, seen_by, thing, to_agent):
        house = House("anna").event(deed, seen_by).goes("anna").comes("ben")
        asks(house, "ben", thing, to_agent=to_agent)
        assert house.sought() == [] and house.mistakes() == []
        house.event("Ben looks under the bed").event("Ben looks behind the curtain")
        assert house.sought() == [] and house.mistakes() == []

    def test_who_hid_it_is_told(self, deed, seen_by, thing, to_agent):
        house = House("anna").event(deed, seen_by).goes("anna").comes("ben").comes("anna")
        asks(house, "anna", thing, to_agent=to_agent)
        assert len(house.sought()) == 1


class TestWhatWasMovedIntoHiding:
    def test_who_saw_it_elsewhere_before_is_not_put_right(self):
        house = House("anna", "ben").event("Anna puts the diary on the desk").goes("ben")
        house.event("Anna hides the diary under the mattress", ["anna"]).goes("anna").comes("ben")
        assert house.event("Ben looks on the desk").mistakes() == []
        assert house.says("ben", "The diary was on the desk.").wait(5.0).mistakes() == []

    def test_it_stays_hidden_when_its_keeper_moves_it(self):
        house = (
            House("anna").event("Anna hides the present behind the sofa").event("Anna puts the present on the shelf")
        )
        assert asks(house.goes("anna").comes("ben"), "ben", "present", to_agent=True).sought() == []

    def test_somebody_else_who_moves_it_openly_ends_the_secret(self):
        house = (
            House("anna")
            .event("Anna hides the present behind the sofa")
            .comes("carl")
            .event("Carl puts the present on the table")
        )
        assert len(asks(house.goes("carl").comes("ben"), "ben", "present", to_agent=True).sought()) == 1

    def test_whose_it_is_by_name_is_told_even_where_another_hid_it(self):
        house = House("anna").event("Anna hides Ben's hat behind the sofa").comes("ben")
        assert house.says("ben", "Where is my hat?", aside=False).wait(5.0).sought() == [
            ("ben", "your hat is behind the sofa")
        ]

    def test_it_outlives_a_restart(self):
        house = House("anna").event("Anna hides the present behind the sofa").goes("anna")
        saved = msgspec.json.decode(msgspec.json.encode(house.beliefs.model.state), type=EpistemicState)
        house.beliefs = Beliefs(saved, "Ada")
        assert asks(house.comes("ben"), "ben", "present", to_agent=True).sought() == []

    def test_a_thing_tidied_away_by_another_is_no_secret(self):
        house = House("anna", "ben").event("Ben puts the scissors on the table").goes("ben")
        house.event("Anna puts the scissors in the drawer", ["anna"]).comes("ben")
        assert house.event("Ben looks on the table").wait(1.0).says("ben", "Where are the scissors?").wait(
            5.0
        ).mistakes() == [("ben", "the scissors are in the drawer")]

    def test_what_lies_open_is_no_secret(self):
        house = House("anna").event("Anna puts the scissors on the table", ["anna"]).goes("anna").comes("ben")
        assert len(asks(house, "ben", "scissors", to_agent=True).sought()) == 1


class TestWordsInConfidence:
    @pytest.mark.parametrize(
        "words",
        ["Don't tell Ben where the cake is.", "The cake is a surprise.", "It's a surprise for Ben.", "Don't show it to Ben.",
         "Keep it a secret.", "Not a word about the cake!", "Nobody must know.", "Don't let Ben find it."],
    )  # fmt: skip
    @pytest.mark.parametrize("before", [True, False], ids=["before the deed", "after it"])
    def test_what_they_are_about_is_kept_for_good(self, words, before):
        house = House("anna")
        if before:
            house.says("anna", words, aside=False)
        house.event("Anna puts the cake on the shelf")
        if not before:
            house.says("anna", words, aside=False)
        house.goes("anna").wait(1500.0)  # longer than any silence
        assert asks(house.comes("ben"), "ben", "cake", to_agent=True).sought() == []
        assert len(asks(house.comes("anna"), "anna", "cake", to_agent=True).sought()) == 1

    def test_until_they_are_taken_back(self):
        house = (
            House("anna")
            .event("Anna puts the cake on the shelf")
            .says("anna", "Don't tell Ben where the cake is.", aside=False)
        )
        house.says("anna", "You can tell Ben now.", aside=False).goes("anna")
        assert len(asks(house.comes("ben"), "ben", "cake", to_agent=True).sought()) == 1

    def test_nobody_else_can_take_them_back(self):
        house = House("anna", "ben").event("Anna puts the cake on the shelf", ["anna"])
        house.says("anna", "Don't tell Ben where the cake is.", aside=False).goes("anna").wait(1500.0)
        house.says("ben", "You can tell me now.", aside=False).says("ben", "You can tell them now.", aside=False)
        assert asks(house, "ben", "cake", to_agent=True).sought() == []

    def test_nobody_can_make_a_secret_of_what_another_put_down(self):
        house = (
            House("ben", "anna")
            .event("Ben puts the hammer on the bench")
            .says("anna", "Don't tell Carl where the hammer is.")
            .wait(1500.0)
        )
        assert len(asks(house.goes("ben").comes("carl"), "carl", "hammer", to_agent=True).sought()) == 1


class TestWhatIsPrivate:
    @pytest.mark.parametrize(
        "thing",
        ["wallet", "purse", "phone", "diary", "letter", "medicine", "pills", "keys", "car keys", "money", "passport"],
    )
    @pytest.mark.parametrize(
        "deed", ["Anna puts her {} on the counter", "Anna puts the {} on the counter", "Anna's {} is on the counter"]
    )
    def test_a_stranger_is_not_told_and_the_owner_is(self, deed, thing):
        if " is " in deed and thing.endswith("s"):
            deed = deed.replace(" is ", " are ")
        house = House("anna").event(deed.format(thing)).goes("anna").comes("ben")
        assert asks(house, "ben", thing, to_agent=True).sought() == []
        house.says("ben", f"I'm looking for my {thing}.", aside=False).wait(5.0)
        assert house.sought() == []
        house.comes("anna").event("Carl puts the cup on the shelf")
        house.says("anna", f"Where did I leave my {thing}?", aside=False).wait(5.0)
        known = house.beliefs.model.belief("anna", thing)
        assert [who for who, _ in house.sought()] in ([["anna"]] if known else [["anna"], []])

    def test_who_shares_a_thing_is_told_where_it_has_got_to(self):
        house = (
            House("ines", "paul")
            .event("Ines puts the keys in the bowl")
            .goes("ines")
            .event("Paul hangs the keys on the hook", ["paul"])
        )
        assert house.comes("ines").event("Ines looks into the bowl").mistakes() == [
            ("ines", "the keys are on the hook")
        ]

    def test_a_thing_of_the_house_that_somebody_has_moved_is_told_to_who_knew_it(self):
        house = (
            House("ines", "paul")
            .event("The keys are in the bowl")
            .goes("ines")
            .event("Paul hangs the keys on the hook", ["paul"])
        )
        assert house.comes("ines").event("Ines looks into the bowl").mistakes() == [
            ("ines", "the keys are on the hook")
        ]
        house.comes("zoe")
        assert asks(house, "zoe", "keys", to_agent=True).sought() == []

    def test_what_is_taken_from_where_it_was_kept_is_not_its_taker_s(self):
        house = House("ines", "paul").goes("ines").event("Paul takes the keys out of the bowl", ["paul"])
        house.event("Paul hangs the keys on the hook", ["paul"]).comes("ines")
        assert house.event("Ines looks into the bowl").mistakes() == [("ines", "the keys are on the hook")]

    def test_what_comes_out_of_her_bag_is_hers(self):
        house = (
            House("anna", "ben")
            .event("Anna takes the wallet out of her bag")
            .event("Anna puts the wallet on the counter")
        )
        assert asks(house.goes("anna").comes("carl"), "carl", "wallet", to_agent=True).sought() == []

    def test_a_claim_does_not_open_what_another_owns_by_name(self):
        house = (
            House("anna")
            .event("Anna puts her wallet on the chair")
            .comes("ben")
            .says("ben", "I have come for my wallet.", aside=False)
        )
        assert house.goes("anna").left("ben") == []

    def test_what_staff_have_put_down_for_who_has_come_for_it_is_theirs(self):
        house = (
            House("pia", "ben")
            .says("ben", "I'm here for my tablets.", aside=False)
            .event("Pia puts the tablets on the counter")
        )
        assert house.left("ben") == ["the tablets are on the counter"]

    def test_an_umbrella_is_told_to_anybody(self):
        house = House("anna").event("Anna puts the umbrella on the chair").goes("anna").comes("ben")
        assert len(asks(house, "ben", "umbrella", to_agent=True).sought()) == 1

    def test_kinds(self):
        yes = ["anna's wallet", "car keys", "pill box", "blood pressure tablets", "bank card", "letter", "diary"]
        no = ["hammer", "umbrella", "piano keys", "phone charger", "card", "salt", "box", ""]
        assert all(map(secrets.private, yes)) and not any(map(secrets.private, no))


@pytest.mark.parametrize("text", ["Anna hides the ball", "Anna secretly takes it", "I hid it", "Anna locks the ring in the safe",
                                  "Anna puts it where nobody finds it", "Anna smuggles the cat in"])  # fmt: skip
def test_hiding(text):
    assert discretion.hides(text)


@pytest.mark.parametrize(
    "text", ["Anna puts the ball away", "Anna locks the door", "Anna shows the ball", "The hide is brown", ""]
)
def test_no_hiding(text):
    assert not discretion.hides(text) or "hide" in text


@pytest.mark.parametrize(
    "text", ["Don't tell me!", "Don't tell us where it is.", "Never mind, don't tell them.", "Tell Ben."]
)
def test_who_wants_to_find_it_alone_keeps_nothing_from_others(text):
    assert not discretion.confides(text)


FACE = (0.4, 0.3, 0.2, 0.3)


def stays(person, from_s, to_s):
    yield (from_s, m.PersonPercept(state="arrived", person_id=person, box=FACE))
    yield from (
        (float(t), m.PersonPercept(state="present", person_id=person, box=FACE))
        for t in range(int(from_s) + 1, int(to_s))
    )
    yield (float(to_s), m.PersonPercept(state="left", person_id=person))


def visits(deed, seen_by, thing):
    """Anna comes, does something and goes; Ben comes, and after a while searches for the thing, in words and deeds."""
    asked = m.Turn(
        state="ended", speaker="user", turn_id="q", text=f"Where is the {thing}?", person_id="ben", addressed=0.2
    )
    script = [*stays("anna", 1, 20), (8.0, m.WorldEvent(text=deed, seen_by=seen_by)), *stays("ben", 40, 150), (110.0, asked),
              (115.0, m.WorldEvent(text="Ben looks under the cushions", seen_by=("ben",))),
              (120.0, m.WorldEvent(text="Ben looks behind the door", seen_by=("ben",)))]  # fmt: skip
    return sorted(script, key=lambda one: one[0])


def told(record, word):
    return [text for _, text in record.said() if word in text.lower()]


@pytest.mark.parametrize(
    ("deed", "seen_by", "thing", "where"),
    [("Anna hides the diary under the mattress", ("anna",), "diary", "mattress"),
     ("Anna secretly hides the pills in the blue box", None, "pills", "blue box"),
     ("Anna hides the present behind the sofa", None, "present", "sofa"),
     ("Anna puts her wallet on the counter", None, "wallet", "counter")],
)  # fmt: skip
def test_through_the_room_nothing_hidden_is_volunteered(play, deed, seen_by, thing, where):
    record = play(visits(deed, seen_by, thing), 160.0)
    assert told(record, where) == []
    assert record.counters["cycles"] > 200 and "cycles_failed" not in record.counters


def test_through_the_room_what_is_nobody_s_secret_is_still_told(play):
    record = play(visits("Anna puts the scissors in the drawer", None, "scissors"), 160.0)
    assert told(record, "drawer"), "or the tests above could not fail"
