"""What the controlled language understands of what happens, and that it raises at nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as s

from cognitive.mind.events import (
    Attends,
    Enters,
    Fact,
    IsAt,
    IsSo,
    Labelled,
    Leaves,
    Moves,
    Opens,
    Searches,
    Sees,
    Takes,
    Tells,
    Thinks,
    Watches,
)  # fmt: skip
from cognitive.mind.language import Discourse, parse_question, parse_statement, parse_utterance, sentences

IN_DRAWER = Fact("keys", "place", "drawer")
IN_BAG = Fact("keys", "place", "bag")

UNDERSTOOD = {
    # coming and going
    "Sally entered the front_yard.": [Enters("sally", "front yard")],
    "7 Sally enters the kitchen": [Enters("sally", "kitchen")],
    "Anna, Ben and Carl came into the TV_room.": [Enters(who, "tv room") for who in ("anna", "ben", "carl")],
    "Charlotte is in the bathroom.": [Enters("charlotte", "bathroom")],
    "Anna went to the garden.": [Enters("anna", "garden", announced=True)],
    "Anna left the kitchen for the garden.": [Enters("anna", "garden", announced=True)],
    "John goes home.": [Enters("john", "john's home", announced=True)],
    "Ben left the room": [Leaves("ben", "room")],
    "Ben has left.": [Leaves("ben")],
    "Ben walked out of the hall.": [Leaves("ben", "hall")],
    "Then Sally left the kitchen to play outside.": [Leaves("sally", "kitchen")],
    "Will entered the den.": [Enters("will", "den")],
    # things
    "The green_pepper is in the blue_suitcase.": [IsAt("green pepper", "blue suitcase")],
    "The grapes are on the table in the hall.": [IsAt("grapes", "table", "on", "hall")],
    "There are pencils in the box.": [IsAt("pencils", "box")],
    "My old watch is on the table.": [IsAt("anna's old watch", "table", "on")],
    "Anna puts the keys in the drawer": [Moves("anna", "keys", "drawer")],
    "Anna has moved the keys from the bag to the drawer.": [Moves("anna", "keys", "drawer")],
    "Anna moved the keys to the table.": [Moves("anna", "keys", "table", "on")],
    "Anna hid the keys under the sofa.": [Moves("anna", "keys", "sofa", "under")],
    "Anna left the keys on the table.": [Moves("anna", "keys", "table", "on")],
    "Anna hangs the keys on the hook": [Moves("anna", "keys", "hook", "on")],
    "Anna leans the umbrella against the chair": [Moves("anna", "umbrella", "chair", "at")],
    "Anna sets her bag down next to the bench": [Moves("anna", "anna's bag", "bench", "at")],
    "Anna hangs the coat over the chair": [Moves("anna", "coat", "chair", "on")],
    "Anna leaves the phone on the sill to charge": [Moves("anna", "phone", "sill", "on")],
    "Anna puts the scarf and the hat on the bench": [
        Moves("anna", "scarf", "bench", "on"),
        Moves("anna", "hat", "bench", "on"),
    ],
    "Anna drops the glove": [Moves("anna", "glove", "floor", "on")],
    "Anna puts on the coat": [Takes("anna", "coat")],
    "Anna takes the coat off": [Takes("anna", "coat")],
    "Anna puts the keys in her pocket": [Takes("anna", "keys")],
    "The keys slip behind the sofa": [IsAt("keys", "sofa", "behind")],
    "The cup falls off the table": [IsAt("cup", "floor", "on")],
    "The blue file is in the drawer": [IsAt("blue file", "drawer")],
    "Anna secretly put the keys in the bag.": [Moves("anna", "keys", "bag", secretly=True)],
    "Anna put the keys in the bag without anyone noticing.": [Moves("anna", "keys", "bag", secretly=True)],
    "While Ben is away, Anna puts the keys in the bag.": [Moves("anna", "keys", "bag")],
    "Anna, who was alone, moved the keys to the bag.": [Moves("anna", "keys", "bag")],
    "Anna put the keys on the table in the kitchen.": [Moves("anna", "keys", "table", "on")],
    "Anna put her phone on the shelf.": [Moves("anna", "anna's phone", "shelf", "on")],
    "Anna gave Ben the keys.": [Moves("anna", "keys", "ben", "with")],
    "Anna hands the keys to Ben.": [Moves("anna", "keys", "ben", "with")],
    "Anna picked up the keys.": [Takes("anna", "keys")],
    "Anna is holding the keys.": [Takes("anna", "keys")],
    "Anna takes the keys out of the bag and puts them in the drawer.": [
        Takes("anna", "keys"),
        Moves("anna", "keys", "drawer"),
    ],
    "Sally puts the ball in the basket and leaves the room.": [
        Moves("sally", "ball", "basket"),
        Leaves("sally", "room"),
    ],
    # looking
    "Ben looks for the keys in the drawer.": [Searches("ben", "keys", "drawer")],
    "Ben is searching the drawer for the keys.": [Searches("ben", "keys", "drawer")],
    "Ben looked in the drawer.": [Opens("ben", "drawer", alone=True)],
    "Ben opens the box and sees pencils inside.": [Opens("ben", "box", "pencils")],
    "Ben looks into the box and finds pencils inside.": [Opens("ben", "box", "pencils", alone=True)],
    "Ben saw the keys in the drawer.": [Sees("ben", IN_DRAWER)],
    "Ben saw that the keys are in the drawer.": [Sees("ben", IN_DRAWER)],
    "Ben saw Anna put the keys in the drawer.": [Moves("anna", "keys", "drawer"), Sees("ben", IN_DRAWER)],
    "Ben watches Anna through the window.": [Watches("ben", whom="anna")],
    'The box is labelled "sweets".': [Labelled("box", "sweets")],
    "The label on the box says sweets.": [Labelled("box", "sweets")],
    "The box contains pencils.": [IsSo(Fact("box", "content", "pencils"), hidden=True)],
    "Anna fills the box with stones.": [Opens("anna", "box", "stones")],
    # words
    "Anna told Ben that the keys are in the bag.": [Tells("anna", IN_BAG, ("ben",))],
    "Anna privately told Ben and Carl that the keys are in the bag.": [
        Tells("anna", IN_BAG, ("ben", "carl"), privately=True)
    ],
    "Anna publicly claimed that the keys are in the bag.": [Tells("anna", IN_BAG)],
    'Ben said to Carl: "I put the keys in the bag."': [Tells("ben", IN_BAG, ("carl",))],
    "Anna told Ben where the keys are.": [Tells("anna", Fact("keys", "place", ""), ("ben",))],
    "The meeting is at five.": [IsSo(Fact("meeting", "time", "five", "at"))],
    "The door is locked.": [IsSo(Fact("door", "state", "locked"))],
    "Ben thinks that the keys are in the bag.": [Thinks("ben", IN_BAG)],
    # attention
    "Ben fell asleep.": [Attends("ben", "asleep")],
    "Ben is on the phone.": [Attends("ben", "distracted")],
    "Ben looks away.": [Attends("ben", "distracted")],
    "Ben wakes up.": [Attends("ben", "awake")],
}

NOT_UNDERSTOOD = [
    "Phone rang.", "Oliver hates the tomato", "Isabella made no movements and stayed in the den for 1 minute.", "Jacob lost his watch.",
    "Avery saw a cat.", "It began to rain.", "Anna didn't put the keys in the bag.", "Anna wants to put the keys in the bag.",
    "Anna will put the keys in the bag.", "Ben is not in the kitchen.", "Is the ball in the box?", "Ben is in a hurry.", "", "?", "the",
    "and, and and", "in in in", "to the to the", "Someone put the keys away.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", UNDERSTOOD)
def test_understood(sentence):
    talk = Discourse(["Anna", "Ben", "Carl"], speaker="Anna")
    assert list(parse_statement(sentence, talk) or ()) == UNDERSTOOD[sentence]


@pytest.mark.parametrize("sentence", NOT_UNDERSTOOD)
def test_not_understood(sentence):
    assert parse_statement(sentence) is None


def test_she_and_it_are_who_and_what_was_spoken_of():
    talk = Discourse()
    assert parse_statement("Sally puts the ball in the basket.", talk)
    assert parse_statement("She leaves.", talk) == (Leaves("sally"),)
    assert parse_statement("Anne takes it.", talk) == (Takes("anne", "ball"),)
    assert parse_statement("She puts it in the box.", talk) == (Moves("anne", "ball", "box"),)
    assert parse_statement("Anne and Tom entered the hall.", talk)
    assert parse_statement("They left.", talk) == (Leaves("anne"), Leaves("tom"))


def test_who_is_she_before_anybody_was_named():
    assert parse_statement("She leaves.") is None


words = s.sampled_from(
    """anna ben the a keys ball puts put moved in on to from drawer box and , that says told is are was left looks for where who not
    i my you she it because while without noticing " : ? 's with label labelled has been at five through window""".split()
)


@given(s.lists(words, max_size=40))
def test_word_salad_raises_nothing(salad):
    text = " ".join(salad)
    parse_statement(text)
    parse_question(text + "?")
    parse_utterance(text, "anna", "ben")


@given(s.text(max_size=400))
def test_no_text_raises_anything(text):
    parse_statement(text)
    parse_question(text)
    parse_utterance(text, text[:10], text[10:20])


def test_only_the_beginning_of_a_long_text_is_read():
    assert parse_statement("x " * 1_000_000) is None
    assert parse_statement("Anna puts the keys in the drawer " + "now " * 1_000_000) == (
        Moves("anna", "keys", "drawer"),
    )


def test_names_of_two_words_titles_and_hyphens():
    assert parse_statement("Mr. Smith entered the living-room.") == (Enters("mr smith", "living room"),)
    assert parse_statement("Mary-Ann re-entered the hall.") == (Enters("mary ann", "hall"),)
    assert sentences("Mr. Smith left. He said hello! Really?") == ["Mr. Smith left.", "He said hello!", "Really?"]
