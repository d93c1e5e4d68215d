"""When a reply prepared for one recognition answers another."""

import pytest

from behavioral.dialogue.same_words import same_meaning


@pytest.mark.parametrize(
    ("drafted", "final"),
    [
        ("are you open", "Are you open?"),
        ("uh are you um open", "are you open"),
        ("can you wave please", "can you wave"),
        ("the the door", "the door"),
        ("it\u2019s late", "it's late"),
    ],
)
def test_case_punctuation_and_hesitation_mean_nothing(drafted: str, final: str) -> None:
    assert same_meaning(drafted, final)


@pytest.mark.parametrize(
    ("drafted", "final"),
    [
        ("are you open", "are you open on sunday"),
        ("you can go", "can you go"),
        ("i am happy", "i am not happy"),
        ("wake me at 5", "wake me at 6"),
        ("well", ""),
        ("", "hello"),
        ("mhm", "uh"),
        ("uh", ""),
        ("ja", "nein"),
    ],
)
def test_any_other_word_does(drafted: str, final: str) -> None:
    assert not same_meaning(drafted, final)
