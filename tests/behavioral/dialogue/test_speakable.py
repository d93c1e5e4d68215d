"""What a model may write and what is spoken of it: tags act, nothing in brackets is ever heard, however the stream is cut."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behavioral.dialogue.speakable import HELD_CHARS_MAX, WORD_CHARS_MAX, Speakable
from behavioral.dialogue.tags import split_tags
from behavioral.voice.clauses import ClauseSplitter


def spoken(text: str, sizes: tuple[int, ...] = (), limit: int = 100_000) -> tuple[str, list[str]]:
    """Send a text through filter, clause splitter and tag splitter; return what the voice says and what the body does."""
    speakable, splitter = Speakable(limit), ClauseSplitter()
    clauses: list[str] = []
    at = 0
    for size in (*sizes, len(text)):
        clauses += splitter.push(speakable.push(text[at : at + size]))
        at += size
    rest, loose = speakable.flush()
    clauses += splitter.push(rest) + splitter.flush()
    tagged = [split_tags(clause) for clause in clauses]
    acts = [tag.label for clause in tagged if clause.text for tag in clause.tags]
    return " ".join(clause.text for clause in tagged if clause.text), [*acts, *loose]


@pytest.mark.parametrize(
    ("text", "said", "acts"),
    [
        ("[wave] Hello there.", "Hello there.", ["wave"]),
        ("Hello there. [nod]", "Hello there.", ["nod"]),
        ("Hello [nod], there", "Hello, there", ["nod"]),
        ("[nod]", "", ["nod"]),
        ("[WAVE] Hi", "Hi", ["wave"]),
        ("[waves her hand, slowly] Hi", "Hi", ["waves_her_hand_slowly"]),
        ("[wave [nod] again] Hi", "Hi", ["nod"]),
        ("[[wave]] Hi", "Hi", ["wave"]),
        ("[wave Hello there.", "Hello there.", ["wave"]),
        ("So [", "So", []),
        ("] So", "So", []),
        ("As shown [1] before [2].", "As shown before.", []),
        ("[] Hi [ ] you", "Hi you", []),
        ("un[nod]able", "un able", ["nod"]),
        ("Wait. [pause 1.5 s] [slow] Now.", "Wait. Now.", ["pause:1.5s", "slow"]),
        ("It is gone. [pause 600ms] [nod]", "It is gone.", ["nod"]),
    ],
)
def test_tags_act_and_are_not_heard(text: str, said: str, acts: list[str]) -> None:
    assert spoken(text) == (said, acts)
    assert spoken(text, tuple([1] * len(text))) == (said, acts)


def test_a_bracket_of_ten_thousand_signs_is_not_heard() -> None:
    inside = "Then. she, walks! " * 600
    assert spoken(f"Well. [{inside}] Good day.") == ("Well. Good day.", [])
    assert spoken(f"Well. [{inside}")[0] == "Well."
    assert spoken("[" + "a" * 10_000 + "] Yes.") == ("Yes.", [])


OUTSIDE = st.text("abcdefg .,!?\n", max_size=30)
INSIDE = st.recursive(
    st.text("QRSTUVW_ .,!?\n0123", max_size=60) | st.builds("S".__mul__, st.integers(0, 400)),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "".join(f"[{part}]" for part in parts)),
    max_leaves=5,
)
SIZES = st.lists(st.integers(1, 9), max_size=80).map(tuple)


@given(st.lists(st.tuples(OUTSIDE, INSIDE), max_size=6), OUTSIDE, SIZES)
def test_nothing_between_brackets_is_ever_spoken_and_all_else_is(
    parts: list[tuple[str, str]], end: str, sizes: tuple[int, ...]
) -> None:
    text = "".join(f"{outside}[{inside}]" for outside, inside in parts) + end
    said, _acts = spoken(text, sizes)
    heard = [c for c in said if c.isalpha()]
    assert heard == [c for outside in [*(o for o, _ in parts), end] for c in outside if c.isalpha()]


@given(OUTSIDE, st.text(string.ascii_uppercase, min_size=1, max_size=400), OUTSIDE, SIZES)
def test_the_word_at_an_unclosed_bracket_is_never_spoken(
    before: str, word: str, after: str, sizes: tuple[int, ...]
) -> None:
    said, _acts = spoken(f"{before}[{word} {after}", sizes)
    assert not any(c.isupper() for c in said)
    if len(word) + len(after) + 1 <= HELD_CHARS_MAX:
        assert [c for c in said if c.isalpha()] == [c for c in before + after if c.isalpha()]


@given(st.text(max_size=300), SIZES)
def test_the_result_does_not_depend_on_how_the_stream_is_cut(text: str, sizes: tuple[int, ...]) -> None:
    assert spoken(text, sizes) == spoken(text)


@given(st.text(max_size=300), SIZES, st.integers(40, 200))
def test_no_markup_is_spoken_and_the_limit_holds(text: str, sizes: tuple[int, ...], limit: int) -> None:
    said, _acts = spoken(text, sizes, limit)
    assert not set("[]{}<>*_#`|") & set(said)
    assert len(said) <= limit


def test_a_word_of_a_hundred_thousand_signs_is_cut_and_what_follows_is_said() -> None:
    said, _acts = spoken("So " + "a" * 100_000 + " is a long word.", tuple([997] * 99), limit=600)
    assert said == "So " + "a" * WORD_CHARS_MAX + " is a long word."


def test_a_reply_ends_with_a_whole_word() -> None:
    speakable = Speakable(40)
    text = speakable.push("one two three four five six seven eight nine ten eleven ")
    assert text.split()[-1] == "eight" and speakable.full
    assert speakable.push("more") == "" and speakable.flush() == ("", ())
