"""Why do you think so?"""

from __future__ import annotations

from cognitive.mind.explain import explain, mend
from runtime.clock import NS_PER_S


def test_by_seeing(scene):
    told = scene("Anna and Ben are in the kitchen.\nAnna puts the keys in the drawer.")
    assert explain(told.model, "Ben", "keys", now_ns=told.t_ns + 125 * NS_PER_S) == (
        "Ben thinks that the keys are in the drawer, because Ben saw that Anna moved it there (2 min ago)."
    )
    assert explain(told.model, ("Anna", "Ben"), "keys").startswith(
        "Anna thinks that Ben thinks that the keys are in the drawer, because Anna and Ben together saw"
    )


def test_the_reason_is_the_first_event_since_which_it_is_believed(scene):
    told = scene("""
        Anna and Ben are in the kitchen.
        Anna puts the keys on the table.
        Carl enters the kitchen.
    """)
    held = told.model.belief("Ben", "keys")
    assert held.evidence.text == "Anna puts the keys on the table."
    assert held.confirmed_ns > held.evidence.t_ns


def test_by_being_told(scene):
    told = scene("Anna and Ben are in the hall.\nAnna said to Ben that the meeting is at five.")
    assert (
        explain(told.model, "Ben", "meeting", "time")
        == "Ben thinks that the meeting is at five, because Anna told Ben so."
    )


def test_by_the_label(scene):
    told = scene("Sam is in the room.\nThe tube is labelled sweets.")
    assert explain(told.model, "Sam", "tube", "content") == (
        "Sam thinks that sweets are in the tube, because it looks like that from outside, and Sam has not seen inside."
    )


def test_by_nothing(scene):
    told = scene("Sam is in the room.")
    assert explain(told.model, "Sam", "keys") == "Sam knows nothing of the keys: nothing was seen or told."


def test_a_mistake_is_told_with_the_truth(scene):
    told = scene("""
        Anna and Ben are in the hall.
        Ben puts the keys in the drawer.
        Ben leaves.
        Anna moves the keys to the bag.
        Ben comes back.
        Ben looks for the keys in the drawer.
    """)
    (false,) = told.model.false_beliefs()
    assert mend(false) == (
        "Ben is looking for the keys. Ben thinks that the keys are in the drawer, because Ben moved it there; "
        "in truth the keys are in the bag since Anna moved it there."
    )
