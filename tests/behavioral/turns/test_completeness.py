"""Does a partial text sound finished?"""

import pytest

from behavioral.turns.completeness import completeness, is_backchannel


@pytest.mark.parametrize(
    "text", ["I went to the", "and then", "I would like a", "because", "my name is", "um", "well uh"]
)
def test_a_text_that_needs_another_word_is_incomplete(text: str) -> None:
    assert completeness(text) < 0.2


@pytest.mark.parametrize(
    "text", ["hello", "yes", "no thanks", "ask what you can do for your country", "I live in Berlin"]
)
def test_a_closed_text_is_complete(text: str) -> None:
    assert completeness(text) >= 0.8


def test_no_text_is_undecided() -> None:
    assert 0.3 < completeness("") < 0.6


@pytest.mark.parametrize("text", ["mhm", "yeah", "uh huh", "oh I see", "right", "OK."])
def test_backchannels_are_recognised(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["", "stop", "yeah but I think", "yes yes yes yes yes", "no wait"])
def test_other_words_are_not_backchannels(text: str) -> None:
    assert not is_backchannel(text)
