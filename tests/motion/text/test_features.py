"""Features: the same text gives the same parts on every machine, whatever the string."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.text.features import MAX_LETTERS, MAX_WORDS, hashed, parts, plain, words


def test_case_and_punctuation_do_not_matter_and_apostrophes_vanish() -> None:
    assert words("Don't  WAVE, please!") == words("dont wave please") == ["dont", "wave", "please"]
    assert words("don\N{RIGHT SINGLE QUOTATION MARK}t") == ["dont"]


def test_parts_are_words_pairs_with_the_edges_and_runs_of_letters() -> None:
    names, weights = parts("wave now")
    assert {"w wave", "p ^ wave", "p wave now", "p now $", "<wa", "wave>"} <= set(names)
    assert len(names) == len(weights)


def test_the_hash_is_the_same_everywhere() -> None:
    rows, _ = hashed("wave", 8192)
    assert rows[0] == 331, "CRC-32 of 'w wave': a model file depends on it"


def test_the_order_of_words_counts() -> None:
    assert set(hashed("left then right", 8192)[0]) != set(hashed("right then left", 8192)[0])


@given(st.text(max_size=3000))
def test_any_string_gives_bounded_parts_of_unit_length(text: str) -> None:
    assert len(words(text)) <= MAX_WORDS and max(map(len, words(text)), default=0) <= MAX_LETTERS
    rows, weights = hashed(text, 512)
    assert ((rows >= 0) & (rows < 512)).all()
    assert float(np.sum(weights**2)) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("word", "form"), [("waving", "wave"), ("claps", "clap"), ("carries", "carry"), ("nodded", "nodd")]
)
def test_an_inflected_word_is_also_looked_up_without_its_ending(word: str, form: str) -> None:
    assert plain(word)[0] == word and form in plain(word)
