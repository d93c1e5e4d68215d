"""Replies are cut where a person would breathe, the first time early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behavioral.voice.clauses import MAX_CHARS, ClauseSplitter


def split_clauses(text: str) -> list[str]:
    """Return the clauses of a complete reply."""
    splitter = ClauseSplitter()
    return splitter.push(text) + splitter.flush()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Hello. How are you?", ["Hello.", "How are you?"]),
        ("Dr. Smith met Mr. J. R. Ewing at 3 p.m. today.", ["Dr. Smith met Mr. J. R. Ewing at 3 p.m. today."]),
        ("It costs $1,000.50 now. Fine.", ["It costs $1,000.50 now.", "Fine."]),
        ("Is it? Yes... and no.", ["Is it?", "Yes... and no."]),
        ('She said "Stop!" and left. He stayed.', ['She said "Stop!" and left.', "He stayed."]),
        ('"Really?" She left.', ['"Really?"', "She left."]),
        ("Room No. 5 is free. I said no. Then I left.", ["Room No. 5 is free.", "I said no.", "Then I left."]),
        ("Wait, I know.", ["Wait, I know."]),
        ("Let me think, that is hard.", ["Let me think,", "that is hard."]),
        ("* one\n* two", ["one", "two"]),
        ("[look_at] Hello", ["[look_at] Hello"]),
        ("... ! ?", []),
        ("", []),
    ],
)
def test_cuts(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


def test_the_first_clause_comes_before_the_reply_is_complete() -> None:
    splitter = ClauseSplitter()
    given_at = {}
    reply = "Well, that is a good question, and I will answer it. Now listen"
    for index, word in enumerate(reply.split()):
        for clause in splitter.push(word + " "):
            given_at[clause] = index
    assert given_at == {"Well, that is a good question,": 5, "and I will answer it.": 10}
    assert splitter.flush() == ["Now listen"]


def test_later_commas_cut_only_long_clauses() -> None:
    clauses = split_clauses(
        "Good morning to you. One, two, three, and then a rather long enumeration follows, which ends here."
    )
    assert clauses == [
        "Good morning to you.",
        "One, two, three, and then a rather long enumeration follows,",
        "which ends here.",
    ]


def test_endless_text_is_cut_at_a_conjunction_or_a_space() -> None:
    text = "we walk along the river " * 6 + "because we like the water " * 6
    clauses = split_clauses(text)
    assert all(len(clause) <= MAX_CHARS for clause in clauses)
    assert clauses[1].startswith("because")
    assert all(len(clause) <= MAX_CHARS for clause in split_clauses("x" * 1_000))


words = st.text(alphabet=st.sampled_from(list("abcIDr.,!?\u2026;: \n\"'()0123456789-\u2014*\u00e9")), max_size=300)


@given(words, st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_the_cuts_do_not_depend_on_the_pieces(text: str, sizes: list[int]) -> None:
    splitter = ClauseSplitter(max_chars=60)
    whole = splitter.push(text) + splitter.flush()
    pieces: list[str] = []
    at = turn = 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        pieces += splitter.push(text[at : at + size])
        at, turn = at + size, turn + 1
    assert pieces + splitter.flush() == whole


@given(words)
def test_no_word_is_lost_or_invented_and_none_is_too_long(text: str) -> None:
    clauses = split_clauses(text)
    letters = [c for c in text if c.isalnum()]
    assert [c for clause in clauses for c in clause if c.isalnum()] == letters
    assert all(0 < len(clause) <= MAX_CHARS for clause in clauses)
