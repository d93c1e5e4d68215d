"""Who was not there does not know: first and second order, and further."""

from __future__ import annotations

SALLY_ANNE = """
    Sally and Anne are in the room.
    Sally puts the ball in the basket.
    Sally leaves the room.
    Anne moves the ball to the box.
"""


def test_sally_looks_where_she_left_it(scene):
    told = scene(SALLY_ANNE)
    assert told.where("ball", "Sally") == "basket"
    assert told.where("ball", "Anne") == "box"
    assert told.model.actual("ball") == "box"
    assert told.model.first("ball") == "basket"


def test_anne_knows_what_sally_thinks_and_sally_does_not_know_what_anne_thinks(scene):
    told = scene(SALLY_ANNE)
    assert told.where("ball", "Anne", "Sally") == "basket"
    assert told.where("ball", "Sally", "Anne") == "basket"
    assert told.where("ball", "Anne", "Sally", "Anne") == "basket"


def test_a_box_is_not_looked_into_by_coming_back(scene):
    told = scene(SALLY_ANNE).tell("Sally comes back into the room.")
    assert told.where("ball", "Sally") == "basket"


def test_on_a_table_the_ball_is_seen_by_who_comes_back_and_that_is_seen_too(scene):
    told = scene("""
        Sally and Anne are in the room.
        Sally puts the ball in the basket.
        Sally leaves the room.
        Anne moves the ball to the table.
        Sally comes back into the room.
    """)
    assert told.where("ball", "Sally") == "table"
    assert told.where("ball", "Anne", "Sally") == "table"
    assert told.where("ball", "Sally", "Anne", "Sally") == "table"


def test_what_no_longer_lies_open_is_missed_but_not_known(scene):
    told = scene("""
        Sally and Anne are in the room.
        Sally puts the ball on the table.
        Sally leaves the room.
        Anne moves the ball into the box.
        Sally comes back into the room.
    """)
    held = told.model.belief("Sally", "ball")
    assert held.value == "" and held.before == "table"
    assert not told.model.knows("Sally", "ball")
    assert told.where("ball", "Anne", "Sally") == ""


def test_in_tomi_stories_coming_in_shows_everything(scene):
    told = scene(SALLY_ANNE, sight="all").tell("Sally entered the room.")
    assert told.where("ball", "Sally") == told.where("ball", "Anne", "Sally") == "box"


def test_the_ice_cream_van(scene):
    """Perner & Wimmer (1985): both learn of the new place, each without the other knowing."""
    told = scene("""
        John and Mary are in the park.
        The van is in the park.
        Mary goes home.
        Tom entered the park.
        Tom moved the van to the church.
        Tom told John that the van is at the church.
        Tom went to Mary's home.
        Tom told Mary that the van is at the church.
    """)
    assert told.where("van", "John") == told.where("van", "Mary") == "church"
    assert told.where("van", "John", "Mary") == "park"
    assert told.where("van", "Mary", "John") == "park"


def test_the_fourth_order_is_what_all_four_saw_together(scene):
    told = scene("""
        Ann, Bob, Cid and Dan entered the den.
        The key is in the box.
        Ann moves the key to the jar.
        Dan left the den.
        Bob moves the key to the bag.
        Cid left the den.
        Ann moves the key to the tin.
    """)
    assert told.where("key", "Ann", "Bob") == "tin"
    assert told.where("key", "Ann", "Bob", "Cid") == "bag"
    assert told.where("key", "Ann", "Bob", "Cid", "Dan") == "jar"
    assert told.where("key", "Dan", "Ann", "Bob", "Cid") == "jar"


def test_who_believes_their_own_belief_believes_it(scene):
    told = scene(SALLY_ANNE)
    assert told.where("ball", "Sally", "Sally") == told.where("ball", "Sally")


def test_false_beliefs_are_listed_with_their_evidence_and_who_is_looking_first(scene):
    told = scene("""
        Anna and Ben are in the hall.
        Ben puts the keys in the drawer.
        Ben puts the phone in the drawer.
        Ben leaves.
        Anna moves the keys to the bag.
        Anna moves the phone to the bag.
        Ben comes back.
        Ben is looking for the keys.
    """)
    false = told.model.false_beliefs()
    assert [(f.person, f.subject, f.believed, f.actual, f.seeking) for f in false] == [
        ("ben", "keys", "drawer", "bag", True),
        ("ben", "phone", "drawer", "bag", False),
    ]
    assert false[0].evidence.text == "Ben puts the keys in the drawer."
    assert false[0].actual_evidence.by == "anna"
    assert told.model.false_beliefs("Anna") == []


def test_nobody_is_wrong_about_what_was_only_said(scene):
    told = scene("""
        Anna and Ben are in the hall.
        Anna told Ben that the keys are in the car.
    """)
    assert told.model.actual("keys") is None
    assert told.where("keys", "Ben") == "car"
    assert told.model.false_beliefs() == []


def test_who_has_opened_the_drawer_in_vain_still_seeks(scene):
    told = scene(
        """
        Ada, Anna and Ben are in the hall.
        Ben puts the keys in the drawer.
        Ben leaves.
        Anna moves the keys to the bag.
        Ben comes back.
        Ben looks in the drawer for the keys.
        Ben opens the drawer.
    """,
        me="Ada",
    )
    assert told.model.false_beliefs() == []
    assert told.where("keys", "Ben") == ""
