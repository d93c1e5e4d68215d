"""What people are seen to do: what a sentence of the room says about it, and what it does not say."""

from __future__ import annotations

import pytest

from cognitive import deeds


@pytest.mark.parametrize(
    ("text", "attempt"),
    [
        ("Ayo presses the button", True),
        ("Finn stretches for the bowl", True),
        ("Bo reaches up for the jar", True),
        ("Hetty chops the onions", False),
        ("Jonas turns a page", True),  # a deed like another: only the same one twice, with other signs, counts
        ("Hetty wipes tears from the cheek", False),
    ],
)
def test_what_would_be_done_once_if_it_worked(text: str, attempt: bool) -> None:
    assert deeds.attempts(text) is attempt


@pytest.mark.parametrize(
    ("text", "takes", "ends"),
    [
        ("Leif takes the phone", True, False),
        ("Leif answers his mobile", True, False),
        ("Leif puts the phone in the pocket", False, True),
        ("Leif hangs up", False, True),
        ("Leif holds the phone out to the agent", False, False),
        ("Leif takes the pencil", False, False),
        ("The phone rings", False, False),
    ],
)
def test_who_takes_to_the_phone_and_who_is_done_with_it(text: str, takes: bool, ends: bool) -> None:
    assert (deeds.phones(text), deeds.hangs_up(text)) == (takes, ends)


@pytest.mark.parametrize(
    ("text", "puzzled"),
    [("Huw scratches his head", True), ("Huw shrugs", True), ("Huw scratches the dog", False), ("Huw nods", False)],
)
def test_gestures_of_not_understanding(text: str, puzzled: bool) -> None:
    assert deeds.puzzled(text) is puzzled
