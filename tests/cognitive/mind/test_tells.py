"""What is said: believed, seen through, overheard."""

from __future__ import annotations

HERE = """
    Anna and Ben are in the kitchen.
    Anna puts the keys in the drawer.
    Ben goes to the garden.
    Anna moves the keys to the bag.
    Anna goes to the garden.
"""


def test_who_is_told_knows(scene):
    told = scene(HERE).tell("Anna told Ben that the keys are in the bag.")
    assert told.where("keys", "Ben") == "bag"
    assert told.where("keys", "Anna", "Ben") == told.where("keys", "Ben", "Anna") == "bag"
    assert told.model.belief("Ben", "keys").evidence.how == "told"


def test_a_lie_is_believed_and_the_liar_knows_better(scene):
    told = scene(HERE).tell("Anna told Ben that the keys are in the car.")
    assert told.where("keys", "Ben") == "car"
    assert told.where("keys", "Anna") == "bag"
    assert told.where("keys", "Anna", "Ben") == "car", "the liar knows what was believed"
    assert told.where("keys", "Ben", "Anna") == "car", "and is taken to believe it"
    assert told.where("keys", "Anna", "Ben", "Anna") == "car"
    assert told.model.actual("keys") == "bag"


def test_who_sees_where_it_is_is_not_lied_to(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys in the drawer.
        Anna told Ben that the keys are in the car.
    """)
    assert told.where("keys", "Ben") == "drawer"
    assert told.where("keys", "Ben", "Anna") == "drawer"


def test_who_has_been_away_lets_himself_be_told(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys in the drawer.
        Ben goes to the garden.
        Ben goes to the kitchen.
        Anna told Ben that the keys are in the car.
    """)
    assert told.where("keys", "Ben") == "car"


def test_bystanders_overhear_what_is_not_whispered(scene):
    aloud = scene(HERE).tell("Carl goes to the garden.\nAnna told Ben that the keys are in the bag.")
    assert aloud.where("keys", "Carl") == aloud.where("keys", "Carl", "Ben") == "bag"
    whispered = scene(HERE).tell("Carl goes to the garden.\nAnna privately told Ben that the keys are in the bag.")
    assert whispered.where("keys", "Carl") is None
    assert whispered.where("keys", "Ben") == "bag"


def test_the_sleeping_hear_nothing_and_the_distracted_do(scene):
    told = scene(HERE).tell("Ben falls asleep.\nAnna says that the keys are in the bag.")
    assert told.where("keys", "Ben") == "drawer"
    told = scene(HERE).tell("Ben is on the phone.\nAnna says that the keys are in the bag.")
    assert told.where("keys", "Ben") == "bag"


def test_telling_where_it_is_tells_what_the_speaker_believes(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys in the drawer.
        Anna goes to the garden.
        Ben moves the keys to the bag.
        Carl goes to the garden.
        Anna told Carl where the keys are.
    """)
    assert told.where("keys", "Carl") == "drawer"


def test_a_stranger_is_taken_to_mean_what_he_says(scene):
    told = scene("Ben and Zoe are in the kitchen.\nZoe said to Ben that the meeting is at five.")
    assert told.model.belief("Zoe", "meeting", "time").value == "five"
    assert told.model.belief(("Ben", "Zoe"), "meeting", "time").value == "five"


def test_a_rumour_goes_on(scene):
    told = scene(HERE).tell("""
        Anna told Ben that the keys are in the car.
        Ben goes to the hall.
        Carl goes to the hall.
        Ben told Carl that the keys are in the car.
    """)
    assert told.where("keys", "Carl") == "car"
    assert told.where("keys", "Anna", "Carl") is None


def test_a_liar_on_the_telephone_cannot_know_who_sees_that_it_is_otherwise(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys in the drawer.
        Anna goes to the garden.
        Anna told Ben that the keys are in the car.
    """)
    assert told.where("keys", "Ben") == "drawer"
    assert told.where("keys", "Anna", "Ben") == "car", "Anna thinks that she was believed"
    assert told.where("keys", "Ben", "Anna") == "drawer", "Ben sees through it"
