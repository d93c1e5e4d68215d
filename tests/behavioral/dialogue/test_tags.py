"""Behaviour tags become acts and never reach the voice."""

from hypothesis import given
from hypothesis import strategies as st

from behavioral.dialogue.tags import BehaviourTag, split_tags


def test_a_tag_acts_at_the_word_after_it() -> None:
    tagged = split_tags("[wave] Hello there, [point] over there.")
    assert tagged.text == "Hello there, over there."
    assert tagged.tags == (BehaviourTag("wave", 0), BehaviourTag("point", 2))


def test_stray_markup_is_dropped() -> None:
    assert split_tags("**Sure** `x` {y} <b>").text == "Sure x y b"


@given(st.text(max_size=200))
def test_no_bracket_is_ever_spoken(text: str) -> None:
    assert not set("[]{}<>*_#`|") & set(split_tags(text).text)
