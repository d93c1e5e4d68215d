"""Questions of every order, in the wordings of the data sets and of people."""

from __future__ import annotations

import pytest

from cognitive.mind.language import Query, parse_question, parse_question_of

FIRST = Query("belief", "ball", ("sally",))
SECOND = Query("belief", "ball", ("anne", "sally"))


@pytest.mark.parametrize(
    "text",
    [
        "Where will Sally look for the ball?", "Where will Sally look for the ball first?", "Where does Sally search for the ball?",
        "Where would Sally look for the ball when she comes back?", "Where does Sally think the ball is?",
        "Where does Sally really think the ball is?", "Where does Sally believe the ball to be?",
        "Where does Sally expect to find the ball?",
        "Where is Sally going to look for the ball?", "Where do you think Sally will look for the ball?",
        "In which container will Sally look for the ball?", "8 Where will Sally look for the ball", "where will sally look for the ball",
    ],
)  # fmt: skip
def test_first_order(text):
    assert parse_question(text) == FIRST


@pytest.mark.parametrize(
    "text",
    [
        "Where does Anne think that Sally searches for the ball?", "Where does Anne think Sally will look for the ball?",
        "Where does Anne think that Sally thinks the ball is?", "Where does Anne believe that Sally believes that the ball is?",
        "Where will Anne say that Sally will look for the ball?", "Where does Anne think that Sally would search for the ball?",
    ],
)  # fmt: skip
def test_second_order(text):
    assert parse_question(text) == SECOND


def test_fourth_order():
    asked = parse_question("Where does Ann think Bob thinks Cid thinks Dan thinks the green_key is?")
    assert asked == Query("belief", "green key", ("ann", "bob", "cid", "dan"))


@pytest.mark.parametrize(
    "end", ["at the beginning", "initially", "originally", "at first", "before Anne moved it", "in the beginning"]
)
def test_memory(end):
    assert parse_question(f"Where was the ball {end}?") == Query("memory", "ball")


@pytest.mark.parametrize("end", [" really", " now", " actually", ""])
def test_reality(end):
    assert parse_question(f"Where is the ball{end}?") == Query("reality", "ball")


def test_contents():
    assert parse_question("What is in the tube?") == Query("reality", "tube", (), "content")
    assert parse_question("What is really inside the tube?") == Query("reality", "tube", (), "content")
    assert parse_question("What does Sam think is in the tube?") == Query("belief", "tube", ("sam",), "content")
    assert parse_question("What does Sam think that Pat thinks is in the tube?") == Query(
        "belief", "tube", ("sam", "pat"), "content"
    )
    assert parse_question("What does Sam think the tube contains?") == Query("belief", "tube", ("sam",), "content")
    assert parse_question("What will Sam say is in the tube?") == Query("belief", "tube", ("sam",), "content")


def test_knowing_and_believing():
    assert parse_question("Does Ben know where the keys are?") == Query("knows", "keys", ("ben",))
    assert parse_question("Does Ben know what is in the tube?") == Query("knows", "tube", ("ben",), "content")
    assert parse_question("Does Ben think that the keys are in the bag?") == Query(
        "believes", "keys", ("ben",), "place", "bag"
    )
    assert parse_question("Does Anna know that Ben thinks the keys are in the bag?").chain == ("anna", "ben")
    assert parse_question("Does Ben know that the meeting is at five?") == Query(
        "knows", "meeting", ("ben",), "time", "five"
    )


def test_why():
    asked = Query("why", "keys", ("ben",), "place", "drawer")
    assert parse_question("Why does Ben think that the keys are in the drawer?") == asked
    assert parse_question("Why will Sally look for the ball in the basket?") == Query("why", "ball", ("sally",))


def test_mine_and_yours():
    assert parse_question_of("Where are my keys?", "Anna") == Query("reality", "anna's keys")
    assert parse_question_of("Do you know where my keys are?", "Anna", "Ada") == Query("knows", "anna's keys", ("ada",))


@pytest.mark.parametrize(
    "text", ["How old are you?", "Where?", "What?", "Who is there?", "Where to?", "Why not?", "Does it?", ""]
)
def test_what_is_not_understood_is_none(text):
    assert parse_question(text) is None
