"""Whether somebody follows: what says so, and what only looks like it."""

from __future__ import annotations

import pytest

from cognitive.uptake import not_understood, understood


@pytest.mark.parametrize(
    "text",
    [
        "I don't understand this", "I'm not following", "I can't follow you", "That's over my head", "I have no idea what you mean",
        "I understand nothing", "I understand none of it", "Divide it by what?", "Antago what?",
        "Daily product? Validate what?", "Wait, what?", "What?", "You misunderstood",
        "That's not what I said", "I thought it was on Tuesday", "I thought you said nine", "I don't see it",
    ],
)  # fmt: skip
def test_who_does_not_follow_says_so_in_many_ways(text: str) -> None:
    assert not_understood(text) and not understood(text)


@pytest.mark.parametrize(
    "text", ["I see", "I get it", "Perfect", "Of course", "Oh okay, thanks", "Exactly", "Now I see"]
)
def test_acknowledgements(text: str) -> None:
    assert understood(text) and not not_understood(text)


@pytest.mark.parametrize(
    "text",
    [
        "You know what", "Guess what", "So what", "I tell you what", "Now what",
        "I thought the music was wonderful", "I thought it was the best film this year",
        "That was the best film", "Of course I am angry", "I see a ship", "I see you have a dog", "A perfect day for a walk",
    ],
)  # fmt: skip
def test_small_talk_is_neither(text: str) -> None:
    assert not not_understood(text) and not understood(text)
