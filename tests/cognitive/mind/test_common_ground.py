"""What two people have in common, and what is news."""

from __future__ import annotations

from cognitive.mind.common_ground import news_for, shared_of


def ground(told, one, other):
    return {
        (s.subject, s.value, s.so)
        for record in told.model.state.facts.values()
        if (s := shared_of(record, one, other)) is not None and s.subject not in told.model.people()
    }


def test_what_both_saw_together_is_common(scene):
    told = scene("Anna and Ben are in the kitchen.\nAnna puts the keys in the drawer.")
    assert ground(told, "Anna", "Ben") == {("keys", "drawer", True)}


def test_what_each_saw_alone_is_not(scene):
    told = scene("""
        Anna is in the kitchen.
        Anna puts the keys on the table.
        Anna leaves.
        Ben entered the kitchen.
    """)
    assert told.where("keys", "Anna") == told.where("keys", "Ben") == "table"
    assert ground(told, "Anna", "Ben") == set()


def test_telling_makes_it_common(scene):
    told = scene("""
        Anna and Ben are in the hall.
        Anna said to Ben that the meeting is at five.
    """)
    assert ground(told, "Ben", "Anna") == {("meeting", "five", True)}


def test_a_lie_is_not_common_and_a_common_mistake_is(scene):
    told = scene("""
        Anna, Ben and Carl are in the kitchen.
        Anna puts the keys in the drawer.
        Anna and Ben left.
        Carl moves the keys to the bag.
    """)
    assert ground(told, "Anna", "Ben") == {("keys", "drawer", False)}
    assert ground(told, "Anna", "Carl") == set()


def test_watching_unseen_makes_nothing_common(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Ben leaves.
        Ben watches Anna through the window.
        Anna puts the keys in the drawer.
    """)
    assert ground(told, "Anna", "Ben") == set()


def test_news_is_what_the_other_does_not_know(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys in the drawer.
        Ben leaves.
        Anna moves the keys to the bag.
        Anna puts the cup in the sink.
    """)
    assert news_for(told.model, "Anna", "Ben") == [("keys", "place", "bag"), ("cup", "place", "sink")]
    assert news_for(told.model, "Ben", "Anna") == [("keys", "place", "drawer")], "so Ben may say, in good faith"
