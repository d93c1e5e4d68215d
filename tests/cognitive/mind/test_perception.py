"""Who perceives what: unseen watchers, sleepers, the distracted, and reports that say who noticed."""

from __future__ import annotations

from cognitive.mind.events import Attends, Enters, Moves

START = """
    Sally and Anne are in the kitchen.
    Sally puts the ball in the basket.
    Sally leaves.
"""


def test_who_peeks_through_the_window_knows_and_is_not_known_to_know(scene):
    told = scene(START).tell("Sally watches Anne through the window.\nAnne moves the ball to the box.")
    assert told.where("ball", "Sally") == "box"
    assert told.where("ball", "Sally", "Anne") == "box"
    assert told.where("ball", "Anne", "Sally") == "basket"
    assert told.where("ball", "Sally", "Anne", "Sally") == "basket", "Sally knows that she is unseen"


def test_who_enters_no_longer_watches(scene):
    told = scene(START).tell("""
        Sally watches Anne through the window.
        Sally goes to the garden.
        Anne moves the ball to the box.
    """)
    assert told.where("ball", "Sally") == "basket"


def test_what_is_done_secretly_is_seen_by_nobody(scene):
    told = scene(
        "Sally and Anne are in the kitchen.\nThe ball is in the basket.\nAnne secretly moves the ball to the box."
    )
    assert told.where("ball", "Sally") == told.where("ball", "Anne", "Sally") == "basket"
    assert told.where("ball", "Anne") == "box"


def test_a_sleeper_sees_nothing_and_everybody_knows_that(scene):
    told = scene("""
        Sally and Anne are in the kitchen.
        The ball is in the basket.
        Sally falls asleep.
        Anne moves the ball to the box.
        Sally wakes up.
    """)
    assert told.where("ball", "Sally") == told.where("ball", "Anne", "Sally") == "basket"


def test_unnoticed_distraction_misleads_the_others(scene):
    told = scene("Sally and Anne are in the kitchen.\nThe ball is in the basket.")
    told.model.apply(Attends("Sally", "distracted", noticed=False), told.t_ns)
    told.tell("Anne moves the ball to the box.")
    assert told.where("ball", "Sally") == "basket"
    assert told.where("ball", "Anne", "Sally") == "box", "Anne thinks that Sally saw it"


def test_a_report_may_say_who_noticed(scene):
    told = scene("Sally, Anne and Tom are in the kitchen.\nThe ball is in the basket.")
    told.model.apply(Moves("Anne", "ball", "box"), told.t_ns + 1, seen_by=("tom",))
    assert told.where("ball", "Tom") == told.where("ball", "Anne", "Tom") == "box"
    assert told.where("ball", "Sally") == "basket"


def test_what_is_reported_to_the_agent_the_agent_knows(scene):
    told = scene("Sally and Anne are in the kitchen.\nThe ball is in the basket.", me="Ada")
    told.model.apply(Enters("Ada", "kitchen"), told.t_ns + 1)
    told.model.apply(Moves("Anne", "ball", "box"), told.t_ns + 2, seen_by=())
    assert told.where("ball", "Ada") == "box"
    assert told.where("ball", "Anne", "Ada") == "box", "what Anne thinks that the agent knows"
    assert told.where("ball", "Sally") == "basket"


def test_rooms_part_people(scene):
    told = scene("""
        Sally entered the kitchen.
        Anne entered the garden.
        The ball is in the basket in the kitchen.
    """)
    assert told.where("ball", "Sally") == "basket"
    assert told.where("ball", "Anne") is None


def test_without_places_everybody_present_sees(scene):
    told = scene()
    told.model.present("anna", 1)
    told.model.present("ben", 2)
    told.tell("Anna puts the keys in the drawer.")
    told.model.absent("ben", told.t_ns + 1)
    told.t_ns += 2
    told.tell("Anna moves the keys to the bag.")
    assert (told.where("keys", "Ben"), told.where("keys", "Anna", "Ben")) == ("drawer", "drawer")


def test_seeing_somebody_again_and_again_changes_nothing(scene):
    told = scene()
    for t in range(100):
        told.model.present("anna", t)
        told.model.attention("anna", True, t)
    assert told.model.state.events == 1


def test_the_distracted_come_back_to_what_lies_open(scene):
    told = scene("Sally and Anne are in the kitchen.\nThe ball is in the basket.")
    told.model.attention("Sally", False, told.t_ns)
    told.tell("Anne moves the ball to the table.")
    assert told.where("ball", "Sally") == "basket"
    told.model.attention("Sally", True, told.t_ns + 1)
    assert told.where("ball", "Sally") == "table"


def test_what_somebody_carries_goes_along(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna takes the keys.
        Anna goes to the garden.
        Carl entered the garden.
    """)
    assert told.where("keys", "Carl") == "anna"
    assert told.where("keys", "Ben") == "anna"


def test_who_looks_in_the_wrong_place_shows_what_he_believes(scene):
    told = scene("Anna is in the hall.\nBen entered the hall.\nBen looks for the keys in the drawer.")
    assert told.where("keys", "Ben") == told.where("keys", "Anna", "Ben") == "drawer"
    assert told.where("keys", "Anna") is None
    assert told.model.belief("Ben", "keys").evidence.how == "searched"


def test_who_peeks_through_the_keyhole_and_sees_it(scene):
    told = scene(START).tell("Sally peeks through the keyhole and sees Anne move the ball to the box.")
    assert told.where("ball", "Sally") == told.where("ball", "Anne") == "box"
    assert told.where("ball", "Anne", "Sally") == "basket"
