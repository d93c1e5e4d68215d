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


def test_a_tag_may_hold_digits() -> None:
    assert split_tags("I know [count_3] three ways.").tags == (BehaviourTag("count_3", 2),)


def test_every_tag_of_the_shipped_scenario_is_a_gesture_or_a_face() -> None:
    from behavioral.body.body import TAG_EXPRESSIONS, TAG_SCORE_MIN
    from behavioral.dialogue.scenario import load_scenario
    from motion.text.matcher import match

    file = load_scenario("welcome").file
    lines = [*file.fallbacks, *file.not_understood, *(entry.say for entry in file.opening)]
    lines += [line for rule in file.rules for line in (*rule.replies, rule.ask)]
    labels = {tag.label for line in lines for tag in split_tags(line).tags}
    assert [name for name in labels if name not in TAG_EXPRESSIONS and match(name).score < TAG_SCORE_MIN] == []
