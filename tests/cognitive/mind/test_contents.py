"""What is in a box: the label, the look inside, and who was shown."""

from __future__ import annotations

SMARTIES = """
    Sam and Pat are in the room.
    The tube is labelled "sweets".
    The tube contains pencils.
"""


def held(told, *chain):
    return told.model.contents(chain, "tube")


def test_a_closed_box_holds_what_it_says(scene):
    told = scene(SMARTIES)
    assert held(told, "Sam") == held(told, "Sam", "Pat") == ("sweets",)
    assert told.model.actual("tube", "content") == "pencils"
    assert told.model.belief("Sam", "tube", "content").evidence.how == "assumed"


def test_who_has_looked_inside_knows_that_the_others_have_not(scene):
    told = scene(SMARTIES).tell("Pat leaves.\nSam opens the tube and sees pencils inside.")
    assert held(told, "Sam") == ("pencils",)
    assert held(told, "Pat") == ("sweets",)
    assert held(told, "Sam", "Pat") == ("sweets",)


def test_a_friend_who_comes_later_will_think_it_holds_sweets(scene):
    told = scene(SMARTIES).tell("Sam opens the tube and sees pencils inside.\nMia enters.")
    assert held(told, "Mia") == held(told, "Sam", "Mia") == ("sweets",)
    assert held(told, "Mia", "Sam") == ("sweets",), "Mia does not know that Sam has looked"
    assert held(told, "Pat", "Sam") == ("pencils",), "Pat was there when it was opened"


def test_opening_shows_it_to_all_looking_into_it_to_one(scene):
    opened = scene(SMARTIES).tell("Sam opens the tube and sees pencils.")
    assert held(opened, "Pat") == ("pencils",)
    looked = scene(SMARTIES).tell("Sam looks into the tube.")
    assert held(looked, "Sam") == ("pencils",)
    assert held(looked, "Pat") == held(looked, "Pat", "Sam") == ("sweets",)


def test_things_put_into_a_box_are_its_content(scene):
    told = scene("""
        Sam and Pat are in the room.
        Sam puts the ball in the tube.
        Pat leaves.
        Sam puts the pen in the tube.
    """)
    assert set(held(told, "Sam")) == {"ball", "pen"}
    assert held(told, "Pat") == held(told, "Sam", "Pat") == ("ball",)


def test_opening_the_box_shows_that_a_thing_is_gone(scene):
    told = scene("""
        Sam and Pat are in the room.
        Sam puts the ball in the tube.
        Sam leaves.
        Pat moves the ball to the bag.
        Sam comes back.
        Sam looks into the tube.
    """)
    assert told.where("ball", "Sam") == ""
    assert told.model.belief("Sam", "ball").before == "tube"


def test_refilling_a_box_unseen(scene):
    told = scene(SMARTIES).tell("""
        Sam opens the tube and sees pencils.
        Sam leaves.
        Pat fills the tube with stones.
    """)
    assert held(told, "Sam") == ("pencils",)
    assert held(told, "Pat") == ("stones",)
    assert [(f.person, f.believed, f.actual) for f in told.model.false_beliefs()] == [("sam", "pencils", "stones")]
