"""Reasoning in the content is never spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.llm.thoughts import ThoughtFilter


def filtered(text: str, sizes: tuple[int, ...]) -> str:
    thoughts = ThoughtFilter()
    out, at = "", 0
    for size in (*sizes, len(text)):
        out += thoughts.push(text[at : at + size])
        at += size
    return out + thoughts.flush()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>they greet me</think>Hello.", "Hello."),
        ("Hello. <THINK>more?</Think> Bye.", "Hello.  Bye."),
        ("<thinking>a</thinking><reasoning>b</reasoning>Yes", "Yes"),
        ("<think>never closed", ""),
        ("2 < 3 and <thin", "2 < 3 and <thin"),
        ("a <b> c", "a <b> c"),
    ],
)
def test_thoughts_are_taken_out(text: str, said: str) -> None:
    assert filtered(text, ()) == said


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<th", "ink>", "hello ", "<", ">", "/"]), max_size=20), st.data()
)
def test_where_the_stream_is_cut_makes_no_difference(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    sizes = tuple(data.draw(st.lists(st.integers(1, 5), max_size=60)))
    assert filtered(text, sizes) == filtered(text, ())


def test_a_thought_without_end_takes_no_memory() -> None:
    thoughts = ThoughtFilter()
    thoughts.push("<think>")
    for _ in range(1_000):
        assert thoughts.push("so " * 100) == ""
    assert len(thoughts._held) < 100
