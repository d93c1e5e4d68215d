"""Wishes about being remembered are acknowledged aloud, by what really came of them, once."""

from __future__ import annotations

import pytest

from cognitive.acts import ACKNOWLEDGED
from runtime import messages as m
from tests.cognitive.scenes.script import greeted, replies, says


def acknowledged(record):
    return [(t, i.content) for t, i in record.of("dialogue", "social_protocol") if i.content in ACKNOWLEDGED.values()]


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("please remember me", "session"),  # no folder outlives this session
        ("please forget me", "forgotten"),
        ("don't remember this", "not_this"),
    ],
)
def test_a_wish_in_words_is_acknowledged_when_the_fast_system_has_answered(play, words, finding):
    record = play(greeted() + says(20.0, words) + replies(21.0, "All right."), 60.0)
    [(said_s, content)] = acknowledged(record)
    assert content == ACKNOWLEDGED[finding]
    assert 22.0 < said_s < 26.0


def test_so_is_one_by_the_pages_button(play):
    record = play([*greeted(), (20.0, m.MemoryConsent(state="given"))], 60.0)
    assert [content for _, content in acknowledged(record)] == [ACKNOWLEDGED["session"]]


def test_what_is_no_wish_is_not(play):
    record = play(greeted() + says(20.0, "do you remember the film") + replies(21.0, "Tell me more."), 40.0)
    assert acknowledged(record) == []
